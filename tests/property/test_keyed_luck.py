"""Adding a decision or a parameter changes nobody's luck: everything is keyed by its own name."""

import numpy as np
import pytest

from insource import parameters
from insource.draws import decision_number, decisions, fill_uniform, luck, uniform
from insource.week import MECHANISMS

pytestmark = pytest.mark.property


def test_a_decision_is_numbered_by_its_name_alone():
    """Whatever stands beside or before it in the list of its mechanism."""
    few = decisions("needs", "decline")
    many = decisions("needs", "something", "new", "decline", "last")
    assert few.decline == many.decline == decision_number("needs.decline") == MECHANISMS["needs"].DRAWS.decline
    assert decisions("care", "decline").decline != few.decline


def test_a_parameter_is_drawn_by_its_name_alone():
    """Each parameter worked out by itself, in any order, has the value it has among all the others."""
    for number in (0, 1, 77):
        drawn = parameters.draw(9, number)
        for name in sorted(parameters.parameters(), reverse=True):
            u = uniform(luck(9, number), decision_number(f"parameter.{name}"), 0, 0)
            assert parameters.parameters()[name].at(float(u)) == getattr(drawn, name)


def test_an_override_moves_only_its_own_parameter():
    """The luck of the others does not depend on it."""
    override = parameters.Override("turnover_rate", 0.31, "what our own records say")
    plain, changed = parameters.draw(2, 5), parameters.draw(2, 5, (override,))
    assert changed.turnover_rate == 0.31
    assert [name for name in plain._fields if getattr(plain, name) != getattr(changed, name)] == ["turnover_rate"]


def test_one_more_person_changes_nobody_elses_luck():
    """Filling a column for more people, or for the same in another order, gives each the same number."""
    key, decision = luck(1, 0), decision_number("needs.hospital")
    few, many = np.arange(5, 105), np.random.default_rng(1).permutation(np.arange(1, 1001))
    first, second = np.empty(100), np.empty(1000)
    fill_uniform(key, decision, few, 7, first)
    fill_uniform(key, decision, many, 7, second)
    assert (second[np.argsort(many)][few - 1] == first).all()


def test_no_two_decisions_share_a_number():
    """All decisions of all mechanisms, the place and the parameters have numbers of their own."""
    names = [f"{name}.{draw}" for name, one in MECHANISMS.items() for draw in getattr(one.DRAWS, "_fields", ())]
    names += [f"parameter.{name}" for name in parameters.parameters()]
    assert len({decision_number(name) for name in names}) == len(names)
    for name, one in MECHANISMS.items():
        if one.DRAWS:
            assert one.DRAWS._asdict() == {draw: decision_number(f"{name}.{draw}") for draw in one.DRAWS._fields}

"""A change of hands, alone and in the whole week: what it costs, who moves, and that nothing costs nothing."""

import math

import numpy as np
import pytest
from alone import World, caught, near, planted, share_error

from insource import delivery, parameters
from insource.draws import luck
from insource.mechanisms import transition
from insource.rules.transition import quality_lost, set_up_pence, still_unsettled
from insource.simulate import prepare, simulate
from insource.week import is_same

pytestmark = pytest.mark.closed_form

SWITCH = 9
"""The week of the comparison in which shares change here."""


def check_costs(mechanism):
    """Setting up costs 4% of a year of the hours, once; services they left are paid for them for three weeks more."""
    numbers = {"set_up_share": 0.04, "double_running_weeks": 3.0}
    world = World(weeks=6, numbers=numbers, providers=3, parts=3)
    world.set_terms({"employer": ["provider", "council", "provider"], "payment_basis": ["block", "salary", "block"]})
    world.parts.line_fee_pence[:] = 2500.0
    world.providers.part[:] = (0, 1, 2)
    world.providers.price_pence[:] = (2000.0, 0.0, 2000.0)
    world.providers.shifted_minutes[:] = (-60_000, 90_000, -30_000)
    world.providers.scheduled_minutes[:] = (0, 90_000, 50_000)
    bound = world.bind(mechanism)
    paid = []
    for week in range(6):
        bound.step(week)
        paid.append(int(world.providers.double_pence.sum()))
        world.providers.shifted_minutes[:] = 0
    assert world.book("set_up_pence").tolist() == [1500 * 2500 * 52 * 4 // 100, 0, 0, 0, 0, 0], "setting up"
    assert paid == [1500 * 2000] * 3 + [0] * 3, "double running"
    assert world.book("double_running_pence").tolist() == paid


def test_costs_of_a_change_of_hands():
    """Equations of the docstring by hand."""
    check_costs(transition)
    assert set_up_pence(60, 2500.0, 0.5) == 2500 * 26


def test_costs_fail_if_the_old_service_is_paid_for_ever():
    """Double running that does not end is found out."""
    caught(check_costs, planted(transition, "double_weeks[j] -= 1", "double_weeks[j] -= 0"), "double running")


def test_costs_are_the_same_in_both_directions():
    """Outsourcing to an outside service sets up at the same cost; staff a council keeps stand in for double running."""
    numbers = {"set_up_share": 0.04, "double_running_weeks": 3.0}
    world = World(numbers=numbers, providers=2, parts=2)
    world.set_terms({"employer": ["provider", "council"], "payment_basis": ["hour_ordered", "salary"]})
    world.parts.line_fee_pence[:] = 2500.0
    world.providers.part[:] = (0, 1)
    world.providers.price_pence[:] = (2500.0, 0.0)
    world.providers.shifted_minutes[:] = (60_000, -60_000)
    world.bind(transition).step(0)
    assert world.book("set_up_pence")[0] == 1000 * 2500 * 52 * 4 // 100
    assert world.book("double_running_pence")[0] == 0


def check_settling(mechanism):
    """Of care that all changed hands (1 - 1/T)^t is unsettled after t weeks, 1/e after T; a half adds a half."""
    world = World(weeks=60, numbers={"settling_weeks": 26.0}, providers=2)
    world.providers.shifted_minutes[:] = (6000, 3000)
    world.providers.scheduled_minutes[:] = (0, 3000)
    bound = world.bind(mechanism)
    bound.step(0)
    assert world.providers.unsettled_share.tolist() == [1.0, 0.5]
    world.providers.shifted_minutes[:] = 0
    for week in range(1, 27):
        bound.step(week)
    left = (1.0 - 1.0 / 26.0) ** 26
    assert world.providers.unsettled_share == pytest.approx([left, left / 2.0], rel=1e-9), "unsettled"
    assert left == pytest.approx(math.exp(-1.0), abs=0.01)


def test_settling():
    """Equation of the docstring: geometric fading."""
    check_settling(transition)
    assert quality_lost(0.5, 0.2) == pytest.approx(0.1)
    assert still_unsettled(0.9, 0.9, 10.0) == 1.0


def test_settling_fails_if_care_never_settles():
    """Care that stays new for ever is found out."""
    fault = planted(transition, "1.0 - 1.0 / max(settling_weeks, 1.0)", "1.0", rule="transition")
    caught(check_settling, fault, "unsettled")


def _model(*changes):
    return delivery.parse(
        "switch",
        {
            "title": "Two parts",
            "stands_for": "a test",
            "parts": [{"share": 0.7, "like": "framework"}, {"share": "rest", "like": "in_house"}],
            "changes": list(changes),
        },
    )


def _numbers(**changed):
    return parameters.central()._replace(hand_back_rate=0.0, **changed)


def test_shares_that_stay_what_they_are_change_nothing(town):
    """The neutral setting: a change from 0.7 to 0.7 leaves every book as it was, and one to 0.5 does not."""
    some_luck = luck(4, 0)
    before = simulate(town, _model(), _numbers(), some_luck, 20, 4)
    same = simulate(town, _model({"from_week": SWITCH, "shares": [0.7, 0.3]}), _numbers(), some_luck, 20, 4)
    moved = simulate(town, _model({"from_week": SWITCH, "shares": [0.5, 0.5]}), _numbers(), some_luck, 20, 4)
    assert is_same(before.ledger, same.ledger)
    assert not is_same(before.ledger, moved.ledger)
    assert moved.ledger.total("people_moved") > 0


def test_who_moves_is_their_own_draw_and_no_order_has_a_gap(town):
    """From 0.7 to 0.2 in one part about half of all move, all who do one way; nobody is without care for a week."""
    simulation = prepare(town, _model({"from_week": SWITCH, "shares": [0.2, 0.8]}), _numbers(), luck(4, 0), 20, 4)
    simulation.advance(4 + SWITCH - 1)
    people, providers = simulation.tables["people"], simulation.tables["providers"]
    before = {name: people[name].copy() for name in ("person", "line", "part", "provider", "is_here", "is_in_care")}
    simulation.advance(1)
    stayed = (before["person"] == people["person"]) & (before["is_here"] == 1) & (people["is_here"] == 1)
    stayed &= before["line"] == people["line"]
    moved = stayed & (people["part"] != before["part"])
    count = int(stayed.sum())
    near(moved.sum() / count, 0.5, share_error(0.5, count), "share who moved")
    assert (people["part"][moved] % 2 == 1).all(), "somebody moved the wrong way"
    line_of_service = simulation.tables["parts"]["line"][providers["part"]]
    is_on_its_line = line_of_service[before["provider"]] == people["line"]
    placed = moved & (before["provider"] >= 0) & is_on_its_line
    assert (providers["part"][people["provider"][placed]] == people["part"][placed]).all()
    assert (people["is_in_care"][placed] >= before["is_in_care"][placed]).all(), "a gap in care"
    zones = simulation.tables["providers"]["zone"]
    assert (zones[people["provider"][placed]] == people["zone"][placed]).all()


@pytest.mark.parametrize("shares", [[0.0, 1.0], [1.0, 0.0]])
def test_staff_go_with_people(town, shares):
    """Insourcing and outsourcing alike: nobody is lost or made up, and about the share stated goes with the people."""
    numbers = _numbers(transferring_share=0.6, turnover_rate=1e-6)
    model = _model({"from_week": SWITCH, "shares": shares})
    simulation = prepare(town, model, numbers, luck(4, 0), 20, 4)
    simulation.advance(4 + SWITCH - 1)
    part = simulation.tables["providers"]["part"]
    losing = np.isin(part % 2, [index for index in (0, 1) if shares[index] == 0.0])
    filled = simulation.tables["providers"]["filled_posts"]
    there, everywhere = int(filled[losing].sum()), int(filled.sum())
    simulation.advance(1)
    left = simulation.tables["providers"]["filled_posts"][losing].sum()
    hires = simulation.ledger.by_week("hires")[4 + SWITCH - 1]
    assert abs(simulation.tables["providers"]["filled_posts"].sum() - everywhere - hires) <= 2
    near(1.0 - left / there, 0.6, share_error(0.6, there), "share of staff who moved")
    assert simulation.ledger.total("staff_moved") == pytest.approx(there - left, abs=3)

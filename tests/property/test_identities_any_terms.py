"""Nothing and nobody is lost, whatever terms a delivery model sets and whatever comes of it."""

import math
from dataclasses import replace

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from insource import delivery, parameters
from insource.draws import luck
from insource.identities import broken, cash_gap, out_of_domain
from insource.place import synthetic
from insource.simulate import simulate
from insource.terms import LINES, TERMS

pytestmark = pytest.mark.property


def _value(term):
    if term.choices:
        return st.sampled_from(term.choices)
    low, high = (float(end) for end in term.allowed.split(" to "))
    return st.floats(low, high, allow_nan=False).map(lambda value: float(round(value, 3)))


TERM_VALUES = st.fixed_dictionaries(
    {name: _value(term) for name, term in TERMS.items() if name not in ("employer", "payment_basis")}
)
NETTED = {"avoided_minutes"}
"""Accounts in which what one person gains is set against what another loses."""
WHO_PAYS = st.sampled_from([("provider", "hour_ordered"), ("provider", "hour_delivered"), ("council", "salary")])


@settings(max_examples=40, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate))
@given(
    terms=st.lists(st.tuples(TERM_VALUES, WHO_PAYS), min_size=1, max_size=3),
    shares=st.lists(st.floats(0.05, 0.45), min_size=2, max_size=2),
    people=st.integers(1, 150),
    number=st.integers(0, 1000),
)
def test_identities_hold_under_any_terms(terms, shares, people, number):
    """Up to three parts with every term anywhere in its allowed range, parameters from their whole ranges."""
    parts = []
    for position, (chosen, (employer, basis)) in enumerate(terms):
        words = {**chosen, "employer": employer, "payment_basis": basis}
        share = None if position == 0 else shares[position - 1]
        parts.append(delivery.Part(share, {name: TERMS[name].number(word) for name, word in words.items()}))
    parts = [replace(part, line=line) for line in LINES for part in parts]
    model = delivery.Delivery("any", "Any", "Nothing in particular", tuple(parts))
    run = simulate(synthetic(people, number), model, parameters.draw(1, number), luck(1, number), 40, 0)
    assert broken(run.ledger) == []
    assert out_of_domain(run.tables) == []
    assert cash_gap(run.ledger, run.tables) == 0
    assert [name for name, account in run.ledger.accounts.items() if (account < 0).any() and name not in NETTED] == []
    for table in run.tables.values():
        for name, column in table.items():
            assert all(math.isfinite(value) for value in column), f"{name} is not a number"

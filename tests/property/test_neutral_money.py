"""The budget has its neutral setting in the scenario: without a limit nothing of it matters, with one it does."""

import pytest

from insource import delivery, scenario
from insource.scenario import Scenario
from insource.simulate import simulate
from insource.tables import ACCOUNTS
from insource.week import is_same

pytestmark = pytest.mark.property

CUT = Scenario("cut", "A cut", "A cut of 30% at once.", (0.7,))
CHANGED = {
    "prevention_payback_ratio": 1.2,
    "reserves_share": 0.2,
    "deficit_fee_share": 0.0,
    "deficit_entry_share": 0.0,
}


def _books(town, numbers, luck, outside, model="framework", **changed):
    return simulate(town, delivery.read(model), numbers._replace(**changed), luck, 110, 26, outside).ledger


@pytest.mark.parametrize("name", sorted(CHANGED))
def test_with_a_limit_each_number_matters(name, town, numbers, some_luck):
    """The control of the neutral setting, one number at a time."""
    plain = _books(town, numbers, some_luck, CUT)
    assert not is_same(plain, _books(town, numbers, some_luck, CUT, **{name: CHANGED[name]}))


def test_without_a_limit_none_matters(town, numbers, some_luck):
    """Identical books in all weeks, with the scenario that is the default."""
    plain = _books(town, numbers, some_luck, scenario.read())
    assert is_same(plain, _books(town, numbers, some_luck, scenario.read(), **CHANGED))


def test_a_budget_that_covers_everything_changes_only_itself(town, numbers, some_luck):
    """A limit far above need, with prevention held to what it was, moves no book but the one that says the budget."""
    rich = Scenario("rich", "Plenty", "Twice what is needed.", (2.0,))
    held = {"prevention_ceiling_ratio": 1.0}
    plain = _books(town, numbers, some_luck, scenario.read(), **held)
    other = _books(town, numbers, some_luck, rich, **held)
    assert other.total("budget_pence") > 0
    other.accounts["budget_pence"][:] = 0
    assert is_same(plain, other)


def test_who_is_turned_away_is_counted(town, numbers, some_luck):
    """Fewer are let in under a cut, and as many are counted as turned away as there are fewer, within luck."""
    strict = {"deficit_entry_share": 1.0, "entry_cut_most_share": 0.5, "reserves_share": 0.0}
    plain, cut = (_books(town, numbers, some_luck, one, **strict) for one in (scenario.read(), CUT))
    fewer = plain.total("people_arrived", 26) - cut.total("people_arrived", 26)
    away = cut.total("people_turned_away", 26)
    assert plain.total("people_turned_away") == 0
    assert away > 20
    assert abs(fewer - away) < 4.0 * (plain.total("people_arrived", 26)) ** 0.5


def test_fences_move_the_cut_elsewhere(town, numbers, some_luck):
    """With housing support ring-fenced its spending stays, and more of the deficit is overspent."""
    open_ = _books(town, numbers, some_luck, scenario.read("cut_28_in_four_years"))
    fenced = _books(town, numbers, some_luck, scenario.read("cut_with_ring_fence"))
    before = fenced.by_week("housing_support_pence")[:26]
    assert (fenced.by_week("housing_support_pence")[26:] >= before.min() - 1).all()
    assert open_.total("housing_support_pence", 26) < fenced.total("housing_support_pence", 26)
    assert fenced.total("overspend_pence") > open_.total("overspend_pence")


@pytest.mark.parametrize("model", ["status_quo", "in_house", "mixed"])
def test_the_budget_counts_all_that_the_council_pays(model, town, numbers, some_luck):
    """What `money` notes for the budget is every account the council pays from, to the penny.

    Whoever adds an account that the council pays adds it to `note_spending` in money.py (or to a column of its own
    that the budget reads).
    """
    run = simulate(town, delivery.read(model), numbers, some_luck, 30, 10)
    own = {"care_home_pence": "care_home_spend_pence", "housing_support_pence": "prevention_pence"}
    paid = sum(
        int(run.ledger.by_week(name)[-1])
        for name, account in ACCOUNTS.items()
        if account.payer == "council" and name not in own
    )
    council = run.tables["council"]
    assert int(council["care_spend_pence"][0]) == paid
    for account, column in own.items():
        assert int(council[column][0]) == run.ledger.by_week(account)[-1]

"""Two models that differ only from a week on are the same to the last bit until that week, and differ after it."""

from dataclasses import replace

import pytest

from insource import delivery
from insource.delivery import Change
from insource.simulate import simulate
from insource.terms import TERMS
from insource.week import is_same

pytestmark = pytest.mark.property

BURN_IN, WEEKS, CHANGED = 6, 92, 53
OUTSIDE = {
    "payment_basis": "hour_delivered",
    "retainer_days": 0,
    "notice_weeks": 6,
    "minimum_term_weeks": 100,
    "is_hand_back_allowed": "no",
    "order_changed_by": "team",
    "pay_scale": "council",
    "sick_pay": "occupational",
    "holiday": "council",
    "pension": "local_government",
    "guaranteed_share": 1,
    "paid_gaps_share": 1,
    "paid_travel_share": 0.5,
    "training_hours": 40,
    "monitoring_hours": 500,
    "is_advice_allowed": "yes",
    "allocation_basis": "costed",
    "is_corrected_at_review": "no",
    "order_lead_weeks": 12,
    "most_services": 1,
    "most_faces": 0,
}
"""A value for every term that may change during a run, other than that of the model bought package by package."""
ALONE_NOTHING = {
    "non_profit_share": 0.9,
    "bonus_pounds": 500,
    "episode_weeks": 4,
    "indexation": 0,
    "is_step_in": "yes",
    "committed_share": 0.5,
    "volume_reset_weeks": 13,
    "contract_weeks": 52,
    "order_change_weeks": 26,
    "is_lowered_at_review": "yes",
    "protected_share": 0,
    "tupe_honoured_share": 0,
    "penalty_ratio": 5,
    "is_open_book": "yes",
    "is_quality_published": "no",
    "rating_age_weeks": 52,
    "budget_bands": 8,
    "is_budget_transferable": "yes",
    "award_formula": "price_a_point",
    "abnormal_test": "mean",
    "ring_fenced_share": 1,
    "procedure": "sealed_bids",
    "price_weight": 0.9,
    "point_pounds": 1,
    "quality_floor": 60,
    "abnormal_margin_share": 0.3,
    "wage_floor": "council",
    "fee_ratio": 0.8,
    "price_ceiling_ratio": 0.9,
    "price_floor_ratio": 0.5,
    "reablement_ratio": 0,
    "saving_kept_by": "service",
}
"""Values of terms some of which do nothing without others: the past may not depend on them either."""
FIXED = {"providers_per_zone", "hours_move_within", "employer"}


def _changed(model, **terms):
    numbers = {name: TERMS[name].number(value) for name, value in terms.items()}
    return replace(model, changes=(*model.changes, Change(CHANGED, None, numbers)))


def _differ_only_after(place, model, other, numbers, luck):
    first = simulate(place, model, numbers, luck, WEEKS, BURN_IN).ledger
    second = simulate(place, other, numbers, luck, WEEKS, BURN_IN).ledger
    day = BURN_IN + CHANGED - 1
    assert is_same(first, second, 0, day), "the past depends on what is yet to come"
    assert not is_same(first, second, day, None), "the change changed nothing"


def test_every_term_that_may_change_is_tried():
    """A new term must be given a value above (or be one of those that cannot change)."""
    assert set(TERMS) == set(OUTSIDE) | set(ALONE_NOTHING) | FIXED
    model = delivery.read("status_quo").parts[0].terms
    tried = OUTSIDE | ALONE_NOTHING
    assert all(TERMS[name].number(value) != model[name] for name, value in tried.items())


@pytest.mark.parametrize("term", sorted(ALONE_NOTHING))
def test_no_term_acts_before_its_week(term, town, numbers, some_luck):
    """Identical until the change, whether or not anything follows."""
    model = delivery.read("status_quo")
    first = simulate(town, model, numbers, some_luck, WEEKS, BURN_IN).ledger
    second = simulate(town, _changed(model, **{term: ALONE_NOTHING[term]}), numbers, some_luck, WEEKS, BURN_IN).ledger
    assert is_same(first, second, 0, BURN_IN + CHANGED - 1)


@pytest.mark.parametrize("term", sorted(OUTSIDE))
def test_each_term_acts_from_its_week_on(term, town, numbers, some_luck):
    """Term by term: identical for 52 weeks of the comparison and the burn-in, different by week 92."""
    model = delivery.read("status_quo")
    model = replace(model, parts=(replace(model.parts[0], share=None),))
    lively = numbers._replace(
        hand_back_rate=1.0, signal_correlation=0.0, advice_gain=1.0, quality_spread=0.05, vacancy_effect=4.0
    )
    _differ_only_after(town, model, _changed(model, **{term: OUTSIDE[term]}), lively, some_luck)


def test_each_model_until_a_change(town, numbers, some_luck, model):
    """Every model that comes with the product, with all that may change changed at once."""
    terms = {name: value for name, value in OUTSIDE.items() if name != "payment_basis"}
    _differ_only_after(town, model, _changed(model, **terms), numbers, some_luck)


def test_a_change_of_one_part_leaves_the_first_weeks_of_the_other_alone(town, numbers, some_luck):
    """In a model of two parts a change may be for one of them."""
    model = delivery.read("mixed")
    other = replace(model, changes=(Change(CHANGED, 0, {"training_hours": 300.0}),))
    _differ_only_after(town, model, other, numbers, some_luck)
    first = simulate(town, model, numbers, some_luck, WEEKS, BURN_IN).ledger.accounts["training_minutes"]
    second = simulate(town, other, numbers, some_luck, WEEKS, BURN_IN).ledger.accounts["training_minutes"]
    day = BURN_IN + CHANGED - 1
    assert (first[day:, 0] < second[day:, 0]).all()
    assert first[day, 1] == second[day, 1]

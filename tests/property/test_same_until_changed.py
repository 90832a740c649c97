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
FIXED = {"providers_per_zone", "hours_move_within", "employer"}


def _changed(model, **terms):
    numbers = {name: TERMS[name].number(value) for name, value in terms.items()}
    return replace(model, changes=(Change(CHANGED, None, numbers),))


def _differ_only_after(place, model, other, numbers, luck):
    first = simulate(place, model, numbers, luck, WEEKS, BURN_IN).ledger
    second = simulate(place, other, numbers, luck, WEEKS, BURN_IN).ledger
    day = BURN_IN + CHANGED - 1
    assert is_same(first, second, 0, day), "the past depends on what is yet to come"
    assert not is_same(first, second, day, None), "the change changed nothing"


def test_every_term_that_may_change_is_tried():
    """A new term must be given a value above (or be one of those that cannot change)."""
    assert set(TERMS) == set(OUTSIDE) | FIXED
    model = delivery.read("status_quo").parts[0].terms
    assert all(TERMS[name].number(value) != model[name] for name, value in OUTSIDE.items())


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

"""Two models that differ only from a week on are the same to the last bit until that week, and differ after it."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from insource import delivery, scenario
from insource.delivery import Change
from insource.simulate import simulate
from insource.terms import LINES, TERMS
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


@dataclass(frozen=True)
class Context:
    """A value of a term, and where it matters: terms, terms that change with it, parameters, scenario."""

    value: Any
    terms: dict[str, Any] = field(default_factory=dict)
    also: dict[str, Any] = field(default_factory=dict)
    numbers: dict[str, float] = field(default_factory=dict)
    scenario: str = scenario.DEFAULT


TENDER = {"procedure": "sealed_bids", "contract_weeks": 26, "price_ceiling_ratio": 1.5}
BY_TEAM = {"order_changed_by": "team"}
BLOCK = {"payment_basis": "block", "committed_share": 0.5, "volume_reset_weeks": 26}
UNDER = {"under_staffer_share": 0.6}
LOW = {"low_baller_share": 0.5, "cost_uncertainty_share": 0.2}
WITH_OTHERS = {
    "non_profit_share": Context(1, TENDER, numbers={"non_profit_markup_share": 0.0}),
    "bonus_pounds": Context(500, {"payment_basis": "outcome"}),
    "episode_weeks": Context(4, {"payment_basis": "episode"}),
    "indexation": Context(0, numbers={"floor_growth_rate": 0.03}),
    "is_step_in": Context("yes"),
    "committed_share": Context(0.9, BLOCK),
    "volume_reset_weeks": Context(8, BLOCK),
    "contract_weeks": Context(30, TENDER),
    "order_change_weeks": Context(26, BY_TEAM),
    "is_lowered_at_review": Context("yes", BY_TEAM),
    "protected_share": Context(0, {"pay_scale": "council"}, {"pay_scale": "market"}),
    "tupe_honoured_share": Context(0, TENDER, numbers={"cost_from_pay_share": 1.0, "own_cost_share": 0.2}),
    "penalty_ratio": Context(9, {**TENDER, "penalty_ratio": 0.1}, numbers=UNDER),
    "is_open_book": Context("yes", TENDER, numbers=UNDER),
    "is_quality_published": Context("no", numbers={"rating_correlation": 0.9, "unrated_share": 0.0}),
    "rating_age_weeks": Context(26),
    "budget_bands": Context(2, {"allocation_basis": "bands"}),
    "is_budget_transferable": Context("yes"),
    "award_formula": Context("price_a_point", {**TENDER, "price_weight": 0.6}),
    "abnormal_test": Context("mean", {**TENDER, "abnormal_margin_share": 0.02}, numbers=LOW),
    "ring_fenced_share": Context(1, scenario="cut_28_in_four_years"),
    "procedure": Context("sealed_bids"),
    "price_weight": Context(0, {**TENDER, "price_weight": 1}),
    "point_pounds": Context(2, {**TENDER, "award_formula": "priced_quality"}),
    "quality_floor": Context(62, TENDER),
    "abnormal_margin_share": Context(
        0.01, {**TENDER, "abnormal_test": "mean", "abnormal_margin_share": 0.4}, numbers=LOW
    ),
    "wage_floor": Context("council", TENDER),
    "fee_ratio": Context(0.8),
    "price_ceiling_ratio": Context(0.8, TENDER),
    "price_floor_ratio": Context(1, {**TENDER, "procedure": "lottery_above_floor", "price_floor_ratio": 0.3}),
    "reablement_ratio": Context(0),
    "saving_kept_by": Context("service", numbers={"effort_effect": 0.02}),
}
"""Every other term that may change, where it matters."""


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
    assert set(TERMS) == set(OUTSIDE) | set(WITH_OTHERS) | FIXED
    model = delivery.read("status_quo").parts[0].terms
    assert all(TERMS[name].number(value) != model[name] for name, value in OUTSIDE.items())


@pytest.mark.parametrize("term", sorted(WITH_OTHERS))
def test_each_term_acts_with_the_others_it_needs(term, town, numbers, some_luck):
    """Terms that do nothing alone: the same, under the terms, parameters and scenario in which they matter."""
    context = WITH_OTHERS[term]
    model = delivery.read("framework").with_terms(**context.terms)
    lively = numbers._replace(**{"hand_back_rate": 1.0, **context.numbers})
    given = scenario.read(context.scenario)
    before = _changed(model, **context.also)
    after = _changed(model, **context.also, **{term: context.value})
    first, second = (
        simulate(town, one, lively, some_luck, WEEKS, BURN_IN, scenario=given).ledger for one in (before, after)
    )
    day = BURN_IN + CHANGED - 1
    assert is_same(first, second, 0, day), "the past depends on what is yet to come"
    assert not is_same(first, second, day, None), "the term changed nothing"


@pytest.mark.parametrize("term", sorted(OUTSIDE))
def test_each_term_acts_from_its_week_on(term, town, numbers, some_luck):
    """Term by term: identical for 52 weeks of the comparison and the burn-in, different by week 92."""
    model = delivery.read("status_quo")
    bought = model.parts[0]
    model = replace(model, parts=tuple(replace(bought, share=None, line=line) for line in LINES))
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

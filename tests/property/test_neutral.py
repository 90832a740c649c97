"""Every mechanism has a neutral setting at which what it does makes no difference, to the last bit.

Each case names a mechanism, the parameters or terms that make it neutral, and what is then of no consequence. The same
change without the neutral setting must make a difference: otherwise the case would prove nothing.
"""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest
from neutral_awards import AWARDS
from neutral_cases import PLAIN

from insource import delivery
from insource.place import Place
from insource.simulate import simulate
from insource.week import MECHANISMS, is_same

pytestmark = pytest.mark.property


@dataclass(frozen=True)
class Neutral:
    """One neutral setting: parameters and terms that make it so, and two values of what then no longer matters."""

    mechanism: str
    why: str
    numbers: dict[str, float] = field(default_factory=dict)
    terms: dict[str, Any] = field(default_factory=dict)
    other_numbers: dict[str, float] = field(default_factory=dict)
    other_terms: dict[str, Any] = field(default_factory=dict)
    model: str = "framework"
    always: dict[str, float] = field(default_factory=dict)
    """Parameters of both runs and of the control, so that the control has something to show."""
    control: dict[str, Any] = field(default_factory=dict)
    """Terms of the control, where the model's own would be neutral too."""


NOBODY_LEAVES = dict.fromkeys(
    (
        *("death_rate_18_64", "death_rate_65_plus", "care_home_rate_18_64", "care_home_rate_65_plus"),
        *("support_ends_rate", "supported_living_ends_rate"),
    ),
    0.0,
)
CASES = (
    *(Neutral(*case[:3], other_numbers=case[3], other_terms=case[4]) for case in PLAIN),
    *(Neutral(**case) for case in AWARDS),
    Neutral(
        "tendering",
        "the council runs every service, so the fee does not matter",
        other_numbers={"external_price_pounds": 40.0},
        model="in_house",
    ),
    Neutral(
        "arrivals",
        "nobody leaves, so nobody comes",
        NOBODY_LEAVES,
        other_numbers={"assessment_hours": 30.0, "entry_peak": 1.5},
    ),
    Neutral(
        "needs",
        "nobody goes to hospital",
        {"hospital_admission_rate": 0.0},
        other_numbers={"hospital_stay_weeks": 9.0, "decline_lift": 2.0, "recovery_weeks": 40.0},
        other_terms={"retainer_days": 70},
    ),
    Neutral(
        "social_work",
        "no unmet need is large enough to bring a review forward",
        {"review_trigger_share": 1.0},
        other_numbers={"review_gap_weeks": 1.0},
        always={"agency_cover_share": 0.0, "vacancy_share": 0.6, "usual_missed_share": 0.4},
    ),
    Neutral(
        "contracts",
        "orders that may be changed at once need not allow for peaks, whatever an unmet hour counts for",
        terms={"order_changed_by": "team", "order_lead_weeks": 1},
        other_numbers={"unmet_hour_ratio": 3.5},
    ),
    Neutral(
        "contracts",
        "a minimum term no longer than notice binds nobody",
        terms={"notice_weeks": 12, "minimum_term_weeks": 0},
        other_terms={"minimum_term_weeks": 12},
    ),
    Neutral(
        "failures",
        "no service gives up, so it does not matter who would step in",
        {"hand_back_rate": 0.0},
        other_numbers={"step_in_weeks": 60.0, "closed_weeks": 20.0},
        other_terms={"is_step_in": "yes"},
    ),
    Neutral(
        "failures",
        "no service hands back",
        {"hand_back_rate": 0.0},
        other_numbers={"staff_kept_share": 0.1},
        other_terms={"is_hand_back_allowed": "no"},
    ),
    Neutral(
        "placement",
        "one service in each zone leaves nothing to choose",
        terms={"providers_per_zone": 1},
        other_numbers={"signal_correlation": 0.9, "advice_gain": 0.05},
        other_terms={"is_advice_allowed": "yes"},
    ),
    Neutral(
        "sector",
        "an open market takes and gives any number, so the area's own pool does not matter",
        {"open_market_share": 1.0},
        other_numbers={"seeking_weeks": 12.0, "gives_up_weeks": 9.0, "entry_vacancy_exponent": 0.0},
    ),
    Neutral(
        "posts",
        "hours may not be moved, so nobody plans for what a pool needs",
        terms={"hours_move_within": "person"},
        other_numbers={"planned_reliability_share": 0.6},
        control={"hours_move_within": "zone"},
    ),
    Neutral(
        "pay",
        "the floor does not rise, so nothing follows it",
        {"floor_growth_rate": 0.0},
        other_numbers={"pay_follows_floor_share": 0.6},
        other_terms={"indexation": 0.1},
    ),
    Neutral(
        "sector",
        "zero hours drive nobody away",
        {"zero_hours_quit_ratio": 1.0},
        other_numbers={"usual_guaranteed_share": 0.9},
        always={"guaranteed_effect": 0.0},
    ),
    Neutral(
        "workforce",
        "both kinds of sick pay bring the same days off and the same pay",
        {"statutory_sickness_days": 9.0, "occupational_sickness_days": 9.0, "statutory_sick_pay_share": 1.0},
        other_terms={"sick_pay": "occupational"},
    ),
    Neutral(
        "pay",
        "both pay scales are the same",
        {"council_pay_pence": 1245.0, "unsocial_hours_share": 0.0},
        other_terms={"pay_scale": "council"},
    ),
    Neutral(
        "care",
        "gaps between visits are not paid, so they cost nothing",
        terms={"paid_gaps_share": 0},
        other_numbers={"shift_idle_ratio": 0.9},
        model="in_house",
    ),
    Neutral(
        "care",
        "the only service of a zone is a pool of its own, wherever hours may be moved",
        terms={"providers_per_zone": 1, "hours_move_within": "provider"},
        other_terms={"hours_move_within": "zone"},
        model="in_house",
        control={"providers_per_zone": 3, "hours_move_within": "provider"},
    ),
    Neutral(
        "care",
        "orders are paid for, so how much of what is not needed would be cut short does not matter",
        terms={"payment_basis": "hour_ordered"},
        other_numbers={"cut_short_share": 0.7},
    ),
    Neutral("care", "nobody has an unpaid carer", other_numbers={"unpaid_backstop_share": 0.9}, model="alone"),
    Neutral(
        "paid_time",
        "nobody is ever sick, so sick pay does not matter",
        {"statutory_sickness_days": 0.0, "occupational_sickness_days": 0.0},
        other_numbers={"statutory_sick_pay_share": 0.9, "sickness_spell_weeks": 3.0},
    ),
    Neutral(
        "quality",
        "failure brings no further need: the size of what is missed matters, its echo does not",
        {"usual_missed_share": 0.0},
        other_numbers={"repeat_share": 0.9},
    ),
    Neutral(
        "quality",
        "staffing and terms do nothing to quality",
        dict.fromkeys(("experience_effect", "vacancy_effect", "guaranteed_effect", "pay_effect"), 0.0)
        | dict.fromkeys(("staffing_effect", "training_effect", "continuity_effect"), 0.0),
        other_numbers={"usual_experienced_share": 0.5, "experienced_weeks": 90.0, "usual_training_hours": 9.0},
    ),
    Neutral(
        "quality",
        "how care is given does nothing for quality of life, nor do faces for quality",
        {"quality_life_gain": 0.0, "continuity_life_gain": 0.0, "continuity_effect": 0.0},
        other_numbers={"usual_continuity": 0.6},
        always={"quality_life_gain": 0.05, "continuity_life_gain": 0.1, "continuity_effect": 0.5},
    ),
    Neutral(
        "joining_up",
        "one service a person and nobody else: nothing to keep in step, nothing dropped",
        {"second_service_share": 0.0, "other_service_share": 0.0},
        other_numbers={"coordination_hours": 0.4, "hand_off_error_share": 0.05, "council_coordination_share": 0.9},
    ),
    Neutral(
        "joining_up",
        "no time and no errors: however many are around a person, care is the same",
        {"coordination_hours": 0.0, "hand_off_error_share": 0.0},
        other_numbers={"hand_off_loss_minutes": 90.0, "council_coordination_share": 0.9},
        always={"coordination_hours": 0.2, "hand_off_error_share": 0.05},
    ),
    Neutral(
        "oversight",
        "concerns add no hours, so how long they are remembered does not matter",
        {"concern_response_hours": 0.0},
        other_numbers={"concern_memory_weeks": 90.0},
        always={"concern_response_hours": 20.0},
    ),
    Neutral(
        "transition",
        "no shares change, so what changing them would cost does not matter",
        other_numbers={"set_up_share": 0.1, "double_running_weeks": 20.0, "new_hands_effect": 0.5},
    ),
    Neutral(
        "adjustment",
        "nothing is charged for planning again, for redundancy or for offices that stand empty",
        {"rostering_ratio": 0.0, "redundancy_pounds": 0.0, "premises_pounds": 0.0, "redeployment_weeks": 5200.0},
        other_numbers={"coordinator_hour_pounds": 90.0, "lease_weeks": 500.0},
        model="in_house",
    ),
    Neutral(
        "billing",
        "a block of nothing with spot hours at the price is hours ordered",
        {"spot_price_ratio": 1.0},
        {"payment_basis": "hour_ordered"},
        other_terms={"payment_basis": "block", "committed_share": 0},
        control={"payment_basis": "hour_ordered"},
    ),
    Neutral(
        "billing",
        "outcomes without a bonus are hours delivered",
        terms={"payment_basis": "hour_delivered", "bonus_pounds": 0},
        other_terms={"payment_basis": "outcome", "volume_reset_weeks": 4, "episode_weeks": 4},
        control={"bonus_pounds": 500},
    ),
    Neutral(
        "personal_budgets",
        "nobody employs assistants, so rates and support for those who do are of no account",
        other_numbers={
            "personal_rate_pounds": 30.0,
            "personal_fees_pounds": 50.0,
            "personal_support_pounds": 90.0,
            "personal_kept_weeks": 1.0,
        },
    ),
    Neutral(
        "independence",
        "effort does nothing, so nobody makes any whatever is felt and kept",
        {"effort_effect": 0.0},
        other_numbers={"effort_cost_pounds": 25.0, "saving_felt_share": 0.9, "hour_margin_share": 0.3},
        other_terms={"saving_kept_by": "service"},
        always={"effort_effect": 0.02},
    ),
    Neutral(
        "independence",
        "nobody has had reablement or is offered it",
        {"usual_reablement_share": 0.0},
        other_numbers={"reablement_hours_ratio": 0.5, "reablement_weeks": 3.0, "gain_half_life_weeks": 52.0},
        other_terms={"reablement_ratio": 3},
    ),
    Neutral(
        "independence",
        "reablement has no effect, so how long one lasts and what form it takes does not matter",
        {"reablement_hours_ratio": 1.0},
        other_numbers={"gain_half_life_weeks": 52.0, "reablement_ending_share": 1.0},
    ),
    Neutral(
        "money",
        "the council runs no service, so what its own would cost does not matter",
        other_numbers={"council_overhead_share": 0.9, "local_government_pension_share": 0.9},
    ),
    Neutral(
        "budget",
        "money is no limit, so what would be done about a deficit does not matter",
        other_numbers={"prevention_payback_ratio": 1.2, "prevention_weeks": 10.0, "deficit_fee_share": 1.0},
    ),
    Neutral(
        "housing_support",
        "the council's own staff give none, so how far they travel does not matter",
        other_numbers={"support_travel_ratio": 0.4},
    ),
    Neutral(
        "care_homes",
        "nobody moves to a care home",
        {"care_home_rate_18_64": 0.0, "care_home_rate_65_plus": 0.0},
        other_numbers={"care_home_week_pounds": 1300.0, "care_home_long_weeks": 200.0},
    ),
    Neutral(
        "nhs",
        "unmet need does nothing to the NHS, so how much it would do does not matter",
        {"nhs_effect": 0.0},
        other_numbers={"hospital_offset_ratio": 0.1, "usual_unmet_share": 0.02, "ae_visits_a_pound": 0.0001},
        always={"nhs_effect": 2.0},
    ),
)


def _model(case, terms):
    return delivery.read("framework" if case.model == "alone" else case.model).with_terms(**terms)


def _place(case, town):
    if case.model != "alone":
        return town
    return replace(town, donors={**town.donors, "is_with_carer": np.zeros(town.people, np.int8)})


def _ledger(place: Place, model, numbers, luck):
    return simulate(place, model, numbers, luck, 70, 10).ledger


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.mechanism}: {case.why[:40]}")
def test_neutral_setting(case, town, numbers, some_luck):
    """Identical books in all 80 weeks at the neutral setting."""
    place, model = _place(case, town), _model(case, case.terms)
    numbers = numbers._replace(**case.always)
    neutral = numbers._replace(**case.numbers)
    first = _ledger(place, model, neutral, some_luck)
    other = neutral._replace(**case.other_numbers)
    second = _ledger(place, model.with_terms(**case.other_terms), other, some_luck)
    assert is_same(first, second)


CONTROLLED = [case for case in CASES if case.numbers or case.terms or case.model == "alone"]


@pytest.mark.parametrize("case", CONTROLLED, ids=lambda case: f"{case.mechanism}: {case.why[:40]}")
def test_without_the_neutral_setting_it_matters(case, town, numbers, some_luck):
    """The control: the same change away from the neutral setting changes the books."""
    lively = numbers._replace(**{"hand_back_rate": 1.0, **case.always})
    model = _model(case, case.control)
    first = _ledger(town, model, lively, some_luck)
    second = _ledger(town, model.with_terms(**case.other_terms), lively._replace(**case.other_numbers), some_luck)
    assert not is_same(first, second)


def test_every_mechanism_has_a_neutral_setting():
    """A mechanism that is added brings its own."""
    assert {case.mechanism for case in CASES} == set(MECHANISMS)

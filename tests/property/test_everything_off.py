"""With every cause switched off all delivery models do the same for the same people, and differ in arithmetic alone.

What is left is what pay scales, holidays, training, pensions and overheads cost: `rules/should_cost.py` says it to the
penny from hours and terms. So no delivery model has an advantage that is not made by a cause with a switch.
"""

import numpy as np
import pytest

from insource import delivery, parameters, switches
from insource.draws import luck
from insource.place import synthetic
from insource.rules.pay_and_prices import employer_ni_share, minimum_pension_share, pence_for
from insource.rules.should_cost import minutes_to_pay, own_service_pence
from insource.rules.staffing import days_of_leave, leave_ratio
from insource.simulate import simulate
from insource.terms import CHOICES

pytestmark = pytest.mark.property

WEEKS, BURN_IN = 104, 26
PLENTY = {
    "door_minutes": 0.0,
    "travel_constant": 0.0,
    "travel_window_term": 0.0,
    "shift_idle_ratio": 0.0,
    "supported_living_gaps_ratio": 0.0,
    "statutory_sickness_days": 0.0,
    "occupational_sickness_days": 0.0,
    "usual_missed_share": 0.0,
    "turnover_rate": 1e-6,
    "vacancy_share": 1e-9,
    "planned_slack_share": 2.0,
    "stretch_share": 5.0,
    "agency_cover_share": 0.0,
}
"""No travel, gaps, sickness or missed visits, and staff enough, even where a part has a handful of people and a new one
needs as much as all of them: what remains is visits, holiday and training."""
ALIKE = {"providers_per_zone": 1, "guaranteed_share": 0, "paid_gaps_share": 0, "indexation": 1, "committed_share": 0}
HOURS = (
    "people_here",
    "needed_minutes",
    "ordered_minutes",
    "scheduled_minutes",
    "delivered_minutes",
    "used_minutes",
    "unused_minutes",
    "flexed_minutes",
    "unmet_minutes",
    "unpaid_minutes",
    "contact_minutes",
    "travel_minutes",
    "idle_minutes",
    "waiting_assessment",
    "waiting_care",
    "assessments",
    "reviews",
    "in_care",
    "quality_of_life",
    "safeguarding_concerns",
    "run_on_minutes",
    "retained_minutes",
)


def off(**more):
    """Parameters with everything switched off, and enough of everything; `more` switches something on again."""
    return parameters.central(switches.overrides_of(switches.chosen(["all"])))._replace(**{**PLENTY, **more})


def bare(name):
    """A delivery model under the terms of all switches, with one service in each zone."""
    return switches.without(delivery.read(name), switches.chosen(["all"])).with_terms(**ALIKE)


def books_of(name, numbers):
    """The run of a model in a place of one zone, so that each part has one service."""
    place = synthetic(300, 2)
    assert len(place.zones["people"]) == 1
    return simulate(place, bare(name), numbers, luck(3, 0), WEEKS, BURN_IN)


@pytest.fixture(scope="module")
def runs():
    """Every model that comes with the product."""
    return {name: books_of(name, off()) for name in delivery.bundled()}


def differing(one, other):
    """Accounts of hours, people and wellbeing in which two runs differ in any week."""
    return [name for name in HOURS if not np.array_equal(one.ledger.by_week(name), other.ledger.by_week(name))]


def test_all_models_do_the_same(runs):
    """The same hours, waits, reviews and quality of life in every week."""
    first = runs["status_quo"]
    assert first.ledger.total("delivered_minutes") > 0
    assert first.ledger.total("placements") > 0, "nobody new found a service"
    assert {name: differing(first, run) for name, run in runs.items() if differing(first, run)} == {}


@pytest.mark.parametrize("cause", [{"need_variation": 0.2}, {"points_residual": 0.6}])
def test_a_cause_that_is_on_makes_a_difference(runs, cause):
    """The control: with one cause on again the models differ."""
    numbers = off(**cause)
    assert differing(books_of("framework", numbers), books_of("in_house", numbers))


def on_cost_share(part, pay_pence, numbers):
    """National Insurance and pension as a share of pay under a part's terms."""
    a_year = pay_pence / 100.0 * numbers.contract_hours * 52.0
    pension = numbers.local_government_pension_share
    if part.terms["pension"] == CHOICES.pension.minimum:
        pension = minimum_pension_share(a_year, numbers.pension_threshold_pounds, numbers.minimum_pension_share)
    return employer_ni_share(a_year, numbers.ni_threshold_pounds, numbers.ni_share) + pension


def should_cost(run, model, numbers):
    """What all parts should cost the council in every week, in pence: its own services, and the bills of others."""
    ledger, total = run.ledger, 0
    council_pay = numbers.council_pay_pence * (1.0 + numbers.unsocial_hours_share)
    for index, part in enumerate(model.parts):
        days = days_of_leave(part.terms["holiday"], numbers.statutory_leave_days, numbers.council_leave_days)
        fee = (
            numbers.supported_living_price_pounds if part.line == "supported_living" else numbers.external_price_pounds
        )
        for week in range(BURN_IN + WEEKS):
            visits = int(ledger.accounts["contact_minutes"][week, index])
            if part.terms["employer"] != CHOICES.employer.council:
                total += pence_for(visits, fee * 100.0)
                continue
            workers = ledger.accounts["staff_weeks"][week, index]
            leave = leave_ratio(days, numbers.days_worked_a_year)
            paid = minutes_to_pay(visits, leave, workers, part.terms["training_hours"])
            leavers = ledger.accounts["quits"][week, index]
            share = on_cost_share(part, council_pay, numbers)
            overhead = numbers.council_overhead_share
            total += own_service_pence(paid, council_pay, share, leavers, numbers.leaver_cost_pounds, overhead)
    return total


def booked(run):
    """What the books say the council paid for care, in pence."""
    names = (
        "care_payments",
        "council_pay",
        "council_on_costs",
        "council_running",
        "council_overhead",
        "council_agency",
    )
    return sum(run.ledger.total(f"{name}_pence") for name in names)


@pytest.mark.parametrize("name", ["status_quo", "framework", "in_house", "mixed", "spot", "reverse_auction"])
def test_what_is_left_is_arithmetic(runs, name):
    """The council pays what the should-cost says, to the penny, over two and a half years."""
    assert booked(runs[name]) == should_cost(runs[name], bare(name), off())


def test_the_arithmetic_can_fail(runs):
    """A pay rate a penny higher is found out."""
    numbers = off()._replace(council_pay_pence=off().council_pay_pence + 1.0)
    assert booked(runs["in_house"]) != should_cost(runs["in_house"], bare("in_house"), numbers)

"""Who pays whom this week.

What the articles say
    Hunter, point 1: if someone is creaming off a profit, a good bought service must cost more than an in-house one of
    the same quality. Bodmer: prices below real cost are met by cutting staff and terms. Both are about who is paid
    what, so every pound here has a payer and a payee.

What happens
    A service outside the council bills it on the basis of its terms, and pays its workers, the state, the pension fund,
    agencies and suppliers; what is left is its surplus or loss. A service of the council costs the council those things
    directly. A service outside whose wages and running costs are what the council pays for, and one that gave up and is
    run by the council meanwhile, is paid what it costs. Overheads of a service
    outside are a share of the price, those of the council a share of direct cost. Social workers, brokers and contract
    officers are paid as well, whatever they were busy with.

Equations
    bill     = what billing makes of the terms; at cost = all that a service outside pays out, where it is paid by that
    pay      = paid minutes * pay;  on-costs = pay * (National Insurance + pension)
    running  = mileage_pounds * hours of travel + leaver_cost_pounds * workers who left
               + officer_hour_pounds * hours to keep in step with other services
    overhead = overhead_pence * visit hours of a service outside, or council_overhead_share * direct costs
    surplus  = bills - pay - on-costs - running - overhead - agency - what adjusting cost (see adjustment)
    full price = (pay + on-costs + running + agency) / (1 - full_overhead_share), noted beside the bill

Limiting case
    The full cost of an hour with a client is (w (1 + o) / u + h) / (1 - m) (COST-1); what leaves one purse enters
    another, week by week; a service's cash is the sum of its surpluses. tests/verify/test_money.py

Not modelled
    Charges to people, value added tax, capital, redundancy, interest; prices that respond to anything; inflation: all
    pounds are of the price year.

Numbers
    data/parameters/money.yaml
"""

from insource.compiled import compiled, inner
from insource.rules.pay_and_prices import employer_ni_share, indexed_price, minimum_pension_share, pence_for
from insource.terms import CHOICES
from insource.units import PENCE_A_POUND, WEEKS_A_YEAR

READS = {
    "providers": (
        "part",
        "bill_pence",
        "overhead_pence",
        "penalty_pence",
        "pay_pence",
        "paid_minutes",
        "contact_minutes",
        "agency_minutes",
        "travel_minutes",
        "quits",
        "monitoring_minutes",
        "coordination_minutes",
        "step_in_weeks",
        "standing_pence",
        "double_pence",
    ),
    "council": (
        "social_work_minutes",
        "broker_minutes",
        "coordination_minutes",
        "floor_ratio",
        "procurement_pence",
    ),
    "parts": ("employer", "payment_basis", "pension", "indexation"),
}
WRITES = {
    "providers": ("cash_pence", "spent_pence"),
    "council": ("care_spend_pence", "fees_pence"),
}
DRAWS = ()
POSTS = (
    "care_payments_pence",
    "cost_payments_pence",
    "personal_spending_pence",
    "provider_pay_pence",
    "provider_on_costs_pence",
    "provider_running_pence",
    "provider_agency_pence",
    "provider_overhead_pence",
    "council_pay_pence",
    "council_on_costs_pence",
    "council_running_pence",
    "council_agency_pence",
    "council_overhead_pence",
    "social_work_pence",
    "brokerage_pence",
    "monitoring_pence",
    "coordination_pence",
    "full_price_pence",
)

COUNCIL, PERSON = CHOICES.employer.council, CHOICES.employer.person
SALARY = CHOICES.payment_basis.salary
LOCAL_GOVERNMENT = CHOICES.pension.local_government


def start(area):
    """Every service begins with no cash: surpluses and losses are counted from the first week."""
    area.providers.cash_pence[:] = 0


@compiled
def step(week, area):
    providers, parts, numbers, books = area.providers, area.parts, area.numbers, area.books
    for j in range(providers.part.shape[0]):
        part = providers.part[j]
        pay, on_costs, agency, mileage_and_leavers = direct_costs(j, providers, parts, numbers)
        visits = providers.contact_minutes[j] + providers.agency_minutes[j]
        if parts.employer[part] == COUNCIL:
            direct = pay + on_costs + agency + mileage_and_leavers
            books.council_pay_pence[week, part] += pay
            books.council_on_costs_pence[week, part] += on_costs
            books.council_agency_pence[week, part] += agency
            books.council_running_pence[week, part] += mileage_and_leavers
            books.council_overhead_pence[week, part] += int(direct * numbers.council_overhead_share)
            continue
        is_own = parts.employer[part] == PERSON
        an_hour = indexed_price(providers.overhead_pence[j], area.council.floor_ratio[0], parts.indexation[part])
        overhead = pence_for(visits, an_hour) * (not is_own)
        is_at_cost = is_own or providers.step_in_weeks[j] > 0 or parts.payment_basis[part] == SALARY
        paid_out = pay + on_costs + agency + mileage_and_leavers + overhead + providers.standing_pence[j]
        at_cost = paid_out * is_at_cost
        bill = providers.bill_pence[j]
        providers.cash_pence[j] += bill + at_cost + providers.double_pence[j] - paid_out - providers.penalty_pence[j]
        books.care_payments_pence[week, part] += bill
        providers.spent_pence[j] = at_cost * is_own
        books.cost_payments_pence[week, part] += at_cost * (not is_own)
        books.personal_spending_pence[week, part] += at_cost * is_own
        books.provider_pay_pence[week, part] += pay
        books.provider_on_costs_pence[week, part] += on_costs
        books.provider_agency_pence[week, part] += agency
        books.provider_running_pence[week, part] += mileage_and_leavers
        books.provider_overhead_pence[week, part] += overhead
        direct = pay + on_costs + agency + mileage_and_leavers
        books.full_price_pence[week, part] += int(direct / (1.0 - numbers.full_overhead_share)) * (not is_at_cost)
    pay_council_staff(week, area)
    note_spending(week, area)


@inner
def direct_costs(j, providers, parts, numbers):
    """One service's pay, on-costs, agency bill, and running costs: mileage, replacing leavers, keeping in step."""
    rate = providers.pay_pence[j]
    pay_a_year = rate / PENCE_A_POUND * numbers.contract_hours * WEEKS_A_YEAR
    insurance = employer_ni_share(pay_a_year, numbers.ni_threshold_pounds, numbers.ni_share)
    if parts.pension[providers.part[j]] == LOCAL_GOVERNMENT:
        pension = numbers.local_government_pension_share
    else:
        pension = minimum_pension_share(pay_a_year, numbers.pension_threshold_pounds, numbers.minimum_pension_share)
    pay = pence_for(providers.paid_minutes[j], rate)
    on_costs = int(pay * (insurance + pension) + 1.0 / 2.0)
    agency = pence_for(providers.agency_minutes[j], rate * numbers.agency_cost_ratio)
    mileage = pence_for(providers.travel_minutes[j], numbers.mileage_pounds * PENCE_A_POUND)
    leavers = int(providers.quits[j] * numbers.leaver_cost_pounds * PENCE_A_POUND)
    in_step = pence_for(providers.coordination_minutes[j], numbers.officer_hour_pounds * PENCE_A_POUND)
    return pay, on_costs, agency, mileage + leavers + in_step


@inner
def pay_council_staff(week, area):
    """Social workers, brokers and contract officers cost what their hours cost."""
    council, numbers, books = area.council, area.numbers, area.books
    minutes = council.social_work_minutes[0]
    books.social_work_pence[week, 0] += pence_for(minutes, numbers.social_worker_hour_pounds * PENCE_A_POUND)
    books.brokerage_pence[week, 0] += pence_for(council.broker_minutes[0], numbers.officer_hour_pounds * PENCE_A_POUND)
    minutes = council.coordination_minutes[0]
    books.coordination_pence[week, 0] += pence_for(minutes, numbers.officer_hour_pounds * PENCE_A_POUND)
    for j in range(area.providers.part.shape[0]):
        part = area.providers.part[j]
        minutes = area.providers.monitoring_minutes[j]
        books.monitoring_pence[week, part] += pence_for(minutes, numbers.officer_hour_pounds * PENCE_A_POUND)


@inner
def note_spending(week, area):
    """What this week cost the council, for whoever sets the budget."""
    council, books = area.council, area.books
    council.fees_pence[0] = books.care_payments_pence[week].sum()
    own = books.council_pay_pence[week].sum() + books.council_on_costs_pence[week].sum()
    own += books.council_running_pence[week].sum() + books.council_overhead_pence[week].sum()
    own += books.council_agency_pence[week].sum() + books.social_work_pence[week].sum()
    own += books.brokerage_pence[week].sum() + books.monitoring_pence[week].sum()
    own += books.cost_payments_pence[week].sum() + books.coordination_pence[week].sum()
    own += books.personal_spending_pence[week].sum() + council.procurement_pence[0]
    for j in range(area.providers.part.shape[0]):
        own += area.providers.standing_pence[j] * (area.parts.employer[area.providers.part[j]] == COUNCIL)
    council.care_spend_pence[0] = council.fees_pence[0] + own

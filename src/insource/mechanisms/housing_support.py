"""Housing support: the preventive line of service, bought with whatever is left for it.

What the articles say
    Bodmer: the soft services that prevent worse, once paid from a ring-fenced grant, suffer first when money is short.

What happens
    What is spent on prevention buys hours of housing support under each part's terms for that line, in proportion to
    the part's share. An outside service charges its price, or the fee where none of its services is laid out. An hour
    given by the council's own staff costs what its terms make it cost, with everything they are paid for besides.

Equations
    minutes = 60 * pence / pence an hour
    own hour = (pay (1 + on-costs) / (share paid for work * share not off sick * share out with people) + running)
               * (1 + council_overhead_share)

Limiting case
    At a price of 25 pounds 1,000 pounds buy 40 hours; the own hour is COST-1 without a margin.
    tests/verify/test_housing_support.py

Not modelled
    Who gets it, what it is made of, staff and vacancies of the line, waiting for it. People recorded on this line with
    hours of their own are paid for as care, besides.

Numbers
    data/parameters/housing_support.yaml
"""

from insource.compiled import compiled, inlined, inner
from insource.rules.budget import own_hour_pence
from insource.rules.pay_and_prices import employer_ni_share, minimum_pension_share
from insource.rules.staffing import available_minutes, days_of_leave, leave_ratio, visit_share
from insource.terms import CHOICES, LINES
from insource.units import MINUTES_AN_HOUR, PENCE_A_POUND, WEEKS_A_YEAR

READS = {
    "council": ("prevention_pence", "fee_ratio"),
    "providers": ("part", "price_pence"),
    "parts": (
        "line",
        "share_to",
        "employer",
        "pay_scale",
        "pension",
        "holiday",
        "sick_pay",
        "paid_gaps_share",
        "training_hours",
    ),
}
WRITES = {
    "council": ("support_ratio",),
}
DRAWS = ()
POSTS = ("housing_support_pence", "housing_support_minutes")

THIS_LINE = LINES.index("housing_support")
COUNCIL = CHOICES.employer.council
COUNCIL_SCALE = CHOICES.pay_scale.council
LOCAL_GOVERNMENT = CHOICES.pension.local_government
OCCUPATIONAL = CHOICES.sick_pay.occupational


def start(area):
    """Until the first week an hour costs the fee."""
    area.council.support_ratio[0] = 1.0


@compiled
def step(week, area):
    council, parts, numbers, books = area.council, area.parts, area.numbers, area.books
    fee = numbers.external_price_pounds * PENCE_A_POUND
    spent, bought = 0, 0.0
    for part in range(parts.line.shape[0]):
        if parts.line[part] != THIS_LINE:
            continue
        pence = int(council.prevention_pence[0] * parts.share_to[part] + 1.0 / 2.0) - spent
        spent += pence
        if parts.employer[part] == COUNCIL:
            hour = own_hour(part, parts, numbers)
        else:
            hour = price_of(part, area.providers, fee) * council.fee_ratio[0]
        minutes = pence / hour * MINUTES_AN_HOUR
        bought += minutes
        books.housing_support_pence[week, part] += pence
        books.housing_support_minutes[week, part] += int(minutes)
    before = spent / fee * MINUTES_AN_HOUR
    council.support_ratio[0] = bought / before if before > 0.0 else 1.0


@inner
def price_of(part, providers, fee):
    """Mean price of the part's services on this line; the fee if there is none."""
    total, count = 0.0, 0
    for j in range(providers.part.shape[0]):
        if providers.part[j] == part:
            total += providers.price_pence[j]
            count += 1
    return total / count if total > 0.0 else fee


@inlined
def own_hour(part, parts, numbers):
    """An hour with a client given by the council's own staff under the part's terms."""
    pay = numbers.market_pay_pence
    if parts.pay_scale[part] == COUNCIL_SCALE:
        pay = numbers.council_pay_pence
    pay_a_year = pay / PENCE_A_POUND * numbers.contract_hours * WEEKS_A_YEAR
    on_costs = employer_ni_share(pay_a_year, numbers.ni_threshold_pounds, numbers.ni_share)
    if parts.pension[part] == LOCAL_GOVERNMENT:
        on_costs += numbers.local_government_pension_share
    else:
        on_costs += minimum_pension_share(pay_a_year, numbers.pension_threshold_pounds, numbers.minimum_pension_share)
    contract = numbers.contract_hours * MINUTES_AN_HOUR
    days = days_of_leave(parts.holiday[part], numbers.statutory_leave_days, numbers.council_leave_days)
    leave = leave_ratio(days, numbers.days_worked_a_year)
    paid_share = available_minutes(contract, leave, parts.training_hours[part]) / contract
    sick_days = numbers.statutory_sickness_days
    if parts.sick_pay[part] == OCCUPATIONAL:
        sick_days = numbers.occupational_sickness_days
    present_share = 1.0 - sick_days / numbers.working_days
    with_people = visit_share(numbers.support_travel_ratio, numbers.shift_idle_ratio, parts.paid_gaps_share[part])
    running = numbers.support_travel_ratio * numbers.mileage_pounds * PENCE_A_POUND
    return own_hour_pence(
        pay, on_costs, paid_share, present_share, with_people, running, numbers.council_overhead_share
    )

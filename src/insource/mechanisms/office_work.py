"""Officers and managers: finding services, buying, and what it takes to run them.

What the articles say
    Hunter, point 6: buying care takes staff: shopping around, negotiating contracts, seeing that they are kept. An
    in-house service has work of its own of that kind: rotas, supervision, personnel, inspection. Both are counted.

What happens
    The council's team of brokers is as large as the work it has had over the last year, with something to spare: at
    first the work to be expected from how many services there are to ask, how likely each has room, and how often
    people come or are handed back. Each lot (the services of one part in one zone) that is not run by the council is
    tendered every so often: procurement officers' hours for the lot and for each service in it. Every service,
    whoever owns it, supervises its workers, plans their visits, deals with personnel and with the regulator. Those
    hours are part of its overhead and already paid there; what they are worth is noted beside it and paid to nobody.

Equations
    expected work of a placement = placement_hours + call_hours * calls * weeks, where (CHOICE-5) with k services that
        have room with chance a = usual_room_share: calls = (1 - (1 - a)^k) / a, weeks = 1 / (1 - (1 - a)^k)
    brokers'    = brokers + (brokers_to_work_ratio * time spent on finding services - brokers) * 2 / (52 + 1)
    procurement = lots * (tender_hours + bid_hours * services in it) / contract_weeks
    supervision = supervision_hours * workers / 52;  rostering = rostering_share * visit time
    personnel   = personnel_hours * workers / 52;    inspection = inspection_hours * services / 52

Limiting case
    With steady work the team settles at brokers_to_work_ratio times it. With no hours for calls, tenders, supervision
    and so on nobody is needed. Hours add up by hand. tests/verify/test_office_work.py

Not modelled
    Bidders' own costs of tendering; redundancy when the team shrinks; finance and legal officers.

Numbers
    data/parameters/office_work.yaml
"""

from insource.compiled import compiled
from insource.rules.choice import expected_calls, expected_rounds
from insource.rules.pay_and_prices import pence_for
from insource.rules.rates import grown
from insource.rules.running_mean import running_mean
from insource.rules.staff_time import placement_minutes
from insource.terms import CHOICES
from insource.units import MINUTES_AN_HOUR, PENCE_A_POUND, WEEKS_A_YEAR

READS = {
    "people": ("is_here", "part"),
    "providers": ("part", "filled_posts", "contact_minutes", "agency_minutes"),
    "council": ("people_at_start", "arrivals_a_week", "sought_minutes"),
    "zones": ("people",),
    "parts": (
        "employer",
        "services_per_zone",
        "services_to_next_zone",
        "is_hand_back_allowed",
        "allocation_basis",
        "contract_weeks",
    ),
}
WRITES = {
    "council": ("broker_minutes", "costed_share", "procurement_pence"),
    "parts": ("people_share",),
}
DRAWS = ()
POSTS = (
    "procurement_minutes",
    "procurement_pence",
    "supervision_minutes",
    "rostering_minutes",
    "personnel_minutes",
    "inspection_minutes",
    "overhead_work_pence",
)

OUTSIDE = CHOICES.employer.provider
COSTED = CHOICES.allocation_basis.costed


def start(area):
    """The share of people under each part; brokers for the work that their services lead one to expect."""
    here = area.people.part[area.people.is_here == 1]
    for part in range(area.parts.services_per_zone.shape[0]):
        area.parts.people_share[part] = (here == part).sum() / max(here.shape[0], 1)
    area.council.broker_minutes[0] = area.numbers.brokers_to_work_ratio * work_expected(area)


def work_expected(area):
    """Minutes a week of finding services to be expected when the run starts."""
    council, parts, numbers = area.council, area.parts, area.numbers
    minutes = 0.0
    for part in range(parts.services_per_zone.shape[0]):
        services, share = parts.services_per_zone[part], parts.people_share[part]
        if services == 0.0:
            continue
        handed_back = numbers.hand_back_rate / WEEKS_A_YEAR * parts.is_hand_back_allowed[part]
        placements = share * (council.arrivals_a_week[0] + council.people_at_start[0] * handed_back)
        calls = expected_calls(services, numbers.usual_room_share)
        calls *= expected_rounds(services, numbers.usual_room_share)
        minutes += placements * placement_minutes(numbers.placement_hours, numbers.call_hours, calls)
    return minutes


@compiled
def step(week, area):
    providers, parts, council, numbers, books = area.providers, area.parts, area.council, area.numbers, area.books
    if week > 0:
        growing = grown(numbers.demand_growth_rate, 1)
        work = numbers.brokers_to_work_ratio * council.sought_minutes[0]
        council.broker_minutes[0] = running_mean(council.broker_minutes[0] * growing, work, float(WEEKS_A_YEAR))
    council.costed_share[0] = council.procurement_pence[0] = 0.0
    for part in range(parts.employer.shape[0]):
        council.costed_share[0] += parts.people_share[part] * (parts.allocation_basis[part] == COSTED)
        if parts.employer[part] != OUTSIDE or parts.services_per_zone[part] == 0.0:
            continue
        hours = numbers.tender_hours + numbers.bid_hours * parts.services_per_zone[part]
        lots = len(area.zones.people) if parts.services_to_next_zone[part] > 0.0 else 1
        minutes = lots * hours * MINUTES_AN_HOUR / parts.contract_weeks[part]
        books.procurement_minutes[week, part] += int(minutes)
        spent = pence_for(minutes, numbers.buyer_hour_pounds * PENCE_A_POUND)
        books.procurement_pence[week, part] += spent
        council.procurement_pence[0] += spent
    for j in range(providers.part.shape[0]):
        part, workers = providers.part[j], providers.filled_posts[j] * MINUTES_AN_HOUR / WEEKS_A_YEAR
        visits = providers.contact_minutes[j] + providers.agency_minutes[j]
        supervision, personnel = workers * numbers.supervision_hours, workers * numbers.personnel_hours
        rostering = visits * numbers.rostering_share
        inspection = numbers.inspection_hours * MINUTES_AN_HOUR / WEEKS_A_YEAR
        total = supervision + personnel + rostering + inspection
        books.supervision_minutes[week, part] += int(supervision)
        books.rostering_minutes[week, part] += int(rostering)
        books.personnel_minutes[week, part] += int(personnel)
        books.inspection_minutes[week, part] += int(inspection)
        books.overhead_work_pence[week, part] += pence_for(total, numbers.manager_hour_pounds * PENCE_A_POUND)

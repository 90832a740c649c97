"""What care workers are paid for besides visits: travel, gaps, holiday, sickness, training, guaranteed hours.

What the articles say
    Hunter, point 1: good services need properly paid staff. Bodmer: low bids are met by poor terms and conditions. The
    terms of staff decide how many hours are paid for each hour with a person, and so most of the difference in cost.

What happens
    Each service's own staff gave visits. To that come the travel and the gaps between visits that the terms pay for. If
    hours are guaranteed and there were too few visits, the rest of the guarantee is paid as well. Holiday is earned on
    paid time, sickness is paid in full or at the statutory minimum, training is paid.

Equations
    travel   = contact * travel ratio * paid_travel_share
    gaps     = contact * gaps_ratio * paid_gaps_share
    idle     = gaps + max(0, guaranteed_share * hours of people at work - hours they were out)
    holiday  = (contact + travel + idle) * leave_ratio
    sickness = absent workers * contract hours * (1 or statutory_sick_pay_share)
    paid     = contact + travel + idle + holiday + sickness + training

Limiting case
    With nothing guaranteed, no gaps paid and nobody sick, contact over time out is 1 / (1 + travel ratio), 0.80 to 0.86
    where travel is a fifth to a sixth of visits. The parts add up to what is paid, service by service.
    tests/verify/test_paid_time.py

Not modelled
    Rotas: gaps come from one ratio. Overtime rates. Where a pool lends staff to one of its services, the time is
    accounted to the service that used it.

Numbers
    data/parameters/paid_time.yaml
"""

from insource.compiled import compiled
from insource.rules.staffing import available_minutes, days_of_leave, leave_ratio
from insource.terms import CHOICES
from insource.units import MINUTES_AN_HOUR, WEEKS_A_YEAR

READS = {
    "providers": ("part", "present_posts", "filled_posts", "contact_minutes", "travel_ratio"),
    "parts": (
        "holiday",
        "sick_pay",
        "guaranteed_share",
        "paid_gaps_share",
        "paid_travel_share",
        "training_hours",
        "gaps_ratio",
    ),
}
WRITES = {
    "providers": ("travel_minutes", "paid_minutes"),
}
DRAWS = ()
POSTS = (
    "travel_minutes",
    "idle_minutes",
    "leave_minutes",
    "sickness_minutes",
    "training_minutes",
    "paid_minutes",
)

OCCUPATIONAL = CHOICES.sick_pay.occupational


def start(area):
    """Nothing has been paid before the first week."""
    area.providers.paid_minutes[:] = 0


@compiled
def step(week, area):
    providers, parts, numbers, books = area.providers, area.parts, area.numbers, area.books
    for j in range(providers.part.shape[0]):
        part = providers.part[j]
        contract = numbers.contract_hours * MINUTES_AN_HOUR
        leave = leave_ratio(
            days_of_leave(parts.holiday[part], numbers.statutory_leave_days, numbers.council_leave_days),
            numbers.days_worked_a_year,
        )
        contact = providers.contact_minutes[j]
        on_the_road = contact * providers.travel_ratio[j]
        gaps = contact * parts.gaps_ratio[part] * parts.paid_gaps_share[part]
        out = contact + on_the_road + gaps
        available = available_minutes(contract, leave, parts.training_hours[part])
        promised = providers.present_posts[j] * available * parts.guaranteed_share[part]
        travel = int(on_the_road * parts.paid_travel_share[part])
        idle = int(gaps + max(promised - out, 0.0))
        holiday = int((contact + travel + idle) * leave)
        sick_pay = 1.0 if parts.sick_pay[part] == OCCUPATIONAL else numbers.statutory_sick_pay_share
        sickness = int((providers.filled_posts[j] - providers.present_posts[j]) * contract * sick_pay)
        training = int(providers.filled_posts[j] * parts.training_hours[part] * MINUTES_AN_HOUR / WEEKS_A_YEAR)
        paid = contact + travel + idle + holiday + sickness + training
        providers.travel_minutes[j] = travel
        providers.paid_minutes[j] = paid
        books.travel_minutes[week, part] += travel
        books.idle_minutes[week, part] += idle
        books.leave_minutes[week, part] += holiday
        books.sickness_minutes[week, part] += sickness
        books.training_minutes[week, part] += training
        books.paid_minutes[week, part] += paid

"""What a change of hands costs: setting up, paying two services for a while, and care that must settle again.

What the articles say
    Hunter: social care must be brought back in-house. Neither article says what the way there costs, or how people fare
    meanwhile; a council that takes over, and one that hands over, both pay for it.

What happens
    From a given week the parts of a line of service may have other shares of its people. Who moves is decided by each
    person's own draw; their orders move with them without a gap, and so do some of the staff (see workforce). Setting
    up costs a share of a year's cost of the care that moves. A service outside that loses people is paid for their
    hours for some weeks more; a council's own service goes on paying staff it has no visits for (see adjustment). The
    new service must fill its vacancies week by week, relying on agencies meanwhile, and people have new faces: its care
    is the worse for the share of its people who have come lately (see quality). All of it holds in both directions.

Equations
    set-up    = set_up_share * hours that joined * usual price * 52
    double    = price * hours that left, for double_running_weeks
    unsettled = share of people's hours that came lately, fading by 1 / settling_weeks of itself a week
    staff who go = transferring_share * share of the people who leave

Limiting case
    Shares that change to what they are change no book. All people moved, setting up costs set_up_share of a year's
    price of their hours, once; after settling_weeks about 1/e is unsettled. tests/verify/test_transition.py

Not modelled
    Preparing before the first day, consultation, transferred pension deficits, people who refuse to move, new vehicles.

Numbers
    data/parameters/transition.yaml
"""

from insource.compiled import compiled
from insource.rules.pay_and_prices import pence_for
from insource.rules.transition import set_up_pence, still_unsettled
from insource.terms import CHOICES

READS = {
    "providers": ("zone", "part", "price_pence", "shifted_minutes", "scheduled_minutes"),
    "parts": (
        "payment_basis",
        "line_fee_pence",
        "leaving_share",
        "heir",
        "first_provider",
        "services_per_zone",
        "services_to_next_zone",
    ),
}
WRITES = {
    "providers": (
        "unsettled_share",
        "double_weeks",
        "double_minutes",
        "double_pence",
        "staff_leaving_share",
        "first_heir",
        "heirs",
    ),
}
DRAWS = ()
POSTS = ("set_up_pence", "double_running_pence")

SALARY = CHOICES.payment_basis.salary


def start(area):
    """Everybody has settled when the run starts."""
    area.providers.unsettled_share[:] = 0.0


@compiled
def step(week, area):
    providers, parts, numbers, books = area.providers, area.parts, area.numbers, area.books
    for j in range(providers.part.shape[0]):
        part = providers.part[j]
        joined, left = max(providers.shifted_minutes[j], 0), max(-providers.shifted_minutes[j], 0)
        joined_share = joined / max(providers.scheduled_minutes[j] + joined, 1)
        heir = int(parts.heir[part])
        providers.staff_leaving_share[j] = parts.leaving_share[part] * numbers.transferring_share
        providers.heirs[j] = int(parts.services_per_zone[heir])
        providers.first_heir[j] = int(parts.first_provider[heir]) + providers.zone[j] * int(
            parts.services_to_next_zone[heir]
        )
        providers.unsettled_share[j] = still_unsettled(
            providers.unsettled_share[j], joined_share, numbers.settling_weeks
        )
        if left > 0:
            providers.double_minutes[j] = left
            providers.double_weeks[j] = int(numbers.double_running_weeks)
        providers.double_pence[j] = 0
        if providers.double_weeks[j] > 0:
            providers.double_weeks[j] -= 1
            if parts.payment_basis[part] != SALARY:
                providers.double_pence[j] = pence_for(providers.double_minutes[j], providers.price_pence[j])
        books.double_running_pence[week, part] += providers.double_pence[j]
        if joined > 0:
            books.set_up_pence[week, part] += set_up_pence(joined, parts.line_fee_pence[part], numbers.set_up_share)

"""What it costs to follow needs, and what it costs not to be able to: rotas, posts and offices.

What the articles say
    Hunter, points 2 and 3: an in-house team moves its hours as needs change; councils that buy are locked into what
    they no longer need. Neither article counts what moving hours costs, nor what a council's own posts and buildings
    lock in.

What happens
    Every hour of care that is moved or changed from one week to the next, under terms that let a team or the person do
    so, takes somebody's time to plan again. Posts beyond what a service wants are kept while their holders may be
    placed elsewhere; then they close, with redundancy pay where hours are guaranteed. Offices are taken for the work
    there is, for years: more room is taken at once, less only when a lease is up. All of this holds for every employer.

Equations
    rostering  = rostering_minutes * hours moved or changed * coordinator_hour_pounds
    redundancy = redundancy_pounds * guaranteed_share * posts closed, after redeployment_weeks of more staff than posts
    premises   = premises_pounds * hours of work the office was taken for beyond those there are

Limiting case
    Work that ends with chance eta a week leaves a lease of T weeks empty for T - (1 - (1 - eta)^T) / eta weeks, and
    posts kept for L weeks idle for L / (1 / eta + L) of the time (LOCK-1, LOCK-3). tests/verify/test_adjustment.py

Not modelled
    Posts closed by agreement with unions; offices shared, sublet or sold; who is chosen for redundancy.

Numbers
    data/parameters/adjustment.yaml
"""

from insource.compiled import compiled, inlined
from insource.draws import decisions, uniform
from insource.rules.lock_in import space_let
from insource.rules.pay_and_prices import pence_for
from insource.terms import CHOICES
from insource.units import PENCE_A_POUND

READS = {
    "providers": ("part", "filled_posts", "wanted_posts", "demand_minutes", "moved_minutes", "staying_share"),
    "parts": ("employer", "guaranteed_share"),
}
WRITES = {
    "providers": ("surplus_weeks", "stay_share", "let_minutes", "lease_weeks_left", "standing_pence"),
}
DRAWS = decisions("adjustment", "lease")
POSTS = (
    "moved_minutes",
    "posts_closed",
    "provider_rostering_pence",
    "provider_redundancy_pence",
    "provider_premises_pence",
    "council_rostering_pence",
    "council_redundancy_pence",
    "council_premises_pence",
)

COUNCIL = CHOICES.employer.council


def start(area):
    """Offices fit the work there is; their leases are each at a stage of their own."""
    providers, numbers, luck = area.providers, area.numbers, area.luck
    providers.let_minutes[:] = providers.demand_minutes
    for j in range(providers.part.shape[0]):
        providers.lease_weeks_left[j] = int(uniform(luck, DRAWS.lease, j, 0) * numbers.lease_weeks)


@compiled
def step(week, area):
    providers, parts, numbers, books = area.providers, area.parts, area.numbers, area.books
    for j in range(providers.part.shape[0]):
        part = providers.part[j]
        closed = close_posts(j, providers, numbers)
        empty = let_offices(j, providers, numbers)
        rostering = pence_for(
            providers.moved_minutes[j] * numbers.rostering_ratio, numbers.coordinator_hour_pounds * PENCE_A_POUND
        )
        redundancy = int(closed * parts.guaranteed_share[part] * numbers.redundancy_pounds * PENCE_A_POUND)
        premises = pence_for(empty, numbers.premises_pounds * PENCE_A_POUND)
        providers.standing_pence[j] = rostering + redundancy + premises
        books.moved_minutes[week, part] += providers.moved_minutes[j]
        books.posts_closed[week, part] += closed
        if parts.employer[part] == COUNCIL:
            books.council_rostering_pence[week, part] += rostering
            books.council_redundancy_pence[week, part] += redundancy
            books.council_premises_pence[week, part] += premises
        else:
            books.provider_rostering_pence[week, part] += rostering
            books.provider_redundancy_pence[week, part] += redundancy
            books.provider_premises_pence[week, part] += premises


@inlined
def close_posts(j, providers, numbers):
    """Holders of posts beyond those wanted stay for the weeks of redeployment; then as many must go. How many."""
    filled, surplus = providers.filled_posts[j], providers.filled_posts[j] - providers.wanted_posts[j]
    providers.stay_share[j] = providers.staying_share[j]
    providers.surplus_weeks[j] = providers.surplus_weeks[j] + 1 if surplus > 0 else 0
    if surplus <= 0 or providers.surplus_weeks[j] <= int(numbers.redeployment_weeks):
        return 0
    providers.stay_share[j] *= 1.0 - surplus / filled
    providers.surplus_weeks[j] = 0
    return surplus


@inlined
def let_offices(j, providers, numbers):
    """Room is taken for more work at once and given up for less only when the lease is up. Minutes of it empty."""
    wanted = providers.demand_minutes[j]
    providers.let_minutes[j] = space_let(providers.let_minutes[j], wanted, providers.lease_weeks_left[j])
    if providers.lease_weeks_left[j] <= 0:
        providers.lease_weeks_left[j] = int(numbers.lease_weeks)
    providers.lease_weeks_left[j] -= 1
    return providers.let_minutes[j] - wanted

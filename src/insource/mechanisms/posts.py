"""How many posts each service wants to have.

What the articles say
    Bodmer: bought services run on skeleton staffing, with nobody to spare. Hunter, point 2: a pool that can move its
    hours needs fewer of them.

What happens
    A service wants enough posts to cover the visits it plans, with some slack, given how many of its posts are usually
    filled by somebody at work. Where hours may be moved between people it also plans for the fluctuation of its pool.
    Posts that are no longer wanted close when their holder leaves (see workforce).

Equations
    posts = demand * staffing ratio * cover * (1 + slack)
            / (visit minutes a post * share expected to be filled and at work)
    cover = 1 + z(reliability) * pooled variation, where hours may be moved; 1 where they may not
    share expected = fill / (fill + leave) * (1 - share off sick)

Limiting case
    For 100 people of 14 hours with sd 4 and correlation .05, covering 95% of weeks takes 1560.489 hours for 1,400
    (POOL-1); in M equal services more, as their square root (POOL-2). tests/verify/test_posts.py

Not modelled
    Seasons; services that plan for more or less than their own past demand; part-time and full-time posts.

Numbers
    data/parameters/posts.yaml
"""

import numpy as np

from insource.compiled import compiled, inlined
from insource.rules.pooling import cover_for_reliability, pooled_variation
from insource.rules.staffing import (
    available_minutes,
    days_of_leave,
    leave_ratio,
    posts_wanted,
    share_off_sick,
    visit_share,
)
from insource.rules.travel import travel_minutes_a_visit, travel_ratio
from insource.rules.turnover import filled_share
from insource.terms import CHOICES
from insource.units import MINUTES_AN_HOUR

READS = {
    "people": ("provider", "ordered_minutes"),
    "providers": (
        "patch_km2",
        "part",
        "pool_people",
        "first_post",
        "last_post",
        "asked_minutes",
        "demand_minutes",
        "travel_ratio",
        "leave_chance",
        "staffing_ratio",
        "fill_chance",
    ),
    "parts": (
        "sick_pay",
        "holiday",
        "paid_gaps_share",
        "visit_minutes",
        "gaps_ratio",
        "training_hours",
        "hours_move_within",
        "services_per_zone",
    ),
}
WRITES = {
    "providers": ("wanted_posts",),
    "council": ("is_short_of_posts",),
}
DRAWS = ()
POSTS = ("wanted_staff_weeks",)

NOWHERE = CHOICES.hours_move_within.person


@inlined
def wanted(j, demand_minutes, travel, providers, parts, numbers, council):
    """Posts one service wants for this demand, as far as it has rows; says so where it has not."""
    part = providers.part[j]
    cover = 1.0
    if parts.hours_move_within[part] != NOWHERE:
        cover = cover_for_reliability(
            numbers.planned_reliability_share,
            pooled_variation(numbers.need_variation, numbers.need_correlation, providers.pool_people[j]),
        )
    days = days_of_leave(parts.holiday[part], numbers.statutory_leave_days, numbers.council_leave_days)
    contract = numbers.contract_hours * MINUTES_AN_HOUR
    available = available_minutes(contract, leave_ratio(days, numbers.days_worked_a_year), parts.training_hours[part])
    visits = available * visit_share(travel, parts.gaps_ratio[part], parts.paid_gaps_share[part])
    sick = share_off_sick(
        parts.sick_pay[part],
        numbers.statutory_sickness_days,
        numbers.occupational_sickness_days,
        numbers.working_days,
    )
    expected = filled_share(providers.leave_chance[j], providers.fill_chance[j]) * (1.0 - sick)
    meant = demand_minutes * providers.staffing_ratio[j]
    posts = posts_wanted(meant, cover, numbers.planned_slack_share, visits, expected)
    most = providers.last_post[j] - providers.first_post[j]
    council.is_short_of_posts[0] |= posts > most
    return min(posts, most)


def start(area):
    """Posts fit the orders in force, with the travel of the people who are there."""
    held = area.people.provider >= 0
    n = area.providers.part.shape[0]
    people_of = np.bincount(area.people.provider[held], minlength=n)
    demand = np.bincount(area.people.provider[held], weights=area.people.ordered_minutes[held], minlength=n)
    first_posts(people_of, demand, area.providers, area.parts, area.numbers, area.council)


@compiled
def first_posts(people_of, demand, providers, parts, numbers, council):
    """The posts each service begins with, for so many people and minutes."""
    for j in range(demand.shape[0]):
        minutes = travel_minutes_a_visit(
            providers.patch_km2[j],
            float(people_of[j]),
            numbers.door_minutes,
            numbers.speed_kmh,
            numbers.detour_ratio,
            numbers.travel_constant,
            numbers.travel_window_term,
        )
        travel = travel_ratio(minutes, parts.visit_minutes[providers.part[j]])
        providers.wanted_posts[j] = wanted(j, demand[j], travel, providers, parts, numbers, council)


@compiled
def step(week, area):
    providers, parts, numbers, council = area.providers, area.parts, area.numbers, area.council
    for j in range(providers.part.shape[0]):
        part = providers.part[j]
        demand = providers.demand_minutes[j] + providers.asked_minutes[j] / parts.services_per_zone[part]
        providers.wanted_posts[j] = wanted(j, demand, providers.travel_ratio[j], providers, parts, numbers, council)
        area.books.wanted_staff_weeks[week, part] += providers.wanted_posts[j]

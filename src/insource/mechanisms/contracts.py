"""Orders: what is bought for each person, how it may change, and what must be paid when it is no longer needed.

What the articles say
    Hunter, points 2 and 3: what has not been commissioned will not be done, so councils commission for every
    eventuality; and they get stuck in contracts for things that are no longer needed.

What happens
    A budget becomes an order. Where hours bought for one person can be used for nobody else, whoever orders allows for
    what cannot be foreseen while the order stands. An order changes at a review if it is far enough out, after a lead
    time; or, where the terms let the care team or the person change it, it follows what is seen of the need, as often
    as they may, and downwards only at a review where the terms say so. While somebody is in hospital the
    order is paid for some days to hold the place. When somebody leaves, it is paid until notice and minimum term are
    over. When a service gives its packages back (see failures) no order with it is in force.

Equations
    order     = budget * exp(spread * sqrt(unforeseen) * Phi^-1(1 - 1 / unmet_hour_ratio)) where hours cannot be moved
    unforeseen = 1 - mean of need_persistence^(2 t) over the weeks t the order stands: 0 if it may change at once
    seen      = budget + need_seen_share * (need - budget): what a care team can see of a need
    team      : order' = order + (seen - order) / order_lead_weeks
    run-on    = max(notice_weeks, minimum_term_weeks - weeks the order has run)

Limiting case
    Needs that end with chance eta a week waste T - (1 - (1 - eta)^T) / eta weeks of a minimum term T (LOCK-1) and L
    weeks of notice (LOCK-3). The newsvendor quantile (POOL-4). tests/verify/test_contracts.py

Not modelled
    Price clauses; orders that are refused or bargained over; packages split between services.

Numbers
    data/parameters/contracts.yaml
"""

import numpy as np

from insource.by_part import complete, under_others
from insource.compiled import compiled, inlined, inner
from insource.rare import listed
from insource.rules.contract_terms import (
    cover_for_peaks,
    is_worth_changing,
    retained_days,
    run_on_weeks,
    towards,
    unforeseen_share,
    weeks_an_order_stands,
)
from insource.rules.needs import as_seen, spread_of_log
from insource.terms import CHOICES
from insource.units import DAYS_A_WEEK, WEEKS_A_YEAR

READS = {
    "people": (
        "person",
        "is_here",
        "is_new",
        "is_in_hospital",
        "at_home_minutes",
        "contact",
        "budget_minutes",
        "part",
        "provider",
    ),
    "providers": ("is_handing_back",),
    "donors": ("package_minutes",),
    "parts": (
        "minimum_term_weeks",
        "notice_weeks",
        "retainer_days",
        "order_changed_by",
        "order_lead_weeks",
        "order_change_weeks",
        "is_lowered_at_review",
        "hours_move_within",
    ),
}
WRITES = {
    "people": (
        "ordered_minutes",
        "pending_minutes",
        "pending_weeks",
        "order_weeks",
        "hospital_days",
        "retained_minutes",
        "run_on_weeks",
        "run_on_minutes",
        "is_in_force",
        "is_ending",
    ),
}
DRAWS = ()
POSTS = (
    "ordered_minutes",
    "retained_minutes",
    "run_on_minutes",
    "orders_raised",
    "orders_lowered",
    "orders_kept",
)

ASSESSED, REVIEWED = 1, 2
BY_SOCIAL_WORKER = CHOICES.order_changed_by.social_worker
NOWHERE = CHOICES.hours_move_within.person
CLOSED = -1


def start(area):
    """Recorded orders are in force, and have run long enough for any minimum term of a year to be over."""
    n = area.donors.package_minutes.shape[0]
    area.people.ordered_minutes[:n] = np.round(area.donors.package_minutes)
    area.people.order_weeks[:n] = WEEKS_A_YEAR


@compiled
def step(week, area):
    change_orders(week, area)
    run_on(week, area)
    pay_for(week, area)


@inner
def change_orders(week, area):
    """First orders, changes decided at reviews, changes that take effect, and what the care team changes itself."""
    people, providers, parts, numbers, books = area.people, area.providers, area.parts, area.numbers, area.books
    cover = cover_of_parts(parts, numbers)
    flags = np.empty(people.person.shape[0], np.int8)
    for i in range(people.person.shape[0]):
        people.is_in_force[i] = (people.is_new[i] == 0) & (people.is_here[i] == 1) & (people.provider[i] >= 0)
        flags[i] = (people.is_new[i] == 1) | (people.pending_weeks[i] > 0) | (people.contact[i] > 0)
    for i in range(people.person.shape[0] if providers.is_handing_back.any() else 0):
        people.is_in_force[i] &= providers.is_handing_back[max(people.provider[i], 0)] == 0
    for i in listed(flags):
        if people.is_new[i] == 1:
            people.ordered_minutes[i] = people.pending_weeks[i] = people.order_weeks[i] = 0
            people.hospital_days[i] = people.run_on_weeks[i] = 0
        if people.pending_weeks[i] > 0:
            people.pending_weeks[i] -= 1
            if people.pending_weeks[i] == 0 and people.is_here[i] == 1:
                people.ordered_minutes[i] = people.pending_minutes[i]
        if people.contact[i] > 0:
            wanted = int(people.budget_minutes[i] * cover[people.part[i]] + 1.0 / 2.0)
            decide(week, i, wanted, people, parts, numbers, books)
    for part in range(cover.shape[0]):
        if parts.order_changed_by[part] != BY_SOCIAL_WORKER:
            follow(week, part, cover[part], people, parts, numbers, flags)


@inner
def cover_of_parts(parts, numbers):
    """By what factor orders are set above what is expected, for as long as they must be taken to stand."""
    cover = np.ones(parts.notice_weeks.shape[0])
    for part in range(cover.shape[0]):
        if parts.hours_move_within[part] == NOWHERE:
            weeks = weeks_an_order_stands(
                parts.order_changed_by[part], parts.order_change_weeks[part], parts.order_lead_weeks[part], WEEKS_A_YEAR
            )
            unforeseen = unforeseen_share(numbers.need_persistence, weeks)
            cover[part] = cover_for_peaks(numbers.unmet_hour_ratio, spread_of_log(numbers.need_variation), unforeseen)
    return cover


@inner
def follow(week, part, cover, people, parts, numbers, flags):
    """Orders of a part on their way to what is seen of the need, when and as they may change; overwrites `flags`."""
    every, lead = int(parts.order_change_weeks[part]), parts.order_lead_weeks[part]
    is_only_raised = parts.is_lowered_at_review[part] == 1.0
    for i in range(people.person.shape[0]):
        flags[i] = (people.part[i] == part) & (people.is_in_force[i] == 1) & (people.is_in_hospital[i] == 0)
    for i in range(people.person.shape[0] if every > 1 else 0):
        flags[i] &= (week + people.person[i]) % every == 0
    for i in range(people.person.shape[0]):
        present = people.ordered_minutes[i]
        wanted = as_seen(people.budget_minutes[i], people.at_home_minutes[i], numbers.need_seen_share) * cover
        follows = (flags[i] == 1) & ((wanted >= present) | (not is_only_raised))
        people.ordered_minutes[i] = int(towards(present, wanted, lead) + 1.0 / 2.0) if follows else present


@inner
def run_on(week, area):
    """Orders of people who have left are paid until notice and minimum term are over."""
    people, parts, books = area.people, area.parts, area.books
    flags = np.empty(people.person.shape[0], np.int8)
    for i in range(people.person.shape[0]):
        people.run_on_minutes[i] = people.is_ending[i] = 0
        flags[i] = (people.is_here[i] == 0) & (people.ordered_minutes[i] != 0)
    for i in listed(flags):
        part = people.part[i]
        if people.order_weeks[i] != CLOSED:
            people.is_ending[i] = 1
            people.run_on_weeks[i] = 0
            if people.provider[i] >= 0:
                people.run_on_weeks[i] = run_on_weeks(
                    people.order_weeks[i], parts.minimum_term_weeks[part], parts.notice_weeks[part]
                )
            people.order_weeks[i] = CLOSED
        if people.run_on_weeks[i] == 0:
            people.ordered_minutes[i] = 0
            continue
        people.run_on_weeks[i] -= 1
        people.run_on_minutes[i] = people.ordered_minutes[i]
        books.run_on_minutes[week, part] += people.run_on_minutes[i]


@inner
def pay_for(week, area):
    """Orders in force this week, and what is paid to hold the places of people in hospital."""
    people, parts, books = area.people, area.parts, area.books
    n_parts = parts.notice_weeks.shape[0]
    ordered, retained = np.zeros(n_parts, np.int64), np.zeros(n_parts, np.int64)
    n = people.person.shape[0]
    flags, at_home = np.empty(n, np.int8), np.empty(n, np.int32)
    for i in range(n):
        at_home[i] = people.ordered_minutes[i] * people.is_in_force[i] * (1 - people.is_in_hospital[i])
        people.order_weeks[i] += people.is_in_force[i]
        people.retained_minutes[i] = 0
        people.hospital_days[i] *= people.is_in_hospital[i]
        flags[i] = people.is_in_hospital[i] & people.is_in_force[i]
    for i in under_others(people.part):
        ordered[people.part[i]] += at_home[i]
    complete(ordered, at_home)
    for i in listed(flags):
        days = retained_days(people.hospital_days[i], DAYS_A_WEEK, parts.retainer_days[people.part[i]])
        people.retained_minutes[i] = int(people.ordered_minutes[i] * days / DAYS_A_WEEK)
        people.hospital_days[i] += DAYS_A_WEEK
        retained[people.part[i]] += people.retained_minutes[i]
    for part in range(n_parts):
        books.ordered_minutes[week, part] += ordered[part]
        books.retained_minutes[week, part] += retained[part]


@inlined
def decide(week, i, wanted, people, parts, numbers, books):
    """A first order stands at once; at a review an order that is far enough out is changed after the lead time."""
    part = people.part[i]
    if people.contact[i] == ASSESSED:
        people.ordered_minutes[i] = wanted
        return
    present = people.ordered_minutes[i]
    if not is_worth_changing(present, wanted, numbers.review_change_threshold):
        books.orders_kept[week, part] += 1
        return
    people.pending_minutes[i] = wanted
    people.pending_weeks[i] = int(max(parts.order_lead_weeks[part], 1.0))
    books.orders_raised[week, part] += wanted > present
    books.orders_lowered[week, part] += wanted < present

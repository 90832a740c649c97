"""The week's visits: what is scheduled, what staff can give, and what meets a need.

What the articles say
    Hunter, point 2: bought care does only what was commissioned, so much is paid for that is not needed, while an
    in-house team shifts its input between people as their needs change. Bodmer: skeleton staffing.

What happens
    Each person at home and in care is scheduled for the hours on the order; where hours may be moved, for what staff
    see of this week's need, between the budget and the need. Staff at work can give so many visit minutes: their
    contract less holiday, training, travel and, in paid shifts, the gaps. In a short week they stretch, agencies cover
    part of what is missing, and the rest is not served, in proportion. Services in one pool share what they have. Some
    minutes are missed (see quality). Minutes that meet a need are used; unpaid carers make up for part of the rest.
    Paid by visits, some that are not needed are not made.

Equations
    capacity = people at work * available minutes / (1 + travel + gaps_ratio * paid_gaps_share)
    served   = min(1, (capacity * (1 + stretch_share) + agency) / scheduled), pool by pool
    used     = min(scheduled * served * (1 - missed), needed)
    needed   = used + unpaid + unmet;  ordered + flexed = used + unused

Limiting case
    Capacity for N people, pooled or not, is mean + z * spread * sqrt(N (1 + (N - 1) rho)) (POOL-1, POOL-2); k services
    over the same streets travel sqrt(k) times as far a visit (POOL-12). tests/verify/test_care.py

Not modelled
    The day: time windows, rotas and routes are in the law of travel and in `gaps_ratio`. Who visits whom. Skills.

Numbers
    data/parameters/care.yaml
"""

import numpy as np

from insource.by_part import complete, under_others
from insource.compiled import compiled, inlined, inner
from insource.rules.billing import is_paid_by_visit
from insource.rules.needs import as_seen
from insource.rules.pooling import share_served
from insource.rules.running_mean import running_mean
from insource.rules.staffing import available_minutes, days_of_leave, leave_ratio, visit_share
from insource.rules.travel import travel_minutes_a_visit, travel_ratio
from insource.terms import CHOICES
from insource.units import MINUTES_AN_HOUR

READS = {
    "people": (
        "is_here",
        "is_new",
        "is_in_care",
        "is_in_force",
        "is_in_hospital",
        "is_with_carer",
        "needed_minutes",
        "budget_minutes",
        "ordered_minutes",
        "provider",
        "part",
    ),
    "providers": ("patch_km2", "part", "pool", "present_posts", "missed_share", "promised_minutes", "shifted_minutes"),
    "council": ("staff_supply_ratio",),
    "parts": (
        "hours_move_within",
        "order_changed_by",
        "holiday",
        "paid_gaps_share",
        "training_hours",
        "visit_minutes",
        "gaps_ratio",
        "payment_basis",
    ),
}
WRITES = {
    "people": ("scheduled_minutes", "delivered_minutes", "used_minutes", "unpaid_minutes", "unmet_share"),
    "providers": (
        "scheduled_minutes",
        "capacity_minutes",
        "spare_minutes",
        "load_ratio",
        "demand_minutes",
        "served_ratio",
        "agency_share",
        "travel_ratio",
        "contact_minutes",
        "agency_minutes",
        "people_in_care",
        "moved_minutes",
    ),
    "council": ("unmet_minutes",),
}
DRAWS = ()
POSTS = (
    "scheduled_minutes",
    "delivered_minutes",
    "used_minutes",
    "unused_minutes",
    "flexed_minutes",
    "unpaid_minutes",
    "unmet_minutes",
    "contact_minutes",
    "agency_minutes",
)

NOWHERE = CHOICES.hours_move_within.person
BY_SOCIAL_WORKER = CHOICES.order_changed_by.social_worker


def start(area):
    """Services plan by the orders in force."""
    held, n = area.people.provider >= 0, area.providers.part.shape[0]
    orders = area.people.ordered_minutes[held]
    area.providers.demand_minutes[:] = np.bincount(area.people.provider[held], weights=orders, minlength=n)


@compiled
def step(week, area):
    providers, parts, numbers = area.providers, area.parts, area.numbers
    on_order = schedule(area.people, providers, parts, numbers)
    for j in range(on_order.shape[0]):
        plan(j, providers, parts, numbers)
    share_in_pools(providers, parts, numbers, area.council, on_order)
    deliver(week, area)


@inner
def schedule(people, providers, parts, numbers):
    """The minutes scheduled for each person and each service this week. Returns what each service has on order."""
    on_order, n = np.zeros(providers.part.shape[0], np.float64), people.is_here.shape[0]
    is_seen = parts.hours_move_within != NOWHERE
    is_moved = is_seen | (parts.order_changed_by != BY_SOCIAL_WORKER)
    providers.scheduled_minutes[:] = providers.moved_minutes[:] = providers.people_in_care[:] = 0
    is_on, is_visited, ordered = np.empty(n, np.int8), np.empty(n, np.int8), np.empty(n, np.int32)
    before = people.scheduled_minutes.copy()
    for i in range(n):
        is_on[i] = people.is_here[i] & people.is_in_care[i]
        is_visited[i] = is_on[i] & (1 - people.is_in_hospital[i])
        people.scheduled_minutes[i] = ordered[i] = people.ordered_minutes[i] * is_visited[i]
    for i in range(n if is_seen.any() else 0):
        seen = as_seen(people.budget_minutes[i], people.needed_minutes[i], numbers.need_seen_share)
        if is_seen[people.part[i]]:
            people.scheduled_minutes[i] = int(seen + 1.0 / 2.0) * (is_visited[i] == 1)
    for i in range(n):
        j = max(people.provider[i], 0)  # somebody without a service adds nothing, wherever that is counted
        providers.people_in_care[j] += is_on[i]
        on_order[j] += ordered[i]
        providers.scheduled_minutes[j] += people.scheduled_minutes[i]
    for i in range(n if is_moved.any() else 0):
        if (is_visited[i] == 1) & (before[i] > 0) & is_moved[people.part[i]]:
            providers.moved_minutes[people.provider[i]] += abs(people.scheduled_minutes[i] - before[i])
    return on_order


@inlined
def plan(j, providers, parts, numbers):
    """What one service's staff can give this week, and the running means it plans by."""
    part = providers.part[j]
    minutes = travel_minutes_a_visit(
        providers.patch_km2[j],
        float(providers.people_in_care[j]),
        numbers.door_minutes,
        numbers.speed_kmh,
        numbers.detour_ratio,
        numbers.travel_constant,
        numbers.travel_window_term,
    )
    providers.travel_ratio[j] = travel_ratio(minutes, parts.visit_minutes[part])
    days = days_of_leave(parts.holiday[part], numbers.statutory_leave_days, numbers.council_leave_days)
    contract = numbers.contract_hours * MINUTES_AN_HOUR
    available = available_minutes(contract, leave_ratio(days, numbers.days_worked_a_year), parts.training_hours[part])
    visits = available * visit_share(providers.travel_ratio[j], parts.gaps_ratio[part], parts.paid_gaps_share[part])
    scheduled = float(providers.scheduled_minutes[j])
    providers.capacity_minutes[j] = capacity = providers.present_posts[j] * visits
    providers.spare_minutes[j] = max(capacity - scheduled - providers.promised_minutes[j], 0.0)
    planned = max(providers.demand_minutes[j] + providers.shifted_minutes[j], 0.0)
    providers.demand_minutes[j] = running_mean(planned, scheduled, numbers.planning_weeks)
    load = min(scheduled / capacity, 2.0) if capacity > 0.0 else 1.0
    providers.load_ratio[j] = running_mean(providers.load_ratio[j], load, numbers.memory_weeks)


@inner
def share_in_pools(providers, parts, numbers, council, on_order):
    """What each pool can serve, and agencies' share: no more than is on order where only social workers change it."""
    most, scheduled, capacity = np.zeros_like(on_order), np.zeros_like(on_order), np.zeros_like(on_order)
    for j in range(on_order.shape[0]):
        scheduled[providers.pool[j]] += providers.scheduled_minutes[j]
        capacity[providers.pool[j]] += providers.capacity_minutes[j]
        is_free = parts.order_changed_by[providers.part[j]] != BY_SOCIAL_WORKER
        most[providers.pool[j]] += max(providers.scheduled_minutes[j], on_order[j]) if is_free else on_order[j]
    for j in range(on_order.shape[0]):
        wanted, allowed = scheduled[providers.pool[j]], min(scheduled[providers.pool[j]], most[providers.pool[j]])
        own = min(capacity[providers.pool[j]] * (1.0 + numbers.stretch_share), allowed)
        agency = (allowed - own) * min(numbers.agency_cover_share * council.staff_supply_ratio[0], 1.0)
        providers.served_ratio[j] = share_served(wanted, own + agency)
        providers.agency_share[j] = agency / (own + agency) if own + agency > 0.0 else 0.0


@inner
def deliver(week, area):
    """What reaches each person, and what it does for their need."""
    people, providers, parts, numbers, books = area.people, area.providers, area.parts, area.numbers, area.books
    n, n_parts = people.is_here.shape[0], parts.holiday.shape[0]
    given, unused, flexed = np.zeros_like(providers.contact_minutes), np.empty(n, np.int32), np.empty(n, np.int32)
    reaching, cut_short = providers.served_ratio * (1.0 - providers.missed_share), np.zeros(n_parts)
    reached, not_made = np.empty(n), np.empty(n)
    for part in range(n_parts):
        cut_short[part] = numbers.cut_short_share * is_paid_by_visit(parts.payment_basis[part])
    for i in range(n):
        reached[i], not_made[i] = reaching[max(people.provider[i], 0)], cut_short[people.part[i]]
    for i in range(n):  # whoever has no visits gets none of them
        minutes = int(people.scheduled_minutes[i] * reached[i] + 1.0 / 2.0)
        minutes -= int(max(minutes - people.needed_minutes[i], 0) * not_made[i])
        people.delivered_minutes[i] = minutes
    for i in range(n):
        given[max(people.provider[i], 0)] += people.delivered_minutes[i]
    for i in range(n):
        needed = people.needed_minutes[i]
        used = min(people.delivered_minutes[i], needed)
        unpaid = int((needed - used) * numbers.unpaid_backstop_share) * (people.is_with_carer[i] == 1)
        people.used_minutes[i], people.unpaid_minutes[i] = used, unpaid
        latest = (needed - used - unpaid) / max(needed, 1)
        before = people.unmet_share[i] if people.is_new[i] == 0 else 0.0
        people.unmet_share[i] = running_mean(before, latest, numbers.memory_weeks) if needed > 0 else before
    for i in range(n):
        used = people.used_minutes[i]
        on_order = people.ordered_minutes[i] * people.is_in_force[i] * (1 - people.is_in_hospital[i])
        unused[i], flexed[i] = max(on_order - used, 0), max(used - on_order, 0)
    all_delivered, all_used = np.zeros(n_parts, np.int64), np.zeros(n_parts, np.int64)
    all_unused, all_flexed = np.zeros(n_parts, np.int64), np.zeros(n_parts, np.int64)
    all_unpaid, all_needed = np.zeros(n_parts, np.int64), np.zeros(n_parts, np.int64)
    for i in under_others(people.part):
        part = people.part[i]
        all_delivered[part] += people.delivered_minutes[i]
        all_used[part] += people.used_minutes[i]
        all_unused[part] += unused[i]
        all_flexed[part] += flexed[i]
        all_unpaid[part] += people.unpaid_minutes[i]
        all_needed[part] += people.needed_minutes[i]
    books.delivered_minutes[week] += complete(all_delivered, people.delivered_minutes)
    books.used_minutes[week] += complete(all_used, people.used_minutes)
    books.unused_minutes[week] += complete(all_unused, unused)
    books.flexed_minutes[week] += complete(all_flexed, flexed)
    books.unpaid_minutes[week] += complete(all_unpaid, people.unpaid_minutes)
    unmet = complete(all_needed, people.needed_minutes) - all_used - all_unpaid
    books.unmet_minutes[week] += unmet
    area.council.unmet_minutes[0] = unmet.sum()
    for j, part in enumerate(providers.part):
        providers.agency_minutes[j] = int(given[j] * providers.agency_share[j])
        providers.contact_minutes[j] = given[j] - providers.agency_minutes[j]
        books.scheduled_minutes[week, part] += providers.scheduled_minutes[j]
        books.agency_minutes[week, part] += providers.agency_minutes[j]
        books.contact_minutes[week, part] += providers.contact_minutes[j]

"""Finding a service: who has room, who is asked, who is chosen on what is known, and who waits.

What the articles say
    Hunter: people must choose between services with little or no reliable information, workers may not advise them, and
    since budgets cannot pay for spare capacity people take what is available, if anything.

What happens
    People assessed who have no service are served in order of their wait, as long as there is time for finding
    services. The services of the person's zone and part of the delivery model are asked one after the other, the one
    that looks best first, until one has room; each call takes time. How a service looks is what is known of it, mostly
    noise, together with its published rating and how old that is. If none has room the person waits. Care starts in the
    week after a service has said yes. A service that hands back sends all its people here. Whoever goes on to another
    line stays with their present service until one of that line has room.

Equations
    known of service j = r * quality_j / spread of quality + sqrt(1 - r^2) * z
    r = signal_correlation, plus advice_gain where advice is allowed
    looks = what is to be expected of its quality from what is known and from its rating (rules/information.py)
    time  = call_hours * services asked, and placement_hours once one has room

Limiting case
    With room everywhere, the expected quality of the pick is r * spread * m_k, m_k the mean of the largest of k normals
    (CHOICE-3); with room at each of k services with chance a, nobody has room with chance (1 - a)^k (CHOICE-4) and
    (1 - (1 - a)^k) / a are asked (CHOICE-5). tests/verify/test_placement.py

Not modelled
    Wishes other than quality; switching from one service to another; self-funders; people who refuse. Whoever's order
    is larger than any room waits.

Numbers
    data/parameters/placement.yaml
"""

import numpy as np

from insource.by_part import complete, under_others
from insource.compiled import compiled, inlined, inner
from insource.draws import decisions, normal, uniform
from insource.people_moves import move_people, services_of
from insource.rare import listed
from insource.rules.information import expected_quality, in_spreads, signal, signal_correlation
from insource.rules.staff_time import placement_minutes
from insource.units import PER_THOUSAND

READS = {
    "people": (
        "person",
        "is_here",
        "is_new",
        "is_moved",
        "is_assessed",
        "is_in_hospital",
        "zone",
        "ordered_minutes",
        "part",
    ),
    "providers": (
        "part",
        "spare_minutes",
        "quality",
        "is_handing_back",
        "closed_weeks",
        "verdict",
        "rating_correlation",
    ),
    "council": ("brokerage_minutes",),
    "parts": (
        "first_provider",
        "services_per_zone",
        "services_to_next_zone",
        "line",
        "leaving_share",
        "is_advice_allowed",
    ),
}
WRITES = {
    "people": ("provider", "care_wait_weeks", "is_in_care"),
    "providers": ("asked_minutes", "promised_minutes", "shifted_minutes"),
    "council": ("sought_minutes",),
}
DRAWS = decisions("placement", "service", "signal", "queue")
POSTS = (
    "people_moved",
    "brokerage_minutes",
    "brokerage_calls",
    "placements",
    "placements_without_choice",
    "placements_not_preferred",
    "waiting_care",
    "in_care",
    "people_handed_back",
)

NOBODY = -1
HUNCH = 1.0 / PER_THOUSAND
"""Whoever knows nothing of two services still picks one: by what tells next to nothing."""


def start(area):
    """Recorded people are in care with one of the services of their part and zone, dealt by their own draw."""
    deal(int(area.people.is_here.sum()), area.people, columns_of_services(area.parts), area.luck)


@compiled
def deal(n, people, services, luck):
    """The first `n` people to a service each."""
    for i in range(n):
        first, count = services_of(people.part[i], people.zone[i], services)
        people.provider[i] = first + int(uniform(luck, DRAWS.service, people.person[i], 0) * count)
        people.is_in_care[i] = 1


@inlined
def columns_of_services(parts):
    """What says which services work in a zone."""
    return parts.first_provider, parts.services_per_zone, parts.services_to_next_zone


@compiled
def step(week, area):
    people, providers, books = area.people, area.providers, area.books
    providers.asked_minutes[:] = 0.0
    providers.promised_minutes[:] = 0.0
    providers.shifted_minutes[:] = 0
    if (area.parts.leaving_share > 0.0).any():
        books.people_moved[week] += move_people(DRAWS.service, columns_of_services(area.parts), area.parts.line, area)
    waiting, in_care, sent_back, seeking = count_people(people, providers, area.parts.line.shape[0])
    area.council.sought_minutes[0] = find_services(week, area, seeking, waiting)
    books.waiting_care[week] += waiting
    books.in_care[week] += in_care
    books.people_handed_back[week] += sent_back


@inner
def count_people(people, providers, n_parts):
    """Who is in care and who waits this week.

    Returns how many wait, are in care and are handed back, by part, and who can be served: rows of those who wait, or
    wait to change, and are not in hospital.
    """
    waiting, in_care, sent_back = np.zeros(n_parts, np.int64), np.zeros(n_parts, np.int64), np.zeros(n_parts, np.int64)
    serves = np.empty(providers.part.shape[0], np.int64)
    for j in range(providers.part.shape[0]):
        serves[j] = providers.part[j] if providers.is_handing_back[j] == 0 else NOBODY
    is_settled, is_unsettled = np.empty(people.person.shape[0], np.int8), np.empty(people.person.shape[0], np.int8)
    for i in range(people.person.shape[0]):
        is_known = (people.is_here[i] == 1) & (people.is_assessed[i] == 1)
        has_service = (people.is_new[i] == 0) & (people.provider[i] >= 0)
        is_settled[i] = is_known & has_service
        is_unsettled[i] = (people.is_new[i] == 1) | (people.is_moved[i] == 1) | (is_known & (not has_service))
    for i in range(people.person.shape[0]):
        people.is_in_care[i] |= is_settled[i]
        is_unsettled[i] |= is_settled[i] & (serves[max(people.provider[i], 0)] != people.part[i])
    rows, k = listed(is_unsettled), 0
    for i in rows:
        if people.is_new[i] == 1:
            people.provider[i], people.care_wait_weeks[i], people.is_in_care[i] = NOBODY, 0, 0
        if people.is_here[i] == 0 or people.is_assessed[i] == 0:
            continue
        if people.is_moved[i] == 1:
            people.care_wait_weeks[i] = 0
        j, part = people.provider[i], people.part[i]
        if j >= 0 and providers.is_handing_back[j] == 1:
            people.provider[i], people.care_wait_weeks[i], people.is_in_care[i] = NOBODY, 0, 0
            is_settled[i] = 0
            sent_back[part] += 1
            j = NOBODY
        if j >= 0 and providers.part[j] == part:
            continue
        people.care_wait_weeks[i] += 1
        waiting[part] += j == NOBODY
        if people.is_in_hospital[i] == 0:
            rows[k] = i
            k += 1
    for i in under_others(people.part):
        in_care[people.part[i]] += is_settled[i]
    return waiting, complete(in_care, is_settled), sent_back, rows[:k]


@inner
def find_services(week, area, rows, waiting):
    """Serve those waiting for a service in order of their wait, while there is time. Returns the minutes spent.

    `rows` are those who can be served; `waiting`, by part, is made less by those for whom a service was found.
    """
    people, providers, parts, numbers = area.people, area.providers, area.parts, area.numbers
    luck, books = area.luck, area.books
    order = np.empty(rows.shape[0], np.float64)
    for k, i in enumerate(rows):
        order[k] = uniform(luck, DRAWS.queue, people.person[i], week) - people.care_wait_weeks[i]
    budget, services = area.council.brokerage_minutes[0], columns_of_services(parts)
    looks = np.empty(int(parts.services_per_zone.max()))
    spent = 0.0
    for k in np.argsort(order):
        if spent >= budget:
            break
        i = rows[k]
        part, ordered = people.part[i], people.ordered_minutes[i]
        first, count = services_of(part, people.zone[i], services)
        asked, with_room, is_waiting = 0, 0, people.provider[i] == NOBODY
        for j in range(first, first + count):
            spare = providers.spare_minutes[j] - providers.promised_minutes[j]
            asked += providers.closed_weeks[j] <= 0
            with_room += has_room(providers.closed_weeks[j], spare, ordered)
        if with_room == 0:
            for j in range(first, first + count):
                providers.asked_minutes[j] += ordered * (providers.closed_weeks[j] <= 0)
        else:
            best, asked = best_looking(week, people.person[i], part, ordered, first, count, area, looks)
            people.provider[i] = best
            providers.promised_minutes[best] += ordered
        minutes = placement_minutes(numbers.placement_hours * (with_room > 0), numbers.call_hours, asked)
        spent += minutes
        books.brokerage_minutes[week, part] += int(minutes)
        books.brokerage_calls[week, part] += asked
        books.placements[week, part] += with_room > 0
        books.placements_without_choice[week, part] += with_room == 1
        books.placements_not_preferred[week, part] += (with_room > 0) & (asked > 1)
        waiting[part] -= (with_room > 0) & is_waiting
    return spent


@inner
def best_looking(week, who, part, ordered, first, count, area, looks):
    """The service with room that looks best, and how many are asked until then, in the order they look good.

    Services that are closed are known to be, and are not asked. `looks` is a place to write down looks, which matter
    only where one has room.
    """
    providers, parts, numbers, luck = area.providers, area.parts, area.numbers, area.luck
    told = signal_correlation(numbers.signal_correlation, parts.is_advice_allowed[part], numbers.advice_gain)
    known = max(told * (numbers.quality_spread > 0.0), HUNCH)
    best, best_look, asked = NOBODY, -np.inf, 0
    for j in range(first, first + count):
        noise = normal(luck, DRAWS.signal, who, week, j)
        own = signal(in_spreads(providers.quality[j], numbers.quality_spread), known, noise)
        look = expected_quality(own, known, providers.verdict[j], providers.rating_correlation[j])
        looks[j - first] = look
        spare = providers.spare_minutes[j] - providers.promised_minutes[j]
        if look > best_look and has_room(providers.closed_weeks[j], spare, ordered):
            best, best_look = j, look
    for j in range(first, first + count):
        asked += (providers.closed_weeks[j] <= 0) & (looks[j - first] >= best_look)
    return best, asked


@inlined
def has_room(closed_weeks, spare_minutes, ordered_minutes):
    """Whether a service is open and has room for a person."""
    return (closed_weeks <= 0) & (spare_minutes >= ordered_minutes)

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
    (1 - (1 - a)^k) / a are asked (CHOICE-5).
    tests/verify/test_placement.py

Not modelled
    Wishes of people other than quality; switching from one service to another; self-funders; people who refuse.
    Somebody whose order is larger than any service's room waits until it is not.

Numbers
    data/parameters/placement.yaml
"""

import numpy as np

from insource.compiled import compiled, inlined, inner
from insource.draws import decisions, normal, uniform
from insource.rules.information import expected_quality, signal, signal_correlation
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
    people, luck = area.people, area.luck
    for i in range(int(people.is_here.sum())):
        who = people.person[i]
        first, services = services_of(people.part[i], people.zone[i], area.parts)
        people.provider[i] = first + int(uniform(luck, DRAWS.service, who, 0) * services)
        people.is_in_care[i] = 1


@inlined
def services_of(part, zone, parts):
    """The services that work in a zone under a part: number of the first, and how many there are."""
    services = int(parts.services_per_zone[part])
    return int(parts.first_provider[part]) + zone * int(parts.services_to_next_zone[part]), services


@compiled
def step(week, area):
    people, providers, books = area.people, area.providers, area.books
    n_parts = area.parts.services_per_zone.shape[0]
    providers.asked_minutes[:] = 0.0
    providers.promised_minutes[:] = 0.0
    providers.shifted_minutes[:] = 0
    if (area.parts.leaving_share > 0.0).any():
        move_people(week, area)
    waiting = np.zeros(n_parts, np.int64)
    in_care, sent_back = np.zeros(n_parts, np.int64), np.zeros(n_parts, np.int64)
    queue = 0
    for i in range(people.person.shape[0]):
        if people.is_new[i] == 1:
            people.provider[i], people.care_wait_weeks[i], people.is_in_care[i] = NOBODY, 0, 0
        if people.is_here[i] == 0 or people.is_assessed[i] == 0:
            continue
        j = people.provider[i]
        if people.is_moved[i] == 1:
            people.care_wait_weeks[i] = 0
        if j >= 0:
            if providers.is_handing_back[j] == 0:
                people.is_in_care[i] = 1
                in_care[people.part[i]] += 1
                if providers.part[j] != people.part[i]:
                    people.care_wait_weeks[i] += 1
                    queue += people.is_in_hospital[i] == 0
                continue
            people.provider[i], people.care_wait_weeks[i], people.is_in_care[i] = NOBODY, 0, 0
            sent_back[people.part[i]] += 1
        people.care_wait_weeks[i] += 1
        waiting[people.part[i]] += 1
        queue += people.is_in_hospital[i] == 0

    spent = find_services(week, area, queue, waiting)
    area.council.sought_minutes[0] = spent
    books.waiting_care[week] += waiting
    books.in_care[week] += in_care
    books.people_handed_back[week] += sent_back


@inner
def find_services(week, area, queue, waiting):
    """Serve those waiting for a service in order of their wait, while there is time. Returns the minutes spent.

    `queue` is how many can be served; `waiting`, by part, is made less by those for whom a service was found.
    """
    people, providers, parts, numbers = area.people, area.providers, area.parts, area.numbers
    luck, books = area.luck, area.books
    rows = np.empty(queue, np.int64)
    order = np.empty(queue, np.float64)
    k = 0
    for i in range(people.person.shape[0] if queue > 0 else 0):
        if people.is_here[i] == 0 or people.is_assessed[i] == 0 or people.is_in_hospital[i] == 1:
            continue
        if people.provider[i] == NOBODY or providers.part[people.provider[i]] != people.part[i]:
            rows[k] = i
            order[k] = uniform(luck, DRAWS.queue, people.person[i], week) - people.care_wait_weeks[i]
            k += 1
    budget = area.council.brokerage_minutes[0]
    looks = np.empty(int(parts.services_per_zone.max()))
    spent = 0.0
    for k in np.argsort(order):
        if spent >= budget:
            break
        i = rows[k]
        part = people.part[i]
        is_waiting = people.provider[i] == NOBODY
        asked, with_room = ask_services(week, i, people, providers, parts, numbers, luck, looks)
        j = people.provider[i]
        found = (j >= 0) & (providers.part[max(j, 0)] == part)
        minutes = placement_minutes(numbers.placement_hours * found, numbers.call_hours, asked)
        spent += minutes
        books.brokerage_minutes[week, part] += int(minutes)
        books.brokerage_calls[week, part] += asked
        books.placements[week, part] += found
        books.placements_without_choice[week, part] += with_room == 1
        books.placements_not_preferred[week, part] += found & (asked > 1)
        waiting[part] -= found & is_waiting
    return spent


@inlined
def ask_services(week, i, people, providers, parts, numbers, luck, looks):
    """Ask the services of the person's part and zone in the order they look good, until one has room.

    Returns (services asked, services that had room). Services that are closed are known to be, and are not asked.
    `looks` is room to write down how each of them looks.
    """
    part = people.part[i]
    known = signal_correlation(numbers.signal_correlation, parts.is_advice_allowed[part], numbers.advice_gain)
    known = max(known, HUNCH)
    best = NOBODY
    best_look = -np.inf
    with_room = 0
    first, services = services_of(part, people.zone[i], parts)
    for j in range(first, first + services):
        z = normal(luck, DRAWS.signal, people.person[i], week, j)
        own = signal(providers.quality[j] / numbers.quality_spread, known, z)
        look = expected_quality(own, known, providers.verdict[j], providers.rating_correlation[j])
        looks[j - first] = look
        room = providers.spare_minutes[j] - providers.promised_minutes[j]
        if providers.closed_weeks[j] > 0 or room < people.ordered_minutes[i]:
            continue
        with_room += 1
        if look > best_look:
            best = j
            best_look = look
    asked = 0
    for j in range(first, first + services):
        if providers.closed_weeks[j] > 0 or looks[j - first] < best_look:
            continue
        asked += 1
        if best == NOBODY:
            providers.asked_minutes[j] += people.ordered_minutes[i]
    if best != NOBODY:
        people.provider[i] = best
        providers.promised_minutes[best] += people.ordered_minutes[i]
    return asked, with_room


@inner
def move_people(week, area):
    """Shares have changed: people whose part is another now go to a service of that part, their orders with them."""
    people, providers, luck, books = area.people, area.providers, area.luck, area.books
    for i in range(people.person.shape[0]):
        j, part = people.provider[i], people.part[i]
        if people.is_here[i] == 0 or people.is_new[i] == 1 or j < 0 or providers.part[j] == part:
            continue
        if area.parts.line[providers.part[j]] != area.parts.line[part]:
            continue
        first, services = services_of(part, people.zone[i], area.parts)
        to = first + int(uniform(luck, DRAWS.service, people.person[i], 0) * services)
        people.provider[i] = to
        providers.shifted_minutes[j] -= people.ordered_minutes[i]
        providers.shifted_minutes[to] += people.ordered_minutes[i]
        books.people_moved[week, part] += 1

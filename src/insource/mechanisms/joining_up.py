"""How many services and faces surround a person, and what it takes to keep them in step.

What the articles say
    Hunter, point 5: buying services leads to a proliferation of providers around one person, and makes it harder to
    join services up.

What happens
    When care starts, a large package may take several services, as far as the terms allow and as there are services in
    the zone; some people have another service besides (a nurse, a day centre) under every model. Each pair of them
    must be kept in step: time of the services and of the council. Each pair may drop something in a week; it is put
    right a week later. A person is visited by a regular team as large as the terms allow; hours that are moved between
    people, holidays, sickness and agency staff bring others: whoever is free among the staff who may be sent.

Equations
    links       = n (n - 1) / 2, n services and others around the person
    error       = 1 - (1 - hand_off_error_share)^links in a week: hand_off_loss_minutes of further need
    regular     = (1 - moved) * (1 - away) * (1 - agency), the share of visits by the regular team
    continuity  = regular^2 / most_faces + (1 - regular)^2 / others, over the number of services (COC)
    faces       = different workers to be expected in a fortnight, from both groups

Limiting case
    With one service, no errors and no time spent, nothing changes. Where whoever is free comes (most_faces 0) COC is
    1 / m in a team of m (FRAG-2), so a larger pool means less of it. tests/verify/test_joining_up.py

Not modelled
    Visits of a second and third service stay on the books and in the rota of the first: splitting costs coordination,
    and does not find room. Who in particular comes. Teams that differ by package; social workers' time on joining up.

Numbers
    data/parameters/joining_up.yaml
"""

import numpy as np

from insource.compiled import compiled, inlined, inner
from insource.draws import decisions, fill_uniform, uniform
from insource.rare import listed
from insource.rules.fragmentation import (
    another_service_chance,
    error_free_share,
    faces_of_a_mixed_team,
    links,
    log_not_met,
    regular_share,
    regular_team_continuity,
    services_needed,
)
from insource.rules.staffing import days_of_leave
from insource.units import MICRO, MINUTES_AN_HOUR, WEEKS_A_QUARTER

READS = {
    "people": ("person", "is_in_care", "part", "provider", "ordered_minutes", "scheduled_minutes"),
    "providers": ("part", "pool", "filled_posts", "present_posts", "agency_share", "scheduled_minutes"),
    "parts": ("services_per_zone", "most_services", "most_faces", "holiday", "visit_minutes"),
}
WRITES = {
    "people": ("services", "parties", "error_minutes"),
    "providers": ("continuity", "coordination_minutes"),
    "council": ("coordination_minutes",),
}
DRAWS = decisions("joining_up", "services", "others", "error")
POSTS = (
    "services_around",
    "people_visited",
    "continuity",
    "faces",
    "people_counted",
    "coordination_minutes",
    "hand_off_errors",
    "error_minutes",
)

MOST_PARTIES = 2 * 2
"""Three services and one other."""


def start(area):
    """Recorded people have as many services around them as their packages take."""
    surround_all(area.people, area.parts, area.numbers, area.luck)
    area.providers.continuity[:] = area.numbers.usual_continuity


@compiled
def surround_all(people, parts, numbers, luck):
    """Services, and others, around everybody in care."""
    for i in range(people.person.shape[0]):
        if people.is_in_care[i]:
            surround(i, people, parts, numbers, luck)


@inlined
def surround(i, people, parts, numbers, luck):
    """How many services, and others, are around somebody whose care starts."""
    part, who = people.part[i], people.person[i]
    usual = numbers.usual_package_hours * MINUTES_AN_HOUR
    chance = another_service_chance(people.ordered_minutes[i], usual, numbers.second_service_share)
    most = min(parts.most_services[part], parts.services_per_zone[part])
    people.services[i] = services_needed(uniform(luck, DRAWS.services, who, 0), chance, most)
    has_other = uniform(luck, DRAWS.others, who, 0) < numbers.other_service_share
    people.parties[i] = people.services[i] + has_other


@compiled
def step(week, area):
    moved, people_with = join_up(week, area)
    regular, regulars, others = teams(moved, area.providers, area.parts, area.numbers)
    write_down(week, people_with, area.providers, area.books)
    if week % WEEKS_A_QUARTER == 0:
        count_faces(week, area, regular, regulars, others)


@inner
def join_up(week, area):
    """Surround those whose care starts; time to keep services in step, and what is dropped all the same.

    Returns the minutes each service moves between people, and how many people it has by how many services share their
    visits.
    """
    people, providers, parts, council = area.people, area.providers, area.parts, area.council
    numbers, luck, books = area.numbers, area.luck, area.books
    coordinating = np.empty(MOST_PARTIES + 1, np.int64)
    failing = np.empty(MOST_PARTIES + 1, np.float64)
    for parties in range(MOST_PARTIES + 1):
        coordinating[parties] = int(links(parties) * numbers.coordination_hours * MINUTES_AN_HOUR + 1.0 / 2.0)
        failing[parties] = 1.0 - error_free_share(parties, numbers.hand_off_error_share)
    n = people.person.shape[0]
    flags = np.empty(n, np.int8)
    for i in range(n):
        people.error_minutes[i] = 0
        people.services[i] *= people.is_in_care[i]
        flags[i] = people.is_in_care[i] > people.services[i]
    for i in listed(flags):
        surround(i, people, parts, numbers, luck)
    around = count_around(people, providers)
    moved = minutes_moved(people, providers)
    if numbers.hand_off_error_share > 0.0:
        draws = np.empty(n, np.float64)
        fill_uniform(luck, DRAWS.error, people.person, week, draws)
        most = failing.max()
        for i in range(n):
            flags[i] = (draws[i] < most) & (people.scheduled_minutes[i] > 0) & (people.parties[i] > 1)
        for i in listed(flags):
            if draws[i] < failing[people.parties[i]]:
                part = providers.part[people.provider[i]]
                people.error_minutes[i] = int(numbers.hand_off_loss_minutes)
                books.hand_off_errors[week, part] += 1
                books.error_minutes[week, part] += people.error_minutes[i]
    council.coordination_minutes[0] = 0.0
    people_with = np.zeros((providers.part.shape[0], MOST_PARTIES), np.int64)
    for j in range(providers.part.shape[0]):
        minutes = 0
        for services in range(MOST_PARTIES):
            people_with[j, services] = around[j, services, 0] + around[j, services, 1]
            for others in range(2):
                minutes += around[j, services, others] * coordinating[services + others]
        by_council = minutes * numbers.council_coordination_share
        providers.coordination_minutes[j] = minutes - by_council
        council.coordination_minutes[0] += by_council
        books.coordination_minutes[week, providers.part[j]] += minutes
    return moved, people_with


@inner
def count_around(people, providers):
    """How many people each service visits this week, by how many services and how many others are around them."""
    n = people.person.shape[0]
    around = np.zeros((providers.part.shape[0], MOST_PARTIES, 2), np.int64)
    places, counts = np.empty(n, np.uint64), around.reshape(-1)
    for i in range(n):
        others = people.parties[i] - people.services[i]
        place = (max(people.provider[i], 0) * MOST_PARTIES + people.services[i]) * 2 + others
        places[i] = place * (people.scheduled_minutes[i] > 0)  # the first place is nobody's: for those without visits
    for place in places:
        counts[place] += 1
    counts[0] = 0
    return around


@inner
def minutes_moved(people, providers):
    """The minutes each service gives people this week beyond what is on their orders."""
    n = people.person.shape[0]
    moved, beyond = np.zeros(providers.part.shape[0], np.int64), np.empty(n, np.int64)
    for i in range(n):
        beyond[i] = max(people.scheduled_minutes[i] - people.ordered_minutes[i], 0) * (people.scheduled_minutes[i] > 0)
    for i in range(n if beyond.any() else 0):
        moved[max(people.provider[i], 0)] += beyond[i]
    return moved


@inner
def teams(moved, providers, parts, numbers):
    """Each service's regular team and others who may be sent, the share of visits left to the first, and its COC."""
    n = providers.part.shape[0]
    staff = np.zeros(n, np.float64)
    regular, regulars, others = np.zeros(n, np.float64), np.zeros(n, np.float64), np.zeros(n, np.float64)
    for j in range(n):
        staff[providers.pool[j]] += providers.filled_posts[j]
    for j in range(n):
        part = providers.part[j]
        team = max(staff[providers.pool[j]], 1.0)
        regulars[j] = min(parts.most_faces[part], team)
        others[j] = max(team - regulars[j], 1.0)
        days = days_of_leave(parts.holiday[part], numbers.statutory_leave_days, numbers.council_leave_days)
        at_work = providers.present_posts[j] / max(providers.filled_posts[j], 1)
        away = 1.0 - at_work * (1.0 - days / numbers.days_worked_a_year)
        if regulars[j] > 0.0:
            regular[j] = regular_share(
                moved[j] / max(providers.scheduled_minutes[j], 1), away, providers.agency_share[j]
            )
        providers.continuity[j] = regular_team_continuity(regular[j], regulars[j], others[j])
    return regular, regulars, others


@inner
def write_down(week, people_with, providers, books):
    """How many services, and how much continuity, people have this week; visits are shared evenly among services."""
    for j in range(providers.part.shape[0]):
        part = providers.part[j]
        continuity = int(providers.continuity[j] * MICRO)
        for services in range(1, MOST_PARTIES):
            count = people_with[j, services]
            books.services_around[week, part] += count * services
            books.people_visited[week, part] += count
            books.continuity[week, part] += count * (continuity // services)


@inner
def count_faces(week, area, regular, regulars, others):
    """Once a quarter: how many different workers each person is to expect in a fortnight."""
    people, books, visit_minutes = area.people, area.books, area.parts.visit_minutes
    of_regulars, of_others = np.empty_like(regulars), np.empty_like(others)
    for j in range(regulars.shape[0]):
        of_regulars[j], of_others[j] = log_not_met(regulars[j]), log_not_met(others[j])
    j = np.maximum(people.provider, 0)
    share, team, rest = regular[j], regulars[j], others[j]  # of each person's service, beside that person
    of_team, of_rest, minutes = of_regulars[j], of_others[j], visit_minutes[people.part]
    flags, met = np.empty(j.shape[0], np.int8), np.empty(j.shape[0], np.float64)
    for i in range(j.shape[0]):
        services = max(people.services[i], 1)
        visits = 2.0 * people.scheduled_minutes[i] / minutes[i] / services
        met[i] = services * faces_of_a_mixed_team(share[i], team[i], rest[i], of_team[i], of_rest[i], visits)
        flags[i] = people.scheduled_minutes[i] > 0
    for i in listed(flags):
        books.faces[week, people.part[i]] += int(met[i] * MICRO)
        books.people_counted[week, people.part[i]] += 1

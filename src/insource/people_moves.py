"""The services of somebody's zone, and people who go to another when shares of delivery change."""

import numpy as np

from insource.compiled import inlined, inner
from insource.draws import uniform


@inlined
def services_of(part, zone, services):
    """The services that work in a zone under a part: number of the first, and how many there are.

    `services` are three columns of the parts: the first, how many a zone has, how far on the next zone's are.
    """
    first, per_zone, to_next_zone = services
    return int(first[part]) + zone * int(to_next_zone[part]), int(per_zone[part])


@inner
def move_people(decision, services, line, area):
    """Shares have changed: people whose part is another now go to a service of that part, their orders with them.

    Returns how many, by part. `area` is the view of whoever owns the people's services; `decision` deals them to the
    services of the zone; `line` is the line of each part.
    """
    people, providers = area.people, area.providers
    moved = np.zeros(line.shape[0], np.int64)
    for i in range(people.person.shape[0]):
        j, part = people.provider[i], people.part[i]
        if people.is_here[i] == 0 or people.is_new[i] == 1 or j < 0 or providers.part[j] == part:
            continue
        if line[providers.part[j]] != line[part]:
            continue
        first, count = services_of(part, people.zone[i], services)
        to = first + int(uniform(area.luck, decision, people.person[i], 0) * count)
        people.provider[i] = to
        providers.shifted_minutes[j] -= people.ordered_minutes[i]
        providers.shifted_minutes[to] += people.ordered_minutes[i]
        moved[part] += 1
    return moved

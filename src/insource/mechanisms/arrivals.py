"""People ask for help.

What the articles say
    Nothing of arrivals as such. The area needs them so that the number of people does not run down, and so that
    assessment, brokerage and choice have work to do every week. (Bodmer's point that cut prevention brings more people
    is made in `budget`, which hands its ratio over here.)

What happens
    Each week a Poisson number of people ask for help at home. A newcomer is like somebody already recorded in the
    place (line, age band, zone, unpaid carer, size of need), picked in proportion to how fast people like that leave,
    so that the mix of the area does not drift. Everybody is on a line of service (some newcomers on that of reablement
    first, until it is over) and falls to one of its parts of the delivery model by chance, and stays with it.
    Rows of people who have left are used again once nothing more is paid for them. Prevention and a council short of
    money move how many come and how many of them are let in.

Equations
    asking(week) = arrivals_a_week * entry_ratio * exp(log(1 + demand_growth_rate) * week / 52)
    let in ~ Poisson(asking * eligible_share), turned away ~ Poisson(asking * (1 - eligible_share))
    arrivals_a_week = sum over recorded people of the chance that they leave in a week,
                      over 1 - usual_reablement_share * share_independent (some come and soon need nothing more)
    chance(like recorded person i) = newcomers that replace i / all newcomers

Limiting case
    With one leaving chance eta for all and no growth, the number of people is Poisson with mean arrivals / eta
    (M/G/infinity; test MGI-1: 3 a week, eta .01 -> 300, variance 300). tests/verify/test_arrivals.py

Not modelled
    Seasons. People who ask and are turned away: `assessments_per_start` in social work carries their work.
    Newcomers who differ from those already there. What becomes of people turned away.

Numbers
    data/parameters/arrivals.yaml
"""

import numpy as np

from insource.compiled import compiled, inlined, inner
from insource.draws import FIRST_NEWCOMER, decisions, poisson, uniform
from insource.rare import listed
from insource.rules.independence import share_independent
from insource.rules.leaving import by_age, chance_to_leave
from insource.rules.rates import grown
from insource.terms import LINE, LINES

READS = {
    "people": ("is_here", "run_on_weeks", "is_independent", "reablement_weeks"),
    "donors": ("person", "line", "age_band", "zone", "is_with_carer"),
    "council": ("entry_ratio", "eligible_share"),
    "parts": ("line", "share_to", "leaving_share", "services_per_zone", "reablement_ratio"),
}
WRITES = {
    "people": ("person", "is_open", "is_new", "is_moved", "donor", "age_band", "zone", "is_with_carer", "line", "part"),
    "donors": ("inflow_share",),
    "council": ("arrivals_a_week", "is_full"),
}
DRAWS = decisions("arrivals", "number", "likeness", "part", "reablement", "turned_away")
POSTS = ("people_arrived", "people_turned_away")

HOME_CARE, REABLEMENT = LINE.home_care, LINE.reablement


def start(area):
    """The recorded people take the first rows; arrivals replace those expected to leave."""
    people, donors, numbers = area.people, area.donors, area.numbers
    n = donors.person.shape[0]
    ends_rates = [numbers.support_ends_rate] * len(LINES)
    ends_rates[LINE.supported_living] = numbers.supported_living_ends_rate
    leaving = np.array(
        [
            [
                chance_to_leave(
                    by_age(age_band, numbers.death_rate_18_64, numbers.death_rate_65_plus),
                    by_age(age_band, numbers.care_home_rate_18_64, numbers.care_home_rate_65_plus),
                    ends_rate,
                )
                for age_band in range(donors.age_band.max() + 1)
            ]
            for ends_rate in ends_rates
        ]
    )[donors.line, donors.age_band]
    independent = share_independent(numbers.reablement_hours_ratio, numbers.reablement_ending_share)
    helped = numbers.usual_reablement_share * independent * (donors.line == HOME_CARE)
    coming = leaving / (1.0 - helped)
    donors.inflow_share[:] = np.cumsum(coming) / max(coming.sum(), np.finfo(float).tiny)
    area.council.arrivals_a_week[0] = coming.sum()
    people.person[:n] = donors.person
    people.is_open[:n] = 1
    people.donor[:n] = np.arange(n)
    people.age_band[:n] = donors.age_band
    people.zone[:n] = donors.zone
    people.is_with_carer[:n] = donors.is_with_carer
    people.line[:n] = donors.line
    deal_parts(people, donors, area.parts, area.luck)


@compiled
def deal_parts(people, donors, parts, luck):
    """Everybody recorded to a part of the delivery model."""
    for i in range(donors.person.shape[0]):
        people.part[i] = part_of(donors.person[i], donors.line[i], parts.line, parts.share_to, luck)


@inlined
def part_of(who, line, line_of_part, share_to, luck):
    """The part of the delivery model this person is cared for under: the same for life on a line of service."""
    u = uniform(luck, DRAWS.part, who, 0)
    chosen = -1
    for part in range(share_to.shape[0]):
        if line_of_part[part] == line and (chosen < 0 or u >= share_to[chosen]):
            chosen = part
    return chosen


@inlined
def first_line(who, line, area):
    """The line somebody who comes for care on a line begins on, and their part of it: reablement for some at home."""
    parts = area.parts
    part = part_of(who, line, parts.line, parts.share_to, area.luck)
    share = area.numbers.usual_reablement_share * parts.reablement_ratio[part] * (line == HOME_CARE)
    if uniform(area.luck, DRAWS.reablement, who, 0) < share:
        first = part_of(who, REABLEMENT, parts.line, parts.share_to, area.luck)
        if first >= 0 and parts.services_per_zone[first] > 0:
            return REABLEMENT, first
    return line, part


@compiled
def step(week, area):
    people, donors, council, numbers, luck = area.people, area.donors, area.council, area.numbers, area.luck
    line_of_part, share_to = area.parts.line, area.parts.share_to
    asking = council.arrivals_a_week[0] * council.entry_ratio[0] * grown(numbers.demand_growth_rate, week)
    expected = asking * council.eligible_share[0]
    coming = poisson(expected, luck, DRAWS.number, 0, week)
    turned_away = poisson(asking - expected, luck, DRAWS.turned_away, 0, week)
    come = 0
    if (area.parts.leaving_share > 0.0).any():
        change_parts(people, line_of_part, share_to, luck)
    flags = np.empty(people.person.shape[0], np.int8)
    for i in range(people.person.shape[0]):
        people.is_new[i] = people.is_moved[i] = 0
        may_be_over = (people.line[i] == REABLEMENT) & (people.reablement_weeks[i] == 0)
        flags[i] = may_be_over | (people.is_open[i] == 0) | (people.is_here[i] == 0)
    for i in listed(flags):
        is_over = (people.line[i] == REABLEMENT) & (people.reablement_weeks[i] == 0) & (people.is_independent[i] == 0)
        if is_over & (people.is_here[i] == 1):
            people.is_moved[i] = 1
            people.line[i] = donors.line[people.donor[i]]
            people.part[i] = part_of(people.person[i], people.line[i], line_of_part, share_to, luck)
        if people.is_open[i] == 1 and people.is_here[i] == 0 and people.run_on_weeks[i] == 0:
            people.is_open[i] = 0
        if people.is_open[i] == 0 and come < coming:
            number = (week + 1) * FIRST_NEWCOMER + come
            u = uniform(luck, DRAWS.likeness, number, week)
            like = min(np.searchsorted(donors.inflow_share, u), donors.person.shape[0] - 1)
            people.person[i] = number
            people.is_open[i] = 1
            people.is_new[i] = 1
            people.donor[i] = like
            people.age_band[i] = donors.age_band[like]
            people.zone[i] = donors.zone[like]
            people.is_with_carer[i] = donors.is_with_carer[like]
            people.line[i], people.part[i] = first_line(number, donors.line[like], area)
            come += 1
    if come < coming:
        council.is_full[0] = 1
    area.books.people_arrived[week, 0] += come
    area.books.people_turned_away[week, 0] += turned_away


@inner
def change_parts(people, line_of_part, share_to, luck):
    """The shares of parts have changed: everybody is under the part that their own draw now falls to."""
    for i in range(people.person.shape[0]):
        if people.is_open[i] == 1 and people.is_here[i] == 1:
            people.part[i] = part_of(people.person[i], people.line[i], line_of_part, share_to, luck)

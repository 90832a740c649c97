"""Each person's need for help moves from week to week; people fall ill, recover, die or move away.

What the articles say
    Hunter, point 2: needs fluctuate, and what matters is whether the hours can follow them. So needs must fluctuate
    here, one person by one and all together, at a strength that is an assumption with a wide range.

What happens
    A person has an ordinary level of need, fixed by what was on their order when the run starts (or that of the person
    a newcomer is like) and by how far such orders miss the need. Around it the need drifts from week to week, partly
    for this person alone and partly for everybody (winter, heat). A stay in hospital stops care at home; afterwards
    some people need more for a while. People leave by death, a care home, or because support
    ends, which in supported living it seldom does.

Equations
    deviation' = need_persistence * deviation + sqrt(1 - need_persistence^2) * s_own * z
    minutes    = exp(level + deviation + s_common * common + lift - independence_gain)
    s_own^2 + s_common^2 = log(1 + need_variation^2), s_common^2 / (both) = need_correlation
    level of a recorded person = log(package) + residual * z - residual^2 / 2 (mean need = mean package)
    lift after hospital = decline_lift with chance decline_after_hospital_share; fades by exp(-1 / recovery_weeks)
    a newcomer starts entry_peak standard deviations above their ordinary level

Limiting case
    Without hospital, newcomers and exits a person's logarithm of need is a stationary AR(1) (NEED-1); the mean peak of
    a newcomer fades as need_persistence^t (POOL-8); causes of leaving split by their rates (WORK-6).
    tests/verify/test_needs.py

Not modelled
    Lasting decline or recovery with age or with care given; deaths that depend on care; need that differs by day.
    Hours are the hours of care workers: a visit by two counts twice.

Numbers
    data/parameters/needs.yaml
"""

import math

import numpy as np

from insource.compiled import compiled, inlined, inner
from insource.draws import decisions, fill_normal, fill_three, fill_uniform, normal, to_normal, uniform
from insource.rare import listed
from insource.rules.hospital import admission_ratio
from insource.rules.leaving import by_age, chance_to_leave, reason_to_leave
from insource.rules.needs import level_for_mean, minutes_at_home, next_deviation, spread_of_log
from insource.rules.rates import chance_in_a_week, chance_of_ending, fading
from insource.terms import LINE

READS = {
    "people": (
        "person",
        "is_open",
        "is_new",
        "donor",
        "age_band",
        "line",
        "repeat_minutes",
        "error_minutes",
        "unmet_share",
        "independence_gain",
        "is_independent",
    ),
    "council": ("admission_slope", "usual_gain"),
    "donors": ("package_minutes",),
}
WRITES = {
    "people": (
        "is_here",
        "left_reason",
        "level",
        "deviation",
        "lift",
        "is_in_hospital",
        "at_home_minutes",
        "needed_minutes",
        "shock",
        "leaving_draw",
        "hospital_draw",
    ),
    "council": ("common_deviation", "people_here", "needed_minutes", "moved_people", "admitted_people"),
}
DRAWS = decisions("needs", "health", "common", "decline", "corrected", "residual", "first")
POSTS = (
    "people_here",
    "deaths",
    "care_home_moves",
    "support_endings",
    "hospital_admissions",
    "hospital_weeks",
    "needed_minutes",
)

SUPPORTED_LIVING = LINE.supported_living
SUPPORT_ENDED = 1 + 2


def start(area):
    """Recorded people begin at home, in an ordinary spread of weeks, with needs that their orders only roughly meet."""
    people, numbers, luck = area.people, area.numbers, area.luck
    n = int(people.is_open.sum())
    who = people.person[:n]
    z, u, first = np.empty(n), np.empty(n), np.empty(n)
    fill_uniform(luck, DRAWS.corrected, who, 0, u)
    fill_normal(luck, DRAWS.residual, who, 0, z)
    residual = np.where(u < numbers.budget_corrected_share, numbers.costed_residual, numbers.points_residual)
    spread = spread_of_log(numbers.need_variation)
    fill_normal(luck, DRAWS.first, who, 0, first)
    first *= spread * math.sqrt(1.0 - numbers.need_correlation)
    set_first_needs(residual, z, first, spread, people, area.donors)
    people.is_here[:n] = 1
    area.council.common_deviation[0] = spread * math.sqrt(numbers.need_correlation) * normal(luck, DRAWS.common, 0, 0)


@compiled
def set_first_needs(residual, z, first, spread, people, donors):
    """Levels of need whose means are the orders recorded, but for how far orders miss; needs of the first week."""
    for i in range(z.shape[0]):
        mean = max(donors.package_minutes[people.donor[i]], 1.0)
        people.level[i] = level_for_mean(mean, spread) + residual[i] * z[i] - residual[i] ** 2 / 2.0
        people.deviation[i] = first[i]
        people.at_home_minutes[i] = minutes_at_home(people.level[i], people.deviation[i], 0.0, 0.0)
        people.needed_minutes[i] = people.at_home_minutes[i]


@compiled
def step(week, area):
    people, council, numbers, luck = area.people, area.council, area.numbers, area.luck
    fill_three(luck, DRAWS.health, people.person, week, people.shock, people.leaving_draw, people.hospital_draw)
    to_normal(people.shock)
    spread = spread_of_log(numbers.need_variation)
    common_spread = spread * math.sqrt(numbers.need_correlation)
    council.common_deviation[0] = next_deviation(
        council.common_deviation[0], numbers.need_persistence, common_spread, normal(luck, DRAWS.common, 0, week + 1)
    )
    come_and_go(week, area, spread)
    drift(week, area, spread * math.sqrt(1.0 - numbers.need_correlation))


@inner
def come_and_go(week, area, spread):
    """Newcomers bring their need; people die, move, stop, are admitted to hospital and come home."""
    people, donors, numbers, luck, books = area.people, area.donors, area.numbers, area.luck, area.books
    admission_chance = chance_in_a_week(numbers.hospital_admission_rate)
    return_chance = chance_of_ending(numbers.hospital_stay_weeks)
    most_leaving = most_likely_to_leave(numbers)
    deaths = moves = endings = admissions = 0
    slope, usual = area.council.admission_slope[0], numbers.usual_unmet_share
    most_admitted = admission_chance * max(admission_ratio(slope, 0.0, usual), admission_ratio(slope, 1.0, usual))

    may_change = np.empty(people.person.shape[0], np.int8)
    for i in range(people.person.shape[0]):
        leaves = (people.is_independent[i] == 1) | (people.leaving_draw[i] < most_leaving)
        is_in = (people.is_in_hospital[i] == 1) | (people.hospital_draw[i] < most_admitted)
        may_change[i] = (people.is_new[i] == 1) | ((people.is_here[i] == 1) & (leaves | is_in))
    for i in listed(may_change):
        if people.is_new[i] == 1:
            arrive(i, people, donors, numbers, luck, spread)
        elif people.is_here[i] == 1 and people.is_independent[i] == 1:
            people.is_here[i] = people.is_in_hospital[i] = 0
            people.left_reason[i] = SUPPORT_ENDED
            endings += 1
        elif people.is_here[i] == 1 and people.leaving_draw[i] < most_leaving:
            reason = why_leave(people.leaving_draw[i], people.age_band[i], people.line[i], numbers)
            if reason > 0:
                people.is_here[i] = people.is_in_hospital[i] = 0
                people.left_reason[i] = reason
            deaths += reason == 1
            moves += reason == 2
            endings += reason > 2
        if people.is_in_hospital[i] == 1:
            if people.hospital_draw[i] < return_chance:
                people.is_in_hospital[i] = 0
                if uniform(luck, DRAWS.decline, people.person[i], week) < numbers.decline_after_hospital_share:
                    people.lift[i] = numbers.decline_lift
        elif people.is_here[i] == 1 and people.hospital_draw[i] < most_admitted:
            unmet = people.unmet_share[i] * (people.is_new[i] == 0)
            if people.hospital_draw[i] < admission_chance * admission_ratio(slope, unmet, usual):
                people.is_in_hospital[i] = 1
                admissions += 1

    area.council.moved_people[0], area.council.admitted_people[0] = moves, admissions
    books.deaths[week, 0] += deaths
    books.care_home_moves[week, 0] += moves
    books.support_endings[week, 0] += endings
    books.hospital_admissions[week, 0] += admissions


@inlined
def most_likely_to_leave(numbers):
    """No one's chance of leaving in a week is higher than this."""
    return chance_to_leave(
        max(numbers.death_rate_18_64, numbers.death_rate_65_plus),
        max(numbers.care_home_rate_18_64, numbers.care_home_rate_65_plus),
        max(numbers.support_ends_rate, numbers.supported_living_ends_rate),
    )


@inlined
def why_leave(u, age_band, line, numbers):
    """Whether somebody of this age and line leaves this week, and why (0: stays)."""
    ends = numbers.supported_living_ends_rate if line == SUPPORTED_LIVING else numbers.support_ends_rate
    return reason_to_leave(
        u,
        by_age(age_band, numbers.death_rate_18_64, numbers.death_rate_65_plus),
        by_age(age_band, numbers.care_home_rate_18_64, numbers.care_home_rate_65_plus),
        ends,
    )


@inlined
def arrive(i, people, donors, numbers, luck, spread):
    """A newcomer's ordinary need: that of the person they are like, missed as orders miss it."""
    who = people.person[i]
    residual = numbers.costed_residual
    if uniform(luck, DRAWS.corrected, who, 0) >= numbers.budget_corrected_share:
        residual = numbers.points_residual
    miss = residual * normal(luck, DRAWS.residual, who, 0) - residual * residual / 2.0
    people.level[i] = level_for_mean(max(donors.package_minutes[people.donor[i]], 1.0), spread) + miss
    people.lift[i] = 0.0
    people.is_here[i] = 1
    people.left_reason[i] = people.is_in_hospital[i] = 0


@inner
def drift(week, area, own_spread):
    """This week's need of everybody: one pass without branches, so that several people are worked out at once."""
    people, numbers, books = area.people, area.numbers, area.books
    common, usual = area.council.common_deviation[0], area.council.usual_gain[0]
    fade = fading(numbers.recovery_weeks)
    here = in_hospital = needed = 0
    for i in range(people.person.shape[0]):
        kept = next_deviation(people.deviation[i], numbers.need_persistence, own_spread, people.shock[i])
        first = own_spread * (numbers.entry_peak + people.shock[i])
        people.deviation[i] = first if people.is_new[i] == 1 else kept
    for i in range(people.person.shape[0]):
        is_here = people.is_here[i] == 1
        gain = -usual if people.is_new[i] == 1 else people.independence_gain[i]
        minutes = minutes_at_home(people.level[i] - gain, people.deviation[i], common, people.lift[i]) * is_here
        people.at_home_minutes[i] = minutes
        again = (people.repeat_minutes[i] + people.error_minutes[i]) * is_here
        people.needed_minutes[i] = (minutes + again) * (people.is_in_hospital[i] == 0)
        people.lift[i] = people.lift[i] * fade
    for i in range(people.person.shape[0]):
        here += people.is_here[i]
        in_hospital += people.is_in_hospital[i]
        needed += people.needed_minutes[i]
    area.council.people_here[0] = here
    area.council.needed_minutes[0] = needed
    books.people_here[week, 0] += here
    books.hospital_weeks[week, 0] += in_hospital
    books.needed_minutes[week, 0] += needed

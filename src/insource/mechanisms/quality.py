"""Quality of care: what makes it, and what comes of it.

What the articles say
    Hunter, point 1: good services need enough properly paid, trained and motivated staff; poor ones cost the council
    more, because further services must make up for what failed. Point 6: poor quality brings safeguarding enquiries.

What happens
    Services differ for good, by chance and alike under every model. A service's quality moves slowly towards that and
    what its staffing and terms imply: experienced staff, few vacancies, guaranteed hours, pay, staff meant for all that
    is planned, training, the same faces. Low quality means more minutes missed or cut short and more safeguarding
    concerns. What is missed may create further need (failure demand: none by default). Care that meets a need raises
    people's quality of life; how good it is, and how few faces bring it, may do so as well (not by default).

Equations
    aimed at = lasting + experience_effect * (experienced - usual) - vacancy_effect * (vacancy - usual)
               + guaranteed_effect * (guaranteed - usual) + pay_effect * log(pay / market_pay)
               + staffing_effect * (staffing_ratio - 1) + training_effect * (training / usual - 1)
               + continuity_effect * (continuity - usual)
    quality' = quality + (aimed at - quality) * 2 / (memory_weeks + 1)
    missed   = usual_missed_share * exp(-quality)
    concerns = usual_concern_rate * exp(-concern_effect * quality), a chance for each person in care and week
    repeat   = repeat_share * minutes missed, added to next week's need
    life     = quality_of_life_when_met - quality_of_life_gain * (sqrt(hours needed) - sqrt(hours that met it))
               + quality_life_gain * quality + continuity_life_gain * (continuity / services - usual), from 0 to 1

Limiting case
    A service with usual staffing and terms keeps quality 0 and the usual missed share. Failure that creates further
    need with chance p multiplies need by 1 / (1 - p) (COST-2). tests/verify/test_quality.py

Not modelled
    Leadership; what inspection does; harm that builds up; unpaid carers' quality of life, and that their help does for
    the person what a service's would have done.

Numbers
    data/parameters/quality.yaml
"""

import numpy as np

from insource.by_part import complete, under_others
from insource.compiled import compiled, inlined, inner
from insource.draws import decisions, fill_uniform, normal
from insource.numeric import log
from insource.rare import listed
from insource.rules.quality import concern_rate, missed_share, quality_aimed_at, quality_from_practice
from insource.rules.rates import chance_in_a_week
from insource.rules.running_mean import running_mean
from insource.rules.transition import quality_lost
from insource.rules.wellbeing import quality_of_life
from insource.units import MICRO, WEEKS_A_YEAR

READS = {
    "people": (
        "person",
        "is_here",
        "part",
        "provider",
        "services",
        "at_home_minutes",
        "scheduled_minutes",
        "used_minutes",
    ),
    "providers": (
        "part",
        "experienced_share",
        "vacancy_share",
        "pay_pence",
        "staffing_ratio",
        "continuity",
        "unsettled_share",
        "served_ratio",
    ),
    "council": ("market_pay_ratio",),
    "parts": ("guaranteed_share", "training_hours"),
}
WRITES = {
    "people": ("is_concern_raised", "repeat_minutes", "quality_of_life", "concern_draw"),
    "providers": ("quality", "missed_share", "lasting_quality", "concerns"),
}
DRAWS = decisions("quality", "concern", "lasting")
POSTS = ("quality_of_life", "safeguarding_concerns", "repeat_minutes")


def start(area):
    """Every service starts with the quality its staffing, its terms and what is lasting about it imply."""
    begin(area.providers, area.parts, area.numbers, area.council, area.luck)


@compiled
def begin(providers, parts, numbers, council, luck):
    """The first quality of every service, with the continuity that is usual."""
    for j in range(providers.part.shape[0]):
        providers.lasting_quality[j] = numbers.quality_spread * normal(luck, DRAWS.lasting, j, 0)
        providers.quality[j] = aimed_at(j, numbers.usual_continuity, providers, parts, numbers, council)
        providers.missed_share[j] = missed_share(numbers.usual_missed_share, providers.quality[j])


@inlined
def aimed_at(j, continuity, providers, parts, numbers, council):
    """The quality one service's staffing and terms imply."""
    settled = providers.lasting_quality[j] - quality_lost(providers.unsettled_share[j], numbers.new_hands_effect)
    practice = quality_from_practice(
        providers.staffing_ratio[j] - 1.0,
        numbers.staffing_effect,
        parts.training_hours[providers.part[j]] / numbers.usual_training_hours - 1.0,
        numbers.training_effect,
        continuity - numbers.usual_continuity,
        numbers.continuity_effect,
    )
    staffing = quality_aimed_at(
        providers.experienced_share[j] - numbers.usual_experienced_share,
        numbers.experience_effect,
        providers.vacancy_share[j] - numbers.vacancy_share,
        numbers.vacancy_effect,
        parts.guaranteed_share[providers.part[j]] - numbers.usual_guaranteed_share,
        numbers.guaranteed_effect,
        log(providers.pay_pence[j] / (numbers.market_pay_pence * council.market_pay_ratio[0])),
        numbers.pay_effect,
    )
    return settled + staffing + practice


@inner
def add_how_it_is_given(people, providers, numbers):
    """What good care and few faces add to the quality of life of people with visits this week; nothing by default."""
    if numbers.quality_life_gain == 0.0 and numbers.continuity_life_gain == 0.0:
        return
    n, most = providers.quality.shape[0], people.services.max() if people.person.shape[0] > 0 else 0
    added = np.zeros((n, most + 1), np.float64)
    for j in range(n):
        for services in range(most + 1):
            continuity = providers.continuity[j] / max(services, 1) - numbers.usual_continuity
            more = numbers.quality_life_gain * providers.quality[j] + numbers.continuity_life_gain * continuity
            added[j, services] = more
    gain = np.empty(people.person.shape[0])
    for i in range(people.person.shape[0]):
        gain[i] = added[max(people.provider[i], 0), people.services[i]]
    for i in range(people.person.shape[0]):
        life = people.quality_of_life[i]
        better = min(max(life + gain[i], 0.0), 1.0)
        people.quality_of_life[i] = better if people.scheduled_minutes[i] > 0 else life


@inner
def need_again(people, providers, numbers):
    """What must be done again next week because it was missed; nothing by default."""
    people.repeat_minutes[:] = 0
    n = people.person.shape[0] if numbers.repeat_share > 0.0 else 0
    served, missing = np.empty(n), np.empty(n)
    for i in range(n):
        j = max(people.provider[i], 0)
        served[i], missing[i] = providers.served_ratio[j], providers.missed_share[j]
    for i in range(n):
        missed = people.scheduled_minutes[i] * served[i] * missing[i]
        people.repeat_minutes[i] = int(missed * numbers.repeat_share + 1.0 / 2.0)


@compiled
def step(week, area):
    people, providers, numbers, books = area.people, area.providers, area.numbers, area.books
    n = providers.part.shape[0]
    chance = np.empty(n, np.float64)
    for j in range(n):
        providers.concerns[j] = 0
        chance[j] = chance_in_a_week(
            concern_rate(numbers.usual_concern_rate, providers.quality[j], numbers.concern_effect)
        )
    parts = area.parts
    n_parts = parts.guaranteed_share.shape[0]
    life, concerns, repeats = np.zeros(n_parts, np.int64), np.zeros(n_parts, np.int64), np.zeros(n_parts, np.int64)
    lived, flags = np.empty(people.person.shape[0], np.int64), np.empty(people.person.shape[0], np.int8)

    fill_uniform(area.luck, DRAWS.concern, people.person, week, people.concern_draw)
    for i in range(people.person.shape[0]):
        people.quality_of_life[i] = people.is_here[i] * quality_of_life(
            people.used_minutes[i],
            people.at_home_minutes[i],
            numbers.quality_of_life_when_met,
            numbers.quality_of_life_gain,
        )
    add_how_it_is_given(people, providers, numbers)
    most = chance.max()
    for i in range(people.person.shape[0]):
        people.is_concern_raised[i] = 0
        flags[i] = (people.concern_draw[i] < most) & (people.scheduled_minutes[i] > 0)
        lived[i] = int(people.quality_of_life[i] * MICRO / WEEKS_A_YEAR)
    for i in listed(flags):
        j = people.provider[i]
        people.is_concern_raised[i] = people.concern_draw[i] < chance[j]
        concerns[people.part[i]] += people.is_concern_raised[i]
        providers.concerns[j] += people.is_concern_raised[i]
    need_again(people, providers, numbers)
    for i in under_others(people.part):
        life[people.part[i]] += lived[i]
        repeats[people.part[i]] += people.repeat_minutes[i]
    complete(life, lived)
    complete(repeats, people.repeat_minutes)
    for part in range(n_parts):
        books.quality_of_life[week, part] += life[part]
        books.safeguarding_concerns[week, part] += concerns[part]
        books.repeat_minutes[week, part] += repeats[part]
    for j in range(n):
        aim = aimed_at(j, providers.continuity[j], providers, parts, numbers, area.council)
        providers.quality[j] = running_mean(providers.quality[j], aim, numbers.memory_weeks)
        providers.missed_share[j] = missed_share(numbers.usual_missed_share, providers.quality[j])

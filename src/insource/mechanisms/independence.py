"""People come to need less help, or more, according to what those who give the care are paid for; reablement.

What the articles say
    Hunter, point 4: where people could become more independent services outside do poorly, since it is not in their
    interest that somebody no longer needs them, and some are obstructive.

What happens
    Whoever gives care may put effort into people doing things themselves. A service that sells hours loses the margin
    of an hour until it is sold again; a service paid by outcome gains a bonus; one with a price for the episode, or
    that keeps what is saved, gains the saving. So much effort is made as pays. Under effort people now and then come to
    need a step less (or, under its opposite, more). Besides, some newcomers have up to six weeks of reablement before
    lasting care; some then need none, the others less. Gains fade. What people recover from by themselves is left out.

Equations
    effort  = effort_effect * worth / effort_cost_pounds, between -1 and 1
    worth   = worth_to_seller of a step where hours are sold (with its share of bonus_pounds where outcomes are paid);
              worth_to_payer by the episode; saving_felt_share of that where the service keeps the saving
    void    = spare minutes / minutes newly taken up a week, longest_void_weeks at most
    a step  : chance 1 - exp(-13 effort_effect * |effort| * share of need met) a quarter, independence_step up or down
    reabled : share_independent(reablement_hours_ratio, ...) need nothing more; gain of the others lasting_gain
    gain'   = (gain + usual_gain) * 2^(-1 / gain_half_life_weeks) - usual_gain

Limiting case
    Effort by payment and void (IND-1 to IND-5); with a ratio of 1 people in reablement come down from their peak as
    need_persistence^6 and none of it is an effect (POOL-8). tests/verify/test_independence.py

Not modelled
    Effort that differs between people or workers; reablement of people already in care; who is chosen for it; that
    people who became independent ask again. The effect of reablement comes all at its end.

Numbers
    data/parameters/independence.yaml
"""

import numpy as np

from insource.compiled import compiled, inlined, inner
from insource.draws import decisions, fill_two, fill_uniform, uniform
from insource.numeric import exp, log
from insource.rare import listed
from insource.rules.independence import (
    chance_within,
    effort_for,
    gain_as_need,
    gain_before_fading,
    kept_in_a_week,
    lasting_gain,
    share_independent,
    share_of_stock,
    size_of_step,
    weeks_until_sold,
    worth_to_payer,
    worth_to_seller,
)
from insource.rules.leaving import chance_to_leave
from insource.rules.running_mean import running_mean
from insource.rules.turnover import length_of_service
from insource.terms import CHOICES, LINE
from insource.units import MICRO, MINUTES_AN_HOUR, PENCE_A_POUND, WEEKS_A_QUARTER, WEEKS_A_YEAR

READS = {
    "people": (
        "person",
        "is_here",
        "is_new",
        "is_in_care",
        "is_in_hospital",
        "line",
        "part",
        "provider",
        "at_home_minutes",
        "unmet_share",
    ),
    "providers": ("part", "people_in_care", "scheduled_minutes", "spare_minutes", "promised_minutes", "asked_minutes"),
    "parts": ("payment_basis", "saving_kept_by", "bonus_pounds", "fee_pence"),
}
WRITES = {
    "people": ("independence_gain", "is_independent", "reablement_weeks", "entry_minutes"),
    "providers": ("effort", "taken_minutes", "outcomes"),
    "council": ("usual_gain",),
}
DRAWS = decisions("independence", "recorded", "end", "step")
POSTS = (
    "reablement_starts",
    "reablement_ends",
    "became_independent",
    "reablement_before_minutes",
    "reablement_after_minutes",
    "reablement_avoided_minutes",
    "steps_to_independence",
    "steps_from_independence",
    "avoided_minutes",
)

SALARY, BLOCK, EPISODE = CHOICES.payment_basis.salary, CHOICES.payment_basis.block, CHOICES.payment_basis.episode
OUTCOME, BY_SERVICE = CHOICES.payment_basis.outcome, CHOICES.saving_kept_by.service


@inlined
def reablement_effect(numbers):
    """Share of people whom reablement leaves independent, and the gain of the others in the week it ends."""
    independent = share_independent(numbers.reablement_hours_ratio, numbers.reablement_ending_share)
    year_on = lasting_gain(numbers.reablement_hours_ratio, independent)
    return independent, gain_before_fading(year_on, WEEKS_A_YEAR, numbers.gain_half_life_weeks)


@inlined
def chance_lost(numbers):
    """Chance a week that a gain is lost, because the person leaves or it fades."""
    leaves = chance_to_leave(numbers.death_rate_65_plus, numbers.care_home_rate_65_plus, numbers.support_ends_rate)
    return leaves + 1.0 - kept_in_a_week(numbers.gain_half_life_weeks)


def start(area):
    """Recorded people who had reablement have what is left of its gain, which their orders take account of already."""
    n = int(area.people.is_here.sum())
    u, v = np.empty(n), np.empty(n)
    fill_two(area.luck, DRAWS.recorded, area.people.person[:n], 0, u, v)
    gains, lower = left_of_gains(u, v, area.people.line, area.numbers)
    area.council.usual_gain[0] = -log(lower.mean()) if n > 0 else 0.0
    area.people.independence_gain[:n] = gains - area.council.usual_gain[0]


@compiled
def left_of_gains(u, v, lines, numbers):
    """What is left of each recorded person's gain, of those who had any; and what it multiplies their need by."""
    independent, gain = reablement_effect(numbers)
    share = share_of_stock(numbers.usual_reablement_share, independent)
    kept = kept_in_a_week(numbers.gain_half_life_weeks)
    leaves = chance_to_leave(numbers.death_rate_65_plus, numbers.care_home_rate_65_plus, numbers.support_ends_rate)
    gains, lower = np.zeros(u.shape[0]), np.ones(u.shape[0])
    for i in range(u.shape[0]):
        if u[i] < share and lines[i] == LINE.home_care:
            gains[i] = gain * exp(log(kept) * length_of_service(v[i], leaves))
            lower[i] = exp(-gains[i])
    return gains, lower


@compiled
def step(week, area):
    make_efforts(area.providers, area.parts, area.numbers)
    fade(area.people, area.council.usual_gain[0], area.numbers)
    reable(week, area)
    if area.numbers.effort_effect > 0.0 and week % WEEKS_A_QUARTER == 0:
        take_steps(week, area)
    count_avoided(week, area)


@inner
def make_efforts(providers, parts, numbers):
    """What somebody's step nearer independence is worth to each service, and the effort that follows."""
    lost, step = chance_lost(numbers), size_of_step(numbers.independence_step)
    for j in range(providers.part.shape[0]):
        part = providers.part[j]
        providers.outcomes[j] = 0
        newly = providers.promised_minutes[j] + providers.asked_minutes[j]
        providers.taken_minutes[j] = running_mean(providers.taken_minutes[j], newly, numbers.memory_weeks)
        void = weeks_until_sold(providers.taken_minutes[j], providers.spare_minutes[j], numbers.longest_void_weeks)
        hours = providers.scheduled_minutes[j] / MINUTES_AN_HOUR / max(providers.people_in_care[j], 1)
        saved = parts.fee_pence[part] / PENCE_A_POUND * step * hours
        basis = parts.payment_basis[part]
        to_payer = worth_to_payer(saved, lost, numbers.effort_effect, numbers.effort_cost_pounds)
        worth = to_payer if basis == EPISODE else 0.0
        if basis != EPISODE and basis != SALARY and basis != BLOCK:
            worth = worth_to_seller(
                saved * numbers.hour_margin_share,
                parts.bonus_pounds[part] * step if basis == OUTCOME else 0.0,
                void,
                lost,
                numbers.effort_effect,
                numbers.effort_cost_pounds,
            )
        if parts.saving_kept_by[part] == BY_SERVICE and basis != EPISODE:
            worth += numbers.saving_felt_share * to_payer
        effort = effort_for(worth, lost, numbers.effort_effect, numbers.effort_cost_pounds)
        providers.effort[j] = min(max(effort, -1.0), 1.0)


@inner
def fade(people, usual, numbers):
    """Gains fade; newcomers begin without any, below the average of people like them."""
    kept = kept_in_a_week(numbers.gain_half_life_weeks)
    for i in range(people.person.shape[0]):
        faded = (float(people.independence_gain[i]) + usual) * kept - usual
        is_new = people.is_new[i] == 1
        people.independence_gain[i] = -usual if is_new else faded
        people.is_independent[i] = people.is_independent[i] & (not is_new)
        first = int(numbers.reablement_weeks) * (people.line[i] == LINE.reablement)
        people.reablement_weeks[i] = first if is_new else people.reablement_weeks[i]


@inner
def reable(week, area):
    """A week of reablement for those in it; at its end some need nothing more and the others less."""
    people, numbers, books = area.people, area.numbers, area.books
    independent, gain = reablement_effect(numbers)
    flags = np.empty(people.person.shape[0], np.int8)
    for i in range(people.person.shape[0]):
        is_visited = (people.is_here[i] == 1) & (people.is_in_care[i] == 1) & (people.is_in_hospital[i] == 0)
        flags[i] = is_visited & (people.reablement_weeks[i] != 0)
    for i in listed(flags):
        part, now = people.part[i], people.at_home_minutes[i]
        if people.reablement_weeks[i] == int(numbers.reablement_weeks):
            people.entry_minutes[i] = now
            books.reablement_starts[week, part] += 1
        people.reablement_weeks[i] -= 1
        if people.reablement_weeks[i] > 0:
            continue
        after = int(now * exp(-gain) + 1.0 / 2.0)
        if uniform(area.luck, DRAWS.end, people.person[i], week) < independent:
            people.is_independent[i] = 1
            books.became_independent[week, part] += 1
            after = 0
        else:
            people.independence_gain[i] = float(people.independence_gain[i]) + gain
        books.reablement_ends[week, part] += 1
        books.reablement_before_minutes[week, part] += people.entry_minutes[i]
        books.reablement_after_minutes[week, part] += after
        books.reablement_avoided_minutes[week, part] += now - after


@inner
def take_steps(week, area):
    """Once a quarter: who came a step nearer to independence under everyday care, or further from it."""
    people, providers, numbers, books = area.people, area.providers, area.numbers, area.books
    draws, flags = np.empty(people.person.shape[0]), np.empty(people.person.shape[0], np.int8)
    fill_uniform(area.luck, DRAWS.step, people.person, week, draws)
    rates = numbers.effort_effect * np.abs(providers.effort)  # next: more than anybody's chance, rounding and all
    most = chance_within(rates.max() * (1.0 - min(people.unmet_share.min(), 0.0)), WEEKS_A_QUARTER) + 1.0 / MICRO
    for i in range(people.person.shape[0]):
        is_visited = (people.is_here[i] == 1) & (people.is_in_care[i] == 1) & (people.is_in_hospital[i] == 0)
        flags[i] = is_visited & (people.provider[i] >= 0) & (draws[i] < most)
    for i in listed(flags):
        j, part, effort = people.provider[i], people.part[i], providers.effort[people.provider[i]]
        if draws[i] < chance_within(rates[j] * (1.0 - people.unmet_share[i]), WEEKS_A_QUARTER):
            way = numbers.independence_step if effort > 0.0 else -numbers.independence_step
            people.independence_gain[i] = float(people.independence_gain[i]) + way
            providers.outcomes[j] += effort > 0.0
            books.steps_to_independence[week, part] += effort > 0.0
            books.steps_from_independence[week, part] += effort < 0.0


@inner
def count_avoided(week, area):
    """Help not needed because people became more able, in whole minutes."""
    people, usual, avoided = area.people, area.council.usual_gain[0], 0
    for i in range(people.person.shape[0]):
        less = gain_as_need(people.at_home_minutes[i], float(people.independence_gain[i]) + usual)
        avoided += int(less * people.is_here[i])
    area.books.avoided_minutes[week, 0] += avoided

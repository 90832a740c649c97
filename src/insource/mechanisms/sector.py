"""The area's market for care workers: why they leave and for where, who looks for a job, how fast vacancies fill.

What the articles say
    Bodmer and Hunter: skilled workers leave bought care for better pay and terms. Where they go they do not say.

What happens
    Two thirds of those who leave a care job stay in care. So there are two reasons to leave: a rival's pay, and work
    outside care. Both weigh pay; contract and load move both; people leave faster in their first year. Leavers for a
    rival partly go beyond the area's services, the others look here: they are the area's pool of job seekers, with
    people who come from other work, more of them when there are more vacancies and better pay. Vacancies fill faster
    when more people look, and a service that pays more than its rivals gets more of them, at the rivals' cost. Some
    seekers give up.

Equations
    rivals pay  = open_market_share * market_pay + (1 - open_market_share) * mean pay offered in the area
    leaving     = turnover * conditions * (stay * (pay / rivals pay)^-quit_elasticity
                  + (1 - stay) * (pay / outside pay)^-sector_elasticity), with stay = sector_stay_share
    conditions  = zero_hours_quit_ratio^(usual - guaranteed share) * load^load_quit_exponent
    seekers     = seekers + leavers who look here + entries - jobs found - giving up
    fill chance = usual * (pay / rivals pay)^quit_elasticity * (open + (1 - open) * seekers / usual seekers)
    entries     = what makes good the usual losses * (vacancies / usual)^entry_vacancy_exponent
                  * (mean pay offered / outside pay)^sector_elasticity

Limiting case
    With open_market_share 1 the pool is of no consequence and vacancies fill as turnover and vacancies say (WORK-2);
    with it, sector_elasticity and entry_vacancy_exponent at 0 the number of care workers is given, and a premium paid
    by one service takes its staff from the others (L3). tests/verify/test_sector.py

Not modelled
    Distance between home and work; qualifications; seasons; the terms, other than pay, of rivals.

Numbers
    data/parameters/sector.yaml
"""

import numpy as np

from insource.compiled import compiled, inlined
from insource.draws import decisions, poisson
from insource.rules.job_market import (
    entries,
    fill_chance_from,
    from_beyond_share,
    rival_pay,
    seekers_ratio,
    usual_seekers,
)
from insource.rules.rates import chance_in_a_week, chance_of_ending
from insource.rules.turnover import (
    conditions_factor,
    fill_chance,
    later_quit_rate,
    leaving_the_sector,
    leaving_to_rivals,
    mean_quit_rate,
)

READS = {
    "providers": (
        "part",
        "offered_pay_pence",
        "protected_pay_pence",
        "load_ratio",
        "wanted_posts",
        "filled_posts",
    ),
    "council": ("seekers", "floor_ratio", "market_pay_ratio"),
    "parts": ("guaranteed_share",),
}
WRITES = {
    "providers": ("quit_rate", "protected_quit_rate", "leave_chance", "rival_share", "fill_chance"),
    "council": (
        "usual_vacancies",
        "entering",
        "giving_up",
        "staff_supply_ratio",
        "from_beyond_share",
        "later_quit_rate",
        "of_turnover_rate",
        "of_first_year_ratio",
    ),
}
DRAWS = decisions("sector", "enters", "gives_up")
POSTS = ("sector_entries", "seekers_gone")


@inlined
def leaving_at(pay, rivals, outside, numbers):
    """How much of usual leaving there is at this pay, to rivals and out of the sector."""
    to_rivals = leaving_to_rivals(numbers.sector_stay_share, pay / rivals, numbers.quit_elasticity)
    return to_rivals, leaving_the_sector(numbers.sector_stay_share, pay / outside, numbers.sector_elasticity)


@inlined
def area_pay(providers, usual):
    """Mean pay offered, over the posts services want; the usual where they want none."""
    posts = pence = 0.0
    for j in range(providers.part.shape[0]):
        posts += providers.wanted_posts[j]
        pence += providers.wanted_posts[j] * providers.offered_pay_pence[j]
    return pence / posts if posts > 0.0 else usual


@inlined
def later_rate(numbers, council):
    """The rate of leaving after the first year: found by many halvings, so only when what it comes from changes."""
    turnover, ratio = numbers.turnover_rate, numbers.first_year_quit_ratio
    if council.of_turnover_rate[0] != turnover or council.of_first_year_ratio[0] != ratio:
        council.later_quit_rate[0] = later_quit_rate(turnover, ratio)
        council.of_turnover_rate[0], council.of_first_year_ratio[0] = turnover, ratio
    return council.later_quit_rate[0]


@inlined
def set_chances(supply_ratio, mean_pay, providers, parts, numbers, council):
    """For each service: how fast its workers leave, and for where, and how fast its vacancies fill."""
    market = numbers.market_pay_pence * council.market_pay_ratio[0]
    outside = numbers.market_pay_pence * council.floor_ratio[0]
    rivals = rival_pay(market, mean_pay, numbers.open_market_share)
    usual_fill = fill_chance(numbers.turnover_rate, numbers.vacancy_share)
    later, n = later_rate(numbers, council), providers.part.shape[0]
    gap, conditions, to_rivals, out = np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    for j in range(n):
        gap[j] = parts.guaranteed_share[providers.part[j]] - numbers.usual_guaranteed_share
    for j in range(n):  # step by step, so that several services are worked out at once
        conditions[j] = later * conditions_factor(
            numbers.zero_hours_quit_ratio, gap[j], providers.load_ratio[j], numbers.load_quit_exponent
        )
    for j in range(n):
        to_rivals[j], out[j] = leaving_at(providers.offered_pay_pence[j], rivals, outside, numbers)
        providers.quit_rate[j] = providers.protected_quit_rate[j] = conditions[j] * (to_rivals[j] + out[j])
        providers.rival_share[j] = to_rivals[j] / (to_rivals[j] + out[j])
    for j in range(n):
        if providers.protected_pay_pence[j] > providers.offered_pay_pence[j]:
            kept_rivals, kept_out = leaving_at(providers.protected_pay_pence[j], rivals, outside, numbers)
            providers.protected_quit_rate[j] = conditions[j] * (kept_rivals + kept_out)
    for j in range(n):
        mean_rate = mean_quit_rate(providers.quit_rate[j], numbers.first_year_quit_ratio)
        providers.leave_chance[j] = chance_in_a_week(mean_rate)
    for j in range(n):
        over_rivals = providers.offered_pay_pence[j] / rivals
        providers.fill_chance[j] = fill_chance_from(
            usual_fill, over_rivals, numbers.quit_elasticity, numbers.open_market_share, supply_ratio
        )


def start(area):
    """As many people look for a job as usual; rivals pay what the services offer on average."""
    providers = area.providers
    offered = float(providers.offered_pay_pence.mean())
    set_chances(1.0, offered, providers, area.parts, area.numbers, area.council)


@compiled
def step(week, area):
    providers, numbers, council, luck = area.providers, area.numbers, area.council, area.luck
    first = 0.0
    filled = vacancies = 0
    for j in range(providers.part.shape[0]):
        filled += providers.filled_posts[j]
        vacancies += max(providers.wanted_posts[j] - providers.filled_posts[j], 0)
    usual_fill = fill_chance(numbers.turnover_rate, numbers.vacancy_share)
    if council.usual_vacancies[0] == 0.0:
        council.usual_vacancies[0] = max(filled * numbers.vacancy_share / (1.0 - numbers.vacancy_share), 1.0)
        first = usual_seekers(council.usual_vacancies[0], usual_fill, numbers.seeking_weeks, numbers.open_market_share)
    mean_pay = area_pay(providers, numbers.market_pay_pence * council.market_pay_ratio[0])
    lost_share = numbers.seeking_weeks * chance_of_ending(numbers.gives_up_weeks)
    come = entries(
        council.usual_vacancies[0],
        float(vacancies),
        numbers.entry_vacancy_exponent,
        usual_fill,
        numbers.sector_stay_share,
        lost_share,
        mean_pay / (numbers.market_pay_pence * council.floor_ratio[0]),
        numbers.sector_elasticity,
        numbers.open_market_share,
    )
    seekers = council.seekers[0]
    leave = seekers * chance_of_ending(numbers.gives_up_weeks)
    council.entering[0] = poisson(come, luck, DRAWS.enters, 0, week) + int(first + 1.0 / 2.0)
    council.giving_up[0] = min(poisson(leave, luck, DRAWS.gives_up, 0, week), seekers)
    usual = usual_seekers(max(float(vacancies), 1.0), usual_fill, numbers.seeking_weeks, numbers.open_market_share)
    ratio = seekers_ratio(seekers + council.entering[0] - council.giving_up[0], usual)
    council.staff_supply_ratio[0] = numbers.open_market_share + (1.0 - numbers.open_market_share) * ratio
    council.from_beyond_share[0] = from_beyond_share(numbers.open_market_share, ratio)
    set_chances(ratio, mean_pay, providers, area.parts, numbers, council)
    area.books.sector_entries[week, 0] += council.entering[0]
    area.books.seekers_gone[week, 0] += council.giving_up[0]

"""Care workers come and go; services decide how many posts they want.

What the articles say
    Both: bought care rests on badly paid, badly trained and so badly motivated staff, and skilled workers are leaving.

What happens
    A service wants enough posts to cover the visits it plans, with some slack, given how many of its posts are usually
    filled. Workers leave at a rate that falls with pay against the market and with guaranteed hours, and rises with
    load. Vacancies fill faster where pay is better. Posts no longer wanted close when their holder leaves or must go.
    Workers are off sick in spells, longer in all where sick pay is full. When a service hands back, some of its workers
    leave it.

Equations
    quit rate   = turnover_rate * (pay / market_pay)^-quit_elasticity * zero_hours_quit_ratio^(usual - guaranteed share)
                  * load^load_quit_exponent
    fill chance = turnover_rate / 52 * (1 - vacancy) / vacancy * (pay / market_pay)^quit_elasticity
    posts       = demand * cover * (1 + slack) / (visit minutes a post * share expected to be filled and at work)
    cover       = 1 + z(reliability) * pooled variation, where hours may be moved; 1 where they may not

Limiting case
    With fixed posts, staff is binomial with share f / (f + s) (WORK-1), turnover and vacancies fix the fill rate
    (WORK-2), pay 10% up with elasticity 2 gives s (1.1)^-2 (WORK-3), lengths of service are geometric (WORK-4).
    tests/verify/test_workforce.py

Not modelled
    That a leaver starts elsewhere in the area; tenure, age and qualification as reasons to leave; redundancy;
    individual pay; managers.

Numbers
    data/parameters/workforce.yaml
"""

import numpy as np

from insource.compiled import compiled, inlined
from insource.draws import decisions, fill_two, uniform
from insource.rules.pooling import cover_for_reliability, pooled_variation
from insource.rules.rates import chance_in_a_week, chance_of_ending, chance_to_keep_share
from insource.rules.staffing import available_minutes, days_of_leave, leave_ratio, posts_wanted, visit_share
from insource.rules.travel import travel_minutes_a_visit, travel_ratio
from insource.rules.turnover import fill_chance, filled_share, length_of_service, power, quit_rate
from insource.terms import CHOICES
from insource.units import MINUTES_AN_HOUR

READS = {
    "people": ("provider", "ordered_minutes"),
    "providers": (
        "zone",
        "part",
        "pool_people",
        "first_post",
        "last_post",
        "is_handing_back",
        "stay_share",
        "asked_minutes",
        "load_ratio",
        "demand_minutes",
        "travel_ratio",
        "pay_ratio",
    ),
    "workers": ("post",),
    "zones": ("area_km2",),
    "parts": (
        "pay_scale",
        "sick_pay",
        "holiday",
        "guaranteed_share",
        "paid_gaps_share",
        "training_hours",
        "hours_move_within",
        "services_per_zone",
        "visit_minutes",
        "gaps_ratio",
    ),
}
WRITES = {
    "workers": ("is_filled", "is_absent", "tenure_weeks", "change_draw", "sickness_draw"),
    "providers": (
        "wanted_posts",
        "filled_posts",
        "present_posts",
        "used_posts",
        "experienced_share",
        "vacancy_share",
        "pay_pence",
        "quits",
    ),
    "council": ("is_short_of_posts",),
}
DRAWS = decisions("workforce", "filled", "tenure", "post", "stays")
POSTS = ("quits", "hires", "staff_weeks", "wanted_staff_weeks", "vacancy_weeks", "absent_staff_weeks")

COUNCIL_PAY = CHOICES.pay_scale.council
OCCUPATIONAL = CHOICES.sick_pay.occupational
NOWHERE = CHOICES.hours_move_within.person


@inlined
def pay_for(j, providers, parts, numbers):
    """Pay for an hour in pence: what its terms say times what it offers over that, never below the living wage."""
    pay = numbers.market_pay_pence
    if parts.pay_scale[providers.part[j]] == COUNCIL_PAY:
        pay = numbers.council_pay_pence * (1.0 + numbers.unsocial_hours_share)
    return max(pay * providers.pay_ratio[j], numbers.wage_floor_pence)


@inlined
def chances(j, providers, parts, numbers):
    """For one service: chance a week that a worker leaves, that a vacancy fills, and share of time off sick."""
    part = providers.part[j]
    pay_ratio = pay_for(j, providers, parts, numbers) / numbers.market_pay_pence
    rate = quit_rate(
        numbers.turnover_rate,
        pay_ratio,
        numbers.quit_elasticity,
        numbers.zero_hours_quit_ratio,
        parts.guaranteed_share[part] - numbers.usual_guaranteed_share,
        providers.load_ratio[j],
        numbers.load_quit_exponent,
    )
    fills = fill_chance(numbers.turnover_rate, numbers.vacancy_share) * power(pay_ratio, numbers.quit_elasticity)
    is_full_pay = parts.sick_pay[part] == OCCUPATIONAL
    days = numbers.occupational_sickness_days if is_full_pay else numbers.statutory_sickness_days
    return chance_in_a_week(rate), min(fills, 1.0), days / numbers.working_days


@inlined
def wanted(j, demand_minutes, travel, leaves, fills, sick_share, providers, parts, numbers, council):
    """Posts one service wants for this demand, as far as it has rows; says so where it has not."""
    part = providers.part[j]
    cover = 1.0
    if parts.hours_move_within[part] != NOWHERE:
        cover = cover_for_reliability(
            numbers.planned_reliability_share,
            pooled_variation(numbers.need_variation, numbers.need_correlation, providers.pool_people[j]),
        )
    days = days_of_leave(parts.holiday[part], numbers.statutory_leave_days, numbers.council_leave_days)
    contract = numbers.contract_hours * MINUTES_AN_HOUR
    available = available_minutes(contract, leave_ratio(days, numbers.days_worked_a_year), parts.training_hours[part])
    visits = available * visit_share(travel, parts.gaps_ratio[part], parts.paid_gaps_share[part])
    expected = filled_share(leaves, fills) * (1.0 - sick_share)
    posts = posts_wanted(demand_minutes, cover, numbers.planned_slack_share, visits, expected)
    most = providers.last_post[j] - providers.first_post[j]
    council.is_short_of_posts[0] |= posts > most
    return min(posts, most)


def start(area):
    """Posts fit the orders in force; they are filled, and their holders have served, as in the long run."""
    workers, providers, parts, numbers, luck = area.workers, area.providers, area.parts, area.numbers, area.luck
    held, n = area.people.provider >= 0, providers.part.shape[0]
    people_of = np.bincount(area.people.provider[held], minlength=n)
    demand = np.bincount(area.people.provider[held], weights=area.people.ordered_minutes[held], minlength=n)
    for j in range(n):
        minutes = travel_minutes_a_visit(
            area.zones.area_km2[providers.zone[j]],
            float(people_of[j]),
            numbers.door_minutes,
            numbers.speed_kmh,
            numbers.detour_ratio,
            numbers.travel_constant,
            numbers.travel_window_term,
        )
        travel = travel_ratio(minutes, parts.visit_minutes[providers.part[j]])
        leaves, fills, sick_share = chances(j, providers, parts, numbers)
        posts = wanted(j, demand[j], travel, leaves, fills, sick_share, providers, parts, numbers, area.council)
        set_up_posts(j, posts, filled_share(leaves, fills), leaves, numbers.experienced_weeks, providers, workers, luck)
        providers.pay_pence[j] = pay_for(j, providers, parts, numbers)


@compiled
def set_up_posts(j, posts, filled_chance, leaves, experienced_weeks, providers, workers, luck):
    """Fill the posts of one service as in the long run, each holder with a length of service drawn to fit."""
    filled = experienced = 0
    for k in range(providers.first_post[j], providers.first_post[j] + posts):
        if uniform(luck, DRAWS.filled, workers.post[k], 0) >= filled_chance:
            continue
        tenure = length_of_service(uniform(luck, DRAWS.tenure, workers.post[k], 0), leaves)
        workers.is_filled[k] = 1
        workers.tenure_weeks[k] = tenure
        filled += 1
        experienced += tenure >= experienced_weeks
        providers.used_posts[j] = k + 1 - providers.first_post[j]
    providers.wanted_posts[j] = posts
    providers.filled_posts[j] = filled
    providers.present_posts[j] = filled
    providers.experienced_share[j] = experienced / filled if filled > 0 else 0.0
    providers.vacancy_share[j] = (posts - filled) / posts if posts > 0 else 0.0


@compiled
def step(week, area):
    workers, providers, parts, numbers, luck = area.workers, area.providers, area.parts, area.numbers, area.luck
    council, books = area.council, area.books
    ends = chance_of_ending(numbers.sickness_spell_weeks)
    for j in range(providers.part.shape[0]):
        part = providers.part[j]
        providers.pay_pence[j] = pay_for(j, providers, parts, numbers)
        leaves, fills, sick_share = chances(j, providers, parts, numbers)
        falls = chance_to_keep_share(sick_share, numbers.sickness_spell_weeks)
        demand = providers.demand_minutes[j] + providers.asked_minutes[j] / parts.services_per_zone[part]
        posts = wanted(
            j, demand, providers.travel_ratio[j], leaves, fills, sick_share, providers, parts, numbers, council
        )
        start, stop = providers.first_post[j], providers.first_post[j] + max(posts, providers.used_posts[j])
        change, sickness = workers.change_draw[start:stop], workers.sickness_draw[start:stop]
        fill_two(luck, DRAWS.post, workers.post[start:stop], week, change, sickness)
        open_posts = max(posts - providers.filled_posts[j], 0)
        stays = numbers.staff_kept_share if providers.is_handing_back[j] == 1 else providers.stay_share[j]
        quits = hires = filled = absent = experienced = vacant = used = 0
        for k in range(start, stop):
            if workers.is_filled[k] == 0 and vacant >= open_posts:
                continue
            u = workers.change_draw[k]
            if workers.is_filled[k] == 0:
                vacant += 1
                if u < fills:
                    workers.is_filled[k] = 1
                    workers.is_absent[k] = 0
                    workers.tenure_weeks[k] = 0
                    hires += 1
                    filled += 1
                    used = k + 1 - start
                continue
            if u < leaves or (stays < 1.0 and uniform(luck, DRAWS.stays, workers.post[k], week) >= stays):
                workers.is_filled[k] = 0
                workers.is_absent[k] = 0
                quits += 1
                continue
            workers.tenure_weeks[k] += 1
            stays_off = (workers.is_absent[k] == 1) & (workers.sickness_draw[k] >= ends)
            falls_ill = (workers.is_absent[k] == 0) & (workers.sickness_draw[k] < falls)
            workers.is_absent[k] = stays_off | falls_ill
            filled += 1
            used = k + 1 - start
            absent += workers.is_absent[k]
            experienced += workers.tenure_weeks[k] >= numbers.experienced_weeks
        vacancies = max(posts - filled, 0)
        providers.wanted_posts[j] = posts
        providers.used_posts[j] = used
        providers.filled_posts[j] = filled
        providers.present_posts[j] = filled - absent
        providers.quits[j] = quits
        providers.experienced_share[j] = experienced / filled if filled > 0 else 0.0
        providers.vacancy_share[j] = vacancies / posts if posts > 0 else 0.0
        books.quits[week, part] += quits
        books.hires[week, part] += hires
        books.staff_weeks[week, part] += filled
        books.wanted_staff_weeks[week, part] += posts
        books.vacancy_weeks[week, part] += vacancies
        books.absent_staff_weeks[week, part] += absent

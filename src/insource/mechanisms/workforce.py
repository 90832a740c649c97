"""Care workers come and go, and fall ill.

What the articles say
    Both: bought care rests on badly paid, badly trained and so badly motivated staff, and skilled workers are leaving.

What happens
    Each worker may leave this week: sooner in the first year, and at the rate that pay, contract and load make (see
    sector). Some leavers look for another care job in the area, some find one beyond it, some leave care. A vacancy is
    filled by somebody from the area's pool of job seekers or from beyond; if more vacancies would be filled from the
    pool than people are in it, chance decides which are. Workers are off sick in spells, longer in all where sick pay
    is full. When a service hands back, some of its workers leave it.

Equations
    chance to leave = 1 - exp(-quit rate * (first_year_quit_ratio in the first year, then 1) / 52)
    in pool         = in pool + people coming - giving up + leavers who look here - vacancies filled from it
    share off sick  = days off sick / working_days, in spells of sickness_spell_weeks

Limiting case
    With fixed posts, staff is binomial with share f / (f + s) (WORK-1), lengths of service are geometric (WORK-4),
    leavers divide as competing rates do (WORK-6). tests/verify/test_workforce.py

Not modelled
    Age and qualification as reasons to leave; managers; who moves with whom; looking for work when a post closes.

Numbers
    data/parameters/workforce.yaml
"""

import numpy as np

from insource.compiled import compiled, inlined, inner
from insource.draws import decisions, uniform
from insource.post_rows import draw, rows_in_use
from insource.rare import listed
from insource.rules.rates import chance_in_a_week, chance_of_ending, chance_to_keep_share
from insource.rules.staffing import share_off_sick
from insource.rules.turnover import filled_share, service_with_first_year
from insource.staff_moves import move_staff
from insource.units import WEEKS_A_YEAR
from insource.vacancies import highest_place, vacancies_taken

READS = {
    "providers": (
        "part",
        "first_post",
        "last_post",
        "staff_leaving_share",
        "first_heir",
        "heirs",
        "is_handing_back",
        "stay_share",
        "wanted_posts",
        "quit_rate",
        "protected_quit_rate",
        "leave_chance",
        "rival_share",
        "fill_chance",
    ),
    "workers": ("post", "is_protected"),
    "council": ("entering", "giving_up", "from_beyond_share"),
    "parts": ("sick_pay",),
}
WRITES = {
    "workers": ("is_filled", "is_absent", "tenure_weeks", "change_draw", "sickness_draw"),
    "providers": ("filled_posts", "present_posts", "used_posts", "experienced_share", "vacancy_share", "quits"),
    "council": ("seekers",),
}
DRAWS = decisions("workforce", "filled", "tenure", "post", "stays", "moves")
POSTS = (
    "staff_moved",
    "quits",
    "quits_to_pool",
    "quits_beyond",
    "quits_from_sector",
    "hires",
    "hires_from_pool",
    "hires_from_beyond",
    "seekers",
    "staff_weeks",
    "vacancy_weeks",
    "absent_staff_weeks",
)


def start(area):
    """Posts are filled, and their holders have served, as in the long run."""
    set_up_posts(area.providers, area.workers, area.numbers, area.luck)


@compiled
def set_up_posts(providers, workers, numbers, luck):
    """Fill the posts of every service as in the long run, each holder with a length of service drawn to fit."""
    for j in range(providers.part.shape[0]):
        filled = experienced = 0
        posts = providers.wanted_posts[j]
        filled_chance = filled_share(providers.leave_chance[j], providers.fill_chance[j])
        later = chance_in_a_week(providers.quit_rate[j])
        first_year = chance_in_a_week(providers.quit_rate[j] * numbers.first_year_quit_ratio)
        for k in range(providers.first_post[j], providers.first_post[j] + posts):
            if uniform(luck, DRAWS.filled, workers.post[k], 0) >= filled_chance:
                continue
            tenure = service_with_first_year(uniform(luck, DRAWS.tenure, workers.post[k], 0), later, first_year)
            workers.is_filled[k] = 1
            workers.tenure_weeks[k] = tenure
            filled += 1
            experienced += tenure >= numbers.experienced_weeks
            providers.used_posts[j] = k + 1 - providers.first_post[j]
        providers.filled_posts[j] = filled
        providers.present_posts[j] = filled
        providers.experienced_share[j] = experienced / filled if filled > 0 else 0.0
        providers.vacancy_share[j] = (posts - filled) / posts if posts > 0 else 0.0


@compiled
def step(week, area):
    workers, providers, luck, council = area.workers, area.providers, area.luck, area.council
    heirs = (providers.staff_leaving_share, providers.first_heir, providers.heirs, providers.last_post)
    area.books.staff_moved[week, 0] += move_staff(week, DRAWS.moves, heirs, area)
    rows = rows_in_use(providers.first_post, providers.wanted_posts, providers.used_posts)
    draw(week, workers, rows, luck, DRAWS.post)
    council.seekers[0] += council.entering[0] - council.giving_up[0]
    taken = vacancies_taken(workers, providers, council.from_beyond_share[0], rows)
    change_staff(week, area, rows, taken, highest_place(taken[2], council.seekers[0]))
    area.books.seekers[week, 0] += council.seekers[0]


@inner
def change_staff(week, area, rows, taken, most):
    """Every service's week: who leaves and for where, which vacancies fill and from where, who is off sick."""
    workers, providers, numbers, council, parts = area.workers, area.providers, area.numbers, area.council, area.parts
    first_taken, taken_rows, places = taken
    leaving, is_off = np.zeros(workers.post.shape[0], np.int8), np.zeros(workers.post.shape[0], np.int8)
    ends = chance_of_ending(numbers.sickness_spell_weeks)
    for j in range(providers.part.shape[0]):
        providers.quits[j] = 0
        sick = share_off_sick(
            parts.sick_pay[providers.part[j]],
            numbers.statutory_sickness_days,
            numbers.occupational_sickness_days,
            numbers.working_days,
        )
        falls = chance_to_keep_share(sick, numbers.sickness_spell_weeks)
        chances, stays = chances_to_go(j, providers, numbers), share_staying(j, providers, numbers)
        first, stop = rows[0][j], rows[1][j]
        for k in range(first, stop):
            leaving[k] = (workers.is_filled[k] == 1) & (workers.change_draw[k] < chance_to_go(k, workers, chances))
        for k in range(first, stop if stays < 1.0 else first):
            goes_along = 1.0 - uniform(area.luck, DRAWS.stays, workers.post[k], week) < 1.0 - stays
            leaving[k] |= goes_along & (workers.is_filled[k] == 1)
        for k in range(first, stop):
            stays_off = (workers.is_absent[k] == 1) & (workers.sickness_draw[k] >= ends)
            is_off[k] = stays_off | ((workers.is_absent[k] == 0) & (workers.sickness_draw[k] < falls))
    say_why(week, listed(leaving), rows[1], area)
    for k in range(workers.post.shape[0]):
        workers.is_filled[k] &= 1 - leaving[k]
        workers.is_absent[k] = is_off[k] & workers.is_filled[k]
    for j in range(providers.part.shape[0]):
        first, stop = rows[0][j], rows[1][j]
        hires = from_pool = filled = absent = experienced = 0
        for k in range(first, stop):
            workers.tenure_weeks[k] += workers.is_filled[k]
        for k in range(first, stop):
            filled += workers.is_filled[k]
            absent += workers.is_absent[k]
            experienced += workers.is_filled[k] & (workers.tenure_weeks[k] >= numbers.experienced_weeks)
        for c in range(first_taken[j], first_taken[j + 1]):
            if places[c] < most:
                row = taken_rows[c]
                workers.is_filled[row] = 1
                workers.is_absent[row] = workers.tenure_weeks[row] = 0
                hires += 1
                from_pool += places[c] >= 0.0
        filled += hires
        used = np.int64(stop) - np.int64(first)
        while used > 0 and workers.is_filled[np.int64(first) + used - 1] == 0:
            used -= 1
        council.seekers[0] -= from_pool
        providers.used_posts[j] = used
        providers.filled_posts[j] = filled
        providers.present_posts[j] = filled - absent
        providers.experienced_share[j] = experienced / filled if filled > 0 else 0.0
        write_down(week, j, hires, from_pool, absent, area)


@inner
def say_why(week, leavers, stops, area):
    """Where each of those who leave goes: to look for another care job here, to one beyond the area, or out of care."""
    workers, providers, numbers, books = area.workers, area.providers, area.numbers, area.books
    j = 0
    for k in leavers:
        while k >= np.int64(stops[j]):
            j += 1
        part, to_rivals = providers.part[j], providers.rival_share[j]
        chance = chance_to_go(k, workers, chances_to_go(j, providers, numbers))
        reason = workers.change_draw[k] / chance if chance > 0.0 else 1.0
        if reason >= 1.0:  # somebody who goes along with a service that is handed back or taken over
            u = uniform(area.luck, DRAWS.stays, workers.post[k], week)
            reason = (1.0 - u) / (1.0 - share_staying(j, providers, numbers))
        to_pool, from_sector = reason < to_rivals * (1.0 - numbers.open_market_share), reason >= to_rivals
        providers.quits[j] += 1
        area.council.seekers[0] += to_pool
        books.quits[week, part] += 1
        books.quits_to_pool[week, part] += to_pool
        books.quits_from_sector[week, part] += from_sector
        books.quits_beyond[week, part] += 1 - to_pool - from_sector


@inlined
def write_down(week, j, hires, from_pool, absent, area):
    """One service's staff this week, in the books."""
    providers, books, part = area.providers, area.books, area.providers.part[j]
    posts, vacancies = providers.wanted_posts[j], max(providers.wanted_posts[j] - providers.filled_posts[j], 0)
    providers.vacancy_share[j] = vacancies / posts if posts > 0 else 0.0
    books.hires[week, part] += hires
    books.hires_from_pool[week, part] += from_pool
    books.hires_from_beyond[week, part] += hires - from_pool
    books.staff_weeks[week, part] += providers.filled_posts[j]
    books.vacancy_weeks[week, part] += vacancies
    books.absent_staff_weeks[week, part] += absent


@inlined
def share_staying(j, providers, numbers):
    """The share of one service's workers who stay where it is handed back or taken over; otherwise all."""
    return numbers.staff_kept_share if providers.is_handing_back[j] == 1 else providers.stay_share[j]


@inlined
def chances_to_go(j, providers, numbers):
    """One service's weekly chances to leave: in the first year and later, each without and with protected terms."""
    rate, kept_rate = providers.quit_rate[j], providers.protected_quit_rate[j]
    early, later = chance_in_a_week(rate * numbers.first_year_quit_ratio), chance_in_a_week(rate)
    if kept_rate == rate:
        return early, early, later, later
    return early, chance_in_a_week(kept_rate * numbers.first_year_quit_ratio), later, chance_in_a_week(kept_rate)


@inlined
def chance_to_go(k, workers, chances):
    """Somebody's chance to leave this week: sooner in the first year, and by whether their terms are protected."""
    early, early_kept, later, later_kept = chances
    is_early = workers.tenure_weeks[k] < WEEKS_A_YEAR
    if workers.is_protected[k] == 1:
        return early_kept if is_early else later_kept
    return early if is_early else later

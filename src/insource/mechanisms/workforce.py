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
from insource.draws import decisions, fill_two, uniform
from insource.rules.rates import chance_in_a_week, chance_of_ending, chance_to_keep_share
from insource.rules.staffing import share_off_sick
from insource.rules.turnover import filled_share, service_with_first_year
from insource.staff_moves import move_staff
from insource.units import WEEKS_A_YEAR

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
    numbers = area.numbers
    for j in range(area.providers.part.shape[0]):
        set_up_posts(
            j, numbers.first_year_quit_ratio, numbers.experienced_weeks, area.providers, area.workers, area.luck
        )


@compiled
def set_up_posts(j, first_year_ratio, experienced_weeks, providers, workers, luck):
    """Fill the posts of one service as in the long run, each holder with a length of service drawn to fit."""
    filled = experienced = 0
    posts = providers.wanted_posts[j]
    filled_chance = filled_share(providers.leave_chance[j], providers.fill_chance[j])
    later = chance_in_a_week(providers.quit_rate[j])
    first_year = chance_in_a_week(providers.quit_rate[j] * first_year_ratio)
    for k in range(providers.first_post[j], providers.first_post[j] + posts):
        if uniform(luck, DRAWS.filled, workers.post[k], 0) >= filled_chance:
            continue
        tenure = service_with_first_year(uniform(luck, DRAWS.tenure, workers.post[k], 0), later, first_year)
        workers.is_filled[k] = 1
        workers.tenure_weeks[k] = tenure
        filled += 1
        experienced += tenure >= experienced_weeks
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
    for j in range(providers.part.shape[0]):
        first, stop = rows_of(j, providers)
        change, sickness = workers.change_draw[first:stop], workers.sickness_draw[first:stop]
        fill_two(luck, DRAWS.post, workers.post[first:stop], week, change, sickness)
    council.seekers[0] += council.entering[0] - council.giving_up[0]
    most = highest_place(area)
    for j in range(providers.part.shape[0]):
        change_staff(j, week, most, area)
    area.books.seekers[week, 0] += council.seekers[0]


@inlined
def rows_of(j, providers):
    """The rows of one service's posts that are wanted or in use: the first, and one past the last."""
    first = providers.first_post[j]
    return first, first + max(providers.wanted_posts[j], providers.used_posts[j])


@inlined
def place_in_pool(u, fills, beyond):
    """A vacancy that fills (u < fills): its place, 0 to 1, among those filled from the pool; below 0 from beyond."""
    return (u / fills - beyond) / (1.0 - beyond) if beyond < 1.0 else -1.0


@inner
def highest_place(area):
    """The place below which vacancies are filled from the pool: all, unless fewer people look than would be taken."""
    workers, providers, beyond = area.workers, area.providers, area.council.from_beyond_share[0]
    if beyond >= 1.0:
        return 1.0
    places = np.empty(workers.post.shape[0], np.float64)
    count = 0
    for j in range(providers.part.shape[0]):
        fills = providers.fill_chance[j]
        open_posts = max(providers.wanted_posts[j] - providers.filled_posts[j], 0)
        first, stop = rows_of(j, providers)
        for k in range(first, stop):
            if open_posts == 0:
                break
            if workers.is_filled[k] == 0:
                open_posts -= 1
                place = place_in_pool(workers.change_draw[k], fills, beyond)
                if workers.change_draw[k] < fills and place >= 0.0:
                    places[count] = place
                    count += 1
    if count <= area.council.seekers[0]:
        return 1.0
    return np.sort(places[:count])[area.council.seekers[0]]


@inner
def change_staff(j, week, most, area):
    """One service's week: who leaves and for where, which vacancies fill and from where, who is off sick."""
    workers, providers, numbers, council = area.workers, area.providers, area.numbers, area.council
    books, luck = area.books, area.luck
    part = providers.part[j]
    sick = share_off_sick(
        area.parts.sick_pay[part],
        numbers.statutory_sickness_days,
        numbers.occupational_sickness_days,
        numbers.working_days,
    )
    ends = chance_of_ending(numbers.sickness_spell_weeks)
    falls = chance_to_keep_share(sick, numbers.sickness_spell_weeks)
    fills, beyond = providers.fill_chance[j], council.from_beyond_share[0]
    later, later_kept = chance_in_a_week(providers.quit_rate[j]), chance_in_a_week(providers.protected_quit_rate[j])
    early = chance_in_a_week(providers.quit_rate[j] * numbers.first_year_quit_ratio)
    early_kept = chance_in_a_week(providers.protected_quit_rate[j] * numbers.first_year_quit_ratio)
    to_rivals = providers.rival_share[j]
    look_here = to_rivals * (1.0 - numbers.open_market_share)
    posts = providers.wanted_posts[j]
    open_posts = max(posts - providers.filled_posts[j], 0)
    stays = numbers.staff_kept_share if providers.is_handing_back[j] == 1 else providers.stay_share[j]
    quits = from_sector = to_pool = hires = from_pool = 0
    filled = absent = experienced = vacant = used = 0
    first, stop = rows_of(j, providers)
    for k in range(first, stop):
        if workers.is_filled[k] == 0 and vacant >= open_posts:
            continue
        u = workers.change_draw[k]
        if workers.is_filled[k] == 0:
            vacant += 1
            place = place_in_pool(u, fills, beyond)
            if u < fills and place < most:
                workers.is_filled[k] = 1
                workers.is_absent[k] = workers.tenure_weeks[k] = 0
                hires += 1
                from_pool += place >= 0.0
                filled += 1
                used = k + 1 - first
            continue
        is_early = workers.tenure_weeks[k] < WEEKS_A_YEAR
        if workers.is_protected[k] == 1:
            leaves = early_kept if is_early else later_kept
        else:
            leaves = early if is_early else later
        reason = u / leaves if leaves > 0.0 else 1.0
        if reason >= 1.0 and stays < 1.0:
            reason = (1.0 - uniform(luck, DRAWS.stays, workers.post[k], week)) / (1.0 - stays)
        if reason < 1.0:
            workers.is_filled[k] = workers.is_absent[k] = 0
            quits += 1
            to_pool += reason < look_here
            from_sector += reason >= to_rivals
            continue
        workers.tenure_weeks[k] += 1
        stays_off = (workers.is_absent[k] == 1) & (workers.sickness_draw[k] >= ends)
        falls_ill = (workers.is_absent[k] == 0) & (workers.sickness_draw[k] < falls)
        workers.is_absent[k] = stays_off | falls_ill
        filled += 1
        used = k + 1 - first
        absent += workers.is_absent[k]
        experienced += workers.tenure_weeks[k] >= numbers.experienced_weeks

    vacancies = max(posts - filled, 0)
    council.seekers[0] += to_pool - from_pool
    providers.used_posts[j] = used
    providers.filled_posts[j] = filled
    providers.present_posts[j] = filled - absent
    providers.quits[j] = quits
    providers.experienced_share[j] = experienced / filled if filled > 0 else 0.0
    providers.vacancy_share[j] = vacancies / posts if posts > 0 else 0.0
    books.quits[week, part] += quits
    books.quits_to_pool[week, part] += to_pool
    books.quits_beyond[week, part] += quits - to_pool - from_sector
    books.quits_from_sector[week, part] += from_sector
    books.hires[week, part] += hires
    books.hires_from_pool[week, part] += from_pool
    books.hires_from_beyond[week, part] += hires - from_pool
    books.staff_weeks[week, part] += filled
    books.vacancy_weeks[week, part] += vacancies
    books.absent_staff_weeks[week, part] += absent

"""Find places: every place on every likely shift is priced with all its consequences."""

import numpy as np

from insource.planner.search.columns import (
    ARC,
    ARC_END,
    BEARS,
    CALM_TO,
    CANDIDATES,
    CARER,
    CARERS,
    EARLIEST,
    EDGE,
    END,
    END_PLACE,
    FIRST,
    FOREVER,
    FREE_TO,
    FROM_TARGET,
    GREATEST,
    GREATEST_PRICE,
    H_AFTER,
    H_SHIFT,
    H_START,
    HARD_TO,
    HAS_EARLY,
    HAS_SHIFT_PRICES,
    HOPED,
    LATE_MINUTE,
    LATEST,
    MARK,
    MINUTES,
    MODE,
    NEXT,
    NONE,
    NORMAL_END,
    OVERTIME_PRICE,
    PAUSE,
    PLACE,
    RELEASE,
    SHIFT,
    START,
    START_PLACE,
    STARTS,
    T_AFTER,
    T_EARLY,
    T_SHIFT,
    TAKES,
    TARGET,
    TO_TARGET,
    TRAVEL_PRICE,
    WHERE,
)
from insource.planner.search.compiling import inlined, inner
from insource.planner.search.journal import WORD, below, chance, draw
from insource.planner.search.prices import carer_price, time_price, wait_price
from insource.planner.search.spread import gap_after, overtime, road_change, spread

ALL_SHIFTS = 64
"""With no more shifts than this all are tried; otherwise those of neighbours, of carers near by, a few by chance."""
MOST_SHIFTS = 32
BY_CHANCE = 2
BLINK = 43_000_000
"""A place is overlooked when 32 mixed bits are below this: one in a hundred (Christiaens & Vanden Berghe 2020)."""
SALT_BITS, SPREAD_OUT, MULTIPLIER = 2, 7919, 2_654_435_761
EARLY_SHARE = 0.15
FURTHEST = 1e12


@inner
def likely_shifts(day, plan, x):
    """List the shifts worth trying for a leg in CANDIDATES; returns how many."""
    listed = plan.lists[CANDIDATES]
    shifts = len(day.shifts_i)
    count = 0
    if shifts <= ALL_SHIFTS:
        for shift in range(shifts):
            if day.barred[x, shift] == 0:
                listed[count] = shift
                count += 1
        return count
    plan.counts[MARK] += 1
    mark = plan.counts[MARK]
    for k in range(day.near.shape[1]):
        shift = plan.legs[day.near[x, k], SHIFT]
        if shift != NONE and plan.marks[shift] != mark and day.barred[x, shift] == 0:
            plan.marks[shift] = mark
            listed[count] = shift
            count += 1
            if count >= MOST_SHIFTS:
                break
    for k in range(day.near_shifts.shape[1] + BY_CHANCE):
        shift = day.near_shifts[x, k] if k < day.near_shifts.shape[1] else below(plan, shifts)
        if shift != NONE and plan.marks[shift] != mark and day.barred[x, shift] == 0:
            plan.marks[shift] = mark
            listed[count] = shift
            count += 1
    return count


@inner
def linked_start(day, plan, x):
    """The soonest start that links to legs in the plan allow."""
    start = 0
    for arc in range(day.legs_i[x, ARC], day.legs_i[x, ARC_END]):
        other = day.arcs_i[arc, TARGET]
        if plan.legs[other, SHIFT] != NONE:
            start = max(start, plan.times[other, STARTS] + day.arcs_t[arc, FROM_TARGET])
    return start


@inner
def right_carer(day, plan, x, shift):
    """Whether links to legs in the plan allow this carer."""
    carer = day.shifts_i[shift, CARER]
    for arc in range(day.legs_i[x, ARC], day.legs_i[x, ARC_END]):
        rule = day.arcs_i[arc, CARERS]
        if rule == 0:
            continue
        other = plan.legs[day.arcs_i[arc, TARGET], SHIFT]
        if other != NONE and (day.shifts_i[other, CARER] == carer) != (rule == 2):
            return False
    return True


@inner
def keep_top(plan, level, width, price, shift, after, early):
    """Keep a place if it is among the best so many; returns the price that another has to beat."""
    prices, places = plan.tops_p[level], plan.tops_i[level]
    k = width - 1
    while k > 0 and prices[k - 1] > price:
        prices[k] = prices[k - 1]
        places[k, T_SHIFT], places[k, T_AFTER] = places[k - 1, T_SHIFT], places[k - 1, T_AFTER]
        places[k, T_EARLY] = places[k - 1, T_EARLY]
        k -= 1
    prices[k] = price
    places[k, T_SHIFT], places[k, T_AFTER], places[k, T_EARLY] = shift, after, early
    return prices[width - 1]


@inner
def find_places(day, plan, x, level, width, budget):
    """The best `width` places for leg x below `budget`, in `plan.tops_*[level]`; returns the best price."""
    for k in range(width):
        plan.tops_p[level, k] = budget
        plan.tops_i[level, k, T_SHIFT] = NONE
    count = likely_shifts(day, plan, x)
    linked = linked_start(day, plan, x)
    allowed = 0
    for k in range(count):
        shift = plan.lists[CANDIDATES, k]
        if right_carer(day, plan, x, shift):
            plan.lists[CANDIDATES, allowed] = shift
            allowed += 1
    salt = draw(plan) >> SALT_BITS
    find_in_shifts(day, plan, x, level, width, allowed, linked, np.int64(0), salt)
    may_be_early = day.settings[HAS_EARLY] > 0.0 and day.legs_t[x, EARLIEST] < day.legs_t[x, RELEASE]
    if may_be_early and (plan.tops_i[level, 0, T_SHIFT] == NONE or chance(plan) < EARLY_SHARE):
        find_in_shifts(day, plan, x, level, width, allowed, linked, np.int64(1), salt)
    return plan.tops_p[level, 0]


@inner
def find_in_shifts(day, plan, x, level, width, count, linked, early, salt):
    """Look at the listed shifts: places with a certain price at once, then the others, the most hopeful first."""
    calm, bears, hard = linked_slack(day, plan, x)
    plan.counts[HOPED] = 0
    worst = plan.tops_p[level, width - 1]
    for k in range(count):
        shift = plan.lists[CANDIDATES, k]
        worst = find_in_shift(day, plan, x, shift, level, width, linked, calm, bears, hard, early, worst, salt)
    hoped, left = plan.hoped, plan.counts[HOPED]
    shifts, afters, starts = plan.lists[H_SHIFT], plan.lists[H_AFTER], plan.lists[H_START]
    while left > 0:
        best = 0
        for k in range(1, left):
            if hoped[k] < hoped[best]:
                best = k
        if hoped[best] >= worst:
            return
        shift, after, start = shifts[best], afters[best], starts[best]
        before = plan.legs[after, NEXT] if after != NONE else plan.shifts[shift, FIRST]
        own = carer_price(day, x, shift) + time_price(day, x, start) + road_change(day, shift, x, after, before)
        price = spread(day, plan, x, shift, after, start, own, worst)
        if price < worst:
            worst = keep_top(plan, level, width, price, shift, after, early)
        left -= 1
        hoped[best], shifts[best], afters[best], starts[best] = hoped[left], shifts[left], afters[left], starts[left]


@inner
def linked_slack(day, plan, x):
    """How late leg x may start for those it is tied to: nobody is moved; it costs nothing for sure; it is possible."""
    calm = bears = hard = np.int64(FOREVER)
    for arc in range(day.legs_i[x, ARC], day.legs_i[x, ARC_END]):
        other, away = day.arcs_i[arc, TARGET], day.arcs_t[arc, TO_TARGET]
        if plan.legs[other, SHIFT] != NONE:
            times = plan.times[other]
            calm = min(calm, times[STARTS] - away if day.arcs_t[arc, FROM_TARGET] >= 0 else np.int64(NONE))
            bears, hard = min(bears, times[BEARS] - away), min(hard, times[HARD_TO] - away)
    return calm, bears, hard


@inner
def soonest_at(day, plan, x, shift, after, linked, early):
    """The soonest start of leg x after leg `after` of a shift."""
    here, travel = day.legs_i[x, PLACE], day.travel[day.shifts_i[shift, MODE]]
    if after == NONE:
        start = day.shifts_t[shift, START] + travel[day.shifts_i[shift, START_PLACE], here]
    else:
        start = plan.times[after, STARTS] + day.legs_t[after, MINUTES] + plan.times[after, PAUSE]
        start += travel[day.legs_i[after, PLACE], here]
    return max(start, linked, day.legs_t[x, EARLIEST] if early else day.legs_t[x, RELEASE])


@inner
def find_in_shift(day, plan, x, shift, level, width, linked, calm, bears, hard, early, worst, salt):
    """Look at every place of one shift for leg x; returns the price that the next place has to beat.

    Where the leg pushes nobody, or nobody to where it costs, its price is certain and the place is kept at once if it
    is good; but a leg that pushes one which came before it may by way of those it is tied to push itself, and is not
    certain. Where it pushes somebody to where that must cost, and even the least of it is too dear, the place is
    passed over. Other places are listed with the least they can cost (what waiting they save further on left aside).
    """
    fixed = carer_price(day, x, shift)
    if fixed >= worst:
        return worst
    mode = day.shifts_i[shift, MODE]
    place, minutes = day.legs_i[x, PLACE], day.legs_t[x, MINUTES]
    travel, to, on = day.travel[mode], day.travel_to[mode, place], day.travel[mode, place]
    soonest = max(linked, day.legs_t[x, EARLIEST] if early else day.legs_t[x, RELEASE])
    latest, rate = min(day.legs_t[x, LATEST], hard), day.shifts_p[shift, TRAVEL_PRICE]
    late_minute, has_prices = day.settings[LATE_MINUTE], day.settings[HAS_SHIFT_PRICES] > 0.0
    times, legs = plan.times, plan.legs
    is_alone = calm == FOREVER
    following = plan.shifts[shift, FIRST]
    after = np.int64(NONE)
    from_place = day.shifts_i[shift, START_PLACE]
    ready = day.shifts_t[shift, START]
    soonest_end = soonest + minutes
    tight = soonest_end - bearable(day, worst - fixed)
    while True:
        while following != NONE and (times[following, BEARS] <= tight or times[following, HARD_TO] < soonest_end):
            after = following
            following = legs[after, NEXT]
        if after != NONE:
            from_place = times[after, WHERE]
            ready = times[after, STARTS] + times[after, TAKES] + times[after, PAUSE]
        to_x = to[from_place]
        start = ready + to_x
        if start > latest:
            break
        own = fixed
        if start > soonest:
            own += time_price(day, x, start)
            if own >= worst and start > day.legs_t[x, FREE_TO]:
                break
        else:
            start = soonest
            own += time_price(day, x, start)
        done = start + minutes
        is_certain = start <= calm
        least = max(0.0, (start - bears) * late_minute)
        if following != NONE:
            next_place = times[following, WHERE]
            from_x, direct = on[next_place], travel[from_place, next_place]
            price = own + (to_x + from_x - direct) * rate
            pushed = done + from_x
            is_possible = pushed <= times[following, HARD_TO]
            least = max(least, (pushed - times[following, BEARS]) * late_minute)
            quiet = times[following, STARTS] if has_prices else times[following, CALM_TO]
            is_certain = is_certain and pushed <= quiet and (is_alone or start <= times[following, STARTS])
        else:
            from_x = on[day.shifts_i[shift, END_PLACE]]
            price = own + (to_x + from_x) * rate
            if after != NONE:
                price -= travel[from_place, day.shifts_i[shift, END_PLACE]] * rate
            is_possible = done + from_x <= day.shifts_t[shift, END]
        if is_possible and price + least < worst:
            if has_prices:
                price += gap_change(day, plan, x, shift, after, following, start, ready + to_x, done + from_x)
            if day.settings[GREATEST_PRICE] > 0.0:
                price += max(0, start - day.legs_t[x, EDGE] - plan.counts[GREATEST]) * day.settings[GREATEST_PRICE]
            if price + least < worst and ((salt + after + shift * SPREAD_OUT) * MULTIPLIER & WORD) >= BLINK:
                if is_certain:
                    worst = keep_top(plan, level, width, price, shift, after, early)
                    tight = soonest_end - bearable(day, worst - fixed)
                else:
                    hope(plan, price + least, shift, after, start)
        if following == NONE:
            break
        after = following
        following = legs[after, NEXT]
    return worst


@inlined
def bearable(day, price):
    """How far past `BEARS` a leg may be pushed at most for this price."""
    late_minute = day.settings[LATE_MINUTE]
    return int(min(price / late_minute, FURTHEST)) if late_minute > 0.0 else FOREVER


@inner
def gap_change(day, plan, x, shift, after, following, start, soonest, on_to):
    """What the leg does to waiting and overtime at its place: `soonest` it could start, `on_to` the next place."""
    price = 0.0
    if after != NONE:
        price += wait_price(day, shift, start - soonest)
    if following == NONE:
        price += max(0, on_to - day.shifts_t[shift, NORMAL_END]) * day.shifts_p[shift, OVERTIME_PRICE]
        if after != NONE:
            price -= overtime(day, plan, shift, after, np.int64(0))
    else:
        held = plan.times[following, STARTS]
        price += wait_price(day, shift, max(0, held - on_to))
        if after != NONE:
            price -= wait_price(day, shift, gap_after(day, plan, shift, after, following, np.int64(0)))
    return price


@inner
def hope(plan, price, shift, after, start):
    """List a place whose price is not certain."""
    k = plan.counts[HOPED]
    plan.hoped[k] = price
    plan.lists[H_SHIFT, k], plan.lists[H_AFTER, k], plan.lists[H_START, k] = shift, after, start
    plan.counts[HOPED] = k + 1

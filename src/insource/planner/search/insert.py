"""Put visits back: every place on every likely shift is priced with all its consequences, the cheapest is taken."""

import numpy as np

from insource.planner.search.columns import (
    ARC,
    ARC_END,
    CANDIDATES,
    CARER,
    CARERS,
    COST,
    EARLIEST,
    END,
    END_PLACE,
    FIRST,
    FREE_TO,
    FROM_TARGET,
    GREATEST,
    HAS_EARLY,
    JOURNAL,
    LATEST,
    MARK,
    MINUTES,
    MODE,
    NEXT,
    NONE,
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
    TARGET,
    TRAVEL_PRICE,
    WIDTH,
)
from insource.planner.search.compiling import inner
from insource.planner.search.journal import WORD, below, chance, draw, has_room, undo
from insource.planner.search.prices import carer_price, time_price
from insource.planner.search.spread import put_in, road_change, spread

ALL_SHIFTS = 64
"""With no more shifts than this all are tried; otherwise those of neighbours, of carers near by, a few by chance."""
MOST_SHIFTS = 32
BY_CHANCE = 2
BLINK = 43_000_000
"""A place is overlooked when 32 mixed bits are below this: one in a hundred (Christiaens & Vanden Berghe 2020)."""
SALT_BITS, SPREAD_OUT, MULTIPLIER = 2, 7919, 2_654_435_761
EARLY_SHARE = 0.15
LEAST = 1e-9
ROUGH, CHOSEN, GUESS, LEVELS = 2, 3, 4, 5
"""Rows of `plan.tops_*` beside those of the first carer (0) and of the others (1)."""


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
    count = allowed
    salt = draw(plan) >> SALT_BITS
    worst = likely_price(day, plan, x, count, width, linked, budget, salt)
    for k in range(count):
        worst = find_in_shift(
            day, plan, x, plan.lists[CANDIDATES, k], level, width, linked, np.int64(0), worst, np.int64(0), salt
        )
    may_be_early = day.settings[HAS_EARLY] > 0.0 and day.legs_t[x, EARLIEST] < day.legs_t[x, RELEASE]
    if may_be_early and (plan.tops_i[level, 0, T_SHIFT] == NONE or chance(plan) < EARLY_SHARE):
        for k in range(count):
            worst = find_in_shift(
                day, plan, x, plan.lists[CANDIDATES, k], level, width, linked, np.int64(1), worst, np.int64(0), salt
            )
    return plan.tops_p[level, 0]


@inner
def likely_price(day, plan, x, count, width, linked, budget, salt):
    """A price that the best `width` places beat: the exact price of the likeliest, or `budget` if one is not possible.

    A search that starts with such a price gives up early on places that would delay a whole round.
    """
    for k in range(width):
        plan.tops_p[GUESS, k] = budget
        plan.tops_i[GUESS, k, T_SHIFT] = NONE
    guess = budget
    for k in range(count):
        guess = find_in_shift(
            day,
            plan,
            x,
            plan.lists[CANDIDATES, k],
            np.int64(GUESS),
            width,
            linked,
            np.int64(0),
            guess,
            np.int64(1),
            salt,
        )
    worst = 0.0
    for k in range(width):
        place = plan.tops_i[GUESS, k]
        if place[T_SHIFT] == NONE:
            return budget
        shift, after = place[T_SHIFT], place[T_AFTER]
        start = soonest_at(day, plan, x, shift, after, linked, np.int64(0))
        before = plan.legs[after, NEXT] if after != NONE else plan.shifts[shift, FIRST]
        own = carer_price(day, x, shift) + time_price(day, x, start) + road_change(day, shift, x, after, before)
        worst = max(worst, spread(day, plan, x, shift, after, start, own, budget))
    return min(budget, worst + LEAST)


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
def find_in_shift(day, plan, x, shift, level, width, linked, early, worst, is_guess, salt):
    """Price every place of one shift for leg x; returns the price that the next place has to beat.

    A guess counts only what it costs at the place itself and at the next leg.
    """
    fixed = carer_price(day, x, shift)
    if fixed >= worst:
        return worst
    travel = day.travel[day.shifts_i[shift, MODE]]
    place, minutes = day.legs_i[x, PLACE], day.legs_t[x, MINUTES]
    soonest = max(linked, day.legs_t[x, EARLIEST] if early else day.legs_t[x, RELEASE])
    latest, rate = day.legs_t[x, LATEST], day.shifts_p[shift, TRAVEL_PRICE]
    following = plan.shifts[shift, FIRST]
    after = np.int64(NONE)
    from_place = day.shifts_i[shift, START_PLACE]
    ready = day.shifts_t[shift, START]
    has_early = day.settings[HAS_EARLY] > 0.0
    while True:
        to_x = travel[from_place, place]
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
        if following != NONE:
            next_place = day.legs_i[following, PLACE]
            from_x = travel[place, next_place]
            price = own + (to_x + from_x - travel[from_place, next_place]) * rate
            pushed = done + from_x
            possible = pushed <= day.legs_t[following, LATEST]
            held = plan.times[following, STARTS]
            if possible and pushed > held and price < worst and not has_early:
                push = time_price(day, following, pushed) - time_price(day, following, held)
                possible = price + push < worst
                if is_guess:
                    price += push
        else:
            from_x = travel[place, day.shifts_i[shift, END_PLACE]]
            price = own + (to_x + from_x) * rate
            if after != NONE:
                price -= travel[from_place, day.shifts_i[shift, END_PLACE]] * rate
            possible = done + from_x <= day.shifts_t[shift, END]
        if possible and price < worst and ((salt + after + shift * SPREAD_OUT) * MULTIPLIER & WORD) < BLINK:
            possible = False
        if is_guess:
            if possible and price < worst:
                worst = keep_top(plan, level, width, price, shift, after, early)
        elif possible and price < worst:
            price = spread(day, plan, x, shift, after, start, price, worst)
            if price < worst:
                worst = keep_top(plan, level, width, price, shift, after, early)
        if following == NONE:
            break
        after = following
        following = plan.legs[after, NEXT]
        from_place = day.legs_i[after, PLACE]
        ready = plan.times[after, STARTS] + day.legs_t[after, MINUTES] + plan.times[after, PAUSE]
    return worst


@inner
def put_at_top(day, plan, x, level, rank):
    """Put leg x at its place number `rank` of the level's list."""
    place = plan.tops_i[level, rank]
    shift, after, early = place[T_SHIFT], place[T_AFTER], place[T_EARLY]
    if shift == NONE:
        return False
    return put_at(day, plan, x, shift, after, early)


@inner
def put_at(day, plan, x, shift, after, early):
    """Put leg x after leg `after` of a shift, as soon as order, release and links allow."""
    start = soonest_at(day, plan, x, shift, after, linked_start(day, plan, x), early)
    return put_in(day, plan, x, shift, after, early, start)


@inner
def insert_block(day, plan, block):
    """Put all legs of a block in, where that costs least and less than leaving it out; returns whether it is in."""
    first, end = day.block_legs[block, 0], day.block_legs[block, 1]
    worth = day.block_p[block, 0]
    if end - first == 1:
        leg = day.block_legs[first, 2]
        if find_places(day, plan, leg, np.int64(0), np.int64(1), worth) >= worth:
            return False
        back, cost, greatest = plan.counts[JOURNAL], plan.costs[COST], plan.counts[GREATEST]
        if put_at_top(day, plan, leg, np.int64(0), np.int64(0)):
            plan.costs[COST] -= worth
            return True
        undo(plan, back)
        plan.costs[COST], plan.counts[GREATEST] = cost, greatest
        return False
    return insert_together(day, plan, first, end - first, worth)


@inner
def insert_together(day, plan, first, size, worth):
    """Two or more legs: the best few places of one with the best places then left for the others."""
    turn = below(plan, size)
    back, cost, greatest = plan.counts[JOURNAL], plan.costs[COST], plan.counts[GREATEST]
    leg = day.block_legs[first + turn, 2]
    width = int(day.settings[WIDTH])
    find_places(day, plan, leg, np.int64(0), width, worth)
    best = worth
    chosen = plan.tops_i[CHOSEN]
    found = False
    for rank in range(width):
        if plan.tops_i[0, rank, T_SHIFT] == NONE or plan.tops_p[0, rank] >= best or not has_room(plan):
            break
        if put_at_top(day, plan, leg, np.int64(0), rank):
            complete = True
            for k in range(1, size):
                other = day.block_legs[first + (turn + k) % size, 2]
                left = best - (plan.costs[COST] - cost)
                if find_places(day, plan, other, np.int64(1), np.int64(1), left) >= left:
                    complete = False
                    break
                for j in range(3):
                    plan.tops_i[ROUGH, k, j] = plan.tops_i[1, 0, j]
                if k < size - 1 and not put_at_top(day, plan, other, np.int64(1), np.int64(0)):
                    complete = False
                    break
            total = plan.costs[COST] - cost + plan.tops_p[1, 0]
            if complete and total < best:
                best = total
                found = True
                for j in range(3):
                    chosen[0, j] = plan.tops_i[0, rank, j]
                    for k in range(1, size):
                        chosen[k, j] = plan.tops_i[ROUGH, k, j]
        undo(plan, back)
        plan.costs[COST], plan.counts[GREATEST] = cost, greatest
    if not found:
        return False
    for k in range(size):
        other = day.block_legs[first + (turn + k) % size, 2]
        if not put_at(day, plan, other, chosen[k, T_SHIFT], chosen[k, T_AFTER], chosen[k, T_EARLY]):
            undo(plan, back)
            plan.costs[COST], plan.counts[GREATEST] = cost, greatest
            return False
    plan.costs[COST] -= worth
    return True

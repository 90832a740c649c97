"""Delays: a later start pushes the next leg of the round, and through links those of other rounds.

Starts are the least fixed point of: order of the round, travel, release, links. Nothing is approximated: what an
insertion costs is worked out by pushing every leg that has to move, and given up as soon as it costs more than the best
place so far. A chain of links that bites its own tail never settles and is refused.
"""

import numpy as np

from insource.planner.search.columns import (
    ARC,
    ARC_END,
    CHANGED,
    CHANGES,
    COST,
    EARLY,
    EDGE,
    END,
    END_PLACE,
    FIRST,
    GREATEST,
    GREATEST_PRICE,
    HAS_SHIFT_PRICES,
    LAST,
    LATEST,
    MINUTES,
    MODE,
    NEXT,
    NONE,
    PAUSE,
    PLACE,
    PREVIOUS,
    SHIFT,
    STACK,
    STAMP,
    STARTS,
    TARGET,
    TO_TARGET,
)
from insource.planner.search.compiling import inner
from insource.planner.search.journal import note_leg, note_shift
from insource.planner.search.prices import carer_price, road, shift_price, time_price, wait_price

MOST_RAISES = 2
"""A leg that is pushed more often than this by what it pushes itself never settles."""


@inner
def spread(day, plan, x, shift, after, start, price, budget):
    """Price of starting leg x of `shift` after leg `after` at `start`, all its consequences for starts included.

    `price` is what is known of it already; infinite if it cannot be, or as soon as it is not below `budget`. Starts are
    left in `plan.trial` for the legs in `plan.lists[CHANGES]`, `plan.counts[CHANGED]` of them.
    """
    trial, stamp, legs, times = plan.trial, plan.stamp, plan.legs, plan.times
    stack, changes = plan.lists[STACK], plan.lists[CHANGES]
    plan.counts[STAMP] += 1
    mark = plan.counts[STAMP]
    before = legs[after, NEXT] if after != NONE else plan.shifts[shift, FIRST]
    trial[x] = start
    stamp[x] = mark
    changes[0] = x
    changed = 1
    stack[0] = x
    done, waiting, raised = 0, 1, 0
    while done < waiting:
        leg = stack[done]
        done += 1
        if waiting + 1 + day.legs_i[leg, ARC_END] - day.legs_i[leg, ARC] >= len(stack):
            return float("inf")
        if leg == x:
            own, following = shift, before
        else:
            own, following = legs[leg, SHIFT], legs[leg, NEXT]
            if leg == after:
                following = x
        now = trial[leg]
        ready = now + day.legs_t[leg, MINUTES] + times[leg, PAUSE]
        mode, place = day.shifts_i[own, MODE], day.legs_i[leg, PLACE]
        if following == NONE:
            if ready + day.travel[mode, place, day.shifts_i[own, END_PLACE]] > day.shifts_t[own, END]:
                return float("inf")
        else:
            ready += day.travel[mode, place, day.legs_i[following, PLACE]]
            fresh = stamp[following] != mark
            old = times[following, STARTS] if fresh else trial[following]
            if ready > old:
                if ready > day.legs_t[following, LATEST]:
                    return float("inf")
                price += time_price(day, following, ready) - time_price(day, following, old)
                if price >= budget:
                    return float("inf")
                trial[following] = ready
                if following == x:
                    raised += 1
                    if raised > MOST_RAISES:
                        return float("inf")
                if fresh:
                    stamp[following] = mark
                    changes[changed] = following
                    changed += 1
                stack[waiting] = following
                waiting += 1
        for arc in range(day.legs_i[leg, ARC], day.legs_i[leg, ARC_END]):
            other = day.arcs_i[arc, TARGET]
            fresh = stamp[other] != mark
            if fresh and legs[other, SHIFT] == NONE:
                continue
            soonest = now + day.arcs_t[arc, TO_TARGET]
            old = times[other, STARTS] if fresh else trial[other]
            if soonest > old:
                if soonest > day.legs_t[other, LATEST]:
                    return float("inf")
                price += time_price(day, other, soonest) - time_price(day, other, old)
                if price >= budget:
                    return float("inf")
                trial[other] = soonest
                if other == x:
                    raised += 1
                    if raised > MOST_RAISES:
                        return float("inf")
                if fresh:
                    stamp[other] = mark
                    changes[changed] = other
                    changed += 1
                stack[waiting] = other
                waiting += 1
    plan.counts[CHANGED] = changed
    if day.settings[GREATEST_PRICE] > 0.0:
        price += (greatest_of(day, plan, changed) - plan.counts[GREATEST]) * day.settings[GREATEST_PRICE]
    if day.settings[HAS_SHIFT_PRICES] > 0.0:
        price += waiting_change(day, plan, x, shift, after, before, changed)
    return price if price < budget else float("inf")


@inner
def greatest_of(day, plan, changed):
    """The greatest lateness of the day with the trial starts."""
    greatest = plan.counts[GREATEST]
    for k in range(changed):
        leg = plan.lists[CHANGES, k]
        greatest = max(greatest, plan.trial[leg] - day.legs_t[leg, EDGE])
    return greatest


@inner
def waiting_change(day, plan, x, shift, after, before, changed):
    """What the trial does to the price of waiting and overtime."""
    mark = plan.counts[STAMP]
    price = 0.0
    if after != NONE and before != NONE:
        price -= wait_price(day, shift, gap_after(day, plan, shift, after, before, np.int64(0)))
    for k in range(changed):
        leg = plan.lists[CHANGES, k]
        if leg == x:
            own, earlier, later = shift, after, before
        else:
            own, earlier, later = plan.legs[leg, SHIFT], plan.legs[leg, PREVIOUS], plan.legs[leg, NEXT]
            if leg == before:
                earlier = x
            if leg == after:
                later = x
        if earlier != NONE:
            price += wait_price(day, own, gap_after(day, plan, own, earlier, leg, mark))
            if leg != x and earlier != x:
                price -= wait_price(day, own, gap_after(day, plan, own, earlier, leg, np.int64(0)))
        if later == NONE:
            price += overtime(day, plan, own, leg, mark)
            old = leg if leg != x else after
            if old != NONE:
                price -= overtime(day, plan, own, old, np.int64(0))
        elif plan.stamp[later] != mark:
            price += wait_price(day, own, gap_after(day, plan, own, leg, later, mark))
            if leg != x and later != x:
                price -= wait_price(day, own, gap_after(day, plan, own, leg, later, np.int64(0)))
    return price


@inner
def gap_after(day, plan, shift, leg, later, mark):
    """Waiting between two legs, with the trial starts of those that carry this mark."""
    start = plan.trial[leg] if mark and plan.stamp[leg] == mark else plan.times[leg, STARTS]
    end = plan.trial[later] if mark and plan.stamp[later] == mark else plan.times[later, STARTS]
    way = road(day, shift, day.legs_i[leg, PLACE], day.legs_i[later, PLACE])
    return end - start - day.legs_t[leg, MINUTES] - plan.times[leg, PAUSE] - way


@inner
def overtime(day, plan, shift, leg, mark):
    """Price of overtime if this leg is the shift's last."""
    start = plan.trial[leg] if mark and plan.stamp[leg] == mark else plan.times[leg, STARTS]
    way = road(day, shift, day.legs_i[leg, PLACE], day.shifts_i[shift, END_PLACE])
    over = start + day.legs_t[leg, MINUTES] + way - day.shifts_t[shift, 2]
    return over * day.shifts_p[shift, 2] if over > 0 else 0.0


@inner
def put_in(day, plan, x, shift, after, early, start):
    """Put leg x into the plan: order, starts of all it pushes, and the running cost. False if it does not settle.

    How much later legs may start is for the caller to work out again (`slack_again`).
    """
    note_leg(plan, x)
    plan.legs[x, EARLY] = early
    if spread(day, plan, x, shift, after, start, 0.0, float("inf")) == float("inf"):
        return False
    legs = plan.legs
    before = legs[after, NEXT] if after != NONE else plan.shifts[shift, FIRST]
    changed = plan.counts[CHANGED]
    cost = road_change(day, shift, x, after, before) + carer_price(day, x, shift) + time_price(day, x, plan.trial[x])
    if day.settings[GREATEST_PRICE] > 0.0:
        greatest = greatest_of(day, plan, changed)
        cost += (greatest - plan.counts[GREATEST]) * day.settings[GREATEST_PRICE]
        plan.counts[GREATEST] = greatest
    for k in range(1, changed):
        leg = plan.lists[CHANGES, k]
        note_leg(plan, leg)
        cost += time_price(day, leg, plan.trial[leg]) - time_price(day, leg, plan.times[leg, STARTS])
        plan.times[leg, STARTS] = plan.trial[leg]
    plan.times[x, STARTS] = plan.trial[x]
    note_shift(plan, shift)
    legs[x, SHIFT], legs[x, PREVIOUS], legs[x, NEXT] = shift, after, before
    plan.shifts[shift, 2] += 1
    if after == NONE:
        plan.shifts[shift, FIRST] = x
    else:
        note_leg(plan, after)
        legs[after, NEXT] = x
    if before == NONE:
        plan.shifts[shift, LAST] = x
    else:
        note_leg(plan, before)
        legs[before, PREVIOUS] = x
    plan.costs[COST] += cost
    if day.settings[HAS_SHIFT_PRICES] > 0.0:
        for k in range(changed):
            price_again(day, plan, legs[plan.lists[CHANGES, k], SHIFT])
    return True


@inner
def road_change(day, shift, x, after, before):
    """Price of the way round by x."""
    place = day.legs_i[x, PLACE]
    a = day.legs_i[after, PLACE] if after != NONE else day.shifts_i[shift, 1]
    b = day.legs_i[before, PLACE] if before != NONE else day.shifts_i[shift, END_PLACE]
    way = road(day, shift, a, place) + road(day, shift, place, b)
    if after != NONE or before != NONE:
        way -= road(day, shift, a, b)
    return way * day.shifts_p[shift, 0]


@inner
def price_again(day, plan, shift):
    """Work out waiting, overtime and break of a shift anew; the running cost follows."""
    price = shift_price(day, plan, shift)
    if price != plan.shift_price[shift]:
        note_shift(plan, shift)
        plan.costs[COST] += price - plan.shift_price[shift]
        plan.shift_price[shift] = price


@inner
def within_shift(day, plan, leg):
    """Whether the shift of its last leg ends in time."""
    shift = plan.legs[leg, SHIFT]
    way = road(day, shift, day.legs_i[leg, PLACE], day.shifts_i[shift, END_PLACE])
    return plan.times[leg, STARTS] + day.legs_t[leg, MINUTES] + plan.times[leg, PAUSE] + way <= day.shifts_t[shift, END]

"""Take legs out, and let the starts of what they held up fall back."""

from insource.planner.search.columns import (
    ARC,
    ARC_END,
    BREAK_AFTER,
    CANDIDATES,
    CLOSURE,
    COST,
    EDGE,
    FIRST,
    FROM_TARGET,
    GREATEST,
    GREATEST_PRICE,
    HAS_SHIFT_PRICES,
    LAST,
    LATEST,
    MINUTES,
    NEXT,
    NONE,
    PAUSE,
    PLACE,
    PREVIOUS,
    SHIFT,
    STAMP,
    START,
    START_PLACE,
    STARTS,
    TARGET,
    TO_TARGET,
)
from insource.planner.search.compiling import inner
from insource.planner.search.journal import note_leg, note_shift
from insource.planner.search.prices import carer_price, release, road, time_price
from insource.planner.search.spread import price_again, road_change

MOST_ROUNDS = 60


@inner
def take_out(day, plan, x):
    """Unlink a leg. Starts of others stay as they are until `settle`. Returns the leg that followed it, or -1."""
    legs = plan.legs
    shift, after, before = legs[x, SHIFT], legs[x, PREVIOUS], legs[x, NEXT]
    plan.costs[COST] -= (
        road_change(day, shift, x, after, before)
        + carer_price(day, x, shift)
        + time_price(day, x, plan.times[x, STARTS])
    )
    note_leg(plan, x)
    note_shift(plan, shift)
    if after == NONE:
        plan.shifts[shift, FIRST] = before
    else:
        note_leg(plan, after)
        legs[after, NEXT] = before
    if before == NONE:
        plan.shifts[shift, LAST] = after
    else:
        note_leg(plan, before)
        legs[before, PREVIOUS] = after
    plan.shifts[shift, 2] -= 1
    if plan.shifts[shift, BREAK_AFTER] == x:
        plan.shifts[shift, BREAK_AFTER] = NONE
    plan.times[x, PAUSE] = 0
    legs[x, SHIFT] = legs[x, PREVIOUS] = legs[x, NEXT] = NONE
    legs[x, 3] = 0
    return before


@inner
def arrival(day, plan, leg):
    """When the carer can be at this leg, coming from the one before or from where the shift starts."""
    shift, earlier = plan.legs[leg, SHIFT], plan.legs[leg, PREVIOUS]
    place = day.legs_i[leg, PLACE]
    if earlier == NONE:
        return day.shifts_t[shift, START] + road(day, shift, day.shifts_i[shift, START_PLACE], place)
    ready = plan.times[earlier, STARTS] + day.legs_t[earlier, MINUTES] + plan.times[earlier, PAUSE]
    return ready + road(day, shift, day.legs_i[earlier, PLACE], place)


@inner
def settle(day, plan, dirty):
    """Let starts fall to the least that order and links allow; the first `dirty` legs of CANDIDATES lost a neighbour.

    Only a leg whose start is held up by something that may fall can fall, so the search for those stops at the first
    waiting. Returns False if a start would have to rise past its latest (travel by way of a third place was quicker).
    """
    count = _closure(day, plan, dirty)
    times, closure = plan.times, plan.lists[CLOSURE]
    mark = plan.counts[STAMP]
    for k in range(count):
        leg = closure[k]
        note_leg(plan, leg)
        plan.trial[leg] = times[leg, STARTS]
        times[leg, STARTS] = release(day, plan, leg)
    rounds = 0
    moves = True
    while moves:
        moves = False
        rounds += 1
        if rounds > MOST_ROUNDS:
            return False
        for k in range(count):
            leg = closure[k]
            start = _soonest(day, plan, leg)
            if start > times[leg, STARTS]:
                times[leg, STARTS] = start
                moves = True
    for k in range(count):
        leg = closure[k]
        start = times[leg, STARTS]
        if start > plan.trial[leg] and not _holds(day, plan, leg, mark):
            return False
        if start != plan.trial[leg]:
            plan.costs[COST] += time_price(day, leg, start) - time_price(day, leg, plan.trial[leg])
    if day.settings[HAS_SHIFT_PRICES] > 0.0:
        for k in range(count):
            price_again(day, plan, plan.legs[closure[k], SHIFT])
    return True


@inner
def _holds(day, plan, leg, mark):
    """Whether a leg that starts later than before still keeps its latest and pushes nobody who was left out."""
    start = plan.times[leg, STARTS]
    if start > day.legs_t[leg, LATEST]:
        return False
    following = plan.legs[leg, NEXT]
    if following != NONE and plan.stamp[following] != mark:
        return arrival(day, plan, following) <= plan.times[following, STARTS]
    return True


@inner
def _soonest(day, plan, leg):
    start = max(release(day, plan, leg), arrival(day, plan, leg))
    for arc in range(day.legs_i[leg, ARC], day.legs_i[leg, ARC_END]):
        other = day.arcs_i[arc, TARGET]
        if plan.legs[other, SHIFT] != NONE:
            start = max(start, plan.times[other, STARTS] + day.arcs_t[arc, FROM_TARGET])
    return start


@inner
def _closure(day, plan, dirty):
    """Mark and list the legs whose starts may fall: the dirty ones, and whatever each of them holds up."""
    plan.counts[STAMP] += 1
    mark = plan.counts[STAMP]
    closure, stamp, times = plan.lists[CLOSURE], plan.stamp, plan.times
    count = 0
    for k in range(dirty):
        leg = plan.lists[CANDIDATES, k]
        if plan.legs[leg, SHIFT] != NONE and stamp[leg] != mark:
            stamp[leg] = mark
            closure[count] = leg
            count += 1
    k = 0
    while k < count:
        leg = closure[k]
        k += 1
        if times[leg, STARTS] <= release(day, plan, leg):
            continue
        following = plan.legs[leg, NEXT]
        if following != NONE and stamp[following] != mark and times[following, STARTS] <= arrival(day, plan, following):
            stamp[following] = mark
            closure[count] = following
            count += 1
        for arc in range(day.legs_i[leg, ARC], day.legs_i[leg, ARC_END]):
            other = day.arcs_i[arc, TARGET]
            if plan.legs[other, SHIFT] == NONE or stamp[other] == mark:
                continue
            if times[other, STARTS] <= times[leg, STARTS] + day.arcs_t[arc, TO_TARGET]:
                stamp[other] = mark
                closure[count] = other
                count += 1
    return count


@inner
def greatest_again(day, plan):
    """Work out the greatest lateness of the day anew; the running cost follows."""
    if day.settings[GREATEST_PRICE] == 0.0:
        return
    greatest = 0
    for leg in range(len(plan.stamp)):
        if plan.legs[leg, SHIFT] != NONE:
            greatest = max(greatest, plan.times[leg, STARTS] - day.legs_t[leg, EDGE])
    plan.costs[COST] += (greatest - plan.counts[GREATEST]) * day.settings[GREATEST_PRICE]
    plan.counts[GREATEST] = greatest

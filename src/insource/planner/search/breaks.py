"""Breaks: in a gap that holds one if there is one; otherwise where waiting for its end costs least."""

import numpy as np

from insource.planner.search.columns import (
    ARC,
    ARC_END,
    BREAK,
    BREAK_AFTER,
    BREAK_FROM,
    BREAK_TO,
    CANDIDATES,
    COST,
    FIRST,
    GREATEST,
    J_ID,
    JOURNAL,
    LAST,
    LATEST,
    MARK,
    MINUTES,
    NEXT,
    NONE,
    PAUSE,
    SHIFT,
    STACK,
    STARTS,
    TARGET,
    TO_TARGET,
)
from insource.planner.search.compiling import inner
from insource.planner.search.journal import has_room, note_leg, note_shift, undo
from insource.planner.search.prices import fits_break, has_good_break, needs_break, time_price
from insource.planner.search.settle import arrival, greatest_again, settle
from insource.planner.search.spread import price_again, within_shift


@inner
def mend_breaks(day, plan, since):
    """See to the breaks of every shift that the journal names since then. False if the rest cannot hold."""
    plan.counts[MARK] += 1
    mark = plan.counts[MARK]
    for k in range(since, plan.counts[JOURNAL]):
        who = plan.journal[k, J_ID]
        shift = plan.legs[who, SHIFT] if who >= 0 else -1 - who
        if shift == NONE or plan.marks[shift] == mark or not has_room(plan):
            continue
        plan.marks[shift] = mark
        if not mend_break(day, plan, shift):
            return False
    return True


@inner
def mend_break(day, plan, shift):
    """Take away a break that is not needed or does not fit, and find a place for one that is needed."""
    first, last = plan.shifts[shift, FIRST], plan.shifts[shift, LAST]
    if first == NONE or day.shifts_t[shift, BREAK] == 0:
        return True
    is_needed = needs_break(day, plan, shift, span_of(day, plan, first, last))
    leg = plan.shifts[shift, BREAK_AFTER]
    if is_needed and has_good_break(day, plan, shift):
        return True
    if leg != NONE:
        set_break(day, plan, shift, leg, np.int64(0))
        plan.lists[CANDIDATES, 0] = plan.legs[leg, NEXT]
        if plan.legs[leg, NEXT] != NONE and not settle(day, plan, np.int64(1)):
            return False
        is_needed = needs_break(day, plan, shift, span_of(day, plan, first, last))
    if is_needed:
        place_break(day, plan, shift)
    price_again(day, plan, shift)
    if plan.counts[GREATEST] > 0:
        greatest_again(day, plan)
    return True


@inner
def span_of(day, plan, first, last):
    """Time from the start of one leg to the end of another."""
    return plan.times[last, STARTS] + day.legs_t[last, MINUTES] - plan.times[first, STARTS]


@inner
def set_break(day, plan, shift, leg, pause):
    """A break after this leg, or none if `pause` is 0."""
    note_leg(plan, leg)
    note_shift(plan, shift)
    plan.times[leg, PAUSE] = pause
    plan.shifts[shift, BREAK_AFTER] = leg if pause else NONE


@inner
def place_break(day, plan, shift):
    """The first gap that holds the break; failing that the place where the delay costs least; failing that none."""
    minutes = day.shifts_t[shift, BREAK]
    leg = plan.shifts[shift, FIRST]
    while plan.legs[leg, NEXT] != NONE:
        if fits_break(day, plan, shift, leg):
            set_break(day, plan, shift, leg, minutes)
            return
        leg = plan.legs[leg, NEXT]
    back, cost = plan.counts[JOURNAL], plan.costs[COST]
    best, best_leg = float("inf"), NONE
    leg = plan.shifts[shift, FIRST]
    while plan.legs[leg, NEXT] != NONE and has_room(plan):
        ready = plan.times[leg, STARTS] + day.legs_t[leg, MINUTES]
        if day.shifts_t[shift, BREAK_FROM] <= ready <= day.shifts_t[shift, BREAK_TO]:
            set_break(day, plan, shift, leg, minutes)
            if push_from(day, plan, leg) and has_good_break(day, plan, shift) and plan.costs[COST] - cost < best:
                best, best_leg = plan.costs[COST] - cost, leg
            undo(plan, back)
            plan.costs[COST] = cost
        leg = plan.legs[leg, NEXT]
    if best_leg != NONE:
        set_break(day, plan, shift, best_leg, minutes)
        push_from(day, plan, best_leg)


@inner
def push_from(day, plan, first):
    """Let a leg's later end push what follows it. False if something would be too late."""
    stack = plan.lists[STACK]
    stack[0] = first
    done, waiting = 0, 1
    while done < waiting:
        leg = stack[done]
        done += 1
        if waiting + 1 + day.legs_i[leg, ARC_END] - day.legs_i[leg, ARC] >= len(stack):
            return False
        following = plan.legs[leg, NEXT]
        if following == NONE:
            if not within_shift(day, plan, leg):
                return False
        elif arrival(day, plan, following) > plan.times[following, STARTS]:
            if not move_to(day, plan, following, arrival(day, plan, following)):
                return False
            stack[waiting] = following
            waiting += 1
        for arc in range(day.legs_i[leg, ARC], day.legs_i[leg, ARC_END]):
            other = day.arcs_i[arc, TARGET]
            soonest = plan.times[leg, STARTS] + day.arcs_t[arc, TO_TARGET]
            if plan.legs[other, SHIFT] != NONE and soonest > plan.times[other, STARTS]:
                if not move_to(day, plan, other, soonest):
                    return False
                stack[waiting] = other
                waiting += 1
    return True


@inner
def move_to(day, plan, leg, start):
    """Start a leg later. False if that is past its latest."""
    if start > day.legs_t[leg, LATEST]:
        return False
    note_leg(plan, leg)
    plan.costs[COST] += time_price(day, leg, start) - time_price(day, leg, plan.times[leg, STARTS])
    plan.times[leg, STARTS] = start
    return True

"""Where a shift has no room for its break after all, visits are given up until it has: those that cost least.

This ends every search, of a new day and of one that is mended, so that there is one way of settling breaks. What is
locked stays. If the locked visits of a shift leave no room by themselves, giving up others would not help: then nobody
is given up, and the plan's reader is told which locks stand in the way (`planner/locks.py`).

What was given up on one shift is put on another where that is possible (`routes.settle_breaks`).
"""

import numpy as np

from insource.planner.search.anneal import is_out, keep_best, list_absent
from insource.planner.search.breaks import mend_breaks, span_of
from insource.planner.search.columns import (
    ABSENT,
    BEST,
    BLOCK,
    COST,
    FIRST,
    GREATEST,
    JOURNAL,
    LAST,
    LOCKED,
    NAMES,
    NEXT,
    NONE,
    QUEUE,
    SHIFT,
    TOUCHED_SHIFTS,
)
from insource.planner.search.compiling import called, inner
from insource.planner.search.journal import undo
from insource.planner.search.prices import has_good_break, needs_break, shift_price
from insource.planner.search.ruin import settle_after, take_block
from insource.planner.search.settle import greatest_again


@called
def make_room_for_breaks(day, plan):
    """Give up what has to be given up of the best plan, which becomes the plan; returns how many blocks that was.

    Which they are stands in `plan.queue`, the shifts that they were on in `plan.keys`.
    """
    back_to_best(day, plan)
    given = np.int64(0)
    for shift in range(len(plan.shifts)):
        if lacks_break(day, plan, shift):
            given = make_room(day, plan, shift, given)
    for k in range(given):
        plan.queue[k] = plan.seeds[k]
    plan.counts[QUEUE] = given
    list_absent(day, plan)
    keep_best(plan)
    return given


@inner
def back_to_best(day, plan):
    """Take up the best plan found where the search left off with another."""
    for leg in range(len(plan.legs)):
        for column in range(plan.legs.shape[1]):
            plan.legs[leg, column] = plan.best_legs[leg, column]
        for column in range(plan.times.shape[1]):
            plan.times[leg, column] = plan.best_times[leg, column]
    for shift in range(len(plan.shifts)):
        for column in range(plan.shifts.shape[1]):
            plan.shifts[shift, column] = plan.best_shifts[shift, column]
    for shift in range(len(plan.shifts)):
        plan.shift_price[shift] = shift_price(day, plan, shift)
    plan.costs[COST] = plan.costs[BEST]
    plan.counts[JOURNAL] = 0
    plan.counts[ABSENT] = 0
    for block in range(len(plan.is_absent)):
        plan.is_absent[block] = 0
        if day.block_legs[block, 1] > day.block_legs[block, 0] and is_out(day, plan, block):
            plan.is_absent[block] = 1
            plan.absent[plan.counts[ABSENT]] = block
            plan.counts[ABSENT] += 1
    if plan.counts[GREATEST] > 0:
        greatest_again(day, plan)
        plan.costs[COST] = plan.costs[BEST]


@inner
def lacks_break(day, plan, shift):
    """Whether a shift is over its hours and has no break."""
    first, last = plan.shifts[shift, FIRST], plan.shifts[shift, LAST]
    if first == NONE or not needs_break(day, plan, shift, span_of(day, plan, first, last)):
        return False
    return not has_good_break(day, plan, shift)


@inner
def make_room(day, plan, shift, given):
    """Give up visits of one shift until its break fits: the cheapest that does it, otherwise the last. Returns how many
    blocks have been given up by now. None if locked visits alone leave no room."""
    cost, greatest = plan.costs[COST], plan.counts[GREATEST]
    plan.counts[JOURNAL] = 0
    take_all(day, plan, shift)
    is_hopeless = lacks_break(day, plan, shift)
    undo(plan, np.int64(0))
    plan.costs[COST], plan.counts[GREATEST] = cost, greatest
    while not is_hopeless and lacks_break(day, plan, shift):
        block = cheapest_to_give_up(day, plan, shift)
        plan.counts[JOURNAL] = 0
        if block == NONE or not give_up(day, plan, block):
            undo(plan, np.int64(0))
            return given
        plan.seeds[given], plan.keys[given] = block, shift
        given += 1
    return given


@inner
def take_all(day, plan, shift):
    """Take out everything of a shift that is not locked, and see to its break."""
    names = plan.lists[NAMES]
    count = list_legs(plan, shift)
    plan.counts[QUEUE] = 0
    plan.counts[TOUCHED_SHIFTS] = 0
    dirty = np.int64(0)
    for k in range(count):
        if plan.legs[names[k], SHIFT] != NONE:
            dirty = take_block(day, plan, day.legs_i[names[k], BLOCK], dirty)
    return settle_after(day, plan, dirty) and mend_breaks(day, plan, np.int64(0))


@inner
def list_legs(plan, shift):
    """List the legs of a shift in NAMES; returns how many."""
    count = 0
    leg = plan.shifts[shift, FIRST]
    while leg != NONE:
        plan.lists[NAMES, count] = leg
        count += 1
        leg = plan.legs[leg, NEXT]
    return count


@inner
def cheapest_to_give_up(day, plan, shift):
    """The block without which the break fits at the least cost; if no single one makes room, the last that can go."""
    names = plan.lists[NAMES]
    cost, greatest = plan.costs[COST], plan.counts[GREATEST]
    best, block, last = float("inf"), NONE, NONE
    for k in range(list_legs(plan, shift)):
        leg = names[k]
        if day.legs_i[leg, LOCKED]:
            continue
        plan.counts[JOURNAL] = 0
        if give_up(day, plan, day.legs_i[leg, BLOCK]):
            last = day.legs_i[leg, BLOCK]
            if not lacks_break(day, plan, shift) and plan.costs[COST] - cost < best:
                best, block = plan.costs[COST] - cost, last
        undo(plan, np.int64(0))
        plan.costs[COST], plan.counts[GREATEST] = cost, greatest
    return last if block == NONE else block


@inner
def give_up(day, plan, block):
    """Take one block out, and see to the breaks of the shifts it was on. False if the rest cannot hold."""
    plan.counts[QUEUE] = 0
    plan.counts[TOUCHED_SHIFTS] = 0
    dirty = take_block(day, plan, block, np.int64(0))
    return settle_after(day, plan, dirty) and mend_breaks(day, plan, np.int64(0))

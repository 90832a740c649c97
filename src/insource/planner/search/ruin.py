"""Take out strings of neighbouring legs round one place and time (Christiaens & Vanden Berghe 2020)."""

import numpy as np

from insource.planner.search.columns import (
    ARC,
    ARC_END,
    AVERAGE_OUT,
    BLOCK,
    CANDIDATES,
    COST,
    COUNT,
    GREATEST,
    HAS_SHIFT_PRICES,
    LOCKED,
    LONGEST_STRING,
    MARK,
    NAMES,
    NEXT,
    NONE,
    PREVIOUS,
    QUEUE,
    SHIFT,
    TARGET,
    TOUCHED,
    TOUCHED_SHIFTS,
)
from insource.planner.search.compiling import inner
from insource.planner.search.journal import below, chance
from insource.planner.search.settle import greatest_again, settle, take_out
from insource.planner.search.spread import price_again

SPLIT_SHARE = 0.5
SPLIT_MORE = 0.01


@inner
def ruin(day, plan, seed):
    """Take strings out round leg `seed`. Their blocks are in the queue. False if the rest cannot hold (`settle`)."""
    plan.counts[QUEUE] = 0
    plan.counts[TOUCHED_SHIFTS] = 0
    plan.counts[MARK] += 1
    mark = plan.counts[MARK]
    placed, used = 0, 0
    for k in range(len(plan.shifts)):
        if plan.shifts[k, COUNT] > 0:
            placed += plan.shifts[k, COUNT]
            used += 1
    if used == 0:
        return True
    longest = min(day.settings[LONGEST_STRING], placed / used)
    strings = int(chance(plan) * (4.0 * day.settings[AVERAGE_OUT] / (1.0 + longest))) + 1
    dirty = np.int64(0)
    for k in range(day.near.shape[1] + 1):
        leg = seed if k == 0 else day.near[seed, k - 1]
        shift = plan.legs[leg, SHIFT]
        if shift == NONE or plan.marks[shift] == mark or day.legs_i[leg, LOCKED]:
            continue
        plan.marks[shift] = mark
        length = int(chance(plan) * min(longest, float(plan.shifts[shift, COUNT]))) + 1
        dirty = take_string(day, plan, leg, shift, length, dirty)
        strings -= 1
        if strings == 0:
            break
    return settle_after(day, plan, dirty)


@inner
def take_string(day, plan, leg, shift, length, dirty):
    """Take out `length` legs in a row of one shift, `leg` among them; half of the time a few in the middle stay."""
    count = plan.shifts[shift, COUNT]
    length = min(length, count)
    stay = 0
    if length > 1 and chance(plan) < SPLIT_SHARE:
        stay = 1
        while length + stay < count and chance(plan) < SPLIT_MORE:
            stay += 1
        stay = min(stay, count - length)
    back = below(plan, length + stay)
    first = leg
    while back > 0 and plan.legs[first, PREVIOUS] != NONE:
        first = plan.legs[first, PREVIOUS]
        back -= 1
    keep_from = 1 + below(plan, length - 1) if stay > 0 else length
    names = plan.lists[NAMES]
    total = 0
    k = 0
    while first != NONE and k < length + stay:
        if k < keep_from or k >= keep_from + stay:
            names[total] = first
            total += 1
        first = plan.legs[first, NEXT]
        k += 1
    for k in range(total):
        if plan.legs[names[k], SHIFT] != NONE:
            dirty = take_block(day, plan, day.legs_i[names[k], BLOCK], dirty)
    return dirty


@inner
def take_block(day, plan, block, dirty):
    """Take out all legs of a block, unless one is locked; whatever followed them is listed as dirty."""
    first, end = day.block_legs[block, 0], day.block_legs[block, 1]
    listed = plan.lists[CANDIDATES]
    for k in range(first, end):
        if day.legs_i[day.block_legs[k, 2], LOCKED]:
            return dirty
    for k in range(first, end):
        leg = day.block_legs[k, 2]
        shift = plan.legs[leg, SHIFT]
        following = take_out(day, plan, leg)
        plan.lists[TOUCHED, plan.counts[TOUCHED_SHIFTS]] = shift
        plan.counts[TOUCHED_SHIFTS] += 1
        if following != NONE:
            listed[dirty] = following
            dirty += 1
        for arc in range(day.legs_i[leg, ARC], day.legs_i[leg, ARC_END]):
            listed[dirty] = day.arcs_i[arc, TARGET]
            dirty += 1
    plan.costs[COST] += day.block_p[block, 0]
    plan.queue[plan.counts[QUEUE]] = block
    plan.counts[QUEUE] += 1
    return dirty


@inner
def settle_after(day, plan, dirty):
    """Starts, shift prices and the greatest lateness after legs were taken out."""
    if not settle(day, plan, dirty):
        return False
    if day.settings[HAS_SHIFT_PRICES] > 0.0:
        for k in range(plan.counts[TOUCHED_SHIFTS]):
            price_again(day, plan, plan.lists[TOUCHED, k])
    if plan.counts[GREATEST] > 0:
        greatest_again(day, plan)
    return True

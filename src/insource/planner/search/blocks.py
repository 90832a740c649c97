"""Put visits back where that costs least: one carer, or two and more who come together or one after the other."""

import numpy as np

from insource.planner.search.columns import (
    COST,
    GREATEST,
    JOURNAL,
    NONE,
    T_AFTER,
    T_EARLY,
    T_SHIFT,
    WIDTH,
)
from insource.planner.search.compiling import inner
from insource.planner.search.insert import find_places, linked_start, soonest_at
from insource.planner.search.journal import below, has_room, undo
from insource.planner.search.slack import slack_again
from insource.planner.search.spread import put_in

ROUGH, CHOSEN, LEVELS = 2, 3, 4
"""Rows of `plan.tops_*` beside those of the first carer (0) and of the others (1)."""


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
    since = plan.counts[JOURNAL]
    if not put_only(day, plan, x, shift, after, early):
        return False
    slack_again(day, plan, since)
    return True


@inner
def put_only(day, plan, x, shift, after, early):
    """The same, for a caller who sees to `slack_again`."""
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
        if not put_only(day, plan, other, chosen[k, T_SHIFT], chosen[k, T_AFTER], chosen[k, T_EARLY]):
            undo(plan, back)
            plan.costs[COST], plan.counts[GREATEST] = cost, greatest
            return False
    slack_again(day, plan, back)
    plan.costs[COST] -= worth
    return True

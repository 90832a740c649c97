"""Move after move: ruin, recreate, keep or undo. Annealing goes by the number of the move, never by the clock."""

import numpy as np

from insource.numeric import exp, log
from insource.planner.search.blocks import insert_block, put_at
from insource.planner.search.breaks import mend_break, mend_breaks
from insource.planner.search.columns import (
    ABSENT,
    BEST,
    CANDIDATES,
    COOLING,
    COST,
    FIRST_TEMPERATURE,
    FOREVER,
    GREATEST,
    HAS_BREAKS,
    JOURNAL,
    LAST,
    LATEST,
    NONE,
    PREVIOUS,
    PUBLISHED_START,
    QUEUE,
    SEEDS,
    SHIFT,
)
from insource.planner.search.compiling import called, inner
from insource.planner.search.insert import linked_start, right_carer, soonest_at
from insource.planner.search.journal import below, chance, has_room, undo
from insource.planner.search.ruin import ruin
from insource.planner.search.settle import greatest_again, settle, take_out
from insource.planner.search.slack import slack_again, slack_of_all
from insource.planner.search.spread import price_again

ORDERS = 6
BY_LUCK, BY_START, BY_TIGHTNESS, BY_SIZE, BY_LATE_START, BY_DISTANCE = range(ORDERS)
MOST_ABSENT = 12
"""So many of the visits left out are tried again in one move."""
LOOK_AT_ABSENT, ABSENT_FIRST = 0.3, 0.5
"""So often a move is made round a visit left out, and puts those left out in before all others."""
LEAST_GAIN = 1e-7


@inner
def set_keys(day, plan):
    """One of several orders in which to put visits back: by chance, by time, the tight, the double, the far first."""
    order = below(plan, np.int64(ORDERS))
    absent_first = plan.counts[ABSENT] > 0 and chance(plan) < ABSENT_FIRST
    for k in range(plan.counts[QUEUE]):
        block = plan.queue[k]
        key = chance(plan)
        if order == BY_START:
            key = day.block_p[block, 1]
        elif order == BY_TIGHTNESS:
            key = day.block_p[block, 2]
        elif order == BY_SIZE:
            key -= day.block_legs[block, 1] - day.block_legs[block, 0]
        elif order == BY_LATE_START:
            key = -day.block_p[block, 1]
        elif order == BY_DISTANCE:
            key = -day.block_p[block, 3]
        plan.keys[k] = key - FOREVER if absent_first and plan.is_absent[block] else key


@inner
def sort_queue(plan):
    """Least key first (Shell's sort: no memory of its own, and the same on every machine)."""
    n = plan.counts[QUEUE]
    queue, keys = plan.queue, plan.keys
    gap = n // 2
    while gap > 0:
        for k in range(gap, n):
            block, key = queue[k], keys[k]
            j = k
            while j >= gap and keys[j - gap] > key:
                queue[j], keys[j] = queue[j - gap], keys[j - gap]
                j -= gap
            queue[j], keys[j] = block, key
        gap //= 2


@inner
def recreate(day, plan):
    """Put the queue back in, in one of several orders."""
    set_keys(day, plan)
    sort_queue(plan)
    for k in range(plan.counts[QUEUE]):
        if not has_room(plan):
            return
        insert_block(day, plan, plan.queue[k])


@inner
def queue_absent(day, plan):
    """Add some of those left out before this move to the queue."""
    absent = plan.counts[ABSENT]
    for k in range(min(absent, MOST_ABSENT)):
        if absent > MOST_ABSENT:
            other = k + below(plan, absent - k)
            plan.absent[k], plan.absent[other] = plan.absent[other], plan.absent[k]
        plan.queue[plan.counts[QUEUE]] = plan.absent[k]
        plan.counts[QUEUE] += 1


@inner
def list_absent(day, plan):
    """After a move is kept: who is left out now. Only the queue and the old list can have changed."""
    kept = 0
    for k in range(plan.counts[ABSENT]):
        block = plan.absent[k]
        if is_out(day, plan, block):
            plan.absent[kept] = block
            kept += 1
        else:
            plan.is_absent[block] = 0
    for k in range(plan.counts[QUEUE]):
        block = plan.queue[k]
        if not plan.is_absent[block] and is_out(day, plan, block):
            plan.absent[kept] = block
            plan.is_absent[block] = 1
            kept += 1
    plan.counts[ABSENT] = kept


@inner
def is_out(day, plan, block):
    """Whether a block is left out."""
    return plan.legs[day.block_legs[day.block_legs[block, 0], 2], SHIFT] == NONE


@inner
def keep_best(plan):
    """Copy the plan: it is the best so far."""
    plan.costs[BEST] = plan.costs[COST]
    for leg in range(len(plan.legs)):
        for column in range(plan.legs.shape[1]):
            plan.best_legs[leg, column] = plan.legs[leg, column]
        for column in range(plan.best_times.shape[1]):
            plan.best_times[leg, column] = plan.times[leg, column]
    for shift in range(len(plan.shifts)):
        for column in range(plan.shifts.shape[1]):
            plan.best_shifts[shift, column] = plan.shifts[shift, column]


@inner
def one_move(day, plan, seed):
    """Ruin round a leg and recreate; the journal holds how it was. False if the plan cannot hold."""
    plan.counts[JOURNAL] = 0
    if not ruin(day, plan, seed):
        return False
    slack_again(day, plan, np.int64(0))
    queue_absent(day, plan)
    recreate(day, plan)
    return day.settings[HAS_BREAKS] == 0.0 or breaks_mended(day, plan)


@inner
def breaks_mended(day, plan):
    """See to the breaks of all shifts that the journal names. False if the rest cannot hold."""
    since = plan.counts[JOURNAL]
    if not mend_breaks(day, plan, np.int64(0)):
        return False
    slack_again(day, plan, since)
    return True


@called
def put_as_published(day, plan, order, shifts):
    """Put these legs on these shifts, each after those that were to start before it; then take out broken blocks.

    A leg that does not fit where it was is left out, and so is whoever was to come with it.
    """
    for k in range(len(order)):
        leg, shift = order[k], shifts[k]
        plan.counts[JOURNAL] = 0
        cost, greatest = plan.costs[COST], plan.counts[GREATEST]
        after = plan.shifts[shift, LAST]
        while after != NONE and day.legs_t[after, PUBLISHED_START] > day.legs_t[leg, PUBLISHED_START]:
            after = plan.legs[after, PREVIOUS]
        soonest = soonest_at(day, plan, leg, shift, after, linked_start(day, plan, leg), np.int64(0))
        fits = soonest <= day.legs_t[leg, LATEST] and right_carer(day, plan, leg, shift)
        if not fits or not put_at(day, plan, leg, shift, after, np.int64(0)):
            undo(plan, np.int64(0))
            plan.costs[COST], plan.counts[GREATEST] = cost, greatest
    for k in range(plan.counts[ABSENT]):
        block = plan.absent[k]
        first, end = day.block_legs[block, 0], day.block_legs[block, 1]
        inside = 0
        for j in range(first, end):
            inside += plan.legs[day.block_legs[j, 2], SHIFT] != NONE
        if inside == end - first:
            plan.costs[COST] -= day.block_p[block, 0]
        elif inside > 0:
            take_part(day, plan, first, end)
            slack_again(day, plan, np.int64(0))
    list_absent(day, plan)
    for shift in range(len(plan.shifts)):
        plan.counts[JOURNAL] = 0
        mend_break(day, plan, shift)
        slack_again(day, plan, np.int64(0))
    plan.counts[JOURNAL] = 0


@inner
def take_part(day, plan, first, end):
    """Take out whatever of a block is in."""
    plan.counts[JOURNAL] = 0
    for j in range(first, end):
        leg = day.block_legs[j, 2]
        shift = plan.legs[leg, SHIFT]
        if shift != NONE:
            following = take_out(day, plan, leg)
            plan.lists[CANDIDATES, 0] = following
            if following != NONE:
                settle(day, plan, np.int64(1))
            price_again(day, plan, shift)
    if plan.counts[GREATEST] > 0:
        greatest_again(day, plan)


@called
def first_plan(day, plan):
    """Put in everybody who is out, once; what was in the plan stays where it is."""
    slack_of_all(day, plan)
    plan.counts[QUEUE] = 0
    for k in range(plan.counts[ABSENT]):
        plan.queue[k] = plan.absent[k]
    plan.counts[QUEUE] = plan.counts[ABSENT]
    set_keys(day, plan)
    sort_queue(plan)
    for k in range(plan.counts[QUEUE]):
        plan.counts[JOURNAL] = 0
        cost, greatest = plan.costs[COST], plan.counts[GREATEST]
        insert_block(day, plan, plan.queue[k])
        if day.settings[HAS_BREAKS] > 0.0 and not breaks_mended(day, plan):
            undo(plan, np.int64(0))
            plan.costs[COST], plan.counts[GREATEST] = cost, greatest
    list_absent(day, plan)
    keep_best(plan)


@inner
def where_to_look(day, plan, legs):
    """The leg round which to ruin: often one that is left out, otherwise any, or any of those that were asked for."""
    absent, seeds = plan.counts[ABSENT], plan.counts[SEEDS]
    if absent > 0 and chance(plan) < LOOK_AT_ABSENT:
        return day.block_legs[day.block_legs[plan.absent[below(plan, absent)], 0], 2]
    return plan.seeds[below(plan, seeds)] if seeds > 0 else below(plan, legs)


@called
def make_moves(day, plan, first, end, total):
    """Moves number `first` to `end` of `total`."""
    legs = len(plan.stamp)
    slack_of_all(day, plan)
    for move in range(first, end):
        temperature = plan.costs[FIRST_TEMPERATURE] * exp(plan.costs[COOLING] * move / total)
        cost, greatest = plan.costs[COST], plan.counts[GREATEST]
        holds = one_move(day, plan, where_to_look(day, plan, legs))
        if holds and plan.costs[COST] < cost - temperature * log(chance(plan)):
            list_absent(day, plan)
            if plan.costs[COST] < plan.costs[BEST] - LEAST_GAIN:
                keep_best(plan)
        else:
            undo(plan, np.int64(0))
            plan.costs[COST], plan.counts[GREATEST] = cost, greatest

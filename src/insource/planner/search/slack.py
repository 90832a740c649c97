"""How much later each leg of the plan may start: known before a place is priced, so that most places need no pricing.

Of each leg three times are kept, worked out from the ends of the rounds backwards, through links to other rounds too:

* `CALM_TO`: started no later, no other leg is moved to where it costs more, and none goes back in time;
* `BEARS`: started later by d, some leg starts at least d later than it may without cost;
* `HARD_TO`: started later, some leg or shift would be past its hard limit.

A place that pushes the next leg to no later than `CALM_TO` costs what it costs at the place itself; one that pushes it
past `HARD_TO` is none; one past `BEARS` costs at least the least price of a late minute for each minute past it. Legs
that start early or were published at another time have a price that pushing may lower: they bear anything, calmly
nothing. After a change only the legs before it, and those tied to these, are worked out again.
"""

import numpy as np

from insource.planner.search.columns import (
    ARC,
    ARC_END,
    BEARS,
    CALM,
    CALM_TO,
    EARLY,
    EDGE,
    END,
    END_PLACE,
    FOREVER,
    FROM_TARGET,
    GREATEST_PRICE,
    HARD_TO,
    J_A,
    J_C,
    J_D,
    J_ID,
    J_PAUSE,
    J_START,
    JOURNAL,
    LAST,
    LATEST,
    MINUTES,
    MODE,
    NEXT,
    NONE,
    PAUSE,
    PLACE,
    PREVIOUS,
    PUBLISHED_START,
    SHIFT,
    STACK,
    STAMP,
    STARTS,
    TARGET,
    TO_TARGET,
)
from insource.planner.search.compiling import inlined, inner
from insource.planner.search.journal import note_leg


@inner
def slack_again(day, plan, since):
    """Work out anew how much later legs may start, where the journal since then may have changed it."""
    legs, times = plan.legs, plan.times
    plan.counts[STAMP] += 1
    waiting = np.int64(0)
    for k in range(since, plan.counts[JOURNAL]):
        row = plan.journal[k]
        leg = row[J_ID]
        if leg < 0:
            continue
        was_in, is_in = row[J_A] != NONE, legs[leg, SHIFT] != NONE
        is_moved = row[J_START] != times[leg, STARTS]
        is_linked_anew = row[J_A] != legs[leg, SHIFT] or row[J_C] != legs[leg, NEXT]
        is_early_anew = row[J_D] != legs[leg, EARLY] or row[J_PAUSE] != times[leg, PAUSE]
        if is_linked_anew or is_early_anew or (is_moved and _counts(day, plan, leg, row[J_START])):
            waiting = _put_by(plan, waiting, leg)
        if was_in != is_in or is_moved:
            for arc in range(day.legs_i[leg, ARC], day.legs_i[leg, ARC_END]):
                if was_in != is_in or day.arcs_t[arc, FROM_TARGET] < 0:
                    waiting = _put_by(plan, waiting, day.arcs_i[arc, TARGET])
    _look_at(day, plan, waiting)


@inner
def _look_at(day, plan, waiting):
    """Look at the legs put by, and at those that depend on what is found."""
    legs, stack, stamp = plan.legs, plan.lists[STACK], plan.stamp
    while waiting > 0:
        waiting -= 1
        leg = stack[waiting]
        stamp[leg] = 0
        calm, bears, hard = _slack(day, plan, leg)
        first, end = day.legs_i[leg, ARC], day.legs_i[leg, ARC_END]
        for arc in range(first, end):
            other = day.arcs_i[arc, TARGET]
            if _start_together(day, arc) and legs[other, SHIFT] != NONE:
                other_calm, other_bears, other_hard = _slack(day, plan, other)
                calm, bears, hard = min(calm, other_calm), min(bears, other_bears), min(hard, other_hard)
        waiting = _allow(day, plan, waiting, leg, calm, bears, hard)
        for arc in range(first, end):
            other = day.arcs_i[arc, TARGET]
            if _start_together(day, arc) and legs[other, SHIFT] != NONE:
                waiting = _allow(day, plan, waiting, other, calm, bears, hard)


@inner
def slack_of_all(day, plan):
    """Work out how much later legs may start for the whole plan, whatever was done to it. The journal is emptied."""
    for leg in range(len(plan.stamp)):
        times = plan.times[leg]
        times[CALM_TO] = times[BEARS] = times[HARD_TO] = FOREVER
    for shift in range(len(plan.shifts)):
        leg = plan.shifts[shift, LAST]
        while leg != NONE:
            times = plan.times[leg]
            times[CALM_TO], times[BEARS], times[HARD_TO] = _slack(day, plan, leg)
            leg = plan.legs[leg, PREVIOUS]
    plan.counts[STAMP] += 1
    plan.counts[JOURNAL] = 0
    waiting = np.int64(0)
    for leg in range(len(plan.stamp)):
        if day.legs_i[leg, ARC_END] > day.legs_i[leg, ARC]:
            waiting = _put_by(plan, waiting, np.int64(leg))
    _look_at(day, plan, waiting)
    plan.counts[JOURNAL] = 0


@inner
def _put_by(plan, waiting, leg):
    """Put a leg of the plan by, once, so that the latest is looked at first: most are then looked at once."""
    mark, stack = plan.counts[STAMP], plan.lists[STACK]
    if leg == NONE or plan.stamp[leg] == mark or plan.legs[leg, SHIFT] == NONE:
        return waiting
    plan.stamp[leg] = mark
    start = plan.times[leg, STARTS]
    k = waiting
    while k > 0 and plan.times[stack[k - 1], STARTS] > start:
        stack[k] = stack[k - 1]
        k -= 1
    stack[k] = leg
    return waiting + 1


@inner
def _allow(day, plan, waiting, leg, calm, bears, hard):
    """Write down how much later a leg may start; if that is news, put by whoever depends on it."""
    times = plan.times[leg]
    if calm == times[CALM_TO] and bears == times[BEARS] and hard == times[HARD_TO]:
        return waiting
    note_leg(plan, leg)
    times[CALM_TO], times[BEARS], times[HARD_TO] = calm, bears, hard
    waiting = _put_by(plan, waiting, plan.legs[leg, PREVIOUS])
    for arc in range(day.legs_i[leg, ARC], day.legs_i[leg, ARC_END]):
        if day.arcs_t[arc, FROM_TARGET] >= 0 and not _start_together(day, arc):
            waiting = _put_by(plan, waiting, day.arcs_i[arc, TARGET])
    return waiting


@inlined
def _start_together(day, arc):
    """Whether the two legs of a link start at the same time."""
    return day.arcs_t[arc, TO_TARGET] == 0 and day.arcs_t[arc, FROM_TARGET] == 0


@inner
def _counts(day, plan, leg, old):
    """Whether how much later a leg may start depends on its start: not while it starts in time, as it did."""
    start = max(old, plan.times[leg, STARTS])
    return start > day.legs_t[leg, CALM] or plan.legs[leg, EARLY] != 0 or day.legs_t[leg, PUBLISHED_START] >= 0


@inner
def _slack(day, plan, leg):
    """The three times of a leg but for those it starts together with: its own limits, its round, its other links."""
    legs, times = plan.legs, plan.times
    start, hard = times[leg, STARTS], day.legs_t[leg, LATEST]
    if legs[leg, EARLY] or day.legs_t[leg, PUBLISHED_START] >= 0:
        calm, bears = start, hard
    else:
        calm = bears = max(day.legs_t[leg, CALM], start)
        if day.settings[GREATEST_PRICE] > 0.0:
            calm = max(min(calm, day.legs_t[leg, EDGE]), start)
    shift, following, place = legs[leg, SHIFT], legs[leg, NEXT], day.legs_i[leg, PLACE]
    mode, taken = day.shifts_i[shift, MODE], day.legs_t[leg, MINUTES] + times[leg, PAUSE]
    if following == NONE:
        end = day.shifts_t[shift, END] - taken - day.travel[mode, place, day.shifts_i[shift, END_PLACE]]
        calm, bears, hard = min(calm, end), min(bears, end), min(hard, end)
    else:
        taken += day.travel[mode, place, day.legs_i[following, PLACE]]
        calm = min(calm, times[following, CALM_TO] - taken)
        bears = min(bears, times[following, BEARS] - taken)
        hard = min(hard, times[following, HARD_TO] - taken)
    for arc in range(day.legs_i[leg, ARC], day.legs_i[leg, ARC_END]):
        other, away = day.arcs_i[arc, TARGET], day.arcs_t[arc, TO_TARGET]
        if legs[other, SHIFT] == NONE or _start_together(day, arc):
            continue
        if away < 0:
            calm = min(calm, times[other, STARTS] - away)
        else:
            calm = min(calm, times[other, CALM_TO] - away)
            bears = min(bears, times[other, BEARS] - away)
            hard = min(hard, times[other, HARD_TO] - away)
    return calm, bears, hard

"""First come, first served, when not everybody can be seen this week.

The longest-waiting go first. Among those who have waited equally long, a draw keyed to each person decides, so that
the order of rows in a table never matters.
"""

import numpy as np

from insource.compiled import inner, rule
from insource.draws import uniform
from insource.rare import listed

LONGEST_WAIT = 1040


@inner
def queue_cut(waits, who, places, luck, decision, week):
    """Where the queue is cut this week: (weeks, draw, seen, left waiting).

    Everybody who waited longer than `weeks` is seen, and of those who waited just that long everybody whose draw is at
    most `draw`. `waits` is a column of weeks waited, -1 for people not in the queue; `who` their numbers; `places` how
    many can be seen.
    """
    flags = np.empty(waits.shape[0], np.int8)
    for i in range(waits.shape[0]):
        flags[i] = waits[i] >= 0
    rows = listed(flags)
    waiting = rows.shape[0]
    if waiting <= places:
        return -1, 1.0, waiting, 0
    counts = np.zeros(LONGEST_WAIT + 1, np.int64)
    for i in rows:
        counts[min(waits[i], LONGEST_WAIT)] += 1
    left = places
    weeks = LONGEST_WAIT
    while counts[weeks] <= left:
        left -= counts[weeks]
        weeks -= 1
    if left == 0:
        return weeks, 0.0, places, waiting - places
    draws = np.empty(counts[weeks], np.float64)
    k = 0
    for i in rows:
        if min(waits[i], LONGEST_WAIT) == weeks:
            draws[k] = uniform(luck, decision, who[i], week)
            k += 1
    draws.sort()
    return weeks, draws[left - 1], places, waiting - places


@rule
def is_before_cut(wait, weeks):
    """Whether somebody who has waited `wait` weeks (-1: not in the queue) waited no less than those at the cut."""
    return (wait >= 0) & (min(wait, LONGEST_WAIT) >= weeks)


@inner
def before_cuts(waits, weeks, other_waits, other_weeks):
    """The rows of those before, or at, the cut of either of two queues."""
    flags = np.empty(waits.shape[0], np.int8)
    for i in range(waits.shape[0]):
        flags[i] = is_before_cut(waits[i], weeks) | is_before_cut(other_waits[i], other_weeks)
    return listed(flags)


@rule
def is_seen(wait, who, weeks, draw, luck, decision, week):
    """Whether somebody who has waited `wait` weeks (-1: not in the queue) comes before the cut."""
    if not is_before_cut(wait, weeks):
        return False
    return min(wait, LONGEST_WAIT) > weeks or uniform(luck, decision, who, week) <= draw

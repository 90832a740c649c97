"""First come, first served, when not everybody can be seen this week.

The longest-waiting go first. Among those who have waited equally long, a draw keyed to each person decides, so that
the order of rows in a table never matters.
"""

import numpy as np

from insource.compiled import inner, rule
from insource.draws import uniform

LONGEST_WAIT = 1040


@inner
def queue_cut(waits, who, places, luck, decision, week):
    """Where the queue is cut this week: (weeks, draw, seen, left waiting).

    Everybody who waited longer than `weeks` is seen, and of those who waited just that long everybody whose draw is at
    most `draw`. `waits` is a column of weeks waited, -1 for people not in the queue; `who` their numbers; `places` how
    many can be seen.
    """
    waiting = 0
    for i in range(waits.shape[0]):
        waiting += waits[i] >= 0
    if waiting <= places:
        return -1, 1.0, waiting, 0
    counts = np.zeros(LONGEST_WAIT + 2, np.int64)
    for i in range(waits.shape[0]):  # without a branch: those not in the queue are counted too, at the end
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
    for i in range(waits.shape[0]):
        if min(waits[i], LONGEST_WAIT) == weeks:
            draws[k] = uniform(luck, decision, who[i], week)
            k += 1
    draws.sort()
    return weeks, draws[left - 1], places, waiting - places


@rule
def is_seen(wait, who, weeks, draw, luck, decision, week):
    """Whether somebody who has waited `wait` weeks (-1: not in the queue) comes before the cut."""
    held = min(wait, LONGEST_WAIT)
    if held < weeks or wait < 0:
        return False
    return held > weeks or uniform(luck, decision, who, week) <= draw

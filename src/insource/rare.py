"""Loops over everybody for the sake of a few.

A loop that asks of each person in turn whether something rare happens to them guesses wrong at each to whom it does,
and works on one person at a time. So: say first of everybody at once whether it does, without branches (the compiler
then takes several people in one go), and visit only those.
"""

import numpy as np

from insource.compiled import inner

BYTES_AT_ONCE = 8


@inner
def listed(flags):
    """The rows, in order, whose flag (1 or 0) is 1."""
    rows = np.empty(flags.shape[0], np.int64)
    at_once = BYTES_AT_ONCE // flags.itemsize
    count, first = 0, 0
    for several in flags[: flags.shape[0] // at_once * at_once].view(np.uint64):
        if several != 0:  # mostly none of them is listed
            for i in range(first, first + at_once):  # without a branch: the next overwrites a row that is not listed
                rows[count] = i
                count += int(flags[i])
        first += at_once
    for i in range(first, flags.shape[0]):
        rows[count] = i
        count += int(flags[i])
    return rows[:count]

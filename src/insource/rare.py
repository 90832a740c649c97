"""Loops over everybody for the sake of a few.

A loop that asks of each person in turn whether something rare happens to them guesses wrong at each to whom it does,
and works on one person at a time. So: say first of everybody at once whether it does, without branches (the compiler
then takes several people in one go), and visit only those.
"""

import numpy as np

from insource.compiled import inner


@inner
def listed(flags):
    """The rows, in order, whose flag (1 or 0) is 1."""
    rows = np.empty(flags.shape[0], np.int64)
    count = 0
    for i in range(flags.shape[0]):  # without a branch: the next one overwrites a row that is not listed
        rows[count] = i
        count += int(flags[i])
    return rows[:count]

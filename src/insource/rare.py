"""Loops over everybody for the sake of a few.

A loop that asks of each person in turn whether something rare happens to them guesses wrong at each to whom it does,
and works on one person at a time. So: say first of everybody at once whether it does, without branches (the compiler
then takes several people in one go), and visit only those.
"""

import numpy as np

from insource.compiled import inner

BYTES_AT_ONCE = 8
PASSED_OVER = 4
"""So many such numbers are passed over at once where nothing is set in any of them."""
BYTE = np.int64(3)
"""Bits counted this many places to the right are bytes."""


@inner
def listed(flags):
    """The rows, in order, whose flag (1 or 0, of one byte or eight) is 1.

    Several flags are looked at as one number, of which mostly nothing is set; what is set is taken from the lowest up.
    """
    rows = np.empty(flags.shape[0], np.int64)
    at_once = BYTES_AT_ONCE // flags.itemsize
    several = flags[: flags.shape[0] // (at_once * PASSED_OVER) * at_once * PASSED_OVER].view(np.int64)
    count, first = 0, 0
    for start in range(0, several.shape[0], PASSED_OVER):
        is_any = several[start]
        for k in range(1, PASSED_OVER):
            is_any |= several[start + k]
        if is_any == 0:
            first += at_once * PASSED_OVER
            continue
        for k in range(PASSED_OVER):
            left = several[start + k]
            while left != 0:
                lowest = np.float64(left & -left).view(np.int64)  # a power of two: its exponent says which flag it is
                rows[count] = first + (((lowest >> np.int64(52)) - np.int64(1023)) >> BYTE)
                count += 1
                left &= left - 1
            first += at_once
    for i in range(first, flags.shape[0]):
        rows[count] = i
        count += int(flags[i])
    return rows[:count]

"""Sums by part of the delivery model.

Most people are under the first part. Adding to its sum person by person, each waits for the one before. So only those
under other parts are added one by one, and the first part's sum is what is left of everybody's, which is added up
several people at a time.
"""

import numpy as np

from insource.compiled import inner


@inner
def under_others(part):
    """The rows, in order and without a sign, of those not under the first part: many, so no guess is made at any."""
    rows, count = np.empty(part.shape[0], np.uint64), 0
    for i in range(part.shape[0]):
        rows[count] = i
        count += part[i] != 0
    return rows[:count]


@inner
def complete(sums, values):
    """The sums by part of a column of whole numbers, of which the first was missing; it is put in its place."""
    every = np.int64(0)
    for i in range(values.shape[0]):
        every += values[i]
    sums[0] = every - sums[1:].sum()
    return sums

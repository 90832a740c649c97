"""How sure a figure about a caseload is: draw the caseload again and again from itself (Efron 1979).

Every figure here is put together from sums over people. So a redrawn caseload is a column of weights (how often each
person was drawn), and all sums of all redraws are one product of matrices: a thousand redraws of 5,000 people and 100
sums take about a second. The draws come from a seed, so the same files give the same intervals.
"""

from collections.abc import Sequence

import numpy as np

CELLS_AT_ONCE = 20_000_000
INTERVAL = (2.5, 97.5)
"""Ends of a 95% interval, as percentiles of the redraws."""


def resampled_sums(columns: np.ndarray, groups: Sequence[np.ndarray], times: int, seed: int) -> np.ndarray:
    """Sums of columns (people x columns) over the members of each group in `times` redraws of all people.

    `groups` are the members' places in the columns (from 0). Returns times x groups x columns.
    """
    rows = len(columns)
    luck = np.random.Generator(np.random.PCG64(seed))
    sums = np.empty((times, len(groups), columns.shape[1]))
    step = max(CELLS_AT_ONCE // max(rows, 1), 1)
    for start in range(0, times, step):
        redraws = min(step, times - start)
        drawn = luck.integers(0, rows, size=(redraws, rows))
        drawn += np.arange(redraws)[:, None] * rows
        weights = np.bincount(drawn.ravel(), minlength=redraws * rows).reshape(redraws, rows).astype(float)
        for number, members in enumerate(groups):
            sums[start : start + redraws, number] = weights[:, members] @ columns[members]
    return sums


def summed_by(columns: np.ndarray, clusters: np.ndarray) -> np.ndarray:
    """Sums of the columns by cluster (numbers from 0): clusters, such as councils, can be redrawn instead of people.

    That is right for a figure that is meant to hold elsewhere too, where people of a cluster have something in common.
    """
    sums = np.zeros((int(clusters.max()) + 1, columns.shape[1]))
    np.add.at(sums, clusters, columns)
    return sums


def interval(redrawn: np.ndarray) -> tuple[float, float]:
    """The 95% interval of a figure from its redraws; not-a-numbers (a group nobody of which was drawn) left out."""
    known = redrawn[np.isfinite(redrawn)]
    if len(known) == 0:
        return float("nan"), float("nan")
    low, high = np.percentile(known, INTERVAL)
    return float(low), float(high)

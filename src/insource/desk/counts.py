"""How sure one can be of a rate or a share from a count, and what the next count may be.

Poisson limits: Byar's approximation (Breslow and Day 1987). Shares: Wilson (1927). A rate that is only known from few
events is put together with the usual one (gamma prior, Poisson counts), so that the next count is negative binomial.
"""

import math
from collections.abc import Sequence

import numpy as np
import polars as pl

from insource.numeric import normal_point
from insource.units import SMALLEST_SHOWN

NINTH, THIRD = 1 / 9, 1 / 3
TAIL = 1e-12
"""Chances smaller than this are left out of a distribution."""


def few(people: float) -> int | None:
    """How many people a finding is about if they are so few that it must not be published; else None.

    For findings about a whole group, which may be published with their reason where the group is large enough.
    """
    return round(people) if 0 < round(people) < SMALLEST_SHOWN else None


def total(frame: pl.DataFrame, name: str) -> float:
    """The sum of a column; nothing known adds nothing."""
    return float(frame.select(pl.col(name).cast(pl.Float64).sum()).item())


def rate_limits(events: float, exposure: float, sure_share: float) -> tuple[float, float]:
    """Limits of a rate known from `events` in so much `exposure` (worker-years, say), by Byar's approximation."""
    z = float(normal_point((1.0 + sure_share) / 2.0))
    low = 0.0
    if events > 0.0:
        low = events * max(1.0 - NINTH / events - z * THIRD / math.sqrt(events), 0.0) ** 3
    above = events + 1.0
    high = above * (1.0 - NINTH / above + z * THIRD / math.sqrt(above)) ** 3
    return low / exposure, high / exposure


def share_limits(events: float, trials: float, sure_share: float) -> tuple[float, float]:
    """Limits of a share known from `events` in `trials` (Wilson)."""
    z = float(normal_point((1.0 + sure_share) / 2.0))
    middle = (events + z * z / 2.0) / (trials + z * z)
    half = z / (trials + z * z) * math.sqrt(events * (trials - events) / trials + z * z / 4.0)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def rate_points(shape: float, exposure: float, points: int) -> list[float]:
    """So many equally likely values of a rate believed to be gamma (shape, exposure): Wilson and Hilferty (1931)."""
    middles = [float(normal_point((number + 1.0 / 2.0) / points)) for number in range(points)]
    roots = [1.0 - NINTH / shape + z * THIRD / math.sqrt(shape) for z in middles]
    return [shape * max(root, 0.0) ** 3 / exposure for root in roots]


def next_count(shape: float, exposure: float, time: float) -> np.ndarray:
    """Chances of 0, 1, 2, ... events in `time`, for a rate believed to be gamma: negative binomial, P(0) = p^shape."""
    p = exposure / (exposure + time)
    chances = [p**shape]
    total, mean = chances[0], shape * (1.0 - p) / p
    while total < 1.0 - TAIL and (chances[-1] > TAIL or len(chances) <= mean):
        count = len(chances)
        chances.append(chances[-1] * (shape + count - 1.0) / count * (1.0 - p))
        total += chances[-1]
    return np.array(chances)


def binomial(trials: int, chance: float) -> np.ndarray:
    """Chances of 0 to `trials` successes."""
    if chance <= 0.0 or chance >= 1.0 or trials == 0:
        certain = np.zeros(trials + 1)
        certain[trials if chance >= 1.0 else 0] = 1.0
        return certain
    counts = np.arange(trials + 1)
    logs = np.array([math.lgamma(trials + 1) - math.lgamma(k + 1) - math.lgamma(trials - k + 1) for k in counts])
    return np.exp(logs + counts * math.log(chance) + (trials - counts) * math.log1p(-chance))


def added(parts: Sequence[np.ndarray]) -> np.ndarray:
    """The distribution of the sum of independent counts; chances too small to matter are cut off."""
    total = np.ones(1)
    for part in parts:
        total = np.convolve(total, part)
        above = np.nonzero(total > TAIL)[0]
        total = total[: above[-1] + 1] if len(above) else total
    return total


def mixed(parts: Sequence[np.ndarray]) -> np.ndarray:
    """The distribution of a count whose own distribution is one of these, each as likely as another."""
    longest = max(len(part) for part in parts)
    return sum((np.pad(part, (0, longest - len(part))) for part in parts), np.zeros(longest)) / len(parts)


def mean_of(chances: np.ndarray) -> float:
    """Mean of a distribution of counts."""
    return float(np.dot(np.arange(len(chances)), chances) / chances.sum())


def limits_of(chances: np.ndarray, sure_share: float) -> tuple[int, int]:
    """The counts between which this share of the chance lies, equally much left out at either end."""
    cumulative = np.cumsum(chances) / chances.sum()
    tail = (1.0 - sure_share) / 2.0
    last = len(chances) - 1
    return min(int(np.searchsorted(cumulative, tail)), last), min(int(np.searchsorted(cumulative, 1.0 - tail)), last)

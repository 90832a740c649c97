"""How many draws are enough: how far the headline could move if the same were drawn again.

A mean over n paired draws has the standard error sd / sqrt(n). A share of draws has Wilson's interval, which says
something even where every draw agrees: of 60 draws all alike one may conclude that the share is above 94%, and no more.
Wilson 1927, Journal of the American Statistical Association 22(158).
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from insource.appraise.deciding import Enough, enough

LEVEL = 0.95
CLOSE_ENOUGH = 0.05
"""A share of draws is taken to be settled when its interval reaches no further than so much each way."""
STEPS = 6
FEWEST = 5


@dataclass(frozen=True)
class Precision:
    """Of one model's net benefit against the first: mean, share of draws in which it is worth it, errors."""

    sign: Enough
    share: float
    share_error: float
    share_low: float
    share_high: float
    draws_for_share: int


def precision(benefit: np.ndarray) -> Precision:
    """How sure the mean and the share above nought are, given each draw's net benefit, shape (draws,)."""
    share, draws = float((benefit > 0).mean()), len(benefit)
    low, high = wilson(share, draws)
    error = math.sqrt(share * (1.0 - share) / draws)
    return Precision(enough(benefit), share, error, low, high, draws_to_settle(share))


def draws_to_settle(share: float) -> int:
    """The fewest draws with which the interval around such a share would reach no further than CLOSE_ENOUGH."""
    low, high = 1, 1_000

    def is_settled(draws: int) -> bool:
        ends = wilson(share, draws)
        return max(share - ends[0], ends[1] - share) <= CLOSE_ENOUGH

    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if is_settled(middle) else (middle + 1, high)
    return low


def wilson(share: float, draws: int, level: float = LEVEL) -> tuple[float, float]:
    """The interval in which the true share lies, `level` of the time."""
    z2 = NormalDist().inv_cdf((1.0 + level) / 2.0) ** 2
    middle = (share + z2 / (2 * draws)) / (1.0 + z2 / draws)
    half = math.sqrt(z2 * (share * (1.0 - share) / draws + z2 / (4 * draws**2))) / (1.0 + z2 / draws)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def as_draws_grow(benefit: np.ndarray) -> list[tuple[int, float, float, float]]:
    """(draws, mean, its standard error, share above nought) after ever more of the draws, the last with all of them."""
    draws = len(benefit)
    counts = sorted({max(round(draws * step / STEPS), min(FEWEST, draws)) for step in range(1, STEPS + 1)})
    found = []
    for count in counts:
        part = benefit[:count]
        error = float(part.std(ddof=1)) / math.sqrt(count) if count > 1 else math.nan
        found.append((count, float(part.mean()), error, float((part > 0).mean())))
    return found

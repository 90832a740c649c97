"""What an experiment says: in which share of what is plausible the claim holds or is refuted, and the verdict.

In one draw a claim *holds* if every measure lies as it says by at least its margin; it is *refuted* if some measure
lies the other way by at least its margin; else there is *no difference* worth speaking of.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from insource.claims.experiment import Tried
from insource.claims.files import Measure

HOLDS, REFUTED, NEITHER, UNKNOWN = 1, -1, 0, 2
MOST, FEW = 0.9, 0.1
"""A claim holds if it does in nine draws of ten, and fails if it does in one of ten; else it depends (a convention)."""
Z = 1.96


@dataclass(frozen=True)
class Verdict:
    """Shares over the draws that could be judged, with the ends of a 95% interval for the share that holds."""

    word: str
    holds: float
    low: float
    high: float
    refuted: float
    neither: float
    draws: int
    ran_away: int

    @property
    def is_sure(self) -> bool:
        """Whether more draws could hardly change the word."""
        edges = [edge for edge in (MOST, FEW) if self.low <= edge <= self.high]
        return not edges and self.draws > 0


def margins(tried: Tried, measures: Sequence[Measure]) -> np.ndarray:
    """For each draw and measure how far side one lies in the direction claimed, as a share of the other's value.

    Where the other's is nothing, anything counts as the whole of it.
    """
    size = np.abs(tried.other)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(size > 0, (tried.one - tried.other) / size, np.sign(tried.one - tried.other))
    share[np.isnan(tried.one) | np.isnan(tried.other)] = np.nan
    share[(tried.one == tried.other) & ~np.isnan(tried.one)] = 0.0
    signs = np.array([1.0 if one.direction in ("more", "not less") else -1.0 for one in measures])
    return share * signs


def judged(tried: Tried, measures: Sequence[Measure]) -> np.ndarray:
    """HOLDS, REFUTED or NEITHER for each draw; UNKNOWN where a run ran away or nothing divides an outcome."""
    found = margins(tried, measures)
    by = np.array([one.by for one in measures])
    is_bound = np.array([one.direction.startswith("not") for one in measures])
    holds = np.where(is_bound, found >= -by, found >= np.maximum(by, 1e-12)).all(axis=1)
    refuted = (found <= -np.maximum(by, 1e-12)).any(axis=1)
    result = np.where(holds & ~refuted, HOLDS, np.where(refuted, REFUTED, NEITHER))
    return np.where(np.isnan(found).any(axis=1), UNKNOWN, result)


def verdict_of(states: np.ndarray) -> Verdict:
    """The verdict over draws."""
    known = states[states != UNKNOWN]
    n = len(known)
    if n == 0:
        nan = float("nan")
        return Verdict("cannot be told", nan, nan, nan, nan, nan, 0, len(states))
    holds, refuted = float((known == HOLDS).mean()), float((known == REFUTED).mean())
    low, high = wilson(holds, n)
    word = "holds" if holds >= MOST else "fails" if holds <= FEW else "depends"
    return Verdict(word, holds, low, high, refuted, float((known == NEITHER).mean()), n, len(states) - n)


def wilson(share: float, n: int) -> tuple[float, float]:
    """Wilson's 95% interval for a share seen in n draws."""
    centre = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return max(centre - half, 0.0), min(centre + half, 1.0)

"""What the doubt about a difference comes from, read off draws already made.

*Shares of variance*: the part of the variance of the difference that goes with one parameter alone (first-order index),
by RBD-FAST from SALib, which needs no special design. Few draws give every parameter a share by luck alone, so each is
set beside what the luckiest of a thousand that do nothing gets (the noise level).

*Swings*: the mean difference where a parameter is low and where it is high, the numbers for a tornado.

Tarantola, Gatelli & Mara 2006; correction of the bias of few draws: Tissot & Prieur 2012.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

HARMONICS = 4
"""Monotone and humped effects are seen; more would follow luck."""
FEWEST_DRAWS = 60
SHUFFLES = 1_000
ONE_IN = 0.05
"""A noise level is passed by something that does nothing in so many of all lists."""
FEWEST_AN_END = 5


@dataclass(frozen=True)
class Share:
    """The share of variance that goes with one parameter alone; `error` its spread where nothing goes with anything."""

    parameter: str
    share: float
    error: float
    noise: float

    @property
    def is_seen(self) -> bool:
        """Whether it stands out from what luck gives the luckiest."""
        return self.share > self.noise


def shares_of_variance(difference: np.ndarray, drawn: Mapping[str, np.ndarray], seed: int = 0) -> list[Share]:
    """First-order shares of every parameter that varies, the largest first; none where there are too few draws.

    `difference`, shape (draws,); `drawn` holds each parameter's values, shape (draws,).
    """
    names = [name for name in sorted(drawn) if np.ptp(drawn[name]) > 0.0]
    if len(difference) < FEWEST_DRAWS or np.ptp(difference) == 0.0 or not names:
        return []
    found = first_order(np.column_stack([drawn[name] for name in names]), difference)
    by_luck = first_order(np.random.default_rng([seed, 1]).random((len(difference), SHUFFLES)), difference)
    noise = float(by_luck.max())
    error = float(by_luck.std(ddof=1))
    shares = [Share(name, float(share), error, noise) for name, share in zip(names, found, strict=True)]
    return sorted(shares, key=lambda one: (-one.share, one.parameter))


def first_order(columns: np.ndarray, difference: np.ndarray) -> np.ndarray:
    """First-order indices by RBD-FAST of each column, shape (draws, columns), for a difference, shape (draws,)."""
    from SALib.analyze import rbd_fast  # takes a second to import, so only where it is used

    def index(column: np.ndarray) -> float:
        raw = rbd_fast.compute_first_order(rbd_fast.permute_outputs(column, difference), HARMONICS)
        return float(rbd_fast.unskew_S1(raw, HARMONICS, len(difference)))

    return np.array([index(column) for column in columns.T])


@dataclass(frozen=True)
class Swing:
    """The mean difference with one parameter low and high, and the values up to and from which that is."""

    parameter: str
    low: float
    high: float
    at_low: float
    at_high: float
    low_error: float
    high_error: float
    error: float
    """Standard error of the swing, at_high less at_low."""
    noise: float
    """Of so many standard errors a swing could be luck; higher where the largest of many are picked."""
    is_tried: bool = False
    """The parameter was set to both ends with all else the same; otherwise draws in which it fell there are used."""

    @property
    def size(self) -> float:
        """How far the difference moves from low to high."""
        return self.at_high - self.at_low

    @property
    def turns(self) -> bool:
        """Whether the difference has one sign where it is low and the other where it is high."""
        return self.at_low * self.at_high < 0.0

    @property
    def is_seen(self) -> bool:
        """Whether it is more than luck would give."""
        return abs(self.size) > self.noise * self.error


def swings_by_draws(difference: np.ndarray, drawn: Mapping[str, np.ndarray]) -> list[Swing]:
    """Every parameter's swing between the draws in its lowest and in its highest third, the largest first.

    For parameters of few values (rival findings) the lowest and the highest value.
    """
    varied = [name for name in sorted(drawn) if np.ptp(drawn[name]) > 0.0]
    noise = noise_level(len(varied))
    found = []
    for name in varied:
        values = drawn[name]
        low, high = (float(end) for end in np.quantile(values, (1 / 3, 2 / 3)))
        if len(np.unique(values)) <= 3:
            low, high = float(values.min()), float(values.max())
        below, above = difference[values <= low], difference[values >= high]
        if min(len(below), len(above)) >= FEWEST_AN_END:
            low_error, high_error = (float(part.std(ddof=1)) / math.sqrt(len(part)) for part in (below, above))
            error = math.hypot(low_error, high_error)
            means = float(below.mean()), float(above.mean())
            found.append(Swing(name, low, high, means[0], means[1], low_error, high_error, error, noise))
    return sorted(found, key=lambda one: (-abs(one.size), one.parameter))


def noise_level(tests: int) -> float:
    """Standard errors that the largest of so many differences that are nothing passes one time in twenty."""
    return NormalDist().inv_cdf(1.0 - ONE_IN / (2.0 * max(tests, 1)))

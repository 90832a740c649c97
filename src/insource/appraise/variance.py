"""Doubt about parameters and luck told apart: how much of a spread comes from each and from both together.

In a comparison each draw has its own parameters and its own luck, so the spread over draws mixes the two. Here the
parameters of draw k are run again with the luck of draws k+1, k+2, ... (round in a circle), so that some pairs of runs
share parameters, some share luck, and most share neither. Half the mean squared difference of two runs is

    T  over pairs that share neither:    parameters + luck + both together
    P  over pairs that share parameters: luck + both together
    L  over pairs that share luck:       parameters + both together

whence parameters = T - P, luck = T - L, both together = P + L - T. These are the shares of variance of Sobol (1993) for
two groups of inputs. `both together`: luck counts for more under some parameters than under others. Standard errors by
the jackknife, leaving out one draw's parameters and luck at a time (on planted functions they come out a quarter to a
half too large, so on the safe side). Estimates of a share that is nothing fall below 0
half of the time.
"""

import math
from dataclasses import dataclass

import numpy as np

from insource.appraise.designed import Design, Point

FEWEST_DRAWS = 8


@dataclass(frozen=True)
class Split:
    """Shares of variance and their standard errors; `spread` is the standard deviation of all of it."""

    spread: float
    parameters: float
    luck: float
    together: float
    parameters_error: float
    luck_error: float
    together_error: float

    @property
    def spread_without_luck(self) -> float:
        """What would be left of the standard deviation if luck averaged out, as over a far larger area."""
        return self.spread * math.sqrt(max(self.parameters, 0.0))


def luck_design(draws: int, lucks: int) -> Design:
    """The parameters of each of so many draws with the lucks of as many others; those of its own are in the run."""
    points = tuple(Point(k, (k + step) % draws) for k in range(draws) for step in range(1, lucks + 1))
    return Design("luck", points, {"draws": draws, "lucks": lucks})


def split(outcome: np.ndarray, numbers_from: np.ndarray, lucks: np.ndarray) -> Split:
    """Split the variance of an outcome, shape (runs,), each run with the numbers of its parameters and its luck."""
    squares = (outcome[:, None] - outcome[None, :]) ** 2 / 2.0
    same_numbers = numbers_from[:, None] == numbers_from[None, :]
    same_luck = lucks[:, None] == lucks[None, :]
    masks = (~same_numbers & ~same_luck, same_numbers & ~same_luck, ~same_numbers & same_luck)
    whole = _shares(squares, masks, np.ones(len(outcome)))
    left_out = np.array(
        [
            _shares(squares, masks, ((numbers_from != draw) & (lucks != draw)).astype(float))[1:]
            for draw in np.unique(np.concatenate([numbers_from, lucks]))
        ]
    )
    count = len(left_out)
    errors = np.sqrt((count - 1) / count * ((left_out - left_out.mean(axis=0)) ** 2).sum(axis=0))
    parts = (float(one) for one in (*whole[1:], *errors))
    return Split(math.sqrt(whole[0]), *parts)


def _shares(squares: np.ndarray, masks: tuple[np.ndarray, ...], kept: np.ndarray) -> tuple[float, float, float, float]:
    """(total variance, shares of parameters, luck, both) over the runs kept."""
    neither, of_numbers, of_luck = (
        float(kept @ (squares * mask) @ kept) / max(float(kept @ mask @ kept), 1.0) for mask in masks
    )
    if neither <= 0.0:
        return 0.0, 0.0, 0.0, 0.0
    together = of_numbers + of_luck - neither
    return neither, (neither - of_numbers) / neither, (neither - of_luck) / neither, together / neither

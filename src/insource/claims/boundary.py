"""Where a claim holds: a rule of one or two parameters in plain numbers, and how well it tells draws it has not seen.

A search in the manner of PRIM (Friedman and Fisher 1999), kept small: the parameters that go most with the margin of
the claim are taken. Of all rules "a >= x" and "a >= x and b <= y" the one is kept whose share of hits among draws in
which the claim holds is furthest above that among the others (Youden's index). A second parameter must earn its place.
How well the rule does is measured on draws left out while it was searched for, because the best of many rules always
looks good on the draws it was chosen on.
"""

from dataclasses import dataclass

import numpy as np

QUANTILES = np.linspace(0.1, 0.9, 17)
SCREENED = 10
FOLDS = 5
SECOND_GAIN = 0.08
"""How much better a rule of two parameters must be than one of one."""
LEAST_INDEX = 0.25
"""A rule that does worse than this on draws it has not seen tells too little to be printed as one."""
FEWEST_DRAWS = 40


@dataclass(frozen=True)
class Limit:
    """One side of a rule: the parameter (its place), whether it must be at least or at most, and the value."""

    parameter: int
    is_least: bool
    value: float

    def takes(self, drawn: np.ndarray) -> np.ndarray:
        """Which draws lie on the rule's side."""
        column = drawn[:, self.parameter]
        return column >= self.value if self.is_least else column <= self.value


@dataclass(frozen=True)
class Rule:
    """Limits that all must be kept, and in which share of draws the claim holds inside and outside (draws left out)."""

    limits: tuple[Limit, ...]
    inside: float
    outside: float
    share_inside: float
    index: float

    @property
    def tells(self) -> bool:
        """Whether it does well enough on draws that it has not seen."""
        return self.index >= LEAST_INDEX


def find_rule(drawn: np.ndarray, holds: np.ndarray, margin: np.ndarray) -> Rule | None:
    """The rule for where `holds`; None where there is nothing to tell apart or too few draws to try.

    `drawn`: draws x parameters; `margin`: how far the claim is from its edge, used to choose parameters.
    """
    n = len(holds)
    if n < FEWEST_DRAWS or min(holds.sum(), (~holds).sum()) < FOLDS:
        return None
    said = np.zeros(n, dtype=bool)
    for fold in range(FOLDS):
        is_out = np.arange(n) % FOLDS == fold
        limits = _search(drawn[~is_out], holds[~is_out], margin[~is_out])
        said[is_out] = _inside(limits, drawn[is_out])
    index = _youden(said, holds)
    limits = _search(drawn, holds, margin)
    return Rule(limits, _mean(holds[said]), _mean(holds[~said]), float(_inside(limits, drawn).mean()), index)


def _search(drawn: np.ndarray, holds: np.ndarray, margin: np.ndarray) -> tuple[Limit, ...]:
    limits = [limit for place in _screened(drawn, margin) for limit in _limits(drawn, int(place))]
    takes = np.array([limit.takes(drawn) for limit in limits])
    yes, no = holds / max(holds.sum(), 1), ~holds / max((~holds).sum(), 1)
    weights = yes - no
    single = takes @ weights
    best = int(np.argmax(single))
    pairs = (takes * weights) @ takes.T
    places = np.array([limit.parameter for limit in limits])
    pairs[places[:, None] == places[None, :]] = -np.inf
    first, second = np.unravel_index(int(np.argmax(pairs)), pairs.shape)
    if pairs[first, second] > single[best] + SECOND_GAIN:
        return limits[int(first)], limits[int(second)]
    return (limits[best],)


def _screened(drawn: np.ndarray, margin: np.ndarray) -> np.ndarray:
    """The parameters whose ranks go most with the margin's."""
    ranks = np.argsort(np.argsort(drawn, axis=0, kind="stable"), axis=0, kind="stable").astype(float)
    goal = np.argsort(np.argsort(margin, kind="stable"), kind="stable").astype(float)
    ranks -= ranks.mean(axis=0)
    strength = np.abs(ranks.T @ (goal - goal.mean()))
    return np.argsort(-strength, kind="stable")[:SCREENED]


def _limits(drawn: np.ndarray, place: int) -> list[Limit]:
    values = np.unique(np.quantile(drawn[:, place], QUANTILES))
    return [Limit(place, is_least, float(value)) for value in values for is_least in (True, False)]


def _inside(limits: tuple[Limit, ...], drawn: np.ndarray) -> np.ndarray:
    return np.logical_and.reduce([limit.takes(drawn) for limit in limits])


def _youden(said: np.ndarray, holds: np.ndarray) -> float:
    return _mean(said[holds]) - _mean(said[~holds])


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else float("nan")

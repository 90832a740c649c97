"""Where a claim holds: a rule of one or two parameters in plain numbers, and how well it tells draws it has not seen.

A search in the manner of PRIM (Friedman and Fisher 1999), kept small: the parameters that go most with the margin of
the claim are taken, if they do so more than luck would have it among as many parameters as there are. Of all rules
"a >= x" and "a >= x and b <= y" the one is kept whose share of hits among draws in which the claim holds is furthest
above that among the others (Youden's index). A second parameter must earn its place. How well the rule does is
measured on draws left out while it was searched for, because the best of many rules always looks good on the draws it
was chosen on.
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
NOISE_LEVEL = 3.5
"""A rank correlation below this many times 1/sqrt(draws) could be luck: about 1 chance in 2,000 for each parameter."""
MOST_LEADS, LEAST_MOVE = 3, 0.01
"""So many parameters are named, those that move the margin by a hundredth or more."""


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


@dataclass(frozen=True)
class Lead:
    """A parameter that goes with the margin: rank correlation, and the share of draws in which the claim holds and the
    median margin where the parameter is in the lowest and in the highest third of its draws."""

    parameter: int
    correlation: float
    holds_low: float
    holds_high: float
    margin_low: float
    margin_high: float


def find_leads(drawn: np.ndarray, holds: np.ndarray, margin: np.ndarray) -> tuple[Lead, ...]:
    """What the claim goes with most, more than luck would have it; nothing where there are too few draws to tell."""
    if len(holds) < FEWEST_DRAWS or np.ptp(margin) == 0.0:
        return ()
    found = []
    strength = _correlations(drawn, margin)
    for place in _screened(strength, len(holds))[:MOST_LEADS]:
        low, high = np.quantile(drawn[:, place], (1 / 3, 2 / 3))
        is_low, is_high = drawn[:, place] <= low, drawn[:, place] >= high
        margins = (float(np.median(margin[some])) for some in (is_low, is_high))
        at_low, at_high = margins
        if abs(at_high - at_low) >= LEAST_MOVE:
            shares = _mean(holds[is_low]), _mean(holds[is_high])
            found.append(Lead(int(place), float(strength[place]), *shares, at_low, at_high))
    return tuple(found)


def find_rule(drawn: np.ndarray, holds: np.ndarray, margin: np.ndarray) -> Rule | None:
    """The rule for where `holds`; None where there is nothing to tell apart, nothing to tell by or too few draws.

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
    if not limits:
        return None
    return Rule(limits, _mean(holds[said]), _mean(holds[~said]), float(_inside(limits, drawn).mean()), index)


def _search(drawn: np.ndarray, holds: np.ndarray, margin: np.ndarray) -> tuple[Limit, ...]:
    places = _screened(_correlations(drawn, margin), len(holds))[:SCREENED]
    limits = [limit for place in places for limit in _limits(drawn, int(place))]
    if not limits:
        return ()
    takes = np.array([limit.takes(drawn) for limit in limits])
    yes, no = holds / max(holds.sum(), 1), ~holds / max((~holds).sum(), 1)
    weights = yes - no
    single = takes @ weights
    best = int(np.argmax(single))
    pairs = (takes * weights) @ takes.T
    whose = np.array([limit.parameter for limit in limits])
    pairs[whose[:, None] == whose[None, :]] = -np.inf
    first, second = np.unravel_index(int(np.argmax(pairs)), pairs.shape)
    if pairs[first, second] > single[best] + SECOND_GAIN:
        return limits[int(first)], limits[int(second)]
    return (limits[best],)


def _correlations(drawn: np.ndarray, margin: np.ndarray) -> np.ndarray:
    """Rank correlation of each parameter with the margin."""
    ranks = np.argsort(np.argsort(drawn, axis=0, kind="stable"), axis=0, kind="stable").astype(float)
    goal = np.argsort(np.argsort(margin, kind="stable"), kind="stable").astype(float)
    ranks -= ranks.mean(axis=0)
    goal -= goal.mean()
    result: np.ndarray = ranks.T @ goal / (goal @ goal)
    return result


def _screened(correlations: np.ndarray, draws: int) -> np.ndarray:
    """The places of the parameters that go with the margin more than luck would have it, strongest first."""
    order = np.argsort(-np.abs(correlations), kind="stable")
    return order[np.abs(correlations[order]) > NOISE_LEVEL / np.sqrt(draws)]


def _limits(drawn: np.ndarray, place: int) -> list[Limit]:
    values = np.unique(np.quantile(drawn[:, place], QUANTILES))
    return [Limit(place, is_least, float(value)) for value in values for is_least in (True, False)]


def _inside(limits: tuple[Limit, ...], drawn: np.ndarray) -> np.ndarray:
    if not limits:
        return np.zeros(len(drawn), dtype=bool)
    return np.logical_and.reduce([limit.takes(drawn) for limit in limits])


def _youden(said: np.ndarray, holds: np.ndarray) -> float:
    return _mean(said[holds]) - _mean(said[~holds])


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else float("nan")

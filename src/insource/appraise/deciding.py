"""From doubt to a decision: how often each option is best, and what it would be worth to know more.

`benefit` is always the net monetary benefit, shape (draws, options): threshold x SC-QALYs less costs. Draws of the
options are paired. What is expected to be best is chosen under doubt; with perfect information one would choose draw by
draw, and the mean gain of that is the expected value of perfect information (EVPI). Knowing one parameter alone gives
part of it (EVPPI): the benefit of each option is fitted by the parameter, and one would choose by the fit. Fits follow
luck a little even where a parameter does nothing; what shuffled parameters would seem to be worth is taken off.

Raiffa & Schlaifer 1961 for the closed forms (normal benefit, two options); Strong, Oakley & Brennan 2014 for the fit.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

NORMAL = NormalDist()
DEGREE = 3
"""Of the polynomial in the parameter's normal scores: monotone and humped effects, and not much luck."""
SHUFFLES = 40
FEWEST_DRAWS = 30


def net_benefit(qalys: np.ndarray, costs: np.ndarray, threshold: float) -> np.ndarray:
    """Net monetary benefit in pounds: `threshold` pounds for each SC-QALY, less costs in pounds. Any shape."""
    return threshold * np.asarray(qalys, float) - np.asarray(costs, float)


def share_best(benefit: np.ndarray) -> np.ndarray:
    """The share of draws in which each option is best, shape (options,). Draws shared equally between ties."""
    is_best = benefit == benefit.max(axis=1, keepdims=True)
    return (is_best / is_best.sum(axis=1, keepdims=True)).mean(axis=0)


def rank_shares(benefit: np.ndarray) -> np.ndarray:
    """The share of draws in which option i takes place j (0 the best), shape (options, options). Ties by order."""
    order = np.argsort(-benefit, axis=1, kind="stable")
    options = benefit.shape[1]
    return np.array([[(order[:, place] == option).mean() for place in range(options)] for option in range(options)])


def chance_acceptable(gain: float, cost: float, gain_sd: float, cost_sd: float, together: float, at: float) -> float:
    """Chance that a normal gain (SC-QALYs) and cost (pounds) with this correlation are worth it at a threshold."""
    sd = math.sqrt((at * gain_sd) ** 2 + cost_sd**2 - 2.0 * at * together * gain_sd * cost_sd)
    return NORMAL.cdf((at * gain - cost) / sd)


def unit_normal_loss(distance: float) -> float:
    """Mean shortfall of a standard normal below -distance: what a decision so many sd from even may still lose."""
    return NORMAL.pdf(distance) - distance * (1.0 - NORMAL.cdf(distance))


def evpi_normal(mean: float, sd: float, known_share: float = 1.0) -> float:
    """EVPI of a normal difference in benefit between two options; with `known_share` of its variance, EVPPI."""
    spread = sd * math.sqrt(known_share)
    return spread * unit_normal_loss(abs(mean) / spread) if spread > 0.0 else 0.0


def evsi_normal(mean: float, sd: float, studied: float, prior: float) -> float:
    """Value of a study of `studied` cases where what is believed now is worth `prior` cases."""
    return evpi_normal(mean, sd, studied / (studied + prior))


def evpi(benefit: np.ndarray) -> float:
    """Expected value of perfect information in the unit of `benefit`: never below 0."""
    return float(benefit.max(axis=1).mean() - benefit.mean(axis=0).max())


@dataclass(frozen=True)
class Worth:
    """What knowing one parameter would be worth, and the standard error of that from the number of draws."""

    parameter: str
    pounds: float
    error: float


def evppi(benefit: np.ndarray, values: np.ndarray, rng: np.random.Generator) -> tuple[float, float]:
    """EVPPI of one parameter, shape (draws,), and its standard error; 0 where it cannot be told from luck.

    The error is the spread over shuffles: what a parameter that does nothing would seem to be worth, now and then.
    """
    if len(values) < FEWEST_DRAWS or np.ptp(values) == 0.0:
        return 0.0, math.nan
    worth = _by_fit(benefit, _powers(values))
    by_luck = np.array([_by_fit(benefit, _powers(rng.permutation(values))) for _ in range(SHUFFLES)])
    return max(worth - float(by_luck.mean()), 0.0), float(by_luck.std(ddof=1))


def worth_knowing(benefit: np.ndarray, parameters: dict[str, np.ndarray], seed: int = 0) -> list[Worth]:
    """EVPPI of every parameter, the most valuable first."""
    found = []
    for number, (name, values) in enumerate(sorted(parameters.items())):
        worth, error = evppi(benefit, values, np.random.default_rng([seed, number]))
        found.append(Worth(name, worth, error))
    return sorted(found, key=lambda one: (-one.pounds, one.parameter))


def _powers(values: np.ndarray) -> np.ndarray:
    """Powers of normal scores of the ranks (of the few values, where there are few), shape (draws, columns)."""
    levels, which = np.unique(values, return_inverse=True)
    if len(levels) <= DEGREE + 1:
        return np.eye(len(levels))[which]
    ranks = np.argsort(np.argsort(values, kind="stable"), kind="stable")
    scores = np.array([NORMAL.inv_cdf((rank + 0.5) / len(values)) for rank in range(len(values))])[ranks]
    return np.vander(scores, DEGREE + 1)


def _by_fit(benefit: np.ndarray, columns: np.ndarray) -> float:
    """Mean of the best of the fitted benefits, less the best of the means."""
    relative = benefit - benefit[:, :1]
    fitted = columns @ np.linalg.lstsq(columns, relative, rcond=None)[0]
    return float(fitted.max(axis=1).mean() - relative.mean(axis=0).max())


@dataclass(frozen=True)
class Enough:
    """Whether there were draws enough: standard error of a mean difference, and draws that would settle its sign."""

    mean: float
    error: float
    draws: int
    draws_for_sign: float
    """Pairs with which a difference as large as this would be found 80 times of 100, wrongly found 5; infinite at 0."""

    @property
    def is_enough(self) -> bool:
        """There are at least as many draws as settle the sign of the mean."""
        return self.draws >= self.draws_for_sign


def enough(differences: np.ndarray, significance: float = 0.05, power: float = 0.8) -> Enough:
    """How many paired draws are enough: n = ((z_1-a/2 + z_power) sd / mean)^2."""
    mean, sd = float(differences.mean()), float(differences.std(ddof=1)) if len(differences) > 1 else math.nan
    z = NORMAL.inv_cdf(1.0 - significance / 2.0) + NORMAL.inv_cdf(power)
    needed = math.inf if mean == 0.0 else (0.0 if sd == 0.0 else math.ceil((z * sd / mean) ** 2))
    return Enough(mean, sd / math.sqrt(len(differences)), len(differences), needed)

"""From doubt to a decision: how often each option is best, and what it would be worth to know more.

`benefit` is always the net monetary benefit, shape (draws, options): threshold x SC-QALYs less costs. Draws of the
options are paired. What is expected to be best is chosen under doubt; with perfect information one would choose draw by
draw, and the mean gain of that is the expected value of perfect information (EVPI). Knowing one parameter alone gives
part of it (EVPPI): the benefit of each option is fitted by the parameter, and one would choose by the fit. Fits follow
luck a little even where a parameter does nothing; what shuffled draws would seem to be worth is taken off. The most
valuable of hundreds is also the luckiest of hundreds: each is set beside what the luckiest would seem to be worth.

Raiffa & Schlaifer 1961 for the closed forms (normal benefit, two options); Strong, Oakley & Brennan 2014 for the fit.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

NORMAL = NormalDist()
DEGREE = 3
"""Of the polynomial in the parameter's normal scores: monotone and humped effects, and not much luck."""
SHUFFLES = 199
"""With these 1 in 20 of the luckiest is told to about 1.5 in 100."""
LUCKY = 0.95
"""The luckiest of all parameters is what it is, or less, in this share of shuffles."""
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
    """What knowing one parameter would be worth in pounds, beside what luck makes of parameters that do nothing."""

    parameter: str
    pounds: float
    error: float
    """The spread over shuffles: what this one would seem to be worth, now and then, if it did nothing."""
    luckiest: float
    """What the luckiest of all the parameters looked at would seem to be worth if none did anything: not more than
    this 19 times of 20."""

    @property
    def is_seen(self) -> bool:
        """Whether it is worth more than the luckiest of as many that do nothing."""
        return self.pounds > self.luckiest


def worth_knowing(benefit: np.ndarray, parameters: dict[str, np.ndarray], seed: int = 0) -> list[Worth]:
    """EVPPI of every parameter, each of shape (draws,), the most valuable first; 0 where draws are too few.

    None is worth more than knowing everything, which a fit to few draws would sometimes have it.

    The draws of the benefit are shuffled against those of all parameters at once, so that the luckiest of a shuffle is
    the luckiest of as many as there are, however they go together (Westfall & Young 1993, single step).
    """
    rng = np.random.default_rng(seed)
    shuffled = np.stack([benefit[rng.permutation(len(benefit))] for _ in range(SHUFFLES)])
    everything = evpi(benefit)
    net, by_luck = {}, {}
    for name, values in sorted(parameters.items()):
        if len(benefit) >= FEWEST_DRAWS and np.ptp(values) > 0.0:
            basis = np.linalg.qr(_powers(values))[0]
            seeming = _by_fit(shuffled, basis)
            net[name] = float(_by_fit(benefit, basis) - seeming.mean())
            by_luck[name] = seeming - seeming.mean()
    luckiest = math.nan
    if by_luck:
        luckiest = max(float(np.quantile(np.max(list(by_luck.values()), axis=0), LUCKY)), 0.0)
    found = [
        Worth(name, min(max(net.get(name, 0.0), 0.0), everything), _spread(by_luck.get(name)), luckiest)
        for name in sorted(parameters)
    ]
    return sorted(found, key=lambda one: (-one.pounds, one.parameter))


def _spread(values: np.ndarray | None) -> float:
    return math.nan if values is None else float(values.std(ddof=1))


def _powers(values: np.ndarray) -> np.ndarray:
    """Powers of normal scores of the ranks (of the few values, where there are few), shape (draws, columns)."""
    levels, which = np.unique(values, return_inverse=True)
    if len(levels) <= DEGREE + 1:
        return np.eye(len(levels))[which]
    ranks = np.argsort(np.argsort(values, kind="stable"), kind="stable")
    scores = np.array([NORMAL.inv_cdf((rank + 0.5) / len(values)) for rank in range(len(values))])[ranks]
    return np.vander(scores, DEGREE + 1)


def _by_fit(benefit: np.ndarray, basis: np.ndarray) -> np.ndarray:
    """Mean of the best of the fitted benefits, less that of the option best on average; 0 where that is always best.

    `benefit`: shape (..., draws, options). `basis`: shape (draws, columns), orthonormal, the constant among what it
    spans, so that a fit has the mean of what is fitted. Of the shape of `benefit` but for its last two axes.
    """
    relative = benefit - benefit[..., :1]
    fitted = basis @ (basis.T @ relative)
    best = relative.mean(axis=-2).argmax(axis=-1)
    chosen = np.take_along_axis(fitted, best[..., None, None], axis=-1)[..., 0]
    found: np.ndarray = (fitted.max(axis=-1) - chosen).mean(axis=-1)
    return found


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

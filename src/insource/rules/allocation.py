"""What a score tells about a need, and so what budget it gives (classical test theory; Lord & Novick 1968).

Need is normal with a mean and a spread; a score has reliability R, its squared correlation with need. The fair budget
is what need is expected to be given the score; need is then still spread by `residual` = spread * sqrt(1 - R) around
it. An uplift is added to every budget alike (a cut is a negative one).
"""

import math

import numpy as np

from insource.compiled import compiled, rule
from insource.numeric import exp, log, normal_below, normal_density, normal_loss, normal_point, normal_quantile


@rule
def reliability(residual, spread):
    """Share of the variance of need that a score explains, if need given the score is still spread by `residual`."""
    return max(1.0 - residual * residual / (spread * spread), 0.0)


@rule
def residual_of(reliability_share, spread):
    """How far need is still spread once the score is known: spread * sqrt(1 - R)."""
    return spread * math.sqrt(1.0 - reliability_share)


@rule
def expected_given_score(need, mean, spread, residual, z):
    """What is expected of somebody's need from a score of it with noise `z` (a standard normal number).

    Need is normal with `mean` and `spread`. The score explains the share R of its variance and leaves `residual`.
    The expectation regresses to the mean: mean + R (need - mean), and its own noise is sqrt(R (1 - R)) spread z.
    Works in any unit; the model uses logarithms of minutes.
    """
    share = reliability(residual, spread)
    return mean + share * (need - mean) + math.sqrt(share * (1.0 - share)) * spread * z


@rule
def under_funded_share(residual, uplift):
    """Share of people whose budget is below their need: Phi(-uplift / residual)."""
    return normal_below(-uplift / residual)


@rule
def expected_shortfall(residual, uplift):
    """Mean over everybody of need less budget where that is positive: residual * L(uplift / residual)."""
    return residual * normal_loss(uplift / residual)


@rule
def under_funded_share_at(need_spreads, reliability_share):
    """Chance of a budget below need for somebody whose need lies so many spreads above the mean.

    Phi(z sqrt(1 - R) / sqrt(R)): everybody is pulled towards the mean, so the higher the need the likelier.
    """
    return normal_below(need_spreads * math.sqrt(1.0 - reliability_share) / math.sqrt(reliability_share))


@rule
def best_uplift(residual, short_to_spare_cost):
    """The uplift at which budgets cost least if a pound short counts for so many to spare (the newsvendor rule)."""
    return residual * normal_point(short_to_spare_cost / (1.0 + short_to_spare_cost))


@rule
def least_loss(residual, short_to_spare_cost):
    """Mean loss at that uplift, in pounds to spare: (1 + kappa) residual phi(Phi^-1(kappa / (1 + kappa)))."""
    share = short_to_spare_cost / (1.0 + short_to_spare_cost)
    return (1.0 + short_to_spare_cost) * residual * normal_density(normal_point(share))


@rule
def stale_reliability(reliability_share, persistence, weeks):
    """Reliability of a score so many weeks old, if need persists by this much a week: R ph^(2 weeks)."""
    return reliability_share * exp(2.0 * weeks * log(persistence))


@rule
def mean_reliability(reliability_share, persistence, weeks):
    """Mean reliability over the ages 0 to weeks - 1 of scores that are renewed every so many weeks."""
    kept = persistence * persistence
    return reliability_share * (1.0 - exp(weeks * log(kept))) / (weeks * (1.0 - kept))


@rule
def shared_shortfall(residual, people):
    """Shortfall a head where budgets may be moved among so many people: residual phi(0) / sqrt(people)."""
    return residual * normal_density(0.0) / math.sqrt(people)


@rule
def mean_between(low, high):
    """Mean of a standard normal known to lie between two points."""
    within = normal_below(high) - normal_below(low)
    return (normal_density(low) - normal_density(high)) / within if within > 0.0 else (low + high) / 2.0


@rule
def band_budget(low, high, mean, spread, residual):
    """The budget of a band of scores: what need is expected to be over everybody in it, for a log-normal need.

    `low` and `high` are the ends of the band in spreads of the score. `mean` and `spread` are those of the logarithm
    of need in the place, so the budgets of all bands together are right for the place:
    exp(mean + spread^2 / 2) * [Phi(high - s) - Phi(low - s)] / [Phi(high) - Phi(low)], s = sqrt(R) spread.
    """
    s = math.sqrt(reliability(residual, spread)) * spread
    within = normal_below(high) - normal_below(low)
    shifted = normal_below(high - s) - normal_below(low - s)
    return exp(mean + spread * spread / 2.0) * shifted / within if within > 0.0 else exp(mean + s * (low + high) / 2.0)


@compiled
def band_edges(bands, tolerance):
    """The inner edges of the bands that lose least about a standard normal score (Lloyd 1982; Max 1960).

    An edge lies half-way between the means of its two bands, and the means follow from the edges; started from equal
    shares and repeated until no edge moves by more than `tolerance`.
    """
    edges = np.empty(bands - 1)
    for band in range(bands - 1):
        edges[band] = normal_quantile((band + 1.0) / bands)
    moved = 1.0
    while moved > tolerance:
        moved = 0.0
        below = mean_between(-np.inf, edges[0]) if bands > 1 else 0.0
        for band in range(bands - 1):
            high = edges[band + 1] if band + 2 < bands else np.inf
            above = mean_between(edges[band], high)
            edge = (below + above) / 2.0
            moved = max(moved, abs(edge - edges[band]))
            edges[band] = edge
            below = mean_between(edge, high)
    return edges


@compiled
def band_residual(edges):
    """Share of the variance of a standard normal score that is lost when only its band is kept."""
    kept = 0.0
    low = -np.inf
    for band in range(edges.shape[0] + 1):
        high = edges[band] if band < edges.shape[0] else np.inf
        mean = mean_between(low, high)
        kept += (normal_below(high) - normal_below(low)) * mean * mean
        low = high
    return 1.0 - kept

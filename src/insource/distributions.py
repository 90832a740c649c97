"""Shapes of belief about a number, as quantiles between two ends.

A uniform number u is turned into a value through the inverse distribution function, so that a value keeps its rank
when the shape is changed, and a belief is cut off at its range rather than piled up at the ends.
"""

import math

from insource.numeric import exp, log, normal_quantile, normal_share_below


def chosen(low: float, weights: tuple[float, ...], u: float) -> float:
    """The choice of rank u: whole numbers from `low` on, each with its weight; weights add up to 1."""
    below = 0.0
    for position, weight in enumerate(weights):
        below += weight
        if u < below:
            return low + position
    return low + len(weights) - 1


def quantile(kind: str, centre: float, low: float, high: float, sd: float | None, u: float) -> float:
    """The value of rank u (0 to 1) of a belief of this kind.

    fixed: the centre. uniform: between the ends. triangular: mode at the centre. normal: mean at the centre, standard
    deviation sd. lognormal: median at the centre, sd that of the logarithm. The last two are cut off at the ends.
    """
    if kind == "fixed" or high <= low:
        return centre
    if kind == "uniform":
        return low + u * (high - low)
    if kind == "triangular":
        return _triangular(centre, low, high, u)
    if sd is None:
        raise ValueError(f"a {kind} belief needs a standard deviation")
    if kind == "normal":
        return _cut_off_normal(centre, sd, low, high, u)
    if kind == "lognormal":
        rank = _cut_off_normal(float(log(centre)), sd, float(log(low)), float(log(high)), u)
        return min(max(float(exp(rank)), low), high)
    raise ValueError(f"'{kind}' is not a kind of belief")


def _triangular(mode: float, low: float, high: float, u: float) -> float:
    at_mode = (mode - low) / (high - low)
    if u < at_mode:
        return low + math.sqrt(u * (high - low) * (mode - low))
    return high - math.sqrt((1.0 - u) * (high - low) * (high - mode))


def _cut_off_normal(mean: float, sd: float, low: float, high: float, u: float) -> float:
    below = float(normal_share_below((low - mean) / sd))
    above = float(normal_share_below((high - mean) / sd))
    value = mean + sd * float(normal_quantile(below + u * (above - below)))
    return min(max(value, low), high)

"""What a score tells about a need, and so what budget it gives (classical test theory; Lord & Novick 1968)."""

import math

from insource.compiled import rule


@rule
def reliability(residual, spread):
    """Share of the variance of need that a score explains, if need given the score is still spread by `residual`."""
    return max(1.0 - residual * residual / (spread * spread), 0.0)


@rule
def expected_given_score(need, mean, spread, residual, z):
    """What is expected of somebody's need from a score of it with noise `z` (a standard normal number).

    Need is normal with `mean` and `spread`. The score explains the share R of its variance and leaves `residual`.
    The expectation regresses to the mean: mean + R (need - mean), and its own noise is sqrt(R (1 - R)) spread z.
    Works in any unit; the model uses logarithms of minutes.
    """
    share = reliability(residual, spread)
    return mean + share * (need - mean) + math.sqrt(share * (1.0 - share)) * spread * z

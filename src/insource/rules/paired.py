"""What running two models on the same people and the same luck saves (common random numbers; Law & Kelton)."""

import math

from insource.compiled import rule
from insource.numeric import normal_point


@rule
def difference_variance(first_spread, second_spread, correlation):
    """Variance of the difference of two outcomes that move together: sx^2 + sy^2 - 2 r sx sy; r = 0 without pairing."""
    return first_spread**2 + second_spread**2 - 2.0 * correlation * first_spread * second_spread


@rule
def runs_needed(difference, variance, error_share, power_share):
    """Runs (pairs, or in each arm) that find a difference with this power at this two-sided error."""
    z = normal_point(1.0 - error_share / 2.0) + normal_point(power_share)
    return math.ceil(z * z * variance / (difference * difference))


@rule
def keyed_event_variance(first_share, second_share):
    """Variance of the difference of two yes-or-no outcomes decided by one uniform number: d (1 - d), d = p2 - p1."""
    d = abs(second_share - first_share)
    return d * (1.0 - d)

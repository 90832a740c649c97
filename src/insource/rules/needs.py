"""How one person's need for help moves from week to week (theory: Uhlenbeck & Ornstein 1930 in logarithms)."""

import math

from insource.compiled import rule
from insource.numeric import exp, log
from insource.units import MINUTES_A_WEEK


@rule
def spread_of_log(variation):
    """Standard deviation of the logarithm of a quantity whose own coefficient of variation is `variation`."""
    return math.sqrt(log(1.0 + variation * variation))


@rule
def next_deviation(deviation, persistence, spread, z):
    """Next week's deviation: keeps `persistence` of this week's and stays spread by `spread` in the long run."""
    return persistence * deviation + math.sqrt(1.0 - persistence * persistence) * spread * z


@rule
def level_for_mean(mean_minutes, spread):
    """Logarithm of an ordinary week for somebody who needs `mean_minutes` on average, given the weekly spread."""
    return log(mean_minutes) - spread * spread / 2.0


@rule
def minutes_at_home(level, deviation, common, lift):
    """Whole minutes of help needed in a week at home: at most one worker day and night."""
    return int(min(exp(level + deviation + common + lift) + 1.0 / 2.0, MINUTES_A_WEEK))


@rule
def as_seen(budget, need, seen_share):
    """What staff see of a need: the budget, put right by the share of the difference that shows at the door."""
    return max(budget + (need - budget) * seen_share, 0.0)

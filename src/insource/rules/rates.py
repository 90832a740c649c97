"""From rates a year to chances a week, and between states and how long they last."""

from insource.compiled import rule
from insource.numeric import exp, log
from insource.units import WEEKS_A_YEAR


@rule
def chance_in_a_week(rate_a_year):
    """Chance that something with this rate a year (>= 0) happens at least once in a week: 1 - exp(-rate/52)."""
    return 1.0 - exp(-rate_a_year / WEEKS_A_YEAR)


@rule
def chance_of_ending(mean_weeks):
    """Chance a week that a state lasting `mean_weeks` (>= 1) on average ends (the lengths are geometric)."""
    return 1.0 / max(mean_weeks, 1.0)


@rule
def fading(weeks):
    """What is left after one week of something that fades with this mean length: exp(-1/weeks)."""
    return exp(-1.0 / weeks)


@rule
def chance_to_keep_share(share, mean_weeks):
    """Chance a week of entering a state that lasts `mean_weeks`, so that `share` of those at risk are in it on average.

    Balance of entries and endings: share / mean = (1 - share) * chance.
    """
    return min(share / ((1.0 - share) * mean_weeks), 1.0)


@rule
def grown(rate_a_year, week):
    """What something that grows by this share a year has grown to by a week, as a ratio to week 0."""
    return exp(log(1.0 + rate_a_year) * week / WEEKS_A_YEAR)

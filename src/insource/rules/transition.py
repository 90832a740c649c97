"""What changes of hands cost, and how long care takes to settle."""

from insource.compiled import rule
from insource.units import MINUTES_AN_HOUR, WEEKS_A_YEAR


@rule
def set_up_pence(minutes, pence_an_hour, set_up_share):
    """One-off cost of setting up a service for so many minutes a week: a share of what they cost in a year."""
    return int(minutes * pence_an_hour / MINUTES_AN_HOUR * WEEKS_A_YEAR * set_up_share + 1.0 / 2.0)


@rule
def still_unsettled(unsettled_share, joined_share, settling_weeks):
    """Share of a service's care that has not settled: what was left of it fades, what joined is added; at most all."""
    faded = unsettled_share * (1.0 - 1.0 / max(settling_weeks, 1.0))
    return min(faded + joined_share, 1.0)


@rule
def quality_lost(unsettled_share, new_hands_effect):
    """By how much care is the worse while it settles (in the units of quality)."""
    return unsettled_share * new_hands_effect

"""Who stops drawing on home care, and why: death, a care home, or support that is no longer wanted or needed.

Competing risks at constant rates: the chance of leaving at all is 1 - exp(-sum of rates / 52), and the cause is shared
out in proportion to the rates.
"""

from insource.compiled import rule
from insource.rules.rates import chance_in_a_week


@rule
def by_age(age_band, younger, older):
    """The value for people of 18 to 64 (band 0) or for people of 65 and over (bands 1 upwards)."""
    return younger if age_band == 0 else older


@rule
def chance_to_leave(death_rate, care_home_rate, ends_rate):
    """Chance that somebody leaves in a week, from three rates a year."""
    return chance_in_a_week(death_rate + care_home_rate + ends_rate)


@rule
def reason_to_leave(u, death_rate, care_home_rate, ends_rate):
    """0 stays, 1 died, 2 moved to a care home, 3 support ended; one uniform number decides both whether and why."""
    total = death_rate + care_home_rate + ends_rate
    chance = chance_in_a_week(total)
    if u >= chance:
        return 0
    position = u / chance * total
    if position < death_rate:
        return 1
    if position < death_rate + care_home_rate:
        return 2
    return 2 + 1

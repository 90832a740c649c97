"""Where the hours of a social work team go (the time budget identity of caseload models)."""

from insource.compiled import rule
from insource.units import MINUTES_AN_HOUR, PER_THOUSAND, WEEKS_A_YEAR


@rule
def team_minutes(people, workers_per_1000, hours_a_year):
    """Minutes a week of a team of `workers_per_1000` for every 1,000 people, each working `hours_a_year`."""
    return people / PER_THOUSAND * workers_per_1000 * hours_a_year * MINUTES_AN_HOUR / WEEKS_A_YEAR


@rule
def casework_minutes(total, other_share, direct_floor_share):
    """What is left for cases once other duties and the least direct work have been taken off; never negative."""
    return max(total * (1.0 - other_share - direct_floor_share), 0.0)


@rule
def whole_cases(minutes, minutes_each):
    """How many whole cases fit into these minutes (a part of a minute short still fits)."""
    return int((minutes + 1.0) / minutes_each)


@rule
def time_spent(minutes, progress, minutes_each, seen, still_waiting):
    """Minutes spent this week and progress made on the case in hand: (spent, progress).

    `progress` is what had already been done on the next case. While anybody still waits, all the time is used, and what
    is too short for one more case is progress on it.
    """
    if still_waiting > 0:
        return minutes, max(minutes + progress - seen * minutes_each, 0.0)
    if seen == 0:
        return 0.0, progress
    return max(seen * minutes_each - progress, 0.0), 0.0

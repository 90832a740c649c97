"""Where the hours of a social work team go (the time budget identity of caseload models)."""

import math

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


@rule
def assessment_minutes(hours, costing_hours, costed_share, corrected_share):
    """Minutes of an assessment: more where every plan is costed, for those not corrected anyway."""
    return (hours + costing_hours * costed_share * (1.0 - corrected_share)) * MINUTES_AN_HOUR


@rule
def placement_minutes(hours, call_hours, calls):
    """Minutes to arrange one package: hours of its own, and so many for each service asked."""
    return (hours + call_hours * calls) * MINUTES_AN_HOUR


@rule
def direct_work_share(hours, fixed_hours, cases, hours_each):
    """Share of a year's hours left for direct work: (H - fixed - cases * hours of each) / H."""
    return (hours - fixed_hours - cases * hours_each) / hours


@rule
def cases_carried(hours, fixed_hours, direct_work, hours_each):
    """Cases one worker can carry if this share of the hours is to be left for direct work."""
    return (hours - fixed_hours - direct_work * hours) / hours_each


@rule
def disputes_a_week(orders, rate_a_year, stale_share, stale_effect):
    """Bills and orders disputed in a week: more of them, the more orders have not been reviewed within a year."""
    return orders * rate_a_year * (1.0 + stale_effect * stale_share) / WEEKS_A_YEAR


@rule
def review_utilisation(orders, hours_each, hours_a_week, dispute_hours, rate_a_year, stale_effect, stale_share):
    """Hours of reviews that fall due in a week over the hours there are for them once disputes have been dealt with.

    A review falls due a year after the last. Below 1 a backlog is worked off; from 1 on it grows, and as orders grow
    stale disputes take more of the hours (the loop of theory.md section 15, L4). Endless if disputes take them all.
    """
    disputes = disputes_a_week(orders, rate_a_year, stale_share, stale_effect) * dispute_hours
    due = orders * hours_each / WEEKS_A_YEAR
    return due / (hours_a_week - disputes) if hours_a_week > disputes else math.inf


@rule
def dispute_loop_gain(hours_each, dispute_hours, rate_a_year, stale_effect):
    """Hours of disputes that an order causes by going stale, over the hours of the review that it did not get.

    From 1 on putting off a review costs more time than it saves, and a backlog once begun feeds itself.
    """
    return rate_a_year * dispute_hours * stale_effect / hours_each


@rule
def settled_stale_share(orders, hours_each, hours_a_week, dispute_hours, rate_a_year, stale_effect):
    """Share of orders not reviewed within a year in the long run.

    The interval between reviews stretches until they fit: share = 1 - 1 / utilisation, which is linear in the share.
    Nothing is stale while utilisation at no backlog is below 1; everything is if the gain of the loop is 1 or more.
    """
    due = orders * hours_each / WEEKS_A_YEAR
    missing = due + disputes_a_week(orders, rate_a_year, 0.0, stale_effect) * dispute_hours - hours_a_week
    gain = dispute_loop_gain(hours_each, dispute_hours, rate_a_year, stale_effect)
    if missing <= 0.0:
        return 0.0
    return min(missing / (due * (1.0 - gain)), 1.0) if gain < 1.0 else 1.0

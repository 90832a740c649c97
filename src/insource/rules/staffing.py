"""How many posts a service wants, and what visit time a worker's contract gives."""

import math

from insource.compiled import rule
from insource.terms import CHOICES
from insource.units import MINUTES_AN_HOUR, WEEKS_A_YEAR

COUNCIL_HOLIDAY = CHOICES.holiday.council
OCCUPATIONAL = CHOICES.sick_pay.occupational


@rule
def available_minutes(contract_minutes, leave_ratio, training_hours):
    """Minutes a week a worker who is not off sick can be sent out, holiday and training taken off.

    `leave_ratio` is paid holiday for each minute worked (5.6 weeks a year = 0.1207).
    """
    training = training_hours * MINUTES_AN_HOUR / WEEKS_A_YEAR
    return max(contract_minutes / (1.0 + leave_ratio) - training, 0.0)


@rule
def visit_share(travel, idle, paid_gaps_share):
    """Share of time out spent with people: the rest is travel and, where whole shifts are paid, gaps in them."""
    return 1.0 / (1.0 + travel + idle * paid_gaps_share)


@rule
def posts_wanted(demand_minutes, cover, slack_share, visit_minutes_a_post, expected_filled_share):
    """Posts that cover the demand expected, given how many of them will be filled by somebody at work."""
    useful = visit_minutes_a_post * expected_filled_share
    if useful <= 0.0:
        return 0
    return math.ceil(demand_minutes * cover * (1.0 + slack_share) / useful)


@rule
def days_of_leave(holiday, statutory_days, council_days):
    """Paid holiday in days a year under the `holiday` term."""
    return council_days if holiday == COUNCIL_HOLIDAY else statutory_days


@rule
def leave_ratio(days, days_worked_a_year):
    """Paid holiday for each unit of time worked: days / (days a full-timer is paid for - days)."""
    return days / (days_worked_a_year - days)


@rule
def share_off_sick(sick_pay, statutory_days, occupational_days, working_days):
    """Share of working time off sick under the `sick_pay` term: days off over the days worked if never sick."""
    return (occupational_days if sick_pay == OCCUPATIONAL else statutory_days) / working_days

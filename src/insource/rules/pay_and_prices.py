"""What a service costs to run, line by line."""

from insource.compiled import rule
from insource.units import MINUTES_AN_HOUR


@rule
def employer_ni_share(pay_a_year, threshold, rate):
    """Employer's National Insurance as a share of pay, for somebody paid this much a year (pounds)."""
    return max(pay_a_year - threshold, 0.0) * rate / pay_a_year


@rule
def minimum_pension_share(pay_a_year, threshold, rate):
    """Employer's contribution under automatic enrolment (on earnings above a threshold) as a share of pay."""
    return max(pay_a_year - threshold, 0.0) * rate / pay_a_year


@rule
def pence_for(minutes, pence_an_hour):
    """Whole pence for this many minutes at a rate for an hour."""
    return int(minutes * pence_an_hour / MINUTES_AN_HOUR + 1.0 / 2.0)

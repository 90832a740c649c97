"""What a service costs to run, line by line."""

from insource.compiled import rule
from insource.units import MINUTES_AN_HOUR, WEEKS_A_YEAR


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


@rule
def years_after(week, first_week):
    """Whole years that have passed by a week since the first week; 0 before it."""
    return max(week - first_week, 0) // WEEKS_A_YEAR


@rule
def following_pay(pay, floor_ratio, follows_share):
    """Pay that follows a rise of the wage floor by this share of the rise."""
    return pay * (1.0 + follows_share * (floor_ratio - 1.0))


@rule
def mean_pay(offered, protected_pay, protected_share):
    """Mean pay of a service where a share of staff keeps better pay than is offered now."""
    return offered + protected_share * max(protected_pay - offered, 0.0)


@rule
def indexed_price(price, floor_ratio, indexation):
    """A price that passes on this share of a rise of the wage floor."""
    return price * (1.0 + indexation * (floor_ratio - 1.0))

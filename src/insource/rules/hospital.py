"""Care and the hospital: what unmet need adds to visits and admissions, and when that comes back as more need."""

from insource.compiled import rule
from insource.numeric import exp


@rule
def visits_for_pounds(visits_a_pound, pounds):
    """A&E visits that so many pounds of care not given bring."""
    return visits_a_pound * pounds


@rule
def admission_slope(offset_ratio, care_pounds_a_year, stay_pounds, admissions_a_year):
    """By what share admissions rise for somebody whose need goes wholly unmet.

    `offset_ratio` pounds of hospital for each pound of care not given, in admissions of `stay_pounds` each, over the
    usual number: (offset * care a year / cost of a stay) / admissions a year.
    """
    if admissions_a_year <= 0.0:
        return 0.0
    return offset_ratio * care_pounds_a_year / stay_pounds / admissions_a_year


@rule
def admission_ratio(slope, unmet_share, usual_unmet_share):
    """Admissions over the usual for somebody with this share of need unmet: 1 at the usual share, never below 0."""
    return max(1.0 + slope * (unmet_share - usual_unmet_share), 0.0)


@rule
def returning_share(slope, admissions_a_year, decline_share, decline_lift, recovery_weeks, weeks_a_year):
    """Minutes of later need for each minute unmet: more admissions, some with a decline that fades.

    One more admission for each `slope * rate` of need unmet; after `decline_share` of them need is exp(lift) - 1 above
    ordinary and fades over `recovery_weeks`.
    """
    admissions_a_week = slope * admissions_a_year / weeks_a_year
    return admissions_a_week * decline_share * (exp(decline_lift) - 1.0) * recovery_weeks


@rule
def demand_with_returns(needed, capacity, share_returning):
    """Need at rest when a share of what goes unmet comes back as need: (need - r capacity) / (1 - r) if it is short."""
    if needed <= capacity:
        return needed
    return (needed - share_returning * capacity) / (1.0 - share_returning)


@rule
def hospital_gain(share_returning, slack_share):
    """Loop L7: what returns over what slack cannot take up; it runs away above 1 (share returning > 1 - slack)."""
    return share_returning / (1.0 - slack_share)


@rule
def distance_to_hospital_spiral(share_returning, slack_share):
    """1 less the gain of the loop."""
    return 1.0 - hospital_gain(share_returning, slack_share)

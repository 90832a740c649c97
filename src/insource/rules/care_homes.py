"""Care homes: how long people stay, with two kinds of stay, and what a week costs the council."""

from insource.compiled import rule
from insource.numeric import exp


@rule
def mean_stay_weeks(short_share, short_weeks, long_weeks):
    """Mean stay where a share of people stay short and the others long, each kind of stay ending at a constant rate."""
    return short_share * short_weeks + (1.0 - short_share) * long_weeks


@rule
def still_there_share(weeks, short_share, short_weeks, long_weeks):
    """Share of those who moved in who are there after so many weeks."""
    return short_share * exp(-weeks / short_weeks) + (1.0 - short_share) * exp(-weeks / long_weeks)


@rule
def next_residents(residents, moved, mean_weeks):
    """Residents of one kind a week on: those who stay (a share 1 - 1 / mean) and those who move in."""
    return residents * (1.0 - 1.0 / mean_weeks) + moved


@rule
def council_pounds_a_week(price_pounds, council_funded_share, charge_share):
    """Mean cost to the council of a resident's week: some pay for themselves, the others are charged a part of it."""
    return price_pounds * council_funded_share * (1.0 - charge_share)

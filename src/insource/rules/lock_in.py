"""What is paid for and no longer needed: needs that end by chance under terms that do not (renewal-reward).

A need lasts a geometric number of weeks, ending with `chance` a week. The same arithmetic holds for whatever takes
time to undo: an order with a minimum term, a post whose holder must be redeployed, a building with a lease.
"""

from insource.compiled import rule
from insource.numeric import exp, log


@rule
def weeks_used(chance_share, term_weeks):
    """Weeks of a term in which the need still lasts, on average: (1 - (1 - chance)^T) / chance."""
    return (1.0 - exp(log(1.0 - chance_share) * term_weeks)) / chance_share


@rule
def term_waste_share(chance_share, term_weeks):
    """Share of a minimum term paid for after the need has ended: 1 - weeks used / T."""
    return 1.0 - weeks_used(chance_share, term_weeks) / term_weeks


@rule
def review_waste_weeks(chance_share, review_weeks, notice_weeks):
    """Weeks paid after the need ended where only a review every so many weeks can find out, and notice follows.

    Paid on average R / (1 - (1 - chance)^R) + L; needed 1 / chance.
    """
    found = 1.0 - exp(log(1.0 - chance_share) * review_weeks)
    return review_weeks / found + notice_weeks - 1.0 / chance_share


@rule
def review_waste_share(chance_share, review_weeks, notice_weeks):
    """The same as a share of all that is paid."""
    waste = review_waste_weeks(chance_share, review_weeks, notice_weeks)
    return waste / (waste + 1.0 / chance_share)


@rule
def notice_waste_share(chance_share, notice_weeks):
    """Share of all that is paid which notice makes up where the end of a need is known at once: L / (1/chance + L)."""
    return notice_weeks / (1.0 / chance_share + notice_weeks)


@rule
def space_let(let_minutes, wanted_minutes, weeks_left):
    """Room for so much work under a lease: more is taken at once, less only when the lease is up."""
    return wanted_minutes if weeks_left <= 0 or wanted_minutes > let_minutes else let_minutes

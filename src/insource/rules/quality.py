"""What staffing and terms do to quality, and what poor quality does.

Latent quality has no unit of its own, so it is tied to something observed: quality is minus the logarithm of the share
of visit minutes missed or cut short, relative to a service with usual staffing and terms.
"""

from insource.compiled import rule
from insource.numeric import exp


@rule
def quality_aimed_at(
    experienced_gap,
    experienced_effect,
    vacancy_gap,
    vacancy_effect,
    guaranteed_gap,
    guaranteed_effect,
    log_pay_ratio,
    pay_effect,
):
    """Quality a service moves towards: the sum of effects of what differs from usual; 0 for a usual service."""
    return (
        experienced_gap * experienced_effect
        - vacancy_gap * vacancy_effect
        + guaranteed_gap * guaranteed_effect
        + log_pay_ratio * pay_effect
    )


@rule
def quality_from_practice(
    staffing_gap, staffing_effect, training_gap, training_effect, continuity_gap, continuity_effect
):
    """What time for visits, training and knowing people add to the quality a service moves towards; 0 if all is usual.

    Gaps are from 1 (staffing meant, over what is planned), and from the usual (training as a share of it, continuity).
    """
    return staffing_gap * staffing_effect + training_gap * training_effect + continuity_gap * continuity_effect


@rule
def missed_share(usual_share, quality):
    """Share of visit minutes missed or cut short: the usual share at quality 0, less as quality rises; at most 1."""
    return min(usual_share * exp(-quality), 1.0)


@rule
def concern_rate(usual_rate, quality, quality_effect):
    """Safeguarding concerns about care, for each person in care and year."""
    return usual_rate * exp(-quality * quality_effect)

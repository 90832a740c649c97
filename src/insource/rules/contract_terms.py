"""What an order commits the council to pay for: notice, minimum terms, places held, and what may be changed when."""

from insource.compiled import rule
from insource.numeric import exp, normal_quantile


@rule
def run_on_weeks(order_weeks, minimum_term_weeks, notice_weeks):
    """Weeks that must still be paid when an order ends after `order_weeks`: notice, or what is left of the term."""
    return int(max(minimum_term_weeks - order_weeks, notice_weeks, 0.0))


@rule
def cover_for_peaks(short_to_spare_cost, spread):
    """By what factor an order is set above expected need, when a short hour counts for so many spare ones.

    The newsvendor rule (optimal quantile k/(1+k)) for a need whose logarithm is spread by `spread`; 1 at k = 1.
    Holds where hours bought for one person can be used for nobody else.
    """
    share = short_to_spare_cost / (1.0 + short_to_spare_cost)
    return exp(normal_quantile(share) * spread)


@rule
def is_worth_changing(present, wanted, threshold):
    """Whether an order is far enough from what is wanted (as a ratio) for it to be changed at a review."""
    smaller, larger = min(present, wanted), max(present, wanted)
    return larger > smaller * (1.0 + threshold)


@rule
def towards(present, wanted, lead_weeks):
    """An order on its way to what is wanted: each week it closes one part in `lead_weeks` of the gap left."""
    return present + (wanted - present) / max(lead_weeks, 1.0)


@rule
def retained_days(days_so_far, days_this_week, retainer_days):
    """Days of this week in hospital for which the order is still paid."""
    return max(min(retainer_days - days_so_far, days_this_week), 0.0)

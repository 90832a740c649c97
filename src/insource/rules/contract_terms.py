"""What an order commits the council to pay for: notice, minimum terms, places held, and what may be changed when."""

import math

from insource.compiled import rule
from insource.numeric import exp, log, normal_below, normal_density, normal_loss, normal_point, normal_quantile
from insource.terms import CHOICES

BY_SOCIAL_WORKER = CHOICES.order_changed_by.social_worker


@rule
def run_on_weeks(order_weeks, minimum_term_weeks, notice_weeks):
    """Weeks that must still be paid when an order ends after `order_weeks`: notice, or what is left of the term."""
    return int(max(minimum_term_weeks - order_weeks, notice_weeks, 0.0))


@rule
def cover_for_peaks(unmet_hour_ratio, spread, unforeseen):
    """By what factor an order is set above expected need because it cannot follow that need.

    The newsvendor's quantile, 1 - 1 / unmet_hour_ratio (an unmet hour counts for so many prices of an hour), of a need
    whose logarithm is spread by `spread`, of whose variance the share `unforeseen` lies beyond what is known when the
    order is made. 1, whatever an unmet hour counts for, where orders can be changed at once; 1 at a ratio of 2.
    Holds where hours bought for one person can be used for nobody else.
    """
    z = normal_quantile(1.0 - 1.0 / unmet_hour_ratio)
    return exp(z * spread * math.sqrt(unforeseen))


@rule
def weeks_an_order_stands(changed_by, change_weeks, lead_weeks, review_weeks):
    """Weeks for which whoever makes an order must take it to stand: until it may next be changed, and the lead time."""
    if changed_by == BY_SOCIAL_WORKER:
        return review_weeks + max(lead_weeks - 1.0, 0.0)
    return max(change_weeks - 1.0, 0.0) + max(lead_weeks - 1.0, 0.0)


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


@rule
def best_order(mean, spread, price, short_price):
    """Hours to order when an hour costs `price` and an hour short `short_price`: the newsvendor's quantile.

    mean + spread * Phi^-1(1 - price / short_price). With the price of a block for `price` and that of a spot hour for
    `short_price` it is the block to commit to.
    """
    return mean + spread * normal_point(1.0 - price / short_price)


@rule
def best_order_cost(mean, spread, price, short_price):
    """What that order and the hours short of it cost on average: price * mean + short_price * spread * phi(z)."""
    z = normal_point(1.0 - price / short_price)
    return price * mean + short_price * spread * normal_density(z)


@rule
def expected_short(order, mean, spread):
    """Hours by which a normal need exceeds an order on average: spread * L(z)."""
    return spread * normal_loss((order - mean) / spread)


@rule
def expected_spare(order, mean, spread):
    """Hours of an order that a normal need leaves unused on average."""
    return order - mean + expected_short(order, mean, spread)


@rule
def commissioned_cost(order, price):
    """What an order costs that is paid whether it is used or not."""
    return price * order


@rule
def actual_cost(order, mean, spread, price):
    """What it costs where only hours used are paid: price * (mean - spread * L(z))."""
    return price * (mean - expected_short(order, mean, spread))


@rule
def crisis_excess(threshold, spread):
    """How far above the mean needs are on average when only those beyond so many spreads are seen (Mills ratio)."""
    return spread * normal_density(threshold) / normal_below(-threshold)


@rule
def crisis_left(threshold, spread, persistence, weeks):
    """What is left of that excess so many weeks later, with nothing done: persistence^weeks of it.

    The rest is over-ordered by whoever ordered at the crisis, though nobody allowed for any eventuality.
    """
    return exp(log(persistence) * weeks) * crisis_excess(threshold, spread)


@rule
def unforeseen_share(persistence, weeks):
    """Share of a need's variance that an order standing for so many weeks cannot foresee when it is made.

    1 - mean of persistence^(2 t) over the weeks t = 0..T: nothing for an order that can be changed at once, nearly all
    for one that stands a year.
    """
    squared = persistence * persistence
    stands = max(weeks, 0.0) + 1.0
    if squared >= 1.0:
        return 0.0
    return max(1.0 - (1.0 - exp(log(squared) * stands)) / (stands * (1.0 - squared)), 0.0)

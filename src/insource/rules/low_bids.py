"""Why a bid may be too low to be kept to: little to lose, planned under-staffing, slick writing.

Limited liability: Spulber 1990; Zheng 2001; Calveras, Ganuza & Hauk 2004; Board 2007. Detection and penalty: Becker
1968. The version for costs spread evenly is derived from the zero-profit condition
E[max(bid - cost, -assets)] = 0.
"""

import math

from insource.compiled import rule
from insource.numeric import normal_below, normal_loss
from insource.rules.turnover import power


@rule
def limited_liability_undercut(half_range, assets):
    """How far below expected cost a bidder can bid who loses only `assets` when walking away.

    (sqrt(h) - sqrt(assets))^2 for costs spread evenly within +- h; nothing once assets cover the whole half-range.
    """
    gap = max(math.sqrt(half_range) - math.sqrt(assets), 0.0)
    return gap * gap


@rule
def default_chance(half_range, assets):
    """Chance that such a winner walks away: 1 - sqrt(assets / half_range)."""
    return max(1.0 - math.sqrt(assets / half_range), 0.0)


@rule
def beats_an_honest_bid(expected_cost, undercut, honest_cost):
    """Whether such a bid is below the break-even bid of an honest bidder with this cost."""
    return expected_cost - undercut < honest_cost


@rule
def walk_away_cost(expected_cost, sd, assets):
    """The cost above which a bidder with these assets walks away, for normal costs: sd L(-(x - cost) / sd) = assets.

    The loss rises with x, so the root is found by halving until nothing lies between the ends. The bid is this cost
    less the assets; with no assets there is no lowest bid.
    """
    if assets <= 0.0:
        return -math.inf
    high = expected_cost + assets + sd
    low = high - sd
    while sd * normal_loss((expected_cost - low) / sd) > assets:
        low -= high - low
    while True:
        middle = (low + high) / 2.0
        if middle <= low or middle >= high:
            return middle
        if sd * normal_loss((expected_cost - middle) / sd) > assets:
            high = middle
        else:
            low = middle


@rule
def bid_at_normal_cost(expected_cost, sd, assets):
    """Zero-profit bid of a bidder with these assets whose cost is normal."""
    return walk_away_cost(expected_cost, sd, assets) - assets


@rule
def default_chance_at_normal_cost(expected_cost, sd, assets):
    """Chance that this bidder walks away."""
    return normal_below((expected_cost - walk_away_cost(expected_cost, sd, assets)) / sd)


@rule
def gain_from_understaffing(saving, renegotiation_share, renegotiation_gain, detection_share, penalty):
    """What planned under-staffing brings for an hour; below nothing, honesty pays.

    saving + chance * gain of renegotiating - chance of detection * penalty.
    """
    return saving + renegotiation_share * renegotiation_gain - detection_share * penalty


@rule
def detection_that_deters(saving, renegotiation_share, renegotiation_gain, penalty):
    """The chance of detection from which honest bidding survives: (saving + chance * gain) / penalty."""
    return (saving + renegotiation_share * renegotiation_gain) / penalty


@rule
def dishonest_winner_chance(dishonest_share, bidders):
    """Chance that somebody dishonest wins when each undercuts every honest bid: 1 - (1 - share)^bidders."""
    return 1.0 - power(1.0 - dishonest_share, bidders)


@rule
def signal_reliability(quality_variance, slick_variance, noise_variance):
    """Correlation of marks with quality when slick writing adds variance of its own beside scoring noise."""
    return math.sqrt(quality_variance / (quality_variance + slick_variance + noise_variance))

"""One bidder's bid: what an hour costs, how much quality to promise, and how low it could go.

Costs are in pence for an hour with somebody. What an hour costs is pay times what goes with pay (travel, holiday,
training, on-costs: `employment_cost_ratio`) plus overhead.
"""

import math

from insource.compiled import rule
from insource.rules.bidding import quality_offered
from insource.rules.low_bids import gain_from_understaffing, limited_liability_undercut
from insource.terms import BIDDING, CHOICES

PRINCIPLED, LOW_BALLER, UNDER_STAFFER = BIDDING.principled, BIDDING.low_baller, BIDDING.under_staffer
SLICK_WRITER = BIDDING.slick_writer
REAL_LIVING_WAGE, COUNCIL_SCALE = CHOICES.wage_floor.real_living_wage, CHOICES.wage_floor.council


@rule
def cost_an_hour(pay, employment_cost_ratio, overhead):
    """Cost of an hour with somebody: pay with all that goes with it, and overhead."""
    return pay * employment_cost_ratio + overhead


@rule
def least_pay(wage_floor, statutory_pay, real_living_wage, council_pay):
    """The least pay for an hour under the `wage_floor` term; the law's minimum holds in any case."""
    if wage_floor == REAL_LIVING_WAGE:
        return max(real_living_wage, statutory_pay)
    return max(council_pay, statutory_pay) if wage_floor == COUNCIL_SCALE else statutory_pay


@rule
def quality_promised(point_value, cost_slope, room, most):
    """Marks promised through better pay: what a mark is worth over its slope, as far as price leaves room for it."""
    return min(quality_offered(point_value, cost_slope), math.sqrt(2.0 * max(room, 0.0) / cost_slope), most)


@rule
def keeps_promises(bidding_type, is_open_book):
    """Whether extra pay promised in a bid is paid: not by those who only write well or plan to under-staff.

    Open books hold everybody to it.
    """
    return (bidding_type != SLICK_WRITER and bidding_type != UNDER_STAFFER) or is_open_book == 1.0


@rule
def gain_from_cutting(saving, granted_share, recovered_share, detection_share, penalty_ratio):
    """What planning to under-staff brings for an hour, gain and penalty being multiples of what is saved."""
    return gain_from_understaffing(
        saving, granted_share, recovered_share * saving, detection_share, penalty_ratio * saving
    )


@rule
def lowest_bid(bidding_type, cost, should_cost, cost_range, assets, gain):
    """The lowest price at which a bidder would still take the work.

    Its cost; for the principled never less than the should-cost; for one with little to lose, less by what limited
    liability lets it; for one who plans to under-staff, less by the gain, if there is one.
    """
    if bidding_type == PRINCIPLED:
        return max(cost, should_cost)
    if bidding_type == LOW_BALLER:
        return cost - limited_liability_undercut(cost_range, assets)
    return cost - max(gain, 0.0) if bidding_type == UNDER_STAFFER else cost


@rule
def rank_of(price, lowest, width):
    """Where a price lies between the lowest cost there is (0) and the highest (1); 0 where all costs are equal."""
    return min(max((price - lowest) / width, 0.0), 1.0) if width > 0.0 else 0.0


@rule
def bidding_type_of(u, low_baller_share, under_staffer_share, slick_writer_share, principled_share):
    """Which type a bidder is, from an even number and the shares of types; the rest are honest and just efficient."""
    if u < low_baller_share:
        return LOW_BALLER
    if u < low_baller_share + under_staffer_share:
        return UNDER_STAFFER
    dishonest = low_baller_share + under_staffer_share + slick_writer_share
    if u < dishonest:
        return SLICK_WRITER
    return PRINCIPLED if u < dishonest + (1.0 - dishonest) * principled_share else BIDDING.efficient

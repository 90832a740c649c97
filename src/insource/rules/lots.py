"""All bids for one lot, from what was drawn about each bidder and what holds for the lot.

`Costs`, `Marks` and `Temptations` hold for all bidders of a lot; `Bids` has a row for each of them: first what was
drawn, then what follows from it.
Money is in pence for an hour with somebody.
"""

from collections import namedtuple
from typing import Any

import numpy as np

from insource.compiled import compiled, inlined
from insource.rules.bidding import careful_bid, cost_of_quality, rank_bid
from insource.rules.bids import cost_an_hour, keeps_promises, lowest_bid, quality_promised, rank_of
from insource.terms import BIDDING, KIND
from insource.units import FULL_MARKS

SLICK_WRITER, UNDER_STAFFER, PRINCIPLED = BIDDING.slick_writer, BIDDING.under_staffer, BIDDING.principled
NON_PROFIT = KIND.non_profit

Costs: Any = namedtuple(
    "Costs",
    [
        "places",
        "pay",
        "least_pay_ratio",
        "employment_ratio",
        "overhead",
        "should_cost",
        "ceiling",
        "half_width",
        "from_pay_share",
        "common_half_width",
        "common_shift",
        "entering_rank",
    ],
)
"""What an hour costs the usual bidder of a lot, and how costs differ: half the distance from the lowest to the highest,
what of it is pay, and what nobody knows about costs common to all (`common_shift` is how they turn out)."""

Marks: Any = namedtuple("Marks", ["point_value", "cost_slope", "usual", "spread", "slick", "is_open_book"])
"""What a mark of quality is worth in the price and costs to earn, and how marks differ besides."""

Temptations: Any = namedtuple(
    "Temptations", ["cost_uncertainty", "low_assets", "cutting_gain", "cut_share", "non_profit_markup_share"]
)
"""What the dishonest can gain for an hour, and how much of the usual mark-up a non-profit bidder asks."""

Bids: Any = namedtuple(
    "Bids",
    [
        "kind",
        "bidding_type",
        "rank",
        "is_careful",
        "error",
        "noise",
        "ticket",
        "is_holding",
        "is_in",
        "lowest",
        "price",
        "marks",
        "pay_ratio",
        "staffing_ratio",
        "overhead",
    ],
)
"""Drawn for each bidder: kind to `ticket`, and whether it holds the work. Worked out: the rest. `is_in`: made a bid."""


@compiled
def no_bids(bidders):
    """Columns for so many bidders."""
    return Bids(
        np.zeros(bidders, np.int64),
        np.zeros(bidders, np.int64),
        np.zeros(bidders),
        np.zeros(bidders),
        np.zeros(bidders),
        np.zeros(bidders),
        np.zeros(bidders),
        np.zeros(bidders),
        np.zeros(bidders, np.int8),
        np.zeros(bidders),
        np.zeros(bidders),
        np.zeros(bidders),
        np.ones(bidders),
        np.ones(bidders),
        np.zeros(bidders),
    )


@compiled
def make_bids(bids, costs, writing, temptations):
    """Work out every bidder's cost, promise, lowest price, bid and marks; says how many stayed out."""
    bidders, width = bids.rank.shape[0], 2.0 * costs.half_width
    stayed_out = 0
    for k in range(bidders):
        own = costs.half_width * (2.0 * bids.rank[k] - 1.0)
        by_pay = own * costs.from_pay_share / (costs.pay * costs.employment_ratio)
        bids.pay_ratio[k] = max(max(costs.least_pay_ratio, 1.0) + by_pay, costs.least_pay_ratio)
        overhead = costs.overhead + own * (1.0 - costs.from_pay_share) + costs.common_shift
        bids.overhead[k] = max(overhead, 0.0)
        cost = cost_an_hour(costs.pay * bids.pay_ratio[k], costs.employment_ratio, bids.overhead[k])
        cost += costs.common_half_width * bids.error[k]
        if bids.is_careful[k] == 1.0:
            cost = careful_bid(cost, costs.common_half_width)

        most = max(FULL_MARKS - writing.usual, 0.0)
        promised = quality_promised(writing.point_value, writing.cost_slope, costs.ceiling - cost, most)
        premium = cost_of_quality(promised, writing.cost_slope)
        if keeps_promises(bids.bidding_type[k], writing.is_open_book):
            bids.pay_ratio[k] += premium / (costs.pay * costs.employment_ratio)
            cost += premium
        is_slick = bids.bidding_type[k] == SLICK_WRITER
        marks = writing.usual + promised + writing.spread * bids.noise[k] + writing.slick * is_slick
        bids.marks[k] = min(max(marks, 1.0), FULL_MARKS)

        bids.staffing_ratio[k] = staffing_planned(bids.bidding_type[k], temptations.cutting_gain, temptations.cut_share)
        bids.lowest[k] = lowest_bid(
            bids.bidding_type[k],
            cost,
            costs.should_cost,
            temptations.cost_uncertainty,
            temptations.low_assets,
            temptations.cutting_gain,
        )
        rank = rank_of(bids.lowest[k] - premium, costs.should_cost - costs.half_width, width)
        share = temptations.non_profit_markup_share if bids.kind[k] == NON_PROFIT else 1.0
        markup = (rank_bid(rank, bidders, costs.places) - rank) * width * share
        bids.price[k] = min(bids.lowest[k] + markup, costs.ceiling)
        bids.is_in[k] = (rank <= costs.entering_rank) & (bids.lowest[k] <= costs.ceiling)
        stayed_out += bids.is_in[k] == 0
    return stayed_out


@inlined
def staffing_planned(bidding_type, cutting_gain, cut_share):
    """The staffing a bidder plans: less than all only where that pays and the bidder is of that type."""
    cuts = bidding_type == UNDER_STAFFER and cutting_gain > 0.0
    return 1.0 - cut_share if cuts else 1.0


@compiled
def refuse_low_marks(bids, quality_floor):
    """Take bids below the quality floor out; says how many."""
    refused = 0
    for k in range(bids.marks.shape[0]):
        if bids.is_in[k] == 1 and bids.marks[k] < quality_floor:
            bids.is_in[k] = 0
            refused += 1
    return refused


@compiled
def join_at_fee(bids, fee, costs, writing, temptations, winners):
    """At an open fee the usual service is willing; the principled stay out where the fee is below should-cost.

    One candidate after another is asked for each place; says how many places were filled.
    """
    bidders, places, count = bids.rank.shape[0], winners.shape[0], 0
    for place in range(places):
        for k in range(place, bidders, places):
            if bids.bidding_type[k] == PRINCIPLED and fee < costs.should_cost:
                continue
            bids.staffing_ratio[k] = staffing_planned(
                bids.bidding_type[k], temptations.cutting_gain, temptations.cut_share
            )
            bids.pay_ratio[k] = max(costs.least_pay_ratio, 1.0)
            bids.overhead[k] = costs.overhead
            bids.price[k], bids.marks[k] = fee, writing.usual
            winners[count] = k
            count += 1
            break
    return count

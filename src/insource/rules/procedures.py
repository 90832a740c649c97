"""Who wins under each procedure, and at what price. Ties are settled by the bidders' tickets, which are drawn.

Each takes the bids of one lot and fills `winners` with the rows of those who win, best first. They are
told how many are wanted (several on a framework) and say how many there were.
"""

import numpy as np

from insource.compiled import compiled
from insource.rules.award import bid_scores
from insource.terms import CHOICES

REVERSE_AUCTION, LOTTERY = CHOICES.procedure.falling_price, CHOICES.procedure.lottery_above_floor
DIRECT_AWARD = CHOICES.procedure.direct_award


@compiled
def take_best(bid_values, tickets, wanted, winners):
    """Put the rows of the highest values into `winners` and set these values to minus infinity; how many there were."""
    count = 0
    for _ in range(wanted):
        best = -1
        for k in range(bid_values.shape[0]):
            if bid_values[k] == -np.inf:
                continue
            is_better = best < 0 or bid_values[k] > bid_values[best]
            if is_better or (bid_values[k] == bid_values[best] and tickets[k] < tickets[best]):
                best = k
        if best < 0:
            break
        winners[count] = best
        bid_values[best] = -np.inf
        count += 1
    return count


@compiled
def sealed_bids(prices, marks, is_in, tickets, wanted, formula, price_weight, point_value, winners):
    """The best scores win, each at its own price."""
    scores = bid_scores(prices, marks, is_in, formula, price_weight, point_value)
    return take_best(scores, tickets, wanted, winners)


@compiled
def descending_auction(lowest_prices, is_in, tickets, wanted, start_price, winners):
    """The price falls until only as many are left as are wanted; all are paid where the last rival dropped out.

    Says how many win, and the price: the start price if there was no rival to drop out.
    """
    values = np.full(lowest_prices.shape[0], -np.inf)
    for k in range(values.shape[0]):
        if is_in[k] == 1 and lowest_prices[k] <= start_price:
            values[k] = -lowest_prices[k]
    count = take_best(values, tickets, wanted, winners)
    price = start_price
    for k in range(values.shape[0]):
        if values[k] > -np.inf:
            price = min(price, -values[k])
    return count, price


@compiled
def lottery_above_floor(lowest_prices, is_in, tickets, wanted, floor_price, start_price, winners):
    """A descending auction that stops at a floor; lots are drawn among those who are still in there."""
    values = np.full(lowest_prices.shape[0], -np.inf)
    still_in = 0
    for k in range(values.shape[0]):
        if is_in[k] == 1 and lowest_prices[k] <= floor_price:
            values[k] = -tickets[k]
            still_in += 1
    if still_in > wanted:
        return take_best(values, tickets, wanted, winners), floor_price
    count, price = descending_auction(lowest_prices, is_in, tickets, wanted, start_price, winners)
    return count, max(price, floor_price)


@compiled
def direct_award(is_in, is_holding, tickets, wanted, winners):
    """Those who hold the work keep it; others are chosen by lot among those who would take it."""
    values = np.full(tickets.shape[0], -np.inf)
    for k in range(values.shape[0]):
        if is_in[k] == 1:
            values[k] = is_holding[k] - tickets[k]
    return take_best(values, tickets, wanted, winners)


@compiled
def award(procedure, bids, formula, price_weight, point_value, floor_price, start_price, margin_share, winners):
    """Choose winners under the `procedure` term and set what each is paid; how many there are."""
    places = winners.shape[0]
    if procedure in (REVERSE_AUCTION, LOTTERY):
        if procedure == LOTTERY:
            count, price = lottery_above_floor(
                bids.lowest, bids.is_in, bids.ticket, places, floor_price, start_price, winners
            )
        else:
            count, price = descending_auction(bids.lowest, bids.is_in, bids.ticket, places, start_price, winners)
        bids.price[:] = price
        return count
    if procedure == DIRECT_AWARD:
        for k in range(bids.price.shape[0]):
            bids.price[k] = min(bids.lowest[k] * (1.0 + margin_share), start_price)
        return direct_award(bids.is_in, bids.is_holding, bids.ticket, places, winners)
    return sealed_bids(
        bids.price, bids.marks, bids.is_in, bids.ticket, places, formula, price_weight, point_value, winners
    )


@compiled
def seats(winners, count, holders):
    """Which winner gets which place: whoever held a place and wins keeps it; -1 where a place is left over."""
    seated = np.full(holders.shape[0], -1)
    is_waiting = np.ones(winners.shape[0], np.int8)
    for w in range(count):
        for place in range(holders.shape[0]):
            if seated[place] < 0 and holders[place] == winners[w]:
                seated[place] = winners[w]
                is_waiting[w] = 0
                break
    for w in range(count):
        for place in range(holders.shape[0]):
            if is_waiting[w] == 1 and seated[place] < 0:
                seated[place] = winners[w]
                is_waiting[w] = 0
    return seated

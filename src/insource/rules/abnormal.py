"""Is a bid abnormally low? Tests against the mean, the trimmed mean and a should-cost, and how often each errs.

Bids of honest rivals are taken as normal with mean `mean` and standard deviation `sd`; a test flags a bid that lies
`margin_share` (0.1: a tenth) or more below its reference. A mean moves with the low bids themselves and with a silly
high one; a should-cost does not. (Conti & Naldi 2009; Albano, Bianchi & Spagnolo 2006. The Procurement Act 2023,
section 19, lets a council disregard such a bid once the bidder has had a chance to explain it.)
"""

import math

import numpy as np

from insource.compiled import compiled, rule
from insource.numeric import normal_below
from insource.terms import CHOICES

NO_TEST = CHOICES.abnormal_test.none
MEAN = CHOICES.abnormal_test.mean
TRIMMED_MEAN = CHOICES.abnormal_test.trimmed_mean
FEWEST_TO_TRIM = 1 + 2
"""Bids without which there is nothing left when the lowest and the highest are dropped."""


@rule
def low_bid_threshold(reference, margin_share):
    """The price below which a bid is flagged."""
    return reference * (1.0 - margin_share)


@rule
def detection_chance(mean, sd, margin_share, honest_bidders, low_bidders, low_bid):
    """Chance that a test against the mean flags `low_bidders` equal low bids beside so many honest ones."""
    bidders = honest_bidders + low_bidders
    distance = honest_bidders * mean - low_bid * (bidders / (1.0 - margin_share) - low_bidders)
    return normal_below(distance / (math.sqrt(honest_bidders) * sd))


@rule
def false_alarm_chance(mean, sd, margin_share, rivals):
    """Chance that a test against the mean flags one honest bidder who has so many honest rivals."""
    q = (1.0 - margin_share) / (rivals + 1.0)
    return normal_below(-mean * margin_share / (sd * math.sqrt((1.0 - q) * (1.0 - q) + q * q * rivals)))


@rule
def false_alarm_chance_beside(outlier, mean, sd, margin_share, honest_rivals):
    """The same where there is one rival more, whose bid at `outlier` is not meant to win."""
    q = (1.0 - margin_share) / (honest_rivals + 2.0)
    distance = q * outlier - (1.0 - q) * mean + q * honest_rivals * mean
    return normal_below(distance / (sd * math.sqrt((1.0 - q) * (1.0 - q) + q * q * honest_rivals)))


@rule
def flagged_below(mean, margin_share, rivals):
    """The bid below which a test against the mean flags one bidder whose rivals all bid `mean`."""
    return (1.0 - margin_share) * rivals * mean / (rivals + margin_share)


@compiled
def reference_price(prices, is_in, test, should_cost):
    """What bids are compared with under the `abnormal_test` term: mean, mean without both ends, or should-cost."""
    total, count, lowest, highest = 0.0, 0, np.inf, 0.0
    for k in range(prices.shape[0]):
        if is_in[k] == 1:
            total += prices[k]
            count += 1
            lowest = min(lowest, prices[k])
            highest = max(highest, prices[k])
    if test == TRIMMED_MEAN and count >= FEWEST_TO_TRIM:
        return (total - lowest - highest) / (count - 2)
    if test in (MEAN, TRIMMED_MEAN) and count > 0:
        return total / count
    return should_cost


@compiled
def drop_abnormal(prices, is_in, test, margin_share, should_cost):
    """Take bids that the test flags out of `is_in`, and say how many."""
    if test == NO_TEST:
        return 0
    threshold = low_bid_threshold(reference_price(prices, is_in, test, should_cost), margin_share)
    dropped = 0
    for k in range(prices.shape[0]):
        if is_in[k] == 1 and prices[k] < threshold:
            is_in[k] = 0
            dropped += 1
    return dropped

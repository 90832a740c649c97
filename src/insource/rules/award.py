"""How bids are scored and who wins: five formulas, what each pays for quality, and when a losing bid decides.

Prices are in pounds (or pence) for an hour, quality in marks out of 100, the weight of price is a share. The first
three formulas turn a price into marks by comparing it with other bids, so that a bid that cannot win may decide who
does. The last two look at one bid at a time. (Stilger, Siderius & van Raaij 2017, J Public Procurement 17:88;
Bergman & Lundberg on pricing quality in money.)
"""

import numpy as np

from insource.compiled import compiled, rule
from insource.terms import CHOICES
from insource.units import FULL_MARKS

AGAINST_LOWEST = CHOICES.award_formula.against_lowest
WITHIN_RANGE = CHOICES.award_formula.within_range
AGAINST_MEAN = CHOICES.award_formula.against_mean
PRICE_A_POINT = CHOICES.award_formula.price_a_point


@rule
def score_against_lowest(price, quality, price_weight, lowest):
    """Marks: 100 * weight * lowest / price + (1 - weight) * quality. The commonest British formula."""
    return FULL_MARKS * price_weight * lowest / price + (1.0 - price_weight) * quality


@rule
def score_within_range(price, quality, price_weight, lowest, highest):
    """Marks: 100 * weight * (highest - price) / (highest - lowest) + (1 - weight) * quality."""
    spread = highest - lowest
    price_share = (highest - price) / spread if spread > 0.0 else 1.0
    return FULL_MARKS * price_weight * price_share + (1.0 - price_weight) * quality


@rule
def score_against_mean(price, quality, price_weight, mean):
    """Marks: weight * (50 + 100 * (mean - price) / mean) + (1 - weight) * quality."""
    price_marks = FULL_MARKS / 2.0 + FULL_MARKS * (mean - price) / mean
    return price_weight * price_marks + (1.0 - price_weight) * quality


@rule
def price_for_a_point(price, quality):
    """Price for each mark of quality; the lowest wins. Very cheap bids buy out quality."""
    return price / quality


@rule
def price_less_quality(price, quality, point_value):
    """Price less what the quality offered is worth at a stated value of a mark; the lowest wins.

    With whole-life cost for price it is the same rule.
    """
    return price - point_value * quality


@rule
def bid_score(formula, price, quality, price_weight, lowest, highest, mean, point_value):
    """The score of one bid under the `award_formula` term, so that the highest wins under every formula."""
    if formula == AGAINST_LOWEST:
        return score_against_lowest(price, quality, price_weight, lowest)
    if formula == WITHIN_RANGE:
        return score_within_range(price, quality, price_weight, lowest, highest)
    if formula == AGAINST_MEAN:
        return score_against_mean(price, quality, price_weight, mean)
    if formula == PRICE_A_POINT:
        return -price_for_a_point(price, quality)
    return -price_less_quality(price, quality, point_value)


@rule
def implied_point_value(formula, price, quality, price_weight, lowest, highest, mean, point_value):
    """What a formula pays for one more mark of quality at this bid, in the unit of the price.

    The rise in price that one mark more makes up for: the ratio of the score's two derivatives. Under the first three
    formulas it depends on rivals' bids; with no weight on price it has no limit and the price itself is returned.
    """
    if formula == PRICE_A_POINT:
        return price_for_a_point(price, quality)
    if formula not in (AGAINST_LOWEST, WITHIN_RANGE, AGAINST_MEAN):
        return point_value
    if price_weight <= 0.0:
        return price
    ratio = (1.0 - price_weight) / (price_weight * FULL_MARKS)
    if formula == AGAINST_LOWEST:
        return ratio * price * price / lowest
    return ratio * (highest - lowest) if formula == WITHIN_RANGE else ratio * mean


@rule
def flip_lowest(price_a, quality_a, price_b, quality_b, price_weight):
    """The lowest price of anybody at which two bids score alike when prices are scored against the lowest.

    (1 - w) (Q_b - Q_a) / (100 w (1 / P_a - 1 / P_b)): a losing bid that crosses it changes the winner.
    """
    worth = (1.0 - price_weight) * (quality_b - quality_a)
    return worth / (FULL_MARKS * price_weight * (1.0 / price_a - 1.0 / price_b))


@rule
def flip_mean(price_a, quality_a, price_b, quality_b, price_weight):
    """The mean price of all bids at which two bids score alike when prices are scored against the mean."""
    return FULL_MARKS * price_weight * (price_b - price_a) / ((1.0 - price_weight) * (quality_b - quality_a))


@compiled
def bid_scores(prices, qualities, is_in, formula, price_weight, point_value):
    """Scores of those bids for which `is_in` is 1 (others: minus infinity); the highest wins."""
    lowest, highest, total, count = np.inf, 0.0, 0.0, 0
    for k in range(prices.shape[0]):
        if is_in[k] == 1:
            lowest = min(lowest, prices[k])
            highest = max(highest, prices[k])
            total += prices[k]
            count += 1
    scores = np.full(prices.shape[0], -np.inf)
    for k in range(prices.shape[0]):
        if is_in[k] == 1:
            scores[k] = bid_score(
                formula, prices[k], qualities[k], price_weight, lowest, highest, total / count, point_value
            )
    return scores


@compiled
def winning_bid(prices, qualities, is_in, formula, price_weight, point_value):
    """Row of the winning bid (the first of those that score alike); -1 if there is none."""
    scores = bid_scores(prices, qualities, is_in, formula, price_weight, point_value)
    best = int(np.argmax(scores))
    return best if scores[best] > -np.inf else -1


@compiled
def deciding_losers(prices, qualities, formula, price_weight, point_value):
    """For each losing bid 1 if, had it not been made, another of the remaining bids would have won."""
    is_in = np.ones(prices.shape[0], np.int8)
    winner = winning_bid(prices, qualities, is_in, formula, price_weight, point_value)
    decides = np.zeros(prices.shape[0], np.int8)
    for k in range(prices.shape[0]):
        if k == winner:
            continue
        is_in[k] = 0
        decides[k] = winning_bid(prices, qualities, is_in, formula, price_weight, point_value) != winner
        is_in[k] = 1
    return decides


@compiled
def effective_price_weight(prices, qualities, price_weight):
    """How much price really counts: its share in the spread of scores, when prices are scored against the lowest.

    Quality marks bunch, so that the effective weight is above the nominal one.
    """
    by_price = np.std(FULL_MARKS * price_weight * prices.min() / prices)
    by_quality = np.std((1.0 - price_weight) * qualities)
    return by_price / (by_price + by_quality) if by_price + by_quality > 0.0 else price_weight

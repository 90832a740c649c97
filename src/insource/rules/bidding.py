"""What honest bidders bid, who enters, and what the council ends up paying (costs spread evenly between two ends).

Vickrey 1961; Krishna, "Auction Theory" (private values, revenue equivalence); Kagel & Levin 1986 (the winner's curse);
Che 1993 (scoring auctions); Samuelson 1985 (entry); Manelli & Vincent 1995 and Lopomo, Persico & Villa 2023 (cheap is
bad: lotteries above a floor).
"""

from insource.compiled import rule
from insource.rules.turnover import power


@rule
def first_price_bid(cost, highest_cost, bidders):
    """Sealed bid of somebody who knows their own cost: cost + (highest - cost) / bidders."""
    return cost + (highest_cost - cost) / bidders


@rule
def expected_price(lowest_cost, highest_cost, bidders):
    """Expected price under sealed bids and in an open descending auction alike (revenue equivalence)."""
    return lowest_cost + 2.0 * (highest_cost - lowest_cost) / (bidders + 1.0)


@rule
def expected_winner_profit(lowest_cost, highest_cost, bidders):
    """What the winner expects to earn above cost."""
    return (highest_cost - lowest_cost) / (bidders + 1.0)


@rule
def sealed_price_variance(lowest_cost, highest_cost, bidders):
    """Variance of the price under sealed bids."""
    keeps, spread = (bidders - 1.0) / bidders, highest_cost - lowest_cost
    return keeps * keeps * spread * spread * bidders / ((bidders + 1.0) * (bidders + 1.0) * (bidders + 2.0))


@rule
def open_price_variance(lowest_cost, highest_cost, bidders):
    """Variance of the price in an open descending auction: the same mean, more noise."""
    spread = highest_cost - lowest_cost
    return spread * spread * 2.0 * (bidders - 1.0) / ((bidders + 1.0) * (bidders + 1.0) * (bidders + 2.0))


@rule
def chance_at_most(most, trials, share):
    """Chance of at most `most` successes in `trials` trials that each succeed with chance `share`."""
    left = min(max(1.0 - share, 0.0), 1.0)
    trials = int(trials)
    if most >= trials:
        return 1.0
    total = 0.0
    for successes in range(int(most) + 1):
        term = 1.0
        for _ in range(trials - successes):
            term *= left
        for k in range(successes):
            term *= share * (trials - k) / (k + 1.0)
        total += term
    return total


@rule
def rank_bid(rank_share, bidders, prizes):
    """Equilibrium bid when the lowest `prizes` of `bidders` bids win and each is paid what it bid.

    Costs spread evenly from 0 to 1 and bids on that scale; `rank_share` is the bidder's cost. The bid is the expected
    cost of the last rival who is beaten, given a win: u + sum_{j<m} P(Bin(n, u) <= j) / (n P(Bin(n - 1, u) <= m - 1)).
    With one prize it is `first_price_bid`; with a prize for everybody all bid the highest cost.
    """
    if prizes >= bidders:
        return 1.0
    above = 0.0
    for j in range(int(prizes)):
        above += chance_at_most(j, bidders, rank_share)
    wins = chance_at_most(prizes - 1.0, bidders - 1.0, rank_share)
    return rank_share + above / (bidders * wins) if wins > 0.0 else 1.0


@rule
def loss_of_naive_winner(half_range, bidders):
    """What the winner loses on average if all bid their own estimate of a common cost (signals +- half_range)."""
    return half_range * (bidders - 1.0) / (bidders + 1.0)


@rule
def careful_bid(estimate, half_range):
    """Equilibrium bid on a common cost (diffuse prior): the estimate plus half the range of estimates."""
    return estimate + half_range


@rule
def profit_of_careful_winner(half_range, bidders):
    """What the winner then earns on average."""
    return 2.0 * half_range / (bidders + 1.0)


@rule
def quality_offered(point_value, cost_slope):
    """Quality a bidder offers where a mark is worth `point_value` and quality q costs cost_slope q^2 / 2.

    Whatever the competition (Che 1993): competition decides the price only.
    """
    return point_value / cost_slope


@rule
def cost_of_quality(quality, cost_slope):
    """What offering this quality costs: cost_slope * quality^2 / 2."""
    return cost_slope * quality * quality / 2.0


@rule
def most_score(point_value, cost_slope):
    """The highest score a bidder could offer without a loss: point_value^2 / (2 cost_slope)."""
    return point_value * point_value / (2.0 * cost_slope)


@rule
def score_bid(own_most, bidders):
    """Score offered in equilibrium when the highest scores possible are spread evenly from 0: own (n - 1) / n."""
    return own_most * (bidders - 1.0) / bidders


@rule
def expected_winning_score(highest_most, bidders):
    """Expected score of the winner when the highest scores possible are spread evenly from 0 to `highest_most`."""
    return highest_most * (bidders - 1.0) / (bidders + 1.0)


@rule
def price_of_score(point_value, quality, score):
    """The price that gives this score at this quality: value of the quality less the score."""
    return point_value * quality - score


@rule
def lowest_cost_of(bidders):
    """Expected cost of the cheapest of so many bidders, costs spread evenly from 0 to 1; quality falls with it."""
    return 1.0 / (bidders + 1.0)


@rule
def cost_with_lottery(floor_share, bidders):
    """Expected cost of the winner of a descending auction that stops at a floor and draws lots among those still in.

    Costs spread evenly from 0 to 1; the expected price is twice this.
    """
    nobody = power(1.0 - floor_share, bidders)
    by_price = floor_share + (1.0 - floor_share) / (bidders + 1.0)
    return (1.0 - nobody) * floor_share / 2.0 + nobody * by_price


@rule
def highest_entering_cost(bid_cost_share, bidders):
    """The highest cost at which bidding is worth what it costs: 1 - bid_cost^(1 / n), on a scale from 0 to 1."""
    return 1.0 - power(bid_cost_share, 1.0 / bidders)


@rule
def expected_entrants(bid_cost_share, bidders):
    """How many of those who could bid do."""
    return bidders * highest_entering_cost(bid_cost_share, bidders)


@rule
def highest_entering_rank(bid_cost_share, bidders, prizes):
    """The same where the lowest `prizes` bids win: (1 - c) P(Bin(n - 1, c) <= prizes - 1) = bid cost, by halving."""
    low, high = 0.0, 1.0
    while True:
        middle = (low + high) / 2.0
        if middle <= low or middle >= high:
            return high if bid_cost_share <= 0.0 else low
        if (1.0 - middle) * chance_at_most(prizes - 1.0, bidders - 1.0, middle) > bid_cost_share:
            low = middle
        else:
            high = middle

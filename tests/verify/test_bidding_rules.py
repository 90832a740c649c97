"""Honest bidding (theory 10): private and common costs, scoring auctions, cheap is bad, entry: closed forms, play."""

import numpy as np
import pytest
from alone import near, near_mean, near_variance, share_error

from insource.rules import bidding

pytestmark = pytest.mark.closed_form

EXACT = 1e-9
PLAYS = 200_000
LOW, HIGH = 15.0, 25.0


def _rng(seed):
    return np.random.default_rng(seed)


def test_proc_1_sealed_bids():
    """PROC-1: five bidders with costs from 15 to 25: price 18.333, profit 1.667, a cost of 18 bids 19.4."""
    assert bidding.first_price_bid(18.0, HIGH, 5) == pytest.approx(19.4, abs=EXACT)
    for bidders, price in ((5, 55 / 3), (2, 65 / 3), (10, 15 + 20 / 11)):
        assert bidding.expected_price(LOW, HIGH, bidders) == pytest.approx(price, abs=EXACT)
    assert bidding.expected_winner_profit(LOW, HIGH, 5) == pytest.approx(5 / 3, abs=EXACT)
    costs = _rng(1).uniform(LOW, HIGH, (PLAYS, 5))
    lowest = costs.min(axis=1)
    price = bidding.first_price_bid(lowest, HIGH, 5)
    near_mean(price, 55 / 3, "price")
    near_mean(price - lowest, 5 / 3, "profit")


def test_proc_1_nobody_gains_by_another_bid():
    """Against four who bid by the rule, a bidder with cost 18 earns most by bidding 19.4."""
    rivals = bidding.first_price_bid(_rng(2).uniform(LOW, HIGH, (PLAYS, 4)).min(axis=1), HIGH, 5)
    earned = {bid: ((bid - 18.0) * (bid < rivals)).mean() for bid in (18.4, 18.9, 19.4, 19.9, 20.4)}
    assert max(earned, key=earned.get) == 19.4


def test_proc_2_open_and_sealed_bids_cost_the_same_on_average():
    """PROC-2: the same mean, variances 3.1746 (open) and 1.2698 (sealed)."""
    assert bidding.open_price_variance(LOW, HIGH, 5) == pytest.approx(3.1746031746, abs=EXACT)
    assert bidding.sealed_price_variance(LOW, HIGH, 5) == pytest.approx(1.2698412698, abs=EXACT)
    costs = np.sort(_rng(3).uniform(LOW, HIGH, (PLAYS, 5)), axis=1)
    open_price, sealed = costs[:, 1], bidding.first_price_bid(costs[:, 0], HIGH, 5)
    near_mean(open_price - sealed, 0.0, "open less sealed")
    near_variance(open_price, 3.1746031746, "open")
    near_variance(sealed, 1.2698412698, "sealed")


def test_proc_3_whoever_bids_their_own_estimate_loses():
    """PROC-3: half range 2; the winner of 2, 5 and 10 loses 0.667, 1.333 and 1.636 on average."""
    for bidders, loss in ((2, 2 / 3), (5, 4 / 3), (10, 18 / 11)):
        assert bidding.loss_of_naive_winner(2.0, bidders) == pytest.approx(loss, abs=EXACT)
        estimates = 20.0 + _rng(bidders).uniform(-2.0, 2.0, (PLAYS, bidders))
        near_mean(20.0 - estimates.min(axis=1), loss, f"{bidders} bidders")


def test_proc_4_careful_bidders_earn_a_little():
    """PROC-4: five careful bidders: 0.667; ten: 0.364."""
    for bidders, profit in ((2, 4 / 3), (5, 2 / 3), (10, 4 / 11)):
        assert bidding.profit_of_careful_winner(2.0, bidders) == pytest.approx(profit, abs=EXACT)
        estimates = 20.0 + _rng(bidders).uniform(-2.0, 2.0, (PLAYS, bidders))
        near_mean(bidding.careful_bid(estimates.min(axis=1), 2.0) - 20.0, profit, f"{bidders} bidders")


def test_proc_5_scoring_auction():
    """PROC-5: a mark worth 10, slope 2, four bidders: quality 5, price 31.25; winning score 60 of 100."""
    quality, most = bidding.quality_offered(10.0, 2.0), bidding.most_score(10.0, 2.0)
    assert (quality, most) == pytest.approx((5.0, 25.0), abs=EXACT)
    assert most == pytest.approx(10.0 * quality - bidding.cost_of_quality(quality, 2.0), abs=EXACT)
    price = bidding.price_of_score(10.0, quality, bidding.score_bid(most, 4))
    assert price == pytest.approx(31.25, abs=EXACT)
    assert bidding.expected_winning_score(100.0, 4) == pytest.approx(60.0, abs=EXACT)
    own = _rng(5).uniform(0.0, 100.0, (PLAYS, 4)).max(axis=1)
    near_mean(bidding.score_bid(own, 4), 60.0, "winning score")
    grid = np.linspace(0.0, 10.0, 2001)
    assert grid[np.argmax(10.0 * grid - bidding.cost_of_quality(grid, 2.0))] == pytest.approx(quality, abs=0.01)


def test_proc_6_lottery_above_a_floor():
    """PROC-6: five bidders, floor 0.3 and 0.5: expected cost 0.194819 and 0.260417, price twice that."""
    for floor, expected in ((0.3, 0.1948191667), (0.5, 0.2604166667)):
        assert bidding.cost_with_lottery(floor, 5) == pytest.approx(expected, abs=1e-6)
        rng = _rng(6)
        costs = rng.uniform(0.0, 1.0, (PLAYS, 5))
        below = costs < floor
        drawn = np.where(below, rng.uniform(0.0, 1.0, costs.shape), -1.0).argmax(axis=1)
        rows, is_drawn = np.arange(PLAYS), below.any(axis=1)
        cost = np.where(is_drawn, costs[rows, drawn], costs.min(axis=1))
        second = np.sort(costs, axis=1)[:, 1]
        price = np.where(below.sum(axis=1) >= 2, floor, np.maximum(second, floor))
        near_mean(cost, expected, f"cost at floor {floor}")
        near_mean(price, 2.0 * expected, f"price at floor {floor}")


def test_proc_7_more_bidders_make_it_worse_where_cheap_is_bad():
    """PROC-7: expected cost, and so quality, of the winner of 2, 5 and 10: 1/3, 1/6, 1/11; a lottery gives 1/2."""
    for bidders, expected in ((2, 1 / 3), (5, 1 / 6), (10, 1 / 11)):
        assert bidding.lowest_cost_of(bidders) == pytest.approx(expected, abs=EXACT)
        near_mean(_rng(7).uniform(0.0, 1.0, (PLAYS // 2, bidders)).min(axis=1), expected, f"{bidders} bidders")
    assert bidding.cost_with_lottery(1.0 - 1e-12, 5) == pytest.approx(0.5, abs=1e-6)


def test_proc_7_who_prefers_a_lottery():
    """Value of quality gamma a pound of cost: society prefers the lottery from gamma 1 on, the buyer from 2 on."""
    for gamma, society, buyer in ((0.9, False, False), (1.5, True, False), (2.1, True, True)):
        for floor in (0.01, 0.99):
            cost = bidding.cost_with_lottery(floor, 5)
            welfare, surplus = (gamma - 1.0) * cost, (gamma - 2.0) * cost
            least = bidding.cost_with_lottery(1e-9, 5)
            assert (welfare > (gamma - 1.0) * least) == society
            assert (surplus > (gamma - 2.0) * least) == buyer


def test_entry_1_dear_bidders_stay_out_first():
    """ENTRY-1: a bid costs 0.05: those with costs up to 0.450720 bid, 2.25360 of five; nobody with chance 0.05."""
    assert bidding.highest_entering_cost(0.05, 5) == pytest.approx(0.4507197, abs=1e-6)
    assert bidding.expected_entrants(0.05, 5) == pytest.approx(2.253599, abs=1e-6)
    assert bidding.highest_entering_cost(0.05, 10) == pytest.approx(0.258866, abs=1e-6)
    assert bidding.expected_entrants(0.05, 10) == pytest.approx(2.588656, abs=1e-6)
    enter = _rng(8).uniform(0.0, 1.0, (PLAYS, 5)) <= bidding.highest_entering_cost(0.05, 5)
    near_mean(enter.sum(axis=1).astype(float), 2.253599, "who enter")
    nobody = (~enter.any(axis=1)).mean()
    near(nobody, 0.05, share_error(0.05, PLAYS), "nobody enters")
    limit = bidding.highest_entering_cost(0.05, 5)
    assert (1.0 - limit) ** 4 * (1.0 - limit) == pytest.approx(0.05, abs=EXACT), "the last to enter breaks even"


def test_several_prizes():
    """With one prize the bid is the textbook one; with two of four it beats any other bid against three who use it."""
    for u in (0.0, 0.2, 0.7):
        assert bidding.rank_bid(u, 5, 1) == pytest.approx(u + (1.0 - u) / 5, abs=EXACT)
        assert bidding.rank_bid(u, 3, 3) == 1.0
    costs = np.linspace(0.0, 0.999, 400)
    bids = np.array([bidding.rank_bid(u, 4, 2) for u in costs])
    assert (np.diff(bids) > 0.0).all()
    rivals = np.sort(np.interp(_rng(9).uniform(0.0, 1.0, (PLAYS, 3)), costs, bids), axis=1)[:, 1]
    own = bidding.rank_bid(0.4, 4, 2)
    earned = {shift: ((own + shift - 0.4) * (own + shift < rivals)).mean() for shift in (-0.05, 0.0, 0.05)}
    assert max(earned, key=earned.get) == 0.0


def test_the_count_behind_several_prizes():
    """The chance of at most so many successes is the binomial one."""
    successes = _rng(10).binomial(7, 0.3, PLAYS)
    for most in (0, 2, 6):
        found = bidding.chance_at_most(most, 7, 0.3)
        near((successes <= most).mean(), found, share_error(found, PLAYS), f"at most {most}")
    assert bidding.chance_at_most(7, 7, 0.3) == 1.0

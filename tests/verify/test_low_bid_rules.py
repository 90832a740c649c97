"""Bids too low to be kept to, tests for them, and pay after an award (theory 11): closed forms and play."""

import numpy as np
import pytest
from alone import near, near_mean, share_error

from insource.rules import abnormal, after_award, low_bids
from insource.terms import CHOICES

pytestmark = pytest.mark.closed_form

EXACT = 1e-9
PLAYS = 200_000
TEST = CHOICES.abnormal_test


def _rng(seed):
    return np.random.default_rng(seed)


@pytest.mark.parametrize(
    ("assets", "bid", "default"),
    [(0.0, 16.0, 1.0), (0.25, 17.75, 0.75), (1.0, 19.0, 0.5), (2.25, 19.75, 0.25), (4.0, 20.0, 0.0)],
)
def test_low_1_little_to_lose(assets, bid, default):
    """LOW-1: cost 20 give or take 4: bids 16 to 20 and defaults 1 to 0 as assets rise; expected profit is nothing."""
    undercut = low_bids.limited_liability_undercut(4.0, assets)
    assert 20.0 - undercut == pytest.approx(bid, abs=EXACT)
    assert low_bids.default_chance(4.0, assets) == pytest.approx(default, abs=EXACT)
    costs = _rng(1).uniform(16.0, 24.0, PLAYS)
    profit = np.maximum(bid - costs, -assets)
    if assets > 0.0:
        near_mean(profit, 0.0, "profit")
        gone = (bid - costs < -assets).mean()
        near(gone, default, max(share_error(default, PLAYS), 1e-9), "walks away")
    assert low_bids.beats_an_honest_bid(20.0, undercut, bid + 0.01)
    assert not low_bids.beats_an_honest_bid(20.0, undercut, bid - 0.01)


@pytest.mark.parametrize(
    ("assets", "bid", "default"), [(0.25, 17.49413, 0.81656), (1.0, 19.00528, 0.49916), (3.0, 19.84036, 0.12795)]
)
def test_low_2_little_to_lose_with_normal_costs(assets, bid, default):
    """LOW-2: cost 20, sd 2.5, by root finding."""
    assert low_bids.bid_at_normal_cost(20.0, 2.5, assets) == pytest.approx(bid, abs=1e-3)
    assert low_bids.default_chance_at_normal_cost(20.0, 2.5, assets) == pytest.approx(default, abs=1e-3)
    profit = np.maximum(bid - _rng(2).normal(20.0, 2.5, PLAYS), -assets)
    near_mean(profit, 0.0, "profit")


def test_low_2_with_nothing_to_lose_there_is_no_lowest_bid():
    """A bidder who loses nothing by walking away may bid anything."""
    assert low_bids.bid_at_normal_cost(20.0, 2.5, 0.0) == -np.inf
    assert low_bids.default_chance_at_normal_cost(20.0, 2.5, 0.0) == pytest.approx(1.0, abs=1e-9)


def test_low_3_detection_that_deters():
    """LOW-3: saving 2.5, one chance in five of 3 more, penalty 10: honesty survives from a chance of 0.31 on."""
    threshold = low_bids.detection_that_deters(2.5, 0.2, 3.0, 10.0)
    assert threshold == pytest.approx(0.31, abs=EXACT)
    assert low_bids.gain_from_understaffing(2.5, 0.2, 3.0, threshold, 10.0) == pytest.approx(0.0, abs=EXACT)
    assert low_bids.gain_from_understaffing(2.5, 0.2, 3.0, 0.30, 10.0) > 0.0
    assert low_bids.gain_from_understaffing(2.5, 0.2, 3.0, 0.32, 10.0) < 0.0


def test_low_4_a_few_dishonest_bidders_win_often():
    """LOW-4: one bidder in five dishonest, five bid: a dishonest one wins in 0.67232 of tenders."""
    assert low_bids.dishonest_winner_chance(0.2, 5) == pytest.approx(0.67232, abs=EXACT)
    wins = (_rng(4).uniform(0.0, 1.0, (PLAYS, 5)) < 0.2).any(axis=1).mean()
    near(wins, 0.67232, share_error(0.67232, PLAYS), "dishonest winner")


def test_slick_writing_makes_marks_say_less():
    """Quality 1, slick writing 0.8, scoring noise 0.5: correlation 0.65938; without slick writing 0.81650."""
    assert low_bids.signal_reliability(1.0, 0.8, 0.5) == pytest.approx(0.6593805, abs=1e-6)
    assert low_bids.signal_reliability(1.0, 0.0, 0.5) == pytest.approx(0.8164966, abs=1e-6)


def test_low_5_protected_terms_thin_out():
    """LOW-5: three in ten leave a year: after two years 0.49 are still protected, average pay 12.235."""
    share = after_award.protected_share(0.3, 2.0)
    assert share == pytest.approx(0.49, abs=EXACT)
    assert after_award.average_pay(11.5, 13.0, share) == pytest.approx(12.235, abs=EXACT)
    stays = (_rng(5).uniform(0.0, 1.0, (PLAYS, 2)) >= 0.3).all(axis=1)
    near(stays.mean(), 0.49, share_error(0.49, PLAYS), "still protected")
    assert after_award.is_out_of_funds(-101.0, 100.0)
    assert not after_award.is_out_of_funds(-100.0, 100.0)


def _flagged(bids, margin=0.1):
    return bids < (1.0 - margin) * bids.mean(axis=1, keepdims=True)


def test_alt_1_a_test_against_the_mean():
    """ALT-1: honest bids around 22, sd 1, five bidders: false alarm 0.007013; bids of 20, 19, 18 found."""
    assert abnormal.false_alarm_chance(22.0, 1.0, 0.1, 4) == pytest.approx(0.007013, abs=1e-6)
    honest = _rng(6).normal(22.0, 1.0, (PLAYS, 5))
    near(_flagged(honest)[:, 0].mean(), 0.007013, share_error(0.007013, PLAYS), "false alarm")
    for low, expected in ((20.0, 0.0599), (19.0, 0.7649), (18.0, 0.9987)):
        found = abnormal.detection_chance(22.0, 1.0, 0.1, 4, 1, low)
        assert found == pytest.approx(expected, abs=1e-4)
        bids = honest.copy()
        bids[:, 0] = low
        near(_flagged(bids)[:, 0].mean(), found, share_error(found, PLAYS), f"a bid of {low}")
    assert abnormal.detection_chance(22.0, 1.0, 0.1, 2, 1, 19.0) == pytest.approx(0.4068, abs=1e-4)
    assert abnormal.detection_chance(22.0, 1.0, 0.1, 9, 1, 19.0) == pytest.approx(0.9752, abs=1e-4)


def test_alt_2_the_test_fails_when_low_bids_are_common():
    """ALT-2: with one, two, three low bids of five detection falls from 0.765 to 0.185 to 0.0006."""
    for low_bidders, expected in ((1, 0.764921), (2, 0.184566), (3, 0.000638)):
        found = abnormal.detection_chance(22.0, 1.0, 0.1, 5 - low_bidders, low_bidders, 19.0)
        assert found == pytest.approx(expected, abs=1e-6)
        bids = _rng(7).normal(22.0, 1.0, (PLAYS, 5))
        bids[:, :low_bidders] = 19.0
        near(_flagged(bids)[:, 0].mean(), found, share_error(found, PLAYS), f"{low_bidders} low bids")
        out = np.array([1, 1, 1, 1, 1], np.int8)
        abnormal.drop_abnormal(bids[0], out, TEST.should_cost, 0.1, 22.0)
        assert not out[:low_bidders].any(), "a should-cost finds them however many there are"


def test_alt_3_equal_rivals():
    """ALT-3: four rivals at 22: a bid is flagged below 19.3171."""
    threshold = abnormal.flagged_below(22.0, 0.1, 4)
    assert threshold == pytest.approx(19.3170732, abs=1e-6)
    for bid, is_flagged in ((threshold - 1e-6, True), (threshold + 1e-6, False)):
        assert bool(_flagged(np.array([[bid, 22.0, 22.0, 22.0, 22.0]]))[0, 0]) == is_flagged


def test_alt_4_one_silly_bid():
    """ALT-4: thresholds of 21.6 (mean), 19.8 (trimmed), 19.8 (should-cost); beside 35 the mean errs in .563."""
    prices, everybody = np.array([19.0, 21.5, 22.0, 22.5, 35.0]), np.ones(5, np.int8)
    for test, expected, flagged in ((TEST.mean, 21.6, 2), (TEST.trimmed_mean, 19.8, 1), (TEST.should_cost, 19.8, 1)):
        reference = abnormal.reference_price(prices, everybody, test, 22.0)
        assert abnormal.low_bid_threshold(reference, 0.1) == pytest.approx(expected, abs=EXACT)
        is_in = everybody.copy()
        assert abnormal.drop_abnormal(prices, is_in, test, 0.1, 22.0) == flagged
        assert is_in.sum() == 5 - flagged
    assert abnormal.drop_abnormal(prices, everybody.copy(), TEST.none, 0.1, 22.0) == 0
    found = abnormal.false_alarm_chance_beside(35.0, 22.0, 1.0, 0.1, 3)
    assert found == pytest.approx(0.563, abs=0.005)
    bids = _rng(8).normal(22.0, 1.0, (PLAYS, 5))
    bids[:, 4] = 35.0
    near(_flagged(bids)[:, 0].mean(), found, share_error(found, PLAYS), "false alarm beside a silly bid")


def test_columns_compiled_and_not():
    """The tests for low bids give the same bits compiled and uncompiled."""
    prices = _rng(9).uniform(15.0, 30.0, 6)
    for test in TEST:
        for rule, rest in ((abnormal.reference_price, (test, 22.0)), (abnormal.drop_abnormal, (test, 0.1, 22.0))):
            one, other = np.ones(6, np.int8), np.ones(6, np.int8)
            assert rule(prices, one, *rest) == getattr(rule, "py_func", rule)(prices, other, *rest)
            assert np.array_equal(one, other)

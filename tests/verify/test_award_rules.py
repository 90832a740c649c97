"""Scoring formulas (theory 10): worked examples of rank reversal, implied prices of quality, thresholds."""

import numpy as np
import pytest

from insource.rules import award
from insource.terms import CHOICES

pytestmark = pytest.mark.closed_form

FORMULA = CHOICES.award_formula
ALL = np.array([1, 1, 1, 1, 1], np.int8)
EXACT = 1e-9


def _scores(formula, bids, weight=0.5, point=0.3):
    prices, qualities = (np.array(column, float) for column in zip(*bids, strict=True))
    return award.bid_scores(prices, qualities, ALL[: len(bids)], formula, weight, point)


def _winner(formula, bids, weight=0.5, point=0.3):
    return int(np.argmax(_scores(formula, bids, weight, point)))


A, B, C = (20, 70), (24, 80), (10, 15)


def test_score_1_a_losing_bid_turns_the_winner_round_when_prices_are_scored_against_the_lowest():
    """SCORE-1: A wins 85 to 81.667; C, who comes last, makes B win 60.833 to 60, from a lowest price of 12."""
    assert _scores(FORMULA.against_lowest, [A, B]) == pytest.approx([85.0, 245 / 3], abs=EXACT)
    assert _scores(FORMULA.against_lowest, [A, B, C]) == pytest.approx([60.0, 60 + 5 / 6, 57.5], abs=EXACT)
    assert award.flip_lowest(*A, *B, 0.5) == pytest.approx(12.0, abs=EXACT)
    for lowest, winner in ((12.001, A), (11.999, B)):
        scores = _scores(FORMULA.against_lowest, [A, B, (lowest, 0)])
        assert [A, B][int(np.argmax(scores[:2]))] == winner


def test_score_2_the_highest_price_decides_within_a_range():
    """SCORE-2: 85, 72.5 and 20; when the dearest rises from 25 to 40 the second wins, 87.5 to 85."""
    a, b = (20, 70), (22, 85)
    assert _scores(FORMULA.within_range, [a, b, (25, 40)]) == pytest.approx([85.0, 72.5, 20.0], abs=EXACT)
    assert _scores(FORMULA.within_range, [a, b, (40, 40)]) == pytest.approx([85.0, 87.5, 20.0], abs=EXACT)


def test_score_3_a_silly_bid_decides_against_the_mean():
    """SCORE-3: 62.381 to 61.619 for A; with a bid at 40 it is 73.415 to 73.756, and B wins."""
    a, b = (20, 70), (22, 78)
    assert _scores(FORMULA.against_mean, [a, b]) == pytest.approx([62.381, 61.619], abs=1e-3)
    assert _scores(FORMULA.against_mean, [a, b, (40, 10)])[:2] == pytest.approx([73.415, 73.756], abs=1e-3)
    flip = award.flip_mean(*a, *b, 0.5)
    assert 21.0 < flip < 82 / 3
    low, high = (award.score_against_mean(20, 70, 0.5, flip), award.score_against_mean(22, 78, 0.5, flip))
    assert low == pytest.approx(high, abs=EXACT)


def test_score_4_price_a_point_and_priced_quality_differ_and_no_loser_matters():
    """SCORE-4: A(12, 50) wins at price for a mark, B(20, 82) at price less 0.3 a mark; no losing bid changes either."""
    bids = [(12, 50), (20, 82)]
    assert _scores(FORMULA.price_a_point, bids) == pytest.approx([-0.24, -20 / 82], abs=EXACT)
    assert _scores(FORMULA.priced_quality, bids) == pytest.approx([3.0, 4.6], abs=EXACT)
    assert _winner(FORMULA.price_a_point, bids) == 0
    assert _winner(FORMULA.priced_quality, bids) == 1
    rng = np.random.default_rng(1)
    for _ in range(200):
        prices, qualities = rng.uniform(15, 30, 5), rng.uniform(20, 90, 5)
        for formula in (FORMULA.price_a_point, FORMULA.priced_quality):
            assert not award.deciding_losers(prices, qualities, formula, 0.5, 0.3).any()


def test_score_5_what_a_mark_is_worth():
    """SCORE-5: 0.20 at the lowest price of 20, 0.338 at a price of 26, 0.0857 at a weight of 0.7; by differences."""
    for price, weight, expected in ((20, 0.5, 0.2), (26, 0.5, 0.338), (20, 0.7, 0.6 / 7)):
        found = award.implied_point_value(FORMULA.against_lowest, price, 70, weight, 20, 40, 25, 0.3)
        assert found == pytest.approx(expected, abs=EXACT)
    step = 1e-6
    for formula in FORMULA:
        worth = award.implied_point_value(formula, 26.0, 70.0, 0.4, 20.0, 40.0, 25.0, 0.3)
        rest = (0.4, 20.0, 40.0, 25.0, 0.3)
        by_mark = award.bid_score(formula, 26.0, 70.0 + step, *rest) - award.bid_score(
            formula, 26.0, 70.0 - step, *rest
        )
        by_price = award.bid_score(formula, 26.0 - step, 70.0, *rest) - award.bid_score(
            formula, 26.0 + step, 70.0, *rest
        )
        assert worth == pytest.approx(by_mark / by_price, rel=1e-4), formula
    assert award.implied_point_value(FORMULA.against_lowest, 26.0, 70.0, 0.0, 20.0, 40.0, 25.0, 0.3) == 26.0


def test_losers_that_decide_are_found():
    """In the first example C alone decides; left out, A wins again."""
    prices, qualities = np.array([20.0, 24.0, 10.0]), np.array([70.0, 80.0, 15.0])
    decides = award.deciding_losers(prices, qualities, FORMULA.against_lowest, 0.5, 0.3)
    assert list(decides) == [0, 0, 1]


def test_the_effective_weight_of_price_is_above_the_nominal_one_where_marks_bunch():
    """Prices that differ by a tenth against marks that differ by 4 of 100: nominal 0.4, effective more."""
    rng = np.random.default_rng(2)
    prices, qualities = rng.normal(22, 2.2, 4000), rng.normal(70, 4, 4000)
    prices = np.maximum(prices, 18.0)
    assert award.effective_price_weight(prices, qualities, 0.4) > 0.5
    assert award.effective_price_weight(prices, np.full(4000, 70.0), 0.4) == 1.0
    assert award.effective_price_weight(np.full(4, 20.0), np.full(4, 70.0), 0.4) == 0.4


def test_bids_out_of_the_tender_neither_win_nor_count():
    """A bid that was refused is as if it had never been made."""
    prices, qualities = np.array([20.0, 24.0, 10.0]), np.array([70.0, 80.0, 15.0])
    is_in = np.array([1, 1, 0], np.int8)
    scores = award.bid_scores(prices, qualities, is_in, FORMULA.against_lowest, 0.5, 0.3)
    assert scores[:2] == pytest.approx([85.0, 245 / 3], abs=EXACT)
    assert award.winning_bid(prices, qualities, is_in, FORMULA.against_lowest, 0.5, 0.3) == 0
    assert award.winning_bid(prices, qualities, np.zeros(3, np.int8), FORMULA.against_lowest, 0.5, 0.3) == -1


def test_columns_compiled_and_not():
    """The rules that take whole columns give the same bits compiled and uncompiled."""
    rng = np.random.default_rng(3)
    for formula in FORMULA:
        prices, qualities = rng.uniform(15, 30, 6), rng.uniform(20, 90, 6)
        is_in = np.ones(6, np.int8)
        for rule, arguments in (
            (award.bid_scores, (prices, qualities, is_in, formula, 0.4, 0.3)),
            (award.winning_bid, (prices, qualities, is_in, formula, 0.4, 0.3)),
            (award.deciding_losers, (prices, qualities, formula, 0.4, 0.3)),
            (award.effective_price_weight, (prices, qualities, 0.4)),
        ):
            assert np.array_equal(rule(*arguments), getattr(rule, "py_func", rule)(*arguments))

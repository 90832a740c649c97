"""Effort for somebody's independence by what is paid for, against theory.md section 6 (IND-1 to IND-5, POOL-8)."""

import math

import numpy as np
import pytest

from insource.rules import independence as rules

pytestmark = pytest.mark.closed_form

BASE, EFFECT, COST, WEEKLY, MARGIN = 0.01, 0.004, 20.0, 350.0, 21.0
"""Section 6's numbers: chance of ending without effort, effect, cost of effort, weekly cost, weekly margin."""


def _payer(share=1.0):
    worth = rules.worth_to_payer(WEEKLY, BASE, EFFECT, COST)
    return worth, rules.effort_for(share * worth, BASE, EFFECT, COST)


def _seller(bonus, refill, margin=MARGIN):
    worth = rules.worth_to_seller(margin, bonus, 1.0 / refill, BASE, EFFECT, COST)
    return worth, rules.effort_for(worth, BASE, EFFECT, COST)


def test_ind_1():
    """IND-1: a team that bears the cost: C 19613.08, e 3.922616, 38.925 weeks against 100; no effort costs 35,000."""
    worth, effort = _payer()
    assert worth == pytest.approx(19613.08, abs=5e-3)
    assert effort == pytest.approx(3.922616, abs=5e-7)
    assert 1.0 / rules.chance_of_step(BASE, EFFECT, effort) == pytest.approx(38.925, abs=5e-4)
    assert rules.worth_to_payer(WEEKLY, BASE, 0.0, COST) == pytest.approx(35000.0, rel=1e-12)


def test_ind_1_is_the_least_cost():
    """No other effort costs the team less in all: (x + k e^2 / 2) / (eta0 + eta1 e), on a fine grid."""
    worth, effort = _payer()
    grid = np.linspace(0.0, 20.0, 200_001)
    costs = (WEEKLY + COST * grid**2 / 2.0) / (BASE + EFFECT * grid)
    assert costs.min() == pytest.approx(worth, rel=1e-9)
    assert grid[costs.argmin()] == pytest.approx(effort, abs=2e-4)


def test_ind_1_with_a_share_felt():
    """Staff who feel a share of the saving make that share of the effort; none where they feel none."""
    assert _payer(0.3)[1] == pytest.approx(0.3 * _payer()[1], rel=1e-12)
    assert _payer(0.0)[1] == 0.0


@pytest.mark.parametrize(("bonus", "effort"), [(0.0, -0.0161559), (84.0, 0.0), (1000.0, 0.175916)])
def test_ind_2(bonus, effort):
    """IND-2: sold by the hour with a void of four weeks: obstruction is weak, and no bonus counts below y / f = 84."""
    assert _seller(bonus, 0.25)[1] == pytest.approx(effort, abs=5e-7)
    assert rules.smallest_bonus(MARGIN, 4.0) == 84.0


def test_ind_2_hazard():
    """IND-2: the chance of ending falls from .01 to .00993538, with voids of 20 weeks effort falls to -.0701641."""
    assert rules.chance_of_step(BASE, EFFECT, _seller(0.0, 0.25)[1]) == pytest.approx(0.00993538, abs=5e-9)
    assert _seller(0.0, 0.05)[1] == pytest.approx(-0.0701641, abs=5e-8)


@pytest.mark.parametrize(("bonus", "refill"), [(0.0, 0.25), (1000.0, 0.25), (0.0, 0.05), (5000.0, 1.0)])
def test_ind_2_is_the_best_for_the_service(bonus, refill):
    """The effort maximises what a place earns: g = (y - k e^2 / 2 + eta R) f / (f + eta), on a fine grid."""
    worth, effort = _seller(bonus, refill)
    grid = np.linspace(-2.0, 5.0, 700_001)
    chance = BASE + EFFECT * grid
    gains = (MARGIN - COST * grid**2 / 2.0 + chance * bonus) * refill / (refill + chance)
    assert rules.gain_a_week(bonus, 1.0 / refill, worth) == pytest.approx(gains.max(), rel=1e-9)
    assert effort == pytest.approx(grid[gains.argmax()], abs=2e-5)


def test_ind_3():
    """IND-3: a bonus of 21097.08 makes a service that sells hours work as the team does."""
    worth, effort = _payer()
    bonus = rules.bonus_to_match(worth, WEEKLY, MARGIN, 4.0)
    assert bonus == pytest.approx(21097.08, abs=5e-3)
    assert _seller(bonus, 0.25)[1] == pytest.approx(effort, rel=1e-9)


def test_ind_4():
    """IND-4: with a waiting list (a void of no length) effort goes to nothing under hourly pay, not below."""
    efforts = [_seller(0.0, refill)[1] for refill in (0.25, 1.0, 10.0, 1e3, 1e6)]
    assert efforts == sorted(efforts)
    assert efforts[-1] == pytest.approx(0.0, abs=1e-8)
    assert rules.worth_to_seller(MARGIN, 0.0, 0.0, BASE, EFFECT, COST) == 0.0
    assert _seller(1000.0, 1e9)[1] == pytest.approx(EFFECT * 1000.0 / COST, rel=1e-6)


@pytest.mark.parametrize("refill", [0.05, 0.25, 4.0])
def test_ind_5(refill):
    """IND-5: one price for the episode, y -350 and R 19613.08: e 3.922616 and no gain, whatever the void."""
    price = _payer()[0]
    worth, effort = _seller(price, refill, margin=-WEEKLY)
    assert effort == pytest.approx(3.922616, abs=5e-7)
    assert rules.gain_a_week(price, 1.0 / refill, worth) == pytest.approx(0.0, abs=1e-6)


def test_no_effect_no_effort():
    """Where effort does nothing nobody makes any, whoever gains; and chances never fall below zero."""
    assert rules.effort_for(1e6, BASE, 0.0, COST) == 0.0
    assert rules.effort_for(-1e6, BASE, 0.0, COST) == 0.0
    floor = rules.effort_for(-1e9, BASE, EFFECT, COST)
    assert rules.chance_of_step(BASE, EFFECT, floor) == 0.0


def test_weeks_until_sold():
    """Spare hours over what is newly taken up in a week, at most so long; none where nothing is spare."""
    assert rules.weeks_until_sold(600.0, 1200.0, 26.0) == 2.0
    assert rules.weeks_until_sold(600.0, 0.0, 26.0) == 0.0
    assert rules.weeks_until_sold(0.0, 1200.0, 26.0) == 26.0


def test_reablement_adds_up():
    """Those who need nothing more and the lasting gain of the others together give the ratio of hours."""
    for ratio in (0.5, 0.75, 1.0):
        for ending in (0.0, 0.5, 1.0):
            gone = rules.share_independent(ratio, ending)
            left = (1.0 - gone) * math.exp(-rules.lasting_gain(ratio, gone))
            assert left == pytest.approx(ratio, rel=1e-12)
    assert rules.share_independent(1.0, 0.7) == 0.0
    assert rules.lasting_gain(1.0, 0.0) == 0.0
    assert rules.kept_in_a_week(78.0) ** 78 == pytest.approx(0.5, rel=1e-12)
    assert rules.gain_before_fading(0.2, 78.0, 78.0) == pytest.approx(0.4, rel=1e-12)


def test_pool_8_is_no_effect():
    """POOL-8: a peak of 1.525135 spreads has lost .71 of one after six weeks with no service at all."""
    left = rules.peak_left(1.525135, 0.9, 6.0)
    assert left == pytest.approx(0.810519, abs=5e-7)
    assert 1.525135 - left == pytest.approx(0.714616, abs=5e-6)

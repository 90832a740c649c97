"""The loops of staff, against theory.md section 15: load and leaving (LOOP-1, LOOP-2), a premium in one service."""

import math

import pytest
from alone import caught, planted_rule

from insource.rules import load_loop
from insource.rules.load_loop import (
    fold_quit_chance,
    load_at,
    loop_slope,
    posts_that_hold,
    quit_chance_after,
    repeated,
    steady_quit_chance,
)

pytestmark = pytest.mark.closed_form

DEMAND, HOURS, FILL, USUAL = 30_000.0, 30.0, 0.10, 0.30 / 52.0


def _after(rules, chance, posts, exponent, base, slope):
    """One round of the loop: the chance to leave that a chance to leave leads to."""
    load = rules.load_at(chance, posts, DEMAND, HOURS, FILL, base, slope)
    return rules.quit_chance_after(chance, USUAL, load, exponent)


def check_loop_1(rules):
    """With 1,100 posts a stable state at .3710 a year (slope .303) and an unstable one at 2.4015 (slope 2.677)."""
    steady = rules.steady_quit_chance(1100.0, USUAL, 2.0, DEMAND, HOURS, FILL, 0.05, 0.2)
    assert steady * 52.0 == pytest.approx(0.3710, abs=5e-5), "stable state"
    assert _after(rules, steady, 1100.0, 2.0, 0.05, 0.2) == pytest.approx(steady, rel=1e-9), "it leads to itself"
    assert rules.loop_slope(steady, 2.0, FILL, 0.05, 0.2) == pytest.approx(0.303, abs=5e-4), "slope"
    low, high = rules.fold_quit_chance(2.0, FILL, 0.05, 0.2), 4.0 / 52.0
    for _ in range(200):
        middle = (low + high) / 2.0
        held = rules.posts_that_hold(middle, USUAL, 2.0, DEMAND, HOURS, FILL, 0.05, 0.2)
        low, high = (middle, high) if held < 1100.0 else (low, middle)
    assert low * 52.0 == pytest.approx(2.4015, abs=5e-5), "unstable state"
    assert rules.loop_slope(low, 2.0, FILL, 0.05, 0.2) == pytest.approx(2.677, abs=5e-4), "slope at it"


def test_loop_1():
    """LOOP-1 and what its slopes mean: from beside the one state the loop comes back, from beside the other it goes."""
    check_loop_1(load_loop)
    chance = 2.38 / 52.0
    for _ in range(400):
        chance = _after(load_loop, chance, 1100.0, 2.0, 0.05, 0.2)
    assert chance * 52.0 == pytest.approx(0.3710, abs=5e-5)
    chance = 2.42 / 52.0
    for _ in range(60):
        chance = _after(load_loop, chance, 1100.0, 2.0, 0.05, 0.2)
    assert chance == math.inf
    high, low = (_after(load_loop, chance, 1100.0, 2.0, 0.05, 0.2) for chance in (0.00714, 0.00713))
    slope = (high - low) / 1e-5
    assert slope == pytest.approx(loop_slope(0.007135, 2.0, FILL, 0.05, 0.2), rel=1e-3)


def test_loop_1_fails_if_fewer_workers_carry_less():
    """A load that does not grow when workers leave is found out."""
    caught(check_loop_1, planted_rule("load_loop", "+ 1.0 / (fill_chance_a_week + quit_chance)", "+ 0.0"), "slope")


def check_loop_2(rules):
    """.1911, .2758 and .4170 a year with 1,300, 1,240 and 1,206 posts; none with 1,204."""
    for posts, expected in ((1300.0, 0.1911), (1240.0, 0.2758), (1206.0, 0.4170)):
        steady = rules.steady_quit_chance(posts, USUAL, 4.0, DEMAND, HOURS, FILL, 0.05, 0.3)
        assert steady * 52.0 == pytest.approx(expected, abs=1e-4), f"{posts:.0f} posts"
    assert rules.steady_quit_chance(1204.0, USUAL, 4.0, DEMAND, HOURS, FILL, 0.05, 0.3) == math.inf, "no state"
    chance = USUAL
    for _ in range(2000):
        chance = _after(rules, chance, 1204.0, 4.0, 0.05, 0.3)
    assert chance == math.inf, "no state"


def test_loop_2():
    """LOOP-2, and the fold between: 1,204.6 posts, where the slope is 1 and posts that hold a state are fewest."""
    check_loop_2(load_loop)
    fold = fold_quit_chance(4.0, FILL, 0.05, 0.3)
    assert loop_slope(fold, 4.0, FILL, 0.05, 0.3) == pytest.approx(1.0, rel=1e-9)
    held = [posts_that_hold(fold * by, USUAL, 4.0, DEMAND, HOURS, FILL, 0.05, 0.3) for by in (0.9, 1.0, 1.1)]
    assert held[1] == min(held)
    assert 1204.0 < held[1] < 1206.0
    assert 1300.0 / held[1] - 1.0 == pytest.approx(0.079, abs=5e-4)


def test_loop_2_fails_if_repeats_are_forgotten():
    """Failure that needs no further work is found out."""
    caught(check_loop_2, planted_rule("load_loop", "repeat_slope * quit_chance * WEEKS_A_YEAR", "0.0"), "1300 posts")


def test_no_loop_without_its_parts():
    """Without an effect of load there is no fold; without repeats only if load acts more than in proportion."""
    assert fold_quit_chance(0.0, FILL, 0.05, 0.3) == math.inf
    assert fold_quit_chance(1.0, FILL, 0.0, 0.0) == math.inf
    assert fold_quit_chance(3.0, FILL, 0.0, 0.0) == pytest.approx(FILL / 2.0)
    assert fold_quit_chance(2.0, FILL, 1.0, 0.2) == 0.0
    assert steady_quit_chance(1e6, USUAL, 2.0, DEMAND, HOURS, FILL, 0.05, 0.2) == pytest.approx(USUAL / 4.0)
    assert steady_quit_chance(100.0, USUAL, 0.0, DEMAND, HOURS, FILL, 0.05, 0.2) == pytest.approx(USUAL)
    assert repeated(0.01, 0.05, 0.2) == pytest.approx(0.154)
    assert load_at(0.1, 1000.0, DEMAND, HOURS, FILL, 0.5, 0.2) == math.inf
    assert quit_chance_after(0.1, USUAL, math.inf, 2.0) == math.inf
    assert quit_chance_after(0.1, USUAL, 0.1, 2.0) == pytest.approx(USUAL / 4.0)

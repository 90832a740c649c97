"""Choosing a service: the closed forms of theory.md section 2, CHOICE-1 to CHOICE-7."""

import numpy as np
import pytest
from scipy.special import comb

from insource.rules import choice as rules

pytestmark = pytest.mark.closed_form

M = {2: 0.56419, 3: 0.84628, 5: 1.16296, 10: 1.53875}
SHARES, ROOM = np.array([0.6, 0.3, 0.1]), np.full(3, 40.0)


def check_choice_1(rule):
    """The closed form, and 400,000 pairs of services."""
    rng = np.random.default_rng(1)
    quality, noise = rng.standard_normal((2, 400_000, 2))
    for r, expected in ((0.2, 0.564094), (0.5, 0.666667), (0.8, 0.795167)):
        assert rule(r) == pytest.approx(expected, abs=5e-7), r
        seen = r * quality + np.sqrt(1.0 - r * r) * noise
        share = np.mean((seen[:, 0] > seen[:, 1]) == (quality[:, 0] > quality[:, 1]))
        assert abs(share - expected) <= 4.0 * np.sqrt(expected * (1.0 - expected) / 400_000), r
    assert rule(0.0) == 0.5
    assert rule(1.0) == pytest.approx(1.0, rel=1e-12)


def test_choice_1_better_of_two():
    """CHOICE-1: r .2, .5, .8. Binomial error, 4 of them (6 of 100,000 such checks fail)."""
    check_choice_1(rules.better_of_two_share)


def test_choice_1_fails_if_correlation_is_a_chance():
    """Planted fault: reading r as the chance to be right beyond a toss is found out."""
    with pytest.raises(AssertionError):
        check_choice_1(lambda r: 0.5 + r / 2.0)


def test_choice_2_means_of_the_best():
    """CHOICE-2 and CHOICE-3: m_k of the table; r .4 and 5 services give .465186."""
    for k, mean in M.items():
        assert rules.mean_of_best(k, 1.0) == pytest.approx(mean, abs=5e-6)
    assert rules.mean_of_best(1, 1.0) == pytest.approx(0.0, abs=1e-12)
    assert rules.mean_of_pick(5, 1.0, 0.4, 1.0) == pytest.approx(0.465186, abs=5e-6)


def test_choice_4_closed_form():
    """CHOICE-4: ten services with room at one in ten: nobody .348678, no choice .736099, E m_K .171268."""
    assert rules.nobody_share(10, 0.1) == pytest.approx(0.348678, abs=5e-7)
    assert rules.no_choice_share(10, 0.1) == pytest.approx(0.736099, abs=5e-7)
    assert rules.mean_of_best(10, 0.1) == pytest.approx(0.171268, abs=5e-6)
    mixed = sum(comb(10, j) * 0.1**j * 0.9 ** (10 - j) * rules.mean_of_best(j, 1.0) for j in range(1, 11))
    assert rules.mean_of_best(10, 0.1) == pytest.approx(mixed, rel=1e-9)


def test_choice_needs_both():
    """Information changes nothing without room, room nothing without information (section 2 (c))."""
    assert rules.mean_of_pick(10, 0.0, 1.0, 1.0) == 0.0
    assert rules.mean_of_pick(10, 1.0, 0.0, 1.0) == 0.0
    more = rules.mean_of_pick(10, 0.5, 0.8, 1.0)
    assert more > max(rules.mean_of_pick(10, 0.5, 0.4, 1.0), rules.mean_of_pick(10, 0.1, 0.8, 1.0))


def test_choice_5_calls():
    """CHOICE-5: ten services, room at one in ten: 6.513216 calls, 1.535340 weeks; the same over 200,000 people."""
    assert rules.expected_calls(10, 0.1) == pytest.approx(6.513216, abs=5e-7)
    assert rules.expected_rounds(10, 0.1) == pytest.approx(1.535340, abs=5e-7)
    has_room = np.random.default_rng(2).random((200_000, 10)) < 0.1
    calls = np.where(has_room.any(axis=1), has_room.argmax(axis=1) + 1, 10)
    assert abs(calls.mean() - 6.513216) <= 4.0 * calls.std() / np.sqrt(200_000)


def test_choice_6_quality_of_rivals():
    """CHOICE-6: fee 4 above cost, five rivals: 3.166667 at sensitivity 1.5, none at .3; a best response by search."""
    assert rules.quality_chosen(4.0, 1.0, 1.5, 5.0) == pytest.approx(3.166667, abs=5e-7)
    assert rules.quality_chosen(4.0, 1.0, 0.3, 5.0) == 0.0
    assert rules.quality_chosen(4.0, 1.0, 1.5, 1.0) == 0.0
    assert rules.quality_chosen(4.0, 1.0, 0.0, 5.0) == 0.0
    others = rules.quality_chosen(4.0, 1.0, 1.5, 5.0)
    own = np.linspace(2.0, 3.9, 19_001)
    share = np.exp(1.5 * own) / (np.exp(1.5 * own) + 4.0 * np.exp(1.5 * others))
    assert own[np.argmax((4.0 - own) * share)] == pytest.approx(others, abs=1e-3)


def check_choice_7(rule):
    """Nobody beyond room, nobody lost, shares kept among those with room."""
    assert rule(SHARES, ROOM, 100.0) == pytest.approx([40.0, 40.0, 20.0], abs=1e-9)
    assert rule(SHARES, ROOM, 50.0) == pytest.approx([30.0, 15.0, 5.0], abs=1e-9)
    assert rule(SHARES, ROOM, 500.0) == pytest.approx([40.0, 40.0, 40.0], abs=1e-9)
    assert rule(np.array([1.0, 0.0]), np.full(2, 3.0), 5.0) == pytest.approx([3.0, 0.0], abs=1e-9)


def test_choice_7_water_filling():
    """CHOICE-7: shares .6, .3, .1 of 100 people with room for 40 each: 40, 40, 20 exactly."""
    check_choice_7(rules.rationed)


def test_choice_7_people_in_random_order():
    """CHOICE-7: the same people one by one: 40, 39.89, 20.11 (to .02; 20,000 towns)."""
    rng = np.random.default_rng(7)
    taken = np.zeros((20_000, 3))
    towns = np.arange(20_000)
    for _ in range(100):
        shares = SHARES * (taken < 40.0)
        reach = np.cumsum(shares / shares.sum(axis=1, keepdims=True), axis=1)
        taken[towns, (rng.random((20_000, 1)) > reach).sum(axis=1)] += 1.0
    assert taken.mean(axis=0) == pytest.approx([40.0, 39.89, 20.11], abs=0.02)


def test_choice_7_fails_if_the_full_are_asked_again():
    """Planted fault: rooms that cut without passing people on lose some."""
    with pytest.raises(AssertionError):
        check_choice_7(lambda shares, room, people: np.minimum(shares * people, room))

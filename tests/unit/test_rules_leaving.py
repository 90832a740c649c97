"""Rates, chances and reasons to leave, against theory.md section 12 (competing risks, annual to weekly)."""

import math

import numpy as np
import pytest

from insource.compiled import on_columns
from insource.rules.leaving import by_age, chance_to_leave, reason_to_leave
from insource.rules.rates import chance_in_a_week, chance_of_ending, chance_to_keep_share, fading

pytestmark = pytest.mark.closed_form


def test_chances():
    """A rate of .3 a year is a chance of .00575262 a week (section 12); states of mean length and share balance."""
    assert chance_in_a_week(0.3) == pytest.approx(0.00575262, abs=5e-9)
    assert chance_in_a_week(0.0) == 0.0
    assert chance_of_ending(4.0) == 0.25
    assert chance_of_ending(0.2) == 1.0
    assert fading(7.8) == pytest.approx(math.exp(-1 / 7.8), rel=1e-12)
    for share, weeks in ((0.05, 1.5), (0.025, 3.0)):
        enters, ends = chance_to_keep_share(share, weeks), chance_of_ending(weeks)
        assert enters / (enters + ends) == pytest.approx(share, rel=1e-12)
    assert chance_to_keep_share(0.9, 1.0) == 1.0


def test_competing_risks_exactly():
    """WORK-6 over an even grid of draws: causes split (1 - exp(-(r1 + r2))) in proportion to their rates."""
    grid = (np.arange(200_000) + 0.5) / 200_000
    reasons = on_columns(reason_to_leave)(grid, 0.52, 0.208, 0.0)
    assert np.mean(reasons == 1) == pytest.approx(0.00993033, abs=6e-6)
    assert np.mean(reasons == 2) == pytest.approx(0.00397213, abs=6e-6)
    assert chance_to_leave(0.52, 0.208, 0.0) == pytest.approx(0.00993033 + 0.00397213, abs=1e-8)
    reasons = on_columns(reason_to_leave)(grid, 20.0, 30.0, 50.0)
    chance = -math.expm1(-100.0 / 52.0)
    for reason, share in ((1, 0.2), (2, 0.3), (3, 0.5), (0, None)):
        expected = 1.0 - chance if share is None else chance * share
        assert np.mean(reasons == reason) == pytest.approx(expected, abs=2e-5)


def test_nobody_leaves_without_a_rate():
    """No rates, no reasons."""
    assert reason_to_leave(1e-12, 0.0, 0.0, 0.0) == 0
    assert by_age(0, 1.0, 2.0) == 1.0
    assert by_age(3, 1.0, 2.0) == 2.0

"""Allocation from a score: the closed forms of theory.md section 1, ALLOC-1 to ALLOC-7."""

import numpy as np
import pytest
from scipy.stats import norm

from insource.rules import allocation as rules

pytestmark = pytest.mark.closed_form

RESIDUAL = rules.residual_of(0.5, 10.0)


def test_alloc_1_closed_form():
    """ALLOC-1: mean 20, spread 10, R .5: residual 7.071068, half under-funded, by 2.820948 a head."""
    assert pytest.approx(7.071068, abs=5e-7) == RESIDUAL
    assert rules.under_funded_share(RESIDUAL, 0.0) == pytest.approx(0.5, abs=1e-12)
    assert rules.expected_shortfall(RESIDUAL, 0.0) == pytest.approx(2.820948, abs=5e-7)
    assert rules.expected_shortfall(RESIDUAL, 0.0) == pytest.approx(RESIDUAL * norm.pdf(0.0), rel=1e-12)


def test_alloc_2_closed_form():
    """ALLOC-2: one spread above the mean at R .5, .8 and .25."""
    for share, expected in ((0.5, 0.841345), (0.8, 0.691462), (0.25, 0.958368)):
        assert rules.under_funded_share_at(1.0, share) == pytest.approx(expected, abs=5e-7)


def test_alloc_3_closed_form():
    """ALLOC-3: a cut of two hours: .611351 under-funded, by 3.933040 a head."""
    assert rules.under_funded_share(RESIDUAL, -2.0) == pytest.approx(0.611351, abs=5e-7)
    assert rules.expected_shortfall(RESIDUAL, -2.0) == pytest.approx(3.933040, abs=5e-7)


def test_alloc_4_uplift():
    """ALLOC-4: a pound short counts for four to spare: uplift 5.951161, loss 9.898149; no other costs less."""
    assert rules.best_uplift(RESIDUAL, 4.0) == pytest.approx(5.951161, abs=5e-7)
    assert rules.least_loss(RESIDUAL, 4.0) == pytest.approx(9.898149, abs=5e-7)

    def loss(uplift):
        short = rules.expected_shortfall(RESIDUAL, uplift)
        return 4.0 * short + (short + uplift)

    best = rules.best_uplift(RESIDUAL, 4.0)
    assert loss(best) == pytest.approx(rules.least_loss(RESIDUAL, 4.0), rel=1e-9)
    assert min(loss(best - 0.1), loss(best + 0.1)) > loss(best)


def test_alloc_4_by_simulation():
    """ALLOC-4 over 400,000 people, 4 standard errors (6 of 100,000 such checks fail)."""
    error = RESIDUAL * np.random.default_rng(4).standard_normal(400_000)
    miss = error - 5.951161
    loss = np.where(miss > 0.0, 4.0 * miss, -miss)
    assert abs(loss.mean() - 9.898149) <= 4.0 * loss.std() / np.sqrt(len(loss))


def test_alloc_5_bands():
    """ALLOC-5: 2, 3, 4, 5 and 8 best bands leave .363380, .190174, .117482, .07994, .034548 of the variance."""
    for bands, left in ((2, 0.363380), (3, 0.190174), (4, 0.117482), (5, 0.07994), (8, 0.034548)):
        edges = rules.band_edges(bands, 1e-10)
        assert rules.band_residual(edges) == pytest.approx(left, abs=1e-5), bands
        assert edges == pytest.approx(-edges[::-1], abs=1e-7), "edges of a normal are symmetrical"
    assert rules.band_residual(rules.band_edges(1, 1e-9)) == pytest.approx(1.0, abs=1e-12)


def test_bands_of_equal_shares_lose_more():
    """ALLOC-5, planted fault: edges that give each band the same share of people are not the best ones."""
    equal = norm.ppf(np.arange(1, 4) / 4.0)
    assert rules.band_residual(equal) > rules.band_residual(rules.band_edges(4, 1e-9)) + 0.01


def test_budgets_of_bands_are_right_for_the_place():
    """Budgets of all bands, weighted by the people in them, are mean need; each is the mean need of its people."""
    mean, spread, residual = 6.0, 0.9, 0.6
    edges = np.concatenate([[-np.inf], rules.band_edges(4, 1e-9), [np.inf]])
    shares = np.diff(norm.cdf(edges))
    budgets = [rules.band_budget(*edges[b : b + 2], mean, spread, residual) for b in range(4)]
    assert shares @ budgets == pytest.approx(np.exp(mean + spread**2 / 2.0), rel=1e-9)
    rng = np.random.default_rng(5)
    need = mean + spread * rng.standard_normal(400_000)
    score = rules.reliability(residual, spread)
    seen = np.sqrt(score) * (need - mean) / spread + np.sqrt(1.0 - score) * rng.standard_normal(400_000)
    for band in range(4):
        within = np.exp(need[(seen > edges[band]) & (seen <= edges[band + 1])])
        assert abs(within.mean() - budgets[band]) <= 4.0 * within.std() / np.sqrt(len(within))
    assert rules.band_budget(60.0, 61.0, mean, spread, residual) > budgets[3], "a band that holds nobody"


def test_alloc_6_closed_form():
    """ALLOC-6: R .7, persistence .98: .298355 on average over a year of ages."""
    ages = [rules.stale_reliability(0.7, 0.98, week) for week in range(52)]
    assert ages[0] == pytest.approx(0.7, rel=1e-12)
    assert np.mean(ages) == pytest.approx(0.298355, abs=5e-7)
    assert rules.mean_reliability(0.7, 0.98, 52) == pytest.approx(np.mean(ages), rel=1e-9)


def test_alloc_7_closed_form():
    """ALLOC-7: budgets that may be moved among 100 people: .282095 a head, a tenth of the shortfall without."""
    assert rules.shared_shortfall(RESIDUAL, 100.0) == pytest.approx(0.282095, abs=5e-7)
    assert rules.shared_shortfall(RESIDUAL, 1.0) == pytest.approx(rules.expected_shortfall(RESIDUAL, 0.0), rel=1e-12)

"""Budgets in bands and budgets that may be moved, against theory.md section 1 (ALLOC-2, ALLOC-5 and ALLOC-7)."""

import math

import numpy as np
import pytest
from alone import World, caught, near, near_mean, planted, share_error
from scipy.stats import norm

from insource.mechanisms import allocation

pytestmark = pytest.mark.closed_form

PEOPLE = 200_000
MEAN = 5_000_000.0
"""Needs so large that whole minutes do not matter."""


def _people(mechanism, people, spread, weeks=1, terms=None, **numbers):
    world = World(weeks=weeks, numbers=numbers, people=people, donors=1)
    world.set_terms({"is_corrected_at_review": "no", **(terms or {})})
    world.council.need_mean_log[0], world.council.need_spread_log[0] = math.log(MEAN), spread
    world.people.contact[:] = 1
    return world, world.bind(mechanism)


def _needs(world, spread, seed):
    z = np.random.default_rng(seed).standard_normal(len(world.people.person))
    world.people.at_home_minutes[:] = np.round(np.exp(math.log(MEAN) + spread * z))
    return z


def check_bands(mechanism):
    """With a score that tells all, what K bands leave of the variance of need is what K bands must lose."""
    spread = 0.01
    numbers = {"points_residual": 0.0, "costed_residual": 0.0, "budget_corrected_share": 0.0}
    for bands, left in ((2, 0.363380), (3, 0.190174), (4, 0.117482), (8, 0.034548)):
        terms = {"allocation_basis": "bands", "budget_bands": bands}
        world, bound = _people(mechanism, PEOPLE, spread, terms=terms, **numbers)
        _needs(world, spread, bands)
        bound.step(0)
        miss = (world.people.at_home_minutes - world.people.budget_minutes) / (MEAN * spread)
        assert len(np.unique(world.people.budget_minutes)) == bands
        near_mean(miss, 0.0, f"budgets of {bands} bands less needs")
        near_mean(miss**2, left, f"variance left by {bands} bands")


def test_alloc_5_bands():
    """ALLOC-5 on the mechanism: 2, 3, 4 and 8 bands. 200,000 people, 4 standard errors."""
    check_bands(allocation)


def test_bands_fail_if_the_lowest_is_forgotten():
    """Putting people one band too high is found out."""
    caught(check_bands, planted(allocation, "budget = budgets[part, band]", "budget = budgets[part, -1]"))


def test_many_bands_are_points():
    """Twenty bands leave less than one part in a hundred of what points tell; one band gives everybody the same."""
    numbers = {"points_residual": 0.6, "costed_residual": 0.25, "budget_corrected_share": 0.0}
    budgets = {}
    for bands in (0, 1, 20):
        terms = {"allocation_basis": "bands" if bands else "points", "budget_bands": max(bands, 1)}
        world, bound = _people(allocation, 20_000, 0.9, terms=terms, **numbers)
        _needs(world, 0.9, 1)
        bound.step(0)
        budgets[bands] = np.log(world.people.budget_minutes)
    assert np.corrcoef(budgets[0], budgets[20])[0, 1] > 0.99
    assert np.ptp(budgets[1]) == 0.0
    assert budgets[1][0] == pytest.approx(math.log(MEAN) + 0.9**2 / 2.0, rel=1e-6)


def check_alloc_7(mechanism):
    """Among 100 people seen together who may share, the shortfall a head is a tenth of what it is without."""
    spread, weeks = 0.01, 1_000
    numbers = {
        "points_residual": spread * math.sqrt(0.5),
        "costed_residual": 0.0,
        "budget_corrected_share": 0.0,
    }
    budgets = {}
    for terms, a_head in (("no", 2.820948), ("yes", 0.282095)):
        world, bound = _people(mechanism, 100, spread, weeks, {"is_budget_transferable": terms}, **numbers)
        before = []
        for week in range(weeks):
            _needs(world, spread, 1_000 + week)
            bound.step(week)
            before.append(int(world.people.budget_minutes.sum()))
        short = world.book("budget_shortfall_minutes") / (MEAN * spread) * 10.0 / 100.0
        near_mean(short, a_head, f"shortfall a head, transferable {terms}")
        moved = world.book("budget_moved_minutes")
        assert (moved > 0).all() == (terms == "yes")
        budgets[terms] = np.array(before)
    assert np.abs(budgets["yes"] - budgets["no"]).max() <= 100.0, "moving budgets makes none: to half a minute a person"


def test_alloc_7_shared_budgets():
    """ALLOC-7 on the mechanism, mean 20 and spread 10 scaled: 2.820948 and .282095. 1,000 panels, 4 standard errors."""
    check_alloc_7(allocation)


def test_alloc_7_fails_if_what_is_spare_is_kept():
    """People who keep what others are given make money out of nothing, and are found out."""
    fault = planted(allocation, "if moved <= 0.0 or over[k] == 0.0:", "if moved <= 0.0 or over[k] >= 0.0:")
    caught(check_alloc_7, fault, "moving budgets makes none")


def check_high_needs(mechanism):
    """People a spread or more above the mean fall short more often, as ALLOC-2 says, and the books show it."""
    spread, share = 0.01, 0.5
    numbers = {"points_residual": spread * math.sqrt(share), "budget_corrected_share": 0.0}
    world, bound = _people(mechanism, PEOPLE, spread, **numbers)
    z = _needs(world, spread, 5)
    bound.step(0)
    high = np.log(world.people.at_home_minutes) >= math.log(MEAN) + spread
    near(high.mean(), norm.sf(1.0), share_error(norm.sf(1.0), PEOPLE), "high needs")
    grid = np.linspace(1.0, 9.0, 20_001)
    weight = norm.pdf(grid) / norm.pdf(grid).sum()
    expected = float((weight * norm.cdf(grid * math.sqrt(1.0 - share) / math.sqrt(share))).sum())
    below = world.book("high_need_budgets_below_need")[0]
    assert world.book("high_need_budgets_set")[0] == high.sum()
    near(below / high.sum(), expected, share_error(expected, int(high.sum())), "high needs below")
    short = np.maximum(world.people.at_home_minutes - world.people.budget_minutes, 0)
    assert world.book("high_need_shortfall_minutes")[0] == short[z >= 1.0].sum(), "shortfall of high needs"


def test_alloc_2_high_needs():
    """ALLOC-2 over everybody a spread or more above the mean. Binomial error, 4 of them."""
    check_high_needs(allocation)


def test_high_needs_fail_if_everybody_is_counted():
    """Counting every need as high is found out."""
    caught(check_high_needs, planted(allocation, ">= mean + HIGH * spread", ">= 0.0"))

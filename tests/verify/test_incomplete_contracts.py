"""Who should own a service, whether to buy at all, and failure demand of two kinds (HSV-1, HSV-2, TCE-1, COST-3)."""

import math

import numpy as np
import pytest
from alone import caught, near_mean, planted_rule

from insource.rules import failure_demand, incomplete_contracts

pytestmark = pytest.mark.closed_form


def check_hsv_1(rules):
    """Saving 10, damage 4, benefit 8, full stake: surplus 100 / 68 / 75, cutting 100 / 9, improving 16 / 16."""
    best = rules.best_efforts(10.0, 4.0, 8.0)
    outside = rules.outside_owner_efforts(10.0, 8.0)
    public = rules.public_manager_efforts(10.0, 4.0, 8.0, 1.0)
    assert outside == pytest.approx((100.0, 16.0), rel=1e-12), "outside"
    assert public == pytest.approx((9.0, 16.0), rel=1e-12), "public"
    found = [rules.surplus(*one, 10.0, 4.0, 8.0) for one in (best, outside, public)]
    assert found == pytest.approx([100.0, 68.0, 75.0], rel=1e-12), "surplus"


def test_hsv_1():
    """HSV-1, and that no other efforts do better than the best (a grid over both)."""
    check_hsv_1(incomplete_contracts)
    top = max(
        incomplete_contracts.surplus(e, i, 10.0, 4.0, 8.0)
        for e in np.linspace(0.0, 100.0, 101)
        for i in np.linspace(0.0, 100.0, 101)
    )
    assert top == pytest.approx(100.0, rel=1e-12)


def test_hsv_1_efforts_are_what_each_would_choose():
    """Each party's own first-order condition, by search over efforts."""
    saving, damage, benefit, stake = 10.0, 4.0, 8.0, 0.6
    effort = np.linspace(0.0, 120.0, 1_200_001)
    root = np.sqrt(effort)
    cut, improve = incomplete_contracts.outside_owner_efforts(saving, benefit)
    assert effort[np.argmax(2.0 * saving * root - effort)] == pytest.approx(cut, abs=1e-3)
    assert effort[np.argmax(benefit * root - effort)] == pytest.approx(improve, abs=1e-3)
    cut, improve = incomplete_contracts.public_manager_efforts(saving, damage, benefit, stake)
    assert effort[np.argmax(stake * (saving - damage) * root - effort)] == pytest.approx(cut, abs=1e-3)
    assert effort[np.argmax(stake * benefit * root - effort)] == pytest.approx(improve, abs=1e-3)


def test_hsv_1_fails_if_the_outside_owner_feels_the_damage():
    """An owner outside who cares about what cost cutting does is found out."""
    fault = planted_rule("incomplete_contracts", "return _squared(saving), ", "return saving, ")
    caught(check_hsv_1, fault, "outside")


def check_hsv_2(rules):
    """The switch: damage of a third of the saving at full stake, 5.174130 at six tenths, where public is worth 51."""
    assert rules.damage_at_which_public_wins(10.0, 8.0, 1.0) == pytest.approx(10.0 / 3.0, rel=1e-12), "full stake"
    assert rules.damage_at_which_public_wins(10.0, 8.0, 0.6) == pytest.approx(5.174130, abs=5e-7), "stake .6"
    public = rules.public_manager_efforts(10.0, 4.0, 8.0, 0.6)
    assert rules.surplus(*public, 10.0, 4.0, 8.0) == pytest.approx(51.0, rel=1e-12), "worth"
    for stake in (0.6, 0.8, 1.0):
        damage = rules.damage_at_which_public_wins(10.0, 8.0, stake)
        outside = rules.surplus(*rules.outside_owner_efforts(10.0, 8.0), 10.0, damage, 8.0)
        own = rules.surplus(*rules.public_manager_efforts(10.0, damage, 8.0, stake), 10.0, damage, 8.0)
        assert own == pytest.approx(outside, rel=1e-9), "equal at the switch"


def test_hsv_2():
    """HSV-2; at full stake what an improvement is worth does not matter (section 0.6); with no stake nothing helps."""
    check_hsv_2(incomplete_contracts)
    for benefit in (0.0, 3.0, 80.0):
        found = incomplete_contracts.damage_at_which_public_wins(9.0, benefit, 1.0)
        assert found == pytest.approx(3.0, rel=1e-9)
    assert incomplete_contracts.damage_at_which_public_wins(10.0, 8.0, 0.0) == math.inf


def test_hsv_2_fails_if_stake_does_not_matter():
    """A switch that is a third of the saving whatever the manager feels is found out."""
    fault = planted_rule(
        "incomplete_contracts", "weight = stake - stake * stake / (2.0 * 2.0)", "weight = 1.0 - 1.0 / 4.0"
    )
    caught(check_hsv_2, fault, "stake .6")


def check_tce_1(rules):
    """Governing a purchase .5 + 4k, one's own service 2 + k: buy up to k = 1.16667 (.5 if it saves nothing)."""
    assert rules.specificity_at_which_own_wins(0.5, 4.0, 2.0, 1.0, 2.0) == pytest.approx(1.166667, abs=5e-7), "switch"
    assert rules.specificity_at_which_own_wins(0.5, 4.0, 2.0, 1.0, 0.0) == pytest.approx(0.5, rel=1e-12), "equal cost"
    k = rules.specificity_at_which_own_wins(0.5, 4.0, 2.0, 1.0, 2.0)
    assert 0.5 + 4.0 * k - 2.0 == pytest.approx(2.0 + 1.0 * k, rel=1e-12)


def test_tce_1():
    """TCE-1."""
    check_tce_1(incomplete_contracts)


def test_tce_1_fails_if_production_costs_are_forgotten():
    """A threshold that knows only of governing is found out."""
    fault = planted_rule("incomplete_contracts", "buying_fixed + saving_by_buying)", "buying_fixed)")
    caught(check_tce_1, fault, "switch")


M = (0.10, 0.05, 0.20, 0.02)
"""For each unit of a: .10 of a and .05 of b; for each of b: .20 of a and .02 of b."""


def check_cost_3(rules):
    """100 and 20 units first asked for become 116.972477 and 26.376147."""
    assert rules.all_demand(100.0, 20.0, *M) == pytest.approx((116.972477, 26.376147), abs=5e-7), "Leontief"
    rng = np.random.default_rng(3)
    totals = np.array([_generations(rng) for _ in range(3000)])
    near_mean(totals[:, 0], 116.972477, "units of a")
    near_mean(totals[:, 1], 26.376147, "units of b")


def _generations(rng):
    """All units when each brings Poisson numbers of further ones, until a generation is empty."""
    now, total = np.array([100, 20]), np.zeros(2)
    while now.sum() > 0:
        total += now
        now = np.array([rng.poisson(now[0] * M[0] + now[1] * M[2]), rng.poisson(now[0] * M[1] + now[1] * M[3])])
    return total


def test_cost_3():
    """COST-3, by formula and by drawing generations of failures: 3,000 cases, 4 standard errors."""
    check_cost_3(failure_demand)
    assert failure_demand.growth_of_failure(*M) == pytest.approx(max(np.linalg.eigvals([M[:2], M[2:]])), rel=1e-9)
    assert failure_demand.all_demand(1.0, 1.0, 0.9, 0.5, 0.5, 0.2) == (math.inf, math.inf)
    assert failure_demand.all_demand(100.0, 0.0, 0.2, 0.0, 0.0, 0.0)[0] == pytest.approx(125.0, rel=1e-12)


def test_cost_3_fails_if_failures_stay_at_home():
    """Failures of one kind that never make work of the other kind are found out."""
    fault = planted_rule("failure_demand", "first_a * (1.0 - bb) + first_b * ba", "first_a * (1.0 - bb)")
    caught(check_cost_3, fault, "Leontief")


def test_cost_2_in_the_rules():
    """COST-2: 25 at a fifth failing is 31.25 a success, 22 at three tenths 31.428571; level at .296."""
    assert failure_demand.cost_of_a_success(25.0, 0.2) == pytest.approx(31.25, rel=1e-12)
    assert failure_demand.cost_of_a_success(22.0, 0.3) == pytest.approx(31.428571, abs=5e-7)
    assert failure_demand.failing_share_at_which_equal(22.0, 25.0, 0.2) == pytest.approx(0.296, rel=1e-12)
    assert failure_demand.failing_share_at_which_equal(24.601064, 31.76, 0.05) == pytest.approx(0.264137, abs=5e-7)

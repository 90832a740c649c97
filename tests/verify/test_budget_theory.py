"""Money, prevention, fees and the hospital as rules alone: theory.md section 9, rows MONEY-1 to MONEY-5, and the loops.

Every check is a function of the rules it checks, so that it can be run with a rule that has a fault, and must then
fail.
"""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from alone import caught

from insource.rules import budget, fees, hospital, prevention

pytestmark = pytest.mark.closed_form

LEAVING, COST, ENTRIES = 0.2, 15.0, 200.0


def _with(rules, **replaced):
    """The rules of a module with some replaced by faulty ones."""
    return SimpleNamespace(**{**vars(rules), **replaced})


def check_money_1(rules):
    assert rules.yearly_cut(0.28, 4.0) == pytest.approx(0.078844, abs=5e-7)
    assert (1.0 - rules.yearly_cut(0.28, 4.0)) ** 4 == pytest.approx(0.72, rel=1e-12)
    assert rules.cut_of_unprotected(0.28, 0.70) == pytest.approx(0.933333, abs=5e-7), "statutory share .70"
    assert rules.cut_of_unprotected(0.28, 0.60) == pytest.approx(0.70, rel=1e-12)
    assert rules.cut_of_unprotected(0.28, 0.72) == pytest.approx(1.0, rel=1e-12)
    assert rules.cut_of_unprotected(0.28, 0.90) == 1.0


def test_money_1_who_bears_the_cut():
    """MONEY-1: 28% in four years is 7.8844% a year; with 70% (60%) protected prevention falls by 93.3% (70%)."""
    check_money_1(budget)
    caught(check_money_1, _with(budget, cut_of_unprotected=lambda cut, protected: cut), "statutory share .70")


def test_what_is_left_for_prevention():
    """Protected lines first; never below what is fenced, never above the ceiling; reserves pay while they last."""
    assert budget.left_for_prevention(100.0, 70.0, 0.0, 999.0) == 30.0
    assert budget.left_for_prevention(100.0, 130.0, 0.0, 999.0) == 0.0
    assert budget.left_for_prevention(100.0, 130.0, 12.0, 999.0) == 12.0
    assert budget.left_for_prevention(100.0, 10.0, 0.0, 40.0) == 40.0
    assert budget.from_reserves(30.0, 20.0) == 20.0
    assert budget.from_reserves(-5.0, 20.0) == 0.0
    assert budget.from_reserves(5.0, -1.0) == 0.0
    assert budget.lowered(1.0, 0.10, 0.5, 0.04) == pytest.approx(0.96)
    assert budget.lowered(1.0, 0.02, 0.5, 0.04) == pytest.approx(0.99)
    assert budget.lowered(0.9, -0.5, 0.5, 0.04) == 0.9
    assert budget.restored(0.9, 0.04) == pytest.approx(0.936)
    assert budget.restored(0.98, 0.04) == 1.0


def _path(cases, avoided, money, years, lag=0, rules=prevention):
    """Cases year by year with constant returns; prevention works `lag` years later. The last 60 years are kept."""
    spent = [max(money - COST * cases, 0.0)] * (lag + 1)
    kept = []
    for _ in range(years):
        spent = [max(money - COST * cases, 0.0), *spent[:lag]]
        entries = rules.entries_with_prevention(ENTRIES, avoided, spent[-1])
        cases = rules.next_cases(cases, LEAVING, entries)
        kept = [*kept[-59:], cases]
    return np.array(kept)


def check_money_2(rules):
    assert rules.steady_cases(ENTRIES, 0.008, 16000.0, LEAVING, COST) == pytest.approx(900.0)
    assert rules.steady_prevention(ENTRIES, 0.008, 16000.0, LEAVING, COST) == pytest.approx(2500.0)
    assert rules.steady_cases(ENTRIES, 0.008, 15500.0, LEAVING, COST) == pytest.approx(950.0)
    assert rules.root(LEAVING, 0.008, COST) == pytest.approx(0.92)
    assert rules.half_life_years(0.92) == pytest.approx(8.31, abs=0.005)
    assert rules.spiral_gain(0.008, COST, LEAVING) == pytest.approx(0.6)
    assert rules.distance_to_spiral(0.008, COST, LEAVING) == pytest.approx(0.4)
    path = _path(950.0, 0.008, 16000.0, 60, rules=rules)
    np.testing.assert_allclose(path - 900.0, 50.0 * 0.92 ** np.arange(1, 61), rtol=1e-9, err_msg="the path to rest")


def test_money_2_a_stable_council():
    """MONEY-2: cases rest at 900 with 2,500 for prevention; the root is .92; 500 pounds less make it 950."""
    check_money_2(prevention)
    faulty = _with(prevention, entries_with_prevention=lambda entries, avoided, spent: entries - 2 * avoided * spent)
    caught(check_money_2, faulty, "the path to rest")


def check_money_3(rules, lag):
    start = 700.0 + np.array([20.0, -20.0])
    assert rules.steady_cases(ENTRIES, 0.02, 13500.0, LEAVING, COST) == pytest.approx(700.0)
    assert rules.spiral_gain(0.02, COST, LEAVING) == pytest.approx(1.5)
    assert rules.budget_that_splits(ENTRIES, LEAVING, COST) == pytest.approx(15000.0)
    above, below = (_path(cases, 0.02, 13500.0, 400, lag, rules)[-1] for cases in start)
    assert above == pytest.approx(1000.0, abs=0.001), "from 720 to 1,000 cases and no prevention"
    assert below == pytest.approx(0.0, abs=0.001), "from 680 to none"
    near = [_path(700.0 + step, 0.02, 13500.0, 900, lag, rules)[-1] for step in (1e-3, -1e-3)]
    assert near == pytest.approx([1000.0, 0.0], abs=0.001), "the boundary lies at 700"


@pytest.mark.parametrize("lag", [0, 4])
def test_money_3_two_ways_to_go(lag):
    """MONEY-3: 720 cases drift to 1,000 and no prevention, 680 to none; a lag of four years leaves the boundary."""
    check_money_3(prevention, lag)
    faulty = _with(prevention, next_cases=lambda cases, leaving, entries: (1.0 - 2 * leaving) * cases + entries)
    with pytest.raises(AssertionError):
        check_money_3(faulty, lag)


@pytest.mark.parametrize("lag", [0, 1, 4, 12])
def test_money_3_no_lag_moves_the_condition(lag):
    """A gain of .98 comes back to rest and one of 1.02 does not, however late prevention works."""
    for gain, is_stable in ((0.98, True), (1.02, False)):
        avoided = gain * LEAVING / COST
        rest, money = 900.0, COST * 900.0 + (ENTRIES - LEAVING * 900.0) / avoided
        assert prevention.steady_cases(ENTRIES, avoided, money, LEAVING, COST) == pytest.approx(rest)
        path = _path(rest + 0.01, avoided, money, 3000, lag)
        assert (abs(path[-1] - rest) < 0.01) == is_stable, (gain, lag)


def check_money_4(rules):
    arguments = (ENTRIES, 0.02, 14500.0, LEAVING, COST)
    ends = ((300.0, 600.0), (600.0, 960.0), (960.0, 1200.0))
    rests = [rules.rest_between(low, high, *arguments) for low, high in ends]
    assert rests == pytest.approx([486.984, 885.897, 1000.0], abs=0.01), "three places to rest"
    slopes = [rules.slope_with_diminishing_returns(rest, *arguments) for rest in rests]
    assert slopes == pytest.approx([0.9461, 1.0658, 0.8], abs=0.0001)


def test_money_4_diminishing_returns():
    """MONEY-4: up to three places to rest, at 486.98, 885.90 (unstable) and 1,000 cases."""
    check_money_4(prevention)
    caught(
        check_money_4,
        _with(prevention, rest_between=lambda low, high, *rest: (low + high) / 2.0),
        "three places to rest",
    )


def check_money_5(rules):
    assert rules.worth_buying(0.1, 4000.0, 200.0) == pytest.approx(200.0)
    assert rules.worth_buying(0.1, 4000.0 + 6000.0, 200.0) == pytest.approx(800.0), "with the NHS's saving"
    assert rules.worth_buying(0.1, 1500.0, 200.0) == 0.0
    spent = np.linspace(0.0, 2000.0, 200001)
    worth = 0.1 * np.log1p(spent / 200.0) * 10_000.0 - spent
    assert spent[worth.argmax()] == pytest.approx(rules.worth_buying(0.1, 10_000.0, 200.0), abs=0.02)


def test_money_5_what_the_council_leaves_out():
    """MONEY-5: worth 4,000 to the council and 6,000 to the NHS: 200 are bought where 800 would be worth buying."""
    check_money_5(prevention)
    caught(check_money_5, _with(prevention, worth_buying=lambda strength, value, scale: strength * value))


def test_no_spiral_where_prevention_does_not_pay():
    """Claim 9b: 'it does not pay' and 'cuts feed on themselves' exclude each other at every strength, cost and length.

    Told apart by running the recursion, not by comparing the rule with itself.
    """
    generator = np.random.default_rng(9)
    seen = {True: 0, False: 0}
    for _ in range(300):
        leaving, cost = generator.uniform(0.05, 0.6), generator.uniform(1.0, 60.0)
        avoided = leaving / cost * generator.uniform(0.2, 1.8)
        first = 1.0
        for _ in range(4000):  # a cut of 1 pound in the first year alone; what it does to cases dies out or grows
            first = first * (1.0 - leaving) + avoided * cost * first
        spirals = first > 1.0
        pays = prevention.saving_a_pound(avoided, cost, leaving) > 0.0
        assert pays == spirals
        assert (prevention.spiral_gain(avoided, cost, leaving) > 1.0) == spirals
        seen[spirals] += 1
    assert min(seen.values()) > 50


def test_entry_ratio():
    """1 at the stock of baseline, with the slope asked for there, whatever the returns; a straight line at 1."""
    for constant in (0.0, 0.3, 1.0):
        assert prevention.entry_ratio(0.4, 1.0, constant) == pytest.approx(1.0, abs=1e-15)
        slope = (prevention.entry_ratio(0.4, 1.0 + 1e-6, constant) - 1.0) / 1e-6
        assert slope == pytest.approx(-0.4, rel=1e-5)
    assert prevention.entry_ratio(0.4, 0.0, 1.0) == pytest.approx(1.4)
    assert prevention.entry_ratio(0.4, 9.0, 1.0) == 0.0
    assert prevention.entry_ratio(0.4, 0.0, 0.0) == pytest.approx(math.exp(0.4))
    assert prevention.entry_ratio(0.0, 7.0, 0.3) == 1.0
    expected = prevention.entries_with_diminishing_returns(200.0, 0.02, 3000.0)
    base = prevention.entries_with_diminishing_returns(200.0, 0.02, 1000.0)
    assert prevention.entry_ratio(0.02 * 1000.0 / 200.0, 3.0, 0.0) * base == pytest.approx(expected)


def test_stock():
    """A stock kept to a share k a week comes to the spending ratio, and is half way there after ln 2 / -ln k weeks."""
    stock = 1.0
    for _ in range(50):
        stock = prevention.next_stock(stock, 0.2, 0.96)
    assert stock == pytest.approx(0.2 + 0.8 * 0.96**50)


def test_fee_spiral():
    """L5: lower fees make deficits exactly where exits cost more than the fee saves; the speeds set only how fast."""
    for saved, lost, closed, speed, elasticity in (
        (0.5, 0.2, 0.4, 0.3, 1.0),
        (0.5, 0.9, 0.4, 0.3, 1.0),
        (0.3, 0.1, 0.9, 0.9, 0.5),
        (0.3, 0.5, 0.9, 0.9, 2.0),
    ):
        assert _growth(fees, saved, lost, closed, speed, elasticity) == pytest.approx(
            fees.fee_root(saved, lost, closed, speed, elasticity), rel=1e-6
        )
        spirals = fees.fee_root(saved, lost, closed, speed, elasticity) > 1.0
        assert (fees.fee_spiral_gain(saved, lost, elasticity) > 1.0) == spirals
        assert (fees.distance_to_fee_spiral(saved, lost, elasticity) < 0.0) == spirals


def _growth(rules, saved, lost, closed, speed, elasticity):
    """The factor by which small departures grow or fade in a year once they have found their shape."""
    fee, supply, growth = 1.0, 0.3, 0.0
    for _ in range(600):
        deficit = rules.fee_deficit(fee, supply, saved, lost)
        after = rules.next_fee(fee, deficit, closed), rules.next_supply(supply, fee, speed, elasticity)
        growth = math.hypot(*after) / math.hypot(fee, supply)
        fee, supply = (one / math.hypot(*after) for one in after)
    return growth


def test_fee_swing():
    """Fees moved too fast swing: with nothing lost to exits the smaller root is 1 - closed * saved."""
    assert fees.fee_swing_root(0.5, 0.0, 4.5, 0.3, 1.0) == pytest.approx(1.0 - 4.5 * 0.5)
    assert _growth(fees, 0.5, 0.0, 4.5, 0.3, 1.0) == pytest.approx(1.25, rel=1e-6)
    faulty = _with(fees, next_fee=lambda fee, deficit, closed: fee)
    assert _growth(faulty, 0.5, 0.9, 0.4, 0.3, 1.0) != pytest.approx(fees.fee_root(0.5, 0.9, 0.4, 0.3, 1.0), rel=1e-3)


def test_hospital_loop():
    """L7: need at rest when part of what goes unmet comes back, by adding up the returns; and when they never end."""
    slope = hospital.admission_slope(0.35, 15_000.0, 5_000.0, 0.9)
    assert slope == pytest.approx(0.35 * 3.0 / 0.9)
    assert hospital.admission_slope(0.35, 15_000.0, 5_000.0, 0.0) == 0.0
    assert hospital.admission_ratio(slope, 0.04, 0.04) == 1.0
    assert hospital.admission_ratio(0.0, 0.9, 0.04) == 1.0
    assert hospital.admission_ratio(slope, 0.5, 0.04) == pytest.approx(1.0 + slope * 0.46)
    returning = hospital.returning_share(slope, 0.9, 0.33, 0.4, 7.8, 52.0)
    weekly = slope * 0.9 / 52.0
    later = sum(weekly * 0.33 * (math.exp(0.4) - 1.0) * (7.8 / 8.8) ** week for week in range(2000)) * 7.8 / 8.8
    assert returning == pytest.approx(later, rel=1e-6)
    need = 110.0
    for _ in range(500):
        need = 110.0 + 0.3 * max(need - 100.0, 0.0)
    assert hospital.demand_with_returns(110.0, 100.0, 0.3) == pytest.approx(need)
    assert hospital.demand_with_returns(90.0, 100.0, 0.3) == 90.0
    assert hospital.hospital_gain(0.9, 0.1) == pytest.approx(1.0)
    assert hospital.distance_to_hospital_spiral(0.3, 0.1) == pytest.approx(1.0 - 0.3 / 0.9)
    assert hospital.visits_for_pounds(0.00024, 100.0) == pytest.approx(0.024)

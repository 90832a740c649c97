"""The budget of a council against theory.md section 9, MONEY-1 to MONEY-4, alone and with arrivals.

Cases come at the mechanism's own ratio and leave at a fixed rate; what care costs is s pounds a case. Nothing else of
the week runs, so that the loop from prevention to entries to care and back (L1) is all there is.
"""

import math

import numpy as np
import pytest
from alone import World, caught, near_mean, planted

from insource.mechanisms import arrivals, budget
from insource.rules import fees, prevention

pytestmark = pytest.mark.closed_form

LEAVING, COST, ENTRIES = 0.2, 15.0, 200.0
WEEK = 1.0 - (1.0 - LEAVING) ** (1.0 / 52.0)
"""Chance to leave in a week, so that LEAVING do in a year."""
BIG = 1e6
"""Pence are whole numbers: pounds of the theory are taken for millions."""
ALONE = {
    "prevention_weeks": 0.001,
    "prevention_ceiling_ratio": 1e9,
    "reserves_share": 0.0,
    "deficit_fee_share": 0.0,
    "deficit_entry_share": 0.0,
    "demand_growth_rate": 0.0,
}
"""Prevention works at once and whatever is left is spent on it; a deficit is overspent."""


def _world(usual_cases, money, strength, constant, weeks=1, people=1, scale=BIG, **numbers):
    """A council at rest at `usual_cases`, with `money` in all. `strength` is avoided * prevention / entries there."""
    spent = money - COST * usual_cases
    own = {
        "prevention_pounds": spent * scale,
        "prevention_payback_ratio": strength * COST * usual_cases / spent,
        "prevention_constant_returns": constant,
    }
    world = World(weeks=weeks, people=people, numbers={**ALONE, **own, **numbers})
    world.council.people_at_start[0] = 1.0
    world.council.is_budget_limited[0] = 1
    return world


def _path(mechanism, world, usual_cases, start, years, is_lagged=False):
    """Cases at the end of each year, expected ones, from `start`. Unless lagged the budget looks at this year's."""
    area, council = world.bind(mechanism), world.council
    area.start()
    cases, weekly = usual_cases, LEAVING * usual_cases * WEEK / LEAVING
    kept = []
    for week in range(52 * years):
        council.care_spend_pence[0] = round(COST * cases * BIG * 100.0 / 52.0)
        if week % 52 == 0 and week > 0:
            if week == 52:
                cases = start
            elif not is_lagged:
                council.counted_care_pence[0] = council.care_spend_pence[0] * int(council.counted_weeks[0])
            if week > 52:
                kept.append(cases)
        area.step(week)
        cases = cases * (1.0 - WEEK) + weekly * council.entry_ratio[0]
    return np.array(kept)


def _books(years):
    return 52 * years


def check_money_1(mechanism):
    for share, expected in ((0.70, 0.933333), (0.60, 0.70), (0.72, 1.0), (0.80, 1.0)):
        world = World(weeks=60, numbers={**ALONE, "prevention_pounds": (1.0 - share) * BIG})
        world.council.people_at_start[0] = 1.0
        area, council = world.bind(mechanism), world.council
        area.start()
        council.care_spend_pence[0] = round(share * BIG * 100.0 / 52.0)
        council.is_budget_limited[0] = 1
        for week in range(53):
            council.settlement_ratio[0] = 0.72
            area.step(week)
        fallen = 1.0 - council.prevention_pence[0] / council.usual_prevention_pence[0]
        assert fallen == pytest.approx(expected, abs=2e-5), f"with {share} protected"


def test_money_1_prevention_bears_the_cut():
    """MONEY-1: 28% less with 70% (60%, 72%) protected takes 93.3% (70%, all) of prevention."""
    check_money_1(budget)


def test_money_1_fails_if_all_lines_are_cut_alike():
    """A council that shares the cut out evenly is found out."""
    caught(check_money_1, planted(budget, "budget - protected", "fenced", rule="budget"), "protected")


def check_money_2(mechanism):
    # the first year after the jump to 950 still has the prevention of 900: .8 * 50 are left, then .92 a year
    path = _path(mechanism, _world(900.0, 16000.0, 0.008 * 2500 / 180, 1.0, _books(62)), 900.0, 950.0, 62)
    np.testing.assert_allclose(path - 900.0, 40.0 * 0.92 ** np.arange(len(path)), rtol=1e-3, atol=2e-3)
    world = _world(900.0, 16000.0, 0.008 * 2500 / 180, 1.0, _books(120))
    world.council.settlement_ratio[0] = 15500.0 / 16000.0
    assert _path(mechanism, world, 900.0, 900.0, 120)[-1] == pytest.approx(950.0, abs=0.02)


def test_money_2_a_stable_council():
    """MONEY-2: 950 cases come back to 900 by .92 a year; with 500 pounds less cases rest at 950."""
    check_money_2(budget)


def test_money_2_fails_if_care_is_not_protected():
    """Prevention that is never cut leaves no loop: the way back is .8 a year, and that is found out."""
    caught(check_money_2, _unprotected())


def _unprotected():
    return planted(
        budget, "min(max(budget - protected, fenced), max(most, fenced))", "most * 0.0 + 48e6", rule="budget"
    )


def check_money_3(mechanism, is_lagged):
    strength = 0.02 * 3000 / 140
    for start, end in ((720.0, 1000.0), (680.0, 0.0)):
        world = _world(700.0, 13500.0, strength, 1.0, _books(150))
        path = _path(mechanism, world, 700.0, start, 150, is_lagged)
        assert path[-1] == pytest.approx(end, abs=0.01), f"from {start:g}"


@pytest.mark.parametrize("is_lagged", [False, True])
def test_money_3_two_ways_to_go(is_lagged):
    """MONEY-3: 720 cases drift to 1,000 without prevention, 680 to none; also if budgets look at the year before."""
    check_money_3(budget, is_lagged)


def test_money_3_fails_with_half_the_payback():
    """With a gain of .75 both come back to 700, and that is found out."""
    fault = planted(
        budget, "numbers.prevention_payback_ratio * usual_ratio", "numbers.prevention_payback_ratio * usual_ratio / 2.0"
    )
    with pytest.raises(AssertionError, match="from 720"):
        check_money_3(fault, False)


def check_money_4(mechanism):
    usual = 885.897
    strength = 0.02 * (14500.0 - COST * usual) / ENTRIES
    for start, end in ((900.0, 1000.0), (870.0, 486.984), (400.0, 486.984)):
        path = _path(mechanism, _world(usual, 14500.0, strength, 0.0, _books(400)), usual, start, 400)
        assert path[-1] == pytest.approx(end, abs=0.05), f"from {start:g}"


def test_money_4_diminishing_returns():
    """MONEY-4: from 900 cases to 1,000, from 870 and from 400 to 486.98; the place between at 885.90 does not hold."""
    check_money_4(budget)


def test_money_4_fails_with_constant_returns():
    """A straight line has no third place to rest: other places to rest, and that is found out."""
    caught(check_money_4, planted(budget, "numbers.prevention_constant_returns)", "1.0)"), "from 900")


def _with_arrivals(mechanism, usual, money, strength, start, years, draw, scale=10.0):
    """The same with people who come one by one and leave by chance: cases at the end of every year, over scale."""
    rows = int(1400 * scale)
    world = _world(usual, money, strength, 1.0, _books(years), rows, BIG, prevention_weeks=0.001)
    world.luck = type(world.luck)(*World(draw=draw).luck) if hasattr(world.luck, "_fields") else World(draw=draw).luck
    spending, coming, people, council = world.bind(mechanism), world.bind(arrivals), world.people, world.council
    world.donors.person[:] = 1
    spending.start()
    coming.start()
    council.arrivals_a_week[0] = usual * scale * WEEK
    rng, kept = np.random.default_rng(draw), []
    people.is_here[: int(usual * scale)] = people.is_open[: int(usual * scale)] = 1
    for week in range(52 * years):
        if week == 52:
            people.is_here[:] = people.is_open[:] = np.arange(rows) < int(start * scale)
        cases = people.is_here.sum() / scale if week >= 52 else usual
        council.care_spend_pence[0] = round(COST * cases * BIG * 100.0 / 52.0)
        spending.step(week)
        coming.step(week)
        stays = rng.random(rows) >= WEEK
        people.is_here[:] = np.where(people.is_new == 1, 1, people.is_here & stays)
        if week % 52 == 51:
            kept.append(people.is_here.sum() / scale)
    assert council.is_full[0] == 0
    return np.array(kept)


def test_money_2_with_arrivals():
    """MONEY-2 with people one by one: from 15,500 pounds' 950 on, cases come to 900. 6 runs, 4 standard errors."""
    means = np.array(
        [_with_arrivals(budget, 900.0, 16000.0, 0.008 * 2500 / 180, 950.0, 90, draw)[50:].mean() for draw in range(6)]
    )
    near_mean(means, 900.0, "cases")


def test_money_3_with_arrivals():
    """MONEY-3 with people one by one: from 800 cases to 1,000 (Poisson, 4 standard errors), from 600 to none."""
    strength = 0.02 * 3000 / 140
    last = np.array([_with_arrivals(budget, 700.0, 13500.0, strength, 800.0, 60, draw)[-1] for draw in range(6)])
    assert abs(last.mean() - 1000.0) < 4.0 * math.sqrt(1000.0 / 10.0 / 6.0)
    assert _with_arrivals(budget, 700.0, 13500.0, strength, 600.0, 60, 0)[-1] < 5.0


def check_deficit(mechanism):
    """Reserves first, then fees and entries by so much a year at most, the rest in the open, to the penny."""
    numbers = {**ALONE, "prevention_pounds": 100.0 * BIG, "reserves_share": 0.1, "deficit_fee_share": 1.0}
    numbers |= {
        "prevention_ceiling_ratio": 1.5,
        "fee_cut_most_share": 0.03,
        "deficit_entry_share": 1.0,
        "entry_cut_most_share": 0.04,
    }
    world = World(weeks=52 * 8, numbers=numbers)
    world.council.people_at_start[0] = 1.0
    area, council = world.bind(mechanism), world.council
    area.start()
    council.care_spend_pence[0], council.fees_pence[0] = round(9e10 / 52), round(6e10 / 52)
    seen = []
    for week in range(52 * 8):
        council.is_budget_limited[0] = week >= 52
        council.settlement_ratio[0] = 0.8 if week < 52 * 5 else 1.2
        area.step(week)
        if week % 52 == 0 and week > 0:
            seen.append((council.fee_ratio[0], council.eligible_share[0], council.reserves_pence[0]))
    found = np.array(seen)
    # 100 in all, 80 from year 1: care 90 leaves a deficit of 10, just what reserves hold; then fees and entries fall
    assert found[0] == pytest.approx([1.0, 1.0, 1e10], rel=1e-6), "the year reserves pay"
    assert found[1:4, 0] == pytest.approx(0.97 ** np.arange(1, 4), rel=1e-6), "fees"
    assert found[1:4, 1] == pytest.approx(0.96 ** np.arange(1, 4), rel=1e-6), "entries"
    assert found[4, 0] == pytest.approx(0.97**3 * 1.03), "fees back"
    used = world.ledger.total("reserves_used_pence")
    over = world.ledger.total("overspend_pence")
    assert used + over == pytest.approx(4e10, rel=1e-6), "deficits of four years"
    assert used == pytest.approx(1e10, rel=1e-6)
    assert council.reserves_pence[0] > 0


def test_a_deficit_is_closed_in_the_open():
    """Nothing of a deficit is lost: reserves used and overspending add up to it; levers move by their limits."""
    check_deficit(budget)


def test_deficit_fails_if_reserves_are_not_used_up():
    """Reserves that pay for ever are found out."""
    caught(check_deficit, planted(budget, "max(-over, 0) - used", "max(-over, 0)"))


def check_fence(mechanism):
    for fenced in (1.0, 0.4, 0.0):
        world = World(weeks=60, numbers={**ALONE, "prevention_pounds": 10.0 * BIG})
        world.set_terms({"ring_fenced_share": fenced})
        world.council.people_at_start[0] = 1.0
        area, council = world.bind(mechanism), world.council
        area.start()
        council.is_budget_limited[0], council.settlement_ratio[0] = 1, 0.5
        council.care_spend_pence[0] = round(90.0 * BIG * 100.0 / 52.0)
        for week in range(54):
            area.step(week)
        kept = council.prevention_pence[0] / council.usual_prevention_pence[0]
        assert kept == pytest.approx(fenced, abs=1e-6), "what is ring-fenced is kept"


def test_ring_fence():
    """With half the money gone just the ring-fenced share of prevention is left."""
    check_fence(budget)
    caught(check_fence, planted(budget, "fenced = area.parts", "fenced = 0.0 * area.parts"), "ring-fenced")


def test_no_limit_changes_nothing():
    """Without a limit every ratio stays at 1 whatever care costs, and prevention at what it was."""
    world = World(weeks=300, numbers={"prevention_payback_ratio": 1.2})
    world.council.people_at_start[0] = 1000.0
    area, council = world.bind(budget), world.council
    area.start()
    for week in range(300):
        council.care_spend_pence[0] = 1000 * week * week
        area.step(week)
        ratios = (council.entry_ratio[0], council.eligible_share[0], council.fee_ratio[0], council.prevention_stock[0])
        assert ratios == (1.0, 1.0, 1.0, 1.0)
        assert council.prevention_pence[0] == council.usual_prevention_pence[0]
    assert sum(world.ledger.total(account) for account in budget.POSTS) == 0


def _fee_years(mechanism, lost, years=8):
    """L5: fees answer the deficit, supply follows fees, and lost supply is bought dear. The deficit year by year."""
    numbers = {**ALONE, "prevention_pounds": 0.0, "deficit_fee_share": 1.0, "fee_cut_most_share": 0.05}
    world = World(weeks=52 * (years + 2), numbers=numbers)
    world.council.people_at_start[0] = 1.0
    area, council = world.bind(mechanism), world.council
    area.start()
    supply, costs = 1.0, []
    for week in range(52 * (years + 1)):
        council.is_budget_limited[0], council.settlement_ratio[0] = week >= 52, 0.9
        if week % 52 == 0:
            supply = 1.0 + fees.next_supply(supply - 1.0, council.fee_ratio[0] - 1.0, 1.0, 1.0)
            costs.append(council.fee_ratio[0] + lost * (1.0 - supply))
        council.fees_pence[0] = council.care_spend_pence[0] = round(costs[-1] * BIG * 100.0)
        area.step(week)
    return np.array(costs[2:])


def test_fee_loop():
    """L5: where exits cost less than lower fees save (gain .5) a deficit closes; where more (1.5) it grows."""
    assert fees.fee_spiral_gain(1.0, 0.5, 1.0) < 1.0 < fees.fee_spiral_gain(1.0, 1.5, 1.0)
    assert (np.diff(_fee_years(budget, 0.5)) < 0.0).sum() >= 3
    assert _fee_years(budget, 0.5)[-1] < 0.97
    assert (np.diff(_fee_years(budget, 1.5)) > 0.0).all()


def test_gain_of_the_loop_is_the_payback():
    """L1 in the council's own figures: the condition phi s / delta > 1 is prevention_payback_ratio > 1."""
    usual, money = 900.0, 16000.0
    spent, entries = money - COST * usual, LEAVING * usual
    for payback in (0.3, 0.99, 1.01):
        avoided = payback * LEAVING / COST
        strength = avoided * spent / entries
        assert prevention.spiral_gain(avoided, COST, LEAVING) == pytest.approx(payback)
        world = _world(usual, money, strength, 0.0, _books(40))
        assert world.numbers.prevention_payback_ratio == pytest.approx(payback)
        path = _path(budget, world, usual, usual * 1.001, 40)
        assert (path[-1] > path[0]) == (payback > 1.0)

"""What services pay, against theory.md section 11 (LOW-5) and section 12 (WORK-7, COST-4), and by year."""

import math

import numpy as np
import pytest
from alone import World, caught, planted, planted_rule
from staff import CALM, all_filled, services

from insource.mechanisms import pay, workforce
from insource.rules import turnover
from insource.rules.pay_and_prices import following_pay, indexed_price, mean_pay, years_after
from insource.rules.turnover import cheapest_pay, pay_over_worth

pytestmark = pytest.mark.closed_form


def check_scale(mechanism):
    """A scale times what a service offers over it, and never below the floor."""
    own = {"council_pay_pence": 1337.0, "unsocial_hours_share": 0.08, "wage_floor_pence": 1221.0}
    world = World(numbers={**CALM, **own, "market_pay_pence": 1245.0}, providers=6, parts=2)
    world.set_terms({"pay_scale": ["market", "council"]})
    world.providers.part[:] = [0, 0, 0, 1, 1, 1]
    world.providers.pay_ratio[:] = [1.0, 1.1, 0.9, 1.0, 1.1, 0.5]
    bound = world.bind(mechanism)
    bound.start()
    expected = [1245.0, 1369.5, 1221.0, 1443.96, 1588.356, 1221.0]
    assert world.providers.pay_pence.tolist() == pytest.approx(expected), "pay at the start"
    bound.step(0)
    assert world.providers.offered_pay_pence.tolist() == pytest.approx(expected), "pay offered"


def test_scale_and_floor():
    """The equation of the mechanism, exactly."""
    check_scale(pay)


def test_scale_fails_without_a_floor():
    """Pay below the law is found out."""
    fault = planted(pay, "return max(scale, numbers.wage_floor_pence * floor_ratio)", "return scale")
    caught(check_scale, fault, "pay at the start")


def check_floor(mechanism):
    """The floor rises at each year of the comparison; scales follow it by their share, and never lie below it."""
    rise = {"wage_floor_pence": 1221.0, "market_pay_pence": 1245.0, "floor_growth_rate": 0.02}
    world = World(weeks=1, numbers={**CALM, **rise, "pay_follows_floor_share": 0.5}, providers=1)
    world.council.first_week[0] = 52
    bound = world.bind(mechanism)
    bound.start()
    for week, years in ((0, 0), (51, 0), (52, 0), (103, 0), (104, 1), (156, 2), (312, 5)):
        bound.step(week)
        floor = 1.02**years
        assert world.council.floor_ratio[0] == pytest.approx(floor, rel=1e-12), "floor"
        expected = max(1245.0 * (1.0 + 0.5 * (floor - 1.0)), 1221.0 * floor)
        assert world.providers.pay_pence[0] == pytest.approx(expected, rel=1e-12), "pay by year"
        assert world.council.market_pay_ratio[0] == pytest.approx(expected / 1245.0, rel=1e-12), "market pay"


def test_floor_by_year():
    """Compound growth from the first week of the comparison; after five years the floor has caught up with pay."""
    check_floor(pay)
    assert [years_after(week, 52) for week in (0, 52, 103, 104, 312)] == [0, 0, 0, 1, 5]
    assert following_pay(1000.0, 1.1, 0.5) == pytest.approx(1050.0)
    assert indexed_price(25.0, 1.1, 0.8) == pytest.approx(27.0)
    assert indexed_price(25.0, 1.1, 0.0) == 25.0


def test_floor_fails_if_it_rises_all_the_time():
    """A floor that rises while the model runs in is found out."""
    caught(check_floor, planted(pay, "years_after(week, council.first_week[0])", "years_after(week, 0)"), "floor")


def check_low_5(mechanism):
    """Pay falls from 13 to 11.5; of those in post .49 are left after two years, and pay is 12.235 on average."""
    weekly = 1.0 - 0.7 ** (1.0 / 52.0)
    world = services(100, 110, market_pay_pence=1300.0)
    world.providers.quit_rate[:] = world.providers.protected_quit_rate[:] = -52.0 * math.log(1.0 - weekly)
    world.providers.fill_chance[:] = 1.0
    all_filled(world)
    pays, moves = world.bind(mechanism), world.bind(workforce)
    pays.start()
    world.providers.pay_ratio[:] = 1150.0 / 1300.0
    for week in range(105):
        pays.step(week)
        if week == 0:
            assert world.providers.pay_pence[0] == pytest.approx(1300.0), "pay in the week of the cut"
        if week < 104:
            moves.step(week)
    kept = world.workers.is_protected.reshape(100, -1).mean(axis=1)
    error = kept.std() / math.sqrt(100)
    assert abs(kept.mean() - 0.49) < 4.0 * error, "share protected"
    filled = world.providers.filled_posts / 1000.0
    expected = 11.5 + 1.5 * kept / filled
    assert (world.providers.pay_pence / 100.0).tolist() == pytest.approx(expected.tolist()), "mean pay"
    assert abs(world.providers.pay_pence.mean() / 100.0 - 12.235) < 4.0 * 1.5 * error + 0.005, (
        "mean pay after two years"
    )


def test_low_5():
    """LOW-5: .3 a year leave, two years: .49 on the old terms, mean pay 12.235 (binomial error, 4 standard errors)."""
    assert pytest.approx(0.49) == 0.7**2
    assert mean_pay(11.5, 13.0, 0.49) == pytest.approx(12.235)
    check_low_5(pay)


def test_low_5_fails_if_protection_is_inherited():
    """A newcomer on the pay of who left is found out."""
    fault = planted(pay, "(workers.is_filled[k] == 1)", "(workers.is_filled[k] >= 0)")
    caught(check_low_5, fault, "share protected")


def test_protection_as_far_as_the_terms_say():
    """A share keeps its pay; a rise above it ends the protection for good."""
    world = services(4, 4, posts=1000)
    world.set_terms({"protected_share": 0.25})
    all_filled(world)
    bound = world.bind(pay)
    bound.start()
    for week, ratio in enumerate((0.9, 1.05, 0.99)):
        world.providers.pay_ratio[:] = ratio
        bound.step(week)
        if week == 1:
            assert not world.workers.is_protected.any()
            assert (world.providers.protected_pay_pence == 0.0).all()
        else:
            share = world.workers.is_protected.mean()
            assert abs(share - 0.25) < 4.0 * math.sqrt(0.25 * 0.75 / 4000)
    assert (world.providers.protected_pay_pence == 1.05 * 1300.0).all()


def check_cost_4(rules):
    """The pay that makes pay and replacing leavers together least: 10.482966; a tenth of the cost, 10^(1/3) less."""
    best = rules.cheapest_pay(20000.0, 1500.0, 2.0, 0.30, 12.0)
    assert best == pytest.approx(10.482966, abs=5e-7), "cheapest pay"
    assert best / rules.cheapest_pay(2000.0, 1500.0, 2.0, 0.30, 12.0) == pytest.approx(2.154435, abs=5e-7)
    grid = np.linspace(8.0, 14.0, 60001)
    cost = grid * 1500.0 + 20000.0 * 0.30 * (grid / 12.0) ** -2.0
    assert grid[cost.argmin()] == pytest.approx(best, abs=1e-3), "cheapest pay by search"


def test_cost_4():
    """COST-4: Salop's wage, by formula and by search over pay."""
    check_cost_4(turnover)
    assert cheapest_pay(2000.0, 1500.0, 2.0, 0.30, 12.0) == pytest.approx(4.86576, abs=5e-6)


def test_cost_4_fails_if_hours_are_forgotten():
    """A cost for each leaver that is not spread over hours is found out."""
    caught(check_cost_4, planted_rule("turnover", "leaver_cost / hours_a_year", "leaver_cost"), "cheapest pay")


def test_work_7():
    """WORK-7: a monopsonist pays .666667, .8 and .833333 of worth at elasticities 2, 4 and 5; by search as well."""
    for elasticity, expected in ((2.0, 0.666667), (4.0, 0.8), (5.0, 0.833333)):
        assert pay_over_worth(elasticity) == pytest.approx(expected, abs=5e-7)
        grid = np.linspace(0.3, 1.0, 70001)
        assert grid[((1.0 - grid) * grid**elasticity).argmax()] == pytest.approx(expected, abs=2e-5)

"""How many posts services want, against theory.md section 4 (POOL-1, POOL-2) and the equation of the mechanism."""

import math

import pytest
from alone import caught, planted
from staff import A_YEAR, FILLS, LEAVES, services

from insource.mechanisms import posts
from insource.rules.pooling import cover_for_reliability, pooled_variation
from insource.rules.staffing import available_minutes, leave_ratio, posts_wanted, visit_share
from insource.rules.travel import travel_minutes_a_visit, travel_ratio
from insource.rules.turnover import fill_chance, filled_share

pytestmark = pytest.mark.closed_form


def test_pool_1_and_2_covers():
    """POOL-1 and POOL-2: hours for 100 people (14, sd 4, 95%), correlated, and in M equal services."""
    for rho, expected in ((0.0, 1465.794), (0.05, 1560.489), (0.2, 1700.067), (1.0, 2057.941)):
        hours = 1400.0 * cover_for_reliability(0.95, pooled_variation(4.0 / 14.0, rho, 100.0))
        assert hours == pytest.approx(expected, abs=1e-3)
    for teams, expected in ((4, 1531.588), (10, 1608.059), (25, 1728.971)):
        cover = cover_for_reliability(0.95, pooled_variation(4.0 / 14.0, 0.0, 100.0 / teams))
        assert 1400.0 * cover == pytest.approx(expected, abs=1e-3)
    assert cover_for_reliability(0.4, 0.3) == 1.0


def _planning(reach, people, demand):
    slack = {"planned_slack_share": 0.1, "planned_reliability_share": 0.95, "need_variation": 4.0 / 14.0}
    world = services(1, 1, posts=5000, need_correlation=0.05, contract_hours=30.0, **slack)
    world.set_terms({"hours_move_within": reach, "training_hours": 26, "holiday": "statutory"})
    world.providers.pool_people[:] = people
    world.providers.demand_minutes[:] = demand
    world.providers.travel_ratio[:] = 0.25
    return world


def check_posts(mechanism):
    """Posts cover demand with slack, and with what a pool of that size needs where hours may be moved (POOL-1)."""
    demand = 1400.0 * 60.0
    minutes = available_minutes(1800.0, leave_ratio(28.0, 260.0), 26.0) * visit_share(0.25, 0.0, 0.0)
    assert minutes == pytest.approx((1800.0 / (1.0 + 28.0 / 232.0) - 30.0) / 1.25, rel=1e-12)
    filled = filled_share(LEAVES, FILLS)
    for reach, cover in (("person", 1.0), ("area", 1560.489 / 1400.0)):
        world = _planning(reach, 100.0, demand)
        world.bind(mechanism).step(0)
        expected = demand * cover * 1.1 / (minutes * filled)
        assert world.providers.wanted_posts[0] == math.ceil(expected - 1e-3), reach


def test_posts_cover_demand():
    """Equation of the mechanism with POOL-1's cover of 1560.489 hours for 1,400 at a correlation of .05, exactly."""
    check_posts(posts)
    assert posts_wanted(100.0, 1.0, 0.0, 0.0, 1.0) == 0


def test_posts_fail_if_cover_is_planned_everywhere():
    """A pool's cover where hours cannot be moved is found out."""
    caught(check_posts, planted(posts, "!= NOWHERE:", ">= NOWHERE:"), "person")


def test_staffing_ratio_thins_the_posts():
    """A service that means to staff four fifths of what is scheduled wants four fifths of the posts."""
    full, thin = _planning("person", 100.0, 84000.0), _planning("person", 100.0, 84000.0)
    thin.providers.staffing_ratio[:] = 0.8
    for world in (full, thin):
        world.bind(posts).step(0)
    assert abs(thin.providers.wanted_posts[0] - 0.8 * full.providers.wanted_posts[0]) < 1.0


def test_start_fits_posts_to_orders():
    """Posts at the start cover the orders in force, with the travel of the people who are there."""
    world = services(1, 1, posts=5000, people=400)
    world.people.ordered_minutes[:], world.people.provider[:] = 840, 0
    world.providers.patch_km2[0] = 50.0
    world.providers.fill_chance[:] = fill_chance(A_YEAR, 0.07)
    world.bind(posts).start()
    n = world.numbers
    law = (n.door_minutes, n.speed_kmh, n.detour_ratio, n.travel_constant, n.travel_window_term)
    travel = travel_ratio(travel_minutes_a_visit(50.0, 400.0, *law), n.visit_minutes)
    leave = leave_ratio(n.statutory_leave_days, n.days_worked_a_year)
    visits = available_minutes(n.contract_hours * 60.0, leave, 16.0) * visit_share(travel, 0.0, 0.0)
    filled = filled_share(LEAVES, fill_chance(A_YEAR, 0.07))
    wanted = math.ceil(400 * 840 * (1.0 + n.planned_slack_share) / (visits * filled))
    assert world.providers.wanted_posts[0] == wanted
    assert world.council.is_short_of_posts[0] == 0
    world.people.ordered_minutes[:] = 84000
    world.bind(posts).start()
    assert world.providers.wanted_posts[0] == 5000
    assert world.council.is_short_of_posts[0] == 1

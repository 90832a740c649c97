"""The week's visits, against theory.md section 4: pooling, the newsvendor's order, travel (POOL-1, -2, -4, -12)."""

import math

import numpy as np
import pytest
from alone import World, caught, near, near_mean, planted, share_error

from insource.mechanisms import care
from insource.rules.pooling import share_served
from insource.rules.running_mean import running_mean
from insource.rules.staffing import visit_share

pytestmark = pytest.mark.closed_form

PLAIN = {
    "door_minutes": 0.0,
    "statutory_leave_days": 0.0,
    "stretch_share": 0.0,
    "agency_cover_share": 0.0,
    "need_seen_share": 1.0,
    "unpaid_backstop_share": 0.0,
}
"""No travel, holiday, stretching, agencies or unpaid carers; staff see all of a need: one worker's hours are visits."""
MEAN, SD = 14.0, 4.0


def _town(services, people_each, hours_each, reach="provider", weeks=1, zones=1, parts=1, **numbers):
    """Services with one worker who can give `hours_each` hours, and `people_each` people each."""
    count = services * zones
    numbers = {**PLAIN, "contract_hours": hours_each, **numbers}
    sizes = {"people": people_each * count, "providers": count, "workers": count, "zones": zones, "parts": parts}
    world = World(weeks=weeks, numbers=numbers, **sizes)
    world.services(services, zones)
    world.set_terms({"hours_move_within": reach, "training_hours": 0})
    people = world.people
    people.provider[:] = np.repeat(np.arange(count), people_each)
    for name in ("is_here", "is_in_care", "is_in_force"):
        getattr(people, name)[:] = 1
    world.providers.present_posts[:] = 1
    return world


def _needs(pools, people, rho=0.0, seed=6):
    rng = np.random.default_rng(seed)
    common = rng.standard_normal((pools, 1)) * math.sqrt(rho)
    hours = MEAN + SD * (common + math.sqrt(1.0 - rho) * rng.standard_normal((pools, people)))
    return np.round(np.maximum(hours, 0.0) * 60.0).ravel()


def _covered(mechanism, pools, rho, hours, services=1, reach="provider"):
    """Share of pools (100 people in `services` services) that could serve everything, with `hours` in all."""
    world = _town(pools * services, 100 // services, hours / services, reach)
    world.people.needed_minutes[:] = world.people.ordered_minutes[:] = _needs(pools, 100, rho)
    if reach == "zone":
        world.providers.pool[:] = np.arange(pools * services) // services * services
    world.bind(mechanism).step(0)
    return np.mean(world.providers.served_ratio == 1.0), pools * services


def check_pool_1(mechanism):
    """1,465.794 hours for 100 people are enough in 95 of 100 weeks; with correlation it takes the hours stated."""
    for rho, hours in ((0.0, 1465.794), (0.05, 1560.489), (0.2, 1700.067)):
        share, cases = _covered(mechanism, 2500, rho, hours)
        near(share, 0.95, share_error(0.95, cases), f"weeks covered at correlation {rho}")


def test_pool_1():
    """POOL-1. 2,500 pools of 100 people, 4 standard errors."""
    check_pool_1(care)


def check_pool_2(mechanism):
    """Four services apart need 1,531.588 hours for the same; the same four pooled need no more than one of 100."""
    share, cases = _covered(mechanism, 2000, 0.0, 1531.588, services=4)
    near(share, 0.95, share_error(0.95, cases), "weeks covered apart")
    share, cases = _covered(mechanism, 2000, 0.0, 1465.794, services=4, reach="zone")
    near(share, 0.95, share_error(0.95, cases / 4), "weeks covered together")


def test_pool_2():
    """POOL-2 (M 4) and section 0.1: what counts is who may share, not how many services there are. 4 errors."""
    check_pool_2(care)


POOLS_APART = (
    "capacity[providers.pool[j]] += providers.capacity_minutes[j]",
    "capacity[j] += providers.capacity_minutes[j]",
)


def test_pool_2_fails_if_pools_do_not_share():
    """Services that keep their capacity to themselves are found out."""
    caught(check_pool_2, planted(care, *POOLS_APART), "together")


def test_pool_1_fails_if_needs_are_not_followed():
    """A schedule that ignores this week's need always fits, and is found out."""
    fault = planted(care, "budget + (need - budget) * seen_share", "budget", rule="needs")
    caught(check_pool_1, fault, "weeks covered")


def check_pool_4(mechanism):
    """An order of 16.697959 hours leaves 3.294576 unused and .596617 unmet on average, and costs 477.110629."""
    order = 16.697959
    world = _town(1, 100_000, 1e7, reach="person")
    world.people.needed_minutes[:] = _needs(1000, 100)
    world.people.ordered_minutes[:] = round(order * 60.0)
    world.bind(mechanism).step(0)
    needed, used = world.people.needed_minutes / 60.0, world.people.used_minutes / 60.0
    near_mean(order - used, 3.294576, "hours unused")
    near_mean(needed - used, 0.596617, "hours unmet")
    near_mean(25.0 * order + 100.0 * (needed - used), 477.110629, "cost")
    assert world.book("unused_minutes")[0] == (world.people.ordered_minutes - world.people.used_minutes).sum()
    assert world.book("unmet_minutes")[0] == (world.people.needed_minutes - world.people.used_minutes).sum()


def test_pool_4():
    """POOL-4 (price 25, penalty 100). 100,000 people, 4 standard errors."""
    check_pool_4(care)


def test_pool_4_fails_if_unneeded_minutes_count_as_used():
    """Counting every delivered minute as used is found out."""
    caught(
        check_pool_4,
        planted(care, "used = min(people.delivered_minutes[i], needed)", "used = people.delivered_minutes[i]"),
    )


def check_cut_short(mechanism):
    """Paid by the visit, half of what is not needed is not given; what is needed is; orders are given in full."""
    given = {}
    for basis in ("hour_ordered", "hour_delivered"):
        world = _town(1, 3, 1e7, reach="person", cut_short_share=0.5)
        world.set_terms({"payment_basis": basis})
        world.people.ordered_minutes[:] = 600
        world.people.needed_minutes[:] = (400, 600, 900)
        world.bind(mechanism).step(0)
        given[basis] = world.people.delivered_minutes.tolist()
        assert world.people.used_minutes.tolist() == [400, 600, 600]
        assert world.book("contact_minutes")[0] == sum(given[basis])
    assert given == {"hour_ordered": [600, 600, 600], "hour_delivered": [500, 600, 600]}, "cut short"


def test_visits_not_needed_may_be_cut_short():
    """Section 4 (c): contracts that pay actual hours save part of what pooling would; by hand."""
    check_cut_short(care)


def test_cut_short_fails_if_the_basis_is_not_read():
    """Visits cut short where the order is paid are found out."""
    fault = planted(
        care, "numbers.cut_short_share * is_paid_by_visit(parts.payment_basis[part])", "numbers.cut_short_share"
    )
    caught(check_cut_short, fault, "cut short")


def check_pool_12(mechanism):
    """k services over the same streets travel sqrt(k) times as far a visit; k zones of one service each, no further."""
    people, area = 400, 50.0
    away = {}
    for services, zones in ((1, 1), (4, 1), (16, 1), (1, 4)):
        world = _town(services, people // (services * zones), 30.0, zones=zones, door_minutes=3.0)
        world.providers.patch_km2[:] = area / zones
        world.bind(mechanism).step(0)
        minutes = world.providers.travel_ratio * world.numbers.visit_minutes - 3.0
        assert np.ptp(minutes) == pytest.approx(0.0, abs=1e-9)
        away[services, zones] = minutes[0]
    n = world.numbers
    one = (n.travel_constant + n.travel_window_term) * math.sqrt(area / people) * n.detour_ratio * 60.0 / n.speed_kmh
    assert away[1, 1] == pytest.approx(one, rel=1e-9)
    assert away[4, 1] == pytest.approx(2.0 * one, rel=1e-9), "four services"
    assert away[16, 1] == pytest.approx(4.0 * one, rel=1e-9), "sixteen services"
    assert away[1, 4] == pytest.approx(one, rel=1e-9), "four zones"


def test_pool_12():
    """POOL-12: travel, less the time at the door, grows with the root of services; exclusive zones change nothing."""
    check_pool_12(care)


def test_pool_12_fails_if_density_does_not_matter():
    """Travel that takes no notice of how many people a service has is found out."""
    caught(check_pool_12, planted(care, "math.sqrt(area_km2 / max(people, 1.0))", "math.sqrt(area_km2)", rule="travel"))


def check_short_week(mechanism):
    """Staff stretch, agencies cover their share of the rest, and what is missing is missing in proportion."""
    world = _town(1, 2, 10.0, stretch_share=0.1, agency_cover_share=0.25)
    world.people.ordered_minutes[:] = world.people.needed_minutes[:] = (600, 1000)
    world.bind(mechanism).step(0)
    own, short = 660.0, 1600.0 - 660.0
    served = (own + 0.25 * short) / 1600.0
    assert world.providers.served_ratio[0] == pytest.approx(served, rel=1e-9), "served"
    assert world.people.delivered_minutes.tolist() == [round(600 * served), round(1000 * served)]
    assert world.book("agency_minutes")[0] == pytest.approx(0.25 * short, abs=1.0), "agency"
    assert world.book("contact_minutes")[0] == pytest.approx(own, abs=1.0)
    assert world.providers.spare_minutes[0] == 0.0
    assert world.providers.load_ratio[0] == pytest.approx(running_mean(1.0, 2.0, world.numbers.memory_weeks), rel=1e-9)


def test_short_week():
    """Equation of the mechanism: served = (capacity (1 + stretch) + agency) / scheduled, by hand."""
    check_short_week(care)
    assert share_served(0.0, 0.0) == 1.0
    assert share_served(10.0, -1.0) == 0.0


def test_short_week_fails_if_agencies_cover_everything():
    """Agencies that are always there are found out."""
    caught(
        check_short_week,
        planted(care, " * min(numbers.agency_cover_share * council.staff_supply_ratio[0], 1.0)", ""),
        "served",
    )


def check_time_adds_up(mechanism):
    """Whatever happens, needs are used, unpaid or unmet, and orders are used or unused, to the minute."""
    rng = np.random.default_rng(9)
    world = _town(
        40,
        20,
        200.0,
        reach="zone",
        weeks=30,
        stretch_share=0.05,
        agency_cover_share=0.3,
        unpaid_backstop_share=0.35,
        need_seen_share=0.6,
    )
    people, n = world.people, 800
    world.providers.missed_share[:] = rng.random(40) * 0.2
    bound = world.bind(mechanism)
    for week in range(30):
        people.ordered_minutes[:] = people.budget_minutes[:] = rng.integers(0, 2000, n)
        people.needed_minutes[:] = rng.integers(0, 2000, n)
        people.is_in_hospital[:] = rng.random(n) < 0.1
        people.needed_minutes[people.is_in_hospital == 1] = 0
        people.is_with_carer[:] = rng.random(n) < 0.5
        people.is_in_care[:] = people.is_in_force[:] = rng.random(n) < 0.9
        bound.step(week)
        book = {name: int(world.book(name)[week]) for name in care.POSTS}
        away = (people.is_in_hospital == 1) | (people.is_in_force == 0)
        ordered = people.ordered_minutes[~away].sum()
        assert people.needed_minutes.sum() == book["used_minutes"] + book["unpaid_minutes"] + book["unmet_minutes"]
        assert ordered + book["flexed_minutes"] == book["used_minutes"] + book["unused_minutes"], "orders"
        assert book["delivered_minutes"] == book["contact_minutes"] + book["agency_minutes"]
        assert (people.used_minutes <= np.minimum(people.delivered_minutes, people.needed_minutes)).all()
        assert people.scheduled_minutes[away].sum() == 0
        gap = people.needed_minutes - people.used_minutes
        expected = (gap * 0.35).astype(int) * people.is_with_carer
        assert (people.unpaid_minutes == expected).all()


def test_time_adds_up():
    """The two identities of the docstring, with random needs, orders, stays and carers."""
    check_time_adds_up(care)


def test_time_adds_up_fails_if_a_flow_is_lost():
    """Help beyond the order that is not counted is found out."""
    caught(
        check_time_adds_up,
        planted(care, "complete(all_flexed, flexed)", "all_flexed"),
        "orders",
    )


def check_each_part(mechanism):
    """What people get, use and lack stands in the books of the part they are under."""
    rng = np.random.default_rng(4)
    world = _town(6, 50, 900.0, parts=4, unpaid_backstop_share=0.35)
    people, n = world.people, 300
    people.part[:] = rng.choice(4, n, p=(0.7, 0.2, 0.1, 0.0))
    people.ordered_minutes[:] = people.budget_minutes[:] = rng.integers(0, 2000, n)
    people.needed_minutes[:] = rng.integers(0, 2000, n)
    people.is_with_carer[:] = rng.random(n) < 0.5
    world.bind(mechanism).step(0)
    unmet = people.needed_minutes - people.used_minutes - people.unpaid_minutes
    beyond = people.used_minutes.astype(int) - people.ordered_minutes
    of_each = {
        "delivered_minutes": people.delivered_minutes,
        "used_minutes": people.used_minutes,
        "unused_minutes": np.maximum(-beyond, 0),
        "flexed_minutes": np.maximum(beyond, 0),
        "unpaid_minutes": people.unpaid_minutes,
        "unmet_minutes": unmet,
    }
    for name, minutes in of_each.items():
        expected = np.bincount(people.part, weights=minutes, minlength=4).tolist()
        assert world.ledger.accounts[name][0].tolist() == expected, f"{name} by part"
    assert world.council.unmet_minutes[0] == unmet.sum()


def test_each_part():
    """Random needs and orders of people under three of four parts; by hand."""
    check_each_part(care)


def test_each_part_fails_if_other_parts_are_left_out():
    """Minutes of other parts that stand in the books of the first are found out."""
    caught(check_each_part, planted(care, "all_unpaid[part] += people.unpaid_minutes[i]", "pass"), "unpaid_minutes")


def test_running_means():
    """A running mean of memory m closes 2 / (m + 1) of a gap a week: after t weeks (1 - 2 / (m + 1))^t is left."""
    world = _town(1, 1, 100.0, weeks=20, memory_weeks=13.0, planning_weeks=7.0)
    world.people.needed_minutes[:] = 1000
    world.people.budget_minutes[:] = world.people.ordered_minutes[:] = 1000
    world.providers.missed_share[:] = 0.4
    bound = world.bind(care)
    for week in range(20):
        bound.step(week)
    assert world.people.unmet_share[0] == pytest.approx(0.4 * (1.0 - (1.0 - 2.0 / 14.0) ** 20), rel=1e-9)
    assert world.providers.demand_minutes[0] == pytest.approx(1000.0 * (1.0 - 0.75**20), rel=1e-9)
    assert visit_share(0.25, 0.3, 0.5) == pytest.approx(1.0 / 1.4, rel=1e-12)

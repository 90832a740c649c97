"""Disputes and stale orders: the loop L4 of theory.md section 15, alone; and CASE-1 as rules."""

import math

import numpy as np
import pytest
from alone import World, caught, near, planted

from insource.mechanisms import social_work
from insource.rules import staff_time as rules

pytestmark = pytest.mark.closed_form

ORDERS = 2080
ALONE = {
    "demand_growth_rate": 0.0,
    "social_workers_per_1000": 1.0,
    "other_work_share": 0.0,
    "direct_work_floor_share": 0.0,
    "direct_work_rest_share": 0.0,
    "review_trigger_share": 2.0,
    "review_hours": 1.0,
    "dispute_hours": 1.0,
    "dispute_rate": 0.25,
}
"""Forty hours of reviews fall due in a week, and ten of disputes where everything is up to date."""


def test_case_1_rules():
    """CASE-1: H 1600, 300 fixed, 13.6 hours a person: .3025 with 60 people; 72.0588 people at a fifth."""
    assert rules.direct_work_share(1600.0, 300.0, 60.0, 13.6) == pytest.approx(0.3025, rel=1e-12)
    assert rules.cases_carried(1600.0, 300.0, 0.2, 13.6) == pytest.approx(72.0588, abs=5e-5)


def test_l4_utilisation():
    """L4: below 1 at 55 hours a week, above it at 45; endless where disputes take all; what it settles at by hand."""

    def utilisation(hours, stale=0.0, effect=1.0):
        return rules.review_utilisation(ORDERS, 1.0, hours, 1.0, 0.25, effect, stale)

    assert utilisation(55.0) == pytest.approx(40.0 / 45.0, rel=1e-12)
    assert utilisation(45.0) == pytest.approx(40.0 / 35.0, rel=1e-12)
    assert utilisation(45.0, 1.0) == pytest.approx(40.0 / 25.0, rel=1e-12)
    assert utilisation(9.0) == math.inf
    assert rules.dispute_loop_gain(1.0, 1.0, 0.25, 1.0) == 0.25
    for hours, effect, expected in ((55.0, 1.0, 0.0), (45.0, 1.0, 1.0 / 6.0), (49.0, 5.0, 1.0), (5.0, 1.0, 1.0)):
        settled = rules.settled_stale_share(ORDERS, 1.0, hours, 1.0, 0.25, effect)
        assert settled == pytest.approx(expected, rel=1e-12)
        if 0.0 < settled < 1.0:
            assert settled == pytest.approx(1.0 - 1.0 / utilisation(hours, settled, effect), rel=1e-12)


def _run(mechanism, hours, effect, weeks=420, stale=False):
    numbers = {**ALONE, "social_worker_hours": hours * 52.0, "dispute_stale_effect": effect}
    world = World(weeks=weeks, numbers=numbers, people=ORDERS)
    world.council.people_at_start[0] = 1000.0
    world.providers.people_in_care[0] = ORDERS
    people = world.people
    people.is_here[:] = people.is_in_care[:] = people.is_assessed[:] = 1
    people.known_weeks[:] = 60
    people.since_review_weeks[:] = np.arange(ORDERS) % 52 + (60 if stale else 0)
    people.review_wait_weeks[:] = np.where(people.since_review_weeks >= 52, people.since_review_weeks - 52, -1)
    bound = world.bind(mechanism)
    shares = []
    for week in range(weeks):
        bound.step(week)
        shares.append(float(world.council.stale_share[0]))
    return world, shares


def check_loop(mechanism):
    """Below utilisation 1 a backlog is worked off; above it grows to what the rule says; with a gain of 1 to all."""
    world, shares = _run(mechanism, 55.0, 1.0, stale=True)
    assert shares[0] > 0.9
    assert np.mean(shares[-52:]) < 0.02, "a backlog was not worked off"
    near(world.book("disputes")[-104:].sum(), 1040.0, math.sqrt(1040.0) + 5.0, "disputes")
    _, shares = _run(mechanism, 45.0, 1.0)
    assert shares[20] < shares[60] < shares[160], "no backlog built up"
    assert np.mean(shares[-104:]) == pytest.approx(1.0 / 6.0, abs=0.02), "where the backlog settles"
    _, shares = _run(mechanism, 49.0, 5.0)
    assert shares[-1] > 0.9, "a loop that feeds itself did not run away"


def test_l4_loop():
    """L4: the mechanism alone, 2,080 orders. Settled shares are held to .02, fifty people."""
    check_loop(social_work)


def test_l4_fails_if_stale_orders_are_like_others():
    """A loop that is cut is found out."""
    caught(check_loop, planted(social_work, "council.stale_share[0], numbers", "0.0, numbers"))


def check_disputes_by_terms(mechanism):
    """Where a service is paid its costs and sends no bills none is disputed; hours are those of the disputes raised."""
    for basis, is_disputed in (("hour_ordered", True), ("hour_delivered", True), ("salary", False)):
        world = World(weeks=30, numbers={**ALONE, "social_worker_hours": 1e4, "dispute_hours": 2.0}, people=1)
        world.council.people_at_start[0] = 1000.0
        world.providers.people_in_care[0] = ORDERS
        world.set_terms({"payment_basis": basis})
        bound = world.bind(mechanism)
        for week in range(30):
            bound.step(week)
        disputes = world.book("disputes")
        assert (disputes.sum() > 0) == is_disputed, basis
        assert world.book("dispute_minutes").tolist() == (disputes * 120).tolist(), basis
        if is_disputed:
            near(disputes.sum(), 300.0, math.sqrt(300.0), "disputes")


def test_disputes_go_by_terms():
    """Poisson with ten a week expected; 4 standard errors."""
    check_disputes_by_terms(social_work)


def test_disputes_fail_if_everybody_has_them():
    """Disputes over bills that nobody sends are found out."""
    caught(check_disputes_by_terms, planted(social_work, "if parts.payment_basis[part] == SALARY:", "if part < 0:"))


def test_costing_every_plan_takes_longer():
    """An hour more for whoever would not have been costed anyway: 8 hours become 8 + 1 x .5 x (1 - .6) at half."""
    numbers = {**ALONE, "social_worker_hours": 1e5, "assessment_hours": 8.0, "assessments_per_start": 1.0}
    numbers |= {"costing_hours": 1.0, "budget_corrected_share": 0.6, "dispute_rate": 0.0}
    world = World(numbers=numbers, people=1)
    world.council.people_at_start[0] = 1000.0
    world.people.is_here[0] = world.people.is_new[0] = 1
    world.council.costed_share[0] = 0.5
    world.bind(social_work).step(0)
    assert world.book("assessment_minutes")[0] == pytest.approx(60.0 * 8.2, abs=1.0)

"""Starting later for less waiting: exact by hand, never dearer in anything else, and the checker agrees."""

import dataclasses

import numpy as np
import pytest

from insource.planner.checking import check
from insource.planner.later import without_waiting
from insource.planner.made_up import Town, made_up_day
from insource.planner.pricing import priced
from insource.planner.problem import DayProblem, Legs, Published, Shifts, Visits
from insource.planner.routes import plan_day


def _by_hand(doubles: bool) -> tuple[DayProblem, tuple[np.ndarray, ...], np.ndarray]:
    """08:00 (free until 08:25) and 09:10 fixed, 30 minutes each, 10 on the road; with `doubles` the first takes two."""
    visit = np.array([0, 0, 1] if doubles else [0, 1], np.int32)
    legs = Legs(visit, np.array([0, 1, 0] if doubles else [0, 0], np.int32))
    people, two = np.arange(2, dtype=np.int32), np.ones(2)
    begin, end = np.array([480.0, 550.0]), np.array([505.0, 550.0])
    visits = Visits(people, people, two * 30, begin, begin, end, end, end, two / 2, two / 2, two, two * 1000)
    home = np.array([2, 2], np.int32)
    shifts = Shifts(
        np.arange(2, dtype=np.int32),
        home,
        home,
        two * 400,
        two * 700,
        two * 700,
        np.zeros(2, np.int32),
        *(two, two, two * 40, two, two * 0, two * 360, two * 400, two * 700),
    )
    travel = np.full((1, 3, 3), 10_000, np.int32)
    problem = DayProblem(
        visits, legs, shifts, travel, np.zeros((len(visit), 2), np.uint8), np.zeros((2, 2), np.float32)
    )
    routes = (np.array([0, 2] if doubles else [0, 1], np.int32), np.array([1] if doubles else [], np.int32))
    return problem, routes, begin[visit]


@pytest.mark.worked
@pytest.mark.parametrize("doubles", [False, True])
def test_by_hand(doubles):
    """30 minutes of waiting become 5, because the first visit may start 25 minutes later; two carers move together."""
    problem, routes, starts = _by_hand(doubles)
    shift = np.array([0, 1, 0] if doubles else [0, 0])
    plan = priced(problem, shift, starts, routes, np.full(2, np.nan))
    assert plan.price["waiting"] == 30
    found = without_waiting(problem, plan)
    assert found.leg_start.tolist() == ([505, 505, 550] if doubles else [505, 550])
    assert found.price["waiting"] == 5
    assert check(problem, found).is_valid


@pytest.mark.property
@pytest.mark.parametrize("seed", range(5))
def test_less_waiting_and_nothing_dearer(seed):
    """With double-ups, gaps and breaks: same rounds, less waiting, no other price higher, to three decimals."""
    problem = made_up_day(25, seed=seed, town=Town(two_carers=0.4, medicine_gap=0.5, legs_for_a_carer=7.0))
    plan = plan_day(problem, seed=seed, moves=150)
    found = without_waiting(problem, plan)
    assert check(problem, found).faults == ()
    assert found.price["waiting"] < plan.price["waiting"]
    assert all(found.price[term] <= plan.price[term] + 1e-6 for term in plan.price)
    assert [route.tolist() for route in found.routes] == [route.tolist() for route in plan.routes]
    again = without_waiting(problem, found)
    assert np.array_equal(again.leg_start, found.leg_start, equal_nan=True)


@pytest.mark.property
def test_what_was_published_does_not_move():
    """People were told: a published start is not moved to save a carer's waiting."""
    problem = made_up_day(25, seed=1)
    plan = plan_day(problem, seed=1, moves=100)
    ones = np.ones(len(problem.legs.visit))
    told = Published(plan.leg_shift, plan.leg_start, ones * 30, ones * 15, ones * 10, ones, np.zeros(len(ones), bool))
    found = without_waiting(dataclasses.replace(problem, published=told), plan)
    assert np.array_equal(found.leg_start, plan.leg_start, equal_nan=True)

"""A day's rounds: what the search finds is what the checker, which shares nothing with it, finds too."""

import dataclasses
import json
import os
import subprocess
import sys

import numpy as np
import pytest

from insource.planner.checking import check
from insource.planner.made_up import Town, made_up_day
from insource.planner.problem import DayPlan, DayProblem, Links
from insource.planner.routes import Progress, plan_day

MOVES = 400


@pytest.fixture(scope="module")
def day() -> DayProblem:
    return made_up_day(40, seed=2)


@pytest.fixture(scope="module")
def plan(day: DayProblem) -> DayPlan:
    return plan_day(day, seed=1, moves=MOVES)


@pytest.mark.property
@pytest.mark.parametrize("seed", range(6))
def test_every_plan_passes_the_checker(seed: int):
    """Windows, shifts, two carers at one door, gaps, breaks, and the price to three decimals."""
    town = Town(two_carers=0.4, medicine_gap=0.5, legs_for_a_carer=7.0)
    problem = made_up_day(25, seed=seed, town=town)
    for moves in (0, 150):
        assert check(problem, plan_day(problem, seed=seed, moves=moves)).faults == ()


@pytest.mark.property
def test_searching_pays(day: DayProblem, plan: DayPlan):
    """More moves never leave a dearer plan than the first one, and here a cheaper one."""
    assert plan.total_price < plan_day(day, seed=1, moves=0).total_price


@pytest.mark.property
def test_same_seed_and_moves_give_the_same_plan_however_they_are_cut(day: DayProblem, plan: DayPlan):
    """Reports and batches go by the clock; what is found does not."""
    seen: list[Progress] = []
    again = plan_day(day, seed=1, moves=MOVES, report=seen.append)
    assert again.leg_shift.tolist() == plan.leg_shift.tolist()
    assert np.array_equal(again.leg_start, plan.leg_start, equal_nan=True)
    assert seen[-1].moves == MOVES
    assert not again.was_stopped


@pytest.mark.property
def test_an_interrupted_search_hands_over_the_best_so_far(day: DayProblem):
    """Ctrl-C between two batches: a whole, valid plan that says it was stopped."""

    def interrupt(progress: Progress) -> None:
        raise KeyboardInterrupt

    stopped = plan_day(day, seed=1, moves=MOVES, report=interrupt)
    assert stopped.was_stopped
    assert 0 < stopped.moves < MOVES
    assert check(day, stopped).is_valid


@pytest.mark.property
def test_relabelling_people_and_carers_changes_nothing(day: DayProblem, plan: DayPlan):
    """Numbers of people and carers are names: the same day with other names has the same rounds."""
    people, carers = day.pair_price.shape
    new_person, new_carer = np.random.default_rng(1).permutation(people), np.random.default_rng(2).permutation(carers)
    pair = np.empty_like(day.pair_price)
    pair[new_person[:, None], new_carer[None, :]] = day.pair_price
    renamed = dataclasses.replace(
        day,
        visits=dataclasses.replace(day.visits, person=new_person[day.visits.person].astype(np.int32)),
        shifts=dataclasses.replace(day.shifts, carer=new_carer[day.shifts.carer].astype(np.int32)),
        pair_price=pair,
    )
    assert plan_day(renamed, seed=1, moves=MOVES).leg_shift.tolist() == plan.leg_shift.tolist()


@pytest.mark.property
def test_uncompiled_the_plan_is_the_same():
    """The same code run by the interpreter, step by step, sends the same carers at the same times."""
    here = plan_day(made_up_day(8, seed=3), seed=5, moves=12)
    script = (
        "import json;from insource.planner.made_up import made_up_day;from insource.planner.routes import plan_day;"
        "p=plan_day(made_up_day(8,seed=3),seed=5,moves=12);"
        "print(json.dumps([p.leg_shift.tolist(),[str(t) for t in p.leg_start]]))"
    )
    told = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(told.stdout) == [here.leg_shift.tolist(), [str(start) for start in here.leg_start]]


def _with(plan: DayPlan, **changes: object) -> DayPlan:
    return dataclasses.replace(plan, **changes)  # type: ignore[arg-type]


@pytest.mark.property
@pytest.mark.parametrize("fault", ["window", "travel", "gap", "unserved", "price", "break", "twice", "barred"])
def test_the_checker_finds_planted_faults(day: DayProblem, plan: DayPlan, fault: str):
    """One fault of each kind put into a good plan."""
    starts, routes, price = plan.leg_start.copy(), [route.copy() for route in plan.routes], dict(plan.price)
    pauses, shifts, out = plan.break_start.copy(), plan.leg_shift.copy(), plan.unserved
    problem = day
    busy = next(k for k, route in enumerate(routes) if len(route) > 2)
    leg = int(routes[busy][1])
    if fault == "window":
        starts[leg] = day.visits.latest[day.legs.visit[leg]] + 1
    elif fault == "travel":
        starts[leg] = starts[routes[busy][0]]
    elif fault == "gap":
        second = int(np.flatnonzero((day.legs.role == 1) & (plan.leg_shift >= 0))[0])
        starts[second] += 0.01
    elif fault == "unserved":
        out = np.append(out, day.legs.visit[leg])
    elif fault == "price":
        price["travel"] += 0.002
    elif fault == "break":
        pauses[:] = np.nan
    elif fault == "twice":
        routes[busy] = np.append(routes[busy], leg)
    else:
        barred = day.barred.copy()
        barred[leg, busy] = 1
        problem = dataclasses.replace(day, barred=barred)
    wrong = _with(
        plan, leg_start=starts, routes=tuple(routes), price=price, break_start=pauses, leg_shift=shifts, unserved=out
    )
    assert fault in {found.code for found in check(problem, wrong).faults}


def _only(table: object, rows: np.ndarray) -> object:
    return type(table)(**{name: column[rows] for name, column in vars(table).items()})


@pytest.mark.property
def test_days_that_nobody_can_serve(day: DayProblem):
    """No carers, no visits, one carer for a town, windows outside all shifts: the rest is planned."""
    nobody = np.zeros(0, int)
    no_carers = dataclasses.replace(day, shifts=_only(day.shifts, nobody), barred=day.barred[:, nobody])
    no_visits = dataclasses.replace(
        day,
        visits=_only(day.visits, nobody),
        legs=_only(day.legs, nobody),
        barred=day.barred[nobody],
        links=Links.none(),
    )
    one = np.array([0])
    one_carer = dataclasses.replace(day, shifts=_only(day.shifts, one), barred=day.barred[:, one])
    columns = ("earliest", "free_from", "free_to", "edge", "latest")
    late = dataclasses.replace(day.visits, **{name: getattr(day.visits, name) + 5000 for name in columns})
    outside = dataclasses.replace(day, visits=late)
    served = []
    for problem in (no_carers, no_visits, one_carer, outside):
        plan = plan_day(problem, seed=1, moves=20)
        assert check(problem, plan).is_valid
        served.append(len(problem.visits.person) - len(plan.unserved))
    assert served[:2] == [0, 0]
    assert served[2] > 0
    assert served[3] == 0


@pytest.mark.property
def test_one_visit_fewer_is_not_dearer():
    """The best of six searches with a visit taken away costs at most two in a hundred more: that much is luck."""
    whole = made_up_day(20, seed=6, carers=10)
    best = min(plan_day(whole, seed=seed, moves=1500).total_price for seed in range(6))
    for gone in range(0, len(whole.visits.person), 9):
        legs = np.flatnonzero(whole.legs.visit != gone)
        visits = np.delete(np.arange(len(whole.visits.person)), gone)
        kept = _only(whole.legs, legs)
        renamed = np.cumsum(np.arange(len(whole.visits.person)) != gone) - 1
        fewer = dataclasses.replace(
            whole,
            visits=_only(whole.visits, visits),
            legs=dataclasses.replace(kept, visit=renamed[kept.visit].astype(np.int32)),
            barred=whole.barred[legs],
            links=Links.none(),
        )
        price = min(plan_day(fewer, seed=seed, moves=1500).total_price for seed in range(6))
        assert price <= best * 1.02

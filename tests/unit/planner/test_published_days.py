"""The published days of Mankowska and others: all seventy read, small ones solved to the proven optimum."""

import pytest
from benchmarks.planner import mankowska

from insource.planner.checking import check
from insource.planner.routes import plan_day

needs_days = pytest.mark.skipif(not mankowska.folder().exists(), reason="the published days are not on this machine")


@needs_days
@pytest.mark.published
@pytest.mark.parametrize("code", [f"A{k}" for k in range(1, 11)])
def test_ten_people_as_proven(code: str):
    """CPLEX proved the optimum of these; the price list of the day is the published objective, to three decimals."""
    row = mankowska.best_known()[code]
    problem, _ = mankowska.read(row["instance"])
    plan = plan_day(problem, seed=1, moves=3000)
    assert check(problem, plan).faults == ()
    assert plan.total_price / 3 == pytest.approx(float(row["bks_repo"]), abs=5e-4)


@needs_days
@pytest.mark.published
def test_all_seventy_are_solved_and_valid():
    """A first plan of each, and a few moves: nobody left out, and the checker finds nothing."""
    rows = mankowska.best_known()
    assert len(rows) == 70
    for row in rows.values():
        problem, _ = mankowska.read(row["instance"])
        plan = plan_day(problem, seed=1, moves=20)
        assert check(problem, plan).faults == (), row["code"]
        assert not len(plan.unserved), row["code"]


@needs_days
@pytest.mark.published
def test_an_order_of_legs_beats_an_order_of_people():
    """B6: the best published plan orders people (464.622); ordering legs finds 440.929, and the checker agrees."""
    problem, _ = mankowska.read(mankowska.best_known()["B6"]["instance"])
    plan = plan_day(problem, seed=1, moves=4000)
    assert check(problem, plan).is_valid
    assert plan.total_price / 3 < 464.622 - 20

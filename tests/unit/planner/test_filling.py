"""Whoever still fits is put in: more visits made, none lost, nobody's carer changed, and the checker agrees."""

import dataclasses

import pytest

from insource.planner.checking import check
from insource.planner.filling import with_all_that_fit
from insource.planner.made_up import Town, made_up_day
from insource.planner.problem import DayPlan, DayProblem
from insource.planner.routes import plan_day

pytestmark = pytest.mark.property


def _thinned(problem: DayProblem, every: int) -> DayPlan:
    """A plan of the day that lacks every so many of its visits: planned while nobody might make them."""
    barred = problem.barred.copy()
    barred[problem.legs.visit % every == 0] = 4
    return plan_day(dataclasses.replace(problem, barred=barred), seed=3, moves=50)


@pytest.mark.parametrize("seed", range(4))
def test_visits_that_were_held_back_are_put_in(seed):
    """Visits held back while planning, with double-ups, gaps and breaks: most find a place, all others stay."""
    town = Town(two_carers=0.3, medicine_gap=0.3)
    problem = made_up_day(20, seed=seed, carers=14, town=town)
    thin = _thinned(problem, 6)
    found = with_all_that_fit(problem, thin)
    assert check(problem, found).faults == ()
    lost = set(found.unserved.tolist())
    assert lost < set(thin.unserved.tolist())
    kept = thin.leg_shift >= 0
    assert found.leg_shift[kept].tolist() == thin.leg_shift[kept].tolist()
    assert found.total_price < thin.total_price
    again = with_all_that_fit(problem, found)
    assert again.leg_shift.tolist() == found.leg_shift.tolist()


def test_a_plan_without_room_stays_as_it_is():
    """One carer for a town, searched well: nothing more fits, and the same plan is handed back."""
    problem = made_up_day(15, seed=2, carers=2)
    plan = plan_day(problem, seed=1, moves=400)
    assert len(plan.unserved) > 5
    assert with_all_that_fit(problem, plan) is plan

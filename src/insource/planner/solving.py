"""Plan a day and check the plan with code of its own before anybody sees it."""

from insource.planner.checking import check
from insource.planner.later import without_waiting
from insource.planner.problem import DayPlan, DayProblem
from insource.planner.routes import plan_day


def solve(problem: DayProblem, seed: int, moves: int, most_seconds: float | None = None) -> DayPlan:
    """A plan of the day that has passed the check."""
    found = plan_day(problem, seed=seed, moves=moves, most_seconds=most_seconds)
    return checked(problem, without_waiting(problem, found))


def checked(problem: DayProblem, plan: DayPlan) -> DayPlan:
    """The plan, if nothing is wrong with it; one that fails is a fault of the program and is never handed on."""
    faults = check(problem, plan).faults
    if faults:
        raise RuntimeError(f"the plan breaks {len(faults)} rules, {faults[0].code} first")
    return plan

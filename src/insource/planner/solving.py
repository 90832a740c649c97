"""Plan a day and check the plan with code of its own before anybody sees it.

Where a shift is so full that its break finds no room, its last visits are given up until it is short enough to need
none: they are listed as visits that nobody makes, and a person decides.
"""

import numpy as np

from insource.planner.checking import check
from insource.planner.pricing import priced
from insource.planner.problem import DayPlan, DayProblem
from insource.planner.routes import plan_day

CLOSE = 1e-6


def solve(problem: DayProblem, seed: int, moves: int, most_seconds: float | None = None) -> DayPlan:
    """A plan that has passed the check; a plan that does not is a fault of the program and is never handed on."""
    plan = with_breaks(problem, plan_day(problem, seed=seed, moves=moves, most_seconds=most_seconds))
    faults = check(problem, plan).faults
    if faults:
        raise RuntimeError(f"the plan breaks {len(faults)} rules, {faults[0].code} first")
    return plan


def with_breaks(problem: DayProblem, plan: DayPlan) -> DayPlan:
    """The plan without the last visits of shifts that need a break and have none; the same plan if all have theirs."""
    routes, pause = [list(route.tolist()) for route in plan.routes], plan.break_start.copy()
    out: set[int] = set()
    while lacking := [shift for shift, route in enumerate(routes) if _lacks(problem, plan, route, pause[shift], shift)]:
        for shift in lacking:
            if route := routes[shift]:
                out |= _tied(problem, int(problem.legs.visit[route[-1]]))
        routes = [[leg for leg in route if int(problem.legs.visit[leg]) not in out] for route in routes]
        for shift, route in enumerate(routes):
            if not _is_between(problem, plan, route, pause[shift]):
                pause[shift] = np.nan
    if not out:
        return plan
    gone = np.isin(problem.legs.visit, sorted(out))
    return priced(
        problem,
        np.where(gone, -1, plan.leg_shift).astype(plan.leg_shift.dtype),
        np.where(gone, np.nan, plan.leg_start),
        tuple(np.array(route, np.int32) for route in routes),
        pause,
        plan.seed,
        plan.moves,
        plan.was_stopped,
    )


def _lacks(problem: DayProblem, plan: DayPlan, route: list[int], pause: float, shift: int) -> bool:
    """Whether a shift is over its hours and has no break."""
    if not route or not np.isnan(pause) or problem.shifts.break_minutes[shift] <= 0:
        return False
    span = _end(problem, plan, route[-1]) - plan.leg_start[route[0]]
    return bool(span > problem.shifts.break_over[shift] + CLOSE)


def _is_between(problem: DayProblem, plan: DayPlan, route: list[int], pause: float) -> bool:
    """Whether a break lies between two visits that are still made."""
    if np.isnan(pause) or not route:
        return False
    return bool(_end(problem, plan, route[0]) <= pause + CLOSE and pause <= plan.leg_start[route[-1]] + CLOSE)


def _end(problem: DayProblem, plan: DayPlan, leg: int) -> float:
    return float(plan.leg_start[leg] + problem.visits.minutes[problem.legs.visit[leg]])


def _tied(problem: DayProblem, visit: int) -> set[int]:
    """The visit, and those that are made with it or not at all."""
    links, of = problem.links, problem.legs.visit
    tied, waiting = {visit}, [visit]
    while waiting:
        one = waiting.pop()
        for first, second, together in zip(links.first, links.second, links.together, strict=True):
            pair = {int(of[first]), int(of[second])}
            if together and one in pair and (new := pair - tied):
                tied |= new
                waiting += new
    return tied

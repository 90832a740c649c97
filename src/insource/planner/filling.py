"""Put in whoever still fits: the last thing that is done to a plan.

On large days the search looks only at likely rounds, and the first answer of a day planned again looks once. Here every
place of every round is looked at (`nearest.as_it_is`) for each visit that nobody makes, the most urgent first. Others
move within their windows, as little as will do.
"""

from dataclasses import replace

import numpy as np

from insource.planner.locks import with_kept_locks
from insource.planner.nearest import Hours, Nearest, as_it_is
from insource.planner.places import rounded
from insource.planner.pricing import priced
from insource.planner.problem import UNITS, DayPlan, DayProblem
from insource.planner.timing import all_units, break_in, latest, soonest

MOST_VISITS = 100
"""So many of the most urgent visits are looked at."""


def with_all_that_fit(problem: DayProblem, plan: DayPlan) -> DayPlan:
    """The plan with every visit put in that has a place on some round; the same plan if none has."""
    hours = Hours.of(problem, with_kept_locks(problem).barred == 0)
    worth = problem.visits.unserved_price[plan.unserved]
    left = plan.unserved[np.lexsort((plan.unserved, -worth))][:MOST_VISITS].tolist()
    places, found = as_it_is(problem, plan, left, hours) if left else {}, plan
    for visit in [one for one in left if one in places]:
        fuller = _with_visit(problem, found, visit, places[visit])
        if fuller is None and found is not plan:  # its place may have gone to another
            now = as_it_is(problem, found, [visit], hours)
            fuller = _with_visit(problem, found, visit, now[visit]) if visit in now else None
        if fuller is not None and fuller.total_price < found.total_price:
            found = fuller
    return found


def _with_visit(problem: DayProblem, plan: DayPlan, visit: int, place: Nearest) -> DayPlan | None:
    """The plan with a visit put in where it fits; nothing if a break finds no room then."""
    routes = [route.tolist() for route in plan.routes]
    legs = [leg for leg in np.flatnonzero(problem.legs.visit == visit).tolist() if plan.leg_shift[leg] < 0]
    shift_of, start = plan.leg_shift.copy(), plan.leg_start.copy()
    for leg, shift, before in zip(legs, place.shifts, place.before, strict=True):
        routes[shift].insert(routes[shift].index(before) if before >= 0 else len(routes[shift]), leg)
        shift_of[leg], start[leg] = shift, max(place.start, float(problem.visits.free_from[visit]))
    orders = tuple(np.array(route, np.int32) for route in routes)
    hard = rounded(problem, replace(plan, leg_shift=shift_of, routes=orders, leg_start=start), -1, plan)
    limit = list(hard.limit)
    latest(hard.rounds, limit)
    everybody = [leg for route in routes for leg in route]
    before = all_units(start).tolist()
    starts = [max(min(now, most), soon) for now, most, soon in zip(before, limit, hard.soon, strict=True)]
    if any(hard.soon[leg] > limit[leg] for leg in everybody) or not soonest(hard.rounds, starts, everybody, limit):
        return None
    pause = plan.break_start.copy()
    for shift in {int(shift_of[leg]) for leg in everybody if starts[leg] != before[leg]} | set(place.shifts):
        begin = break_in(problem, hard.rounds.pause_after[shift], shift, routes[shift], starts)
        if begin is None:
            return None
        pause[shift] = begin
    found = np.where(shift_of >= 0, np.array(starts, float) / UNITS, np.nan)
    return priced(problem, shift_of, found, orders, pause, plan.seed, plan.moves, plan.was_stopped)

"""Start later where that costs nothing and saves a carer's waiting.

The search starts every visit as soon as it may, so a round can begin with a visit that is followed by a gap. Here the
visits of a round move together: the last before a carer's own time (a gap longer than what is paid, or the end of the
round) stays, and those before it start as late as is free of price, two carers at one door together. If any other price
were to rise, the plan is left as it is.
"""

import numpy as np

from insource.planner.pricing import priced
from insource.planner.problem import UNITS, DayPlan, DayProblem
from insource.planner.timing import Rounds, all_units, latest, length, rounds_of, soonest, units, way, way_back

HAIR = 1e-6
"""Minutes of price: sums of thousandths differ by less than this."""


def without_waiting(problem: DayProblem, plan: DayPlan) -> DayPlan:
    """The same rounds with as little paid waiting as can be had for nothing; the same plan if there is none to save."""
    routes = [route.tolist() for route in plan.routes]
    rounds = rounds_of(problem, routes, plan)
    starts = all_units(plan.leg_start).tolist()
    limit = free_limits(problem, plan, rounds, starts)
    heads: list[int] = []
    for shift, route in enumerate(routes):
        if route and problem.shifts.wait_price[shift] > 0:
            heads += _heads(problem, rounds, shift, route, starts, limit)
        else:
            for leg in route:
                limit[leg] = starts[leg]
    latest(rounds, limit)
    moved = [leg for leg in heads if limit[leg] > starts[leg]]
    for leg in moved:
        starts[leg] = limit[leg]
    if not moved or not soonest(rounds, starts, moved, limit):
        return plan
    found = _with_starts(problem, plan, rounds, starts)
    saves = found.price["waiting"] < plan.price["waiting"] - HAIR
    is_as_good = all(found.price[term] <= plan.price[term] + HAIR for term in plan.price)
    return found if saves and is_as_good else plan


def free_limits(problem: DayProblem, plan: DayPlan, rounds: Rounds, starts: list[int]) -> list[int]:
    """By leg: the latest start at no more than the price that its start has now."""
    visits, visit, published = problem.visits, problem.legs.visit, problem.published
    now, most = np.array(starts, np.int64), all_units(visits.latest)[visit]
    most = np.where(problem.legs.role == 0, np.minimum(most, all_units(visits.free_to)[visit]), most)
    if published is not None:
        is_told = np.isfinite(published.start)
        most = np.where(is_told, np.minimum(most, all_units(published.start)), most)
        most = np.where(published.is_locked, now, most)
    limit: list[int] = np.where(plan.leg_shift >= 0, np.maximum(most, now), 0).tolist()
    for shift, leg in enumerate(rounds.pause_after):
        if leg >= 0:
            most = units(problem.shifts.break_to[shift]) - length(problem, leg)
            limit[leg] = max(min(limit[leg], most), starts[leg])
    return limit


def _heads(
    problem: DayProblem, rounds: Rounds, shift: int, route: list[int], starts: list[int], limit: list[int]
) -> list[int]:
    """The legs before which there is no paid waiting, with some after them; the last of such a run may not move.

    A leg between two times of the carer's own may move with a second carer, as far as both times stay the carer's own.
    """
    most, rest = units(problem.shifts.wait_most[shift]), units(problem.shifts.break_minutes[shift])
    heads, head = [], route[0]
    for k, a in enumerate(route):
        if k + 1 < len(route):
            b = route[k + 1]
            spare = starts[b] - starts[a] - length(problem, a) - way(problem, shift, a, b)
            spare -= (rest if rounds.pause_after[shift] == a else 0) + most
        else:
            spare = units(min(problem.shifts.normal_end[shift], problem.shifts.end[shift])) - starts[a]
            spare = max(spare - length(problem, a) - way_back(problem, shift, a), 0)
        if spare < 0:
            continue
        if head == a:
            limit[a] = min(limit[a], starts[a] + spare)
        else:
            limit[a] = starts[a]
            heads.append(head)
        head = route[k + 1] if k + 1 < len(route) else -1
    return heads


def _with_starts(problem: DayProblem, plan: DayPlan, rounds: Rounds, starts: list[int]) -> DayPlan:
    """The plan with other starts, and breaks that follow the visit they are after."""
    pause = plan.break_start.copy()
    for shift, leg in enumerate(rounds.pause_after):
        if leg >= 0:
            pause[shift] = max((starts[leg] + length(problem, leg)) / UNITS, float(problem.shifts.break_from[shift]))
    leg_start = np.where(plan.leg_shift >= 0, np.array(starts, float) / UNITS, np.nan)
    return priced(problem, plan.leg_shift, leg_start, plan.routes, pause, plan.seed, plan.moves, plan.was_stopped)

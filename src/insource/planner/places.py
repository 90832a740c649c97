"""Every place on every round of a plan: how soon a carer can be there, and how late they can leave again.

All visits stay with their carers in their order; they may move within their windows, as links and locks allow.
"""

from dataclasses import dataclass

import numpy as np

from insource.planner.locks import locked_legs
from insource.planner.problem import DayPlan, DayProblem
from insource.planner.timing import (
    NEVER,
    Rounds,
    all_units,
    latest,
    length,
    rounds_of,
    soonest,
    units,
    way,
    way_back,
    way_out,
)


@dataclass(frozen=True)
class Places:
    """Every place on every round: after leg `a`, before leg `b` (-1 at the ends), from one place to another; units.

    `ready`: soonest end of what is before it. `due`: the latest start of what is after it (or end of the shift).
    """

    shift: np.ndarray
    a: np.ndarray
    b: np.ndarray
    origin: np.ndarray
    target: np.ndarray
    ready: np.ndarray
    due: np.ndarray


@dataclass(frozen=True)
class Rounded:
    """The rounds of a plan with the soonest starts and the latest ones that hard limits allow."""

    rounds: Rounds
    soon: list[int]
    limit: list[int]
    places: Places
    chain: np.ndarray
    """By leg the latest start with which its shift still ends in time, whatever windows say; a row more than legs."""


def rounded(problem: DayProblem, plan: DayPlan, lifted: int, paused: DayPlan | None = None) -> Rounded:
    """Soonest and latest starts of the plan's rounds, with the lock of one leg lifted (-1: of none).

    Breaks are after the same legs as in the plan, or as in `paused`.
    """
    routes = [route.tolist() for route in plan.routes]
    rounds, visits, shifts = rounds_of(problem, routes, paused or plan), problem.visits, problem.shifts
    locked = locked_legs(problem) & (plan.leg_shift >= 0)
    locked[max(lifted, 0)] &= lifted < 0
    held = np.isin(problem.legs.visit, problem.legs.visit[locked])
    size = len(problem.legs.visit)
    soon, limit = [-NEVER] * size, [NEVER] * size
    earliest, end_at = (all_units(one)[problem.legs.visit].tolist() for one in (visits.earliest, visits.latest))
    started = all_units(plan.leg_start).tolist()
    begins, ends = (all_units(one).tolist() for one in (shifts.start, shifts.end))
    long = all_units(visits.minutes)[problem.legs.visit].tolist()
    for shift, route in enumerate(routes):
        for leg in route:
            soon[leg], limit[leg] = earliest[leg], end_at[leg]
            if held[leg]:
                soon[leg] = limit[leg] = started[leg]
        if route:
            first, last, pause = route[0], route[-1], rounds.pause_after[shift]
            soon[first] = max(soon[first], begins[shift] + way_out(problem, shift, first))
            end = ends[shift] - way_back(problem, shift, last) - long[last]
            limit[last] = min(limit[last], end)
            if pause >= 0:
                after = route[route.index(pause) + 1]
                rest = units(shifts.break_from[shift]) + units(shifts.break_minutes[shift])
                soon[after] = max(soon[after], rest + way(problem, shift, pause, after))
                limit[pause] = min(limit[pause], units(shifts.break_to[shift]) - long[pause])
    soonest(rounds, soon, [leg for route in routes for leg in route], [NEVER] * size)
    late = list(limit)
    latest(rounds, late)
    chain = _chain(problem, routes, rounds)
    return Rounded(rounds, soon, limit, _places(problem, routes, rounds, soon, late), chain)


def _places(problem: DayProblem, routes: list[list[int]], rounds: Rounds, soon: list[int], late: list[int]) -> Places:
    """Every place of every round. A break stays before the newcomer where it was before the next visit."""
    shifts, place, visit = problem.shifts, problem.visits.place, problem.legs.visit
    rows, long = [], all_units(problem.visits.minutes)[visit].tolist()
    begins, ends = (all_units(one).tolist() for one in (shifts.start, shifts.end))
    for shift, route in enumerate(routes):
        start, end = begins[shift], ends[shift]
        for k in range(len(route) + 1):
            a, b = route[k - 1] if k else -1, route[k] if k < len(route) else -1
            ready = start if a < 0 else soon[a] + long[a]
            if a >= 0 and a == rounds.pause_after[shift]:
                ready = max(ready, units(shifts.break_from[shift])) + units(shifts.break_minutes[shift])
            origin = shifts.start_place[shift] if a < 0 else place[visit[a]]
            target = shifts.end_place[shift] if b < 0 else place[visit[b]]
            rows.append((shift, a, b, origin, target, ready, end if b < 0 else late[b]))
    return Places(*np.array(rows, np.int64).reshape(-1, 7).T)


def _chain(problem: DayProblem, routes: list[list[int]], rounds: Rounds) -> np.ndarray:
    chain = np.zeros(len(problem.legs.visit) + 1, np.int64)
    for shift, route in enumerate(routes):
        for k, leg in reversed(list(enumerate(route))):
            if k + 1 == len(route):
                chain[leg] = units(problem.shifts.end[shift]) - way_back(problem, shift, leg) - length(problem, leg)
            else:
                chain[leg] = chain[route[k + 1]] - max(
                    least for other, least in rounds.then[leg] if other == route[k + 1]
                )
    return chain


def ways_by(problem: DayProblem, places: Places, leg: int) -> tuple[np.ndarray, np.ndarray]:
    """Travel to a leg and on from it, at every place."""
    here, mode = problem.visits.place[problem.legs.visit[leg]], problem.shifts.mode[places.shift]
    come, leave = problem.travel[mode, places.origin, here], problem.travel[mode, here, places.target]
    return come.astype(np.int64), leave.astype(np.int64)

"""When the legs of given rounds can start: soonest and latest, exactly, in whole thousandths of a minute.

Order of rounds, travel, breaks and links all say the same kind of thing: this leg starts at least so long after that
one. The soonest starts that hold everything are found by pushing later, the latest by pushing earlier, until nothing
moves; both are the only such starts, whatever the order of pushing.
"""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from insource.planner.problem import UNITS, DayPlan, DayProblem

NEVER = 10**12
CLOSE = 1e-6
MOST_PUSHES = 1000
"""A leg that is pushed more often than this is pushed by itself: the starts never settle."""

Apart = list[list[tuple[int, int]]]


@dataclass(frozen=True)
class Rounds:
    """By leg: those that start at least so long after it (`then`) and before it (`since`), in thousandths of a minute.

    `pause_after`: by shift the leg after which the break is, or -1.
    """

    then: Apart
    since: Apart
    pause_after: list[int]


def units(minutes: float) -> int:
    """Minutes in whole thousandths."""
    return max(-NEVER, min(NEVER, round(float(minutes) * UNITS))) if np.isfinite(minutes) else NEVER


def all_units(minutes: np.ndarray) -> np.ndarray:
    """Minutes in whole thousandths, a column at once; what is no number is 0."""
    plain = np.nan_to_num(np.asarray(minutes, float) * UNITS, nan=0.0, posinf=NEVER, neginf=-NEVER)
    return np.rint(np.clip(plain, -NEVER, NEVER)).astype(np.int64)


def rounds_of(problem: DayProblem, routes: Sequence[Sequence[int]], plan: DayPlan) -> Rounds:
    """What ties the legs of these routes; breaks lie after the same legs as in the plan."""
    size = len(problem.legs.visit)
    then: Apart = [[] for _ in range(size)]
    since: Apart = [[] for _ in range(size)]

    def apart(a: int, b: int, least: int) -> None:
        then[a].append((b, least))
        since[b].append((a, least))

    is_in = np.zeros(size, bool)
    long = all_units(problem.visits.minutes)[problem.legs.visit].tolist()
    pauses = [paused_after(problem, plan, shift) for shift in range(len(routes))]
    pairs = [(shift, a, b) for shift, route in enumerate(routes) for a, b in itertools.pairwise(route)]
    mode, place = problem.shifts.mode, problem.visits.place[problem.legs.visit]
    which, here, there = (
        np.array(column, np.int64) for column in (zip(*pairs, strict=True) if pairs else ((), (), ()))
    )
    roads = problem.travel[mode[which], place[here], place[there]].tolist()
    for (shift, a, b), road in zip(pairs, roads, strict=True):
        rest = units(problem.shifts.break_minutes[shift]) if a == pauses[shift] else 0
        apart(a, b, long[a] + rest + road)
    is_in[[leg for route in routes for leg in route]] = True
    links = problem.links
    for a, b, least, most in zip(
        *(column.tolist() for column in (links.first, links.second, links.least, links.most)), strict=True
    ):
        if is_in[a] and is_in[b]:
            apart(a, b, units(least))
            if np.isfinite(most):
                apart(b, a, -units(most))
    of: dict[int, list[int]] = {}
    for leg in np.flatnonzero(is_in).tolist():
        of.setdefault(int(problem.legs.visit[leg]), []).append(leg)
    for legs in of.values():
        for a in legs[1:]:
            apart(legs[0], a, 0)
            apart(a, legs[0], 0)
    return Rounds(then, since, pauses)


def soonest(rounds: Rounds, starts: list[int], moved: Iterable[int], limit: Sequence[int]) -> bool:
    """Push what the moved legs push; `starts` are changed in place. False if a leg would start after its limit."""
    waiting, pushes = list(moved)[::-1], [0] * len(starts)
    if any(starts[leg] > limit[leg] for leg in waiting):
        return False
    while waiting:
        leg = waiting.pop()
        for other, least in rounds.then[leg]:
            if starts[leg] + least > starts[other]:
                starts[other] = starts[leg] + least
                pushes[other] += 1
                if starts[other] > limit[other] or pushes[other] > MOST_PUSHES:
                    return False
                waiting.append(other)
    return True


def latest(rounds: Rounds, limit: list[int]) -> None:
    """The latest starts that keep all limits, in place; for rounds that can be kept."""
    waiting = list(range(len(limit)))
    while waiting:
        leg = waiting.pop()
        for other, least in rounds.since[leg]:
            if limit[leg] - least < limit[other]:
                limit[other] = limit[leg] - least
                waiting.append(other)


def paused_after(problem: DayProblem, plan: DayPlan, shift: int) -> int:
    """The leg after which the shift's break is, -1 if there is none."""
    pause, route = float(plan.break_start[shift]), plan.routes[shift].tolist()
    if np.isnan(pause):
        return -1
    for a, b in itertools.pairwise(route):
        end = float(plan.leg_start[a]) + length(problem, a) / UNITS
        free = float(plan.leg_start[b]) - way(problem, shift, a, b) / UNITS
        if end <= pause + CLOSE and pause + float(problem.shifts.break_minutes[shift]) <= free + CLOSE:
            return a
    return -1


def length(problem: DayProblem, leg: int) -> int:
    """How long a leg takes."""
    return units(problem.visits.minutes[problem.legs.visit[leg]])


def way(problem: DayProblem, shift: int, a: int, b: int) -> int:
    """Travel from one leg to another."""
    place, visit = problem.visits.place, problem.legs.visit
    return int(problem.travel[problem.shifts.mode[shift], place[visit[a]], place[visit[b]]])


def way_out(problem: DayProblem, shift: int, leg: int) -> int:
    """Travel from where the shift starts."""
    place = problem.visits.place[problem.legs.visit[leg]]
    return int(problem.travel[problem.shifts.mode[shift], problem.shifts.start_place[shift], place])


def way_back(problem: DayProblem, shift: int, leg: int) -> int:
    """Travel to where the shift ends."""
    place = problem.visits.place[problem.legs.visit[leg]]
    return int(problem.travel[problem.shifts.mode[shift], place, problem.shifts.end_place[shift]])


def break_in(problem: DayProblem, after: int, shift: int, route: Sequence[int], starts: Sequence[int]) -> float | None:
    """When the break of a round begins, in minutes: after the leg `after`, or in the first gap that holds it if -1.

    Not a number if the round is short enough to need none, nothing if it has no room. `starts` in thousandths by leg.
    """
    shifts, rest = problem.shifts, units(problem.shifts.break_minutes[shift])
    span = starts[route[-1]] + length(problem, route[-1]) - starts[route[0]]
    if after < 0 and (not rest or span <= units(shifts.break_over[shift])):
        return float("nan")
    for a, b in itertools.pairwise(route):
        begin = max(starts[a] + length(problem, a), units(shifts.break_from[shift]))
        fits = begin + rest + way(problem, shift, a, b) <= starts[b]
        if after in (-1, a) and fits and begin <= units(shifts.break_to[shift]):
            return begin / UNITS
    return None

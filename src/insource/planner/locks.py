"""Locked visits: which of them can be kept, and what they stand in the way of.

A locked leg keeps its carer and its start whatever happens, even against a window, a skill or a wish: whoever locked it
has decided that. What no lock can do is send somebody who is not working, or have a carer in two places. A lock that
cannot be kept is never mended by sending somebody else: the visit is listed as not made, with what stands against it,
until a person lifts the lock.
"""

from dataclasses import dataclass, replace

import numpy as np

from insource.planner.problem import (
    ANY_CARERS,
    DIFFERENT_CARERS,
    SAME_CARER,
    UNITS,
    DayPlan,
    DayProblem,
)
from insource.planner.timing import length, units, way, way_back, way_out

AWAY, HOURS, CLASH, TIED = "away", "hours", "clash", "tied"
NOT_WORKING, LOCKED_ELSEWHERE = 4, 7
"""Keys of `problem.BARRED`."""


@dataclass(frozen=True)
class Broken:
    """A lock that cannot be kept: the leg, why, and the other locked leg in the way (-1 if none is)."""

    leg: int
    why: str
    other: int = -1


def locked_legs(problem: DayProblem) -> np.ndarray:
    """Which legs are locked: bool by leg."""
    if problem.published is None:
        return np.zeros(len(problem.legs.visit), bool)
    return np.asarray(problem.published.is_locked, bool)


def broken_locks(problem: DayProblem) -> tuple[Broken, ...]:
    """The locks that cannot be kept. Of two that clash the one that starts first is kept."""
    locked = np.flatnonzero(locked_legs(problem))
    if not len(locked):
        return ()
    assert problem.published is not None
    starts, ties = problem.published.start, _ties(problem, set(locked.tolist()))
    found: list[Broken] = []
    kept: set[int] = set()
    last: dict[int, int] = {}
    for leg in locked[np.lexsort((locked, starts[locked]))].tolist():
        shift = int(problem.published.shift[leg])
        broken = _alone(problem, leg, shift) or _with_others(problem, leg, last.get(shift, -1), kept, ties)
        if broken is None:
            kept.add(leg)
            last[shift] = leg
        else:
            found.append(broken)
    return tuple(found)


def with_kept_locks(problem: DayProblem) -> DayProblem:
    """The day as it is searched: visits whose lock cannot be kept may be nobody's, apart from locked partners.

    A lock decides when its visit is, for all who come: windows are widened to it.
    """
    if not locked_legs(problem).any():
        return problem
    assert problem.published is not None
    broken = [one.leg for one in broken_locks(problem)]
    barred, locked = problem.barred.copy(), problem.published.is_locked.copy()
    shift, start = problem.published.shift.copy(), problem.published.start.copy()
    locked[broken], shift[broken], start[broken] = False, -1, np.nan
    whole = np.isin(problem.legs.visit, problem.legs.visit[broken]) & ~locked
    barred[whole] = LOCKED_ELSEWHERE
    earliest, latest = problem.visits.earliest.copy(), problem.visits.latest.copy()
    np.minimum.at(earliest, problem.legs.visit[locked], start[locked])
    np.maximum.at(latest, problem.legs.visit[locked], start[locked])
    published = replace(problem.published, is_locked=locked, shift=shift, start=start)
    visits = replace(problem.visits, earliest=earliest, latest=latest)
    return replace(problem, barred=barred, published=published, visits=visits)


def without_break(problem: DayProblem, plan: DayPlan) -> dict[int, list[int]]:
    """Shifts that have no room for their break, and the locked legs that stand in the way."""
    locked, found = locked_legs(problem), {}
    for shift, route in enumerate(plan.routes):
        if not len(route) or not np.isnan(plan.break_start[shift]) or problem.shifts.break_minutes[shift] <= 0:
            continue
        end = plan.leg_start[route[-1]] + problem.visits.minutes[problem.legs.visit[route[-1]]]
        if end - plan.leg_start[route[0]] > problem.shifts.break_over[shift] + 1 / (2 * UNITS):
            found[shift] = [leg for leg in route.tolist() if locked[leg]]
    return found


def against_rules(problem: DayProblem, plan: DayPlan) -> dict[int, int]:
    """Locked legs that are made although a rule is against it: the key of `BARRED`, or 0 for the window."""
    found = {}
    for leg in np.flatnonzero(locked_legs(problem) & (plan.leg_shift >= 0)).tolist():
        visit, start = int(problem.legs.visit[leg]), plan.leg_start[leg]
        code = int(problem.barred[leg, plan.leg_shift[leg]])
        outside = start < problem.visits.earliest[visit] or start > problem.visits.latest[visit]
        if code or outside:
            found[leg] = code
    return found


def _alone(problem: DayProblem, leg: int, shift: int) -> Broken | None:
    """Whether the carer is working at all, and from home and back within the shift."""
    assert problem.published is not None
    if shift < 0 or problem.barred[leg, shift] == NOT_WORKING:
        return Broken(leg, AWAY)
    start = units(problem.published.start[leg])
    there = units(problem.shifts.start[shift]) + way_out(problem, shift, leg)
    back = start + length(problem, leg) + way_back(problem, shift, leg)
    return Broken(leg, HOURS) if there > start or back > units(problem.shifts.end[shift]) else None


def _with_others(
    problem: DayProblem, leg: int, before: int, kept: set[int], ties: dict[int, list[tuple[int, float, float, int]]]
) -> Broken | None:
    """Whether the carer can come from the locked visit before, and whether it goes with what it is tied to."""
    published = problem.published
    assert published is not None
    if before >= 0:
        there = units(published.start[before]) + length(problem, before)
        if there + way(problem, int(published.shift[leg]), before, leg) > units(published.start[leg]):
            return Broken(leg, CLASH, before)
    for other, least, most, rule in ties.get(leg, []):
        gap = published.start[leg] - published.start[other]
        same = problem.shifts.carer[published.shift[leg]] == problem.shifts.carer[published.shift[other]]
        is_wrong = rule != ANY_CARERS and bool(same) != (rule == SAME_CARER)
        if other in kept and (is_wrong or not least - 1 / UNITS <= gap <= most + 1 / UNITS):
            return Broken(leg, TIED, other)
    return None


def _ties(problem: DayProblem, locked: set[int]) -> dict[int, list[tuple[int, float, float, int]]]:
    """By locked leg the other locked legs it is tied to: least and most minutes from the other's start, and carers."""
    ties: dict[int, list[tuple[int, float, float, int]]] = {}
    links = problem.links
    for a, b, least, most, rule in zip(
        *(column.tolist() for column in (links.first, links.second, links.least, links.most, links.carers)), strict=True
    ):
        if a in locked and b in locked:
            ties.setdefault(b, []).append((a, least, most, rule))
            ties.setdefault(a, []).append((b, -most, -least, rule))
    of: dict[int, list[int]] = {}
    for leg in sorted(locked):
        of.setdefault(int(problem.legs.visit[leg]), []).append(leg)
    for legs in of.values():
        for a in legs:
            ties.setdefault(a, []).extend((b, 0.0, 0.0, DIFFERENT_CARERS) for b in legs if a != b)
    return ties

"""One scorer for every solver: from the order of legs on each shift to a checked plan and what it costs.

A solver's own times and costs are not believed. Starts are worked out here, as soon as order, windows and ties allow;
visits of which only some legs are served are taken out and paid for as left out; the independent checker has the last
word on what holds and on the price.
"""

from dataclasses import dataclass

import numpy as np

from insource.planner.checking import check
from insource.planner.pricing import priced
from insource.planner.problem import UNITS, DayPlan, DayProblem

NOBODY = -1
ROUNDS = 1000


@dataclass(frozen=True)
class Found:
    """What a solver hands back: the order of legs on each shift (nothing if it found no plan), and what it used."""

    routes: list[list[int]] | None
    seconds: float
    """Of one processor's own time, stating the day included."""


@dataclass(frozen=True)
class Score:
    """What a solver's plan is worth by the checker."""

    cost: float
    travel: float
    legs_out: int
    half_served: int
    """Visits of which the solver served some legs and not all: taken out."""
    faults: tuple[str, ...]


def score(problem: DayProblem, routes: list[list[int]]) -> Score:
    """The plan that these rounds amount to, checked and priced."""
    plan, half_served = plan_from(problem, routes)
    if plan is None:
        return Score(float("inf"), float("inf"), len(problem.legs.visit), half_served, ("the ties go round in a ring",))
    verdict = check(problem, plan)
    faults = tuple(f"{fault.code} {fault.where}" for fault in verdict.faults)
    out = int((plan.leg_shift == NOBODY).sum())
    return Score(sum(verdict.price.values()), verdict.price["travel"], out, half_served, faults)


def plan_from(problem: DayProblem, routes: list[list[int]]) -> tuple[DayPlan | None, int]:
    """A plan from the order of legs by shift, and how many half-served visits were taken out of it."""
    visit = problem.legs.visit
    asked = np.bincount(visit)
    served = np.bincount(visit[[leg for route in routes for leg in route]], minlength=len(asked))
    is_half = (served > 0) & (served < asked)
    kept = [[leg for leg in route if not is_half[visit[leg]]] for route in routes]
    begin = soonest(problem, kept)
    if begin is None:
        return None, int(is_half.sum())
    shift = np.full(len(visit), NOBODY, np.int32)
    for number, route in enumerate(kept):
        shift[route] = number
    start = np.where(shift == NOBODY, np.nan, begin / UNITS)
    rounds = tuple(np.array(route, np.int32) for route in kept)
    return priced(problem, shift, start, rounds, np.full(len(rounds), np.nan)), int(is_half.sum())


def soonest(problem: DayProblem, routes: list[list[int]]) -> np.ndarray | None:
    """Soonest starts in thousandths of a minute; nothing if ties and orders push each other for ever."""
    visits, visit, shifts = problem.visits, problem.legs.visit, problem.shifts
    begin = np.rint(visits.earliest[visit] * UNITS).astype(np.int64)
    minutes = np.rint(visits.minutes[visit] * UNITS).astype(np.int64)
    place = visits.place[visit]
    present = np.zeros(len(visit), bool)
    present[[leg for route in routes for leg in route]] = True
    ties = _ties(problem, present)
    for _ in range(ROUNDS):
        before = begin.copy()
        for shift, route in enumerate(routes):
            ready, here = round(shifts.start[shift] * UNITS), shifts.start_place[shift]
            for leg in route:
                begin[leg] = max(begin[leg], ready + problem.travel[shifts.mode[shift], here, place[leg]])
                ready, here = begin[leg] + minutes[leg], place[leg]
        for first, second, least in ties:
            begin[second] = max(begin[second], begin[first] + least)
        if (begin == before).all():
            return begin
    return None


def _ties(problem: DayProblem, present: np.ndarray) -> list[tuple[int, int, int]]:
    """Pairs of legs in the plan, and how much later than the first the second starts at least."""
    legs_of: dict[int, list[int]] = {}
    for leg in np.flatnonzero(present).tolist():
        legs_of.setdefault(int(problem.legs.visit[leg]), []).append(leg)
    ties = [(a, b, 0) for legs in legs_of.values() for a in legs for b in legs if a != b]
    links = problem.links
    for a, b, least, most in zip(links.first, links.second, links.least, links.most, strict=True):
        if present[a] and present[b]:
            ties.append((int(a), int(b), round(least * UNITS)))
            if np.isfinite(most):
                ties.append((int(b), int(a), round(-most * UNITS)))
    return ties

"""Re-plan a day that has been published: mend what an event broke, and leave everybody else alone.

The problem handed in is the day as it now is (a carer's shift gone or barred, a visit more or fewer, longer or later),
with `Published` as people were told. Whatever still fits stays where it was; the rest is put in where that costs least,
changes included; then, if there is time, rounds near by are tried again. Planning the day afresh would save a percent
of travel and send half the visits to somebody else.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from insource.errors import InputError, Problem
from insource.planner.filling import with_all_that_fit
from insource.planner.later import without_waiting
from insource.planner.locks import with_kept_locks
from insource.planner.problem import UNITS, DayPlan, DayProblem
from insource.planner.routes import Progress, finished, nothing_to_do, put_published, search
from insource.planner.search.anneal import first_plan
from insource.planner.search.columns import Day, Plan
from insource.planner.search.prepare import empty_plan, prepare

POLISH_MOVES = 300
COOL = 0.2
"""Re-planning hardly takes a dearer plan on the way to a cheaper one: people have been told."""
NEIGHBOURS = 30


@dataclass(frozen=True)
class Change:
    """One leg that is not as published. `cause`: see `CAUSES`. Starts nan and shifts -1 where there is none."""

    leg: int
    cause: str
    old_shift: int
    new_shift: int
    old_start: float
    new_start: float
    minutes_away: float
    """Travel of the new carer from where they come from."""
    times_met: int
    """How often this carer has been to this person, -1 if nobody says."""


CAUSES = {
    "new": "a visit that was not in the published plan",
    "carer_gone": "the carer it was given to cannot come",
    "partner": "the other carer of this visit changed",
    "made_room": "moved so that somebody else could be visited",
    "later_or_earlier": "same carer, another time",
    "given_up": "nobody can come",
}


@dataclass(frozen=True)
class Replanned:
    """The new plan, what differs from what was published, and how long it took."""

    plan: DayPlan
    changes: tuple[Change, ...] = field(repr=False)
    seconds_to_first: float
    seconds: float


def replan(
    problem: DayProblem,
    seed: int = 1,
    moves: int = POLISH_MOVES,
    most_seconds: float | None = 2.0,
    met: np.ndarray | None = None,
    report: Callable[[Progress], None] | None = None,
) -> Replanned:
    """Mend a published day. `met` [person, carer] is how often they have met; `moves` 0 gives the first answer only."""
    if problem.published is None:
        raise InputError(
            Problem(
                "nothing_published",
                "there is no published plan to mend",
                "plan the day first (insource pool routes), then re-plan it",
            )
        )
    began = time.perf_counter()
    if not len(problem.legs.visit):
        return Replanned(nothing_to_do(problem, seed), (), 0.0, time.perf_counter() - began)
    searched = with_kept_locks(problem)
    day = prepare(searched)
    plan = empty_plan(day, seed)
    put_published(searched, day, plan, np.ones(len(problem.legs.visit), bool))
    out = seeds_near(day, plan)
    first_plan(day, plan)
    first = time.perf_counter() - began
    plan.seeds[: len(out)] = out
    plan.counts[9] = len(out)
    was_stopped, made = False, 0
    if len(out) and moves:
        was_stopped, made = search(day, plan, moves, most_seconds, report, warmest=COOL)
    found = with_all_that_fit(problem, finished(problem, day, plan, seed, made, was_stopped))
    found = without_waiting(problem, found)
    return Replanned(found, changes(problem, found, met), first, time.perf_counter() - began)


def seeds_near(day: Day, plan: Plan) -> np.ndarray:
    """The legs that are out, and those next to them: where polishing looks."""
    out = np.flatnonzero(plan.legs[:, 0] < 0)
    near = day.near[out, :NEIGHBOURS].reshape(-1)
    return np.unique(np.concatenate([out, near]))


def changes(problem: DayProblem, plan: DayPlan, met: np.ndarray | None = None) -> tuple[Change, ...]:
    """Every leg that is not as published, and why; in the order of the day."""
    published = problem.published
    assert published is not None
    found = []
    other = _carers(problem, published.shift) != _carers(problem, plan.leg_shift)
    moved = np.abs(plan.leg_start - published.start) > np.maximum(published.moved_free, 1 / UNITS)
    for leg in np.flatnonzero(other | moved).tolist():
        old, new = int(published.shift[leg]), int(plan.leg_shift[leg])
        cause = _cause(problem, plan, leg, bool(other[leg]))
        person = problem.visits.person[problem.legs.visit[leg]]
        times_met = -1 if met is None or new < 0 else int(met[person, problem.shifts.carer[new]])
        found.append(
            Change(
                leg,
                cause,
                old,
                new,
                float(published.start[leg]),
                float(plan.leg_start[leg]),
                _minutes_away(problem, plan, leg),
                times_met,
            )
        )
    return tuple(sorted(found, key=lambda change: (np.nanmin([change.old_start, change.new_start]), change.leg)))


def _carers(problem: DayProblem, shift: np.ndarray) -> np.ndarray:
    return np.where(shift >= 0, problem.shifts.carer[shift], -1)


def _cause(problem: DayProblem, plan: DayPlan, leg: int, is_other: bool) -> str:
    published = problem.published
    assert published is not None
    old = int(published.shift[leg])
    if plan.leg_shift[leg] < 0:
        return "given_up"
    if old < 0:
        return "new"
    if not is_other:
        return "later_or_earlier"
    if problem.barred[leg, old]:
        return "carer_gone"
    partners = np.flatnonzero((problem.legs.visit == problem.legs.visit[leg]) & (published.shift >= 0))
    if any(problem.barred[one, published.shift[one]] for one in partners.tolist()):
        return "partner"
    return "made_room"


def _minutes_away(problem: DayProblem, plan: DayPlan, leg: int) -> float:
    shift = int(plan.leg_shift[leg])
    if shift < 0:
        return float("nan")
    route = plan.routes[shift].tolist()
    k = route.index(leg)
    places = problem.visits.place[problem.legs.visit]
    come_from = places[route[k - 1]] if k else problem.shifts.start_place[shift]
    return float(problem.travel[problem.shifts.mode[shift], come_from, places[leg]]) / UNITS


def said(change: Change, carer: str, person: str) -> str:
    """The change in a sentence, with the names of the caller."""
    if change.cause == "given_up":
        return f"{person}: nobody can come"
    away = f"{change.minutes_away:.0f} minutes away"
    known = (
        "" if change.times_met < 0 else "has never been there, " if not change.times_met else _times(change.times_met)
    )
    if change.cause == "later_or_earlier":
        way = "later" if change.new_start > change.old_start else "earlier"
        return f"{person}: still {carer}, {abs(change.new_start - change.old_start):.0f} minutes {way}"
    return f"{person}: {'to' if change.cause == 'new' else 'moved to'} {carer}: {known}{away}; {CAUSES[change.cause]}"


def _times(count: int) -> str:
    if count <= 0:
        return "" if count < 0 else "has never been there, "
    return f"has been there {count} time{'s' if count > 1 else ''}, "

"""The day's rounds: a seed and a number of moves give the same plan on any machine.

The time limit is a cap for people who wait, not a way of asking for quality: a plan that was cut short says so.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from insource.planner.locks import locked_legs, with_kept_locks
from insource.planner.pricing import priced
from insource.planner.problem import UNITS, DayPlan, DayProblem
from insource.planner.search.anneal import first_plan, make_moves, put_as_published
from insource.planner.search.columns import BEST, HAS_BREAKS, Day, Plan
from insource.planner.search.prepare import empty_plan, prepare
from insource.planner.search.rooms import make_room_for_breaks

MOVES = 50_000
"""Moves by default: a few seconds for 300 people."""
GIVEN_UP = 255
"""While breaks are settled: on this shift the visit left no room for the break, so it is not put there again."""
FIRST_BATCH, LONGEST_BATCH_SECONDS = 20, 0.25
WARMEST, COOLEST = 4.0, 0.03
"""Temperatures at the first and the last move, in average journeys between two visits."""
MOST_STARTS, MOVES_FOR_EACH_LEG = 8, 75
"""Another short search for each so many moves a leg: on larger days one long search is as good."""
SHORT_SHARE, WARMED_UP = 0.6, 1.0
"""Share of the moves for the short searches; first temperature of the best of them when it goes on."""
NEXT_SEED = 1_000_003


@dataclass(frozen=True)
class Progress:
    """What is told while the search runs."""

    moves: int
    total: int
    price: float
    seconds: float


def plan_day(
    problem: DayProblem,
    seed: int = 1,
    moves: int = MOVES,
    most_seconds: float | None = None,
    report: Callable[[Progress], None] | None = None,
) -> DayPlan:
    """Send everybody who can be sent, at the least price found in so many moves."""
    if not len(problem.legs.visit):
        return nothing_to_do(problem, seed)
    searched = with_kept_locks(problem)
    day = prepare(searched)

    def begun(own_seed: int) -> Plan:
        plan = empty_plan(day, own_seed)
        put_published(searched, day, plan, locked_legs(searched))
        first_plan(day, plan)
        return plan

    plan, was_stopped, made = search_from_many(day, begun, seed, moves, most_seconds, report)
    return finished(problem, day, plan, seed, made, was_stopped)


def search_from_many(
    day: Day,
    begun: Callable[[int], Plan],
    seed: int,
    moves: int,
    most_seconds: float | None,
    report: Callable[[Progress], None] | None,
) -> tuple[Plan, bool, int]:
    """The plan found, whether the search was stopped, and the moves made; `begun` makes a first plan from a seed.

    An annealing decides early which rounds belong together, and no number of moves undoes it later: with more moves the
    same seed may end dearer. Where moves are many for the size of the day, half of them go to short searches from
    different first plans, and the other half to the best of these, warmed up again.
    """
    starts = max(1, min(MOST_STARTS, moves // (len(day.legs_i) * MOVES_FOR_EACH_LEG)))
    if starts == 1:
        plan = begun(seed)
        return plan, *search(day, plan, moves, most_seconds, report)
    began = time.perf_counter()
    each, made = int(moves * SHORT_SHARE / starts), 0
    best = plan = begun(seed)
    for k in range(starts + 1):
        is_last = k == starts
        if k > 0:
            plan = best if is_last else begun(seed + k * NEXT_SEED)
        left = None if most_seconds is None else most_seconds - (time.perf_counter() - began)
        told = None if report is None else _told(report, made, moves, began)
        share, warmest = (moves - made, WARMED_UP) if is_last else (each, WARMEST)
        was_stopped, more = search(day, plan, share, left, told, warmest)
        made += more
        if plan.costs[BEST] < best.costs[BEST]:
            best = plan
        if was_stopped:
            break
    return best, was_stopped, made


def _told(report: Callable[[Progress], None], before: int, total: int, began: float) -> Callable[[Progress], None]:
    """Progress of a part, told as progress of the whole."""
    return lambda part: report(Progress(before + part.moves, total, part.price, time.perf_counter() - began))


def put_published(problem: DayProblem, day: Day, plan: Plan, legs: np.ndarray) -> None:
    """Put these legs (bool) where they were published, if that still fits: what is locked first, then by start."""
    published = problem.published
    if published is None or not legs.any():
        return
    known = np.flatnonzero(legs & (published.shift >= 0))
    shift = published.shift[known]
    may = (day.barred[known, shift] == 0) | published.is_locked[known]
    known, shift = known[may], shift[may]
    order = np.lexsort((known, published.start[known], ~published.is_locked[known]))
    put_as_published(day, plan, known[order].astype(np.int64), shift[order].astype(np.int64))


def nothing_to_do(problem: DayProblem, seed: int) -> DayPlan:
    """The plan of a day without visits."""
    shifts = len(problem.shifts.carer)
    routes = tuple(np.zeros(0, np.int32) for _ in range(shifts))
    return priced(problem, np.zeros(0, np.int32), np.zeros(0), routes, np.full(shifts, np.nan), seed)


def search(
    day: Day,
    plan: Plan,
    moves: int,
    most_seconds: float | None = None,
    report: Callable[[Progress], None] | None = None,
    warmest: float = WARMEST,
) -> tuple[bool, int]:
    """Make moves in batches, telling how it goes between them. Returns whether it was stopped, and the moves made.

    Batches are by the clock, moves are not: what a move does depends on the seed and its number only.
    """
    plan.costs[3] = max(warmest * journey(day, plan), 1e-9)
    plan.costs[4] = np.log(COOLEST / warmest)
    began = time.perf_counter()
    made, batch = 0, FIRST_BATCH
    try:
        while made < moves:
            end = min(made + batch, moves)
            start = time.perf_counter()
            make_moves(day, plan, made, end, moves)
            now = time.perf_counter()
            pace = (now - start) / (end - made)
            batch = max(1, min(2 * batch, int(LONGEST_BATCH_SECONDS / max(pace, 1e-9))))
            made = end
            if report is not None:
                report(Progress(made, moves, float(plan.costs[1]), now - began))
            if most_seconds is not None and now - began >= most_seconds:
                break
    except KeyboardInterrupt:
        return True, made
    return made < moves, made


def journey(day: Day, plan: Plan) -> float:
    """Average price of the way to a leg in the plan."""
    legs = np.flatnonzero(plan.legs[:, 0] >= 0)
    legs = legs[plan.legs[legs, 1] >= 0]
    if not len(legs):
        return 1.0
    shifts = plan.legs[legs, 0]
    before = day.legs_i[plan.legs[legs, 1], 2]
    ways = day.travel[day.shifts_i[shifts, 3], before, day.legs_i[legs, 2]] * day.shifts_p[shifts, 0]
    return float(ways.sum() / len(legs))


def settle_breaks(day: Day, plan: Plan) -> None:
    """Give up what leaves a shift no room for its break, and try it on other shifts, until every break has its room."""
    if day.settings[HAS_BREAKS] == 0.0:
        return
    barred = day.barred.copy()
    try:
        while given := make_room_for_breaks(day, plan):
            for block, shift in zip(plan.queue[:given].tolist(), plan.keys[:given].astype(int).tolist(), strict=True):
                first, end, _ = day.block_legs[block]
                day.barred[day.block_legs[first:end, 2], shift] = GIVEN_UP
            first_plan(day, plan)
    finally:
        day.barred[:] = barred


def finished(problem: DayProblem, day: Day, plan: Plan, seed: int, moves: int, was_stopped: bool) -> DayPlan:
    """The best plan found, with room made for every break, in the words of the problem."""
    settle_breaks(day, plan)
    legs, times, shifts = plan.best_legs, plan.best_times, plan.best_shifts
    leg_shift = legs[:, 0].copy()
    routes = []
    for shift in range(len(shifts)):
        order = []
        leg = int(shifts[shift, 0])
        while leg >= 0:
            order.append(leg)
            leg = int(legs[leg, 2])
        routes.append(np.array(order, np.int32))
    leg_start = np.where(leg_shift >= 0, times[:, 0] / UNITS, np.nan)
    after = shifts[:, 3]
    ends = times[after, 0] + day.legs_t[after, 0]
    pause = np.where(after >= 0, np.maximum(ends, day.shifts_t[:, 6]) / UNITS, np.nan)
    return priced(problem, leg_shift, leg_start, tuple(routes), pause, seed, moves, was_stopped)

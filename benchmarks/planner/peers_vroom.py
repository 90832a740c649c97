"""VROOM (BSD-2, through pyvroom): construction and local search with a stopping point of its own, at a level of effort.

It has no word for two carers at one door, so it is given days with double-ups fixed. Each set of carers who may go to a
leg is a skill; priorities decide before travel what is left out. It can be told to stop by the clock only: the caller
measures what it used and asks again with a longer limit if the machine was busy.
"""

import time
from datetime import timedelta

import numpy as np
import vroom

from benchmarks.planner.peers_score import Found
from insource.planner.problem import UNITS, DayProblem

LEVEL = 5
MOST_PRIORITY = 100
ENOUGH = 0.9
"""This share of the seconds asked for, and no new run with a longer limit is made."""
MOST_AT_ONCE, LEAST_USED = 8.0, 0.01


def solve(problem: DayProblem, seconds: float, seed: int) -> Found:
    """The order of legs on each shift. It draws no luck, so the seed changes nothing."""
    limit = seconds
    while True:
        clock, began = time.perf_counter(), time.process_time()
        table = stated(problem).solve(exploration_level=LEVEL, nb_threads=1, timeout=timedelta(seconds=limit)).routes
        used, waited = time.process_time() - began, time.perf_counter() - clock
        was_done = waited < limit
        if was_done or used >= ENOUGH * seconds:
            break
        limit *= min(MOST_AT_ONCE, seconds / max(used, LEAST_USED))
    routes: list[list[int]] = [[] for _ in problem.shifts.carer]
    for shift, kind, leg in zip(table["vehicle_id"], table["type"], table["id"], strict=True):
        if kind == "job":
            routes[int(shift)].append(int(leg))
    return Found(routes, used)


def stated(problem: DayProblem) -> vroom.Input:
    """The day in VROOM's words, in thousandths of a minute where it has seconds."""
    visits, visit, shifts = problem.visits, problem.legs.visit, problem.shifts
    day = vroom.Input()
    day.set_durations_matrix("car", np.ascontiguousarray(problem.travel[0], dtype=np.uint32))
    asked = np.bincount(visit)
    price = visits.unserved_price / asked
    priority = np.minimum(MOST_PRIORITY, np.rint(price / price.min())).astype(int)
    kinds: dict[bytes, int] = {}
    for leg in range(len(visit)):
        kinds.setdefault(problem.barred[leg].tobytes(), len(kinds))
    may = {number: np.frombuffer(key, np.uint8) == 0 for key, number in kinds.items()}
    for leg, of in enumerate(visit.tolist()):
        first, last = (round(column[of] * UNITS) for column in (visits.earliest, visits.edge))
        day.add_job(
            vroom.Job(
                leg,
                location=int(visits.place[of]),
                default_service=round(visits.minutes[of] * UNITS),
                skills={kinds[problem.barred[leg].tobytes()]},
                priority=int(priority[of]),
                time_windows=[vroom.TimeWindow(max(0, first), last)],
            )
        )
    for shift in range(len(shifts.carer)):
        day.add_vehicle(
            vroom.Vehicle(
                shift,
                start=int(shifts.start_place[shift]),
                end=int(shifts.end_place[shift]),
                skills={number for number, allowed in may.items() if allowed[shift]},
                time_window=vroom.TimeWindow(int(shifts.start[shift] * UNITS), int(shifts.end[shift] * UNITS)),
            )
        )
    return day

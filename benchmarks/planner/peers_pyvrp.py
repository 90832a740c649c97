"""PyVRP (MIT): iterated local search for rounds with windows. One profile for each kind of carer.

It has no word for two carers at one door, so it is given days with double-ups fixed; each leg is a client of its own
with a prize. Who may go where is said by a matrix of travel for each kind of carer, in which forbidden ways are too
long to be worth it. Stops by processor time, through its own interface for stopping.
"""

import time

import numpy as np
from pyvrp import Client, Depot, Location, ProblemData, VehicleType, solve

from benchmarks.planner.peers_score import Found
from insource.planner.problem import UNITS, DayProblem

FORBIDDEN = 10_000_000
"""A way that nobody may take, in thousandths of a minute: dearer than any prize, later than any shift's end."""


class ProcessorTime:
    """Stop when this process has used so many seconds of a processor since `began`."""

    def __init__(self, seconds: float, began: float) -> None:
        self.end = began + seconds

    def __call__(self, best_cost: float) -> bool:
        """PyVRP asks after each iteration."""
        return time.process_time() > self.end


def solve_day(problem: DayProblem, seconds: float, seed: int) -> Found:
    """The order of legs on each shift."""
    began = time.process_time()
    best = solve(stated(problem), ProcessorTime(seconds, began), seed=seed, collect_stats=False).best
    routes: list[list[int]] = [[] for _ in problem.shifts.carer]
    free = [list(shifts) for shifts in alike(problem)]
    for route in best.routes():
        # vehicles of one type are alike: any shift of the type not yet used
        routes[free[route.vehicle_type()].pop()] = [task.idx for task in route if task.is_client()]
    return Found(routes, time.process_time() - began)


def alike(problem: DayProblem) -> list[list[int]]:
    """Shifts that start and end alike and may go to the same legs: one type of vehicle each."""
    shifts = problem.shifts
    kinds: dict[tuple[bytes, bytes, float, float, bytes], list[int]] = {}
    for shift in range(len(shifts.carer)):
        out = problem.travel[0, shifts.start_place[shift]].tobytes()
        home = problem.travel[0, :, shifts.end_place[shift]].tobytes()
        hours = float(shifts.start[shift]), float(shifts.end[shift])
        kinds.setdefault((out, home, *hours, problem.barred[:, shift].tobytes()), []).append(shift)
    return list(kinds.values())


def stated(problem: DayProblem) -> ProblemData:
    """The day in PyVRP's words: a place for each leg, then one for each type of vehicle."""
    visits, visit, shifts = problem.visits, problem.legs.visit, problem.shifts
    types = [shifts_of[0] for shifts_of in alike(problem)]
    available = [len(shifts_of) for shifts_of in alike(problem)]
    places = np.concatenate([visits.place[visit], shifts.start_place[types]])
    legs = len(visit)
    asked = np.bincount(visit)
    kinds = {problem.barred[:, shift].tobytes(): problem.barred[:, shift] for shift in types}
    ways = problem.travel[0][np.ix_(places, places)].astype(np.int64)
    matrices = [_for_kind(ways, barred > 0, legs) for barred in kinds.values()]
    number = {key: k for k, key in enumerate(kinds)}
    whole = [np.rint(column * UNITS).astype(np.int64) for column in (visits.earliest, visits.edge, visits.minutes)]
    prize = np.rint(visits.unserved_price / asked * UNITS).astype(np.int64)
    clients = [
        Client(
            location=leg,
            tw_early=max(0, int(whole[0][of])),
            tw_late=int(whole[1][of]),
            service_duration=int(whole[2][of]),
            prize=int(prize[of]),
            required=False,
        )
        for leg, of in enumerate(visit.tolist())
    ]
    vehicles = [
        VehicleType(
            num_available=available[k],
            start_depot=k,
            end_depot=k,
            tw_early=int(shifts.start[shift] * UNITS),
            tw_late=int(shifts.end[shift] * UNITS),
            profile=number[problem.barred[:, shift].tobytes()],
        )
        for k, shift in enumerate(types)
    ]
    return ProblemData(
        [Location(0, 0) for _ in places],
        clients,
        [Depot(location=legs + k) for k in range(len(types))],
        vehicles,
        matrices,
        matrices,
    )


def _for_kind(ways: np.ndarray, barred: np.ndarray, legs: int) -> np.ndarray:
    """Travel for carers who may not go to these legs."""
    matrix = ways.copy()
    matrix[:, :legs][:, barred] = FORBIDDEN
    np.fill_diagonal(matrix, 0)
    return matrix

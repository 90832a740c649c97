"""OR-Tools routing (Apache-2.0): insertion, then guided local search over a constraint model.

The one peer that can be told of two carers at one door: both legs served or neither, by different carers, starting
together. Skills are said by the values of the vehicle variable (`SetAllowedVehiclesForIndex` does nothing in 9.15).
It is stopped by processor time, looked at in a limit of our own. It cannot share a process with HiGHS.
"""

import time

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from benchmarks.planner.peers_score import Found
from insource.planner.problem import DIFFERENT_CARERS, UNITS, DayProblem

NOBODY = -1
OPTIONAL_FIRST = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
MANDATORY_FIRST = routing_enums_pb2.FirstSolutionStrategy.AUTOMATIC
"""How the first plan is made. Automatic leaves out every visit it may; insertion finds no plan that has to be whole."""
LOOK_EVERY = 64
LONGEST_WAIT = 3600
LATEST = 1440.0
MUST = 1e7
"""From this price on a visit has to be made: the model is not offered to leave it out."""


class ProcessorTime:
    """Stop when this process has used the processor until `end`; looks at the time once in so many calls."""

    def __init__(self, end: float) -> None:
        self.end, self.calls = end, 0

    def __call__(self) -> bool:
        """Asked at every node of the search."""
        self.calls += 1
        return self.calls % LOOK_EVERY == 0 and time.process_time() > self.end


class Stated:
    """A day in OR-Tools' words: nodes are legs, then the starts of shifts, then their ends."""

    def __init__(self, problem: DayProblem) -> None:
        visits, visit, shifts = problem.visits, problem.legs.visit, problem.shifts
        self.problem, legs, carers = problem, len(visit), len(shifts.carer)
        self.manager = pywrapcp.RoutingIndexManager(
            legs + 2 * carers,
            carers,
            list(range(legs, legs + carers)),
            list(range(legs + carers, legs + 2 * carers)),
        )
        self.model = pywrapcp.RoutingModel(self.manager)
        places = np.concatenate([visits.place[visit], shifts.start_place, shifts.end_place])
        ways = problem.travel[0][np.ix_(places, places)].astype(np.int64)
        care = np.zeros(len(places), np.int64)
        care[:legs] = np.rint(visits.minutes[visit] * UNITS)
        for node in range(legs, legs + carers):
            # a shift that is not used costs nothing
            ways[node, node + carers] = 0
        self.model.SetArcCostEvaluatorOfAllVehicles(self.model.RegisterTransitMatrix(ways.tolist()))
        whole = self.model.RegisterTransitMatrix((ways + care[:, None]).tolist())
        # where shifts never end, nobody is more than a day late
        self.day_end = round(min(shifts.end.max(), visits.edge.max() + LATEST) * UNITS)
        self.model.AddDimension(whole, self.day_end, self.day_end, False, "time")
        self.is_mandatory = bool((visits.unserved_price >= MUST).all())
        self.first = MANDATORY_FIRST if self.is_mandatory else OPTIONAL_FIRST
        self.time = self.model.GetDimensionOrDie("time")
        self._windows()
        self._who_may()
        self._optional()
        self._ties()

    def index(self, leg: int) -> int:
        """The model's own number of a leg."""
        return int(self.manager.NodeToIndex(int(leg)))

    def _windows(self) -> None:
        visits, shifts = self.problem.visits, self.problem.shifts
        for leg, of in enumerate(self.problem.legs.visit.tolist()):
            first, edge = max(0, round(visits.earliest[of] * UNITS)), round(visits.edge[of] * UNITS)
            last = round(min(visits.latest[of] * UNITS, self.day_end))
            self.time.CumulVar(self.index(leg)).SetRange(first, last)
            if last > edge:
                self.time.SetCumulVarSoftUpperBound(self.index(leg), edge, round(visits.beyond_price[of]))
        for shift in range(len(shifts.carer)):
            for end in (self.model.Start(shift), self.model.End(shift)):
                begin, finish = round(shifts.start[shift] * UNITS), min(self.day_end, round(shifts.end[shift] * UNITS))
                self.time.CumulVar(end).SetRange(begin, finish)

    def _who_may(self) -> None:
        for leg, barred in enumerate(self.problem.barred):
            allowed = np.flatnonzero(barred == 0).tolist()
            self.model.VehicleVar(self.index(leg)).SetValues([NOBODY, *allowed])

    def _optional(self) -> None:
        asked = np.bincount(self.problem.legs.visit)
        for leg, of in enumerate(self.problem.legs.visit.tolist()):
            price = self.problem.visits.unserved_price[of]
            if price < MUST:
                self.model.AddDisjunction([self.index(leg)], round(price / asked[of] * UNITS))

    def _ties(self) -> None:
        """Legs of one visit start together or not at all; links hold from least to most."""
        legs_of: dict[int, list[int]] = {}
        for leg, of in enumerate(self.problem.legs.visit.tolist()):
            legs_of.setdefault(of, []).append(leg)
        for lead, *others in legs_of.values():
            for other in others:
                self._tie(lead, other, 0, 0, True)
        links = self.problem.links
        for k in range(len(links.first)):
            gaps = round(links.least[k] * UNITS), round(links.most[k] * UNITS)
            self._tie(int(links.first[k]), int(links.second[k]), *gaps, links.carers[k] == DIFFERENT_CARERS)

    def _tie(self, first: int, second: int, least: int, most: int, is_other_carer: bool) -> None:
        a, b, solver = self.index(first), self.index(second), self.model.solver()
        start_a, start_b = self.time.CumulVar(a), self.time.CumulVar(b)
        if least == most == 0:
            solver.Add(start_a == start_b)
        else:
            solver.Add(start_b >= start_a + least)
            solver.Add(start_b <= start_a + most)
        carer_a, carer_b = self.model.VehicleVar(a), self.model.VehicleVar(b)
        if self.is_mandatory:
            if is_other_carer:
                solver.Add(carer_a != carer_b)
            return
        solver.Add(self.model.ActiveVar(a) == self.model.ActiveVar(b))
        if is_other_carer:
            # -1 for both where nobody goes, so "different" is asked of served legs only
            solver.Add(solver.IsDifferentVar(carer_a, carer_b) >= self.model.ActiveVar(a))

    def solve(self, end: float, start: list[list[int]] | None = None) -> list[list[int]] | None:
        """The order of legs on each shift, or nothing if none was found; `start` is a plan to set out from."""
        asked = pywrapcp.DefaultRoutingSearchParameters()
        asked.first_solution_strategy = self.first
        asked.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
        asked.time_limit.FromSeconds(LONGEST_WAIT)
        self.model.AddSearchMonitor(self.model.solver().CustomLimit(ProcessorTime(end)))
        if start is None:
            found = self.model.SolveWithParameters(asked)
        else:
            self.model.CloseModelWithParameters(asked)
            first = self.model.ReadAssignmentFromRoutes(start, True)
            found = self.model.SolveFromAssignmentWithParameters(first, asked) if first else None
        return self._rounds(found) if found else None

    def _rounds(self, found: pywrapcp.Assignment) -> list[list[int]]:
        rounds = []
        for shift in range(len(self.problem.shifts.carer)):
            legs: list[int] = []
            at = found.Value(self.model.NextVar(self.model.Start(shift)))
            while not self.model.IsEnd(at):
                legs.append(int(self.manager.IndexToNode(at)))
                at = found.Value(self.model.NextVar(at))
            rounds.append(legs)
        return rounds


def solve(problem: DayProblem, seconds: float, seed: int) -> Found:
    """The order of legs on each shift. Its search draws no luck, so the seed changes nothing."""
    began = time.process_time()
    routes = Stated(problem).solve(began + seconds)
    return Found(routes, time.process_time() - began)


def solve_from_fixed(problem: DayProblem, fixed: DayProblem, seconds: float, seed: int) -> Found:
    """First with double-ups fixed, for half the time; from that plan on with both carers free to move together."""
    began = time.process_time()
    first = Stated(fixed).solve(began + seconds / 2)
    routes = Stated(problem).solve(began + seconds, _whole_visits(problem, first)) if first else None
    return Found(routes or first, time.process_time() - began)


def _whole_visits(problem: DayProblem, routes: list[list[int]]) -> list[list[int]]:
    """The rounds without legs of visits that are not served whole."""
    visit = problem.legs.visit
    served = np.bincount(visit[[leg for route in routes for leg in route]], minlength=int(visit.max()) + 1)
    is_whole = served == np.bincount(visit)
    return [[leg for leg in route if is_whole[visit[leg]]] for route in routes]

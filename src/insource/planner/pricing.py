"""The price of a finished plan, term by term, from the problem alone."""

import numpy as np

from insource.planner.problem import MISSING_BREAK_PRICE, TERMS, UNITS, DayPlan, DayProblem

CLOSE = 1e-6
"""Minutes: times are sums of thousandths, so a break may seem to begin a hair before the visit before it ends."""


def priced(
    problem: DayProblem,
    leg_shift: np.ndarray,
    leg_start: np.ndarray,
    routes: tuple[np.ndarray, ...],
    break_start: np.ndarray,
    seed: int = 0,
    moves: int = 0,
    was_stopped: bool = False,
) -> DayPlan:
    """A plan with its price worked out."""
    out = np.zeros(len(problem.visits.person), bool)
    out[problem.legs.visit[leg_shift < 0]] = True
    price = dict.fromkeys(TERMS, 0.0)
    for shift, route in enumerate(routes):
        if len(route):
            _price_route(problem, shift, leg_start[route], route, break_start[shift], price)
    _price_starts(problem, leg_start, price)
    _price_carers(problem, leg_shift, price)
    price["unserved"] = float(problem.visits.unserved_price[out].sum())
    return DayPlan(leg_shift, leg_start, routes, break_start, np.flatnonzero(out), price, moves, seed, was_stopped)


def _price_route(
    problem: DayProblem, shift: int, starts: np.ndarray, route: np.ndarray, pause: float, price: dict[str, float]
) -> None:
    shifts, visits, visit = problem.shifts, problem.visits, problem.legs.visit[route]
    places = np.concatenate([[shifts.start_place[shift]], visits.place[visit], [shifts.end_place[shift]]])
    ways = problem.travel[shifts.mode[shift], places[:-1], places[1:]] / UNITS
    ends = starts + visits.minutes[visit]
    gaps = starts[1:] - ends[:-1] - ways[1:-1]
    is_pause = (ends[:-1] <= pause + CLOSE) & (pause <= starts[1:] + CLOSE)
    gaps = gaps - shifts.break_minutes[shift] * is_pause
    over = max(0.0, float(ends[-1] + ways[-1] - shifts.normal_end[shift]))
    price["travel"] += float(ways.sum() * shifts.travel_price[shift])
    price["waiting"] += float(np.minimum(gaps, shifts.wait_most[shift]).sum() * shifts.wait_price[shift])
    price["overtime"] += over * float(shifts.overtime_price[shift])
    asks = shifts.break_minutes[shift] > 0 and ends[-1] - starts[0] > shifts.break_over[shift]
    if asks and np.isnan(pause):
        price["missing_break"] += MISSING_BREAK_PRICE


def _price_starts(problem: DayProblem, leg_start: np.ndarray, price: dict[str, float]) -> None:
    """Early, late and moved starts; of a visit for two carers the person waits once, so its first leg counts."""
    visits, published = problem.visits, problem.published
    served = ~np.isnan(leg_start)
    for leg in np.flatnonzero(served & (problem.legs.role == 0)):
        visit, start = problem.legs.visit[leg], leg_start[leg]
        price["early_start"] += max(0.0, visits.free_from[visit] - start) * visits.early_price[visit]
        if start > visits.free_to[visit]:
            edge = visits.edge[visit]
            price["late_start"] += (min(start, edge) - visits.free_to[visit]) * visits.late_price[visit]
            price["late_start"] += max(0.0, start - edge) * visits.beyond_price[visit]
    late = leg_start[served] - visits.edge[problem.legs.visit[served]]
    price["greatest_lateness"] = max(0.0, float(late.max(initial=0.0))) * problem.greatest_lateness_price
    if published is not None:
        moved = np.abs(leg_start - published.start)
        hit = served & (published.shift >= 0) & (moved > published.moved_free + CLOSE)
        paid = published.moved_price[hit] + moved[hit] * published.moved_minute_price[hit]
        price["moved_from_published"] = float(paid.sum())


def _price_carers(problem: DayProblem, leg_shift: np.ndarray, price: dict[str, float]) -> None:
    """Faces, wishes, and going back on the carer that was published."""
    legs = np.flatnonzero(leg_shift >= 0)
    carers = problem.shifts.carer[leg_shift[legs]]
    people = problem.visits.person[problem.legs.visit[legs]]
    price["faces_and_wishes"] = float(problem.pair_price[people, carers].sum(dtype=float))
    published = problem.published
    if published is not None:
        known = published.shift[legs] >= 0
        other = problem.shifts.carer[published.shift[legs]] != carers
        price["other_carer_than_published"] = float(published.carer_price[legs[known & other]].sum())

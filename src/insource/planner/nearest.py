"""The nearest that would let a visit be made which nobody makes: another start, overtime, or a lock lifted.

Nobody is proposed who lacks a skill, is not of the gender that must be, is not wanted, or is away: those are no matter
of minutes. Every place on every round is looked at (`places.py`); the places that need least come first, and the first
that holds when everything it pushes is worked out is told. What is least is priced: minutes outside the window as late,
overtime as overtime, a lifted lock as a change of what was published, and the way there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from insource.planner.locks import locked_legs
from insource.planner.places import Places, Rounded, rounded, ways_by
from insource.planner.problem import DIFFERENT_CARERS, SAME_CARER, UNITS, DayPlan, DayProblem
from insource.planner.timing import NEVER, all_units, break_in, length, soonest, units, way_back

MOST_MINUTES = 120.0
"""No start further from its window, and no more overtime, is proposed."""
MOST_TRIED, MOST_TIMES = 12, 400
"""Places tried with all they push, and starts tried for two carers at once, before a visit is said to fit nowhere."""
MOST_LOCKS = 40
WINDOW, OVERTIME, LOCK, FITS = "window", "overtime", "lock", "fits"


@dataclass(frozen=True)
class Nearest:
    """How a visit could be made. `minutes`: of the start outside the window (below nought: earlier), or of overtime.

    `shifts`: who would come. `lock`: the leg whose lock would be lifted, -1 if none. `price` in minutes of carer time.
    """

    kind: str
    start: float
    minutes: float
    shifts: tuple[int, ...]
    price: float
    lock: int = -1
    before: tuple[int, ...] = ()
    """By carer the leg that would follow on the round, -1 for none."""


@dataclass(frozen=True)
class Hours:
    """What could be asked of a shift: who may come at all [leg, shift], and the furthest start and end of the day."""

    may: np.ndarray
    least_start: np.ndarray
    most_end: np.ndarray

    @staticmethod
    def of(problem: DayProblem, may: np.ndarray | None = None) -> "Hours":
        """Two hours more at both ends; by default of those whom nothing bars."""
        may = problem.barred == 0 if may is None else may
        return Hours(may, problem.shifts.start - MOST_MINUTES, problem.shifts.end + MOST_MINUTES)


def nearest(problem: DayProblem, plan: DayPlan, visits: list[int], hours: Hours | None = None) -> dict[int, Nearest]:
    """By visit that is not made: the nearest that would let it be made; nothing where nothing would."""
    if not visits or not len(problem.shifts.carer):
        return {}
    hours = hours or Hours.of(problem)
    locked = locked_legs(problem)
    today = rounded(problem, plan, -1)
    found: dict[int, list[Nearest]] = {visit: [] for visit in visits}
    for visit in visits:
        own = [leg for leg in np.flatnonzero(problem.legs.visit == visit).tolist() if plan.leg_shift[leg] < 0]
        lock = next((leg for leg in own if locked[leg]), -1)
        found[visit] += _shifted(problem, plan, hours, today, own, lock)
        if len(own) == 1:
            found[visit] += _overtime(problem, plan, hours, today, own[0], lock)
    kept = np.flatnonzero(locked & (plan.leg_shift >= 0))[:MOST_LOCKS].tolist()
    for lock in kept:
        lifted = rounded(problem, plan, lock)
        here = lifted.places.shift == plan.leg_shift[lock]
        lifted = replace(lifted, places=Places(**{name: rows[here] for name, rows in vars(lifted.places).items()}))
        for visit in visits:
            own = [leg for leg in np.flatnonzero(problem.legs.visit == visit).tolist() if plan.leg_shift[leg] < 0]
            if len(own) == 1 and not locked[own[0]]:
                found[visit] += _shifted(problem, plan, hours, lifted, own, lock)
    return {visit: min(ways, key=lambda one: (one.price, one.start)) for visit, ways in found.items() if ways}


def as_it_is(problem: DayProblem, plan: DayPlan, visits: list[int], hours: Hours) -> dict[int, Nearest]:
    """By visit that is not made: where it fits with nothing asked of anybody, if it does; locks are left alone."""
    locked, today = locked_legs(problem), rounded(problem, plan, -1)
    found: dict[int, Nearest] = {}
    for visit in visits:
        own = [leg for leg in np.flatnonzero(problem.legs.visit == visit).tolist() if plan.leg_shift[leg] < 0]
        if not locked[own].any():
            places = [one for one in _shifted(problem, plan, hours, today, own, -1) if one.kind == FITS]
            found |= {visit: places[0]} if places else {}
    return found


def _shifted(
    problem: DayProblem, plan: DayPlan, hours: Hours, today: Rounded, legs: list[int], lock: int
) -> list[Nearest]:
    """The least change of start that lets these legs of one visit be made together."""
    places, span = today.places, _span(problem, plan, today, legs)
    if span is None or not len(places.shift):
        return []
    low, high, first, last = span
    leg = legs[0]
    come, leave = ways_by(problem, places, leg)
    begin = np.maximum(places.ready + come, low)
    end = np.minimum(places.due - leave - length(problem, leg), high)
    may = hours.may[leg, places.shift] & (begin <= end) & _right_carers(problem, plan, legs)[places.shift]
    visit = int(problem.legs.visit[leg])
    extra = _extra(problem, places, leg, come, leave)
    rows = np.flatnonzero(may)
    if len(legs) == 1:
        start = np.clip(np.clip(first, begin, end), None, np.maximum(last, begin))
        off = np.maximum(first - start, 0) + np.maximum(start - last, 0)
        price = extra + off / UNITS * problem.visits.beyond_price[visit]
        order = rows[np.lexsort((places.shift[rows], price[rows]))][:MOST_TRIED]
        tries = iter([([row], int(start[row]), float(price[row])) for row in order.tolist()])
    else:
        tries = _together(problem, places, begin, end, rows, extra, (first, last), len(legs), visit)
    for chosen, at, least in tries:
        if _holds(problem, plan, today, legs, chosen, at, hours, False) is None:
            continue
        minutes = (min(at - first, 0) + max(at - last, 0)) / UNITS
        kind = LOCK if lock >= 0 else WINDOW if minutes else FITS
        lifted = 0.0 if lock < 0 or problem.published is None else float(problem.published.carer_price[lock])
        shifts = tuple(int(places.shift[row]) for row in chosen)
        before = tuple(int(places.b[row]) for row in chosen)
        return [Nearest(kind, at / UNITS, minutes, shifts, least + lifted, lock, before)]
    return []


def _together(
    problem: DayProblem,
    places: Places,
    begin: np.ndarray,
    end: np.ndarray,
    rows: np.ndarray,
    extra: np.ndarray,
    window: tuple[int, int],
    needed: int,
    visit: int,
) -> Iterator[tuple[list[int], int, float]]:
    """Starts at which so many different carers could be there, the nearest to the window first, with the cheapest."""
    first, last = window
    times = np.unique(np.concatenate([begin[rows], end[rows], [first, last]]))
    off = np.maximum(first - times, 0) + np.maximum(times - last, 0)
    for k in np.lexsort((times, off))[:MOST_TIMES].tolist():
        at = int(times[k])
        here = rows[(begin[rows] <= at) & (at <= end[rows])]
        chosen: dict[int, int] = {}
        for row in here[np.lexsort((places.shift[here], extra[here]))].tolist():
            chosen.setdefault(int(problem.shifts.carer[places.shift[row]]), row)
        if len(chosen) >= needed:
            best = list(chosen.values())[:needed]
            price = float(extra[best].sum()) + float(off[k]) / UNITS * float(problem.visits.beyond_price[visit])
            yield best, at, price


def _overtime(problem: DayProblem, plan: DayPlan, hours: Hours, today: Rounded, leg: int, lock: int) -> list[Nearest]:
    """The least overtime of one carer that lets a leg be made inside its window, after the shift or before it."""
    places, span = today.places, _span(problem, plan, today, [leg])
    if span is None or lock >= 0 or not len(places.shift):
        return []
    _, _, first, last = span
    shifts, shift, minutes = problem.shifts, places.shift, length(problem, leg)
    come, leave = ways_by(problem, places, leg)
    is_first = places.a < 0
    on_time = places.ready + come
    begin = np.maximum(np.where(is_first, all_units(hours.least_start)[shift] + come, on_time), first)
    at = np.clip(np.maximum(on_time, first), None, np.maximum(last, begin))
    before = np.where(is_first, np.maximum(on_time - at, 0), 0)
    due = np.where(places.b < 0, all_units(shifts.end)[shift], today.chain[places.b])
    after = np.maximum(at + minutes + leave - due, 0)
    may = hours.may[leg, shift] & _right_carers(problem, plan, [leg])[shift] & (at <= last) & (begin <= at)
    may &= all_units(shifts.end)[shift] + after <= all_units(hours.most_end)[shift]
    total = (before + after) / UNITS
    price = _extra(problem, places, leg, come, leave) + total * shifts.overtime_price[shift]
    rows = np.flatnonzero(may & (total <= MOST_MINUTES))
    for row in rows[np.lexsort((shift[rows], price[rows]))][:MOST_TRIED].tolist():
        over = _holds(problem, plan, today, [leg], [row], int(at[row]), hours, True)
        if over is not None:
            spent = float(before[row]) / UNITS + over
            if spent > 0:
                return [Nearest(OVERTIME, float(at[row]) / UNITS, spent, (int(shift[row]),), float(price[row]))]
    return []


def _span(problem: DayProblem, plan: DayPlan, today: Rounded, legs: list[int]) -> tuple[int, int, int, int] | None:
    """What links leave of the day (low, high), and the window; or the start of a carer of the visit who is kept."""
    visit = int(problem.legs.visit[legs[0]])
    low, high, links = -NEVER, NEVER, problem.links
    mine = set(np.flatnonzero(problem.legs.visit == visit).tolist())
    for a, b, least, most in zip(
        *(column.tolist() for column in (links.first, links.second, links.least, links.most)), strict=True
    ):
        if b in mine and plan.leg_shift[a] >= 0:
            low = max(low, today.soon[a] + units(least))
            high = min(high, today.limit[a] + units(most) if np.isfinite(most) else NEVER)
        elif a in mine and plan.leg_shift[b] >= 0:
            high = min(high, today.limit[b] - units(least))
            low = max(low, today.soon[b] - units(most) if np.isfinite(most) else -NEVER)
    first, last = units(problem.visits.earliest[visit]), units(problem.visits.latest[visit])
    for leg in mine:
        if plan.leg_shift[leg] >= 0:
            low = high = first = last = units(plan.leg_start[leg])
    low, high = max(low, first - units(MOST_MINUTES)), min(high, last + units(MOST_MINUTES))
    return (low, high, first, last) if low <= high else None


def _extra(problem: DayProblem, places: Places, leg: int, come: np.ndarray, leave: np.ndarray) -> np.ndarray:
    """Price of the way round and of the carer, at every place."""
    shift, person = places.shift, int(problem.visits.person[problem.legs.visit[leg]])
    straight = problem.travel[problem.shifts.mode[shift], places.origin, places.target]
    straight = np.where((places.a < 0) & (places.b < 0), 0, straight)
    road = (come + leave - straight) / UNITS * problem.shifts.travel_price[shift]
    return np.asarray(road + problem.pair_price[person, problem.shifts.carer[shift]])


def _right_carers(problem: DayProblem, plan: DayPlan, legs: list[int]) -> np.ndarray:
    """Which shifts are of carers whom partners and links allow."""
    carers = problem.shifts.carer
    right = np.ones(len(carers), bool)
    links = problem.links
    visit = problem.legs.visit[legs[0]]
    for partner in np.flatnonzero((problem.legs.visit == visit) & (plan.leg_shift >= 0)).tolist():
        right &= carers != carers[plan.leg_shift[partner]]
    for a, b, rule in zip(links.first.tolist(), links.second.tolist(), links.carers.tolist(), strict=True):
        for mine, other in ((a, b), (b, a)):
            if mine in legs and rule in (SAME_CARER, DIFFERENT_CARERS) and plan.leg_shift[other] >= 0:
                right &= (carers == carers[plan.leg_shift[other]]) == (rule == SAME_CARER)
    return right


def _holds(
    problem: DayProblem,
    plan: DayPlan,
    today: Rounded,
    legs: list[int],
    chosen: list[int],
    at: int,
    hours: Hours,
    is_over: bool,
) -> float | None:
    """Put the legs there at that start, push what they push: minutes of overtime after the shift, None if it fails."""
    places, locked = today.places, locked_legs(problem)
    starts, limit, then = list(today.soon), list(today.limit), list(today.rounds.then)
    for a, b, least in _tied(problem, plan, legs):
        then[a] = [*then[a], (b, least)]
    for leg, row in zip(legs, chosen, strict=True):
        shift, a, b = int(places.shift[row]), int(places.a[row]), int(places.b[row])
        starts[leg] = limit[leg] = at
        come, leave = (int(ways[row]) for ways in ways_by(problem, places, leg))
        if b >= 0:
            then[leg] = [*then[leg], (b, length(problem, leg) + leave)]
            last = int(plan.routes[shift][-1])
            if is_over and not locked[last]:
                spare = units(hours.most_end[shift]) - units(problem.shifts.end[shift])
                limit[last] = min(limit[last] + spare, units(problem.visits.latest[problem.legs.visit[last]]))
        if a >= 0:
            then[a] = [*then[a], (leg, int(places.ready[row]) - today.soon[a] + come)]
    moved = [*legs, *(int(places.a[row]) for row in chosen if places.a[row] >= 0)]
    if not soonest(replace(today.rounds, then=then), starts, moved, limit):
        return None
    over = 0.0
    for leg, row in zip(legs, chosen, strict=True):
        shift, b = int(places.shift[row]), int(places.b[row])
        order = plan.routes[shift].tolist()
        order.insert(order.index(b) if b >= 0 else len(order), leg)
        after = today.rounds.pause_after[shift]  # held among what is pushed
        if after < 0 and break_in(problem, after, shift, order, starts) is None:
            return None
        end = starts[order[-1]] + length(problem, order[-1]) + way_back(problem, shift, order[-1])
        over += max(end - units(problem.shifts.end[shift]), 0) / UNITS
    return over if is_over or over == 0 else None


def _tied(problem: DayProblem, plan: DayPlan, legs: list[int]) -> Iterator[tuple[int, int, int]]:
    """Legs of one visit start together; what links tie them to starts so long after or before them."""
    yield from ((a, b, 0) for a in legs for b in legs if a != b)
    links = problem.links
    for a, b, least, most in zip(
        *(column.tolist() for column in (links.first, links.second, links.least, links.most)), strict=True
    ):
        if (a in legs and plan.leg_shift[b] >= 0) or (b in legs and plan.leg_shift[a] >= 0):
            yield a, b, units(least)
            if np.isfinite(most):
                yield b, a, -units(most)


def said(one: Nearest, carers: list[str], at: str, locked: str) -> str:
    """What is nearest in a sentence, with the names of the caller; `locked` is the visit whose lock would be lifted."""
    who = " and ".join(carers)
    number = round(max(abs(one.minutes), 1))
    some = f"{number} minute" if number == 1 else f"{number} minutes"
    minutes = f"{some} {'earlier' if one.minutes < 0 else 'later'} than the window"
    if one.kind == OVERTIME:
        return f"{who} could come at {at} with {some} of overtime"
    if one.kind == LOCK:
        return f"{who} could come at {at} if {locked} were not locked" + (f", {minutes}" if one.minutes else "")
    if one.kind == FITS:
        return f"{who} could come at {at} as it is: plan again with more moves"
    return f"{who} could come at {at}, {minutes}"

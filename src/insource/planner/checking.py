"""Check a plan against the day it is for, from the words of the problem alone.

Nothing here is shared with the search: plain Python, one leg at a time, exact fractions of a thousandth of a minute
rather than its whole numbers, its own sums of the price. A fault in the search cannot hide behind the same fault here.
"""

import itertools
import math
from dataclasses import dataclass, replace

from insource.planner.problem import (
    ANY_CARERS,
    BARRED,
    DIFFERENT_CARERS,
    MISSING_BREAK_PRICE,
    SAME_CARER,
    TERMS,
    DayPlan,
    DayProblem,
)

CLOSE = 1e-6
"""Minutes: times are whole thousandths, so anything between is rounding of the machine."""
PRICE_CLOSE = 5e-4


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a plan: a stable code, which leg, shift or visit, and how."""

    code: str
    where: str
    how: str


@dataclass(frozen=True)
class Verdict:
    """All faults of a plan, and its price by term as worked out here."""

    faults: tuple[Fault, ...]
    price: dict[str, float]

    @property
    def is_valid(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def check(problem: DayProblem, plan: DayPlan) -> Verdict:
    """Everything that has to hold of a plan, and what it costs."""
    faults = [
        *_coverage(problem, plan),
        *_starts(problem, plan),
        *_rounds(problem, plan),
        *_ties(problem, plan),
        *_breaks(problem, plan),
        *_locks(problem, plan),
    ]
    price = _price(problem, plan)
    faults += [
        Fault("price", term, f"the plan says {plan.price.get(term)}, it is {price[term]:.4f}")
        for term in TERMS
        if not abs(price[term] - float(plan.price.get(term, math.nan))) < PRICE_CLOSE
    ]
    return Verdict(tuple(faults), price)


def _coverage(problem: DayProblem, plan: DayPlan) -> list[Fault]:
    """Each leg once on a round or nowhere; all legs of a visit, and of visits that go together, or none."""
    faults = []
    seen: dict[int, int] = {}
    for shift, route in enumerate(plan.routes):
        for leg in route.tolist():
            if leg in seen:
                faults.append(Fault("twice", f"leg {leg}", f"on shifts {seen[leg]} and {shift}"))
            seen[leg] = shift
    for leg, shift in enumerate(plan.leg_shift.tolist()):
        if seen.get(leg, -1) != shift:
            faults.append(Fault("lost", f"leg {leg}", f"said to be on shift {shift}, found on {seen.get(leg, -1)}"))
        if (shift >= 0) == math.isnan(plan.leg_start[leg]):
            faults.append(Fault("lost", f"leg {leg}", "a start without a shift, or a shift without a start"))
    served = _served(problem, plan)
    out = {visit for visit, legs in served.items() if not all(legs)}
    if out != set(plan.unserved.tolist()):
        faults.append(Fault("unserved", "the list", f"lists {len(plan.unserved)} visits, {len(out)} are not served"))
    for visit, legs in served.items():
        if any(legs) and not all(legs) and not _is_held_by_lock(problem, visit):
            faults.append(Fault("half", f"visit {visit}", f"{sum(legs)} of its {len(legs)} carers come"))
    for k in range(len(problem.links.first)):
        first, second = int(problem.links.first[k]), int(problem.links.second[k])
        is_half = (plan.leg_shift[first] >= 0) != (plan.leg_shift[second] >= 0)
        if problem.links.together[k] and is_half and not (_is_locked(problem, first) or _is_locked(problem, second)):
            faults.append(Fault("half", f"legs {first} and {second}", "belong together; one is served"))
    return faults


def _is_held_by_lock(problem: DayProblem, visit: int) -> bool:
    """A locked leg stays even where its partner cannot be found: the visit is listed as unserved."""
    if problem.published is None:
        return False
    return any(problem.published.is_locked[leg] for leg, its in enumerate(problem.legs.visit.tolist()) if its == visit)


def _is_timed_by_lock(problem: DayProblem, plan: DayPlan, visit: int) -> bool:
    """A locked leg that is made decides when its visit is, for all who come."""
    legs = [leg for leg, its in enumerate(problem.legs.visit.tolist()) if its == visit]
    return any(_is_locked(problem, leg) and plan.leg_shift[leg] >= 0 for leg in legs)


def _served(problem: DayProblem, plan: DayPlan) -> dict[int, list[bool]]:
    served: dict[int, list[bool]] = {}
    for leg, visit in enumerate(problem.legs.visit.tolist()):
        served.setdefault(visit, []).append(int(plan.leg_shift[leg]) >= 0)
    return served


def _starts(problem: DayProblem, plan: DayPlan) -> list[Fault]:
    """Hard limits of the start, and who may serve whom; whoever locked a visit has decided that it may be otherwise."""
    faults = []
    for leg, shift in enumerate(plan.leg_shift.tolist()):
        if shift < 0 or _is_locked(problem, leg):
            continue
        visit, start = int(problem.legs.visit[leg]), float(plan.leg_start[leg])
        earliest, latest = float(problem.visits.earliest[visit]), float(problem.visits.latest[visit])
        if not earliest - CLOSE <= start <= latest + CLOSE and not _is_timed_by_lock(problem, plan, visit):
            faults.append(
                Fault("window", f"leg {leg}", f"starts at {start:.3f}, allowed {earliest:.3f} to {latest:.3f}")
            )
        barred = int(problem.barred[leg, shift])
        if barred:
            faults.append(Fault("barred", f"leg {leg}", f"shift {shift} {BARRED.get(barred, barred)}"))
    return faults


def _rounds(problem: DayProblem, plan: DayPlan) -> list[Fault]:
    """Nobody is in two places, and everybody keeps the hours of the shift."""
    faults = []
    shifts = problem.shifts
    for shift, route in enumerate(plan.routes):
        ready, place = float(shifts.start[shift]), int(shifts.start_place[shift])
        for leg in route.tolist():
            there = _place(problem, leg)
            ready += _way(problem, shift, place, there)
            start = float(plan.leg_start[leg])
            if start < ready - CLOSE:
                faults.append(Fault("travel", f"leg {leg}", f"starts at {start:.3f}, can be there at {ready:.3f}"))
            ready, place = start + _minutes(problem, leg), there
        if len(route):
            back = ready + _way(problem, shift, place, int(shifts.end_place[shift]))
            if back > shifts.end[shift] + CLOSE:
                faults.append(Fault("shift", f"shift {shift}", f"ends at {back:.3f}, must by {shifts.end[shift]:.3f}"))
    return faults


def _ties(problem: DayProblem, plan: DayPlan) -> list[Fault]:
    """Carers of one visit start together and are not the same; links keep their gaps and their carers."""
    legs_of: dict[int, list[int]] = {}
    for leg, visit in enumerate(problem.legs.visit.tolist()):
        legs_of.setdefault(visit, []).append(leg)
    ties = [
        (a, b, 0.0, 0.0, DIFFERENT_CARERS)
        for legs in legs_of.values()
        for k, a in enumerate(legs)
        for b in legs[k + 1 :]
    ]
    links = problem.links
    columns = (links.first, links.second, links.least, links.most, links.carers)
    ties += list(zip(*(column.tolist() for column in columns), strict=True))
    faults = []
    for a, b, least, most, rule in ties:
        if plan.leg_shift[a] < 0 or plan.leg_shift[b] < 0:
            continue
        gap = float(plan.leg_start[b]) - float(plan.leg_start[a])
        if not least - CLOSE <= gap <= most + CLOSE:
            faults.append(Fault("gap", f"legs {a} and {b}", f"{gap:.3f} apart, allowed {least:.3f} to {most:.3f}"))
        is_same = problem.shifts.carer[plan.leg_shift[a]] == problem.shifts.carer[plan.leg_shift[b]]
        if rule != ANY_CARERS and bool(is_same) != (rule == SAME_CARER):
            faults.append(Fault("carers", f"legs {a} and {b}", "the same carer" if is_same else "different carers"))
    return faults


def _breaks(problem: DayProblem, plan: DayPlan) -> list[Fault]:
    """A long shift has its break, away from visits and roads, at a time when it may be, unless locks leave no room."""
    faults = []
    shifts = problem.shifts
    for shift, route in enumerate(plan.routes):
        begin, minutes = float(plan.break_start[shift]), float(shifts.break_minutes[shift])
        if not len(route):
            if not math.isnan(begin):
                faults.append(Fault("break", f"shift {shift}", "a break on a shift without visits"))
            continue
        if math.isnan(begin):
            if _asks_for_break(problem, plan, shift) and not _locks_leave_no_room(problem, plan, shift):
                faults.append(Fault("break", f"shift {shift}", "over its hours without a break"))
            continue
        if not shifts.break_from[shift] - CLOSE <= begin <= shifts.break_to[shift] + CLOSE:
            faults.append(Fault("break", f"shift {shift}", f"begins at {begin:.3f}"))
        if _gap_with(problem, plan, shift, begin, begin + minutes) < 0:
            faults.append(Fault("break", f"shift {shift}", f"at {begin:.3f} does not fit between two visits"))
    return faults


def _asks_for_break(problem: DayProblem, plan: DayPlan, shift: int) -> bool:
    route = plan.routes[shift]
    if not len(route) or problem.shifts.break_minutes[shift] <= 0:
        return False
    last = int(route[-1])
    span = float(plan.leg_start[last]) + _minutes(problem, last) - float(plan.leg_start[int(route[0])])
    return span > float(problem.shifts.break_over[shift]) + CLOSE


def _gap_with(problem: DayProblem, plan: DayPlan, shift: int, begin: float, end: float) -> int:
    """The gap (0 after the first leg) that holds this time and the way to the next visit; -1 if none does."""
    route = plan.routes[shift].tolist()
    for k in range(len(route) - 1):
        ready = float(plan.leg_start[route[k]]) + _minutes(problem, route[k])
        way = _way(problem, shift, _place(problem, route[k]), _place(problem, route[k + 1]))
        if ready - CLOSE <= begin and end + way <= float(plan.leg_start[route[k + 1]]) + CLOSE:
            return k
    return -1


def _locks_leave_no_room(problem: DayProblem, plan: DayPlan, shift: int) -> bool:
    """Whether a shift's locked visits alone are over its hours, with no gap between them that holds the break."""
    legs = [leg for leg in plan.routes[shift].tolist() if _is_locked(problem, leg)]
    if not legs:
        return False
    shifts, starts = problem.shifts, plan.leg_start
    if float(starts[legs[-1]] - starts[legs[0]]) + _minutes(problem, legs[-1]) <= float(shifts.break_over[shift]):
        return False
    for a, b in itertools.pairwise(legs):
        begin = max(float(starts[a]) + _minutes(problem, a), float(shifts.break_from[shift]))
        way = _way(problem, shift, _place(problem, a), _place(problem, b))
        fits = begin + float(shifts.break_minutes[shift]) + way <= float(starts[b]) + CLOSE
        if fits and begin <= float(shifts.break_to[shift]):
            return False
    return True


def _locks(problem: DayProblem, plan: DayPlan) -> list[Fault]:
    """What is locked is where and when it was; where that cannot be, it is nowhere."""
    faults = []
    for leg in range(len(problem.legs.visit)):
        if problem.published is None or not problem.published.is_locked[leg]:
            continue
        old, now = int(problem.published.shift[leg]), int(plan.leg_shift[leg])
        start = float(problem.published.start[leg])
        if now < 0 and not _cannot_be_kept(problem, plan, leg):
            faults.append(Fault("lock", f"leg {leg}", "not made although it is locked and could be"))
        elif now >= 0 and (now != old or abs(float(plan.leg_start[leg]) - start) > CLOSE):
            faults.append(Fault("lock", f"leg {leg}", "moved although it is locked"))
    return faults


def _cannot_be_kept(problem: DayProblem, plan: DayPlan, leg: int) -> bool:
    """Nobody is there to do it, the hours are too short, or another locked visit that is made excludes it."""
    assert problem.published is not None
    shift, start = int(problem.published.shift[leg]), float(problem.published.start[leg])
    if shift < 0 or int(problem.barred[leg, shift]) == 4:
        return True
    shifts, place, end = problem.shifts, _place(problem, leg), start + _minutes(problem, leg)
    if float(shifts.start[shift]) + _way(problem, shift, int(shifts.start_place[shift]), place) > start + CLOSE:
        return True
    if end + _way(problem, shift, place, int(shifts.end_place[shift])) > float(shifts.end[shift]) + CLOSE:
        return True
    kept = [one for one in range(len(plan.leg_shift)) if _is_locked(problem, one) and int(plan.leg_shift[one]) >= 0]
    for one in kept:
        there, ready = _place(problem, one), float(plan.leg_start[one]) + _minutes(problem, one)
        if int(plan.leg_shift[one]) == shift:
            comes_too_late = ready + _way(problem, shift, there, place) > start + CLOSE
            leaves_too_late = end + _way(problem, shift, place, there) > float(plan.leg_start[one]) + CLOSE
            if comes_too_late and leaves_too_late:
                return True
    whole = replace(plan, leg_shift=plan.leg_shift.copy(), leg_start=plan.leg_start.copy())
    whole.leg_shift[:], whole.leg_start[:] = -1, math.nan
    for one in [*kept, leg]:
        whole.leg_shift[one], whole.leg_start[one] = problem.published.shift[one], problem.published.start[one]
    return bool(_ties(problem, whole))


def _is_locked(problem: DayProblem, leg: int) -> bool:
    published = problem.published
    return published is not None and bool(published.is_locked[leg]) and int(published.shift[leg]) >= 0


def _place(problem: DayProblem, leg: int) -> int:
    return int(problem.visits.place[int(problem.legs.visit[leg])])


def _minutes(problem: DayProblem, leg: int) -> float:
    return float(problem.visits.minutes[int(problem.legs.visit[leg])])


def _way(problem: DayProblem, shift: int, a: int, b: int) -> float:
    return int(problem.travel[int(problem.shifts.mode[shift]), a, b]) / 1000


def _price(problem: DayProblem, plan: DayPlan) -> dict[str, float]:
    """The price by term, summed here."""
    price = dict.fromkeys(TERMS, 0.0)
    greatest = 0.0
    for leg, shift in enumerate(plan.leg_shift.tolist()):
        if shift >= 0:
            greatest = max(greatest, _price_leg(problem, plan, leg, shift, price))
    price["greatest_lateness"] = greatest * problem.greatest_lateness_price
    for shift in range(len(plan.routes)):
        _price_round(problem, plan, shift, price)
    for visit, legs in _served(problem, plan).items():
        if not all(legs):
            price["unserved"] += float(problem.visits.unserved_price[visit])
    return price


def _price_leg(problem: DayProblem, plan: DayPlan, leg: int, shift: int, price: dict[str, float]) -> float:
    """Start and carer of one leg; returns how far past the window it starts."""
    visits, visit, start = problem.visits, int(problem.legs.visit[leg]), float(plan.leg_start[leg])
    free_from, free_to, edge = (float(column[visit]) for column in (visits.free_from, visits.free_to, visits.edge))
    if problem.legs.role[leg] == 0:
        if start < free_from:
            price["early_start"] += (free_from - start) * float(visits.early_price[visit])
        if start > free_to:
            price["late_start"] += (min(start, edge) - free_to) * float(visits.late_price[visit])
        if start > edge:
            price["late_start"] += (start - edge) * float(visits.beyond_price[visit])
    carer = int(problem.shifts.carer[shift])
    price["faces_and_wishes"] += float(problem.pair_price[int(visits.person[visit]), carer])
    published = problem.published
    if published is not None and int(published.shift[leg]) >= 0:
        if int(problem.shifts.carer[int(published.shift[leg])]) != carer:
            price["other_carer_than_published"] += float(published.carer_price[leg])
        moved = abs(start - float(published.start[leg]))
        if moved > float(published.moved_free[leg]) + CLOSE:
            price["moved_from_published"] += float(published.moved_price[leg])
            price["moved_from_published"] += moved * float(published.moved_minute_price[leg])
    return start - edge


def _price_round(problem: DayProblem, plan: DayPlan, shift: int, price: dict[str, float]) -> None:
    """Road, waiting, overtime and a missing break of one shift."""
    route, shifts = plan.routes[shift].tolist(), problem.shifts
    if not route:
        return
    begin = float(plan.break_start[shift])
    paused = (
        -1 if math.isnan(begin) else _gap_with(problem, plan, shift, begin, begin + float(shifts.break_minutes[shift]))
    )
    place, end = int(shifts.start_place[shift]), math.nan
    for k, leg in enumerate(route):
        way = _way(problem, shift, place, _place(problem, leg))
        price["travel"] += way * float(shifts.travel_price[shift])
        if k > 0:
            gap = float(plan.leg_start[leg]) - end - way
            gap -= float(shifts.break_minutes[shift]) if paused == k - 1 else 0.0
            price["waiting"] += min(gap, float(shifts.wait_most[shift])) * float(shifts.wait_price[shift])
        place, end = _place(problem, leg), float(plan.leg_start[leg]) + _minutes(problem, leg)
    way = _way(problem, shift, place, int(shifts.end_place[shift]))
    price["travel"] += way * float(shifts.travel_price[shift])
    price["overtime"] += max(0.0, end + way - float(shifts.normal_end[shift])) * float(shifts.overtime_price[shift])
    if math.isnan(begin) and _asks_for_break(problem, plan, shift):
        price["missing_break"] += MISSING_BREAK_PRICE

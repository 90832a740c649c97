"""A day's plan as tables: who goes where when, what it takes, who is not visited and why."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import polars as pl

from insource.planner import fitting, nearest
from insource.planner.cells import said_minute
from insource.planner.day import NOT_THEN, Day
from insource.planner.events import away_on
from insource.planner.fitting import MAY, NOT_WORKING
from insource.planner.formats import DAY_MINUTES
from insource.planner.locks import AWAY, CLASH, HOURS, Broken, against_rules, broken_locks, without_break
from insource.planner.problem import BARRED, UNITS, DayPlan
from insource.planner.team import Team

LATE_FREE_MINUTES = 15.0
MOST_NEAREST = 100
"""So many of the visits that nobody makes are told what would let them be made."""
CLOSE = 1e-6


@dataclass(frozen=True)
class Planned:
    """A day that has been planned.

    `visits`: a row for each carer at each visit that is made: date, visit, person, carer, shift (row of the day's
    shifts), start, end, travel and wait before it, preferred, is_new_face, locked, x, y. `shifts`: a row a shift:
    shift, carer, on_from, on_to, contact, travel, home, wait, gap (beyond what is paid), pause. `unserved`: visit,
    person, priority, reason, said, nearest (what would let it be made, blank if nothing would). `locked`: what locks
    stand in the way of: carer, said.
    """

    date: date
    visits: pl.DataFrame = field(repr=False)
    shifts: pl.DataFrame = field(repr=False)
    unserved: pl.DataFrame = field(repr=False)
    locked: pl.DataFrame = field(repr=False)
    asked: int
    price: dict[str, float]
    plan: DayPlan = field(repr=False)


def planned(team: Team, day: Day, plan: DayPlan) -> Planned:
    """The plan of a day in words and numbers that people use."""
    rows, shifts = [], []
    for shift, route in enumerate(plan.routes):
        made, totals = _round(day, plan, shift, route)
        rows += made
        shifts.append(totals)
    usual = [set(listed) for listed in team.people["usual"]]
    schema = {
        "leg": pl.Int64,
        "visit_row": pl.Int64,
        "shift": pl.Int64,
        "start": pl.Float64,
        "end": pl.Float64,
        "travel": pl.Float64,
        "wait": pl.Float64,
    }
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    visit = frame["visit_row"].to_numpy()
    person = day.visits["person_index"].to_numpy()[visit] if len(frame) else np.zeros(0, int)
    carer = day.shifts["carer"].to_numpy()[frame["shift"].to_numpy()] if len(frame) else np.zeros(0, str)
    is_new = [bool(usual[who]) and name not in usual[who] for who, name in zip(person, carer, strict=True)]
    published = day.problem.published
    locked = published.is_locked[frame["leg"].to_numpy()] if published is not None else np.zeros(len(frame), bool)
    frame = frame.with_columns(
        pl.lit(day.date).alias("date"),
        pl.Series("visit", day.visits["visit"].to_numpy()[visit], pl.String),
        pl.Series("person", day.people["person"].to_numpy()[person], pl.String),
        pl.Series("carer", carer, pl.String),
        pl.Series("preferred", day.visits["preferred"].to_numpy()[visit], pl.Int32),
        pl.Series("carers", day.visits["carers"].to_numpy()[visit], pl.Float64),
        pl.Series("is_new_face", is_new, pl.Boolean),
        pl.Series("locked", locked, pl.Boolean),
        pl.Series("x", day.people["x"].to_numpy()[person], pl.Float64),
        pl.Series("y", day.people["y"].to_numpy()[person], pl.Float64),
    )
    return Planned(
        day.date,
        frame,
        pl.DataFrame(shifts),
        _unserved(team, day, plan),
        _locked(day, plan),
        day.visits.height,
        dict(plan.price),
        plan,
    )


def _round(
    day: Day, plan: DayPlan, shift: int, route: np.ndarray
) -> tuple[list[tuple[int, int, int, float, float, float, float]], dict[str, object]]:
    """The visits of a shift in order, and its minutes by what they go into."""
    problem = day.problem
    shifts, travel = problem.shifts, problem.travel[problem.shifts.mode[shift]]
    at, free, rows = int(shifts.start_place[shift]), float("nan"), []
    pause = float(plan.break_start[shift])
    totals = {"contact": 0.0, "travel": 0.0, "wait": 0.0, "gap": 0.0, "pause": 0.0, "home": 0.0}
    for leg in route.tolist():
        visit = int(problem.legs.visit[leg])
        start, minutes = float(plan.leg_start[leg]), float(problem.visits.minutes[visit])
        way = float(travel[at, problem.visits.place[visit]]) / UNITS
        wait = 0.0
        if np.isfinite(free):
            rest = float(shifts.break_minutes[shift]) if free - CLOSE <= pause <= start else 0.0
            totals["pause"] += rest
            idle = max(start - free - way - rest, 0.0)
            wait = min(idle, float(shifts.wait_most[shift]))
            totals["gap"] += idle - wait
            totals["wait"] += wait
            totals["travel"] += way
        else:
            totals["home"] += way
        totals["contact"] += minutes
        rows.append((leg, visit, shift, start, start + minutes, way, wait))
        at, free = int(problem.visits.place[visit]), start + minutes
    if len(route):
        totals["home"] += float(travel[at, shifts.end_place[shift]]) / UNITS
    row = day.shifts.row(shift, named=True)
    first = rows[0][3] if rows else float("nan")
    last = rows[-1][4] if rows else float("nan")
    said = {"date": day.date, "shift": shift, "carer": row["carer"], "on_from": row["start"], "on_to": row["end"]}
    said |= {
        "mode": day.carers["mode"][int(shifts.carer[shift])],
        "visits": len(rows),
        "first": first,
        "last": last,
        **totals,
    }
    return rows, said | {"break_start": pause}


def _unserved(team: Team, day: Day, plan: DayPlan) -> pl.DataFrame:
    """Every visit of the day that is not made, with the reason why nobody fits."""
    lost = plan.unserved.tolist()
    barred = day.problem.barred
    broken = {int(day.problem.legs.visit[one.leg]): one for one in reversed(broken_locks(day.problem))}
    first = np.searchsorted(day.problem.legs.visit, np.arange(day.visits.height))
    near = _nearest(team, day, plan)
    out = []
    for row in lost:
        visit = day.visits.row(row, named=True)
        needed = int(visit["carers"])
        if row in broken:
            reason, said = "locked", _of_lock(day, broken[row])
        elif (day.fits[row] == MAY).sum() < needed:
            _, _, reason, said = fitting.said(team, visit, day.fits[row], needed)
        else:
            reason, said = _of_the_day(day, barred[first[row]], needed)
        out.append((visit["visit"], visit["person"], visit["priority"], reason, said, near.get(row, "")))
    names = ("visit", "person", "priority", "reason", "said", "nearest")
    kinds = dict.fromkeys(names, pl.String) | {"priority": pl.Float64}
    return pl.DataFrame(out, schema=kinds, orient="row").sort("priority", "visit", descending=[True, False])


def _nearest(team: Team, day: Day, plan: DayPlan) -> dict[int, str]:
    """What would let visits be made that nobody makes, in words; of so many, those that must not be missed first."""
    enough = (day.fits == MAY).sum(axis=1) + (day.fits == NOT_WORKING).sum(axis=1)
    priority, needed = day.visits["priority"].to_numpy(), day.visits["carers"].to_numpy()
    asked = [row for row in plan.unserved.tolist() if enough[row] >= needed[row]]
    asked = sorted(asked, key=lambda row: (-priority[row], row))[:MOST_NEAREST]
    found = nearest.nearest(day.problem, plan, asked, hours_of(team, day))
    words = {}
    for row, one in found.items():
        carers = [day.shifts["carer"][shift] for shift in one.shifts]
        locked = day.visits["visit"][int(day.problem.legs.visit[one.lock])]
        words[row] = nearest.said(one, carers, said_minute(one.start), locked)
    return words


def hours_of(team: Team, day: Day) -> nearest.Hours:
    """Who could be asked to start sooner or stay longer: nobody who is away, and nobody beyond their availability."""
    problem, away = day.problem, away_on(team.events, day.date)
    carer, starts, ends = problem.shifts.carer, problem.shifts.start, problem.shifts.end
    is_away = np.array([name in away for name in day.shifts["carer"]])
    fits = np.isin(day.fits, (MAY, NOT_WORKING))[problem.legs.visit][:, carer]
    first = day.carers["first_minute"].fill_null(0).to_numpy()[carer]
    last = day.carers["last_minute"].fill_null(2 * DAY_MINUTES).to_numpy()[carer]
    least = np.maximum(first, starts - nearest.MOST_MINUTES)
    most = np.minimum(last, ends + nearest.MOST_MINUTES)
    several = np.isin(carer, np.flatnonzero(np.bincount(carer) > 1))
    for one in np.flatnonzero(several).tolist():  # another shift of the same carer
        mine = (carer == carer[one]) & (np.arange(len(carer)) != one)
        least[one] = max([least[one], *ends[mine & (ends <= starts[one])]])
        most[one] = min([most[one], *starts[mine & (starts >= ends[one])]])
    return nearest.Hours(fits & ~is_away, np.minimum(least, starts), np.maximum(most, ends))


def _of_the_day(day: Day, barred: np.ndarray, needed: int) -> tuple[str, str]:
    carers = day.problem.shifts.carer
    could = len(set(carers[barred == 0].tolist()))
    others = len(set(carers[barred == NOT_THEN].tolist()) - set(carers[barred == 0].tolist()))
    if could < needed:
        said = f"{could} of those who fit are on duty then, {needed} needed"
        return "no_shift", f"{said}; {others} who fit are on duty at other times" if others else said
    return "no_room", f"{could} who fit are on duty then, and each is with somebody else or cannot come in time"


def _of_lock(day: Day, broken: Broken) -> str:
    published = day.problem.published
    assert published is not None
    shift, at = int(published.shift[broken.leg]), said_minute(float(published.start[broken.leg]))
    locked = f"it is locked to {day.shifts['carer'][shift]} at {at}" if shift >= 0 else f"it is locked at {at}"
    if broken.why == AWAY:
        return f"{locked}, and the carer is not working then"
    if broken.why == HOURS:
        return f"{locked}, and the carer's shift does not hold it with the ways from and to home"
    other = day.visits["visit"][int(day.problem.legs.visit[broken.other])]
    if broken.why == CLASH:
        return f"{locked}, and so is {other} before it, which leaves no time for it"
    return f"{locked}, which does not go with how {other} is locked"


def _locked(day: Day, plan: DayPlan) -> pl.DataFrame:
    """What locks stand in the way of: a shift's break, a window, a skill or a wish."""
    problem, visit = day.problem, day.visits["visit"]
    rows = []
    for shift, legs in without_break(problem, plan).items():
        names = " and ".join(dict.fromkeys(visit[int(problem.legs.visit[leg])] for leg in legs))
        verb = "is" if len(legs) == 1 else "are"
        said = f"the shift has no room for its break because {names} {verb} locked"
        rows.append((day.shifts["carer"][shift], said))
    for leg, code in against_rules(problem, plan).items():
        carer, row = day.shifts["carer"][int(plan.leg_shift[leg])], int(problem.legs.visit[leg])
        rule = f"the carer {BARRED[code]}" if code else "its window is another"
        at = said_minute(float(plan.leg_start[leg]))
        rows.append((carer, f"{visit[row]} is locked at {at}, although {rule}"))
    return pl.DataFrame(rows, schema={"carer": pl.String, "said": pl.String}, orient="row")


def metrics(days: Sequence[Planned]) -> dict[str, float]:
    """What plans take and give, over one day or several; minutes unless the name says otherwise."""
    shifts = pl.concat([one.shifts for one in days])
    visits = pl.concat([one.visits for one in days])
    contact, travel = float(shifts["contact"].sum()), float(shifts["travel"].sum())
    wait, used = float(shifts["wait"].sum()), shifts.filter(pl.col("visits") > 0)
    paid = contact + travel + wait
    rostered = float((shifts["on_to"] - shifts["on_from"]).sum())
    faces = visits.group_by("person").agg(pl.col("carer").n_unique().alias("faces"))
    lateness = (visits["start"] - visits["preferred"]).abs()
    legs = visits.height
    unserved = sum(one.unserved.height for one in days)
    asked = sum(one.asked for one in days)
    return {
        "visits_asked": asked,
        "visits_unserved": unserved,
        "unserved_share": unserved / max(asked, 1),
        "legs": legs,
        "contact": contact,
        "travel": travel,
        "home_travel": float(shifts["home"].sum()),
        "wait": wait,
        "gap": float(shifts["gap"].sum()),
        "travel_a_leg": (travel + float(shifts["home"].sum())) / max(legs, 1),
        "paid_per_care_minute": paid / max(contact, 1e-9),
        "on_duty_per_care_minute": rostered / max(contact, 1e-9),
        "rostered": rostered,
        "span": float((used["last"] - used["first"]).sum()),
        "busy_share": contact / max(contact + travel, 1e-9),
        "carers_used": used["carer"].n_unique(),
        "shifts_used": used.height,
        "faces_a_person": float(faces["faces"].cast(pl.Float64).mean() or 0.0),  # type: ignore[arg-type]
        "new_face_share": float(visits["is_new_face"].cast(pl.Float64).mean() or 0.0),  # type: ignore[arg-type]
        "in_time_share": float((lateness <= LATE_FREE_MINUTES).cast(pl.Float64).mean() or 0.0),  # type: ignore[arg-type]
    }

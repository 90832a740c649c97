"""One day of a team as the arrays that are planned: its visits, who is on duty, who may go to whom, what it costs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import polars as pl

from insource.errors import InputError, Problem
from insource.planner import fitting, travel
from insource.planner.events import away_on, changed_visits, gone_legs, on_duty
from insource.planner.formats import MODES
from insource.planner.problem import (
    ANY_CARERS,
    SAME_CARER,
    DayProblem,
    Legs,
    Links,
    Published,
    Shifts,
    Visits,
    travel_units,
)
from insource.planner.team import Team

NOT_THEN = 4
BREAK_MARGIN_MINUTES = 90.0
"""A break begins no sooner than this after the shift has begun, and this long before it ends at the latest."""
BEYOND_PRICE = 5.0
"""Price of a minute after the window; windows of a team are hard, so nothing pays it."""


@dataclass(frozen=True)
class Day:
    """A day's problem with the names of its rows. `visits` and `shifts` are in the order of the problem's rows.

    `leg_visit` and `leg_role` are those of the problem. `nobody`: reason why no shift fits, by visit that has none.
    """

    date: date
    problem: DayProblem = field(repr=False)
    visits: pl.DataFrame = field(repr=False)
    shifts: pl.DataFrame = field(repr=False)
    people: pl.DataFrame = field(repr=False)
    carers: pl.DataFrame = field(repr=False)
    fits: np.ndarray = field(repr=False)
    """[visit, carer]: see fitting.why_not."""


def visits_on(team: Team, day: date) -> pl.DataFrame:
    """The visits whose pattern has this day, as events leave them."""
    bit = 1 << day.weekday()
    from_then = pl.col("first_day").is_null() | (pl.col("first_day") <= day)
    till_then = pl.col("last_day").is_null() | (pl.col("last_day") >= day)
    visits = team.visits.filter(((pl.col("days") & bit) != 0) & from_then & till_then)
    return changed_visits(visits, team.events, day) if team.events.height else visits


def day_problem(
    team: Team, day: date, roster: pl.DataFrame, is_again: bool = False, ways: np.ndarray | None = None
) -> Day:
    """The problem of a day for those whom `roster` (carer, start, end; of any days) puts on duty.

    Carers who are away by the events are left out. `is_again`: the day is planned again after it was published; then
    their shifts stay, and may not be used, so that what they were to do is known to have moved. `ways`: `ways_of` the
    team, where it has been worked out already; several days can share it.
    Raises InputError if nobody is on duty or nothing is to be done that day.
    """
    visits = visits_on(team, day)
    away = away_on(team.events, day)
    duty = roster.filter(pl.col("date") == day).sort("carer", "start")
    duty = duty if is_again else on_duty(duty, away)
    for frame, what, todo in (
        (visits, "nobody is to be visited on this day", "give another date, or look at the days and dates of visits"),
        (duty, "nobody is on duty on this day", "make a roster first: insource pool roster TEAM"),
    ):
        if not frame.height:
            raise InputError(Problem("empty_day", what, todo, found=day.isoformat()))
    people = team.people
    fits = fitting.why_not(team.with_visits(visits))
    carer_row = {carer: row for row, carer in enumerate(team.carers["carer"])}
    carer = np.array([carer_row[one] for one in duty["carer"]], np.int32)
    legs = Legs(*_legs(visits["carers"].to_numpy().astype(int)))
    shifts = _shifts(team, duty, carer, modes_of(team))
    barred = _barred(visits, shifts, fits)[legs.visit]
    published = _published(team, day, visits, legs, duty)
    if is_again and away:
        told = np.full(len(legs.visit), np.nan) if published is None else published.start
        told = np.where(np.isnan(told), visits["earliest"].to_numpy()[legs.visit], told)
        gone = gone_legs(duty, away, told + visits["minutes"].to_numpy()[legs.visit])
        barred[gone & (barred == fitting.MAY)] = NOT_THEN
    return Day(
        day,
        DayProblem(
            visits=_visits(team, visits),
            legs=legs,
            shifts=shifts,
            travel=ways_of(team) if ways is None else ways,
            barred=barred,
            pair_price=pair_prices(team),
            links=_links(visits, legs),
            published=published,
        ),
        visits,
        duty,
        people,
        team.carers,
        fits,
    )


def modes_of(team: Team) -> list[str]:
    """The ways of travelling that the team has, in the order of the travel times."""
    return [mode for mode in MODES if mode in set(team.carers["mode"])]


def ways_of(team: Team) -> np.ndarray:
    """Travel times between all places of a team, as `DayProblem.travel` wants them; the same on every day."""
    places, names = places_of(team)
    return travel_units(travel.matrix(team.rules, places, names, team.travel, modes_of(team)))


def places_of(team: Team) -> tuple[np.ndarray, list[str]]:
    """Where people live (first) and where carers live: metres, and references; unknown homes are in the middle."""
    people = team.people.select("x", "y").to_numpy()
    middle = np.median(people, axis=0) if len(people) else np.zeros(2)
    homes = team.carers.select(pl.col("x").fill_null(middle[0]), pl.col("y").fill_null(middle[1])).to_numpy()
    return np.vstack([people, homes]).astype(float), [*team.people["person"], *team.carers["carer"]]


def pair_prices(team: Team) -> np.ndarray:
    """float32 [person, carer]: new faces and wishes in minutes of a carer's time."""
    rules, index = team.rules, {carer: column for column, carer in enumerate(team.carers["carer"])}
    price = np.zeros((team.people.height, team.carers.height), np.float32)
    for name, amount in (("usual", rules["new_face_price"]), ("wished", rules["wished_bonus"])):
        for row, listed in enumerate(team.people[name]):
            known = [index[one] for one in listed if one in index]
            if known:
                price[row] += amount
                price[row, known] -= amount
    wish = team.people["gender"].fill_null("").str.strip_prefix("prefer ").to_numpy()
    is_wish = team.people["gender"].fill_null("").str.starts_with("prefer").to_numpy()
    gender = team.carers["gender"].fill_null("").to_numpy()
    return price + np.where(is_wish[:, None] & (wish[:, None] != gender[None, :]), rules["wish_price"], 0).astype(
        np.float32
    )


def _legs(carers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    visit = np.repeat(np.arange(len(carers), dtype=np.int32), carers)
    role = np.concatenate([np.arange(number, dtype=np.int32) for number in carers])
    return visit, role


def _visits(team: Team, visits: pl.DataFrame) -> Visits:
    rules, size = team.rules, visits.height
    column = {name: visits[name].to_numpy().astype(float) for name in ("minutes", "earliest", "latest", "preferred")}
    person = visits["person_index"].to_numpy().astype(np.int32)
    free = rules["free_minutes"]
    return Visits(
        person=person,
        place=person,
        minutes=column["minutes"],
        earliest=column["earliest"],
        free_from=np.maximum(column["preferred"] - free, column["earliest"]),
        free_to=np.minimum(column["preferred"] + free, column["latest"]),
        edge=column["latest"],
        latest=column["latest"],
        early_price=np.full(size, rules["off_time_price"]),
        late_price=np.full(size, rules["off_time_price"]),
        beyond_price=np.full(size, BEYOND_PRICE),
        unserved_price=rules["unserved_price"] * visits["priority"].to_numpy(),
    )


def _shifts(team: Team, duty: pl.DataFrame, carer: np.ndarray, modes: list[str]) -> Shifts:
    rules, size = team.rules, duty.height
    home = (team.people.height + carer).astype(np.int32)
    start, end = duty["start"].to_numpy().astype(float), duty["end"].to_numpy().astype(float)
    mode = np.array([modes.index(one) for one in team.carers["mode"]], np.int32)[carer]
    is_long = end - start > rules["break_over_minutes"]

    def same(name: str) -> np.ndarray:
        return np.full(size, rules[name])

    return Shifts(
        carer=carer,
        start_place=home,
        end_place=home,
        start=start,
        end=end + rules["overtime_most_minutes"],
        normal_end=end,
        mode=mode,
        travel_price=same("travel_price"),
        wait_price=same("wait_price"),
        wait_most=same("wait_most_minutes"),
        overtime_price=same("overtime_price"),
        break_minutes=np.where(is_long, rules["break_minutes"], 0.0),
        break_over=same("break_over_minutes"),
        break_from=start + BREAK_MARGIN_MINUTES,
        break_to=end - BREAK_MARGIN_MINUTES,
    )


def _barred(visits: pl.DataFrame, shifts: Shifts, fits: np.ndarray) -> np.ndarray:
    """uint8 [visit, shift]."""
    barred = fits[:, shifts.carer].copy()
    begin = np.maximum(visits["earliest"].to_numpy()[:, None], shifts.start[None, :])
    length = visits["minutes"].to_numpy()[:, None]
    is_there = (begin <= visits["latest"].to_numpy()[:, None]) & (begin + length <= shifts.end[None, :])
    barred[(barred == fitting.MAY) & ~is_there] = NOT_THEN
    return barred


def _links(visits: pl.DataFrame, legs: Legs) -> Links:
    index = {visit: row for row, visit in enumerate(visits["visit"])}
    first_leg = np.searchsorted(legs.visit, np.arange(visits.height))
    carers = visits["carers"].to_numpy().astype(int)
    rows: list[tuple[int, int, float, float, int, bool]] = []
    linked = visits.with_row_index("here").filter(pl.col("after").is_not_null())
    for here, before, least, most, is_same, _ in linked.select(
        "here", "after", "least_gap", "most_gap", "same_carer", "visit"
    ).iter_rows():
        if before not in index:
            continue
        there = index[before]
        gap = float(visits["minutes"][there]) if least is None else least
        for role in range(min(carers[here], carers[there]) if is_same else 1):
            kind = SAME_CARER if is_same else ANY_CARERS
            pair = (int(first_leg[there]) + role, int(first_leg[here]) + role)
            rows.append((*pair, gap, math.inf if most is None else max(most, gap), kind, False))
    if not rows:
        return Links.none()
    kinds = (np.int32, np.int32, float, float, np.int32, bool)
    return Links(*(np.array(column, kind) for column, kind in zip(zip(*rows, strict=True), kinds, strict=True)))


def _published(team: Team, day: date, visits: pl.DataFrame, legs: Legs, duty: pl.DataFrame) -> Published | None:
    """What was published for the day, by leg; None if nothing was."""
    plan = team.plan.filter(pl.col("date") == day)
    if not plan.height:
        return None
    told: dict[str, list[tuple[str, float, bool]]] = {}
    for visit, carer, start, is_locked in plan.select("visit", "carer", "start", "locked").iter_rows():
        told.setdefault(visit, []).append((carer, float(start), is_locked))
    return publish(team, [told.get(visit, []) for visit in visits["visit"]], legs, duty)


def publish(team: Team, told: Sequence[Sequence[tuple[str, float, bool]]], legs: Legs, duty: pl.DataFrame) -> Published:
    """What people were told as the prices of going back on it: by visit the carers, starts, and what is locked.

    A leg whose carer is not on duty any more has no shift to keep, but its start is still what the person was told,
    and nobody else is sent if it is locked.
    """
    rules, size = team.rules, len(legs.visit)
    shift, start, locked = np.full(size, -1, np.int32), np.full(size, np.nan), np.zeros(size, bool)
    rows: dict[str, list[tuple[int, float, float]]] = {}
    for row, (carer, begin, end) in enumerate(duty.select("carer", "start", "end").iter_rows()):
        rows.setdefault(carer, []).append((row, begin, end))
    for leg, (visit, role) in enumerate(zip(legs.visit.tolist(), legs.role.tolist(), strict=True)):
        if role < len(told[visit]):
            carer, at, is_locked = told[visit][role]
            near = sorted(rows.get(carer, []), key=lambda one: (not one[1] <= at <= one[2], abs(one[1] - at)))
            start[leg] = at
            locked[leg] = is_locked
            if near:
                shift[leg] = near[0][0]
    amount = np.ones(size)
    return Published(
        shift,
        start,
        carer_price=amount * rules["change_price"],
        moved_free=amount * rules["moved_free_minutes"],
        moved_price=amount * rules["moved_price"],
        moved_minute_price=amount * rules["moved_minute_price"],
        is_locked=locked,
    )

"""One person's story, week by week, under each delivery model: the same person, the same luck.

The run is made again from its manifest for one draw, and the person's row is read after every week. Nothing about who
somebody is comes out: a number, an age band, and what happened to their care.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from insource import parameters
from insource.delivery import Delivery
from insource.draws import FIRST_NEWCOMER, luck
from insource.errors import InputError, Problem
from insource.parameters import Override
from insource.place import AGE_BANDS, Place
from insource.room import ROOMS, is_cramped
from insource.scenario import Scenario
from insource.simulate import NO_SCENARIO, Simulation, no_room, prepare
from insource.units import MINUTES_AN_HOUR

COLUMNS = (
    "is_here",
    "left_reason",
    "is_in_hospital",
    "contact",
    "known_weeks",
    "provider",
    "is_in_care",
    "needed_minutes",
    "budget_minutes",
    "ordered_minutes",
    "scheduled_minutes",
    "delivered_minutes",
    "used_minutes",
    "unpaid_minutes",
    "retained_minutes",
    "run_on_minutes",
    "is_concern_raised",
    "quality_of_life",
    "age_band",
    "is_with_carer",
)
TOLD_FROM = 0.1
"""Changes of an order by less than this share, or by less than an hour, are not told as events."""
REASONS = {1: "died", 2: "moved to a care home", 3: "needed no more support"}


@dataclass(frozen=True)
class Week:
    """One person's week under one model. Hours are hours of care workers' time."""

    week: int
    needed: float
    ordered: float
    delivered: float
    used: float
    unmet: float
    quality_of_life: float
    events: tuple[str, ...]


@dataclass(frozen=True)
class Story:
    """Who (no more than age band and carer), and the weeks."""

    about: str
    weeks: tuple[Week, ...]


def person_number(text: str, place: Place, burn_in: int) -> int:
    """The number of a person from what a user writes.

    '17' is somebody in the place at the start; 'w30-2' the second newcomer of week 30 of the comparison (weeks of the
    running-in are 0 and below). Raises InputError for anything else.
    """
    newcomer = re.fullmatch(r"w(-?\d+)-(\d+)", text.strip().lower())
    if newcomer:
        week, rank = int(newcomer.group(1)) - 1 + burn_in, int(newcomer.group(2)) - 1
        if week >= 0 and rank >= 0:
            return (week + 1) * FIRST_NEWCOMER + rank
    elif text.strip().isdigit() and int(text) in set(place.donors["person"].tolist()):
        return int(text)
    raise InputError(
        Problem(
            "no_such_person",
            f"'{text}' is nobody in {place.name}",
            "give the number of somebody there at the start, or a newcomer such as w30-2",
            found=f"'{text}'",
            allowed=f"1 to {int(place.donors['person'].max()):,}, or wWEEK-NUMBER",
        )
    )


def follow(
    place: Place,
    model: Delivery,
    person: str,
    seed: int,
    draw: int | None,
    weeks: int,
    burn_in: int,
    overrides: tuple[Override, ...] = (),
    scenario: Scenario = NO_SCENARIO,
) -> Story:
    """The person's weeks, from the first of the comparison (or the one in which they ask for help) until they left.

    `draw` None means parameters at their central values with the luck of draw 0. Raises InputError if there is no such
    person, or if they had left before the comparison began.
    """
    if draw is None:
        numbers = parameters.central(overrides, place.base_date)
    else:
        numbers = parameters.draw(seed, draw, overrides, place.base_date)
    number = person_number(person, place, burn_in)
    rows = _rows(place, model, numbers, luck(seed, draw or 0), number, weeks, burn_in, scenario)
    told = [_week(week, rows.get(week - 1, {}), row) for week, row in rows.items() if week >= 1]
    if not told:
        todo = "choose somebody else, or another draw"
        what = f"person {person} was not there in any week of the comparison"
        raise InputError(Problem("left_before", what, todo, found=f"'{person}'"))
    last = next(reversed(rows.values()))
    carer = "with an unpaid carer" if last["is_with_carer"] else "without an unpaid carer"
    return Story(f"{AGE_BANDS[last['age_band']]}, {carer}", tuple(told))


def _rows(
    place: Place, model: Delivery, numbers: Any, key: Any, person: int, weeks: int, burn_in: int, scenario: Scenario
) -> dict[int, dict[str, Any]]:
    """The person's columns after each week in which they have a row; weeks count from the first of the comparison."""
    for room in ROOMS:
        simulation = prepare(place, model, numbers, key, weeks, burn_in, room, scenario)
        rows = {}
        for week in range(burn_in + weeks):
            simulation.advance(1)
            row = _row(simulation, person)
            if row:
                rows[week - burn_in + 1] = row
        if not is_cramped(simulation.tables):
            return rows
    raise no_room(place)


def _row(simulation: Simulation, person: int) -> dict[str, Any] | None:
    people = simulation.tables["people"]
    rows = np.flatnonzero((people["person"] == person) & (people["is_open"] == 1))
    return {name: people[name][rows[0]].item() for name in COLUMNS} if len(rows) else None


def _week(number: int, before: dict[str, Any], now: dict[str, Any]) -> Week:
    def hours(name: str) -> float:
        return float(now[name] / MINUTES_AN_HOUR)

    unmet = (now["needed_minutes"] - now["used_minutes"] - now["unpaid_minutes"]) / MINUTES_AN_HOUR
    ordered = hours("ordered_minutes") if now["is_here"] else 0.0
    return Week(
        number,
        hours("needed_minutes"),
        ordered,
        hours("delivered_minutes"),
        hours("used_minutes"),
        float(unmet),
        float(now["quality_of_life"]),
        tuple(_events(before, now)),
    )


def _events(before: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    """What happened this week, in the order of a week."""
    if not before:
        yield "is there when the comparison starts" if now["known_weeks"] else "asks for help"
        before = now
    if before["is_here"] and not now["is_here"]:
        yield REASONS[now["left_reason"]]
    if now["run_on_minutes"]:
        yield f"the order is still paid: {now['run_on_minutes'] / MINUTES_AN_HOUR:.1f} hours"
    if now["is_in_hospital"] and not before["is_in_hospital"]:
        yield "goes into hospital"
    if before["is_in_hospital"] and not now["is_in_hospital"] and now["is_here"]:
        yield "comes home from hospital"
    if now["retained_minutes"]:
        yield f"place held: {now['retained_minutes'] / MINUTES_AN_HOUR:.1f} hours paid"
    if now["contact"]:
        word = "assessed" if now["contact"] == 1 else "reviewed"
        yield f"{word}: budget for {now['budget_minutes'] / MINUTES_AN_HOUR:.1f} hours"
    if before["ordered_minutes"] != now["ordered_minutes"] and now["is_here"] and now["ordered_minutes"]:
        change = abs(now["ordered_minutes"] - before["ordered_minutes"])
        if change >= MINUTES_AN_HOUR and change >= TOLD_FROM * before["ordered_minutes"]:
            yield f"order now {now['ordered_minutes'] / MINUTES_AN_HOUR:.1f} hours"
    if before["provider"] != now["provider"] and now["is_here"]:
        yield (
            f"service {now['provider'] + 1} says yes" if now["provider"] >= 0 else "the service gives the package back"
        )
    if now["is_concern_raised"]:
        yield "a safeguarding concern is raised"

"""A made-up care team: visit patterns for the packages of a place, homes, and carers enough to make the visits.

Everything in it is invented by a stated recipe from a seed: no person of any council is in it. The recipe is plausible,
not measured: how packages split into visits is a judgement, and results on it say nothing about a real team.
"""

import math
from dataclasses import dataclass

import numpy as np
import polars as pl

from insource.errors import InputError, Problem
from insource.place import Place
from insource.planner.cells import said_days, said_minute
from insource.planner.formats import DAYS_A_WEEK, EVERY_DAY, TABLES
from insource.terms import LINE

SLOTS = (
    ("morning", 7 * 60, 10 * 60),
    ("bed", 19 * 60 + 30, 21 * 60 + 30),
    ("lunch", 11 * 60 + 30, 13 * 60 + 30),
    ("tea", 16 * 60, 18 * 60),
)
"""Which visits a day are added first: getting up, going to bed, lunch, tea; with the span of preferred times."""
LONGEST_OF_DAY = ((35, 1), (70, 2), (105, 3), (math.inf, 4))
"""Minutes of care a day up to which there are so many visits."""
HALF_WINDOWS = ((0.2, 15), (0.7, 30), (1.0, 60))
DOUBLE_FROM_MINUTES, DOUBLE_SHARE = 100, 0.4
LEAST_VISIT, MOST_VISIT = 15, 60
CONTRACTS = ((0.25, 16), (0.5, 24), (0.85, 30), (1.0, 37))
MODES = ((0.8, "car"), (0.9, "walk"), (1.0, "bike"))
PRODUCTIVE = 0.55
MEDICATION_SHARE, MUST_SHARE, WISH_SHARE, FEMALE_SHARE = 0.35, 0.06, 0.15, 0.82
HOIST_SHARE, MEDICINE_TRAINED_SHARE = 0.8, 0.85
ORIGIN = (400_000.0, 300_000.0)
PEOPLE_A_VILLAGE = 15


@dataclass(frozen=True)
class Example:
    """The tables of a made-up team, headed as the readers know them, by name."""

    tables: dict[str, pl.DataFrame]
    people: int
    carers: int
    visits: int


def example(place: Place, most_people: int = 0, seed: int = 1) -> Example:
    """A team for the people of a place who have home care (the first `most_people` of them if not 0)."""
    at_home = np.flatnonzero(place.donors["line"] == LINE.home_care)
    chosen = at_home[: most_people or None]
    if len(chosen) == 0:
        what, todo = "nobody in this place has home care", "give another place"
        raise InputError(Problem("no_home_care", what, todo, found=place.name))
    luck = np.random.Generator(np.random.PCG64(seed))
    homes = _homes(place, chosen, luck)
    people, visits = _people_and_visits(
        place.donors["package_minutes"][chosen], place.donors["zone"][chosen], homes, luck
    )
    carers = _carers(visits, homes, luck)
    _knowing(people, carers, homes, luck)
    tables = {"people": people, "visits": visits, "carers": carers}
    headed = {name: _headed(name, rows) for name, rows in tables.items()}
    return Example(headed, len(people), len(carers), len(visits))


def _homes(place: Place, chosen: np.ndarray, luck: np.random.Generator) -> np.ndarray:
    """Where people live: zones side by side in squares of their area, villages in them, homes round villages.

    If only some of a place are taken, the land is made smaller with them, so that they live as close as before.
    """
    zone = place.donors["zone"]
    area = place.zones["area_km2"]
    columns = math.ceil(math.sqrt(len(area)))
    side = 1000.0 * math.sqrt(float(area.max()))
    homes = np.empty((len(chosen), 2))
    for number in np.unique(zone[chosen]):
        here = np.flatnonzero(zone[chosen] == number)
        share = len(here) / max((zone == number).sum(), 1)
        edge = 1000.0 * math.sqrt(float(area[number]) * share)
        villages = luck.random((max(len(here) // PEOPLE_A_VILLAGE, 1), 2)) * edge
        of = (luck.random(len(here)) * len(villages)).astype(int)
        is_scattered = luck.random(len(here)) < 1 / 2
        near = villages[of] + (luck.random((len(here), 2)) - 1 / 2) * edge / 4
        anywhere = luck.random((len(here), 2)) * edge
        corner = np.array([number % columns, number // columns]) * side
        homes[here] = np.clip(np.where(is_scattered[:, None], anywhere, near), 0, edge) + corner + ORIGIN
    return homes.round()


def _people_and_visits(
    minutes: np.ndarray, zone: np.ndarray, homes: np.ndarray, luck: np.random.Generator
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    people: list[dict[str, object]] = []
    visits: list[dict[str, object]] = []
    for row, (weekly, (x, y)) in enumerate(zip(minutes, homes, strict=True), 1):
        name, draw = f"P{row:04d}", luck.random(8)
        a_day = float(weekly) / DAYS_A_WEEK
        is_double = a_day >= DOUBLE_FROM_MINUTES and draw[0] < DOUBLE_SHARE
        has_medicine = draw[1] < MEDICATION_SHARE
        gender = "female" if draw[2] < MUST_SHARE else "prefer female" if draw[2] < WISH_SHARE else ""
        risk = 3 if has_medicine or is_double else 1 if a_day < LEAST_VISIT else 2
        people.append(
            {"person": name, "x": x, "y": y, "area": f"area {zone[row - 1] + 1}", "gender": gender, "risk": risk}
        )
        visits += _visits_of(name, a_day / (2 if is_double else 1), is_double, has_medicine, draw, luck)
    return people, visits


def _visits_of(
    person: str, a_day: float, is_double: bool, has_medicine: bool, draw: np.ndarray, luck: np.random.Generator
) -> list[dict[str, object]]:
    """The visits of one person: their number from the minutes a day, few minutes on fewer days."""
    days = EVERY_DAY
    if a_day < LEAST_VISIT:
        number = min(max(round(a_day * DAYS_A_WEEK / (2 * LEAST_VISIT)), 1), DAYS_A_WEEK - 1)
        first = int(draw[3] * DAYS_A_WEEK)
        days = sum(1 << ((first + round(k * DAYS_A_WEEK / number)) % DAYS_A_WEEK) for k in range(number))
        a_day = a_day * DAYS_A_WEEK / number
    count = next(number for most, number in LONGEST_OF_DAY if a_day <= most)
    length = min(max(5 * round(a_day / count / 5), LEAST_VISIT), MOST_VISIT)
    half = next(minutes for share, minutes in HALF_WINDOWS if draw[4] <= share)
    rows: list[dict[str, object]] = []
    slots = sorted(range(count), key=lambda slot: SLOTS[slot][1])
    for slot in slots:
        name, low, high = SLOTS[slot]
        preferred = 5 * round((low + float(luck.random()) * (high - low)) / 5)
        skills = ["hoist"] if is_double else []
        skills += ["medication"] if has_medicine and name in ("morning", "bed") else []
        rows.append(
            {
                "visit": f"{person}-{name}",
                "person": person,
                "days": said_days(days),
                "earliest": said_minute(preferred - half),
                "latest": said_minute(preferred + half),
                "preferred": said_minute(preferred),
                "minutes": length,
                "carers": 2 if is_double else 1,
                "skills": "; ".join(skills),
            }
        )
    if has_medicine and count >= 2:
        rows[-1] |= {"after": rows[0]["visit"], "least_gap": 4 * 60}
    return rows


def _carers(visits: list[dict[str, object]], homes: np.ndarray, luck: np.random.Generator) -> list[dict[str, object]]:
    """Carers until their contracts hold the visits with travel, gaps, holiday and sickness."""
    care = 0.0
    for one in visits:
        bits = {"daily": DAYS_A_WEEK}.get(str(one["days"]), len(str(one["days"]).split()))
        care += float(str(one["minutes"])) * float(str(one["carers"])) * bits / 60
    rows: list[dict[str, object]] = []
    hours = 0.0
    while hours < care / PRODUCTIVE or len(rows) < 4:
        draw = luck.random(8)
        near = homes[int(draw[0] * len(homes))]
        contract = next(amount for share, amount in CONTRACTS if draw[1] <= share)
        skills = ["hoist"] if draw[2] < HOIST_SHARE else []
        skills += ["medication"] if draw[3] < MEDICINE_TRAINED_SHARE else []
        rows.append(
            {
                "carer": f"C{len(rows) + 1:03d}",
                "x": float(round(near[0] + (draw[4] - 0.5) * 2000)),
                "y": float(round(near[1] + (draw[5] - 0.5) * 2000)),
                "hours": contract,
                "mode": next(mode for share, mode in MODES if draw[6] <= share),
                "skills": "; ".join(skills),
                "gender": "female" if draw[7] < FEMALE_SHARE else "male",
                "split": "yes" if contract >= 24 and draw[1] < 0.7 else "no",
                "weekends": "alternate",
                "pay": 12.9,
            }
        )
        hours += contract
    return rows


def _knowing(
    people: list[dict[str, object]], carers: list[dict[str, object]], homes: np.ndarray, luck: np.random.Generator
) -> None:
    """Each person knows some of the carers who live nearest, and a few would rather not see one of them again."""
    where = np.array([[one["x"], one["y"]] for one in carers], float)
    for person, home in zip(people, homes, strict=True):
        nearest = np.argsort(((where - home) ** 2).sum(axis=1), kind="stable")[:10]
        draw = luck.random(len(nearest) + 1)
        known = [str(carers[one]["carer"]) for one, chance in zip(nearest, draw, strict=False) if chance < 1 / 2]
        person["usual"] = "; ".join(known[:5])
        if draw[-1] < 0.05 and len(nearest) > 5:
            person["disliked"] = str(carers[int(nearest[-1])]["carer"])


def _headed(name: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    """Rows as a table with the headings of its format; columns that nothing is said in are left out."""
    fields = [one for one in TABLES[name].fields if any(row.get(one.name) not in (None, "") for row in rows)]
    return pl.DataFrame(
        {
            one.heading: ["" if row.get(one.name) is None else _plain(row.get(one.name)) for row in rows]
            for one in fields
        }
    )


def _plain(value: object) -> str:
    return (
        f"{value:g}"
        if isinstance(value, float) and value != round(value)
        else f"{round(value)}"
        if isinstance(value, float)
        else str(value)
    )

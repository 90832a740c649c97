"""Read the published days of Mankowska, Meisel & Bierwirth (2014) as problems for the planner.

Home care with six skills, windows of two hours, and three people in ten who need two services, at once or one after
the other. Minimise (travel + sum of lateness + greatest lateness) / 3; windows are hard at the start and soft at the
end; the two services of a person need two carers. The same search solves it with other prices: travel 1, lateness 1 a
minute, the greatest lateness 1 a minute, and an endless price for leaving anybody out.
"""

import csv
import gzip
import json
import math
import os
from pathlib import Path
from typing import Any

import numpy as np

from insource.planner.problem import DIFFERENT_CARERS, DayProblem, Legs, Links, Shifts, Visits, travel_units

NEVER = 1e9
DAY_END = 1e7
BIG = 1e8


def folder() -> Path:
    """Where the published days lie: under INSOURCE_SHARED, or in `shared` beside the project."""
    shared = Path(os.environ.get("INSOURCE_SHARED", Path(__file__).parents[2].parent / "shared"))
    inside = shared / "data" / "home_care_routing"
    return inside if inside.exists() else shared / "home_care_routing"


def best_known() -> dict[str, dict[str, str]]:
    """By code (A1 to G10) the row of the table of published results."""
    with (folder() / "mankowska_bks.csv").open() as file:
        return {row["code"]: row for row in csv.DictReader(file)}


def read(instance: str) -> tuple[DayProblem, dict[str, Any]]:
    """One day as a problem, and as it was published."""
    with gzip.open(folder() / "mankowska" / f"{instance}.json.gz", "rt") as file:
        found = json.load(file)
    return as_problem(found), found


def as_problem(found: dict[str, Any]) -> DayProblem:
    """Every service is a visit of its own; the two of a person are tied and go in and out together."""
    people = found["patients"]
    services = [(p, service) for p, person in enumerate(people) for service in person["required_caregivers"]]
    count = len(services)
    ties = []
    first = 0
    for person in people:
        if len(person["required_caregivers"]) > 1:
            kind = person["synchronization"]
            least, most = (0.0, 0.0) if kind["type"] == "simultaneous" else kind["distance"]
            ties.append((first, first + 1, least, most, DIFFERENT_CARERS, True))
        first += len(person["required_caregivers"])
    windows = np.array([people[p]["time_window"] for p, _ in services], float)
    person = np.array([p for p, _ in services], np.int32)
    ones, nothing = np.ones(count), np.zeros(count)
    visits = Visits(
        person,
        person + 1,
        np.array([service["duration"] for _, service in services], float),
        windows[:, 0],
        windows[:, 0],
        windows[:, 1],
        windows[:, 1],
        np.full(count, math.inf),
        nothing,
        nothing,
        ones,
        np.full(count, BIG),
    )
    carers = found["caregivers"]
    able = np.array([[service["service"] in carer["abilities"] for carer in carers] for _, service in services])
    columns = [np.array(column) for column in zip(*ties, strict=True)] if ties else []
    links = Links(*columns) if ties else Links.none()
    return DayProblem(
        visits,
        Legs(np.arange(count, dtype=np.int32), np.zeros(count, np.int32)),
        _shifts(len(carers)),
        travel_units(np.array(found["distances"], float))[None],
        np.where(able, 0, 1).astype(np.uint8),
        np.zeros((len(people), len(carers)), np.float32),
        links,
        greatest_lateness_price=1.0,
    )


def _shifts(count: int) -> Shifts:
    nothing, never = np.zeros(count), np.full(count, NEVER)
    depot = np.zeros(count, np.int32)
    return Shifts(
        np.arange(count, dtype=np.int32),
        depot,
        depot,
        nothing,
        never,
        never,
        depot,
        np.ones(count),
        nothing,
        nothing,
        nothing,
        nothing,
        never,
        nothing,
        never,
    )

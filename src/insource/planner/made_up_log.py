"""A made-up log of visits for an example: who comes is the nearest free carer, and journeys take a known speed.

So what calibration ought to find is known: TRUE_KMH and TRUE_FIXED, with noise, waits and breaks on top.
"""

from datetime import date, timedelta

import numpy as np
import polars as pl

from insource.planner.cells import said_minute
from insource.planner.day import places_of, visits_on
from insource.planner.fitting import MAY, why_not
from insource.planner.team import Team
from insource.planner.travel import MINUTES_AN_HOUR, road_km, straight_km

TRUE_KMH = {"car": 22.0, "bike": 12.0, "walk": 4.2, "bus": 13.0}
TRUE_FIXED = {"car": 4.0, "bike": 2.5, "walk": 1.5, "bus": 9.0}
NOISE_MINUTES, LATE_MINUTES, LONGER_SHARE, PAUSE_SHARE, PAUSE_MINUTES = 1.5, 12.0, 0.15, 0.08, 25.0
DAY_START, DAY_END = 7 * 60, 22 * 60


def made_up_log(team: Team, first: date, days: int, seed: int = 1) -> pl.DataFrame:
    """The log of `days` days from `first`, headed as the reader knows it."""
    luck = np.random.Generator(np.random.PCG64(seed))
    rows = [row for k in range(days) for row in _day(team, first + timedelta(days=k), luck)]
    headings = ["Visit date", "Visit", "Carer", "Checked in", "Checked out"]
    return pl.DataFrame(rows, schema=headings, orient="row").sort("Visit date", "Carer", "Checked in")


def _day(team: Team, day: date, luck: np.random.Generator) -> list[tuple[str, str, str, str, str]]:
    visits = visits_on(team, day).sort("preferred", "visit")
    may = why_not(team.with_visits(visits)) == MAY
    places, _ = places_of(team)
    road = road_km(team.rules, straight_km(places))
    modes = team.carers["mode"].to_list()
    per_km = np.array([MINUTES_AN_HOUR / TRUE_KMH[mode] for mode in modes])
    fixed = np.array([TRUE_FIXED[mode] for mode in modes])
    at = team.people.height + np.arange(team.carers.height)
    is_working = luck.random(team.carers.height) < 5 / 7
    free = np.full(team.carers.height, float(DAY_START))
    rows = []
    for row, visit in enumerate(visits.iter_rows(named=True)):
        home = visit["person_index"]
        taken = np.where(road[at, home] > 0, fixed + per_km * road[at, home], 1.0)
        taken = np.maximum(taken + NOISE_MINUTES * (luck.random(len(taken)) + luck.random(len(taken)) - 1.0), 1.0)
        pause = np.where(luck.random(len(taken)) < PAUSE_SHARE, PAUSE_MINUTES * luck.random(len(taken)), 0.0)
        arrive = free + taken + pause
        fits = may[row] & is_working & (arrive <= visit["preferred"] + LATE_MINUTES)
        chosen = np.flatnonzero(fits)[
            np.argsort((taken + 3 * (visit["preferred"] - arrive).clip(0) / 10)[fits], kind="stable")
        ]
        chosen = chosen[: int(visit["carers"])]
        if len(chosen) < visit["carers"]:
            continue
        start = max(float(arrive[chosen].max()), float(visit["preferred"]) - LATE_MINUTES * float(luck.random()))
        end = start + visit["minutes"] * (1.0 + LONGER_SHARE * (2 * float(luck.random()) - 1.0))
        if end > DAY_END:
            continue
        for carer in chosen.tolist():
            name = team.carers["carer"][carer]
            rows.append((day.isoformat(), visit["visit"], name, said_minute(start), said_minute(end)))
            free[carer], at[carer] = end, home
    return rows

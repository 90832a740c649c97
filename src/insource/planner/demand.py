"""How many carers are wanted when: care asked for by half hour of the week, and what of it takes a skill.

A visit's start is spread evenly over the times that cost nothing (its preferred time and what is free either way), so
that a peak is as sharp as people's wishes and no sharper.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import polars as pl

from insource.planner.day import visits_on
from insource.planner.formats import DAY_MINUTES, DAYS_A_WEEK
from insource.planner.team import Team

BAND_MINUTES = 30
BANDS = DAY_MINUTES // BAND_MINUTES


@dataclass(frozen=True)
class Demand:
    """Carers at visits on average in each half hour: [day, band]; `skill[name]` is the part that takes that skill."""

    monday: date
    care: np.ndarray = field(repr=False)
    skill: dict[str, np.ndarray] = field(repr=False)

    @property
    def hours(self) -> float:
        """Hours of care in the week, each carer at a visit counted."""
        return float(self.care.sum()) * BAND_MINUTES / 60


def demand(team: Team, monday: date) -> Demand:
    """The care asked for in the week that begins on `monday`."""
    days = [visits_on(team, monday + timedelta(days=day)) for day in range(DAYS_A_WEEK)]
    free = team.rules["free_minutes"]
    skills = sorted({skill for held in team.visits["skills"] for skill in held})
    has = {skill: [one.filter(pl.col("skills").list.contains(skill)) for one in days] for skill in skills}
    return Demand(
        monday,
        np.array([load(one, free) for one in days]),
        {skill: np.array([load(one, free) for one in listed]) for skill, listed in has.items()},
    )


def load(visits: pl.DataFrame, free: float) -> np.ndarray:
    """Carers at visits in each half hour of a day."""
    if not visits.height:
        return np.zeros(BANDS)
    column = {
        name: visits[name].to_numpy().astype(float) for name in ("earliest", "latest", "preferred", "minutes", "carers")
    }
    low = np.maximum(column["preferred"] - free, column["earliest"])
    high = np.minimum(column["preferred"] + free, column["latest"])
    edges = np.arange(BANDS + 1, dtype=float) * BAND_MINUTES
    begun = _started(edges[:, None], low, high)
    ended = _started(edges[:, None] - column["minutes"], low, high)
    busy = ((begun - ended) * column["carers"]).sum(axis=1)  # minutes at visits up to each edge
    return np.asarray(np.diff(busy) / BAND_MINUTES)


def _started(at: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Integral up to `at` of the share of starts that have been by then, the start even between low and high."""
    width = np.maximum(high - low, 1e-9)
    inside = np.clip(at - low, 0, width)
    return inside**2 / (2 * width) + np.maximum(at - high, 0)


def rostered(demand_now: Demand, busy_share: float, reserve_share: float = 0.0) -> Demand:
    """Carers wanted on duty: care with the travel from visit to visit, and a reserve for those who fall ill."""
    factor = (1.0 + reserve_share) / busy_share
    return Demand(demand_now.monday, demand_now.care * factor, {k: v * factor for k, v in demand_now.skill.items()})

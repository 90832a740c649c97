"""How much need fluctuates from week to week: measured from weekly hours, or assumed.

Each person's departures from their own mean give their spread. What people have in common shows in the total: if
everybody's departures were their own, those of a week would cancel; as far as they do not, they are correlated.

    correlation = sum over weeks of (S^2 - sum d^2) / sum over weeks of ((sum s)^2 - sum s^2)

with d a person's departure in a week, S their sum over those present, s each person's spread. Its limits come from
leaving out blocks of weeks (jackknife). A slow change of somebody's need counts as fluctuation here.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from insource.errors import InputError, Problem
from insource.numeric import normal_point
from insource.units import DAYS_A_WEEK, WEEKS_A_YEAR

BLOCKS = 8
FEWEST_PEOPLE = 2


@dataclass(frozen=True)
class Fluctuation:
    """Coefficient of variation of one person's weekly hours, correlation between people, and from week to week.

    `people` and `weeks` say how much was measured; both 0 where it is assumed.
    """

    variation: float
    correlation: float
    correlation_low: float
    correlation_high: float
    persistence: float
    people: int = 0
    weeks: int = 0

    @property
    def is_measured(self) -> bool:
        """True if it comes from weekly hours."""
        return self.people > 0


def assumed(values: Mapping[str, float], correlation_ends: tuple[float, float]) -> Fluctuation:
    """From stated assumptions: weeks of ordinary need, and weeks in hospital without any (see `with_hospital`)."""
    away = values["hospital_admission_rate"] * values["hospital_stay_weeks"] / WEEKS_A_YEAR
    return Fluctuation(
        with_hospital(values["need_variation"], away),
        values["need_correlation"],
        *correlation_ends,
        values["need_persistence"],
    )


def with_hospital(variation: float, away_share: float) -> float:
    """Coefficient of variation of need that is nothing for a share of weeks and else varies about a mean of its own.

    Mean m (1 - a), variance m^2 ((1 - a) cv^2 + a (1 - a)), so cv'^2 = (cv^2 + a) / (1 - a).
    """
    return math.sqrt((variation * variation + away_share) / (1.0 - away_share))


def measured(weekly: pl.DataFrame, values: Mapping[str, float]) -> Fluctuation:
    """From weekly hours (person, week, hours). A week without a row between a person's first and last is one without
    hours. Raises InputError if fewer than two people have enough weeks."""
    grid, is_present = _grid(weekly)
    is_long = is_present.sum(axis=1) >= values["fewest_weeks"]
    grid, is_present = grid[is_long], is_present[is_long]
    total = np.where(is_present, grid, 0.0).sum(axis=1)
    is_used = total > 0.0
    grid, is_present = grid[is_used], is_present[is_used]
    if len(grid) < FEWEST_PEOPLE:
        raise InputError(
            Problem(
                "too_few_weeks",
                f"only {len(grid)} people have {values['fewest_weeks']:g} weeks or more with hours",
                "give a longer file, or fewer weeks with --set fewest_weeks=8, or leave it out and state assumptions",
            )
        )
    weeks = is_present.sum(axis=1)
    mean = np.where(is_present, grid, 0.0).sum(axis=1) / weeks
    apart = np.where(is_present, grid - mean[:, None], 0.0)
    spread = np.sqrt((apart**2).sum(axis=1) / (weeks - 1.0))
    above, below = _together(apart, is_present, spread, weeks)
    correlation, error = _jackknife(above, below)
    z = float(normal_point((1.0 + values["sure_share"]) / 2.0))
    pairs = is_present[:, 1:] & is_present[:, :-1]
    lagged = float((apart[:, 1:] * apart[:, :-1])[pairs].sum())
    squares = float((apart**2).sum())
    return Fluctuation(
        math.sqrt(float((spread**2).sum() / (mean**2).sum())),
        _within(correlation),
        _within(correlation - z * error),
        _within(correlation + z * error),
        min(max(lagged / squares, 0.0), 0.999) if squares > 0.0 else 0.0,
        len(grid),
        grid.shape[1],
    )


def _grid(weekly: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Hours by person and week, and whether the person was there in the week (between the first and last row)."""
    start = weekly.select(pl.col("week").min()).item()
    number = ((pl.col("week") - start).dt.total_days() // DAYS_A_WEEK).alias("number")
    rows = weekly.with_columns(number, (pl.col("person").rank("dense") - 1).alias("who"))
    shape = (int(rows.select(pl.col("who").max()).item()) + 1, int(rows.select(pl.col("number").max()).item()) + 1)
    hours = np.zeros(shape)
    hours[rows["who"].to_numpy(), rows["number"].to_numpy()] = rows["hours"].to_numpy()
    spans = rows.group_by("who").agg(pl.col("number").min().alias("first"), pl.col("number").max().alias("last"))
    spans = spans.sort("who")
    week = np.arange(shape[1])
    first, last = spans["first"].to_numpy()[:, None], spans["last"].to_numpy()[:, None]
    return hours, (week >= first) & (week <= last)


def _together(
    apart: np.ndarray, is_present: np.ndarray, spread: np.ndarray, weeks: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """For each week: the sum of products of different people's departures, and what it would be at a correlation of 1.

    A departure from a mean of n weeks has (1 - 1/n) of the covariance; that much is put back.
    """
    here = np.where(is_present, spread[:, None], 0.0)
    below = here.sum(axis=0) ** 2 - (here**2).sum(axis=0)
    above = apart.sum(axis=0) ** 2 - (apart**2).sum(axis=0)
    return above / (1.0 - 1.0 / weeks.mean()), below


def _jackknife(above: np.ndarray, below: np.ndarray) -> tuple[float, float]:
    """The ratio of the sums, and its standard error from leaving out one block of weeks at a time."""
    if below.sum() <= 0.0:
        return 0.0, 0.0
    blocks = np.array_split(np.arange(len(above)), min(BLOCKS, len(above)))
    left_out = []
    for block in blocks:
        rest = below.sum() - below[block].sum()
        left_out.append((above.sum() - above[block].sum()) / rest if rest > 0.0 else 0.0)
    tried = np.array(left_out)
    count = len(tried)
    error = math.sqrt((count - 1.0) / count * float(((tried - tried.mean()) ** 2).sum()))
    return float(above.sum() / below.sum()), error


def _within(correlation: float) -> float:
    """Below nothing it is taken as nothing: people's needs do not make room for one another."""
    return min(max(correlation, 0.0), 1.0)

"""Speeds and fixed minutes from check-in times: a robust line through the gaps between one visit and the next.

For each carer and day, the time from checking out of one visit to checking in at the next is a journey, and sometimes a
wait or a break. Only gaps after which the carer came no sooner than the visit's preferred time are used (earlier ones
may have waited at the door), and Tukey's biweight gives those far from the line little or no weight. What cannot be
told apart is speed and detour: the detour stays as it is and the speed carries the difference.
"""

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from insource.planner.formats import MODES
from insource.planner.team import Team
from insource.planner.travel import METRES_A_KM, MINUTES_AN_HOUR, road_km

FEWEST_GAPS = 50
LONGEST_GAP = 60
BIWEIGHT = 4.685
"""Tukey's constant: 95% as efficient as least squares where nothing is wrong."""
MEDIAN_TO_SPREAD = 1.4826
ROUNDS, RESAMPLED, SURE_SHARE = 40, 200, 0.9
CLOSE_MINUTES = 3.0


@dataclass(frozen=True)
class Fit:
    """The line for one way of travelling, with 90% limits (resampling carers' days), or why there is none."""

    mode: str
    gaps: int
    used: int
    kmh: float = float("nan")
    kmh_low: float = float("nan")
    kmh_high: float = float("nan")
    fixed: float = float("nan")
    fixed_low: float = float("nan")
    fixed_high: float = float("nan")
    spread: float = float("nan")
    close_share: float = float("nan")
    why_not: str = ""
    points: pl.DataFrame = field(default_factory=pl.DataFrame, repr=False)


def gaps(team: Team) -> pl.DataFrame:
    """Each journey from one visit to the next in the log: mode, km by road, minutes, whether the carer came on time."""
    index = pl.int_range(pl.len(), dtype=pl.Int64)
    person = team.people.select(index.alias("person_index"), "x", "y")
    known = team.visits.select("visit", "person_index", "preferred").join(person, on="person_index")
    mode = team.carers.select("carer", "mode")
    log = team.log.join(known, on="visit").join(mode, on="carer").sort("carer", "date", "checked_in", "visit")
    group = ["carer", "date"]
    log = log.with_columns(
        pl.col("checked_in").shift(-1).over(group).alias("next_in"),
        pl.col("preferred").shift(-1).over(group).alias("next_preferred"),
        pl.col("x").shift(-1).over(group).alias("next_x"),
        pl.col("y").shift(-1).over(group).alias("next_y"),
    ).drop_nulls("next_in")
    km = np.hypot(*(log[f"next_{axis}"].to_numpy() - log[axis].to_numpy() for axis in "xy")) / METRES_A_KM
    return log.select(
        "carer",
        "date",
        "mode",
        pl.Series("km", km),
        pl.Series("road_km", road_km(team.rules, km)),
        (pl.col("next_in") - pl.col("checked_out")).cast(pl.Float64).alias("minutes"),
        (pl.col("next_in") >= pl.col("next_preferred")).alias("is_after_time"),
    ).filter(pl.col("minutes").is_between(0, LONGEST_GAP) & (pl.col("km") > 0))


def calibrate(team: Team) -> tuple[Fit, ...]:
    """A line for each way of travelling that the log has journeys of."""
    every = gaps(team)
    return tuple(_fit(mode, every.filter(pl.col("mode") == mode)) for mode in MODES if (every["mode"] == mode).any())


def line(road: np.ndarray, taken: np.ndarray) -> tuple[float, float, np.ndarray]:
    """Fixed minutes and minutes a kilometre of the robust line, and the weight (0 to 1) that each point has in it."""
    x = np.column_stack([np.ones(len(road)), road])
    weight = np.ones(len(road))
    beta = np.zeros(2)
    for number in range(ROUNDS):
        beta = np.linalg.lstsq(x * np.sqrt(weight)[:, None], taken * np.sqrt(weight), rcond=None)[0]
        off = taken - x @ beta
        spread = max(MEDIAN_TO_SPREAD * float(np.median(np.abs(off))), 1e-6)
        if number < ROUNDS // 2:  # least absolute deviations first, so that waits do not pull the beginning up
            weight = 1.0 / np.maximum(np.abs(off), spread / 10)
        else:
            share = np.clip(np.abs(off) / (BIWEIGHT * spread), 0, 1)
            weight = (1 - share**2) ** 2
    return float(beta[0]), float(beta[1]), weight / max(float(weight.max()), 1e-12)


def _fit(mode: str, every: pl.DataFrame) -> Fit:
    used = every.filter(pl.col("is_after_time"))
    if used.height < FEWEST_GAPS:
        return Fit(mode, every.height, used.height, why_not=f"fewer than {FEWEST_GAPS} journeys can be used")
    road, taken = used["road_km"].to_numpy(), used["minutes"].to_numpy()
    fixed, per_km, weight = line(road, taken)
    if per_km <= 0 or fixed < 0:
        return Fit(mode, every.height, used.height, why_not="the journeys do not get longer with distance")
    days = used.select(pl.struct("carer", "date").rank("dense").alias("day"))["day"].to_numpy().astype(int) - 1
    luck = np.random.Generator(np.random.PCG64(len(used)))
    size = int(days.max()) + 1
    drawn = []
    for _ in range(RESAMPLED):
        times = np.bincount((luck.random(size) * size).astype(int), minlength=size)[days]
        rows = np.repeat(np.arange(len(days)), times)
        drawn.append(line(road[rows], taken[rows])[:2])
    ends = ((1 - SURE_SHARE) / 2, (1 + SURE_SHARE) / 2)
    fixed_ends = np.quantile([one[0] for one in drawn], ends)
    speed_ends = np.quantile([MINUTES_AN_HOUR / max(one[1], 1e-9) for one in drawn], ends)
    off = taken - fixed - per_km * road
    return Fit(
        mode,
        every.height,
        used.height,
        MINUTES_AN_HOUR / per_km,
        float(speed_ends[0]),
        float(speed_ends[1]),
        fixed,
        float(fixed_ends[0]),
        float(fixed_ends[1]),
        MEDIAN_TO_SPREAD * float(np.median(np.abs(off))),
        float((np.abs(off) <= CLOSE_MINUTES).mean()),
        points=used.with_columns(pl.Series("weight", weight)).select("road_km", "minutes", "weight"),
    )

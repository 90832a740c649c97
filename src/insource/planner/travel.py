"""Minutes from door to door: straight line, detour, speed and what parking takes, by how a carer travels.

    minutes = fixed + 60 x km x detour(km) / speed,    detour(km) = far + near x exp(-km / fade)

Times of your own (travel.csv) stand before these. Left out: rush hours (one speed for the whole day), rivers without a
bridge, timetables. A file of times, or speeds fitted to check-in times, puts the worst of that right.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from insource.planner.formats import MODES
from insource.planner.numbers import Numbers

METRES_A_KM = 1000.0
MINUTES_AN_HOUR = 60.0


def road_km(rules: Numbers, km: np.ndarray) -> np.ndarray:
    """Way by road for a straight line of so many kilometres."""
    near = rules["detour_near"] * np.exp(-km / rules["detour_fade_km"])
    return np.asarray(km * (rules["detour_far"] + near))


def minutes(rules: Numbers, mode: str, km: np.ndarray) -> np.ndarray:
    """Minutes from door to door; at one address those between two visits there."""
    away = rules[f"{mode}_fixed_minutes"] + MINUTES_AN_HOUR * road_km(rules, km) / rules[f"{mode}_kmh"]
    return np.where(km > 0, away, rules["same_door_minutes"])


def straight_km(places: np.ndarray) -> np.ndarray:
    """Kilometres in a straight line between any two of `places` (metres, one row each)."""
    out = np.empty((len(places), len(places)), np.float32)
    for row, place in enumerate(places):
        out[row] = np.hypot(places[:, 0] - place[0], places[:, 1] - place[1]) / METRES_A_KM
    return out


def matrix(
    rules: Numbers, places: np.ndarray, names: list[str], own: pl.DataFrame, modes: Sequence[str] = MODES
) -> np.ndarray:
    """float32 [mode, from, to]: minutes between places; `names` are the references that `own` times go by."""
    km = straight_km(places)
    times = np.empty((len(modes), *km.shape), np.float32)
    for row, mode in enumerate(modes):  # one by one: a team of thousands has tens of millions of pairs
        times[row] = minutes(rules, mode, km)
    if own.height:
        index = {name: row for row, name in enumerate(names)}
        known = own.filter(pl.col("from_place").is_in(names) & pl.col("to_place").is_in(names))
        for start, end, mode, taken in known.select("from_place", "to_place", "mode", "minutes").iter_rows():
            rows = [row for row, one in enumerate(modes) if mode in (None, one)]
            for row in rows:
                times[row, index[start], index[end]] = taken
    return times

"""Zones of a place: the postcode districts people live in, small ones put together so that nobody stands out."""

from typing import Any

import numpy as np
import polars as pl

from insource.draws import fill_uniform, luck
from insource.place.model import Origin
from insource.place.synthetic import DRAWS
from insource.terms import LINES

FEWEST_PEOPLE = 50
"""Districts with fewer people than this are put together. After this only the number of the zone is kept."""


def zones_of(district: pl.Series, person: np.ndarray, numbers: Any, seed: int) -> tuple[np.ndarray, Origin, str]:
    """The zone (0 upwards) of each person, where that comes from, and a note ("" if there is nothing to say).

    `district` is null where it is not recorded; those people are put into the zones there are in proportion to their
    people. Without any district, zones of the usual number of people are drawn as in a synthetic place.
    """
    u = np.empty(len(person))
    fill_uniform(luck(seed, 0), DRAWS.zone, person, 0, u)
    recorded = district.is_not_null().to_numpy()
    if not recorded.any():
        count = max(round(len(person) / numbers.people_in_zone), 1)
        zone = np.minimum((u * count).astype(np.int64), count - 1)
        how = "no postcodes; zones of equal chance drawn"
        return _numbered(zone), Origin("zone", 0.0, 0.0, 1.0, how), ""
    zone_of_district, small = _zone_of_district(district)
    zone = district.replace_strict(zone_of_district, default=None, return_dtype=pl.Int64).fill_null(-1).to_numpy()
    people = np.bincount(zone[recorded])
    drawn = np.searchsorted(np.cumsum(people)[:-1] / people.sum(), u, side="right")
    share = float(recorded.mean())
    note = f"{small} postcode districts with fewer than {FEWEST_PEOPLE} people were put together" if small > 1 else ""
    how = "postcode district" + ("" if share == 1 else "; the others in proportion to the people of each zone")
    zone = np.where(recorded, zone, drawn)
    return _numbered(zone), Origin("zone", share, 0.0, 1.0 - share, how), note


def _zone_of_district(district: pl.Series) -> tuple[dict[str, int], int]:
    """Which zone each district belongs to, and how many were small. What is put together and still small goes to the
    smallest of the others."""
    counts: dict[str, int] = dict(district.drop_nulls().value_counts().sort(district.name).iter_rows())
    large = [name for name, people in counts.items() if people >= FEWEST_PEOPLE]
    small = [name for name in counts if name not in large]
    together = len(large)
    if large and sum(counts[name] for name in small) < FEWEST_PEOPLE:
        together = min(range(len(large)), key=lambda position: (counts[large[position]], position))
    return {name: position for position, name in enumerate(large)} | dict.fromkeys(small, together), len(small)


def _numbered(zone: np.ndarray) -> np.ndarray:
    """Zones numbered 0 upwards without gaps."""
    return np.unique(zone, return_inverse=True)[1]


def services_per_zone(providers: pl.DataFrame, people: pl.DataFrame, zone: np.ndarray) -> dict[str, int]:
    """How many services of a line work in the zone of a person, on average over people, by the name of the line.

    `providers` has a row for each person (pseudonym), line and provider; `zone` belongs to the rows of `people`. A line
    of which no provider is recorded is not named.
    """
    where = people.select("pseudonym", "line", pl.Series("zone", zone))
    of_people = providers.join(where.drop("line"), on="pseudonym")
    in_zone = of_people.group_by("line", "zone").agg(pl.col("provider").n_unique().alias("services"))
    weighted = where.join(in_zone, on=("line", "zone")).group_by("line").agg(pl.col("services").mean()).sort("line")
    return {LINES[line]: round(services) for line, services in weighted.iter_rows()}

"""What the Scottish census of home care tells of need groups, and of council and private packages for people alike.

One row of the census is one person in one week of March 2010. Hours are bands of hours, each standing for its middle.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from insource.desk.needs.fit import Fit, fit, group_means, indicators, least_squares
from insource.desk.needs.groups import Asked, by_group
from insource.desk.needs.sectors import Ratio, by_council, ratio, ratio_of_means
from insource.desk.resampling import interval, resampled_sums

AGES = {"1": "18 to 64", "2": "65 to 74", "3": "75 to 84", "4": "85 and over"}
CLIENTS = {
    "1": "dementia and mental health",
    "2": "learning disability",
    "3": "physical disability",
    "4": "infirmity due to age",
    "5": "other",
}
SEXES = {"1": "men", "2": "women"}
OLDER = tuple(AGES.values())[1:]
FIXED = ("age", "client_group", "sex")
NOT_TOLD = "not recorded"


@dataclass(frozen=True)
class Explained:
    """How much of the hours of `people` what is `known` explains, leaving the person themselves out; 95% interval."""

    known: str
    hours: str
    people: int
    explained_share: float
    low: float
    high: float
    in_sample: float


def people_of(frame: pl.DataFrame) -> pl.DataFrame:
    """Home care clients with hours, codes turned into words; `not recorded` where there is none."""
    clients = frame.filter(pl.col("is_usable") & pl.col("is_client") & (pl.col("all_hours") > 0))
    words = {"AgeGRP": ("age", AGES), "ClientGRP": ("client_group", CLIENTS), "sex": ("sex", SEXES)}
    return clients.select(
        "row",
        "council",
        pl.col("all_hours").alias("hours"),
        *(
            pl.col(old).replace_strict(codes, default=NOT_TOLD, return_dtype=pl.String).alias(new)
            for old, (new, codes) in words.items()
        ),
        (pl.col("two_staff") == "1").fill_null(False).cast(pl.String).alias("two_staff"),
        "need_group",
        *(pl.col(f"{sector}_hours").fill_null(0.0) for sector in ("own", "private", "voluntary")),
    )


def explained(people: pl.DataFrame, asked: Asked) -> list[Explained]:
    """What the need group, the council and the plain facts about a person explain, for people with a need group."""
    known = {
        "the need group": ("need_group",),
        "age, client group and sex": FIXED,
        "the council": ("council",),
        "the need group and the council": ("need_group", "council"),
        "all of these": ("need_group", "council", *FIXED),
    }
    return [
        _explained(name, hours, columns, people, asked)
        for hours in ("hours", "logarithm of hours")
        for name, columns in known.items()
    ]


def _explained(name: str, hours: str, columns: tuple[str, ...], people: pl.DataFrame, asked: Asked) -> Explained:
    outcome = people["hours"].to_numpy()
    outcome = np.log(outcome) if hours != "hours" else outcome
    table = indicators(*(people[column].rank("dense").to_numpy() for column in columns))
    gap = outcome - least_squares(table, outcome)
    sums = np.column_stack([np.ones(len(outcome)), outcome, outcome**2, gap**2])
    redrawn = resampled_sums(sums, [np.arange(len(outcome))], asked.times, asked.seed)[:, 0]
    low, high = interval(_share(redrawn))
    coefficients = np.linalg.lstsq(table, outcome, rcond=None)[0]
    inside = 1.0 - float(((outcome - table @ coefficients) ** 2).sum() / ((outcome - outcome.mean()) ** 2).sum())
    return Explained(name, hours, len(outcome), float(_share(sums.sum(axis=0)[None])[0]), low, high, inside)


def _share(sums: np.ndarray) -> np.ndarray:
    """1 - sum of squared gaps / sum of squares about the mean, from sums of 1, y, y^2 and gap^2."""
    with np.errstate(invalid="ignore", divide="ignore"):
        about_mean: np.ndarray = 1.0 - sums[:, 3] / (sums[:, 2] - sums[:, 1] ** 2 / sums[:, 0])
    return about_mean


@dataclass(frozen=True)
class Tariff:
    """What budgets in hours, the mean of each need group, would do to people: the fit, by need group and by who."""

    fit: Fit
    by_need_group: pl.DataFrame
    by_group: pl.DataFrame
    log_spread: float


def tariff(people: pl.DataFrame, asked: Asked) -> Tariff:
    """A budget of hours for each person: the mean hours of everybody else in their need group."""
    hours = people["hours"].to_numpy()
    budget = group_means(hours, people["need_group"].rank("dense").to_numpy().astype(int) - 1)
    of_need = people.group_by("need_group").agg(
        pl.len().alias("people"),
        pl.col("hours").mean().alias("mean_hours"),
        *(pl.col("hours").quantile(q).alias(name) for name, q in (("quarter", 0.25), ("half", 0.5), ("three", 0.75))),
    )
    dimensions = {
        "council": people["council"],
        "age": people["age"],
        "client group": people["client_group"],
        "sex": people["sex"],
    }
    told = {name: series.replace(NOT_TOLD, None) for name, series in dimensions.items()}
    groups = by_group(hours, budget, told, asked)
    return Tariff(
        fit(hours, budget, asked.tolerance), of_need.sort("need_group"), groups, float(np.log(hours / budget).std())
    )


def one_sector(people: pl.DataFrame, other: str) -> pl.DataFrame:
    """People all of whose hours come from the council's own service, or all from the `other` sector (is_second)."""
    sectors = ("own", "private", "voluntary")
    served = {sector: pl.col(f"{sector}_hours") > 0 for sector in sectors}
    alone = {
        sector: served[sector] & ~pl.any_horizontal(served[rest] for rest in sectors if rest != sector)
        for sector in ("own", other)
    }
    return people.filter(alone["own"] | alone[other]).with_columns(served[other].alias("is_second"))


def ratios(people: pl.DataFrame, other: str, asked: Asked) -> list[Ratio]:
    """Private (or voluntary) against council hours, with more and more held fixed, and for people of 65 and over."""
    both = one_sector(people, other)
    if both.is_empty() or both["is_second"].n_unique() < 2:
        return []
    older = both.filter(pl.col("age").is_in(OLDER))
    with_need = both.filter(pl.col("need_group").is_not_null())
    times, seed = asked.times, asked.seed
    found = [
        ratio(both, (), "council", times, seed),
        ratio(both, FIXED, "council, age, client group, sex", times, seed),
        ratio(both, (*FIXED, "two_staff"), "the same and whether two staff come", times, seed),
        ratio_of_means(both, FIXED, "council, age, client group, sex (means of cells, no model)", times, seed),
    ]
    for part, what in ((older, "65 and over only"), (with_need, "and the need group, where recorded")):
        if part.height and part["is_second"].n_unique() == 2:
            fixed = (*FIXED, "need_group") if part is with_need else FIXED
            found.append(ratio(part, fixed, f"council, age, client group, sex; {what}", times, seed))
    return found


def councils(people: pl.DataFrame, other: str) -> pl.DataFrame:
    """The ratio in each council by itself."""
    return by_council(one_sector(people, other), FIXED)


__all__ = ["Explained", "Tariff", "councils", "explained", "one_sector", "people_of", "ratios", "tariff"]

"""Expected leavers and empty posts next year, with limits.

What happens: each workplace's rate of leaving is its own record and the national rate, weighed by `prior_worker_years`.
How fast its vacancies fill comes from its starters over its vacancies in the same way; nationally, turnover and the
vacancy share together fix it (theory, WORK-2). Leavers next year are then negative binomial. Each post is empty or
filled from week to week by these two chances, so that the posts empty at the end of the year are two binomial counts,
of those filled now and those empty now. All workplaces share good and bad years (`year_swing_share`).

Left out: plans to open or close posts, and a labour market that turns by more than the swing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from insource.desk import counts
from insource.numeric import exp, normal_point
from insource.rules.rates import chance_in_a_week
from insource.rules.turnover import fill_chance, filled_share
from insource.units import WEEKS_A_YEAR

RATES, YEARS = 7, 5
"""Points at which doubt about a rate, and the kind of year, are taken: equally likely ones."""
GROUP = "sector"


@dataclass(frozen=True)
class Outlook:
    """Leavers in the next twelve months and posts empty at their end, of a group: means and limits."""

    group: str
    staff: float
    posts: float
    empty_now: float
    leavers: float
    leavers_low: int
    leavers_high: int
    empty: float
    empty_low: int
    empty_high: int
    long_run_empty_share: float


@dataclass(frozen=True)
class Place:
    """What is known of one workplace: staff, empty posts now, leavers and starters of twelve months (None: unknown)."""

    staff: int
    empty: int
    leavers: float | None
    starters: float | None


def outlooks(places: pl.DataFrame, values: Mapping[str, float]) -> list[Outlook]:
    """The outlook of each kind of employer and of all together ("all"); `places` is from `moves.by_workplace`."""
    parts = {str(group[0]): part for group, part in places.group_by(GROUP, maintain_order=True)}
    by_group = {name: [place_of(row) for row in part.iter_rows(named=True)] for name, part in parts.items()}
    everybody = [place for found in by_group.values() for place in found]
    named = {**by_group, "all": everybody} if len(by_group) > 1 else by_group
    return [outlook(name, found, values) for name, found in named.items()]


def place_of(row: Mapping[str, float]) -> Place:
    """What a row of `moves.by_workplace` tells of a workplace."""
    return Place(round(row["staff"]), round(row["vacancies"] or 0), row["leavers"], row["starters"])


def outlook(group: str, places: list[Place], values: Mapping[str, float]) -> Outlook:
    """The outlook of a group of workplaces."""
    years = [exp(values["year_swing_share"] * normal_point((n + 1.0 / 2.0) / YEARS)) for n in range(YEARS)]
    level = sum(years) / YEARS  # so that a year is 1 on average
    leavers, empty = [], []
    for year in years:
        leavers.append(counts.added([_leavers(place, year / level, values) for place in places]))
        empty.append(counts.added([_empty(place, year / level, values) for place in places]))
    left, vacant = counts.mixed(leavers), counts.mixed(empty)
    staff, empty_now = sum(place.staff for place in places), sum(place.empty for place in places)
    return Outlook(
        group,
        staff,
        staff + empty_now,
        empty_now,
        counts.mean_of(left),
        *counts.limits_of(left, values["sure_share"]),
        counts.mean_of(vacant),
        *counts.limits_of(vacant, values["sure_share"]),
        _long_run(places, values),
    )


def leaving(place: Place, values: Mapping[str, float]) -> tuple[float, float]:
    """What is believed of a workplace's rate of leaving a year: gamma with this shape and so many worker-years."""
    weight = values["prior_worker_years"]
    own = (place.leavers, place.staff) if place.leavers is not None and place.staff else (0.0, 0)
    return values["turnover_rate"] * weight + own[0], weight + own[1]


def filling(place: Place, values: Mapping[str, float]) -> tuple[float, float]:
    """What is believed of the chance a week that a vacancy fills: gamma with this shape and so many vacancy-weeks."""
    vacancy = values["vacancy_share"]
    usual = fill_chance(values["turnover_rate"], vacancy)
    weeks = values["prior_worker_years"] * WEEKS_A_YEAR * vacancy / (1.0 - vacancy)
    own = (place.starters, place.empty * WEEKS_A_YEAR) if place.starters is not None else (0.0, 0)
    return usual * weeks + own[0], weeks + own[1]


def _leavers(place: Place, year: float, values: Mapping[str, float]) -> np.ndarray:
    shape, exposure = leaving(place, values)
    return counts.next_count(shape, exposure, place.staff * year) if place.staff else np.ones(1)


def _empty(place: Place, year: float, values: Mapping[str, float]) -> np.ndarray:
    if place.staff + place.empty == 0:
        return np.ones(1)
    quits = [chance_in_a_week(rate * year) for rate in counts.rate_points(*leaving(place, values), RATES)]
    fills = [min(rate, 1.0) for rate in counts.rate_points(*filling(place, values), RATES)]
    return counts.mixed([empty_in_a_year(place.staff, place.empty, q, f) for q in quits for f in fills])


def empty_in_a_year(filled: int, empty: int, quit_chance: float, fill: float) -> np.ndarray:
    """Chances of 0, 1, 2, ... posts empty after a year of weeks, from so many filled and empty now.

    Each post goes from filled to empty and back by itself: P(empty | empty) = v + (1 - v) k, P(empty | filled) =
    v (1 - k), with v the long-run share empty and k = (1 - quit - fill)^52.
    """
    share = 1.0 - filled_share(quit_chance, fill) if quit_chance + fill > 0.0 else 0.0
    kept = (1.0 - quit_chance - fill) ** WEEKS_A_YEAR
    still, newly = share + (1.0 - share) * kept, share * (1.0 - kept)
    return counts.added([counts.binomial(empty, still), counts.binomial(filled, newly)])


def _long_run(places: list[Place], values: Mapping[str, float]) -> float:
    """Share of posts empty once leaving and filling have balanced, at the rates now believed."""
    posts, empty = 0.0, 0.0
    for place in places:
        (left, years), (filled, weeks) = leaving(place, values), filling(place, values)
        held = place.staff + place.empty
        posts += held
        empty += held * (1.0 - filled_share(chance_in_a_week(left / years), min(filled / weeks, 1.0)))
    return empty / posts if posts else 0.0

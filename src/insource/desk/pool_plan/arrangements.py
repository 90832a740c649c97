"""The ways to arrange the same care: pools of different size, the same size under either owner, and who pays for idle
hours."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from insource.desk.pool_plan import hours, posts
from insource.desk.pool_plan.fluctuation import Fluctuation
from insource.desk.pool_plan.hours import Held, Pool
from insource.desk.pool_plan.posts import Line, Terms

AS_ORDERED = "packages as ordered, nothing to spare"
MIDDLE = 0.5
"""Orders at mean need are enough in half of all weeks."""


@dataclass(frozen=True)
class People:
    """The people planned for: mean hours a week and zone (0 upwards) of each, the area of each zone, and how many
    providers work over the same streets."""

    means: np.ndarray
    zone: np.ndarray
    area_km2: np.ndarray
    services: int


@dataclass(frozen=True)
class Arrangement:
    """One way to pool. `teams`: the posts and pounds a year under each set of terms, by its name."""

    name: str
    held: Held
    travel: float
    teams: dict[str, tuple[int, float]]


def arrangements(
    people: People, fluctuation: Fluctuation, line: Line, terms: Sequence[Terms], values: Mapping[str, float]
) -> list[Arrangement]:
    """From one team for all to every package by itself."""
    return list(_arrangements(people, fluctuation, line, terms, values))


def _arrangements(
    people: People, found: Fluctuation, line: Line, terms: Sequence[Terms], values: Mapping[str, float]
) -> Iterator[Arrangement]:
    variation, correlation = found.variation, found.correlation
    areas = [float(area) for area in people.area_km2]
    zones = [people.means[people.zone == number] for number in range(len(areas))]
    whole = [hours.pool_of(people.means, variation, correlation)]
    by_zone = [hours.pool_of(means, variation, correlation) for means in zones]
    shared = [hours.split(means, min(people.services, len(means)), variation, correlation) for means in zones]
    rivals = [pool for pools in shared for pool in pools]
    rival_areas = [area for area, pools in zip(areas, shared, strict=True) for _ in pools]
    alone = [Pool(1.0, float(mean), float(mean) * variation) for mean in people.means]
    yield _arrangement("one team for the whole area", whole, [sum(areas)], line, terms, values)
    if len(zones) > 1:
        yield _arrangement("one team for each zone", by_zone, areas, line, terms, values)
    if len(rivals) > len(zones):
        name = f"{people.services} providers over the same streets"
        yield _arrangement(name, rivals, rival_areas, line, terms, values)
    yield _separate(AS_ORDERED, alone, sum(areas), MIDDLE, line, terms, values)
    reliability = values["planned_reliability_share"]
    yield _separate("every package by itself", alone, sum(areas), reliability, line, terms, values)


def _arrangement(
    name: str,
    pools: Sequence[Pool],
    areas: Sequence[float],
    line: Line,
    terms: Sequence[Terms],
    values: Mapping[str, float],
) -> Arrangement:
    reliability = values["planned_reliability_share"]
    travel = [posts.travel_of(pool.people, area, line, values) for pool, area in zip(pools, areas, strict=True)]
    teams = {}
    for one in terms:
        found = [
            posts.team(pool.mean, pool.spread, way, one, line, reliability, values)
            for pool, way in zip(pools, travel, strict=True)
        ]
        teams[one.name] = (sum(team.posts for team in found), sum(team.pounds for team in found))
    total = sum(pool.mean for pool in pools)
    mean_travel = sum(way * pool.mean for way, pool in zip(travel, pools, strict=True)) / total if total else 0.0
    return Arrangement(name, hours.held(pools, reliability), mean_travel, teams)


def _separate(
    name: str,
    pools: Sequence[Pool],
    area: float,
    reliability: float,
    line: Line,
    terms: Sequence[Terms],
    values: Mapping[str, float],
) -> Arrangement:
    """Hours committed package by package, staffed and travelling as one team, so that only commitment differs: packages
    commit hours, they do not each employ somebody."""
    found = hours.held(pools, reliability)
    people = sum(pool.people for pool in pools)
    travel = posts.travel_of(people, area, line, values)
    teams = {}
    for one in terms:
        team = posts.team(found.hours, 0.0, travel, one, line, values["planned_reliability_share"], values)
        teams[one.name] = (team.posts, team.pounds)
    return Arrangement(name, found, travel, teams)

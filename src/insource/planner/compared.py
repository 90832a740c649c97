"""Arrangements tried out on the same days: rosters, rounds, figures day by day, and whether the search was long enough.

Each part rosters its own carers for its own people, by the same solver with the same settings. One pool is rostered in
patches, as home care is run, where zones are tried too: then a pool can do whatever those zones do, and more.

A visit in a team of k times as many carers can be given to k times as many, and the search takes as much longer to come
to its end: measured, four zones are within 2% of theirs when one pool with as many moves for each visit has 10% to go.
So moves for each visit are in proportion to the size of a part. To see whether they are enough, all is solved once more
with a quarter of them, and what that changes is told, for the pool and for each other arrangement alike.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np
import polars as pl
from scipy.stats import t as student

from insource.errors import InputError
from insource.planner.arrangements import POOL, SIDE_BY_SIDE, ZONES, Arrangement, part_of
from insource.planner.day import Day, day_problem, visits_on
from insource.planner.demand import demand, rostered
from insource.planner.planned import Planned, metrics, planned
from insource.planner.roster import make_roster
from insource.planner.solving import solve
from insource.planner.team import Team

EFFORT = 400
"""Moves of the search for each visit of a carer where all are one pool; in a part of it, in proportion to its size."""
SHORT = 4
"""All is solved again with so many times fewer moves."""
CLOSE = 0.02
"""Differences smaller than this share are called none: the search itself leaves as much."""


@dataclass(frozen=True)
class PartDay:
    """A day of a part of the team as it was solved; `day` is None where nobody of the part is on duty."""

    planned: Planned
    day: Day | None = field(repr=False)


@dataclass(frozen=True)
class Tried:
    """An arrangement on the days that were solved: figures over all, by day, and with a quarter of the moves."""

    arrangement: Arrangement
    figures: dict[str, float]
    days: tuple[tuple[PartDay, ...], ...] = field(repr=False)
    by_short: dict[str, float] = field(repr=False)

    @property
    def by_day(self) -> list[dict[str, float]]:
        """The figures of each day."""
        return [figures_of([part.planned for part in day]) for day in self.days]


@dataclass(frozen=True)
class Beside:
    """A figure over that of the pool, less 1: on all days; where it would be in 95% of such weeks; by fewer moves.

    `low` and `high` come from how days differ (Student's t); nan with one day.
    """

    more: float
    low: float
    high: float
    by_short: float


def figures_of(plans: Sequence[Planned]) -> dict[str, float]:
    """What plans take and give, and what the planner looked to: all its prices but visits not made, for each visit."""
    found = metrics(plans)
    price = sum(sum(one.price.values()) - one.price["unserved"] for one in plans)
    return found | {"price_a_leg": price / max(found["legs"], 1)}


def beside(one: Tried, pool: Tried, figure: str) -> Beside:
    """A figure of an arrangement beside that of the pool."""
    more = one.figures[figure] / pool.figures[figure] - 1
    daily = [mine[figure] / theirs[figure] - 1 for mine, theirs in zip(one.by_day, pool.by_day, strict=True)]
    by_short = one.by_short[figure] / pool.by_short[figure] - 1
    if len(daily) < 2:
        return Beside(more, float("nan"), float("nan"), by_short)
    wide = float(student.ppf(0.975, len(daily) - 1) * np.std(daily, ddof=1) / np.sqrt(len(daily)))
    return Beside(more, more - wide, more + wide, by_short)


def unsettled(tried: Sequence[Tried], figure: str = "travel_a_leg") -> list[Tried]:
    """Arrangements whose difference from the pool hangs on how long the search was: not to be quoted.

    With a quarter of the moves it was another one by more than half of itself (and more than `CLOSE`).
    """
    out = []
    for one in tried[1:]:
        seen = beside(one, tried[0], figure)
        if abs(seen.more - seen.by_short) > max(abs(seen.more) / 2, CLOSE):
            out.append(one)
    return out


def try_out(
    team: Team,
    days: Sequence[date],
    tried: Sequence[Arrangement],
    seed: int = 1,
    effort: int = EFFORT,
    tell: Callable[[int, int], None] = lambda done, of: None,
) -> list[Tried]:
    """Plan the days under each arrangement; `tell` after each day."""
    monday = days[0] - timedelta(days=days[0].weekday())
    out, done, of = [], 0, len(tried) * len(days)
    rosters: dict[int, pl.DataFrame] = {}
    for number in sorted(range(len(tried)), key=lambda one: tried[one].name == POOL):  # the pool after the zones
        arrangement = tried[number]
        patches = next((rosters[one] for one in rosters if tried[one].name == ZONES), None)
        teams = [_own(team, arrangement, part) for part in range(arrangement.parts)]
        made = [_roster(own, monday) for own in teams] if arrangement.name != POOL or patches is None else [patches]
        rosters[number] = pl.concat(made)
        parts = list(zip(teams, made, strict=True))
        whole, short = [], []
        for day in days:
            whole.append(tuple(_day(team, parts, day, seed, effort)))
            short += [one.planned for one in _day(team, parts, day, seed + 1, effort / SHORT)]
            done += 1
            tell(done, of)
        figures = figures_of([one.planned for day in whole for one in day])
        out.append((number, Tried(arrangement, figures, tuple(whole), figures_of(short))))
    return [one for _, one in sorted(out, key=lambda pair: pair[0])]


def _own(team: Team, arrangement: Arrangement, part: int) -> Team:
    """The people and carers of a part; nothing has been published for it."""
    own = part_of(team, arrangement.people == part, arrangement.carers == part)
    return replace(own, plan=own.plan.clear())


def _roster(own: Team, monday: date) -> pl.DataFrame:
    try:
        return make_roster(own, rostered(demand(own, monday), own.rules["busy_share"])).frame
    except InputError:  # no carer of this part can work any kind of shift
        return own.roster.clear().select("date", "carer", "start", "end", "shift")


def _day(team: Team, parts: Sequence[tuple[Team, pl.DataFrame]], day: date, seed: int, effort: float) -> list[PartDay]:
    every = float(visits_on(team, day)["carers"].sum())
    out = []
    for own, duty in parts:
        legs = float(visits_on(own, day)["carers"].sum())
        if not legs:
            continue
        try:
            problem = day_problem(own, day, duty)
        except InputError:  # nobody of this part is on duty: none of its visits is made
            out.append(PartDay(_nobody(own, day), None))
            continue
        plan = solve(problem.problem, seed, max(round(effort * legs * legs / every), 1))
        out.append(PartDay(planned(own, problem, plan), problem))
    return out


def _nobody(own: Team, day: date) -> Planned:
    """A day on which a part has nobody on duty."""
    visits = visits_on(own, day)
    everybody = own.carers.select(
        pl.lit(day).alias("date"),
        "carer",
        pl.lit(0, pl.Int32).alias("start"),
        pl.lit(1, pl.Int32).alias("end"),
        pl.lit("").alias("shift"),
    )
    problem = day_problem(own, day, everybody)
    return replace(planned(own, problem, solve(problem.problem, 1, 1)), asked=visits.height)


@dataclass(frozen=True)
class RootLaw:
    """Travel for each visit of a carer with k providers side by side: fixed + slope x square root of k (minutes)."""

    fixed: float
    slope: float
    worst: float
    """The largest difference between the law and what was solved, as a share."""


def root_law(tried: Sequence[Tried]) -> RootLaw | None:
    """The law fitted to the pool and the providers side by side; None with fewer than three of them."""
    used = [one for one in tried if one.arrangement.name in (POOL, SIDE_BY_SIDE)]
    if len(used) < 3:
        return None
    root = np.sqrt([one.arrangement.parts for one in used])
    seen = np.array([one.figures["travel_a_leg"] for one in used])
    slope, fixed = np.polyfit(root, seen, 1)
    return RootLaw(float(fixed), float(slope), float(np.max(np.abs(fixed + slope * root - seen) / seen)))

"""The same people, visits and carers under other arrangements: one pool, zones of their own, providers side by side.

Who owns or pays whom is not in it: an arrangement says only which carers may go to which people. Zones are cut from
the map so that care is shared equally; providers side by side get people by chance, as when each new package goes to
whoever bids; carers are dealt out in proportion to care, near their zone where there are zones. Each part rosters its
own carers for its own people, by the same solver with the same settings, so that none works to another's rota.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np
import polars as pl

from insource.errors import InputError
from insource.planner.day import day_problem, places_of, visits_on
from insource.planner.demand import demand, rostered
from insource.planner.planned import Planned, metrics, planned
from insource.planner.roster import MOST_SECONDS, make_roster
from insource.planner.solving import solve
from insource.planner.team import Team

POOL, ZONES, SIDE_BY_SIDE = "one pool", "zones of their own", "providers side by side"
LEAST_SECONDS = 5.0
"""Of the roster of one part; all parts of an arrangement share the time that one pool has."""
FEWEST_PEOPLE = 5
"""An arrangement is left out if its parts would have fewer people than this on average."""


@dataclass(frozen=True)
class Arrangement:
    """A name, in how many parts, and the part of each person and each carer (numbers from 0)."""

    name: str
    parts: int
    people: np.ndarray = field(repr=False)
    carers: np.ndarray = field(repr=False)


@dataclass(frozen=True)
class Tried:
    """An arrangement on the days that were solved: its figures, and the plans of its parts."""

    arrangement: Arrangement
    figures: dict[str, float]
    plans: tuple[Planned, ...] = field(repr=False)


def arrangements(team: Team, zones: Sequence[int], providers: Sequence[int], seed: int = 1) -> list[Arrangement]:
    """The pool, and every number of zones and of providers that the team is large enough for."""
    one = Arrangement(POOL, 1, np.zeros(team.people.height, int), np.zeros(team.carers.height, int))
    most = min(team.people.height // FEWEST_PEOPLE, team.carers.height)
    out = [one]
    out += [_zones(team, number) for number in zones if 1 < number <= most]
    out += [_side_by_side(team, number, seed) for number in providers if 1 < number <= most]
    return out


def care_minutes(team: Team) -> np.ndarray:
    """Minutes of care a week asked for by each person."""
    days = team.visits["days"].to_numpy()
    times = sum((days >> day) & 1 for day in range(7))
    each = times * team.visits["minutes"].to_numpy() * team.visits["carers"].to_numpy()
    return np.bincount(team.visits["person_index"].to_numpy(), weights=each, minlength=team.people.height)


def _zones(team: Team, number: int) -> Arrangement:
    places, _ = places_of(team)
    people, homes = places[: team.people.height], places[team.people.height :]
    care = care_minutes(team)
    part = np.zeros(len(people), int)
    _cut(people, care, np.arange(len(people)), number, 0, part)
    centres = np.array([np.average(people[part == k], axis=0) for k in range(number)])
    far = np.hypot(*(homes[:, None, axis] - centres[None, :, axis] for axis in (0, 1)))
    return Arrangement(ZONES, number, part, _dealt(team, part, care, number, far))


def _cut(places: np.ndarray, care: np.ndarray, rows: np.ndarray, number: int, first: int, part: np.ndarray) -> None:
    """Cut the land across its longer side so that care is shared in proportion, until there are enough zones."""
    if number == 1 or len(rows) < 2:
        part[rows] = first
        return
    left = number // 2
    spans = np.ptp(places[rows], axis=0)
    order = rows[np.argsort(places[rows, int(spans[1] > spans[0])], kind="stable")]
    share = np.cumsum(care[order]) / max(float(care[order].sum()), 1e-9)
    at = int(np.clip(np.searchsorted(share, left / number) + 1, left, len(order) - (number - left)))
    _cut(places, care, order[:at], left, first, part)
    _cut(places, care, order[at:], number - left, first + left, part)


def _side_by_side(team: Team, number: int, seed: int) -> Arrangement:
    luck = np.random.Generator(np.random.PCG64([seed, number]))
    care = care_minutes(team)
    order = np.argsort(luck.random(team.people.height), kind="stable")
    part, held = np.zeros(team.people.height, int), np.zeros(number)
    for place, row in enumerate(order):
        part[row] = place % number if place < number else int(np.argmin(held))
        held[part[row]] += care[row]
    far = luck.random((team.carers.height, number))
    return Arrangement(SIDE_BY_SIDE, number, part, _dealt(team, part, care, number, far))


def _dealt(team: Team, part: np.ndarray, care: np.ndarray, number: int, far: np.ndarray) -> np.ndarray:
    """Carers to parts in proportion to care: each time the part that lacks most takes whom it has nearest."""
    wanted = np.bincount(part, weights=care, minlength=number)
    hours = team.carers["hours"].to_numpy()
    lacking = wanted / max(float(wanted.sum()), 1e-9) * float(hours.sum())
    given, free = np.full(len(hours), -1), np.ones(len(hours), bool)
    for _ in range(len(hours)):
        into = int(np.argmax(lacking))
        taken = int(np.argmin(np.where(free, far[:, into], np.inf)))
        given[taken], free[taken] = into, False
        lacking[into] -= hours[taken]
    return given


def part_of(team: Team, people: np.ndarray, carers: np.ndarray) -> Team:
    """The team made of some people and some carers."""
    rows = np.flatnonzero(people)
    renumbered = np.full(team.people.height, -1)
    renumbered[rows] = np.arange(len(rows))
    index = renumbered[team.visits["person_index"].to_numpy()]
    visits = team.visits.with_columns(pl.Series("person_index", index)).filter(pl.Series(index >= 0))
    return replace(team, people=team.people[rows], visits=visits, carers=team.carers[np.flatnonzero(carers)])


def try_out(
    team: Team,
    days: Sequence[date],
    tried: Sequence[Arrangement],
    seed: int = 1,
    moves: int = 10_000,
    tell: Callable[[int, int], None] = lambda done, of: None,
) -> list[Tried]:
    """Plan the days under each arrangement, with as many moves of the search for each carer's visit in all of them."""
    out, done = [], 0
    for arrangement in tried:
        plans: list[Planned] = []
        parts = [_part(team, days[0], arrangement, part) for part in range(arrangement.parts)]
        for day in days:
            plans += _day(team, parts, day, seed, moves)
            done += 1
            tell(done, len(tried) * len(days))
        out.append(Tried(arrangement, metrics(plans), tuple(plans)))
    return out


def _part(team: Team, day: date, arrangement: Arrangement, part: int) -> tuple[Team, pl.DataFrame]:
    """The people and carers of a part, and the roster that they make for the week."""
    own = part_of(team, arrangement.people == part, arrangement.carers == part)
    own = replace(own, plan=own.plan.clear())
    wanted = rostered(demand(own, day - timedelta(days=day.weekday())), own.rules["busy_share"])
    try:
        return own, make_roster(own, wanted, max(MOST_SECONDS / arrangement.parts, LEAST_SECONDS)).frame
    except InputError:  # no carer of this part can work any kind of shift
        return own, own.roster.clear()


def _day(team: Team, parts: Sequence[tuple[Team, pl.DataFrame]], day: date, seed: int, moves: int) -> list[Planned]:
    every = float(visits_on(team, day)["carers"].sum())
    plans = []
    for own, duty in parts:
        legs = float(visits_on(own, day)["carers"].sum())
        if not legs:
            continue
        try:
            problem = day_problem(own, day, duty)
        except InputError:  # nobody of this part is on duty: none of its visits is made
            plans.append(_nobody(own, day))
            continue
        plan = solve(problem.problem, seed, max(round(moves * legs / every), 1))
        plans.append(planned(own, problem, plan))
    return plans


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

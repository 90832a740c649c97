"""The same people, visits and carers under other arrangements: one pool, zones of their own, providers side by side.

Who owns or pays whom is not in it: an arrangement says only which carers may go to which people. Zones are cut from
the map so that care is shared equally; providers side by side get people by chance, as when each new package goes to
whoever bids; carers are dealt out in proportion to care, near their zone where there are zones. *As it is now* takes
the provider and the area that stand with each person, as in a register of contracts, and carers' own employers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from insource.planner.day import places_of
from insource.planner.team import Team

POOL, ZONES, SIDE_BY_SIDE = "one pool", "zones of their own", "providers side by side"
AS_NOW = "as it is now"
ELSEWHERE = 1e9
"""Metres: farther than any home. A provider's carer goes to another only if its own need nobody."""
FEWEST_PEOPLE = 5
"""An arrangement is left out if its parts would have fewer people than this on average."""


@dataclass(frozen=True)
class Arrangement:
    """A name, in how many parts, and the part of each person and each carer (numbers from 0)."""

    name: str
    parts: int
    people: np.ndarray = field(repr=False)
    carers: np.ndarray = field(repr=False)


def arrangements(team: Team, zones: Sequence[int], providers: Sequence[int], seed: int = 1) -> list[Arrangement]:
    """The pool, as it is now if the files say so, and every number of zones and providers the team is enough for."""
    one = Arrangement(POOL, 1, np.zeros(team.people.height, int), np.zeros(team.carers.height, int))
    most = min(team.people.height // FEWEST_PEOPLE, team.carers.height)
    now = as_it_is_now(team)
    out = [one] if now is None else [one, now]
    out += [_zones(team, number) for number in zones if 1 < number <= most]
    out += [_side_by_side(team, number, seed) for number in providers if 1 < number <= most]
    return out


def as_it_is_now(team: Team) -> Arrangement | None:
    """The parts that providers and their areas make; None if fewer than two, or people stand without a provider.

    Carers whose employer is one of the providers are its own; the rest are dealt out like all carers elsewhere.
    """
    people = team.people.select(pl.col("provider").replace("", None), pl.col("area").fill_null(""))
    if people["provider"].null_count() or not people.height:
        return None
    pairs = sorted(set(people.iter_rows()))
    if not 1 < len(pairs) <= team.carers.height:
        return None
    number = {pair: part for part, pair in enumerate(pairs)}
    part = np.array([number[pair] for pair in people.iter_rows()])
    places, _ = places_of(team)
    far = _far(places[: team.people.height], places[team.people.height :], part, len(pairs))
    providers = [provider for provider, _ in pairs]
    for row, employer in enumerate(team.carers["employer"]):
        if employer in providers:
            far[row, [employer != provider for provider in providers]] += ELSEWHERE
    return Arrangement(AS_NOW, len(pairs), part, _dealt(team, part, care_minutes(team), len(pairs), far))


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
    return Arrangement(ZONES, number, part, _dealt(team, part, care, number, _far(people, homes, part, number)))


def _far(people: np.ndarray, homes: np.ndarray, part: np.ndarray, number: int) -> np.ndarray:
    """[carer, part]: metres from the carer's home to the middle of the part's people."""
    centres = np.array([np.average(people[part == k], axis=0) for k in range(number)])
    return np.asarray(np.hypot(*(homes[:, None, axis] - centres[None, :, axis] for axis in (0, 1))))


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

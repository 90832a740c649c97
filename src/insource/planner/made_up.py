"""A made-up day of home care, for tests, measurements and first looks: plausible, and calibrated to nothing.

People live in clusters of a town; most are visited in the morning, half at lunch, tea and bedtime; one in eight needs
two carers. Carers start and end at home, early or late, by car. All numbers are judgements and stand in `Town`.
"""

from dataclasses import dataclass

import numpy as np

from insource.planner.problem import DayProblem, Legs, Links, Shifts, Visits, travel_units


@dataclass(frozen=True)
class Town:
    """What a made-up day is made of; times in minutes."""

    side_km: float = 8.0
    speed_km_hour: float = 26.0
    detour: float = 1.35
    minutes_at_door: float = 2.0
    slots: tuple[tuple[float, float], ...] = ((510.0, 0.95), (750.0, 0.48), (1020.0, 0.54), (1230.0, 0.38))
    lengths: tuple[float, ...] = (15.0, 30.0, 30.0, 45.0, 60.0)
    half_windows: tuple[float, ...] = (15.0, 30.0, 30.0, 60.0)
    two_carers: float = 0.12
    asks_for_gender: float = 0.15
    skilled_work: float = 0.2
    skilled_carers: float = 0.6
    women: float = 0.85
    free_band: float = 15.0
    medicine_gap: float = 0.1
    legs_for_a_carer: float = 6.0
    shift_minutes: float = 480.0
    break_minutes: float = 20.0
    break_over: float = 360.0


def made_up_day(people: int, seed: int = 1, town: Town | None = None, carers: int | None = None) -> DayProblem:
    """One day of so many people."""
    town = town or Town()
    luck = np.random.default_rng(seed)
    rows = [
        (person, slot + luck.normal(0, 45))
        for person in range(people)
        for slot, share in town.slots
        if luck.random() < share
    ]
    person = np.array([row[0] for row in rows], np.int32)
    wanted = np.clip(np.array([row[1] for row in rows]), 430, 1290).round()
    visits = len(rows)
    minutes = luck.choice(town.lengths, visits)
    half = luck.choice(town.half_windows, visits)
    doubles = luck.random(people) < town.two_carers
    visit = np.repeat(np.arange(visits), 1 + doubles[person]).astype(np.int32)
    role = np.concatenate([[0, 1] if doubles[p] else [0] for p in person]).astype(np.int32)
    free = np.minimum(half, town.free_band)
    edge = wanted + half
    urgent = luck.random(visits)
    table = Visits(
        person,
        person,
        minutes,
        wanted - half,
        wanted - free,
        wanted + free,
        edge,
        edge,
        np.full(visits, 0.5),
        np.full(visits, 0.5),
        np.full(visits, 5.0),
        np.where(urgent < 0.2, 3000.0, 1000.0),
    )
    carers = carers or max(2, round(len(visit) / town.legs_for_a_carer))
    shifts = _shifts(town, people, carers)
    return DayProblem(
        table,
        Legs(visit, role),
        shifts,
        _travel(town, luck, people, carers),
        _barred(town, luck, person, visit, carers),
        np.where(luck.random((people, carers)) < 0.1, 0, 3).astype(np.float32),
        _links(town, luck, person, visit, role, wanted),
    )


def _travel(town: Town, luck: np.random.Generator, people: int, carers: int) -> np.ndarray:
    centres = luck.random((max(1, people // 60), 2)) * town.side_km
    near = centres[luck.integers(0, len(centres), people + carers)] + luck.normal(
        0, town.side_km / 10, (people + carers, 2)
    )
    spread = luck.random((people + carers, 2)) * town.side_km
    points = np.where(luck.random((people + carers, 1)) < 0.5, near, spread)
    travel = np.empty((1, len(points), len(points)), np.int32)
    for row, point in enumerate(points):
        away = np.hypot(*(points - point).T)
        travel[0, row] = travel_units(away * town.detour / town.speed_km_hour * 60 + town.minutes_at_door)
    return travel


def _shifts(town: Town, people: int, carers: int) -> Shifts:
    home = np.arange(people, people + carers, dtype=np.int32)
    start = np.where(np.arange(carers) % 2 == 0, 420.0, 840.0)
    end = start + town.shift_minutes
    ones = np.ones(carers)
    return Shifts(
        np.arange(carers, dtype=np.int32),
        home,
        home,
        start,
        end + 30,
        end,
        np.zeros(carers, np.int32),
        ones,
        ones * 0.2,
        ones * 30,
        ones * 1.5,
        ones * town.break_minutes,
        ones * town.break_over,
        start + 90,
        end - 60,
    )


def _barred(town: Town, luck: np.random.Generator, person: np.ndarray, visit: np.ndarray, carers: int) -> np.ndarray:
    people = int(person.max()) + 1
    skilled = luck.random(len(person)) < town.skilled_work
    able = luck.random(carers) < town.skilled_carers
    woman = luck.random(carers) < town.women
    asks = luck.random(people) < town.asks_for_gender
    disliked = luck.random((people, carers)) < 0.01
    barred = np.zeros((len(visit), carers), np.uint8)
    barred[disliked[person[visit]]] = 3
    barred[asks[person[visit]][:, None] & ~woman] = 2
    barred[skilled[visit][:, None] & ~able] = 1
    return barred


def _links(
    town: Town, luck: np.random.Generator, person: np.ndarray, visit: np.ndarray, role: np.ndarray, wanted: np.ndarray
) -> Links:
    """Some people's visits are to be at least three quarters as far apart as asked for (medicines, meals)."""
    lead = np.full(len(person), -1)
    lead[visit[role == 0]] = np.flatnonzero(role == 0)
    ties = [
        (lead[k], lead[k + 1], 0.75 * (wanted[k + 1] - wanted[k]), np.inf, 0, False)
        for k in range(len(person) - 1)
        if person[k] == person[k + 1] and wanted[k + 1] - wanted[k] > 120 and luck.random() < town.medicine_gap
    ]
    if not ties:
        return Links.none()
    first, second, least, most, carers, together = zip(*ties, strict=True)
    return Links(
        np.array(first, np.int32),
        np.array(second, np.int32),
        np.array(least, float),
        np.array(most, float),
        np.array(carers, np.int32),
        np.array(together, bool),
    )

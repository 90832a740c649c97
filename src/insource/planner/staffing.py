"""How many carers a team needs so that need is covered in a stated share of weeks: two closed forms, and a curve.

Need of person i in a week is x_i minutes while at home, moves from week to week with a variation cv of which people
have a share rho in common, and is nought while they are away (share a of weeks). With p = 1 - a,

    M = p sum x_i,   v_i = x_i^2 (p (1 + cv^2) - p^2),   V = (1 - rho) sum v_i + rho (sum sqrt(v_i))^2

*By the week*: care held is M + z(q) sqrt(V); what is on duty is that over the share of time on duty that is care.
This trusts the planner to move starts within windows; the share must be measured (solved days).

*By the half hour*: the same M_b and V_b for each half hour b of the week. Of N_b on the rota a share s falls ill,
each on their own; the least N_b whose half hour is covered in a share q of weeks solves

    N (1 - s) - z(q) sqrt(V_b / beta^2 + N s (1 - s)) = M_b / beta

with beta care over care and travel. Shifts that cover every N_b at the fewest paid hours are on duty. This lets no
visit wait for another half hour, so it takes more. Solved days (confirm.py) say where between them a team comes out.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import NormalDist

import numpy as np

from insource.planner.day import visits_on
from insource.planner.demand import BAND_MINUTES, BANDS, Demand, load
from insource.planner.formats import DAY_MINUTES, DAYS_A_WEEK
from insource.planner.mix import Mix, mixes, shifts_for
from insource.planner.numbers import Numbers
from insource.planner.roster import Template
from insource.planner.team import Team

LEVELS = (0.5, 0.8, 0.9, 0.95, 0.98, 0.99)
FULL_TIME_HOURS = 37.0
MINUTES_AN_HOUR = 60.0
WHOLE_WINDOW = float(DAY_MINUTES)
"""Starts are spread over the whole window: planned rounds use it where carers are few (solved days show it)."""


@dataclass(frozen=True)
class Need:
    """Carers at visits: mean and standard deviation over weeks by half hour [day, band], and hours in the week."""

    monday: date
    mean: np.ndarray = field(repr=False)
    spread: np.ndarray = field(repr=False)
    hours: float
    week_spread: float


@dataclass(frozen=True)
class Level:
    """What covers need in a share of weeks: hours of care held, hours on duty by the week and by the half hour."""

    reliability: float
    care_held: float
    by_week: float
    by_half_hour: Mix = field(repr=False)
    posts: float
    """Of 37 hours, holidays included, for the hours by the week."""


@dataclass(frozen=True)
class Size:
    """Staff of a size to try: so many times what the mean of need and illness takes by the half hour."""

    size: float
    mix: Mix = field(repr=False)


def need(team: Team, monday: date, rules: Numbers | None = None) -> Need:
    """Mean and spread of need, from what is asked for and how it moves."""
    rules = rules or team.rules
    home = 1.0 - rules["away_share"]
    variation, common = rules["need_variation"], rules["need_correlation"]
    factor = math.sqrt(max(home * (1.0 + variation**2) - home**2, 0.0))
    each = np.array([loads(team, monday + timedelta(days=day)) for day in range(DAYS_A_WEEK)])
    week = each.sum(axis=(0, 2)) * BAND_MINUTES / MINUTES_AN_HOUR
    return Need(
        monday,
        home * each.sum(axis=1),
        spread_of(np.moveaxis(each, 1, 0) * factor, common),
        home * float(week.sum()),
        float(spread_of(week * factor, common)),
    )


def spread_of(sd: np.ndarray, common: float) -> np.ndarray:
    """Standard deviation of a sum over people (the first axis), any two of whom have a share in common."""
    return np.asarray(np.sqrt((1.0 - common) * (sd**2).sum(axis=0) + common * sd.sum(axis=0) ** 2))


def loads(team: Team, day: date) -> np.ndarray:
    """Carers at each person's visits by half hour: [person, band]."""
    visits = visits_on(team, day)
    out = np.zeros((team.people.height, BANDS))
    for who, theirs in visits.group_by("person_index"):
        out[int(str(who[0]))] = load(theirs, WHOLE_WINDOW)
    return out


def rota_for(mean: np.ndarray, spread: np.ndarray, reliability: float, sick: float, busy: float) -> np.ndarray:
    """Carers on the rota with which need is covered in a share of weeks, half hour by half hour."""
    z = NormalDist().inv_cdf(reliability)
    here, variance = 1.0 - sick, sick * (1.0 - sick)
    wanted, moves = mean / busy, (spread / busy) ** 2
    # (N here - wanted)^2 = z^2 (moves + N variance), the larger root for z > 0
    a, b, c = here**2, -2 * wanted * here - z**2 * variance, wanted**2 - z**2 * moves
    root = np.sqrt(np.maximum(b**2 - 4 * a * c, 0.0))
    number = (-b + (root if z >= 0 else -root)) / (2 * a)
    return np.asarray(np.where(mean > 0, number, 0.0))


def levels(team: Team, found: Need, asked: Sequence[float] = LEVELS) -> list[Level]:
    """The curve: what each reliability takes."""
    return [_level(team, found, reliability) for reliability in asked]


def _level(team: Team, found: Need, reliability: float) -> Level:
    rules = team.rules
    held = found.hours + NormalDist().inv_cdf(reliability) * found.week_spread
    by_week = held / rules["productive_share"] / (1.0 - rules["sickness_share"])
    number = rota_for(found.mean, found.spread, reliability, rules["sickness_share"], rules["busy_share"])
    mix = mixes(team, Demand(found.monday, number, {}))[-1]
    return Level(reliability, held, by_week, mix, posts(team, by_week))


def posts(team: Team, hours: float) -> float:
    """Posts of 37 hours for so many hours on duty a week, holidays and training included."""
    return hours / (1.0 - team.rules["leave_share"]) / FULL_TIME_HOURS


def sizes(team: Team, found: Need, tried: Sequence[float]) -> list[Size]:
    """Shifts for staff of these sizes, to be tried on solved days."""
    rules = team.rules
    mean = found.mean / rules["busy_share"] / (1.0 - rules["sickness_share"])
    return [Size(size, mixes(team, Demand(found.monday, mean * size, {}))[-1]) for size in tried]


def staff_for(team: Team, kinds: Sequence[Template], load: np.ndarray) -> dict[str, int]:
    """The shifts of each kind that the mean need of a day takes; `load`: carers at visits by half hour, all at home."""
    rules = team.rules
    wanted = load * (1.0 - rules["away_share"]) / rules["busy_share"] / (1.0 - rules["sickness_share"])
    found = shifts_for(list(kinds), wanted, rules["split_price"])
    return {one.name: int(number) for one, number in zip(kinds, found, strict=True)}

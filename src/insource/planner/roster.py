"""The weekly roster: who works which shift on which day, so that there are carers when care is asked for.

One yes or no for each carer, day and kind of shift. Cover that lacks, cover that is not wanted, hours off contract,
split shifts and weekends out of turn have prices (team.yaml); rest, days off, the 48 hours and what carers said they
can work are rules that are never broken. HiGHS solves it, to a stated gap. Teams of more than `LARGEST` carers are
rostered in parts that are alike, as they are run.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from insource.errors import InputError, Problem
from insource.planner.demand import BAND_MINUTES, BANDS, Demand
from insource.planner.formats import DAY_MINUTES, DAYS_A_WEEK
from insource.planner.team import Team

LARGEST = 45
GAP_SHARE = 0.02
MOST_SECONDS = 60.0
WEEKEND = (5, 6)
MINUTES_AN_HOUR = 60.0
BAND_HOURS = BAND_MINUTES / MINUTES_AN_HOUR


@dataclass(frozen=True)
class Template:
    """A kind of shift. `spans`: from and to, one or two; `cover`: share of each half hour that it covers."""

    name: str
    spans: tuple[tuple[int, int], ...]
    cover: np.ndarray = field(repr=False)

    @property
    def hours(self) -> float:
        """Hours on duty."""
        return sum(end - start for start, end in self.spans) / MINUTES_AN_HOUR

    @property
    def is_split(self) -> bool:
        """Whether it has a gap that is the carer's own."""
        return len(self.spans) > 1


@dataclass(frozen=True)
class Roster:
    """A week's roster. `frame`: date, carer, start, end, shift (a split shift has two rows).

    `cover` and `wanted`: carers on duty [day, band]. `price` is what the solver says; `gap` how far from the best it
    may be at most (share). `is_proven`: the gap was reached before time ran out.
    """

    monday: date
    frame: pl.DataFrame = field(repr=False)
    wanted: np.ndarray = field(repr=False)
    cover: np.ndarray = field(repr=False)
    price: float
    gap: float
    is_proven: bool

    @property
    def short_hours(self) -> float:
        """Hours in which fewer are on duty than wanted."""
        return float(np.maximum(self.wanted - self.cover, 0).sum()) * BAND_HOURS

    @property
    def spare_hours(self) -> float:
        """Hours on duty beyond what is wanted."""
        return float(np.maximum(self.cover - self.wanted, 0).sum()) * BAND_HOURS


def templates(team: Team) -> list[Template]:
    """The team's kinds of shift."""
    out = []
    for name, start, end, second, last in team.shifts.select(
        "shift", "start", "end", "second_start", "second_end"
    ).iter_rows():
        spans = ((start, end),) if second is None or last is None else ((start, end), (second, last))
        out.append(Template(name, spans, sum((_cover(*span) for span in spans), np.zeros(BANDS))))
    return out


def make_roster(
    team: Team, wanted: Demand, seconds: float = MOST_SECONDS, tell: Callable[[int, int], None] = lambda done, of: None
) -> Roster:
    """A roster for the week of `wanted` (carers on duty); raises InputError if no carer can work any shift."""
    parts = -(-team.carers.height // LARGEST)
    kinds, done = templates(team), []
    for part in range(parts):
        carers = team.carers.with_row_index("number").filter(pl.col("number") % parts == part)
        share = float(carers["hours"].sum()) / max(float(team.carers["hours"].sum()), 1e-9)
        done.append(_solve(team, carers, kinds, wanted, share, seconds / parts))
        tell(part + 1, parts)
    frame = pl.concat([one[0] for one in done]).sort("date", "start", "carer")
    if not frame.height:
        what = "no carer can work any kind of shift in this week"
        todo = "look at days, times, contract hours and the kinds of shift"
        raise InputError(Problem("nobody_to_roster", what, todo, found=wanted.monday.isoformat()))
    return Roster(
        wanted.monday,
        frame,
        wanted.care,
        cover_of(frame, wanted.monday),
        sum(one[1] for one in done),
        max(one[2] for one in done),
        all(one[3] for one in done),
    )


def cover_of(frame: pl.DataFrame, monday: date) -> np.ndarray:
    """Carers on duty in each half hour: [day, band]."""
    cover = np.zeros((DAYS_A_WEEK, BANDS))
    for day, start, end in frame.select("date", "start", "end").iter_rows():
        number = (day - monday).days
        if 0 <= number < DAYS_A_WEEK:
            cover[number] += _cover(start, end)
    return cover


def limits(team: Team, carer: dict[str, object]) -> tuple[float, float]:
    """Contract hours of a carer in a week, and the most they may be rostered for."""
    rules, hours = team.rules, float(str(carer["hours"]))
    legal = rules["most_week_hours_opted_out"] if carer["opted_out"] else rules["most_week_hours"]
    own = carer["most_hours"]
    most = hours * (1 + rules["above_contract_share"]) if own is None else float(str(own))
    return hours, min(most, legal)


def may_work(team: Team, carer: dict[str, object], day: date, kind: Template) -> bool:
    """Whether a carer may be rostered for this kind of shift on this day, by what they said and by absences."""
    if not int(str(carer["days"])) >> day.weekday() & 1 or (kind.is_split and not carer["split"]):
        return False
    if day.weekday() in WEEKEND and carer["weekends"] == "never":
        return False
    first, last = carer["first_minute"], carer["last_minute"]
    low = 0 if first is None else int(str(first))
    high = DAY_MINUTES * 2 if last is None else int(str(last))
    return kind.spans[0][0] >= low and kind.spans[-1][1] <= high and (carer["carer"], day) not in away(team)


def away(team: Team) -> set[tuple[str, date]]:
    """Carers and days on which they are away, from the events."""
    gone = set()
    for carer, first, last in (
        team.events.filter(pl.col("event") == "carer away").select("carer", "date", "last_date").iter_rows()
    ):
        for number in range(((last or first) - first).days + 1):
            gone.add((carer, first + timedelta(days=number)))
    return gone


def is_off_weekend(number: int, carer: dict[str, object], monday: date) -> bool:
    """Whether this weekend is one that a carer of alternate weekends should have off."""
    return carer["weekends"] == "alternate" and (number + monday.isocalendar().week) % 2 == 0


def _solve(
    team: Team, carers: pl.DataFrame, kinds: Sequence[Template], wanted: Demand, share: float, seconds: float
) -> tuple[pl.DataFrame, float, float, bool]:
    rules, monday = team.rules, wanted.monday
    rows = carers.to_dicts()
    days = [monday + timedelta(days=day) for day in range(DAYS_A_WEEK)]
    keys = [
        (c, d, s)
        for c, carer in enumerate(rows)
        for d, day in enumerate(days)
        for s, kind in enumerate(kinds)
        if may_work(team, carer, day, kind)
    ]
    columns = {key: number for number, key in enumerate(keys)}
    model = _Model(len(keys))
    for (c, d, s), x in columns.items():
        is_out_of_turn = d in WEEKEND and is_off_weekend(int(rows[c]["number"]), rows[c], monday)
        model.price[x] = rules["split_price"] * kinds[s].is_split + rules["weekend_price"] * is_out_of_turn
    for c, carer in enumerate(rows):
        _carer_rules(model, columns, kinds, c, limits(team, carer), team)
    _cover_rows(
        model, columns, kinds, wanted.care * share, range(len(rows)), rules["shortfall_price"], rules["surplus_price"]
    )
    for skill, care in wanted.skill.items():
        able = [c for c, carer in enumerate(rows) if skill in carer["skills"]]
        _cover_rows(model, columns, kinds, care * share, able, rules["shortfall_price"], 0.0)
    solved = model.solve(len(keys), seconds)
    chosen = [key for key, x in columns.items() if solved.x[x] > 1 / 2]
    frame = pl.DataFrame(
        [(days[d], rows[c]["carer"], *span, kinds[s].name) for c, d, s in chosen for span in kinds[s].spans],
        schema={"date": pl.Date, "carer": pl.String, "start": pl.Int32, "end": pl.Int32, "shift": pl.String},
        orient="row",
    )
    return frame, float(solved.fun), float(solved.mip_gap or 0.0), solved.status == 0


def _carer_rules(
    model: "_Model",
    columns: dict[tuple[int, int, int], int],
    kinds: Sequence[Template],
    c: int,
    hours: tuple[float, float],
    team: Team,
) -> None:
    """One shift a day, rest between days, days off, hours."""
    rules = team.rules
    of_day = [[(s, columns[c, d, s]) for s in range(len(kinds)) if (c, d, s) in columns] for d in range(DAYS_A_WEEK)]
    for today in of_day:
        if len(today) > 1:
            model.row([(x, 1.0) for _, x in today], -np.inf, 1.0)
    for today, tomorrow in pairwise(of_day):
        for s, x in tomorrow:
            early = kinds[s].spans[0][0] + DAY_MINUTES
            clash = [y for t, y in today if early - kinds[t].spans[-1][1] < rules["rest_minutes"]]
            if clash:
                model.row([(x, 1.0), *((y, 1.0) for y in clash)], -np.inf, 1.0)
    every = [(s, x) for today in of_day for s, x in today]
    if every:
        model.row([(x, 1.0) for _, x in every], -np.inf, DAYS_A_WEEK - rules["days_off"])
        work = [(x, kinds[s].hours) for s, x in every]
        model.row(work, -np.inf, hours[1])
        under, over = model.add(rules["off_contract_price"]), model.add(rules["off_contract_price"])
        model.row([*work, (under, 1.0), (over, -1.0)], hours[0], hours[0])


def _cover_rows(
    model: "_Model",
    columns: dict[tuple[int, int, int], int],
    kinds: Sequence[Template],
    wanted: np.ndarray,
    able: Sequence[int],
    short_price: float,
    spare_price: float,
) -> None:
    """On duty less spare plus lacking is what is wanted, in each half hour."""
    for d in range(DAYS_A_WEEK):
        for band in range(BANDS):
            duty = [
                (columns[c, d, s], float(kind.cover[band]))
                for s, kind in enumerate(kinds)
                if kind.cover[band] > 0
                for c in able
                if (c, d, s) in columns
            ]
            if wanted[d, band] > 0 or (duty and spare_price > 0):
                lacking = model.add(short_price * BAND_HOURS)
                spare = model.add(spare_price * BAND_HOURS)
                model.row([*duty, (lacking, 1.0), (spare, -1.0)], float(wanted[d, band]), float(wanted[d, band]))


def _cover(start: int, end: int) -> np.ndarray:
    edges = np.arange(BANDS) * BAND_MINUTES
    return np.asarray(np.clip(np.minimum(edges + BAND_MINUTES, end) - np.maximum(edges, start), 0, None) / BAND_MINUTES)


class _Model:
    """Rows and columns of a mixed-integer programme, put together bit by bit; the first columns are yes or no."""

    def __init__(self, decisions: int) -> None:
        self.price = [0.0] * decisions
        self.rows: list[int] = []
        self.columns: list[int] = []
        self.values: list[float] = []
        self.low: list[float] = []
        self.high: list[float] = []

    def add(self, price: float) -> int:
        """A new column of hours or carers, nought or more."""
        self.price.append(price)
        return len(self.price) - 1

    def row(self, terms: Sequence[tuple[int, float]], low: float, high: float) -> None:
        """A sum between two bounds."""
        number = len(self.low)
        for column, value in terms:
            self.rows.append(number)
            self.columns.append(column)
            self.values.append(value)
        self.low.append(low)
        self.high.append(high)

    def solve(self, decisions: int, seconds: float) -> Any:
        """The best found within the gap or the time."""
        size = len(self.price)
        whole = np.zeros(size)
        whole[:decisions] = 1
        upper = np.full(size, np.inf)
        upper[:decisions] = 1
        matrix = coo_array((self.values, (self.rows, self.columns)), shape=(len(self.low), size)).tocsr()
        return milp(
            np.array(self.price),
            integrality=whole,
            bounds=Bounds(np.zeros(size), upper),
            constraints=LinearConstraint(matrix, np.array(self.low), np.array(self.high)),
            options={"mip_rel_gap": GAP_SHARE, "time_limit": seconds},
        )

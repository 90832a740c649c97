"""Packages on the round: the same people and carers with visits as ordered, and with minutes that move as need does.

Need of the week is drawn as for staffing (`confirm.drawn_need`): visits longer or shorter, some people away. The same
people are visited by the same carers in all three ways, so that only minutes differ. Where they move, the rounds are
planned for that need. Where packages are fixed, every visit takes what was ordered: whoever needs less is given no more
than they need, and whoever needs more goes without the rest. Orders stand at mean need, or at what covers it in 95% of
weeks; where more is held for some, others find nobody.

Minutes that move are planned as if need were known before the day. A team sees it at the door, and not all of it: this
is the most that moving minutes can do.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
import polars as pl

from insource.errors import InputError
from insource.planner.compared import PartDay, Tried
from insource.planner.confirm import drawn_need
from insource.planner.day import Day, day_problem, visits_on
from insource.planner.planned import Planned, metrics, planned
from insource.planner.solving import solve
from insource.planner.team import Team

MOVING, AT_MEAN, FOR_PEAKS = "minutes move as need does", "packages at mean need", "packages for 95% of weeks"
RELIABILITY = 0.95
WAYS = (MOVING, AT_MEAN, FOR_PEAKS)


@dataclass(frozen=True)
class OnTheRound:
    """What rounds took and what reached people, in minutes over the days that were drawn."""

    name: str
    need: float
    met: float
    paid: float
    """Care as ordered or needed, travel and short waits."""
    on_duty: float
    unserved_share: float
    """Of visits asked for."""

    @property
    def unmet_share(self) -> float:
        """Of need: visits not made, and what fixed minutes did not reach."""
        return 1.0 - self.met / max(self.need, 1e-9)

    @property
    def paid_per_minute_met(self) -> float:
        """Paid minutes for each minute that met a need."""
        return self.paid / max(self.met, 1e-9)


def on_the_round(
    team: Team,
    pool: Tried,
    seed: int = 1,
    effort: float = 1.0,
    tell: Callable[[int, int], None] = lambda done, of: None,
) -> list[OnTheRound]:
    """The three ways on the pool's days, with the pool's carers on duty; `effort`: moves for each visit of a carer.

    Days on which nobody is on duty, or nobody at home, are left out of all three.
    """
    found: dict[str, list[tuple[float, Planned]]] = {name: [] for name in WAYS}
    need = 0.0
    days = [part for day in pool.days for part in day]
    for number, part in enumerate(days):
        tell(number, len(days))
        week = drawn_need(team, np.random.Generator(np.random.PCG64([seed, number])))
        solved = _solved(team, week, part, seed, effort)
        if solved is None:
            continue
        needs = visits_on(week, part.planned.date)
        wanted = dict(zip(needs["visit"], needs["minutes"], strict=True))
        need += float((needs["minutes"] * needs["carers"]).sum())
        for name, plan in zip(WAYS, solved, strict=True):
            found[name].append((_met(plan.visits, wanted), plan))
    tell(len(days), len(days))
    return [_summed(name, need, found[name]) for name in WAYS if found[name]]


def _solved(team: Team, week: Team, part: PartDay, seed: int, effort: float) -> list[Planned] | None:
    """A day's rounds for drawn need, for orders at the mean and for orders that cover peaks."""
    if part.day is None:
        return None
    duty = part.day.shifts.select(pl.lit(part.planned.date).alias("date"), "carer", "start", "end", "shift")
    peak = 1.0 + NormalDist().inv_cdf(RELIABILITY) * team.rules["need_variation"]
    ordered = team.visits.filter(pl.col("visit").is_in(week.visits["visit"].implode()))
    high = ordered.with_columns((pl.col("minutes") * peak).round().cast(pl.Float64))
    teams = [replace(week, plan=week.plan.clear(), visits=visits) for visits in (week.visits, ordered, high)]
    try:
        days = [day_problem(one, part.planned.date, duty) for one in teams]
    except InputError:
        return None
    return [
        planned(own, day, solve(day.problem, seed, _moves(day, effort))) for own, day in zip(teams, days, strict=True)
    ]


def _moves(day: Day, effort: float) -> int:
    return max(round(effort * len(day.problem.legs.visit)), 1)


def _met(visits: pl.DataFrame, wanted: dict[str, float]) -> float:
    """Minutes that met a need: no more than is needed, none for those who are away."""
    given = (visits["end"] - visits["start"]).to_list()
    return float(
        sum(min(minutes, wanted.get(visit, 0.0)) for visit, minutes in zip(visits["visit"], given, strict=True))
    )


def _summed(name: str, need: float, days: Sequence[tuple[float, Planned]]) -> OnTheRound:
    figures = metrics([plan for _, plan in days])
    paid = figures["contact"] + figures["travel"] + figures["wait"]
    return OnTheRound(name, need, sum(met for met, _ in days), paid, figures["rostered"], figures["unserved_share"])

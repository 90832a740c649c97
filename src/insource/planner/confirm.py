"""Are the closed forms right? Days drawn from what moves, solved with staff of several sizes.

For each day drawn: everybody's need is longer or shorter by their own luck and what they have in common, some are away,
some of those on the rota fall ill, and the rounds are planned. The team's carers stand in for whoever is hired: the
first of a random order, again from the beginning where there are fewer of them than shifts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import NormalDist

import numpy as np
import polars as pl

from insource.planner.day import day_problem
from insource.planner.formats import DAYS_A_WEEK
from insource.planner.planned import Planned, metrics, planned
from insource.planner.roster import Template, templates
from insource.planner.solving import solve
from insource.planner.staffing import Size
from insource.planner.team import Team

LEAST_MINUTES = 10.0


@dataclass(frozen=True)
class Confirmed:
    """What solved days with one size of staff showed."""

    size: float
    hours: float
    days: int
    visits: int
    unserved: int
    worst_unserved_share: float
    busy_share: float
    care_over_duty: float
    travel_a_leg: float


def confirm(
    team: Team,
    tried: Sequence[Size],
    monday: date,
    days: int,
    seed: int = 1,
    moves: int = 3000,
    tell: Callable[[int, int], None] = lambda done, of: None,
) -> list[Confirmed]:
    """Solve `days` drawn days for each size of staff, with the same luck, so that sizes can be compared."""
    kinds = {one.name: one for one in templates(team)}
    out, done = [], 0
    for staff in tried:
        solved = []
        for number in range(days):
            luck = np.random.Generator(np.random.PCG64([seed, number]))
            solved.append(
                drawn_day(
                    team,
                    staff.mix.by_day[number % DAYS_A_WEEK],
                    kinds,
                    monday + timedelta(days=number % DAYS_A_WEEK),
                    luck,
                    seed,
                    moves,
                )
            )
            done += 1
            tell(done, days * len(tried))
        found = metrics(solved)
        out.append(
            Confirmed(
                staff.size,
                staff.mix.paid_hours,
                days,
                round(found["visits_asked"]),
                round(found["visits_unserved"]),
                max(one.unserved.height / max(one.asked, 1) for one in solved),
                found["busy_share"],
                found["contact"] / max(found["rostered"], 1e-9),
                found["travel_a_leg"],
            )
        )
    return out


def drawn_need(team: Team, luck: np.random.Generator) -> Team:
    """The team with need as it is in one week: visits longer or shorter by person, those who are away left out."""
    rules, people = team.rules, team.people.height
    common = rules["need_correlation"]
    own, shared, here = luck.random(people), luck.random(), luck.random(people)
    normal = np.vectorize(NormalDist().inv_cdf)
    moved = np.sqrt(common) * NormalDist().inv_cdf(shared) + np.sqrt(1 - common) * normal(np.clip(own, 1e-9, 1 - 1e-9))
    factor = np.maximum(1.0 + rules["need_variation"] * moved, 0.0)
    person = team.visits["person_index"].to_numpy()
    minutes = np.maximum(np.round(team.visits["minutes"].to_numpy() * factor[person]), LEAST_MINUTES)
    visits = team.visits.with_columns(pl.Series("minutes", minutes))
    return team.with_visits(visits.filter(pl.Series(here[person] >= rules["away_share"])))


def drawn_day(
    team: Team,
    staff: dict[str, int],
    kinds: dict[str, Template],
    day: date,
    luck: np.random.Generator,
    seed: int,
    moves: int,
) -> Planned:
    """A day as it may turn out, planned: need and illness drawn, carers standing in for whoever is hired.

    `staff` is the number of shifts of each kind.
    """
    week = drawn_need(team, luck)
    names = [name for name, number in staff.items() for _ in range(number)]
    order = np.argsort(luck.random(team.carers.height), kind="stable").tolist()
    ill = luck.random(len(names)) < team.rules["sickness_share"]
    carers, rows = [], []
    for number, name in enumerate(names):
        again, place = divmod(number, len(order))
        row = team.carers.row(order[place], named=True)
        # hired for this shift: what the stand-in said of days and times does not hold
        called = row["carer"] if again == 0 else f"{row['carer']} +{again}"
        carers.append(row | {"carer": called, "days": 127, "first_minute": None, "last_minute": None})
        if not ill[number]:
            rows += [(day, called, *span, name) for span in kinds[name].spans]
    duty = pl.DataFrame(rows, schema=["date", "carer", "start", "end", "shift"], orient="row")
    hired = replace(week, carers=pl.DataFrame(carers, schema=team.carers.schema), plan=team.plan.clear())
    problem = day_problem(hired, day, duty)
    return planned(hired, problem, solve(problem.problem, seed, moves))


def enough(solved: Sequence[Confirmed], allowed: float) -> Confirmed | None:
    """The fewest hours on duty with which, and with all more of which, at most a share of visits is not made."""
    found = None
    for one in sorted(solved, key=lambda one: -one.hours):
        if one.unserved > allowed * one.visits:
            break
        found = one
    return found

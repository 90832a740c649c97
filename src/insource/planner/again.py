"""A published day planned again after events: what changes for whom, and why."""

from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import polars as pl

from insource.errors import InputError, Problem
from insource.planner.cells import said_minute
from insource.planner.day import day_problem
from insource.planner.planned import Planned, planned
from insource.planner.problem import DayProblem
from insource.planner.replan import CAUSES, POLISH_MOVES, replan, said
from insource.planner.solving import checked
from insource.planner.team import Team


@dataclass(frozen=True)
class Again:
    """The day as it is now planned. `changes`: visit, person, old and new carer and start, cause, said."""

    planned: Planned
    changes: pl.DataFrame = field(repr=False)
    seconds_to_first: float
    published: int


def plan_again(
    team: Team,
    roster: pl.DataFrame,
    day: date,
    seed: int = 1,
    moves: int = POLISH_MOVES,
    most_seconds: float | None = 2.0,
    ways: np.ndarray | None = None,
) -> Again:
    """Mend the published plan of a day; raises InputError if nothing was published for it.

    `ways`: see `day_problem`; whoever plans again and again hands it over and saves a third of the time.
    """
    if not team.plan.filter(pl.col("date") == day).height:
        what, todo = "nothing was published for this day", "put plan.csv with this day into the folder"
        raise InputError(Problem("nothing_published", what, todo, file="plan.csv", found=day.isoformat()))
    today = day_problem(team, day, roster, is_again=True, ways=ways)
    met = times_met(team)
    problem = today.problem
    found = replan(problem, seed=seed, moves=moves, most_seconds=most_seconds, met=met)
    plan = checked(problem, found.plan)
    rows = []
    for one in found.changes:
        visit = int(problem.legs.visit[one.leg])
        person = today.people["person"][int(problem.visits.person[visit])]
        new = _carer(today.shifts, one.new_shift)
        rows.append(
            {
                "visit": today.visits["visit"][visit],
                "person": person,
                "old_carer": _carer(today.shifts, one.old_shift),
                "new_carer": new,
                "old_start": _time(one.old_start),
                "new_start": _time(one.new_start),
                "cause": CAUSES[one.cause],
                "said": said(one, new, person),
            }
        )
    names = ("visit", "person", "old_carer", "new_carer", "old_start", "new_start", "cause", "said")
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String))
    return Again(_without_away(planned(team, today, plan), problem), frame, found.seconds_to_first, team.plan.height)


def times_met(team: Team) -> np.ndarray | None:
    """[person, carer]: visits of the carer to the person in the log; None if there is no log."""
    if not team.log.height:
        return None
    people = {person: row for row, person in enumerate(team.people["person"])}
    carers = {carer: column for column, carer in enumerate(team.carers["carer"])}
    met = np.zeros((len(people), len(carers)), int)
    known = team.log.join(team.visits.select("visit", "person"), on="visit")
    for person, carer in known.select("person", "carer").iter_rows():
        met[people[person], carers[carer]] += 1
    return met


def _without_away(made: Planned, problem: DayProblem) -> Planned:
    """Shifts that nobody may be sent on any more are not on duty."""
    is_used = (problem.barred == 0).any(axis=0)
    return replace(made, shifts=made.shifts.filter(pl.Series(is_used) | (pl.col("visits") > 0)))


def _carer(shifts: pl.DataFrame, row: int) -> str:
    return "" if row < 0 else str(shifts["carer"][row])


def _time(minute: float) -> str:
    return "" if np.isnan(minute) else said_minute(minute)

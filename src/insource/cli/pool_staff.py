"""insource pool staff: how many carers, for which share of weeks."""

from typing import Annotated

import typer

from insource.cli.console import progress
from insource.cli.desk import run
from insource.cli.options import JsonOption, OutOption
from insource.cli.pool_files import EXAMPLE_DAY, TeamArgument, problems_told
from insource.cli.pool_roster import monday_of
from insource.errors import InputError, Problem
from insource.planner.confirm import confirm
from insource.planner.numbers import Numbers
from insource.planner.staffing import levels, need, sizes
from insource.planner.team import read_team
from insource.report.pool_staff import MAIN, staff_result

OTHER_CORRELATIONS = (0.0, 0.05)
SIZES = (0.6, 0.7, 0.8, 0.9, 1.0, 1.15)


def add(group: typer.Typer) -> None:
    """Put the command into the group."""
    group.command("staff")(staff_)


def staff_(
    folder: TeamArgument,
    week: Annotated[str, typer.Option("--week", help="A day of the week that is meant.")] = EXAMPLE_DAY,
    days: Annotated[
        int, typer.Option(help="Days to draw and solve for each of six sizes of staff (0: none).", min=0)
    ] = 0,
    moves: Annotated[int, typer.Option(help="Moves of the search for each day.", min=1)] = 3000,
    seed: Annotated[int, typer.Option(help="Of what is drawn.")] = 1,
    out_folder: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Hours and posts for each share of weeks to be covered: the curve, the shifts, and whether solved days agree."""
    team = read_team(folder)
    problems_told(team)
    monday = monday_of(week)
    found = need(team, monday)
    if not found.hours:
        what, todo = "nobody is to be visited in this week", "give another week, or look at the dates of visits"
        raise InputError(Problem("empty_week", what, todo, column="--week", found=monday.isoformat()))
    curve = levels(team, found)
    others = [
        (rho, levels(team, need(team, monday, Numbers(team.rules.values | {"need_correlation": rho})), (MAIN,))[0])
        for rho in OTHER_CORRELATIONS
    ]
    solved = []
    if days:
        with progress("Days") as tell:
            solved = confirm(team, sizes(team, found, SIZES), monday, days, seed, moves, tell)
    run(staff_result(team, found, curve, solved, others), out_folder, as_json)

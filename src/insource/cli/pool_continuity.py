"""insource pool continuity: how many different carers come to a person."""

from typing import Annotated

import typer

from insource.cli.desk import run
from insource.cli.options import JsonOption, OutOption, PublishOption
from insource.cli.pool_files import TeamArgument, problems_told
from insource.planner.continuity import continuity, visits_of_log, visits_of_plan
from insource.planner.team import read_team
from insource.report.pool_continuity import continuity_result


def add(group: typer.Typer) -> None:
    """Put the command into the group."""
    group.command("continuity")(continuity_)


def continuity_(
    folder: TeamArgument,
    planned: Annotated[bool, typer.Option("--planned", help="Count plan.csv even where there is a log.csv.")] = False,
    out_folder: OutOption = None,
    as_json: JsonOption = False,
    publish: PublishOption = False,
) -> None:
    """Different carers, main carer and new faces of each person in 7, 14 and 28 days, from the log or the plan."""
    team = read_team(folder)
    problems_told(team)
    is_log = team.log.height > 0 and not planned
    visits = visits_of_log(team) if is_log else visits_of_plan(team)
    source = "log of visits made" if is_log else "published plan"
    run(continuity_result(team, continuity(team, visits), source), out_folder, as_json, publish)

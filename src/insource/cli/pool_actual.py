"""insource pool actual: the plan against the log of visits."""

import typer

from insource.cli.desk import run
from insource.cli.options import JsonOption, OutOption, PublishOption
from insource.cli.pool_files import TeamArgument, problems_told
from insource.planner.actual import compare_log
from insource.planner.team import read_team
from insource.report.pool_actual import actual_result


def add(group: typer.Typer) -> None:
    """Put the command into the group."""
    group.command("actual")(actual_)


def actual_(
    folder: TeamArgument, out_folder: OutOption = None, as_json: JsonOption = False, publish: PublishOption = False
) -> None:
    """Planned against actual: missed, late and short visits, other carers, people whose visits take longer or less."""
    team = read_team(folder)
    problems_told(team)
    run(actual_result(team, compare_log(team)), out_folder, as_json, publish)

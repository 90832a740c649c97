"""insource pool law: what stands in for the planner in the weekly model, fitted to this team and tested."""

from typing import Annotated

import typer

from insource.cli.console import out, progress
from insource.cli.desk import write_result
from insource.cli.options import JsonOption, OutOption
from insource.cli.pool_files import EXAMPLE_DAY, TeamArgument, problems_told
from insource.cli.pool_roster import monday_of
from insource.cli.pool_routes import SeedOption
from insource.errors import InputError, Problem
from insource.planner.law import EFFORT, FITTED_AT, STAFFED, TESTED_AT, checked, days_of, fitted, solve_parts
from insource.planner.team import read_team
from insource.report.pool_law import law_result, values_for_the_model

FEWEST_PEOPLE = 30
"""With fewer people the smallest part says nothing about streets."""


def add(group: typer.Typer) -> None:
    """Put the command into the group."""
    group.command("law")(law_)


def law_(
    folder: TeamArgument,
    week: Annotated[str, typer.Option("--week", help="A day of the week that is meant.")] = EXAMPLE_DAY,
    days: Annotated[
        int, typer.Option(help="Days of the whole team to draw and solve; smaller parts more.", min=1)
    ] = 14,
    effort: Annotated[int, typer.Option(help="Moves of the search for each visit of a carer.", min=1)] = EFFORT,
    staffed: Annotated[
        float, typer.Option(help="Staff over what the mean need takes half hour by half hour.", min=0.4, max=1.5)
    ] = STAFFED,
    people: Annotated[int, typer.Option(help="People in the pools that values are for (0: the team's).", min=0)] = 0,
    seed: SeedOption = 1,
    out_folder: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Travel and gaps of this team as the weekly model needs them: fitted to solved days, tested on others."""
    team = read_team(folder)
    problems_told(team)
    if team.people.height < FEWEST_PEOPLE:
        what, todo = "there are too few people to tell the door from the road", "give a team of more people"
        allowed = f"{FEWEST_PEOPLE} or more"
        raise InputError(Problem("few_people", what, todo, found=f"{team.people.height} people", allowed=allowed))
    monday = monday_of(week)
    done, of = 0, sum(days_of(size, days) for size in (*FITTED_AT, *TESTED_AT))
    with progress("Days") as told:

        def tell() -> None:
            nonlocal done
            done += 1
            told(done, of)

        solved = solve_parts(team, monday, FITTED_AT, days, seed, effort, staffed, tell)
        others = solve_parts(team, monday, TESTED_AT, days, seed + 1, effort, staffed, tell)
    law = fitted(team, solved)
    result = law_result(team, law, checked(law, solved), checked(law, others), effort, staffed, people or None)
    written = []
    if out_folder is not None:
        values = values_for_the_model(law, people or solved[-1].people)
        written = write_result(
            result, out_folder, {"pool_law_values.yaml": lambda path: path.write_text(values, encoding="utf-8")}
        )
    if as_json:
        out(result.to_json())
        return
    out(result.title)
    for line in result.summary:
        out(f"- {line}")
    for path in written:
        out(f"Written: {path}")

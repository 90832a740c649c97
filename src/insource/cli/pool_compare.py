"""insource pool compare: one pool, zones, providers side by side, packages, on the same people and carers."""

from datetime import timedelta
from typing import Annotated

import typer

from insource.cli.console import out, progress, table
from insource.cli.desk import write_result
from insource.cli.options import JsonOption, OutOption
from insource.cli.pool_files import EXAMPLE_DAY, TeamArgument, problems_told
from insource.cli.pool_roster import day_of
from insource.cli.pool_routes import SeedOption
from insource.errors import InputError, Problem
from insource.planner.arrangements import arrangements
from insource.planner.compared import EFFORT, root_law, try_out
from insource.planner.day import visits_on
from insource.planner.disturbed import disturbed
from insource.planner.held import held
from insource.planner.packages import on_the_round
from insource.planner.team import read_team
from insource.report.desk_page import cell
from insource.report.pool_compare import compare_result
from insource.report.pool_compare_maps import maps_page


def add(group: typer.Typer) -> None:
    """Put the command into the group."""
    group.command("compare")(compare_)


def compare_(
    folder: TeamArgument,
    day: Annotated[str, typer.Option("--date", help="The first day, such as 2026-03-02.")] = EXAMPLE_DAY,
    days: Annotated[int, typer.Option(help="How many days are solved.", min=1, max=7)] = 1,
    zones: Annotated[str, typer.Option(help="Numbers of zones to try.")] = "4,8",
    providers: Annotated[str, typer.Option(help="Numbers of providers side by side to try.")] = "2,4,8",
    effort: Annotated[
        int, typer.Option(help="Moves of the search for each visit in one pool; fewer in parts.", min=1)
    ] = EFFORT,
    seed: SeedOption = 1,
    out_folder: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """What pooling saves: travel, paid time, changes, visits not made, care held, by arrangement of the same work."""
    team = read_team(folder)
    problems_told(team)
    first = day_of(day)
    every = [first + timedelta(days=number) for number in range(days)]
    if not all(visits_on(team, one).height for one in every):
        what, todo = "nobody is to be visited on one of these days", "give another day"
        raise InputError(Problem("empty_day", what, todo, column="--date", found=day))
    listed = arrangements(team, _numbers(zones, "--zones"), _numbers(providers, "--providers"), seed)
    with progress("Days") as tell:
        tried = try_out(team, every, listed, seed, effort, tell)
    ill, longer = disturbed(team, tried, seed)
    with progress("Days of packages") as tell:
        rounds = on_the_round(team, tried[0], seed, effort, tell)
    held_care = held(team, listed, seed=seed)
    result = compare_result(team, tried, root_law(tried), held_care, ill, longer, rounds, effort)
    written = []
    if out_folder is not None:
        page = maps_page(team, tried)
        more = {"pool_compare_maps.html": lambda path: path.write_text(page, encoding="utf-8")}
        written = write_result(result, out_folder, more)
    if as_json:
        out(result.to_json())
        return
    out(result.title)
    for line in result.summary:
        out(f"- {line}")
    sheet = result.sheet("arrangements")
    shown = ("arrangement", "parts", "travel", "travel_more", "paid", "duty", "unserved", "faces")
    header = (
        "arrangement",
        "parts",
        "travel a visit, min",
        "more",
        "paid a minute of care",
        "on duty",
        "not made",
        "faces",
    )
    rows = [tuple(cell(row[name], sheet.columns[name]) for name in shown) for row in sheet.frame.iter_rows(named=True)]
    table(header, rows, sheet.title)
    for path in written:
        out(f"Written: {path}")


def _numbers(text: str, option: str) -> list[int]:
    """Whole numbers with commas between."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.isdigit() and 1 < int(part) <= 100 for part in parts):
        what, todo = "these are no numbers of parts", "write such as 2,4,8"
        raise InputError(Problem("parts", what, todo, column=option, found=text[:40], allowed="2 to 100"))
    return sorted({int(part) for part in parts})

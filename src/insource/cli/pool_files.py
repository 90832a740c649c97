"""insource pool template, example, check: the files of a care team."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from insource.cli.console import err, out, table
from insource.errors import InputError, Problem
from insource.files import make_folder, write_together
from insource.place import open_place
from insource.planner.example import example
from insource.planner.files import table_writers, templates
from insource.planner.fitting import REASONS, REMEDIES, fit
from insource.planner.made_up_log import made_up_log
from insource.planner.team import Team, read_team
from insource.records.problem_log import write_csv
from insource.units import MINUTES_AN_HOUR

TeamArgument = Annotated[Path, typer.Argument(metavar="TEAM", help="The folder with the team's files.")]
MOST_SHOWN = 8
EXAMPLE_DAY = "2026-03-02"
"""The Monday on which examples begin."""
MADE_UP = "Made up by a recipe from a seed: nobody of any council is in it, and it says nothing about a real team."


def add(group: typer.Typer) -> None:
    """Put the commands into the group."""
    group.command("template")(template_)
    group.command("example")(example_)
    group.command("check")(check_)


def template_(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the templates are written.")],
    excel: Annotated[bool, typer.Option("--excel", help="One workbook with a sheet for each file.")] = False,
) -> None:
    """Write templates of every file of a team, with rows that show what is meant."""
    for path in templates(folder, excel):
        out(f"Written: {path}")
    out("people, visits and carers are needed, the rest may be left out. Then: insource pool check FOLDER")


def example_(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the example is written.")],
    place: Annotated[
        str, typer.Option("--from", metavar="PLACE", help="Packages of this place: a folder, anytown, synthetic:1000.")
    ] = "synthetic:100",
    people: Annotated[int, typer.Option(help="At most so many people (0: all).")] = 0,
    seed: Annotated[int, typer.Option(help="Of what is drawn.")] = 1,
    log_days: Annotated[int, typer.Option(help="Days of made-up check-in times to write, too.", min=0, max=60)] = 0,
) -> None:
    """Write a made-up team: visit patterns for the packages of a place, homes, carers."""
    if people < 0:
        what, todo = "there are no fewer people than none", "give a number, or 0 for all"
        raise InputError(Problem("people", what, todo, column="--people", found=str(people)))
    made = example(open_place(place), people, seed)
    make_folder(folder)
    writers = table_writers(folder, made.tables)
    said = f"{MADE_UP}\nPackages of {place}, seed {seed}.\n"
    write_together({**writers, folder / "README.txt": lambda path: path.write_text(said, encoding="utf-8")})
    if log_days:
        log = made_up_log(read_team(folder), date.fromisoformat(EXAMPLE_DAY), log_days, seed)
        write_together(table_writers(folder, {"log": log}))
    out(
        f"Written to {folder}: {made.people:,} people, {made.visits:,} visits in their patterns, "
        f"{made.carers:,} carers."
    )
    out(MADE_UP)


def check_(
    folder: TeamArgument,
    problems: Annotated[Path | None, typer.Option(help="Write every single problem to this CSV file.")] = None,
) -> None:
    """Read a team's files: every problem by kind, what cannot be planned and why, hours asked and offered."""
    team = read_team(folder)
    told(team)
    if problems is not None:
        write_csv(problems, [], team.logs)
        out(f"Written: {problems}")
    if any(log.is_unusable() for log in team.logs):
        raise typer.Exit(1)


def told(team: Team) -> None:
    """What was read, what is wrong with it, who cannot be visited, and whether the hours are there."""
    table(
        ("file", "what", "rows", "usable"),
        [(one.path.name, one.table, f"{one.rows:,}", f"{one.usable:,}") for one in team.files],
        f"The team in {team.name}",
    )
    problems_told(team)
    asked, offered = hours_asked(team), float(team.carers["hours"].sum())
    out()
    out(
        f"Care asked for in a full week: {asked:,.0f} hours. "
        f"Contracts of {len(team.carers):,} carers: {offered:,.0f} hours."
    )
    if asked > offered:
        out("There is more care than the contracts hold, before travel: not every visit can be made.")
    lacking = fit(team).lacking
    left = len(team.left_out)
    if not len(lacking) and not left:
        out("Every visit fits enough carers, looking at skills, gender, wishes and times of day alone.")
        return
    said = number_of(len(lacking) + left, "visit")
    out(f"{said} cannot be made as asked for, whatever the routes; all others are planned:")
    rows = [
        (one["visit"], one["said"], REMEDIES[one["reason"]]) for one in lacking.head(MOST_SHOWN).iter_rows(named=True)
    ]
    if left:
        rows.append((number_of(left, "visit"), REASONS["no_place"], REMEDIES["no_place"]))
    table(("visit", "why nobody can make it", "what to do"), rows)
    if len(lacking) > MOST_SHOWN:
        out(f"... and {len(lacking) - MOST_SHOWN:,} more")


def problems_told(team: Team) -> None:
    """Notices and problems by kind, on standard error."""
    for notice in team.notices:
        err(notice)
    for log in team.logs:
        for count in log.counts():
            column = f", column '{count.column}'" if count.column else ""
            rows = [
                str(row) for row in log.frame().filter(log.frame()["kind"] == _number(log, count.code))["row"].head(5)
            ]
            which = f": {', '.join(rows)}{', ...' if count.count > len(rows) else ''}"
            err(f"{log.file}{column}: {count.what} ({number_of(count.count, 'row')}{which})")
            allowed = f"allowed: {count.allowed}; " if count.allowed else ""
            err(f"  {allowed}what to do: {count.todo} [{count.code}]")


def number_of(count: int, what: str) -> str:
    """1 visit, 2 visits."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _number(log: object, code: str) -> int:
    kinds = getattr(log, "kinds", [])
    return next((number for number, kind in enumerate(kinds) if kind.code == code), 0)


def hours_asked(team: Team) -> float:
    """Hours of carers' time at visits in a week in which every visit's days come."""
    days = team.visits["days"].to_numpy()
    each = sum((days >> day) & 1 for day in range(7))
    return float((each * team.visits["minutes"].to_numpy() * team.visits["carers"].to_numpy()).sum()) / MINUTES_AN_HOUR

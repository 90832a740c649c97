"""insource pool-plan: hours and posts a team must hold."""

from pathlib import Path
from typing import Annotated

import typer

from insource.cli.console import err, out
from insource.cli.desk import numbers_given, run
from insource.cli.options import JsonOption, OutOption, PublishOption, SetOption
from insource.desk.care_records import path_of
from insource.desk.pool_plan.tool import pool_plan
from insource.desk.result import Input, input_of
from insource.errors import InputError, Problem
from insource.files import write_text
from insource.place import open_place
from insource.records import weekly_hours
from insource.records.checking import check
from insource.records.pseudonym import new_key
from insource.records.reading import open_table

RELIABILITY = "planned_reliability_share"


def add(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command("pool-plan")(pool_plan_)


def pool_plan_(
    place: Annotated[str, typer.Argument(help="A place folder, 'anytown', or 'synthetic:PEOPLE'.")] = "",
    weekly: Annotated[Path | None, typer.Option(help="Hours by person and week, to measure fluctuation.")] = None,
    line: Annotated[str, typer.Option(help="home_care or supported_living.")] = "home_care",
    reliability: Annotated[float | None, typer.Option(help="Share of weeks to cover, such as 0.95.")] = None,
    template: Annotated[Path | None, typer.Option("--template", help="Write an example of weekly hours here.")] = None,
    given: SetOption = None,
    out_folder: OutOption = None,
    as_json: JsonOption = False,
    publish: PublishOption = False,
) -> None:
    """Hours and posts for a stated reliability: one team, teams by zone, several providers, or package by package."""
    if template is not None:
        write_text(template, weekly_hours.template())
        out(f"Written: {template}. A row for each person and week; then: insource pool-plan PLACE --weekly {template}")
        return
    if not place:
        todo = "give a place folder, 'anytown', or such as synthetic:1000"
        raise InputError(Problem("no_place", "no place was given", todo))
    numbers = numbers_given(given)
    if reliability is not None:
        numbers[RELIABILITY] = reliability
    if not 0.5 <= numbers.get(RELIABILITY, 0.5) < 1.0:
        what, todo = "no team covers need in such a share of weeks", "give 0.5 to 0.999, such as 0.95"
        raise InputError(Problem("reliability", what, todo, column="--reliability", found=f"{numbers[RELIABILITY]:g}"))
    inputs = _inputs(place)
    frame = None
    if weekly is not None:
        read = weekly_hours.read(open_table(weekly, list(weekly_hours.FORMATS.values()), weekly.name), new_key())
        frame = read.frame
        inputs = (*inputs, input_of(weekly, read.opened.rows, read.usable_rows))
        for notice in read.opened.notices:
            err(f"{weekly.name}: {notice}")
        if lost := read.opened.rows - read.usable_rows:
            err(f"{weekly.name}: {lost:,} of {read.opened.rows:,} rows cannot be used")
    run(pool_plan(open_place(place), line, frame, numbers, inputs), out_folder, as_json, publish)


def _inputs(place: str) -> tuple[Input, ...]:
    """The files behind a place, if it is a folder."""
    folder = path_of(place)
    if not folder.is_dir():
        return ()
    return tuple(input_of(folder / file.file, file.rows, file.usable_rows) for file in check(folder).files)

"""insource workforce: pay, turnover, empty posts and pay offers from ASC-WDS files or a pay list."""

from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from insource.cli.console import out
from insource.cli.desk import numbers_given, run
from insource.cli.options import JsonOption, OutOption, PublishOption, SetOption
from insource.desk.workforce.tool import workforce
from insource.errors import InputError, Problem
from insource.files import write_text
from insource.records import pay_list

BUNDLED = "anytown"
LOWEST_OFFER, HIGHEST_OFFER = 1.0, 100.0


def add(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command("workforce")(workforce_)


def workforce_(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files, folders, or 'anytown'.")] = None,
    offer: Annotated[float | None, typer.Option(help="Pay for an hour, in pounds, to try.")] = None,
    day: Annotated[str, typer.Option(help="When the files were true, as 2025-04-01 (today if left out).")] = "",
    template: Annotated[Path | None, typer.Option("--template", help="Write an empty pay list here.")] = None,
    given: SetOption = None,
    out_folder: OutOption = None,
    as_json: JsonOption = False,
    publish: PublishOption = False,
) -> None:
    """Pay against floor, living wage and council scale; turnover; next year's empty posts; what an offer changes."""
    if template is not None:
        write_text(template, pay_list.template())
        out(f"Written: {template}. Write over the made-up rows, then: insource workforce {template}")
        return
    if not paths:
        todo = "give ASC-WDS files, a pay list (--template FILE writes one), or: insource workforce anytown"
        raise InputError(Problem("no_workforce_files", "no file was given", todo))
    if offer is not None and not LOWEST_OFFER <= offer <= HIGHEST_OFFER:
        allowed = f"{LOWEST_OFFER:g} to {HIGHEST_OFFER:g} pounds"
        what, todo = "this is no pay for an hour", "write pounds, such as --offer 13.50"
        raise InputError(Problem("offer", what, todo, column="--offer", found=f"{offer:g}", allowed=allowed))
    run(
        workforce([_found(path) for path in paths], offer, numbers_given(given), _day(day)),
        out_folder,
        as_json,
        publish,
    )


def _found(path: Path) -> Path:
    """The path, or the made-up place that comes with the product."""
    if str(path) == BUNDLED and not path.exists():
        return Path(str(files("insource").joinpath("data", "places", BUNDLED)))
    return path


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        what, todo = "this is not a day", "write it as 2025-04-01"
        raise InputError(Problem("day", what, todo, column="--day", found=text[:20])) from None

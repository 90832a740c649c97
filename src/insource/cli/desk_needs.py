"""insource needs: budgets against the cost of meeting needs."""

from pathlib import Path
from typing import Annotated

import typer

from insource.cli.console import out
from insource.cli.desk import numbers_given, run
from insource.cli.options import JsonOption, OutOption, PublishOption, SetOption
from insource.desk.needs import needs
from insource.records.assessments import write_template


def add(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command("needs")(needs_)


def needs_(
    files: Annotated[
        list[str] | None,
        typer.Argument(help="Assessments, Client Level Data, a folder with them, a Scottish census, or 'anytown'."),
    ] = None,
    out_folder: OutOption = None,
    as_json: JsonOption = False,
    publish: PublishOption = False,
    given: SetOption = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same intervals.", min=0)] = 1,
    template: Annotated[Path | None, typer.Option(help="Write an empty file of assessments here, and stop.")] = None,
) -> None:
    """Set budgets beside the cost of meeting needs: who is short, who has to spare, and what other rules would do."""
    if template is not None:
        write_template(template)
        out(f"Written: {template}. Fill in one row for each person, then: insource needs {template}")
        return
    if not files:
        raise typer.BadParameter("name a file or a folder, or 'anytown' to try it")
    run(needs(files, numbers_given(given), seed), out_folder, as_json, publish)

"""insource value: what the models of a comparison are worth, how sure that is, and what would be worth knowing."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from insource.appraise.discounting import DEFAULT, editions
from insource.appraise.value import Question
from insource.cli.console import out
from insource.cli.desk import JsonOption, OutOption, PublishOption, write_result
from insource.compare.run import is_complete, read_manifest
from insource.errors import InputError, Problem, unknown
from insource.report.value_result import appraisal


class PurseName(StrEnum):
    """Whose costs count."""

    COUNCIL_AND_NHS = "council_and_nhs"
    COUNCIL = "council"


class TimingName(StrEnum):
    """When in its year a sum is taken to fall."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


def add(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command("value")(value)


def value(
    folder: Annotated[Path, typer.Argument(help="The folder that 'insource compare ... --out' wrote.")],
    threshold: Annotated[float, typer.Option(help="Pounds that a SC-QALY is taken to be worth.", min=0)] = 30_000,
    purse: Annotated[PurseName, typer.Option(help="Whose costs count.")] = PurseName.COUNCIL_AND_NHS,
    discounting: Annotated[str, typer.Option(help="Table of discount rates: green_book_2026, low or none.")] = DEFAULT,
    timing: Annotated[TimingName, typer.Option(help="When in its year a sum falls.")] = TimingName.END,
    out_folder: OutOption = None,
    as_json: JsonOption = False,
    publish: PublishOption = False,
) -> None:
    """Present values by purse, net benefit, how often each model is best, and the worth of knowing more."""
    manifest = read_manifest(folder)
    if not is_complete(folder):
        todo = "run the same 'insource compare' again: it goes on where it stopped"
        raise InputError(Problem("not_complete", "the comparison is not complete", todo, file=str(folder)))
    if discounting not in editions():
        raise InputError(unknown("table of discount rates", discounting, editions(), where="--discounting"))
    titles = titles_of(manifest)
    question = Question(threshold, purse.value, discounting, timing.value)
    result = appraisal(folder, manifest, titles, question)
    result = result.published() if publish else result
    written = write_result(result, out_folder) if out_folder is not None else []
    if as_json:
        out(result.to_json())
        return
    out(result.title)
    for line in (*result.summary, *(f"Written: {path}" for path in written)):
        out(f"- {line}")


def titles_of(manifest: dict[str, Any]) -> dict[str, str]:
    """The delivery models of a run by name, with their titles, in the order of the run."""
    return {model["name"]: model["title"] for model in manifest["models"]}

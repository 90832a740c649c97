"""insource value: what the models of a comparison are worth, how sure that is, and what would be worth knowing."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from insource.appraise.discounting import DEFAULT, editions
from insource.appraise.value import Question
from insource.cli.blocks import Shown, finish, marked, with_blocks
from insource.cli.options import PublishOption
from insource.compare.run import of_draws, read_manifest, refuse_unusable
from insource.errors import InputError, unknown
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


@with_blocks()
def value(
    folder: Annotated[Path, typer.Argument(help="The folder that 'insource compare ... --out' wrote.")],
    threshold: Annotated[float, typer.Option(help="Pounds that a SC-QALY is taken to be worth.", min=0)] = 30_000,
    purse: Annotated[PurseName, typer.Option(help="Whose costs count.")] = PurseName.COUNCIL_AND_NHS,
    discounting: Annotated[str, typer.Option(help="Table of discount rates: green_book_2026, low or none.")] = DEFAULT,
    timing: Annotated[TimingName, typer.Option(help="When in its year a sum falls.")] = TimingName.END,
    publish: PublishOption = False,
    *,
    shown: Shown,
) -> None:
    """Present values by purse, payback, net benefit, how often each model is best, and the worth of knowing more."""
    manifest = read_manifest(folder)
    refuse_unusable(folder)
    if discounting not in editions():
        raise InputError(unknown("table of discount rates", discounting, editions(), where="--discounting"))
    titles = titles_of(manifest)
    question = Question(threshold, purse.value, discounting, timing.value)
    result = appraisal(folder, manifest, titles, question)
    result = marked(result, of_draws(manifest))
    finish(result.published() if publish else result, shown)


def titles_of(manifest: dict[str, Any]) -> dict[str, str]:
    """The delivery models of a run by name, with their titles, in the order of the run."""
    return {model["name"]: model["title"] for model in manifest["models"]}

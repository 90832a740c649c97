"""insource tender: the tender laboratory."""

from pathlib import Path
from typing import Annotated

import typer

from insource.cli import desk
from insource.cli.console import err, out
from insource.cli.options import JsonOption, OutOption, PublishOption, SetOption
from insource.desk.tender.choices import choose
from insource.desk.tender.templates import write_examples, write_templates
from insource.desk.tender.tool import Files, read_files, tender

MOST_SHOWN = 10


def add(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command("tender")(tender_)


def tender_(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Bids (CSV or Excel), OCDS releases (.json), an evaluation model (.yaml); none: test the rule."
        ),
    ] = None,
    formula: Annotated[
        str, typer.Option(help="against_lowest, within_range, against_mean, price_a_point or priced_quality.")
    ] = "",
    weight: Annotated[float | None, typer.Option(help="Weight of price, 0 to 1.")] = None,
    point: Annotated[
        float | None, typer.Option(help="What a mark is worth, in pounds an hour (priced_quality).")
    ] = None,
    hours: Annotated[float | None, typer.Option(help="Hours of care a year, where the file does not say.")] = None,
    date: Annotated[str, typer.Option(help="Wages and rates in force on this day, such as 2025-04-01.")] = "",
    template: Annotated[Path | None, typer.Option(help="Write an empty template for bids into this folder.")] = None,
    examples: Annotated[Path | None, typer.Option(help="Write made-up tenders into this folder.")] = None,
    given: SetOption = None,
    out_folder: OutOption = None,
    as_json: JsonOption = False,
    publish: PublishOption = False,
) -> None:
    """Test a tender: who wins under every formula and weight, whether a losing bid decides, which prices are too low.

    Before publication give no bids, and the rule is tried on plausible tenders. With --publish bidders are not named.
    """
    if template is not None or examples is not None:
        written = write_templates(template) if template is not None else []
        written += write_examples(examples) if examples is not None else []
        for path in written:
            out(f"Written: {path}")
        return
    read = read_files(files or [])
    _warn(read)
    chosen = choose(read.evaluation, formula, weight, point, hours, date, desk.numbers_given(given))
    desk.run(tender(read, chosen, hides_names=publish), out_folder, as_json, publish)


def _warn(read: Files) -> None:
    """Say what is wrong with rows; those that can be used are used."""
    problems = [problem for log in read.logs for problem in log.each()]
    for problem in problems[:MOST_SHOWN]:
        err(problem.text())
    if len(problems) > MOST_SHOWN:
        err(f"... and {len(problems) - MOST_SHOWN:,} problems more")

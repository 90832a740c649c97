"""insource check: are these records usable?"""

import json
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from insource.cli.console import out, table
from insource.cli.desk import write_result
from insource.cli.options import JsonOption, PublishOption
from insource.desk.care_records import path_of
from insource.desk.check import check_result, fields, losses
from insource.records.checking import Checked, FileCheck, check
from insource.units import share_shown

MOST_SHOWN = 20
CSV = ".csv"


def add(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command("check")(check_)


def check_(
    path: Annotated[str, typer.Argument(help="A file, a folder, or 'anytown'.")],
    all_problems: Annotated[bool, typer.Option("--all", help="Print every problem, not the first of them.")] = False,
    out_to: Annotated[
        Path | None,
        typer.Option("--out", help="A .csv file for every problem, or a folder for page and workbook too."),
    ] = None,
    as_json: JsonOption = False,
    publish: PublishOption = False,
) -> int:
    """List every problem with file, row, column, what was found, what is allowed and what to do; count them by kind.

    Says how well each field is filled and what each kind of problem costs in usable rows. Exit status 1 where a row
    cannot be used, else 0. Nothing personal is printed: such values are shown as patterns.
    """
    if publish and out_to is not None and out_to.suffix.lower() == CSV:
        raise typer.BadParameter("a list of problems is about single rows: give --publish with a folder")
    checked = check(path_of(path), everything=True)
    written = _write(checked, out_to, publish) if out_to is not None else []
    if publish and not as_json:
        out(f"{checked.usable_rows:,} of {checked.rows:,} rows can be used ({share_shown(checked.usable_share)}).")
        for file in written:
            out(f"Written: {file}")
    elif as_json:
        out(json.dumps(_content(checked)))
    else:
        _print(checked, all_problems, written)
    return 1 if checked.is_unusable else 0


def _write(checked: Checked, out_to: Path, publish: bool) -> list[Path]:
    if out_to.suffix.lower() == CSV:
        checked.write_csv(out_to)
        return [out_to]
    if publish:
        return write_result(check_result(checked).published(), out_to)
    return write_result(check_result(checked), out_to, {"problems.csv": checked.write_csv})


def _print(checked: Checked, all_problems: bool, written: list[Path]) -> None:
    for notice in checked.notices:
        out(notice)
    for file in checked.files:
        _print_file(file)
    counts = checked.counts()
    if not counts:
        out("No problems found.")
    else:
        _print_problems(checked, all_problems)
    for path in written:
        out(f"Written: {path}")


def _print_problems(checked: Checked, all_problems: bool) -> None:
    counts = checked.counts()
    total = sum(count.count for count in counts)
    shown = checked.each() if all_problems else islice(checked.each(), MOST_SHOWN)
    out()
    for problem in shown:
        out(problem.text())
    if total > MOST_SHOWN and not all_problems:
        out(f"... and {total - MOST_SHOWN:,} more: --all prints them, --out FILE.csv writes them")
    out()
    rows = [
        (f"{count.count:,}", count.severity, count.column, count.what, count.allowed[:60], count.todo, count.code)
        for count in counts
    ]
    table(("count", "rows are", "column", "what", "allowed", "what to do", "code"), rows, "Problems by kind")
    _print_losses(checked)
    _print_fields(checked)
    out()
    out(f"{checked.usable_rows:,} of {checked.rows:,} rows can be used ({share_shown(checked.usable_share)}).")


def _print_losses(checked: Checked) -> None:
    lost = [row for row in losses(checked).iter_rows(named=True) if row["rows"]]
    if lost:
        out()
        rows = [(row["file"], row["column"], row["what"], f"{row['rows']:,}", f"{row['alone']:,}") for row in lost]
        title = "What each kind costs: rows lost, and rows won if it alone were mended"
        table(("file", "column", "what", "rows lost", "won"), rows, title)


def _print_fields(checked: Checked) -> None:
    """The fields in which something is missing or wrong, the worst first."""
    worst = [row for row in fields(checked).iter_rows(named=True) if row["missing"] or row["invalid"]]
    if worst:
        out()
        rows = [
            (
                row["file"],
                row["field"],
                share_shown(row["filled_share"]),
                f"{row['missing']:,} of {row['needed']:,}",
                f"{row['invalid']:,}",
            )
            for row in sorted(worst, key=lambda row: -row["missing"] - row["invalid"])[:MOST_SHOWN]
        ]
        title = "Fields with something missing or wrong"
        table(("file", "field", "filled in", "blank where it must not be", "not valid"), rows, title)


def _print_file(file: FileCheck) -> None:
    kind = " ".join(part for part in (file.format.replace("_", " "), file.release) if part)
    out(f"{file.file}: {kind or 'could not be read'}, {file.rows:,} rows, {file.usable_rows:,} usable")
    for notice in file.notices:
        out(f"  {notice}")


def _content(checked: Checked) -> dict[str, Any]:
    return {
        "rows": checked.rows,
        "usable_rows": checked.usable_rows,
        "usable_share": checked.usable_share,
        "files": [
            {
                "file": file.file,
                "format": file.format,
                "release": file.release,
                "rows": file.rows,
                "usable": file.usable_rows,
            }
            for file in checked.files
        ],
        "problems": [
            {
                "code": count.code,
                "file": count.file,
                "column": count.column,
                "rows_are": count.severity,
                "count": count.count,
            }
            for count in checked.counts()
        ],
        "losses": losses(checked).to_dicts(),
        "fields": fields(checked).to_dicts(),
    }

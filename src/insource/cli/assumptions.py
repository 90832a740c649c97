"""insource assumptions: every number as a workbook to edit, and what was changed in it as a file of overrides."""

import json
from pathlib import Path
from typing import Annotated

import typer

from insource.cli.console import err, out, table
from insource.errors import InputError, Problem
from insource.files import write_atomically, write_text
from insource.parameters import BASE_DATE, parameters
from insource.place import open_place
from insource.records.assumptions_file import Change, as_yaml, read_assumptions
from insource.report.assumptions_workbook import write_assumptions

group = typer.Typer(help="All assumptions as a workbook, out and back in.", no_args_is_help=True, rich_markup_mode=None)
HEADER = ("assumption", "unit", "before", "after", "range believed", "reason")


def add(app: typer.Typer) -> None:
    """Put the commands on the command line."""
    app.add_typer(group, name="assumptions")


@group.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="Workbook to write (.xlsx).")],
    place: Annotated[
        str, typer.Option("--place", help="Show the values that a place's records give: 'anytown' or a folder.")
    ] = "",
) -> None:
    """Write every assumption to a workbook in which values and reasons can be changed."""
    if file.suffix.lower() != ".xlsx":
        what, todo = "a workbook is written as .xlsx", "give a name such as assumptions.xlsx"
        raise InputError(Problem("not_xlsx", what, todo, file=str(file), found=file.suffix or "no ending"))
    opened = open_place(place) if place else None
    records, date = (opened.records, opened.base_date) if opened else ((), BASE_DATE)
    name = opened.name if opened else ""
    write_atomically(file, lambda path: write_assumptions(path, records, date, name))
    own = f", {len(records)} of them from the records of {name}" if opened else ""
    out(f"Written: {file}, {len(parameters())} assumptions{own}")
    out(f"Change values, say why, save, and: insource assumptions import {file} --out overrides.yaml")


@group.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="The workbook, edited.")],
    out_file: Annotated[Path | None, typer.Option("--out", help="Write the changes to this YAML file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the changes as JSON.")] = False,
) -> None:
    """List what was changed in a workbook of assumptions, and write it as a file for 'compare --override'."""
    found = read_assumptions(file)
    if out_file is not None:
        write_text(out_file, as_yaml(found, file.name))
    if as_json:
        out(json.dumps({"changes": [_content(one) for one in found.changes], "notes": found.notes}, ensure_ascii=False))
        return
    if found.changes:
        table(HEADER, [_row(one) for one in found.changes], f"{len(found.changes)} of {found.rows} assumptions changed")
    else:
        out(f"Nothing was changed: {found.rows} assumptions are as they were.")
    for note in found.notes:
        err(f"note: {note}")
    if out_file is not None:
        out(f"Written: {out_file}; use it with 'insource compare ... --override {out_file}'")


def _row(change: Change) -> tuple[str, ...]:
    low, high = change.believed
    values = f"{change.before:.6g}", f"{change.override.value:.6g}"
    return change.override.name, change.parameter.unit, *values, f"{low:g} to {high:g}", change.override.reason


def _content(change: Change) -> dict[str, object]:
    return {
        "name": change.override.name,
        "unit": change.parameter.unit,
        "before": change.before,
        "after": change.override.value,
        "reason": change.override.reason,
        "is_believed": change.is_believed,
        "row": change.row,
    }

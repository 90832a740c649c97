"""Write the tables of a team: empty ones to fill in, an example, and whatever else the planner hands back."""

import csv
import io
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

import polars as pl

from insource import strict_yaml
from insource.files import make_folder, write_together
from insource.planner.formats import TABLES, Table
from insource.planner.numbers import defaults
from insource.planner.reading import ONE_WORKBOOK, RULES_FILE
from insource.records.problem_log import safe_cell
from insource.workbooks import new_workbook

README = "README.txt"
SAMPLES_FILE = "data/planner/samples.yaml"
NEEDED_NOTE = "people, visits and carers are needed; every other file may be left out."


@cache
def samples() -> dict[str, list[dict[str, str]]]:
    """Rows that show what is meant, by table; by our own names of columns."""
    text = files("insource").joinpath(SAMPLES_FILE).read_text(encoding="utf-8")
    content: dict[str, list[dict[str, str]]] = strict_yaml.read_text(text, SAMPLES_FILE)
    return content


def as_csv(frame: pl.DataFrame) -> bytes:
    """A table as CSV; cells that a spreadsheet would run are made safe."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(frame.columns)
    for row in frame.iter_rows():
        writer.writerow(["" if cell is None else safe_cell(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue().encode("utf-8")


def templates(folder: Path, is_workbook: bool = False) -> list[Path]:
    """Write a template of every table, with rows to show what is meant, and what each column is; returns the paths."""
    make_folder(folder)
    frames = {name: sample(table) for name, table in TABLES.items()}
    writers: dict[Path, Callable[[Path], object]] = {
        folder / README: lambda path: path.write_text(_readme(), encoding="utf-8")
    }
    if is_workbook:
        writers[folder / f"{ONE_WORKBOOK}.xlsx"] = lambda path: _workbook(path, frames)
    else:
        writers |= table_writers(folder, frames)
    write_together(writers)
    return list(writers)


def sample(table: Table) -> pl.DataFrame:
    """The headings of a table with the rows that show what is meant."""
    return pl.DataFrame({one.heading: [row.get(one.name, "") for row in samples()[table.name]] for one in table.fields})


def table_writers(folder: Path, frames: Mapping[str, pl.DataFrame]) -> dict[Path, Callable[[Path], object]]:
    """What writes each table as CSV into the folder."""

    def writer(frame: pl.DataFrame) -> Callable[[Path], object]:
        content = as_csv(frame)
        return lambda path: path.write_bytes(content)

    return {folder / f"{name}.csv": writer(frame) for name, frame in frames.items()}


def _workbook(path: Path, frames: Mapping[str, pl.DataFrame]) -> None:
    with new_workbook(path) as book:
        bold = book.add_format({"bold": True, "text_wrap": True})
        for name, frame in frames.items():
            sheet = book.add_worksheet(name)
            for column, heading in enumerate(frame.columns):
                sheet.write_string(0, column, heading, bold)
                sheet.write_comment(0, column, TABLES[name].fields[column].what or heading)
                for row, cell in enumerate(frame[heading], 1):
                    sheet.write_string(row, column, cell)
            sheet.set_column(0, len(frame.columns) - 1, 16)
            sheet.freeze_panes(1, 0)


def _readme() -> str:
    lines = [
        "The files of a care team, for insource pool.",
        "The rows in them show what is meant: put your own in their place.",
        NEEDED_NOTE,
        "",
    ]
    for name, table in TABLES.items():
        lines += [f"{name}.csv: {table.title}"]
        for one in table.fields:
            said = [one.what] if one.what else []
            said += [f"one of: {', '.join(one.codes)}"] if one.codes else []
            said += [f"{one.low:g} to {one.high:g}"] if one.high else []
            said += [f"blank: {one.blank}"] if one.blank else []
            lines.append(f"  {one.heading}{' (needed)' if one.is_needed else ''}: {'; '.join(said)}")
        lines.append("")
    lines.append(f"{RULES_FILE}: numbers of your own in place of these, such as 'car_kmh: 22', a line each")
    lines += [f"  {one.name}: {one.value:g} {one.unit}. {one.what}" for one in defaults().values()]
    return "\n".join(lines) + "\n"

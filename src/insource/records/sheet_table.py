"""The first sheet of a workbook (.xlsx, .xls, .ods) that holds one of the formats, read as text like a CSV file.

The row of headings is looked for in the first rows of every sheet, because councils put titles above it.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import fastexcel
import polars as pl

from insource.records.beginning import Beginning, refuse
from insource.records.headings import Format, Header, plain, read_header
from insource.records.problem_log import ProblemLog

ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
ROWS_LOOKED_AT = 15


@dataclass
class SheetTable:
    """A sheet whose headings have been understood; the same questions can be put to it as to `reading.Opened`."""

    name: str
    header: Header
    log: ProblemLog
    notices: list[str]
    cells: pl.DataFrame = field(repr=False)
    first_row: int
    rows: int = 0

    @property
    def format(self) -> Format:
        """Which kind of file it is."""
        return self.header.format

    def has(self, name: str) -> bool:
        """True if the file has the column that our code calls `name`."""
        return name in self.header.positions

    def blocks(self, wanted: Sequence[str]) -> Iterator[pl.DataFrame]:
        """The rows that are not blank, once: `row` and the wanted columns as text."""
        numbers = pl.Series("row", range(self.first_row, self.first_row + self.cells.height), dtype=pl.UInt32)
        columns = [
            self.cells.to_series(self.header.positions[name]).alias(name)
            if self.has(name)
            else pl.Series(name, [None], dtype=pl.String).new_from_index(0, self.cells.height)
            for name in wanted
        ]
        is_filled = pl.any_horizontal(pl.all().str.strip_chars().fill_null("") != "")
        filled = self.cells.select(is_filled.alias("filled"))["filled"]
        table = pl.DataFrame([numbers, *columns]).filter(filled)
        self.rows = table.height
        if self.rows == 0:
            raise refuse(self.name, "no_rows", "there are headings but no rows below them", "export it again")
        yield table


def is_workbook(path: Path) -> bool:
    """True for the endings of workbooks."""
    return path.suffix.lower() in ENDINGS


def open_sheet(path: Path, formats: Sequence[Format], name: str = "", only: str = "") -> SheetTable:
    """Find the sheet and the row of headings that fit a format best; raises InputError if none does.

    `only`: the sheet of that name (in small letters) and no other.
    """
    name = name or str(path)
    best: tuple[int, int, pl.DataFrame] | None = None
    for cells in _sheets(path, name, only):
        for row in range(min(ROWS_LOOKED_AT, cells.height)):
            known = max(_known(layout, cells.row(row)) for layout in formats)
            if best is None or known > best[0]:
                best = (known, row, cells)
    if best is None:
        raise refuse(name, "empty_file", "the workbook is empty", "export it again; it should hold headings and rows")
    _, row, cells = best
    headings = [str(cell or "").strip() for cell in cells.row(row)]
    header = read_header(_as_beginning(path, name, headings), formats)
    return SheetTable(name, header, ProblemLog(name), list(header.notices), cells.slice(row + 1), row + 2)


def headings_of(path: Path, name: str = "") -> list[str]:
    """The row with most filled cells among the first ones of the first sheet that has any."""
    name = name or str(path)
    for cells in _sheets(path, name):
        first = cells.head(ROWS_LOOKED_AT).rows()
        rows = [[str(cell or "").strip() for cell in row] for row in first]
        if any(any(row) for row in rows):
            return max(rows, key=lambda row: sum(bool(cell) for cell in row))
    raise refuse(name, "empty_file", "the workbook is empty", "export it again; it should hold headings and rows")


def _sheets(path: Path, name: str, only: str = "") -> Iterator[pl.DataFrame]:
    """Every sheet (or the one of that name) as a table of text without headings."""
    if not path.exists():
        raise refuse(name, "no_such_file", "there is no such file", "check the path")
    try:
        book = fastexcel.read_excel(str(path))
        names = [one for one in book.sheet_names if only in ("", one.lower())]
        sheets = [book.load_sheet(one, header_row=None, skip_rows=0, dtypes="string") for one in names]
        tables = [sheet.to_polars() for sheet in sheets]
    except Exception:  # whatever the library says would quote the file
        raise refuse(
            name, "unreadable", "cannot be read as a workbook", "open it in a spreadsheet and save it as .xlsx or CSV"
        ) from None
    for table in tables:
        if table.height and table.width:
            yield table.cast(pl.String)


def _known(layout: Format, row: tuple[object, ...]) -> int:
    keys = {plain(str(cell or "")) for cell in row} - {""}
    return sum(bool(column.keys() & keys) for column in layout.columns)


def _as_beginning(path: Path, name: str, headings: list[str]) -> Beginning:
    """The row of headings in the shape in which the headings of CSV files are understood."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerow([heading.replace("\n", " ") for heading in headings])
    return Beginning(path, name, text.getvalue().encode(), 0, False, True)

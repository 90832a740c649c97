"""Read the first sheet of an Excel workbook as if it had been saved as CSV, so that one reader checks both.

Rows keep the numbers they have on the sheet. Cells hold what Excel last worked out; formulas are not run.
"""

import csv
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import fastexcel

from insource.records.beginning import refuse
from insource.records.headings import Format
from insource.records.reading import Opened, open_table

ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
LARGEST_BYTES = 50_000_000
"""A workbook of bids is small; a larger file is refused before it is unpacked."""


def is_workbook(path: Path) -> bool:
    """Whether a file is a workbook, by the ending of its name."""
    return path.suffix.lower() in ENDINGS


@contextmanager
def open_sheet_or_csv(path: Path, formats: list[Format], name: str = "") -> Iterator[Opened]:
    """Open a CSV file or the first sheet of a workbook; its rows can be read until the block ends.

    Raises InputError, with one clear problem, for what is neither.
    """
    name = name or str(path)
    if not is_workbook(path):
        yield open_table(path, formats, name)
        return
    with tempfile.TemporaryDirectory(prefix="insource-") as folder:
        copy = Path(folder) / "sheet.csv"
        _write_as_csv(path, copy, name)
        yield open_table(copy, formats, name)


def _write_as_csv(path: Path, copy: Path, name: str) -> None:
    try:
        size = path.stat().st_size
    except OSError:
        raise refuse(name, "no_such_file", "there is no such file", "check the path") from None
    if size > LARGEST_BYTES:
        what = "this workbook is too large to be a list of bids"
        raise refuse(name, "too_large", what, "save the sheet that is meant as CSV", found=f"{size:,} bytes")
    try:
        sheet = fastexcel.read_excel(str(path)).load_sheet(0, header_row=None, skip_rows=0, dtypes="string").to_polars()
    except Exception:  # the library has many kinds of its own, and their messages quote cells
        what = "this cannot be read as an Excel workbook"
        raise refuse(name, "bad_workbook", what, "open it in Excel and save it again, or save it as CSV") from None
    with copy.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for row in sheet.iter_rows():
            writer.writerow([_one_line(cell) for cell in row])


def _one_line(cell: str | None) -> str:
    """A cell without line breaks, so that rows keep their numbers."""
    return " ".join((cell or "").split())

"""The workbook of a desk tool: real tables, number formats, frozen headings, live formulas, and how it was done.

Text never becomes a formula: it is written as text, with an apostrophe before signs that a spreadsheet would run.
"""

import math
import re
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
from xlsxwriter.utility import xl_col_to_name

from insource.desk.findings import finding_kinds
from insource.desk.result import FIRST_ROW, Column, Kind, Result, Sheet
from insource.records.problem_log import safe_cell
from insource.workbooks import new_workbook

FORMATS: dict[Kind, str] = {
    "text": "@",
    "number": "#,##0.00",
    "pounds": "£#,##0.00;-£#,##0.00",
    "hours": "#,##0.0",
    "share": "0.0%",
    "date": "dd/mm/yyyy",
    "count": "#,##0",
    "year": "0",
}
MOST_ROWS = 100_000
LONGEST_TEXT = 32_000
WIDEST, NARROWEST = 60, 9
A_DAY = datetime(2000, 1, 1)
"""Workbooks carry this date as that of their making, so that the same figures give the same file."""
STYLE = "Table Style Light 1"
TO_FILL = "to_fill"
"""The format of cells that people fill in."""


def write_workbook(path: Path, result: Result) -> None:
    """Write the result as an Excel workbook."""
    write_sheets(path, result.title, [_summary(result), _findings(result), *result.sheets, _method(result)])


def write_sheets(path: Path, title: str, sheets: Sequence[Sheet]) -> None:
    """Write sheets as an Excel workbook; formulas of one may look at another."""
    with new_workbook(path) as book:
        book.set_properties({"title": title, "created": A_DAY})
        used: set[str] = set()
        formats: dict[str, Any] = {
            kind: book.add_format({"num_format": text, "valign": "top"}) for kind, text in FORMATS.items()
        }
        formats["text"].set_text_wrap()
        formats[TO_FILL] = book.add_format({"valign": "top", "text_wrap": True, "border": 1, "bg_color": "#fff6d6"})
        bold = book.add_format({"bold": True, "font_size": 13})
        places = {sheet.name: _Place(sheet) for sheet in sheets}
        for sheet in sheets:
            if sheet.columns:
                _write(book, sheet, places, formats, bold, used)


def _write(
    book: Any, sheet: Sheet, places: dict[str, "_Place"], formats: dict[str, Any], bold: Any, used: set[str]
) -> None:
    page = book.add_worksheet(sheet.name)
    page.write_string(0, 0, _safe(sheet.title), bold)
    frame = sheet.frame.select(*sheet.columns).head(MOST_ROWS)
    note = sheet.note
    if sheet.frame.height > MOST_ROWS:
        note = f"The first {MOST_ROWS:,} of {sheet.frame.height:,} rows. {note}".strip()
    page.write_string(1, 0, _safe(note))
    page.freeze_panes(FIRST_ROW - 1, 0)
    top, last = FIRST_ROW - 2, FIRST_ROW - 2 + max(frame.height, 1)
    headings = [{"header": column.heading} for column in sheet.columns.values()]
    name = _table_name(sheet.name, used)
    options = {"columns": headings, "name": name, "style": STYLE, "autofilter": frame.height > 1}
    page.add_table(top, 0, last, len(headings) - 1, options)
    for number, (name, column) in enumerate(sheet.columns.items()):
        formulas = sheet.formulas.get(name, "")
        of_row = [formulas] * frame.height if isinstance(formulas, str) else formulas
        width = min(max(_width(frame[name]), *(len(word) for word in column.heading.split()), NARROWEST), WIDEST)
        page.set_column(number, number, width + 2)
        for row, value in enumerate(frame[name]):
            at = (FIRST_ROW - 1 + row, number)
            text = of_row[row] and of_row[row].format_map(_Cells(places, sheet, row))
            _put(page, at, value, column, formats, text)
    for cell, formula in sheet.formulas.items():
        if cell not in sheet.columns and isinstance(formula, str):
            page.write_formula(cell, formula.format_map(_Cells(places, sheet, 0)), formats["number"])


def _put(page: Any, at: tuple[int, int], value: Any, column: Column, formats: dict[str, Any], formula: str) -> None:
    style = formats[TO_FILL if column.is_to_fill else column.kind]
    is_empty = value is None or (isinstance(value, float) and not math.isfinite(value))
    if formula:
        page.write_formula(*at, formula, style, "" if is_empty else value)
    elif is_empty:
        page.write_blank(*at, None, style)
    elif isinstance(value, date):
        page.write_datetime(*at, value, style)
    elif isinstance(value, bool) or not isinstance(value, int | float):
        page.write_string(*at, _safe("yes" if value is True else "no" if value is False else str(value)), style)
    else:
        page.write_number(*at, value, style)


def _safe(text: str) -> str:
    return safe_cell(text)[:LONGEST_TEXT]


def _width(column: pl.Series) -> int:
    if column.dtype == pl.String:
        return max(column.str.len_chars().drop_nulls(), default=0)
    return 12


def _table_name(name: str, used: set[str]) -> str:
    """A name for a table: letters, numbers and underscores, beginning with a letter, none twice."""
    plain = "table_" + re.sub(r"\W", "_", name.lower(), flags=re.ASCII)
    while plain in used:
        plain += "_"
    used.add(plain)
    return plain


class _Place:
    """Where the columns of a sheet stand in the workbook."""

    def __init__(self, sheet: Sheet):
        self.name = sheet.name
        self.letters = {name: xl_col_to_name(number) for number, name in enumerate(sheet.columns)}
        self.rows = min(sheet.frame.height, MOST_ROWS)
        self.settings: dict[str, str] = {}
        if sheet.name == METHOD_SHEET:
            names = sheet.frame.filter(pl.col("what") == "Setting")["text"]
            self.settings = {name: f"'{METHOD_SHEET}'!$C${FIRST_ROW + row}" for row, name in enumerate(names)}


class _Cells(dict[str, Any]):
    """What names in a formula stand for: columns of the sheet, `sheets` for those of others, `settings` for numbers."""

    def __init__(self, places: dict[str, _Place], sheet: Sheet, row: int):
        place = places[sheet.name]
        super().__init__({name: _Cell("", letter, row, place.rows) for name, letter in place.letters.items()})
        self["sheets"] = {name: _Other(one) for name, one in places.items()}
        self["settings"] = places[METHOD_SHEET].settings if METHOD_SHEET in places else {}


class _Other:
    """A sheet that a formula of another one looks at."""

    def __init__(self, place: _Place):
        self.place = place

    def __getattr__(self, name: str) -> "_Cell":
        return _Cell(f"'{self.place.name}'!", self.place.letters[name], 0, self.place.rows)


class _Cell:
    """A column in a row: `{price}` this row, `{price[2]}` the third, `{price.all}` all of them."""

    def __init__(self, sheet: str, letter: str, row: int, rows: int):
        self.sheet, self.letter, self.row, self.rows = sheet, letter, row, rows

    def __getitem__(self, row: int) -> "_Cell":
        return _Cell(self.sheet, f"${self.letter}$", row, self.rows)

    def __str__(self) -> str:
        return f"{self.sheet}{self.letter}{FIRST_ROW + self.row}"

    def __format__(self, _: str) -> str:
        return str(self)

    @property
    def all(self) -> str:
        """The whole column below its heading."""
        last = FIRST_ROW + max(self.rows, 1) - 1
        return f"{self.sheet}${self.letter}${FIRST_ROW}:${self.letter}${last}"


def _sheet_of(name: str, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], note: str = "") -> Sheet:
    content = {heading: [row[number] for row in rows] for number, heading in enumerate(columns)}
    frame = pl.DataFrame(content, schema=dict.fromkeys(columns, pl.String))
    return Sheet(name, title, frame, {heading: Column(heading) for heading in columns}, note)


def _summary(result: Result) -> Sheet:
    inside = "For use inside the council." if result.counts_people else ""
    note = "For publication: small numbers withheld." if result.is_published else inside
    rows = [("Question", result.question), *(("Found", line) for line in result.summary)]
    return _sheet_of("Summary", result.title, ("What", "Text"), rows, note)


FINDING_COLUMNS = {
    "code": Column("Code"),
    "subject": Column("Subject"),
    "reason": Column("Reason"),
    "pounds": Column("Pounds", "£ a year unless the meaning says otherwise", "pounds"),
    "hours": Column("Hours", "a year", "hours"),
    "people": Column("People", "", "count", is_count_of_people=True),
    "confidence": Column("Confidence"),
    "meaning": Column("Meaning"),
    "what_to_do": Column("What to do"),
    "rows": Column("Rows"),
}


def _findings(result: Result) -> Sheet:
    rows = [
        {
            **vars(finding),
            "rows": ", ".join(finding.rows),
            "meaning": finding_kinds()[finding.code].meaning,
            "what_to_do": finding_kinds()[finding.code].what_to_do,
        }
        for finding in result.findings
    ]
    numbers: dict[str, Any] = {"pounds": pl.Float64, "hours": pl.Float64, "people": pl.Int64}
    schema = {name: numbers.get(name, pl.String) for name in FINDING_COLUMNS}
    columns = {name: one for name, one in FINDING_COLUMNS.items() if name != "rows" or not result.is_published}
    return Sheet("Findings", "Findings", pl.DataFrame(rows, schema=schema), columns)


METHOD_SHEET = "Method and settings"
METHOD_COLUMNS = {
    "what": Column("What"),
    "text": Column("Text"),
    "value": Column("Value", "", "number"),
    "unit": Column("Unit"),
    "source": Column("Source"),
}


def _method(result: Result) -> Sheet:
    """Settings first, so that formulas can point at them; then the method, what is left out, and the files."""
    rows = [
        ("Setting", entry.name, float(entry.value), entry.unit, entry.source)
        if not isinstance(entry.value, str)
        else ("Setting", f"{entry.name}: {entry.value}", None, entry.unit, entry.source)
        for entry in result.settings
    ]
    said = {"Method": result.method, "Left out": result.exclusions, "Assumed": result.assumptions}
    rows += [(what, line, None, "", "") for what, lines in said.items() for line in lines]
    rows += [
        ("File", f"{one.file}: {one.rows:,} rows, {one.usable:,} usable; SHA-256 {one.sha256}", None, "", "")
        for one in result.inputs
    ]
    schema = {name: pl.Float64 if name == "value" else pl.String for name in METHOD_COLUMNS}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return Sheet(METHOD_SHEET, "How it was worked out, and the numbers used", frame, METHOD_COLUMNS)

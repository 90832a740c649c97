"""All assumptions as a workbook that a finance officer can edit: value and reason are open, all else is locked.

The sheet is protected without a password, against slips and not against people. What comes back is read by
`records/assumptions_file.py`.
"""

import math
from datetime import datetime
from pathlib import Path
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from insource.parameters import BASE_DATE, SURENESS_WORDS, Override, Parameter, parameters
from insource.records.assumptions_file import HEADING_ROW, HEADINGS, SHEET
from insource.records.problem_log import safe_cell
from insource.sources import sources
from insource.workbooks import new_workbook

A_DAY = datetime(2000, 1, 1)
"""Workbooks carry this date as that of their making, so that the same figures give the same file."""
WIDTHS = {
    **{"name": 30, "what": 48, "group": 16, "unit": 12, "given": 11, "low": 11, "high": 11, "value": 12},
    **{"reason": 40, "check": 26, "origin": 30, "sureness": 24, "source": 40, "where": 50},
}
LONGEST_CELL = 3000
NUMBER = "#,##0.######"
HOW_TO = (
    "What this is",
    "Every number insource uses for a comparison, with unit, the range believed, how sure we are and the source.",
    "What to do",
    "1. On the sheet 'Assumptions' change numbers in the column 'Your value'; only the yellow cells are open.",
    "2. Say why in 'Your reason', for each number you change. Reasons are printed: no names, no NHS numbers.",
    "3. The column 'Check' says what is still missing. Filter it to see what you have changed.",
    "4. Save the workbook and give it back: insource assumptions import FILE.xlsx --out overrides.yaml",
    "5. Use it: insource compare PLACE --models status_quo in_house --override overrides.yaml",
    "Good to know",
    "A number you change is used as you say in every draw; one you leave alone is drawn from the range believed.",
    "A value outside the range believed is allowed, and said. A value that cannot be (a share above 1) is refused.",
    "Shares are written 0 to 1: 0.12 is 12 in a hundred. Money is in pounds or pence as the column 'Unit' says.",
    "Values are those in force on the day named below. Where records of a place gave a value, the column "
    "'Where the value now is from' says so.",
)


def write_assumptions(path: Path, records: tuple[Override, ...] = (), date: str = BASE_DATE, place: str = "") -> None:
    """Write every parameter as it is in force on `date`, with the values of a place's records over the defaults."""
    own = {override.name: override for override in records}
    with new_workbook(path) as book:
        book.set_properties({"title": "Assumptions of insource", "created": A_DAY})
        _how_to(book, date, place)
        _assumptions(book, own, date)
        _sources(book)


def _how_to(book: Any, date: str, place: str) -> None:
    page = book.add_worksheet("How to use")
    bold, wrap = book.add_format({"bold": True, "font_size": 13}), book.add_format({"text_wrap": True})
    page.set_column(0, 0, 110)
    for row, line in enumerate(HOW_TO):
        page.write_string(row, 0, line, bold if len(line) < 20 else wrap)
    page.write_string(len(HOW_TO), 0, f"Values in force on {date}" + (f"; place: {safe_cell(place)}" if place else ""))
    page.protect()


def _assumptions(book: Any, own: dict[str, Override], date: str) -> None:
    page = book.add_worksheet(SHEET)
    styles = _styles(book)
    at = {key: number for number, key in enumerate(HEADINGS)}
    page.write_string(0, 0, "Assumptions", styles["title"])
    page.write_string(1, 0, "Change only the yellow cells: 'Your value' and 'Your reason'.")
    for key, heading in HEADINGS.items():
        page.write_string(HEADING_ROW - 1, at[key], heading, styles["heading"])
        page.set_column(at[key], at[key], WIDTHS[key])
    for row, parameter in enumerate(parameters().values(), start=HEADING_ROW):
        _row(page, row, at, parameter, own.get(parameter.name), date, styles)
    last = HEADING_ROW + len(parameters()) - 1
    page.freeze_panes(HEADING_ROW, 1)
    page.autofilter(HEADING_ROW - 1, 0, last, len(HEADINGS) - 1)
    todo = {"type": "text", "criteria": "begins with", "value": "Missing", "format": styles["missing"]}
    done = {"type": "text", "criteria": "begins with", "value": "Changed", "format": styles["changed"]}
    for rule in (todo, done):
        page.conditional_format(HEADING_ROW, at["check"], last, at["check"], rule)
    page.protect("", {"autofilter": True, "format_columns": True, "format_rows": True, "select_locked_cells": True})
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(HEADING_ROW - 1)


def _row(
    page: Any,
    row: int,
    at: dict[str, int],
    parameter: Parameter,
    own: Override | None,
    date: str,
    styles: dict[str, Any],
) -> None:
    given = parameter.central(date) if own is None else own.value
    low, high = parameter.ends(date)
    source = sources()[parameter.source.key]
    signed = f" Signed: {parameter.source.signed}" if parameter.source.signed else ""
    words = {
        "name": parameter.name,
        "what": parameter.what,
        "group": parameter.group.replace("_", " "),
        "unit": parameter.unit,
        "origin": "default of insource" if own is None else f"records of the place: {own.reason}",
        "sureness": SURENESS_WORDS[parameter.sureness],
        "source": source.text(),
        "where": parameter.source.where + signed,
    }
    for key, text in words.items():
        page.write_string(row, at[key], safe_cell(text)[:LONGEST_CELL], styles["text"])
    for key, value in (("given", given), ("low", low), ("high", high)):
        page.write_number(row, at[key], value, styles["number"])
    page.write_number(row, at["value"], given, styles["open_number"])
    page.write_blank(row, at["reason"], None, styles["open_text"])
    cell = {key: xl_rowcol_to_cell(row, at[key]) for key in ("given", "low", "high", "value", "reason")}
    page.write_formula(row, at["check"], CHECK.format(**cell), styles["text"], "")
    page.data_validation(row, at["value"], row, at["value"], _validation(parameter, low, high))


CHECK = (
    '=IF(NOT(ISNUMBER({value})),"Missing: a number",IF({value}={given},IF({reason}="","","A reason and no change"),'
    'IF(LEN(TRIM({reason}))=0,"Missing: your reason",'
    'IF(OR({value}<{low},{value}>{high}),"Changed; outside the range believed","Changed"))))'
)


def _validation(parameter: Parameter, low: float, high: float) -> dict[str, Any]:
    """What a cell takes: what the value can be at all. The message says what is believed."""
    least, most = parameter.limits()
    options: dict[str, Any] = {
        "validate": "decimal",
        "ignore_blank": False,
        "input_title": parameter.unit[:32],
        "input_message": f"Believed: {low:g} to {high:g}. Say why in 'Your reason'.",
        "error_title": "This value cannot be",
    }
    if math.isfinite(least) and math.isfinite(most):
        options |= {"criteria": "between", "minimum": least, "maximum": most}
        options["error_message"] = f"A number from {least:g} to {most:g}, in {parameter.unit}."
    elif math.isfinite(least):
        options |= {"criteria": ">=", "value": least}
        options["error_message"] = f"A number of {least:g} or more, in {parameter.unit}."
    else:
        options |= {"criteria": "between", "minimum": -1e12, "maximum": 1e12, "error_message": "A number, in digits."}
    return options


def _sources(book: Any) -> None:
    page = book.add_worksheet("Sources")
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    for number, (heading, width) in enumerate((("Source", 28), ("What", 90), ("Address", 60))):
        page.write_string(0, number, heading, bold)
        page.set_column(number, number, width)
    for row, one in enumerate(sources().values(), start=1):
        for number, text in enumerate((one.key, one.text(), one.address or "")):
            page.write_string(row, number, safe_cell(text)[:LONGEST_CELL], wrap)
    page.freeze_panes(1, 0)
    page.protect("", {"format_columns": True})


def _styles(book: Any) -> dict[str, Any]:
    base = {"valign": "top", "text_wrap": True}
    is_open = {"locked": False, "bg_color": "#FFF8D6", "border": 1, "border_color": "#B8A64A"}
    return {
        "title": book.add_format({"bold": True, "font_size": 13}),
        "heading": book.add_format({"bold": True, "bg_color": "#E4E9EE", "text_wrap": True, "valign": "top"}),
        "text": book.add_format(base),
        "number": book.add_format({"valign": "top", "num_format": NUMBER}),
        "open_number": book.add_format({"valign": "top", "num_format": NUMBER, **is_open}),
        "open_text": book.add_format({**base, "num_format": "@", **is_open}),
        "missing": book.add_format({"bold": True, "font_color": "#8A1C1C"}),
        "changed": book.add_format({"bold": True, "font_color": "#1C4B8A"}),
    }

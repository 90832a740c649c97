"""Read back the workbook of assumptions: which values were changed, why, and everything that is wrong with it.

The workbook is written by `report/assumptions_workbook.py` from the same `HEADINGS`. A value counts as changed if it
differs from the one printed beside it when the workbook was made.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import fastexcel

from insource.errors import InputError, Problem, near_miss, unknown
from insource.parameters import Override, Parameter, check_override, parameters

SHEET = "Assumptions"
HEADINGS = {
    "name": "Name",
    "what": "What it is",
    "group": "Belongs to",
    "unit": "Unit",
    "given": "Value now",
    "low": "Lowest believed",
    "high": "Highest believed",
    "value": "Your value",
    "reason": "Your reason",
    "check": "Check",
    "origin": "Where the value now is from",
    "sureness": "How sure",
    "source": "Source",
    "where": "Where in the source",
}
"""Columns of the sheet, in their order. Only `value` and `reason` may be written in."""
NEEDED = ("name", "given", "value", "reason")
HEADING_ROW = 4
"""The row of the sheet in which the headings stand, counted from 1."""
LARGEST_BYTES = 20_000_000
SAME = 1e-9
"""Numbers that differ by less than this share are the same: spreadsheets keep 15 digits."""
LONGEST_REASON = 1000


@dataclass(frozen=True)
class Change:
    """One value that somebody changed: what it was in the workbook, what it is to be, and why."""

    parameter: Parameter
    before: float
    believed: tuple[float, float]
    override: Override
    row: int

    @property
    def is_believed(self) -> bool:
        """Whether the new value lies within the range believed, as the workbook shows it."""
        low, high = self.believed
        return low <= self.override.value <= high


@dataclass(frozen=True)
class Changes:
    """What came back: the changes in the order of the sheet, and what the reader should know but need not mend."""

    changes: tuple[Change, ...]
    notes: tuple[str, ...]
    rows: int

    @property
    def overrides(self) -> tuple[Override, ...]:
        """The changes as overrides of a run."""
        return tuple(change.override for change in self.changes)


def read_assumptions(path: Path) -> Changes:
    """The changes made in a workbook of assumptions; raises InputError with one problem for each thing wrong."""
    rows = _rows(path)
    columns = _columns(rows[HEADING_ROW - 1] if len(rows) >= HEADING_ROW else (), path.name)
    problems: list[Problem] = []
    changes: list[Change] = []
    notes: list[str] = []
    seen: dict[str, int] = {}
    for number, cells in enumerate(rows[HEADING_ROW:], start=HEADING_ROW + 1):
        row = {key: cells[place].strip() for key, place in columns.items()}
        if not any(row[key] for key in NEEDED):
            continue
        name = row["name"]
        if wrong := _wrong_name(name, seen, number, path.name):
            problems.append(wrong)
            continue
        seen[name] = number
        found = _change(parameters()[name], row, number, path.name)
        if isinstance(found, Change):
            changes.append(found)
            notes += _notes_on_change(found)
        elif isinstance(found, str):
            notes += [found] if found else []
        else:
            problems += found
    if problems:
        raise InputError(problems)
    if left_out := [name for name in parameters() if name not in seen]:
        some = ", ".join(left_out[:5]) + (" and others" if len(left_out) > 5 else "")
        are = "1 row is" if len(left_out) == 1 else f"{len(left_out)} rows are"
        notes.append(f"{are} not in the workbook any more; what is missing counts as unchanged: {some}")
    return Changes(tuple(changes), tuple(notes), len(seen))


def as_yaml(changes: Changes, file: str) -> str:
    """The changes as the file that `insource compare --override` reads."""
    head = [f"# {len(changes.changes)} assumptions changed in {_plain(file)}; use with 'insource compare --override'."]
    lines = []
    for change in changes.changes:
        unit = change.parameter.unit
        lines.append(f"# {change.override.name}: {change.before:.10g} before, in {unit}")
        lines.append(f"{change.override.name}:")
        lines.append(f"  value: {_digits(change.override.value)}")
        lines.append(f"  reason: {_quoted(change.override.reason)}")
    return "\n".join([*head, *(lines or ["{}"])]) + "\n"


def _rows(path: Path) -> list[tuple[str, ...]]:
    """The cells of the sheet as text, every row as long as the longest."""
    try:
        size = path.stat().st_size
    except OSError:
        raise _refuse(path, "no_such_file", "there is no such file", "check the path") from None
    if size > LARGEST_BYTES:
        todo = "take pictures and other sheets out, or export a new workbook"
        raise _refuse(path, "too_large", "this is too large to be a workbook of assumptions", todo, f"{size:,} bytes")
    try:
        book = fastexcel.read_excel(str(path))
        names = book.sheet_names
        sheet = book.load_sheet(SHEET, header_row=None, skip_rows=0, dtypes="string") if SHEET in names else None
        frame = None if sheet is None else sheet.to_polars()
    except Exception:  # the library has many kinds of its own, and their messages quote cells
        todo = "open it in Excel and save it again as .xlsx"
        raise _refuse(path, "bad_workbook", "this cannot be read as an Excel workbook", todo) from None
    if frame is None:
        close = near_miss(SHEET, names)
        todo = f"name the sheet '{close}' '{SHEET}' again" if close else "export the assumptions again and edit that"
        what = f"the workbook has no sheet '{SHEET}'"
        raise _refuse(path, "no_sheet", what, todo, ", ".join(name[:40] for name in names[:10]))
    return [tuple(" ".join((cell or "").split()) for cell in row) for row in frame.iter_rows()]


def _columns(headings: tuple[str, ...], file: str) -> dict[str, int]:
    """Where each known column stands; raises InputError for headings unknown, missing or written twice."""
    keys = {heading.lower(): key for key, heading in HEADINGS.items()}
    places: dict[str, int] = {}
    problems = []
    for place, heading in enumerate(headings):
        if not heading:
            continue
        key = keys.get(heading.lower())
        if key is None:
            problems.append(unknown("column", heading[:40], HEADINGS.values(), file=file, where=heading[:40]))
        elif key in places:
            what, todo = f"the column '{heading}' stands there twice", "delete one of the two"
            problems.append(Problem("column_twice", what, todo, file=file, row=HEADING_ROW, column=heading))
        else:
            places[key] = place
    for key in NEEDED:
        if key not in places:
            what = f"the column '{HEADINGS[key]}' is missing"
            todo = f"put the headings back into row {HEADING_ROW}, or export the assumptions again"
            problems.append(Problem("no_column", what, todo, file=file, row=HEADING_ROW))
    if problems:
        raise InputError(problems)
    return places


def _wrong_name(name: str, seen: dict[str, int], row: int, file: str) -> Problem | None:
    if not name:
        what, todo = "this row names no assumption", "put the name back, or empty the row"
        return Problem("no_name", what, todo, file=file, row=row, column=HEADINGS["name"])
    if name in seen:
        what, todo = f"'{name}' stands in row {seen[name]} already", "delete one of the two rows"
        return Problem("row_twice", what, todo, file=file, row=row, column=HEADINGS["name"])
    if name not in parameters():
        found = unknown("parameter", name[:60], parameters(), file=file)
        return Problem(found.code, found.what, found.todo, file, row, HEADINGS["name"], found.found, found.allowed)
    return None


def _change(parameter: Parameter, row: dict[str, str], number: int, file: str) -> Change | str | list[Problem]:
    """The change of a row; a note (perhaps empty) where nothing is changed; or what is wrong with it."""
    before, value = _number(row["given"]), _number(row["value"])
    if before is None:
        what, todo = f"the value now of '{parameter.name}' was written over", "export the assumptions again"
        return [Problem("written_over", what, todo, file, number, HEADINGS["given"], row["given"][:30] or "nothing")]
    if value is None:
        what = f"'{parameter.name}' has no number" if row["value"] else f"'{parameter.name}' has no value"
        todo = f"write a number in digits, in {parameter.unit}, or {before:.10g} again to leave it as it is"
        if parameter.unit == "share":
            todo += " (0.12 for 12 in a hundred)"
        return [Problem("no_number", what, todo, file, number, HEADINGS["value"], row["value"][:30] or "nothing")]
    reason = row["reason"]
    if math.isclose(before, value, rel_tol=SAME, abs_tol=1e-12):
        return f"row {number}: '{parameter.name}' has a reason and no change; left as it is" if reason else ""
    if len(reason) > LONGEST_REASON:
        what, todo = f"the reason for '{parameter.name}' is very long", "say it in a few sentences"
        lengths = f"{len(reason):,} characters", f"{LONGEST_REASON:,}"
        return [Problem("long_reason", what, todo, file, number, HEADINGS["reason"], *lengths)]
    override = Override(parameter.name, value, reason)
    problems = [
        Problem(
            one.code,
            one.what,
            f"write it into the column '{HEADINGS['reason']}'" if one.code == "no_reason" else one.todo,
            file,
            number,
            HEADINGS["value"] if one.code == "impossible" else HEADINGS["reason"],
            one.found,
            one.allowed,
        )
        for one in check_override(override, file)
    ]
    low, high = _number(row.get("low", "")), _number(row.get("high", ""))
    believed = parameter.ends() if low is None or high is None else (low, high)
    return problems or Change(parameter, before, believed, override, number)


def _notes_on_change(change: Change) -> list[str]:
    if change.is_believed:
        return []
    low, high = change.believed
    at = f"row {change.row}: {change.override.name} = {change.override.value:.10g}"
    return [f"{at} lies outside the range believed, {low:g} to {high:g}; used as you say"]


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and "_" not in text else None


def _digits(value: float) -> str:
    """A number as `strict_yaml` reads it: always with a point, never a bare exponent."""
    text = repr(value)
    mantissa, exponent, power = text.partition("e")
    return (mantissa if "." in mantissa else f"{mantissa}.0") + exponent + power


def _quoted(text: str) -> str:
    return "'" + _plain(text).replace("'", "''") + "'"


def _plain(text: str) -> str:
    """Text in one line, without signs that no YAML file may hold."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _refuse(path: Path, code: str, what: str, todo: str, found: str = "") -> InputError:
    return InputError(Problem(code, what, todo, file=str(path), found=found))

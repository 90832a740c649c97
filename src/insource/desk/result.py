"""What a desk tool hands back: findings, tables, pictures, and everything needed to say where each figure is from.

A tool makes a Result and prints nothing. The page, the workbook, the terminal and JSON are all made from it, so they
cannot say different things. `published()` gives the copy that may leave the council (see `publishing.py`).
"""

import hashlib
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal, Protocol

import polars as pl

from insource.desk.findings import finding_kinds

Kind = Literal["text", "number", "pounds", "hours", "share", "date", "count", "year"]
KINDS: tuple[Kind, ...] = ("text", "number", "pounds", "hours", "share", "date", "count", "year")
NUMBER_KINDS: tuple[Kind, ...] = ("number", "pounds", "hours", "share", "count", "year")
FIRST_ROW = 5
"""The row of a worksheet in which the first row of a frame stands: title, note, a gap and headings are above."""
LONGEST_SHEET_NAME = 31
OWN_SHEETS = ("summary", "findings", "method and settings")
"""Worksheets that every workbook has; no sheet of a tool may be called so."""


@dataclass(frozen=True)
class Finding:
    """One thing found. `code` stands in data/desk/findings.csv, which says what it means and what to do.

    `subject`: a supplier, a contract, a group, or the pseudonymous key of a person; never who a person is. `reason`:
    why it was found, in a sentence. `pounds` and `hours` are for a year unless the description of the code says
    otherwise. `people`: how many it is about; 1 where it is about one person, None where it is not about people.
    `rows`: where it can be looked up, as "file:row".
    """

    code: str
    subject: str
    reason: str
    pounds: float | None = None
    hours: float | None = None
    people: int | None = None
    confidence: str = ""
    rows: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.code not in finding_kinds():
            raise ValueError(f"the code '{self.code}' does not stand in data/desk/findings.csv")
        if any(amount is not None and not math.isfinite(amount) for amount in (self.pounds, self.hours)):
            raise ValueError(f"an amount of '{self.code}' is no number")
        if self.people is not None and self.people < 0:
            raise ValueError(f"'{self.code}' counts fewer people than none")


@dataclass(frozen=True)
class Column:
    """How a column of a sheet is headed and shown. Shares are 0 to 1. `is_personal`: a row is about one person.

    `is_to_fill`: people fill it in; it is marked so in a workbook. `share_of`: of a share of people, the column of the
    frame, shown or not, that counts them: a share of so few that they would be withheld is withheld.
    """

    label: str
    unit: str = ""
    kind: Kind = "text"
    is_count_of_people: bool = False
    is_personal: bool = False
    is_to_fill: bool = False
    share_of: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"'{self.kind}' is no kind of column")
        if self.is_count_of_people and self.kind != "count":
            raise ValueError(f"'{self.label}' counts people, so its kind is 'count'")
        if self.share_of and self.kind != "share":
            raise ValueError(f"'{self.label}' is a share of people, so its kind is 'share'")

    @property
    def heading(self) -> str:
        """Label and unit, as a table is headed."""
        return f"{self.label} ({self.unit})" if self.unit else self.label


@dataclass(frozen=True)
class Sheet:
    """A table of the result; a worksheet of the workbook.

    `columns` names the columns shown, in order. `formulas` makes them live in the workbook: the key is one of the
    columns (the formula goes into each of its rows; of several, one into each, "" for none) or a cell such as "B12"
    below or beside the table. In a formula `{price}` is that column in the same row, `{price[0]}` in the first row,
    `{price.all}` all its rows; `{sheets[bids].price[0]}` stands on the sheet named bids, and `{settings[wage]}` is the
    setting of that name. The frame holds the same values, worked out by us.
    `has_total`: the last row is the total of those above. `blocks`: columns; rows that are alike in them are a table by
    itself, which adds up to something told elsewhere, so that small numbers are withheld block by block.
    `is_for_workbook_only`: formulas of other sheets look at it; a page leaves it out.
    """

    name: str
    title: str
    frame: pl.DataFrame = field(repr=False)
    columns: dict[str, Column]
    note: str = ""
    formulas: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    has_total: bool = False
    blocks: tuple[str, ...] = ()
    is_for_workbook_only: bool = False

    def __post_init__(self) -> None:
        if missing := [name for name in self.columns if name not in self.frame.columns]:
            raise ValueError(f"the sheet '{self.name}' has no {missing}")
        if lost := {one.share_of for one in self.columns.values()} - {"", *self.frame.columns}:
            raise ValueError(f"the sheet '{self.name}' has shares of {sorted(lost)} and does not have that")
        if not 0 < len(self.name) <= LONGEST_SHEET_NAME or any(sign in self.name for sign in "[]:*?/\\'"):
            raise ValueError(f"'{self.name}' is no name for a worksheet")
        headings = [column.heading.lower() for column in self.columns.values()]
        if len(set(headings)) < len(headings):
            raise ValueError(f"two columns of the sheet '{self.name}' have the same heading")

    @property
    def is_personal(self) -> bool:
        """True if its rows are about single people: it is left out of the page and of what may be published."""
        return any(column.is_personal for column in self.columns.values())


class Spec(Protocol):
    """A chart of altair, single or layered. It is read in where one is drawn: that takes half a second."""

    def to_dict(self) -> dict[str, Any]:
        """The chart as Vega-Lite has it."""


Drawn = Callable[[pl.DataFrame], Spec]


@dataclass(frozen=True)
class Chart:
    """A picture. The title says what is seen, the axes carry units, `alt` says it in words for who does not see it.

    `spec` is the chart itself, or, with `sheet`, a function that draws it from that sheet's frame. Whatever shows
    counts of people must be drawn from a sheet, so that what is withheld there is withheld here.
    """

    title: str
    spec: Spec | Drawn
    caption: str
    alt: str
    sheet: str = ""


@dataclass(frozen=True)
class Setting:
    """A number that the tool used, and where it is from."""

    name: str
    value: float | str
    unit: str
    source: str


@dataclass(frozen=True)
class Input:
    """A file that was read: its rows, how many could be used, and the fingerprint of its bytes."""

    file: str
    rows: int
    usable: int
    sha256: str


@dataclass(frozen=True)
class Result:
    """Everything a desk tool found out. `tool` names the files written; `question` is what was asked.

    `summary`: a few sentences with the main figures. `published_summary`: the same for publication, without counts of
    fewer than five people or amounts of so few; needed where `summary` counts people.
    """

    tool: str
    title: str
    question: str
    summary: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    charts: tuple[Chart, ...] = ()
    settings: tuple[Setting, ...] = ()
    method: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    inputs: tuple[Input, ...] = ()
    published_summary: tuple[str, ...] | None = None
    is_published: bool = False

    def __post_init__(self) -> None:
        names = [sheet.name for sheet in self.sheets]
        if len({name.lower() for name in names}) < len(names):
            raise ValueError("two sheets have the same name")
        if taken := [name for name in names if name.lower() in OWN_SHEETS]:
            raise ValueError(f"{taken}: every workbook has a sheet of that name already")
        for chart in self.charts:
            if (chart.sheet or callable(chart.spec)) and chart.sheet not in names:
                raise ValueError(f"the chart '{chart.title}' is drawn from a sheet that is not there")

    def sheet(self, name: str) -> Sheet:
        """The sheet of that name."""
        return next(sheet for sheet in self.sheets if sheet.name == name)

    @property
    def counts_people(self) -> bool:
        """Whether there is anything in it about few people that publishing would withhold."""
        columns = (column for sheet in self.sheets for column in sheet.columns.values())
        is_counted = any(column.is_count_of_people or column.is_personal for column in columns)
        return is_counted or any(one.people is not None for one in self.findings) or self.published_summary is not None

    def drawn(self, chart: Chart) -> Spec:
        """The chart itself, drawn from its sheet if it is not ready-made."""
        return chart.spec(self.sheet(chart.sheet).frame) if callable(chart.spec) else chart.spec

    def by_code(self) -> dict[str, tuple[Finding, ...]]:
        """The findings by their code, in the order in which codes first occur."""
        codes = dict.fromkeys(finding.code for finding in self.findings)
        return {code: tuple(one for one in self.findings if one.code == code) for code in codes}

    def published(self) -> "Result":
        """The copy that may leave the council: see publishing.py."""
        from insource.desk.publishing import publish  # it needs this module: here, because neither can come first

        return publish(self)

    def to_json(self) -> str:
        """Everything but the pictures, as JSON."""
        content: dict[str, Any] = {
            "tool": self.tool,
            "title": self.title,
            "question": self.question,
            "is_published": self.is_published,
            "summary": self.summary,
            "findings": [vars(finding) for finding in self.findings],
            "sheets": [_sheet_content(sheet) for sheet in self.sheets],
            "charts": [{"title": chart.title, "alt": chart.alt} for chart in self.charts],
            "settings": [vars(setting) for setting in self.settings],
            "method": self.method,
            "exclusions": self.exclusions,
            "assumptions": self.assumptions,
            "inputs": [vars(entry) for entry in self.inputs],
        }
        return json.dumps(content, ensure_ascii=False, default=_plain, allow_nan=False)


def input_of(path: Path, rows: int, usable: int, name: str = "") -> Input:
    """What is kept of a file that was read; `name` is what it is called (its own name by default)."""
    with path.open("rb") as file:
        return Input(name or path.name, rows, usable, hashlib.file_digest(file, "sha256").hexdigest())


def _sheet_content(sheet: Sheet) -> dict[str, Any]:
    columns = {name: {"label": one.label, "unit": one.unit, "kind": one.kind} for name, one in sheet.columns.items()}
    frame = sheet.frame.select(*sheet.columns)
    floats = [name for name, kind in frame.schema.items() if kind.is_float()]
    frame = frame.with_columns(pl.when(pl.col(name).is_finite()).then(pl.col(name)).alias(name) for name in floats)
    return {
        "name": sheet.name,
        "title": sheet.title,
        "note": sheet.note,
        "columns": columns,
        "rows": frame.to_dicts(),
    }


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)

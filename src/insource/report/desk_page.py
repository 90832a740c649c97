"""The page of a desk tool: one file that works offline, with a keyboard and on a phone.

Tables about single people are not on the page; they are in the workbook, for use inside the council.
"""

from collections.abc import Sequence
from datetime import date
from importlib.resources import files
from typing import Any

import jinja2

from insource.desk.findings import finding_kinds
from insource.desk.result import Chart, Column, Finding, Kind, Result, Sheet
from insource.report.charts import picture
from insource.units import bare

MOST_ROWS = 50
MOST_FINDINGS = 15
"""Of one code; the others are in the workbook."""
LONGEST_CELL = 160
"""A column with longer text is no column of the page: its text stands whole under each row."""
SHORT_NAME = 8
"""A first column of no longer names takes no more room than they do."""
NUMBERS: tuple[Kind, ...] = ("number", "pounds", "hours", "share", "count", "year")


def render_page(result: Result) -> str:
    """The page as text."""
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    template = environment.from_string(_read("desk.html"))
    return template.render(
        style=_read("report.css") + _read("desk.css"),
        result=result,
        groups=[_group(code, found) for code, found in result.by_code().items()],
        charts=[_chart(result, chart) for chart in result.charts],
        tables=[_table(sheet) for sheet in result.sheets if not (sheet.is_personal or sheet.is_for_workbook_only)],
        kept_back=[sheet.title for sheet in result.sheets if sheet.is_personal],
        settings=[(one, one.value if isinstance(one.value, str) else f"{one.value:,g}") for one in result.settings],
    )


def cell(value: Any, column: Column) -> str:
    """A value as it is printed; nothing for what is not known."""
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    match column.kind:
        case "pounds":
            return f"{'-' if value < 0 else ''}£{abs(value):,.0f}" if abs(value) >= 1000 else bare(value, "pounds")
        case "hours":
            return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.1f}"
        case "share":
            return f"{100 * value:.1f}%"
        case "count":
            return f"{value:,.0f}"
        case "year":
            return f"{value:.0f}"
        case "number":
            return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.2f}"
    return value.strftime("%d/%m/%Y") if isinstance(value, date) else str(value)


def amounts(finding: Finding) -> tuple[str, str, str]:
    """Pounds, hours and people of a finding as they are printed."""
    kinds: tuple[Kind, Kind, Kind] = ("pounds", "hours", "count")
    values = (finding.pounds, finding.hours, finding.people)
    return tuple(cell(value, Column("", "", kind)) for value, kind in zip(values, kinds, strict=True))  # type: ignore[return-value]


def largest_first(found: Sequence[Finding]) -> list[Finding]:
    """Findings with the most pounds first, then hours, then people; equal ones as they came."""
    return sorted(found, key=lambda one: (-abs(one.pounds or 0.0), -(one.hours or 0.0), -(one.people or 0)))


def _group(code: str, found: Sequence[Finding]) -> dict[str, Any]:
    shown = [(one, *amounts(one)) for one in largest_first(found)[:MOST_FINDINGS]]
    present = [any(line[number] for line in shown) for number in (1, 2, 3)]
    return {
        "code": code,
        "kind": finding_kinds()[code],
        "shown": shown,
        "has_pounds": present[0],
        "has_hours": present[1],
        "has_people": present[2],
        "has_confidence": any(one.confidence for one in found),
        "more": len(found) - len(shown),
    }


def _chart(result: Result, chart: Chart) -> dict[str, Any]:
    wide, narrow = picture(result.drawn(chart), chart.alt)
    return {"title": chart.title, "caption": chart.caption, "wide": wide, "narrow": narrow}


def _table(sheet: Sheet) -> dict[str, Any]:
    columns = list(sheet.columns.values())
    rows = [
        [cell(row[name], column) for name, column in sheet.columns.items()]
        for row in sheet.frame.select(*sheet.columns).head(MOST_ROWS).iter_rows(named=True)
    ]
    under = {n for n in range(1, len(columns)) if any(len(row[n]) > LONGEST_CELL for row in rows)}
    beside = [n for n in range(len(columns)) if n not in under]
    return {
        "sheet": sheet,
        "headings": [columns[n].heading for n in beside],
        "is_short": all(len(row[0]) <= SHORT_NAME for row in rows),
        "is_number": [columns[n].kind in NUMBERS for n in beside],
        "rows": [
            ([row[n] for n in beside], [(columns[n].heading, row[n]) for n in sorted(under) if row[n]]) for row in rows
        ],
        "more": max(sheet.frame.height - MOST_ROWS, 0),
    }


def _read(name: str) -> str:
    return files("insource").joinpath(f"data/templates/{name}").read_text(encoding="utf-8")

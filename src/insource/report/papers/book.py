"""A paper as a workbook: its text on the first sheet, its tables each on one of their own, live where they can be."""

import re
from pathlib import Path

import polars as pl

from insource.desk.result import LONGEST_SHEET_NAME, Column, Sheet
from insource.report.desk_workbook import write_sheets
from insource.report.papers.model import Blank, Block, Bullets, Document, Heading, Paragraph, Picture, Table

TEXT_COLUMNS = {"part": Column("Part"), "text": Column("Text"), "fill": Column("To be filled in", is_to_fill=True)}
PAPER = "Paper"


def write(path: Path, paper: Document) -> None:
    """Write the paper as .xlsx."""
    write_sheets(path, paper.title, sheets(paper))


def sheets(paper: Document) -> list[Sheet]:
    """The sheets of a paper: text, tables, annexes; no two of one name."""
    taken = {PAPER.lower()}
    tables = []
    for number, block in enumerate(paper.blocks):
        if isinstance(block, Table):
            named = block.sheet or _of_table(block, _name(block.title, taken))
            taken.add(named.name.lower())
            tables.append((number, named))
    names = {number: sheet.name for number, sheet in tables}
    rows: list[tuple[str, str, str | None]] = [("Title", paper.title, None), ("About", paper.about, None)]
    rows += [("Wording", paper.status, None), ("Run", paper.run_line, None)]
    for number, block in enumerate(paper.blocks):
        rows += _text(block, names.get(number, ""))
    frame = pl.DataFrame(rows, schema=dict.fromkeys(TEXT_COLUMNS, pl.String), orient="row")
    text = Sheet(PAPER, paper.title, frame, TEXT_COLUMNS, paper.run_line)
    workings = [one for table in paper.tables() for one in table.workings]
    annexes = [one for one in (*workings, *paper.annexes) if one.name.lower() not in taken]
    return [text, *(sheet for _, sheet in tables), *annexes]


def _text(block: Block, sheet: str) -> list[tuple[str, str, str | None]]:
    match block:
        case Heading():
            return [("Heading" if block.level == 1 else "Question", block.text, None)]
        case Paragraph():
            return [("", block.text, None)]
        case Bullets():
            return [("-", item, None) for item in block.items]
        case Blank():
            return [("To be filled in", block.label, None)]
        case Table():
            return [("Table", f"{block.title}: see the sheet '{sheet}'", None)]
        case Picture():
            return [("Picture", f"{block.title}. {block.alt}", None)]
    return []


def _of_table(table: Table, name: str) -> Sheet:
    keys = [f"column_{number}" for number in range(len(table.columns))]
    content = {key: [row[number] or None for row in table.rows] for number, key in enumerate(keys)}
    frame = pl.DataFrame(content, schema=dict.fromkeys(keys, pl.String))
    seen: dict[str, int] = {}
    columns = {}
    for number, (key, label) in enumerate(zip(keys, table.columns, strict=True)):
        seen[label.lower()] = seen.get(label.lower(), 0) + 1
        own = label if seen[label.lower()] == 1 else f"{label} [{seen[label.lower()]}]"
        columns[key] = Column(own, is_to_fill=number in table.to_fill)
    return Sheet(name, table.title, frame, columns, table.note)


def _name(title: str, taken: set[str]) -> str:
    """A name for a worksheet: letters and spaces, not too long, none twice."""
    plain = " ".join(re.sub(r"[^\w ,-]", " ", title.removeprefix("What the run shows: ")).split())[
        :LONGEST_SHEET_NAME
    ].strip()
    name, number = plain, 1
    while name.lower() in taken:
        number += 1
        end = f" {number}"
        name = plain[: LONGEST_SHEET_NAME - len(end)] + end
    return name

"""The user's own decisions about suppliers: whether a match with the CQC's register is right, and who is no person.

`insource market ... --out DIR` writes `market_matches.csv` with every proposal; the user fills in the column `decision`
and gives the file back with --decisions. Decisions: "yes" (the match is right), "no" (it is not), "organisation"
(this is no person's name, it may be printed), blank (as proposed). With "yes", the ID of another provider takes the
place of the one proposed. `turnover_pounds`, where known, is the supplier's income in a year.
"""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from insource.files import write_text
from insource.records.cells import pounds
from insource.records.dates import clean_text
from insource.records.headings import Column, Format
from insource.records.problem_log import Kind, ProblemLog, safe_cell
from insource.records.reading import open_table

NAMES = ("supplier", "name", "last_year_pounds", "matched_with", "register_row", "provider_id", "provider", "likeness")
EDITED = ("decision", "turnover_pounds")
DECISIONS = ("yes", "no", "organisation")
FORMAT = Format(
    "market_decisions",
    "decisions about suppliers",
    tuple(Column(name, name) for name in (*NAMES, *EDITED)),
    (("supplier",), ("decision",)),
)
UNKNOWN = Kind(
    "unknown_decision",
    "decision",
    "unusable",
    "this is no decision",
    "write one of those allowed",
    "yes, no, organisation",
)
BAD_TURNOVER = Kind(
    "unreadable_amount", "turnover_pounds", "unusable", "this is no amount in pounds", "write digits", "1234567"
)
NO_SUPPLIER = Kind("missing_value", "supplier", "unusable", "the cell is blank and must not be", "leave it as written")


@dataclass(frozen=True)
class Decision:
    """What the user says about one supplier. `decision` is one of DECISIONS or blank."""

    decision: str = ""
    provider_id: str = ""
    turnover_pounds: float | None = None


def read(path: Path, name: str = "") -> tuple[dict[str, Decision], ProblemLog, int]:
    """The decisions by the supplier's key, the problems, and the number of rows."""
    opened = open_table(path, [FORMAT], name or path.name)
    wanted = ["supplier", "provider_id", "decision", "turnover_pounds"]
    found: dict[str, Decision] = {}
    for block in opened.blocks(wanted):
        text = block.with_columns(clean_text(one) for one in wanted).with_columns(
            pl.col("supplier").str.strip_prefix("'"),
            pl.col("decision").str.to_lowercase().fill_null(""),
            pounds("turnover_pounds").alias("read"),
        )
        opened.log.add(NO_SUPPLIER, text.filter(pl.col("supplier").is_null())["row"])
        opened.log.add(UNKNOWN, text.filter(~pl.col("decision").is_in(["", *DECISIONS]))["row"])
        opened.log.add(
            BAD_TURNOVER, text.filter(pl.col("turnover_pounds").is_not_null() & pl.col("read").is_null())["row"]
        )
        good = text.filter(~pl.col("row").is_in(opened.log.unusable_rows().implode()))
        for supplier, provider_id, decision, turnover in good.select(
            "supplier", "provider_id", "decision", "read"
        ).iter_rows():
            found[supplier] = Decision(decision, provider_id or "", turnover)
    return found, opened.log, opened.rows


def write(path: Path, proposals: pl.DataFrame) -> None:
    """Write the proposals with room for decisions, whole or not at all."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*NAMES, *EDITED])
    for row in proposals.select(*NAMES, *EDITED).iter_rows():
        cells = [safe_cell(cell) if isinstance(cell, str) else ("" if cell is None else cell) for cell in row]
        writer.writerow(cells)
    write_text(path, text.getvalue())

"""Every problem of a file, kept in columns so that a million of them are no trouble.

A *kind* of problem is written down once: its code, column, what is wrong, what is allowed and what to do. For each row
only the number of the kind, the row and what was found there are kept. What was found is masked before it comes here.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import polars as pl

from insource.errors import Problem
from insource.files import write_atomically

Severity = Literal["unusable", "doubtful"]
"""Unusable: the row is left out. Doubtful: it is used, without the value that is in doubt."""

COLUMNS = {"kind": pl.UInt16, "row": pl.UInt32, "found": pl.String, "meant": pl.String}
CSV_HEADINGS = ("file", "row", "column", "code", "row is", "what", "found", "allowed", "what to do")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
EXAMPLES = 3


@dataclass(frozen=True)
class Kind:
    """One kind of problem. `file_level`: it is about the file as a whole; no row is counted for it."""

    code: str
    column: str
    severity: Severity
    what: str
    todo: str
    allowed: str = ""
    file_level: bool = False


@dataclass(frozen=True)
class Count:
    """How often one kind of problem occurs in one file, with the commonest things found."""

    file: str
    code: str
    severity: Severity
    column: str
    count: int
    what: str
    allowed: str
    todo: str
    examples: tuple[str, ...] = ()


@dataclass
class ProblemLog:
    """The problems of one file. `file` is its name as the user knows it."""

    file: str
    kinds: list[Kind] = field(default_factory=list)
    parts: list[pl.DataFrame] = field(default_factory=list)

    def add(self, kind: Kind, rows: pl.Series, found: pl.Series | str = "", meant: pl.Series | None = None) -> None:
        """Note a problem for each of `rows` (numbers of rows as a spreadsheet shows them).

        `found` is what stands there, already masked: one text for all or a column. `meant` is the allowed value that
        each was probably meant to be (null where nothing is near).
        """
        if len(rows) == 0:
            return
        if kind not in self.kinds:
            self.kinds.append(kind)
        texts = pl.Series([found], dtype=pl.String).new_from_index(0, len(rows)) if isinstance(found, str) else found
        part = pl.DataFrame({"row": rows.cast(pl.UInt32), "found": texts.cast(pl.String).fill_null("")})
        near = meant.cast(pl.String) if meant is not None else pl.Series([None], dtype=pl.String)
        part = part.with_columns(
            pl.lit(self.kinds.index(kind), dtype=pl.UInt16).alias("kind"),
            (near if len(near) == len(rows) else near.new_from_index(0, len(rows))).alias("meant"),
        )
        self.parts.append(part.select(*COLUMNS))

    def add_for_file(self, kind: Kind, found: str = "") -> None:
        """Note a problem of the file as a whole."""
        self.add(kind, pl.Series([None], dtype=pl.UInt32), found)

    def frame(self) -> pl.DataFrame:
        """All problems in the order of rows; those of the file as a whole first."""
        if not self.parts:
            return pl.DataFrame(schema=COLUMNS)
        return pl.concat(self.parts).sort("row", "kind", nulls_last=False, maintain_order=True)

    def unusable_rows(self) -> pl.Series:
        """The rows that cannot be used, each once."""
        unusable = [i for i, kind in enumerate(self.kinds) if kind.severity == "unusable" and not kind.file_level]
        rows = [part.filter(pl.col("kind").is_in(unusable))["row"] for part in self.parts]
        return pl.concat(rows).drop_nulls().unique() if rows else pl.Series([], dtype=pl.UInt32)

    def is_unusable(self) -> bool:
        """True if there is any problem because of which something cannot be used as it stands."""
        return any(kind.severity == "unusable" for kind in self.kinds)

    def counts(self) -> tuple[Count, ...]:
        """One line for each kind of problem, those that make rows unusable first, then the commonest."""
        frame = self.frame()
        lines = []
        for number, kind in enumerate(self.kinds):
            here = frame.filter(pl.col("kind") == number)
            common = (
                here.filter(pl.col("found") != "")
                .group_by("found")
                .len()
                .sort(["len", "found"], descending=[True, False])
            )
            examples = tuple(f"{text} ({times:,})" for text, times in common.head(EXAMPLES).iter_rows())
            lines.append(
                Count(
                    self.file,
                    kind.code,
                    kind.severity,
                    kind.column,
                    here.height,
                    kind.what,
                    kind.allowed,
                    kind.todo,
                    examples,
                )
            )
        return tuple(sorted(lines, key=lambda line: (line.severity != "unusable", -line.count, line.code, line.column)))

    def each(self) -> Iterator[Problem]:
        """Every single problem, in the order of rows."""
        for number, row, found, meant in self.frame().iter_rows():
            kind = self.kinds[number]
            yield Problem(
                kind.code,
                f"{kind.what} ({_consequence(kind)})",
                advice(kind, meant),
                file=self.file,
                row=row,
                column=kind.column,
                found=found,
                allowed=kind.allowed,
            )


def advice(kind: Kind, meant: str | None) -> str:
    """What to do, with the value that was probably meant if there is one."""
    return f"write '{meant}' if that is what was meant" if meant else kind.todo


def _consequence(kind: Kind) -> str:
    if kind.file_level:
        return "the file needs mending" if kind.severity == "unusable" else "the file can be used"
    return "the row is not used" if kind.severity == "unusable" else "the row is used, with a doubt"


def write_csv(path: Path, refused: Sequence[Problem], logs: Sequence[ProblemLog]) -> None:
    """Write every single problem to a CSV file, whole or not at all; those of files refused as a whole first.

    Cells that a spreadsheet would take for a formula are made safe with a leading apostrophe.
    """
    write_atomically(path, lambda temporary: _fill(temporary, refused, logs))


def _fill(path: Path, refused: Sequence[Problem], logs: Sequence[ProblemLog]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(CSV_HEADINGS)
        for problem in refused:
            line = (problem.file, "", problem.column, problem.code, "file refused", problem.what, problem.found)
            writer.writerow([safe_cell(cell) for cell in (*line, problem.allowed, problem.todo)])
        for log in logs:
            for number, row, found, meant in log.frame().iter_rows():
                kind = log.kinds[number]
                where = "" if row is None else str(row)
                row_is = f"file {kind.severity}" if kind.file_level else kind.severity
                line = (log.file, where, kind.column, kind.code, row_is, kind.what, found)
                writer.writerow([safe_cell(cell) for cell in (*line, kind.allowed, advice(kind, meant))])


def safe_cell(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would run it as a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text

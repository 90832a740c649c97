"""Read the tables of a care team from a folder (CSV files or workbooks) and check each against the others.

Every problem of every file is listed together. A row that cannot be used is left out; the rest is planned. References
of people, carers and visits are never printed in a problem: the row says which one is meant.
"""

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from insource.errors import InputError, Problem, near_miss
from insource.planner import cells
from insource.planner.formats import NEEDED, TABLES, Table
from insource.records.checking import TABLE_ENDINGS
from insource.records.dates import clean_text
from insource.records.noting import Noting
from insource.records.payments import open_any
from insource.records.problem_log import Kind, ProblemLog
from insource.records.sheet_table import ENDINGS, is_workbook, open_sheet

RULES_FILE = "rules.yaml"
ONE_WORKBOOK = "team"
TYPES: dict[str, pl.DataType | type[pl.DataType]] = {
    "number": pl.Float64,
    "minute": pl.Int32,
    "moment": pl.Int32,
    "days": pl.Int32,
    "date": pl.Date,
    "yes": pl.Boolean,
    "keys": pl.List(pl.String),
    "words": pl.List(pl.String),
}


@dataclass(frozen=True)
class ReadTable:
    """One table, read. `frame` holds the usable rows: `row` and the columns of the format, typed."""

    table: Table
    file: str
    rows: int
    log: ProblemLog
    notices: tuple[str, ...]
    frame: pl.DataFrame = field(repr=False)

    def leave_out(self, kind: Kind, is_bad: pl.Expr) -> "ReadTable":
        """Without the rows in which `is_bad`, which are noted."""
        bad = self.frame.filter(is_bad.fill_null(False))
        self.log.add(kind, bad["row"])
        kept = self.frame.filter(~pl.col("row").is_in(bad["row"].implode())) if bad.height else self.frame
        return ReadTable(self.table, self.file, self.rows, self.log, self.notices, kept)

    def doubt(self, kind: Kind, is_bad: pl.Expr) -> None:
        """Note the rows in which `is_bad`; they are used."""
        self.log.add(kind, self.frame.filter(is_bad.fill_null(False))["row"])


def schema_of(table: Table) -> pl.Schema:
    """The types of a table's columns."""
    columns: dict[str, pl.DataType | type[pl.DataType]] = {"row": pl.UInt32}
    return pl.Schema(columns | {one.name: TYPES.get(one.kind, pl.String) for one in table.fields})


def empty(table: Table) -> pl.DataFrame:
    """The frame of a table without rows."""
    return pl.DataFrame(schema={"row": pl.UInt32} | {one.name: TYPES.get(one.kind, pl.String) for one in table.fields})


def read_table(table: Table, path: Path, name: str = "") -> ReadTable:
    """Read one file; raises InputError if it is no such table at all."""
    is_one_of_many = path.stem.lower() == ONE_WORKBOOK and is_workbook(path)
    name = name or (f"{path.name}, sheet {table.name}" if is_one_of_many else path.name)
    only = table.name if is_one_of_many else ""
    opened = open_sheet(path, [table.format], name, only) if only else open_any(path, [table.format], name)
    wanted = [one.name for one in table.fields]
    parts = [block.with_columns(clean_text(column) for column in wanted) for block in opened.blocks(wanted)]
    text = pl.concat(parts) if parts else empty(table).cast(dict.fromkeys(wanted, pl.String))
    noting = Noting(opened, text)  # type: ignore[arg-type]
    noting.must_be_there(*(one.name for one in table.fields if one.is_needed))
    columns = [cells.read(noting, one).alias(one.name) for one in table.fields]
    frame = pl.DataFrame([text["row"], *columns]).cast(schema_of(table))
    frame = frame.filter(~pl.col("row").is_in(opened.log.unusable_rows().implode()))
    read = ReadTable(table, name, opened.rows, opened.log, tuple(opened.notices), frame)
    if table.key:
        twice = Kind(
            "twice",
            table.field(table.key).heading,
            "unusable",
            "this reference stands in an earlier row too; the first one is used",
            "take one of the rows out, or give it another reference",
            "each reference once",
        )
        read = read.leave_out(twice, ~pl.col(table.key).is_first_distinct())
    return read


def files_of(folder: Path) -> tuple[dict[str, Path], tuple[str, ...]]:
    """Which file of the folder holds which table, and the names of files that hold none.

    A file called people.csv holds people, and so on; a workbook team.xlsx may hold them all, a sheet each.
    """
    if not folder.is_dir():
        todo = "give a folder with people.csv, visits.csv and carers.csv; insource pool template FOLDER writes them"
        raise InputError(Problem("no_team_folder", "there is no such folder", todo, file=str(folder)))
    found: dict[str, Path] = {}
    problems, others, whole = [], [], None
    for path in sorted(folder.iterdir()):
        stem = path.name.split(".")[0].lower()
        is_table = path.name.lower().endswith(TABLE_ENDINGS) or is_workbook(path)
        if path.name.startswith((".", "~$")) or not path.is_file() or path.name in (RULES_FILE, "README.txt"):
            continue
        if is_table and stem in TABLES:
            if stem in found:
                what, todo = f"two files hold {TABLES[stem].title}", "keep one of them"
                problems.append(
                    Problem("file_twice", what, todo, file=str(folder), found=f"{found[stem].name}, {path.name}")
                )
            found[stem] = path
        elif is_workbook(path) and stem == ONE_WORKBOOK:
            whole = path
        else:
            others.append(path.name)
    if whole is not None:
        for name, path in _in_workbook(whole).items():
            found.setdefault(name, path)
    for table in NEEDED:
        if table.name not in found:
            near = near_miss(table.name, [name.split(".")[0] for name in others])
            close = f"; is '{near}' meant?" if near else ""
            problems.append(
                Problem(
                    "no_table",
                    f"there is no file of {table.title}{close}",
                    f"put {table.name}.csv into the folder; insource pool template FOLDER shows its columns",
                    file=str(folder),
                    found=", ".join(path.name for path in found.values()) or "nothing that is known",
                    allowed=", ".join(f"{table.name}{ending}" for ending in (".csv", *ENDINGS[:1])),
                )
            )
    if problems:
        raise InputError(problems)
    return found, tuple(others)


def _in_workbook(path: Path) -> dict[str, Path]:
    """The tables that have a sheet of their own in a workbook."""
    import fastexcel  # takes a while and is seldom needed

    try:
        names = {name.lower() for name in fastexcel.read_excel(str(path)).sheet_names}
    except Exception:  # whatever the library says would quote the file
        raise InputError(
            Problem("unreadable", "cannot be read as a workbook", "save it again as .xlsx", file=path.name)
        ) from None
    return {name: path for name in TABLES if name in names}

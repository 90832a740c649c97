"""Read whatever workforce files a council has: ASC-WDS workplaces and workers, or simple pay lists, and join them.

Everything after this sees two tables: workers (one row for each post that is filled, vacant or was left) and counts of
starters, leavers and vacancies by workplace and role, with who employs them.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from insource.errors import InputError, Problem
from insource.records import ascwds_workers, ascwds_workplaces, pay_list, scottish_census
from insource.records.ascwds_format import layout
from insource.records.ascwds_workers import WorkersFile
from insource.records.ascwds_workplaces import WorkplacesFile
from insource.records.cld_format import cld_format
from insource.records.headings import Format
from insource.records.pay_list import PayList
from insource.records.problem_log import Kind, ProblemLog
from insource.records.pseudonym import new_key
from insource.records.reading import open_table

FORMATS: dict[str, Format] = {
    one.name: one for one in (layout("workplace"), layout("worker"), layout("training"), pay_list.FORMAT)
}
OTHERS = (cld_format(), scottish_census.FORMAT)
"""Other files that may lie in the same folder and share a few headings with ours."""
TABLE_ENDINGS = (".csv", ".csv.gz", ".txt", ".tsv")
YEAR_IN_DAYS = 365
NO_WORKPLACE = Kind(
    "no_such_workplace",
    "LOCALESTID",
    "doubtful",
    "the worker's workplace is not in a workplace file; who employs is not known",
    "give the workplace file too, or correct the number",
)
COUNT_SCHEMA = {**ascwds_workplaces.ROLE_SCHEMA, "sector": pl.String}
ReadFile = WorkersFile | WorkplacesFile | PayList


@dataclass(frozen=True)
class FileRead:
    """What a file was and how much of it can be used; `sha256` of its bytes."""

    name: str
    format: str
    rows: int
    usable: int
    sha256: str
    notices: tuple[str, ...]
    log: ProblemLog = field(repr=False)


@dataclass(frozen=True)
class Workforce:
    """Everybody in the files. `workers` has the columns of `ascwds_workers.SCHEMA` and file, workplace_name, sector
    (council, private, voluntary, other; null: not known), service, travel; `counts` those of COUNT_SCHEMA."""

    workers: pl.DataFrame = field(repr=False)
    counts: pl.DataFrame = field(repr=False)
    workplaces: pl.DataFrame = field(repr=False)
    day: date
    files: tuple[FileRead, ...]
    notices: tuple[str, ...] = ()


def read(paths: Sequence[Path], day: date | None = None, key: bytes | None = None) -> Workforce:
    """Read files, or the tables in folders. `day` is when the files were true (today by default).

    Raises InputError, listing everything, if a file cannot be read or if no file holds workers or workplaces.
    """
    key, day = key or new_key(), day or date.today()
    problems: list[Problem] = []
    read_files: list[tuple[Path, ReadFile]] = []
    notices: list[str] = []
    for path in _tables(paths):
        try:
            file = _read_one(path, key, day)
        except InputError as error:
            problems += error.problems
            continue
        if file is None:
            notices.append(f"{path.name}: the training file is not needed and was not read")
        else:
            read_files.append((path, file))
    if problems:
        raise InputError(problems)
    if not read_files:
        todo = "give an ASC-WDS workplace or worker file, or a pay list (insource workforce --template writes one)"
        raise InputError(Problem("no_workforce_files", "none of the files holds workers or workplaces", todo))
    return _joined(read_files, day, tuple(notices))


def _tables(paths: Sequence[Path]) -> list[Path]:
    """The files meant: those given, and the tables in folders given whose headings are of one of our formats."""
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(one for one in path.iterdir() if one.is_file() and one.name.lower().endswith(TABLE_ENDINGS))
        found += [one for one in inside if _is_ours(one)]
    if not found and paths:
        what, todo = "the folder holds no workforce file", "put ASC-WDS files or a pay list into it, or name the files"
        raise InputError(Problem("no_workforce_files", what, todo, file=str(paths[0])))
    return found


def _is_ours(path: Path) -> bool:
    """True unless the headings are of another kind of file; a damaged one of ours is ours, and says what is wrong."""
    try:
        return open_table(path, [*FORMATS.values(), *OTHERS], path.name).format.name in FORMATS
    except InputError as error:
        return error.problems[0].code not in ("wrong_file", "missing_column")


def _read_one(path: Path, key: bytes, day: date) -> ReadFile | None:
    opened = open_table(path, list(FORMATS.values()), path.name)
    if opened.format.name == layout("worker").name:
        return ascwds_workers.read(opened, key, day)
    if opened.format.name == layout("workplace").name:
        return ascwds_workplaces.read(opened)
    return pay_list.read(opened, key, day) if opened.format.name == pay_list.NAME else None


def _joined(read_files: list[tuple[Path, ReadFile]], day: date, notices: tuple[str, ...]) -> Workforce:
    places = [
        file.frame.with_columns(pl.lit(path.name).alias("file"))
        for path, file in read_files
        if isinstance(file, WorkplacesFile)
    ]
    workplaces = (
        pl.concat(places).filter("is_usable")
        if places
        else pl.DataFrame(schema={**ascwds_workplaces.SCHEMA, "file": pl.String})
    )
    workplaces = workplaces.unique("workplace", keep="first", maintain_order=True)
    about = workplaces.select("workplace", pl.col("name").alias("workplace_name"), "sector", "service", "travel")
    tables, counts = [], []
    for path, file in read_files:
        if isinstance(file, WorkersFile):
            known = file.frame.join(about, on="workplace", how="left")
            if places:
                file.opened.log.add(NO_WORKPLACE, known.filter("is_usable", pl.col("sector").is_null())["row"])
            tables.append(known.with_columns(pl.lit(path.name).alias("file")))
        elif isinstance(file, PayList):
            tables.append(_of_pay_list(path.name, file))
            counts.append(_counts_of(tables[-1].filter("is_usable"), day))
        else:
            of_file = file.by_role.join(about.select("workplace", "sector"), on="workplace", how="inner")
            counts.append(of_file.select(*COUNT_SCHEMA))
    workers = pl.concat(tables) if tables else pl.DataFrame(schema={**ascwds_workers.SCHEMA, **_MORE})
    read = tuple(_file_read(path, file) for path, file in read_files)
    usable = workers.filter("is_usable").drop("is_usable")
    together = pl.concat(counts) if counts else pl.DataFrame(schema=COUNT_SCHEMA)
    return Workforce(usable, together, workplaces, day, read, notices)


_MORE = {"workplace_name": pl.String, "sector": pl.String, "service": pl.String, "travel": pl.String, "file": pl.String}


def _of_pay_list(name: str, file: PayList) -> pl.DataFrame:
    sector = pl.col("workplace").replace_strict(file.sectors, default=None, return_dtype=pl.String)
    nothing = pl.lit(None, dtype=pl.String)
    return file.frame.with_columns(
        pl.col("workplace").alias("workplace_name"),
        sector.alias("sector"),
        nothing.alias("service"),
        nothing.alias("travel"),
        pl.lit(name).alias("file"),
    )


def _counts_of(workers: pl.DataFrame, day: date) -> pl.DataFrame:
    """Starters, leavers and vacancies of the last twelve months as a pay list tells them."""
    a_year_ago = day - timedelta(days=YEAR_IN_DAYS)
    is_recent = pl.col("left").fill_null(day) > a_year_ago
    is_new = (pl.col("started") > a_year_ago) & ((pl.col("post") == "filled") | (pl.col("post") == "left"))
    return (
        workers.group_by("workplace", "role", "is_direct_care", "sector", maintain_order=True)
        .agg(
            is_new.sum().cast(pl.Float64).alias("starters"),
            ((pl.col("post") == "left") & is_recent).sum().cast(pl.Float64).alias("leavers"),
            (pl.col("post") == "vacant").sum().cast(pl.Float64).alias("vacancies"),
        )
        .select(*COUNT_SCHEMA)
    )


def _file_read(path: Path, file: ReadFile) -> FileRead:
    opened = file.opened
    usable = int(file.frame["is_usable"].sum()) if file.frame.height else 0
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return FileRead(path.name, opened.format.name, opened.rows, usable, digest, tuple(opened.notices), opened.log)

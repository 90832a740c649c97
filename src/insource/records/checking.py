"""Check a file, or all files of a folder: every problem with file, row and column, counted by kind."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from insource.errors import InputError, Problem
from insource.records import client_level_data, scottish_census
from insource.records.client_level_data import CldFile
from insource.records.other_formats import OtherFormat, Reading, may_be_other, recognised
from insource.records.place_file import FILE_NAME, FORMATS, has_place_file, read_place_file, require_folder
from insource.records.problem_log import Count, ProblemLog, write_csv
from insource.records.pseudonym import KEY_FILE, new_key
from insource.records.reading import Opened, open_table
from insource.records.scottish_census import CensusFile


@dataclass(frozen=True)
class OtherFile:
    """A file of a kind that no place is made from, read."""

    format: str
    reading: Reading


ReadFile = CldFile | CensusFile | OtherFile | InputError
NOT_OURS = ("wrong_file", "not_a_table")
TABLE_ENDINGS = (".csv", ".csv.gz", ".txt", ".tsv")
NOT_RECORDS = (FILE_NAME, KEY_FILE, "README.txt")


@dataclass(frozen=True)
class FileCheck:
    """What was found in one file. `format` and `release` are empty for a file that could not be read at all."""

    file: str
    format: str
    release: str
    rows: int
    usable_rows: int
    notices: tuple[str, ...]
    log: ProblemLog
    refused: tuple[Problem, ...] = ()

    @property
    def usable_share(self) -> float:
        """Share of rows (0 to 1) that can be used."""
        return self.usable_rows / self.rows if self.rows else 0.0


@dataclass(frozen=True)
class Checked:
    """What was found in a file or a folder. `client_level_data` holds the rows of all such files together,
    `censuses` those of each census by the name of its file."""

    path: str
    files: tuple[FileCheck, ...]
    notices: tuple[str, ...]
    client_level_data: pl.DataFrame = field(repr=False)
    censuses: dict[str, CensusFile]

    @property
    def rows(self) -> int:
        """Rows of all files that are not blank."""
        return sum(file.rows for file in self.files)

    @property
    def usable_rows(self) -> int:
        """Rows of all files that can be used."""
        return sum(file.usable_rows for file in self.files)

    @property
    def usable_share(self) -> float:
        """Share of rows (0 to 1) that can be used."""
        return self.usable_rows / self.rows if self.rows else 0.0

    @property
    def is_unusable(self) -> bool:
        """True if a row cannot be used, or a file as it stands (refused, or its dates mixed): exit status 1."""
        return any(file.log.is_unusable() or file.refused for file in self.files)

    def counts(self) -> tuple[Count, ...]:
        """How often each kind of problem occurs in each file; refused files first."""
        refused = [
            Count(file.file, problem.code, "unusable", problem.column, 1, problem.what, problem.allowed, problem.todo)
            for file in self.files
            for problem in file.refused
        ]
        return (*refused, *(count for file in self.files for count in file.log.counts()))

    def each(self) -> Iterator[Problem]:
        """Every single problem, file by file in the order of rows."""
        for file in self.files:
            yield from file.refused
            yield from file.log.each()

    def write_csv(self, path: Path) -> None:
        """Write every single problem to a CSV file, whole or not at all; raises InputError where that fails."""
        write_csv(path, [problem for file in self.files for problem in file.refused], [file.log for file in self.files])


def check(path: Path, key: bytes | None = None, everything: bool = False) -> Checked:
    """Read and check a file, or the files of a folder: those its place.yaml names, else those that are recognised.

    `everything`: also files of kinds that no place is made from (payments, contracts, bids, workforce and so on, see
    `other_formats`). `key` makes the pseudonyms (a key for this check alone by default; nothing is written). Raises
    InputError if the file, or every file of the folder, cannot be read at all; a refused file among others is a
    problem like any other.
    """
    key = key or new_key()
    if not path.is_dir():
        other = recognised(path, str(path), list(FORMATS.values())) if everything and path.is_file() else None
        read = _read_other(path, str(path), other) if other else _read(path, str(path), "", key)
        return _put_together(path, [(str(path), read)], ())
    if everything:
        return _check_everything(path, key)
    names, notices = files_to_check(path)
    read_files = [(name, _read(path / name, name, layout, key)) for name, layout in names]
    if not has_place_file(path):
        read_files, more = _only_recognised(read_files)
        notices += more
    return _put_together(path, read_files, notices)


def _check_everything(folder: Path, key: bytes) -> Checked:
    """The files that make the place, and every other file of the folder whose kind is known."""
    require_folder(folder)
    tables, others = candidates(folder)
    named = dict(files_to_check(folder)[0]) if has_place_file(folder) else {}
    rest = [
        name for name in (*tables, *others) if name not in named and (name in tables or may_be_other(folder / name))
    ]
    kinds = {name: recognised(folder / name, name, list(FORMATS.values())) for name in rest}
    known: list[tuple[str, ReadFile]] = [
        (name, _read(folder / name, name, layout, key)) for name, layout in named.items()
    ]
    unknown = []
    for name in rest:
        kind = kinds[name]
        read = _read_other(folder / name, name, kind) if kind else _read(folder / name, name, "", key)
        is_other = isinstance(read, InputError) and read.problems[0].code in NOT_OURS
        if is_other and (named or kind is None):
            unknown.append(name)
        elif named and kind is None:
            unknown.append(name)  # a table like those of the place, which place.yaml does not name
        else:
            known.append((name, read))
    if not known:
        raise no_files(folder, [*unknown, *others])
    notices = (f"not recognised and not read: {', '.join(unknown)}",) if unknown else ()
    if not named:
        notices = (f"there is no {FILE_NAME}; every table in the folder was checked", *notices)
    return _put_together(folder, known, notices)


def _read_other(path: Path, name: str, kind: OtherFormat) -> ReadFile:
    try:
        return OtherFile(kind.name, kind.read(path, name))
    except InputError as error:
        return error


def files_to_check(folder: Path) -> tuple[list[tuple[str, str]], tuple[str, ...]]:
    """The files of a folder and their formats ("" where place.yaml does not say), and what to tell the user."""
    require_folder(folder)
    if has_place_file(folder):
        return [(file.path, file.format) for file in read_place_file(folder).files], ()
    tables, others = candidates(folder)
    if not tables:
        raise no_files(folder, others)
    return [(name, "") for name in tables], (f"there is no {FILE_NAME}; every table in the folder was checked",)


def candidates(folder: Path) -> tuple[list[str], list[str]]:
    """Names of the files in a folder that may be tables, and of the others."""
    names = sorted(entry.name for entry in folder.iterdir() if entry.is_file() and not entry.name.startswith("."))
    names = [name for name in names if name not in NOT_RECORDS]
    tables = [name for name in names if name.lower().endswith(TABLE_ENDINGS)]
    return tables, [name for name in names if name not in tables]


def no_files(folder: Path, others: Sequence[str] = ()) -> InputError:
    """The lesson for a folder without any table."""
    return InputError(
        Problem(
            "no_files",
            "there are no tables in this folder",
            "put the council's files into it",
            file=str(folder),
            found=", ".join(others[:10]) or "nothing",
            allowed="files ending in " + ", ".join(TABLE_ENDINGS),
        )
    )


def _read(path: Path, name: str, layout: str, key: bytes) -> ReadFile:
    try:
        opened = open_table(path, [FORMATS[layout]] if layout else list(FORMATS.values()), name)
        if opened.format.name == scottish_census.NAME:
            return scottish_census.read(opened, key)
        return client_level_data.read(opened, key)
    except InputError as error:
        return error


def _only_recognised(read: list[tuple[str, ReadFile]]) -> tuple[list[tuple[str, ReadFile]], tuple[str, ...]]:
    """Without the files of other kinds, unless there is no file of a known kind at all."""
    others = [name for name, file in read if isinstance(file, InputError) and file.problems[0].code == "wrong_file"]
    if not others or len(others) == len(read):
        return read, ()
    return [pair for pair in read if pair[0] not in others], (f"not recognised and not read: {', '.join(others)}",)


def _put_together(path: Path, read: list[tuple[str, ReadFile]], notices: tuple[str, ...]) -> Checked:
    refusals = [file for _, file in read if isinstance(file, InputError)]
    if len(refusals) == len(read):
        raise InputError([problem for refusal in refusals for problem in refusal.problems])
    returns = [file for _, file in read if isinstance(file, CldFile)]
    events = client_level_data.together(returns)
    checks, of_returns = [], 0
    for name, file in read:
        if isinstance(file, InputError):
            checks.append(FileCheck(name, "", "", 0, 0, (), ProblemLog(name), tuple(file.problems)))
        elif isinstance(file, CensusFile):
            checks.append(_census_check(name, file))
        elif isinstance(file, OtherFile):
            found = file.reading
            checks.append(FileCheck(name, file.format, "", found.rows, found.usable_rows, found.notices, found.log))
        else:
            usable = events.filter(pl.col("is_usable") & (pl.col("file") == of_returns)).height
            checks.append(_check_of(name, file.opened, file.release, usable))
            of_returns += 1
    censuses = {name: file for name, file in read if isinstance(file, CensusFile)}
    return Checked(str(path), tuple(checks), notices, events, censuses)


def _census_check(name: str, census: CensusFile) -> FileCheck:
    clients = scottish_census.clients_by_council(census)
    census.opened.notices.append(f"{sum(clients.values()):,} home care clients in {len(clients)} councils")
    return _check_of(name, census.opened, "", int(census.frame["is_usable"].sum()))


def _check_of(name: str, opened: Opened, release: str, usable: int) -> FileCheck:
    return FileCheck(name, opened.format.name, release, opened.rows, usable, tuple(opened.notices), opened.log)

"""Read everything the tool was given, and keep what is needed to say where each figure is from."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from insource.desk.market.matching import Register
from insource.desk.result import Input, input_of
from insource.errors import InputError, Problem
from insource.records import (
    contract_register,
    cqc_locations,
    market_decisions,
    market_mapping,
    market_proposal,
    payments,
    supplier_list,
)
from insource.records.checking import NOT_RECORDS
from insource.records.market_decisions import Decision
from insource.records.market_mapping import Mapping
from insource.records.other_formats import known_of, recognised
from insource.records.payments import Allowed
from insource.records.place_file import FORMATS
from insource.records.problem_log import ProblemLog
from insource.records.sheet_table import ENDINGS

MOST_NAMES = 10
TABLES = (".csv", ".csv.gz", ".txt", ".tsv", *ENDINGS)


@dataclass(frozen=True)
class Given:
    """The files named by the user."""

    payments: tuple[Path, ...] = ()
    suppliers: tuple[Path, ...] = ()
    contracts: tuple[Path, ...] = ()
    providers: Path | None = None
    mapping: Path | None = None
    decisions: Path | None = None
    areas: tuple[str, ...] = ()


@dataclass(frozen=True)
class Material:
    """What was read. `files`: the names of payment files in the order of their numbers; `registers` likewise."""

    payments: tuple[pl.DataFrame, ...]
    lists: tuple[pl.DataFrame, ...]
    contracts: pl.DataFrame | None
    locations: pl.DataFrame | None
    register: Register | None
    decisions: dict[str, Decision]
    mapping: Mapping
    remarks: dict[str, str]
    files: tuple[str, ...]
    registers: tuple[str, ...]
    areas: tuple[str, ...]
    inputs: tuple[Input, ...]
    logs: tuple[ProblemLog, ...] = field(repr=False)
    notices: tuple[str, ...] = ()

    def without_incomes(self) -> "Material":
        """The same without what suppliers earn, which the user may know in confidence: for publication."""
        decisions = {key: replace(one, turnover_pounds=None) for key, one in self.decisions.items()}
        return replace(self, decisions=decisions)


def files_of(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The files themselves, and in place of a folder the tables in it, by name, that are not of another known kind.

    Raises InputError if a folder has none.
    """
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        tables = sorted(
            one
            for one in path.iterdir()
            if one.name.lower().endswith(TABLES) and not one.name.startswith(".") and one.name not in NOT_RECORDS
        )
        inside = [one for one in tables if not _is_of_another_kind(one)]
        if not inside:
            what = "no table of payments is in this folder" if tables else "no table is in this folder"
            todo = "give a folder that holds payments as CSV files or workbooks, or name the files"
            names = ", ".join(one.name for one in tables[:MOST_NAMES])
            raise InputError(Problem("no_tables", what, todo, file=str(path), found=names))
        found += inside
    return tuple(found)


def _is_of_another_kind(path: Path) -> bool:
    """Whether a file in a folder is known not to be of payments: care records, registers, a text without columns."""
    try:
        headings = payments.file_headings(path, path.name)
    except InputError:
        return False
    kind = recognised(path, path.name, list(FORMATS.values()))
    if kind is not None:
        return kind.name != "payments"
    return len(headings) == 1 or any(known_of(layout, headings) for layout in FORMATS.values())


def proposal(given: Given) -> tuple[Mapping, dict[str, str]]:
    """The mapping proposed for these files, and why; raises InputError if a needed column cannot be found."""
    named = [
        tuple((path, str(path.name)) for path in paths) for paths in (given.payments, given.suppliers, given.contracts)
    ]
    return market_proposal.propose(market_proposal.Given(*named))


def read_all(given: Given) -> Material:
    """Read the files; raises InputError with every problem of mapping and decisions, or of files refused as a whole."""
    mapping, remarks = (market_mapping.read(given.mapping), {}) if given.mapping else proposal(given)
    if given.payments and not mapping.streams and "stream" not in mapping.headings.get("payments", {}):
        raise InputError(_no_streams(mapping))
    logs: list[ProblemLog] = []
    inputs: list[Input] = []
    notices: list[str] = []
    decisions = _decisions(given.decisions, inputs)
    locations = None
    if given.providers:
        found = cqc_locations.read(given.providers)
        locations = found.frame
        logs.append(found.log)
        inputs.append(input_of(given.providers, found.rows, found.frame.height))
        notices += [f"{found.name}: {notice}" for notice in found.notices]
    register = Register(locations, given.areas) if locations is not None else None
    allowed = Allowed(
        frozenset(key for key, one in decisions.items() if one.decision == "organisation"),
        frozenset(entry.even for entry in register.entries if entry.even) if register else frozenset(),
    )
    paid = _payments(given.payments, mapping, allowed, logs, inputs, notices)
    lists = []
    for path in given.suppliers:
        frame, log, rows = supplier_list.read(path, mapping, allowed=allowed)
        lists.append(frame)
        logs.append(log)
        inputs.append(input_of(path, rows, frame.height))
    contracts = []
    for number, path in enumerate(given.contracts):
        one = contract_register.read(path, mapping, number)
        contracts.append(one.frame)
        logs.append(one.log)
        inputs.append(input_of(path, one.rows, one.frame.height))
        notices += [f"{one.name}: {notice}" for notice in one.notices]
    return Material(
        paid,
        tuple(lists),
        pl.concat(contracts) if contracts else None,
        locations,
        register,
        decisions,
        mapping,
        remarks,
        tuple(path.name for path in given.payments),
        tuple(path.name for path in given.contracts),
        given.areas,
        tuple(inputs),
        tuple(logs),
        tuple(dict.fromkeys(notices)),
    )


def _payments(
    paths: Sequence[Path],
    mapping: Mapping,
    allowed: Allowed,
    logs: list[ProblemLog],
    inputs: list[Input],
    notices: list[str],
) -> tuple[pl.DataFrame, ...]:
    """The payment files; all that are refused are told of together."""
    frames: list[pl.DataFrame] = []
    problems: list[Problem] = []
    for number, path in enumerate(paths):
        try:
            one = payments.read(path, mapping, number, allowed=allowed)
        except InputError as error:
            problems += error.problems
            continue
        frames.append(one.frame)
        logs.append(one.log)
        inputs.append(input_of(path, one.rows, one.frame.height))
        notices += one.notices
    if problems:
        raise InputError(problems)
    return tuple(frames)


def _decisions(path: Path | None, inputs: list[Input]) -> dict[str, Decision]:
    if path is None:
        return {}
    decisions, log, rows = market_decisions.read(path)
    if log.is_unusable():
        raise InputError(log.each())
    inputs.append(input_of(path, rows, len(decisions)))
    return decisions


def _no_streams(mapping: Mapping) -> Problem:
    return Problem(
        "no_streams",
        "nothing in these payments says which are for which kind of adult care",
        "write the mapping with --propose mapping.yaml, add tests under 'streams:', and give it with --mapping",
        file=mapping.file,
        allowed="tests such as {column: purpose, holds: home care}",
    )

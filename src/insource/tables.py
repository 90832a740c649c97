"""Typed tables, built from the data dictionary in `data/tables/*.csv`.

One file of the dictionary belongs to one owner: a mechanism, or the place. The owner alone may write its columns.
A mechanism is handed a view of just the columns it declares: those it reads are locked, those it writes are its own.
Reading a column that was not declared, or writing one that was only declared for reading, fails when it is compiled.
"""

import csv
from collections import namedtuple
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np

from insource.compiled import IS_COMPILED
from insource.terms import TERMS

TABLES = ("people", "workers", "providers", "zones", "council", "donors", "parts")


@dataclass(frozen=True)
class Column:
    """One line of the data dictionary."""

    table: str
    name: str
    kind: str
    unit: str
    start: float
    owner: str
    description: str


@dataclass(frozen=True)
class Account:
    """One line of the chart of accounts. `payer` and `payee` are empty where no money moves."""

    name: str
    unit: str
    payer: str
    payee: str
    owner: str
    description: str


def _rows(folder: str) -> list[tuple[str, dict[str, str]]]:
    found = []
    for path in sorted(files("insource").joinpath("data", folder).iterdir(), key=lambda entry: entry.name):
        if path.name.endswith(".csv"):
            reader = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
            found += [(path.name.removesuffix(".csv"), row) for row in reader]
    return found


def _read_columns() -> dict[str, dict[str, Column]]:
    columns: dict[str, dict[str, Column]] = {table: {} for table in TABLES}
    for owner, row in _rows("tables"):
        column = Column(
            row["table"], row["column"], row["type"], row["unit"], float(row["start"]), owner, row["description"]
        )
        if column.name in columns[column.table]:
            raise ValueError(f"column {column.table}.{column.name} has two owners")
        columns[column.table][column.name] = column
    for term in TERMS.values():
        columns["parts"][term.name] = Column(
            "parts", term.name, "float64", term.unit, 0.0, "delivery", term.description
        )
    return columns


COLUMNS = _read_columns()
ACCOUNTS: dict[str, Account] = {
    row["account"]: Account(row["account"], row["unit"], row["payer"], row["payee"], owner, row["description"])
    for owner, row in _rows("accounts")
}

Tables = dict[str, dict[str, np.ndarray]]


def empty_tables(sizes: Mapping[str, int]) -> Tables:
    """Every table with its start values; `sizes` gives the number of rows of each.

    Uncompiled, whole numbers are all 64 bits wide: the compiler widens them before it adds, NumPy alone does not.
    """
    return {
        table: {name: _started(sizes[table], column.start, _width(column.kind)) for name, column in columns.items()}
        for table, columns in COLUMNS.items()
    }


def _started(rows: int, start: float, kind: str) -> np.ndarray:
    """A column of so many times its start value; most begin with zeros, which are had for nothing."""
    return np.full(rows, start, dtype=kind) if start else np.zeros(rows, dtype=kind)


def _width(kind: str) -> str:
    return kind if IS_COMPILED or kind.startswith("float") else "int64"


def record_type(name: str, fields: Sequence[str], module: str) -> Any:
    """A named tuple type made at run time; `module` is where it will be kept under its own name, so that it pickles."""
    make: Any = namedtuple
    return make(name, fields, module=module)


def locked(array: np.ndarray) -> np.ndarray:
    """The same column, that cannot be written through this view."""
    view = array.view()
    view.flags.writeable = False
    return view

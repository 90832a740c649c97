"""The closed list of outcomes (data/outcomes.csv), each worked out from the books and nothing else."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import polars as pl

from insource.tables import ACCOUNTS
from insource.units import LEDGER_UNITS, WEEKS_A_YEAR

Totals = Mapping[str, float] | pl.DataFrame


@dataclass(frozen=True)
class Outcome:
    """One outcome: a sum of accounts over another sum, or over time."""

    name: str
    group: str
    label: str
    unit: str
    better: str
    numerator: str
    denominator: str
    scale: float
    description: str

    def accounts(self) -> tuple[str, ...]:
        """Every account it is made of."""
        return tuple(sorted({*_signed(self.numerator), *_signed(self.denominator)}))

    @property
    def is_a_sum(self) -> bool:
        """Whether it is a plain sum a year in one whole unit of the books, which can be divided up without rest."""
        units = {ACCOUNTS[name].unit for name in _signed(self.numerator)}
        return self.denominator == "years" and len(units) == 1

    def signs(self) -> dict[str, int]:
        """The accounts above the line, with their signs."""
        return dict(_signed(self.numerator))

    def whole_unit(self) -> float:
        """What one whole unit of the books (a penny, a minute, a millionth) is in the unit shown."""
        return self.scale * LEDGER_UNITS[ACCOUNTS[next(iter(_signed(self.numerator)))].unit][1]

    def value(self, totals: Mapping[str, float], weeks: int) -> float:
        """The outcome, given each account's total over `weeks` weeks in its own unit. NaN where nothing divides it."""
        below = self._below(totals, weeks)
        return self.scale * _sum(self.numerator, totals) / below if below else float("nan")

    def values(self, totals: pl.DataFrame, weeks: int) -> np.ndarray:
        """The same for every row of `totals` (a column for each account), float64 [row].

        Raises ValueError if an account has no total in some row: that is no outcome without a value, but a fault.
        """
        if lacking := [name for name in self.accounts() if totals[name].null_count()]:
            raise ValueError(f"{self.name}: the books lack {', '.join(lacking)}")
        above = np.broadcast_to(self.scale * _sum(self.numerator, totals), len(totals))
        below = np.broadcast_to(self._below(totals, weeks), len(totals))
        return np.divide(above, below, out=np.full(above.shape, np.nan), where=below != 0.0)

    def _below(self, totals: Totals, weeks: int) -> Any:
        if self.denominator == "weeks":
            return float(weeks)
        if self.denominator == "years":
            return weeks / WEEKS_A_YEAR
        return _sum(self.denominator, totals)


@cache
def outcomes() -> dict[str, Outcome]:
    """Every outcome by name, in the order in which reports show them."""
    text = files("insource").joinpath("data/outcomes.csv").read_text(encoding="utf-8")
    return {
        row["outcome"]: Outcome(
            row["outcome"],
            row["group"],
            row["label"],
            row["unit"],
            row["better"],
            row["numerator"],
            row["denominator"],
            float(row["scale"]),
            row["description"],
        )
        for row in csv.DictReader(text.splitlines())
    }


def _sum(formula: str, totals: Totals) -> Any:
    """A number, or a column of numbers."""
    units = {name: LEDGER_UNITS[ACCOUNTS[name].unit][1] for name in _signed(formula)}
    return sum(sign * totals[name] * units[name] for name, sign in _signed(formula).items())


@cache
def _signed(formula: str) -> dict[str, int]:
    """Accounts of a formula with their signs; `payer X`, `payee X`, `balance X` stand for all accounts of a purse."""
    if formula in ("weeks", "years"):
        return {}
    signs: dict[str, int] = {}
    for sign, term in re.findall(r"([+-]?)\s*((?:payer |payee |balance )?\w+)", formula):
        factor = -1 if sign == "-" else 1
        for name, own in _accounts_of(term).items():
            signs[name] = signs.get(name, 0) + factor * own
    return {name: sign for name, sign in signs.items() if sign}


def _accounts_of(term: str) -> dict[str, int]:
    if " " not in term:
        if term not in ACCOUNTS:
            raise ValueError(f"outcomes.csv names '{term}', which is not an account")
        return {term: 1}
    role, purse = term.split(" ")
    pays = {name: 1 for name, account in ACCOUNTS.items() if account.payer == purse}
    gets = {name: 1 for name, account in ACCOUNTS.items() if account.payee == purse}
    if not pays and not gets:
        raise ValueError(f"outcomes.csv names the purse '{purse}', which nobody pays from or into")
    if role == "balance":
        return {**gets, **dict.fromkeys(pays, -1)}
    return pays if role == "payer" else gets

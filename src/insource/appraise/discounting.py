"""Sums of different years at one date: discount factors, present values, annuities, payback.

Rates stand in data/appraisal/discounting.csv by edition, because they change: the Treasury was reviewing them when this
was written. Money and wellbeing have rates of their own. Rates fall with the distance, so a factor is
the product of one factor for each year.
"""

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

import numpy as np

from insource.errors import InputError, unknown

Kind = Literal["money", "wellbeing"]
Timing = Literal["start", "middle", "end"]
TIMINGS: dict[Timing, float] = {"start": 1.0, "middle": 0.5, "end": 0.0}
"""By how many years before its end a year's sum is taken to fall."""
DEFAULT = "green_book_2026"


@dataclass(frozen=True)
class Band:
    """A rate (a share a year) that holds from one year to another, both included."""

    kind: str
    from_year: int
    to_year: int
    rate: float
    source: str


@cache
def editions() -> dict[str, tuple[Band, ...]]:
    """The tables of rates by name."""
    text = files("insource").joinpath("data/appraisal/discounting.csv").read_text(encoding="utf-8")
    found: dict[str, list[Band]] = {}
    for row in csv.DictReader(text.splitlines()):
        band = Band(row["kind"], int(row["from_year"]), int(row["to_year"]), float(row["rate"]), row["source"])
        found.setdefault(row["edition"], []).append(band)
    return {name: tuple(bands) for name, bands in found.items()}


def rate_of(year: int, kind: Kind, edition: str = DEFAULT) -> float:
    """The rate of a year (1 is the first)."""
    if edition not in editions():
        raise InputError(unknown("table of discount rates", edition, editions(), where="--discounting"))
    bands = [band for band in editions()[edition] if band.kind == kind]
    for band in bands:
        if band.from_year <= year <= band.to_year:
            return band.rate
    raise ValueError(f"{edition} has no rate for year {year}; its last is {max(band.to_year for band in bands)}")


def factor(years: float, kind: Kind = "money", edition: str = DEFAULT) -> float:
    """What a sum `years` from now is worth now, for each pound or SC-QALY of it. Whole years first, then the rest."""
    whole = math.floor(years)
    product = math.prod(1.0 / (1.0 + rate_of(year, kind, edition)) for year in range(1, whole + 1))
    rest = years - whole
    return product if rest == 0.0 else product * (1.0 + rate_of(whole + 1, kind, edition)) ** -rest


def factors(years: int, kind: Kind = "money", edition: str = DEFAULT, timing: Timing = "end") -> np.ndarray:
    """The factors of years 1 to `years`, shape (years,); `timing` says when in its year a sum falls."""
    return np.array([factor(year - TIMINGS[timing], kind, edition) for year in range(1, years + 1)])


def present_value(flows: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Flows by year in the last axis, weighted by their factors and added up."""
    return np.asarray(flows, float) @ weights


def equivalent_annual(value: np.ndarray | float, weights: np.ndarray) -> np.ndarray:
    """The same sum every year that is worth as much: a present value over the annuity factor."""
    return np.asarray(value, float) / weights.sum()


def break_even_saving(outlay: np.ndarray | float, weights: np.ndarray) -> np.ndarray:
    """The saving a year, in the pounds of the outlay, that pays it back over the years of `weights`; of its shape.

    The outlay is a present value. S = F / A: the outlay over the annuity factor (theory.md, section 13).
    """
    return np.asarray(outlay, float) / weights.sum()


def payback(
    outlay: np.ndarray | float,
    flows: Sequence[float] | np.ndarray,
    kind: Kind = "money",
    edition: str = DEFAULT,
    timing: Timing = "end",
) -> np.ndarray:
    """Years until the discounted flows have paid an outlay now for good, shape of `flows` without its last axis.

    `flows` are by year in the last axis, below 0 where more is spent. 0 where nothing is ever owed at the end of a
    year; infinite where something is still owed after the last. What is paid back and then spent again is not paid
    back. Within the year in which it happens the discounted flow is taken to come evenly.
    """
    worth = np.asarray(flows, float)
    worth = worth * factors(worth.shape[-1], kind, edition, timing)
    start = np.broadcast_to(-np.asarray(outlay, float)[..., None], (*worth.shape[:-1], 1))
    balance = np.concatenate([start, start + worth.cumsum(axis=-1)], axis=-1)
    is_owed = balance < 0.0
    last = worth.shape[-1] - is_owed[..., ::-1].argmax(axis=-1)  # the last end of a year at which something is owed
    last = np.minimum(last, worth.shape[-1] - 1)  # if it is that of the last year, there is no year after it
    owed, paid = (np.take_along_axis(one, last[..., None], axis=-1)[..., 0] for one in (-balance, worth))
    years = last + np.divide(owed, paid, out=np.zeros(last.shape), where=paid > 0.0)
    return np.where(is_owed[..., -1], math.inf, np.where(is_owed.any(axis=-1), years, 0.0))


def payback_at(outlay: float, a_year: float, rate: float) -> float:
    """Years in which a level saving pays an outlay back at one rate: -ln(1 - outlay x rate / saving) / ln(1 + rate)."""
    if a_year <= outlay * rate:
        return math.inf
    return outlay / a_year if rate == 0.0 else -math.log1p(-outlay * rate / a_year) / math.log1p(rate)

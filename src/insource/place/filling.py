"""Fill what files do not tell from national figures, and say column by column where each value comes from.

The draws are those of a synthetic place, keyed by the person's number: a file that tells nothing gives, person by
person, the people of `synthetic`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from insource import parameters
from insource.place.model import Origin
from insource.place.synthetic import NATIONAL, age_bands, carers, draws_of, packages, reasons, weeks_since_review
from insource.units import WEEKS_A_YEAR

FILLING_SEED = 1


@dataclass(frozen=True)
class Told:
    """A column as the files tell it, one value a person: NaN where they do not; `is_derived` where it was worked out.

    `how` says where it was found.
    """

    values: np.ndarray
    is_derived: np.ndarray
    how: str


def untold(people: int) -> Told:
    """A column of which the files say nothing."""
    return Told(np.full(people, np.nan), np.zeros(people, bool), "")


def filled(
    told: dict[str, Told], person: np.ndarray, line: np.ndarray, numbers: Any, longest_known_weeks: int = 0
) -> tuple[dict[str, np.ndarray], tuple[Origin, ...]]:
    """The columns of donors (all but the zone) without gaps, and their origins.

    `line` is known of everybody: it is by their service that people are found. `numbers` are the parameters with the
    user's own figures. `longest_known_weeks`: where a review is not told, there was none for so many weeks (0: the
    files cannot tell).
    """
    u = draws_of(person, FILLING_SEED)
    age_band = _with(told["age_band"], age_bands(numbers, line, u["age"]))
    is_older = age_band > 0
    since_review = (
        longest_known_weeks + np.floor(u["age_of_review"] * WEEKS_A_YEAR)
        if longest_known_weeks
        else weeks_since_review(numbers, u["review"], u["age_of_review"])
    )
    columns = {
        "person": person,
        "line": line,
        "age_band": age_band,
        "reason": _with(told["reason"], reasons(line, is_older, u["reason"])),
        "is_with_carer": _with(told["is_with_carer"], carers(numbers, line, u["carer"])),
        # national hours, whatever the mean of those recorded: the people without hours may be others
        "package_minutes": _with(told["package_minutes"], packages(parameters.central(), line, is_older, u["hours"])),
        "since_review_weeks": _with(told["since_review_weeks"], since_review),
    }
    return columns, tuple(_origin(name, column) for name, column in told.items())


def _with(told: Told, otherwise: np.ndarray) -> np.ndarray:
    return np.where(np.isnan(told.values), otherwise, told.values)


def _origin(name: str, told: Told) -> Origin:
    is_told = ~np.isnan(told.values)
    recorded = float((is_told & ~told.is_derived).mean())
    derived = float((is_told & told.is_derived).mean())
    how = told.how if is_told.any() else ""
    if not is_told.all():
        how = f"{how}; the others {NATIONAL}" if how else NATIONAL
    return Origin(name, recorded, derived, 1.0 - recorded - derived, how)

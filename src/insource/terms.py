"""The terms a delivery model may set, from `data/terms.csv`, and the numbers that stand for their choices.

Rules and mechanisms read terms; they never learn which delivery model set them.
"""

import csv
from collections import namedtuple
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from insource.errors import Problem, near_miss
from insource.units import IN_THE_NUMBER


@dataclass(frozen=True)
class Term:
    """One line of the dictionary of terms."""

    name: str
    group: str
    kind: str
    unit: str
    allowed: str
    base: str
    description: str
    basis: str
    """Where the base value, and those of the bundled models, come from."""

    @property
    def choices(self) -> tuple[str, ...]:
        """The words allowed, in order; their positions are the numbers mechanisms see."""
        return ("no", "yes") if self.kind == "flag" else tuple(self.allowed.split("|")) if self.kind == "choice" else ()

    def number(self, value: object, file: str = "") -> float | Problem:
        """The number for `value`, or the problem with it."""
        if self.kind in ("choice", "flag"):
            word = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
            if isinstance(word, str) and word in self.choices:
                return float(self.choices.index(word))
            close = near_miss(str(word), self.choices)
            return self._refused(value, file, f"write '{close}'" if close else "use one of the allowed words")
        low, high = (float(end) for end in self.allowed.split(" to "))
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            unit = "" if self.unit in IN_THE_NUMBER else f", in {self.unit}"
            return self._refused(value, file, f"give a number in the allowed range{unit}")
        return float(value)

    def words(self, number: float) -> str:
        """A number as a reader would write it in a delivery file."""
        return self.choices[int(number)] if self.choices else f"{number:g}"

    def _refused(self, value: object, file: str, todo: str) -> Problem:
        return Problem(
            "term_value",
            f"the term '{self.name}' cannot have this value",
            todo,
            file=file,
            column=self.name,
            found=repr(value),
            allowed=self.allowed or "no|yes",
        )


def _read() -> dict[str, Term]:
    text = files("insource").joinpath("data/terms.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {
        row["term"]: Term(
            row["term"],
            row["group"],
            row["type"],
            row["unit"],
            row["allowed"],
            row["base"],
            row["description"],
            row["basis"],
        )
        for row in rows
    }


TERMS: dict[str, Term] = _read()


def _choice_numbers() -> Any:
    tuples = {}
    for term in TERMS.values():
        if term.kind == "choice":
            fields = term.choices
            tuples[term.name] = namedtuple(term.name, fields)(*range(len(fields)))
    return namedtuple("Choices", list(tuples))(**tuples)


CHOICES: Any = _choice_numbers()
"""`CHOICES.pay_scale.council` is the number a mechanism compares `parts.pay_scale` with."""

LINES = ("home_care", "supported_living", "reablement", "housing_support")
"""Lines of service whose terms a delivery model sets; on the last nobody has a row (hours bought from a budget)."""
LINE: Any = namedtuple("LINE", LINES)(*range(len(LINES)))
"""`LINE.reablement` is the number that stands for the line in `people.line` and `parts.line`."""
KINDS = ("council", "council_company", "for_profit", "non_profit", "personal_assistant")
KIND: Any = namedtuple("KIND", KINDS)(*range(len(KINDS)))
"""`KIND.non_profit` is the number in `providers.kind`."""
KIND_OF_EMPLOYER = (KIND.for_profit, KIND.council, KIND.council_company, KIND.personal_assistant)
"""The kind of a service by the number of its `employer` term."""
BIDDING_TYPES = ("efficient", "principled", "low_baller", "under_staffer", "slick_writer")
BIDDING: Any = namedtuple("BIDDING", BIDDING_TYPES)(*range(len(BIDDING_TYPES)))
"""`BIDDING.principled` is the number in `providers.bidding_type`."""

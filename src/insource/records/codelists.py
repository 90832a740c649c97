"""The allowed values of the Client Level Data return, Release 1 and Release 2 (data/codelists/, status in each line).

Values are compared after evening out case, spaces and dashes. Release 1 values are turned into Release 2 values where
the two are known to mean the same, so that everything after this file speaks Release 2.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from insource.errors import near_miss

Release = Literal["R1", "R2", ""]
UNPLANNED = "Unplanned..."
"""Stands in the R2 list of review reasons for wordings that begin so and were not seen."""
FREQUENCY_STEMS = (
    ("no charge", "No charge to client"),
    ("one-off", "One-off"),
    ("one off", "One-off"),
    ("session", "Per session"),
    ("hour", "Hourly"),
    ("fortnight", "Fortnightly"),
    ("4-week", "4-weekly"),
    ("4 week", "4-weekly"),
    ("four-week", "4-weekly"),
    ("four week", "4-weekly"),
    ("week", "Weekly"),
    ("month", "Monthly"),
    ("quarter", "Quarterly"),
    ("annual", "Annually"),
    ("year", "Annually"),
    ("daily", "Daily"),
    ("day", "Daily"),
)
"""Cost frequencies are recognised by their stems, as DHSC's own code does: the Release 1 spelling was not seen."""


def rows(name: str) -> list[dict[str, str]]:
    """The lines of one of the code lists in `data/codelists/`."""
    text = files("insource").joinpath("data", "codelists", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def even(text: str) -> str:
    """A value without differences of case, spaces and dashes: "NFA- Other" and "nfa - other" are the same."""
    text = re.sub(r"[\u2010-\u2015\u2212]", "-", text.strip()).casefold()
    text = re.sub(r"\s*([-/:&])\s*", r"\1", text)
    return re.sub(r"\s+", " ", text)


@dataclass(frozen=True)
class Match:
    """What a value of a file stands for: the Release 2 value (None if unknown).

    `belongs_to` is the release that alone has this value; `spelt_as` the release that alone spells it just so.
    """

    value: str | None
    belongs_to: Release
    spelt_as: Release


@dataclass(frozen=True)
class Codelist:
    """The allowed values of one field. `values` are all that a Match may hold, in the order of the Release 2 list."""

    heading: str
    releases: dict[str, tuple[str, ...]]
    values: tuple[str, ...]
    r2_of: dict[str, str]
    evened: dict[str, frozenset[str]]

    def allowed(self, release: Release) -> tuple[str, ...]:
        """The values a file of this release may hold (of the other release where only that one's list is known)."""
        own = self.releases.get(release or "R2", ())
        return own or next(values for values in self.releases.values() if values)

    def match(self, text: str) -> Match:
        """What a value (not blank) stands for."""
        key = even(text)
        holders = [release for release, values in self.evened.items() if key in values]
        spellers = [release for release, values in self.releases.items() if text.strip() in values]
        value = self.r2_of.get(key) or self._loosely(key)
        is_in_both_lists = len([values for values in self.releases.values() if values]) == 2
        return Match(value, _only(holders, is_in_both_lists), _only(spellers, is_in_both_lists))

    def _loosely(self, key: str) -> str | None:
        if self.heading == "Cost Frequency (Unit Type)":
            return next((value for stem, value in FREQUENCY_STEMS if stem in key), None)
        if self.heading == "Review Reason" and key.startswith("unplanned"):
            return UNPLANNED
        if self.heading.startswith("Method of"):  # Release 2 may say "unpaid carer"
            return self.r2_of.get(key.replace("unpaid ", ""))
        return None

    def near(self, text: str) -> str:
        """The allowed value that was probably meant ("" if none is near)."""
        return near_miss(text, [value for values in self.releases.values() for value in values])


def _only(found: list[str], can_tell: bool) -> Release:
    if not can_tell or len(found) != 1:
        return ""
    return "R1" if found[0] == "R1" else "R2"


@cache
def codelists() -> dict[str, Codelist]:
    """The code lists by the official heading of their column."""
    found: dict[str, dict[str, list[str]]] = {}
    for row in rows("cld_values.csv"):
        lists = found.setdefault(row["field"], {"R1": [], "R2": []})
        for release in row["release"].split(","):
            lists[release].append(row["value"])
    known_pairs = {(row["field"], even(row["release_1"])): row["release_2"] for row in rows("cld_r1_to_r2.csv")}
    return {heading: _codelist(heading, lists, known_pairs) for heading, lists in found.items()}


def _codelist(heading: str, lists: dict[str, list[str]], known_pairs: dict[tuple[str, str], str]) -> Codelist:
    r2 = {even(value): value for value in lists["R2"]}
    by_words = {_words(value): value for value in lists["R2"]}
    r2_of = dict(r2)
    for value in lists["R1"]:
        pair = known_pairs.get((heading, even(value))) or r2.get(even(value)) or by_words.get(_words(value))
        r2_of.setdefault(even(value), pair or value)
    values = tuple(dict.fromkeys([*lists["R2"], *r2_of.values()]))
    evened = {release: frozenset(even(value) for value in entries) for release, entries in lists.items()}
    return Codelist(heading, {name: tuple(entries) for name, entries in lists.items()}, values, r2_of, evened)


def _words(value: str) -> str:
    """Only the words: "White - Irish" (R1) and "White: Irish" (R2) say the same."""
    return " ".join(re.findall(r"[a-z0-9]+", value.casefold()))

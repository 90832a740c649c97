"""Find suppliers in the CQC's register by name, with the likeness shown and the user's decisions kept.

Likeness (0 to 100) is the mean of two measures of rapidfuzz: letters in order, and words as a set. Only names that
share a word which is not common are compared. A match is used if it is like enough and no second provider is as like;
the user's decisions come before both.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl
from rapidfuzz import fuzz

from insource.records import supplier_names
from insource.records.market_decisions import Decision

NUMBERS = re.compile(r"\d+")
COMMON_SHARE = 0.02
FEWEST_COMMON = 30
TAKEN, SHOWN, REFUSED, DECIDED = "used", "to decide", "refused by you", "decided by you"
SCHEMA = {
    "supplier": pl.String,
    "name": pl.String,
    "state": pl.String,
    "likeness": pl.Float64,
    "matched_with": pl.String,
    "register_row": pl.Int64,
    "provider_id": pl.String,
    "provider": pl.String,
    "location_id": pl.String,
}


@dataclass(frozen=True)
class Entry:
    """A name in the register: of a provider, a brand's or one location's. `location_id` is blank for a provider."""

    even: str
    name: str
    provider_id: str
    location_id: str
    row: int
    is_in_area: bool


class Register:
    """The names of the register, ready to be searched."""

    def __init__(self, locations: pl.DataFrame, areas: Sequence[str] = ()):
        self.entries = _entries(locations, {area.lower() for area in areas})
        self.providers = {entry.provider_id: entry.name for entry in self.entries if not entry.location_id}
        self.rows = {entry.provider_id: entry.row for entry in self.entries if not entry.location_id}
        words = Counter(word for entry in self.entries for word in set(entry.even.split()))
        limit = max(FEWEST_COMMON, COMMON_SHARE * len(self.entries))
        self._by_word: dict[str, list[int]] = defaultdict(list)
        for number, entry in enumerate(self.entries):
            for word in sorted(set(entry.even.split())):
                if words[word] <= limit:
                    self._by_word[word].append(number)
        self._by_name: dict[str, list[int]] = defaultdict(list)
        for number, entry in enumerate(self.entries):
            self._by_name[entry.even].append(number)

    def likest(self, name: str) -> list[tuple[float, Entry]]:
        """The entries of some likeness, the likest first; those in the council's area before others as like."""
        even = supplier_names.even(name)
        numbers = {number for word in set(even.split()) for number in self._by_word.get(word, ())}
        numbers |= set(self._by_name.get(even, ()))
        scored = [(likeness(even, self.entries[number].even), self.entries[number]) for number in numbers]
        return sorted(scored, key=lambda one: (-one[0], not one[1].is_in_area, bool(one[1].location_id), one[1].row))

    def is_listed(self, name: str) -> bool:
        """True if a provider or a location that is no person's bears just this name."""
        return supplier_names.even(name) in self._by_name


def likeness(one: str, other: str) -> float:
    """How alike two names are that were made even, 0 to 100; 0 where their numbers differ ("Home 2", "Home 3")."""
    if NUMBERS.findall(one) != NUMBERS.findall(other):
        return 0.0
    return round((fuzz.ratio(one, other) + fuzz.token_set_ratio(one, other)) / 2, 1)


def match(
    suppliers: pl.DataFrame, register: Register, decisions: Mapping[str, Decision], taken: float, shown: float
) -> pl.DataFrame:
    """One row (SCHEMA) for each supplier (`key`, `name`) with a proposal; `state` says whether it is used."""
    found = []
    for key, name in suppliers.select("key", "name").iter_rows():
        line = _decided(key, name, register, decisions.get(key, Decision()))
        line = line or _proposed(key, name, register, taken, shown)
        if line:
            if decisions.get(key, Decision()).decision == "no" and line["state"] != DECIDED:
                line["state"] = REFUSED
            found.append(line)
    return pl.DataFrame(found, schema=SCHEMA)


def _decided(key: str, name: str, register: Register, said: Decision) -> dict[str, object] | None:
    if said.decision != "yes" or said.provider_id not in register.providers:
        return None
    best = next((entry for _, entry in register.likest(name) if entry.provider_id == said.provider_id), None)
    location = best.location_id if best is not None else ""
    score = likeness(supplier_names.even(name), best.even) if best is not None else 0.0
    with_name = best.name if best is not None else register.providers[said.provider_id]
    return _line(key, name, DECIDED, score, with_name, said.provider_id, location, register)


def _proposed(key: str, name: str, register: Register, taken: float, shown: float) -> dict[str, object] | None:
    likest = [one for one in register.likest(name) if one[0] >= shown]
    if not likest:
        return None
    score, best = likest[0]
    rivals = {entry.provider_id for other, entry in likest if other == score and entry.is_in_area == best.is_in_area}
    state = TAKEN if score >= taken and len(rivals) == 1 else SHOWN
    return _line(key, name, state, score, best.name, best.provider_id, best.location_id, register)


def _line(
    key: str, name: str, state: str, score: float, matched: str, provider_id: str, location_id: str, register: Register
) -> dict[str, object]:
    return {
        "supplier": key,
        "name": name,
        "state": state,
        "likeness": score,
        "matched_with": matched,
        "register_row": register.rows.get(provider_id),
        "provider_id": provider_id,
        "provider": register.providers.get(provider_id, ""),
        "location_id": location_id,
    }


def _entries(locations: pl.DataFrame, areas: set[str]) -> list[Entry]:
    """Each provider once, then each location; names of people are not there."""
    found: list[Entry] = []
    seen: set[str] = set()
    columns = ("row", "location_id", "location", "provider_id", "provider", "area")
    rows = locations.select(*columns).sort("row").rows()
    near = {provider_id for _, _, _, provider_id, _, area in rows if (area or "").lower() in areas}
    for row, _, _, provider_id, provider, _ in rows:
        identity = provider_id or provider or ""
        if identity and identity not in seen:
            seen.add(identity)
            is_near = provider_id in near
            found.append(Entry(supplier_names.even(provider), provider or "(a person)", identity, "", row, is_near))
    for row, location_id, location, provider_id, provider, area in rows:
        if location:
            is_near = (area or "").lower() in areas
            identity = provider_id or provider or ""
            found.append(Entry(supplier_names.even(location), location, identity, location_id, row, is_near))
    return [entry for entry in found if entry.even or not entry.location_id]

"""What councils call the columns of the files they must publish: known headings, and the likeliest role of others.

The Transparency Code fixes what payments and contract registers must say and not the headings, so each council has its
own. `data/desk/market_headings.csv` holds the wordings that were seen; what is not among them is proposed by likeness
of the words, with the likeness shown, for the user to confirm in a mapping file.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rapidfuzz import fuzz, utils

from insource.records.headings import plain

KNOWN = 100
"""The likeness of a heading that is one of those seen before."""
ALIKE = 80
"""The least likeness (0 to 100, rapidfuzz) at which an unknown heading is proposed for a role: a judgement."""


@dataclass(frozen=True)
class Role:
    """What a column is for. `needed`: "yes", "no", or "or number" where a supplier's number will do instead."""

    name: str
    what: str
    needed: str
    headings: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """A heading proposed for a role; likeness 100 means that this wording is known."""

    role: str
    heading: str
    likeness: float


@cache
def roles(kind: str) -> dict[str, Role]:
    """The roles of the columns of "payments", "suppliers" or "contracts" files, by name."""
    text = files("insource").joinpath("data/desk/market_headings.csv").read_text(encoding="utf-8")
    return {
        row["role"]: Role(row["role"], row["what"], row["needed"], tuple(row["heading"].split(";")))
        for row in csv.DictReader(text.splitlines())
        if row["file"] == kind
    }


def propose(kind: str, headings: Sequence[str]) -> dict[str, Proposal]:
    """The likeliest heading for each role of a file; each heading is used once, known wordings first."""
    pairs = [
        (likeness, -order, -place, role.name, heading)
        for order, role in enumerate(roles(kind).values())
        for place, heading in enumerate(headings)
        if heading.strip() and (likeness := _likeness(role, heading)) >= ALIKE
    ]
    found: dict[str, Proposal] = {}
    taken: set[str] = set()
    for likeness, _, _, role_name, heading in sorted(pairs, reverse=True):
        if role_name not in found and heading not in taken:
            found[role_name] = Proposal(role_name, heading, min(round(likeness), KNOWN))
            taken.add(heading)
    return {name: found[name] for name in roles(kind) if name in found}


def missing(kind: str, found: Sequence[str]) -> list[Role]:
    """The roles without which a file of this kind cannot be used and that were not found."""
    has_either = bool({"supplier", "supplier_number"} & set(found))
    return [
        role
        for role in roles(kind).values()
        if role.name not in found and (role.needed == "yes" or (role.needed == "or number" and not has_either))
    ]


def _likeness(role: Role, heading: str) -> float:
    """100 and a little more for the first known wordings, so that of two known ones the usual one is taken."""
    key = plain(heading)
    for order, known in enumerate(role.headings):
        if plain(known) == key:
            return KNOWN + 1 - order / KNOWN
    best = max(fuzz.token_sort_ratio(known, heading, processor=utils.default_process) for known in role.headings)
    return min(best, KNOWN - 1)

"""A delivery model: for each line of service its parts, and the terms under which each part cares for people.

A model may change its terms from a given week on.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from insource.delivery.values import RECORDED, contradictions, terms_from
from insource.errors import InputError, Problem
from insource.terms import LINES, TERMS, Term


@dataclass(frozen=True)
class Part:
    """A share of a line's people (RECORDED: as the place's records say; None: the rest) and terms for their care."""

    share: float | None
    terms: dict[str, float]
    line: str = LINES[0]

    def under(self, terms: dict[str, float]) -> "Part":
        """The same part with some terms set."""
        return replace(self, terms={**self.terms, **terms})


@dataclass(frozen=True)
class Change:
    """Terms, or shares of people, that take effect from a week of the comparison on (1 is its first week).

    For one part, counted from 0 within its line, or for all; for one line, or for all. `shares` are those of all parts
    of a line: people move between parts that are there already, with their orders.
    """

    from_week: int
    part: int | None
    terms: dict[str, float]
    line: str | None = None
    shares: tuple[float | None, ...] | None = None

    def is_for(self, line: str, position: int) -> bool:
        """Whether it changes the terms of this part of this line."""
        return self.line in (None, line) and self.part in (None, position)


@dataclass(frozen=True)
class Delivery:
    """One delivery model; `parts` stand line by line, in the order of LINES."""

    name: str
    title: str
    stands_for: str
    parts: tuple[Part, ...]
    changes: tuple[Change, ...] = field(default=())

    def __post_init__(self) -> None:
        """Everybody on any line must fall to a part; raises ValueError if a line has none."""
        bare = [line for line in LINES if not self.of_line(line)]
        if bare:
            raise ValueError(f"{self.name}: no part for {', '.join(bare)}")

    def with_terms(self, **terms: object) -> "Delivery":
        """The same model with some terms set for all parts; values as in a file. For swap runs and tests."""
        problems: list[Problem] = []
        own = terms_from(terms, self.name, problems)
        if problems:
            raise InputError(problems)
        model = replace(self, parts=tuple(part.under(own) for part in self.parts))
        problems = contradictions(model.stages(), self.name)
        if problems:
            raise InputError(problems)
        return model

    def stages(self) -> Iterator[dict[str, float]]:
        """The terms of every part, at the start and after each change."""
        for part, position in self.positions():
            stage = part
            yield stage.terms
            for change in sorted(self.changes, key=lambda one: one.from_week):
                if change.is_for(part.line, position):
                    stage = stage.under(change.terms)
                    yield stage.terms

    def of_line(self, line: str) -> tuple[Part, ...]:
        """The parts of one line."""
        return tuple(part for part in self.parts if part.line == line)

    def positions(self) -> Iterator[tuple[Part, int]]:
        """Each part, with its position (from 0) within its line."""
        for line in LINES:
            for position, part in enumerate(self.of_line(line)):
                yield part, position

    def shares(self, own_service_share: float, week: int = 0) -> np.ndarray:
        """The share of a line's people in each part, given the share the council serves itself now.

        In a week of the comparison; before week 1 nothing has changed.
        """
        return np.concatenate([_shares(self._parts_in(line, week), own_service_share) for line in LINES])

    def largest_shares(self, own_service_share: float) -> np.ndarray:
        """The largest share that each part ever has: services are made for that."""
        weeks = (0, *(change.from_week for change in self.changes))
        return np.max([self.shares(own_service_share, week) for week in weeks], axis=0)

    def _parts_in(self, line: str, week: int) -> tuple[Part, ...]:
        parts = self.of_line(line)
        for change in sorted(self.changes, key=lambda one: one.from_week):
            if change.shares is not None and change.line in (None, line) and change.from_week <= week:
                parts = tuple(replace(part, share=share) for part, share in zip(parts, change.shares, strict=True))
        return parts

    def groups(self) -> list[tuple[tuple[str, ...], tuple[Part, ...]]]:
        """Lines that are cared for alike, with their parts: so that a reader sees each arrangement once."""
        found: list[tuple[list[str], tuple[Part, ...]]] = []
        for line in LINES:
            parts = self.of_line(line)
            for lines, others in found:
                if [(one.share, one.terms) for one in others] == [(one.share, one.terms) for one in parts]:
                    lines.append(line)
                    break
            else:
                found.append(([line], parts))
        return [(tuple(lines), parts) for lines, parts in found]


def _shares(parts: tuple[Part, ...], own_service_share: float) -> np.ndarray:
    fixed = sum(part.share for part in parts if part.share is not None and part.share != RECORDED)
    recorded = min(own_service_share, 1.0 - fixed)
    known = [recorded if part.share == RECORDED else part.share for part in parts]
    rest = 1.0 - sum(share for share in known if share is not None)
    return np.array([max(rest, 0.0) if share is None else share for share in known])


def differences(a: Delivery, b: Delivery) -> list[tuple[str, str, str, str]]:
    """Where two models differ: which part, term, words in a, words in b.

    A part that only one of them has is named once, without its terms. Lines that differ alike are named together.
    """
    found: dict[tuple[tuple[int, str, str, str], ...], list[str]] = {}
    for line in LINES:
        found.setdefault(tuple(_line_differences(a.of_line(line), b.of_line(line))), []).append(line)
    rows = []
    for differing, lines in found.items():
        named = "" if len(lines) == len(LINES) else f"{', '.join(lines).replace('_', ' ')}: "
        rows += [(f"{named}part {position}", *row) for position, *row in differing]
    return rows  # type: ignore[return-value]


def _line_differences(a: tuple[Part, ...], b: tuple[Part, ...]) -> Iterator[tuple[int, str, str, str]]:
    for position in range(max(len(a), len(b))):
        first, second = (parts[position] if position < len(parts) else None for parts in (a, b))
        shares = [share_words(part.share) if part else "no such part" for part in (first, second)]
        if shares[0] != shares[1]:
            yield position + 1, "share of people", shares[0], shares[1]
        if first is None or second is None:
            continue
        for name, term in TERMS.items():
            one, other = first.terms[name], second.terms[name]
            if one != other:
                yield position + 1, name, term_words(term, one), term_words(term, other)


def term_words(term: Term, number: float) -> str:
    """A term's value as a reader would write it."""
    return "as recorded" if number == RECORDED else term.words(number).replace("_", " ")


def share_words(share: float | None) -> str:
    """A part's share of people as a reader would write it."""
    return "the rest" if share is None else "as recorded" if share == RECORDED else f"{share:g}"

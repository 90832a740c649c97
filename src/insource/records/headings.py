"""Which columns a file has: matched by name, whatever their order, case, spaces, underscores or punctuation."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from insource.errors import InputError, Problem, near_miss
from insource.parameters import NUMBER_OF_A_PERSON
from insource.records.beginning import Beginning, refuse
from insource.records.masking import pattern

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright bars"}
FEWEST_KNOWN_COLUMNS = 3
"""A file with fewer columns that we know than this is not a file of that format."""
COMMON_WORDS = frozenset(
    re.findall(
        r"\w+",
        "id date name code number no type status start end ref reference amount total cost price hours unit units area "
        "district region year month week day value description supplier provider service person client council",
    )
)
"""Words of headings that are nobody's name: of the first row of a wrong file only cells made of them are shown."""
MOST_HEADINGS_SHOWN = 8


@dataclass(frozen=True)
class Column:
    """A column of a format. `name` is what our own code calls it."""

    name: str
    heading: str
    other_headings: tuple[str, ...] = ()

    def keys(self) -> set[str]:
        """Its headings without case, spaces and punctuation."""
        return {plain(text) for text in (self.heading, *self.other_headings)}


@dataclass(frozen=True)
class Format:
    """A kind of file. Without one of each group in `needed` no row of a file can be used."""

    name: str
    title: str
    columns: tuple[Column, ...]
    needed: tuple[tuple[str, ...], ...]

    def heading(self, name: str) -> str:
        """The official heading of the column that our code calls `name`."""
        return next(column.heading for column in self.columns if column.name == name)


@dataclass(frozen=True)
class Header:
    """The first row of a file, understood. `positions`: our name of each known column -> where it stands (from 0)."""

    format: Format
    positions: dict[str, int]
    headings: tuple[str, ...]
    separator: str
    row: int
    data_from_byte: int
    notices: tuple[str, ...]


def plain(text: str) -> str:
    """A heading without case, spaces, underscores and punctuation."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def read_header(beginning: Beginning, formats: Sequence[Format]) -> Header:
    """Find the headings and the format they belong to.

    Raises InputError if no format's columns are there, if a needed one is missing or if one stands there twice.
    """
    line, row, data_from_byte = _first_line(beginning)
    best: tuple[int, Format, str, list[str]] | None = None
    for separator in SEPARATORS:
        headings = _fields(line, separator)
        keys = [plain(heading) for heading in headings]
        for layout in formats:
            known = sum(bool(column.keys() & set(keys)) for column in layout.columns)
            if best is None or known > best[0]:
                best = (known, layout, separator, headings)
    if best is None or best[0] < FEWEST_KNOWN_COLUMNS:
        raise _wrong_file(beginning.name, line, formats)
    _, layout, separator, headings = best
    positions = _positions(beginning.name, layout, headings)
    notices = list(_unknown_columns(layout, headings, positions))
    if separator != ",":
        notices.append(f"the columns are separated by {SEPARATORS[separator]}")
    return Header(layout, positions, tuple(headings), separator, row, data_from_byte, tuple(notices))


def first_row(beginning: Beginning) -> list[str]:
    """The headings of a file as they stand there, whatever they are; cut at the separator that makes most of them."""
    line, _, _ = _first_line(beginning)
    return max((_fields(line, separator) for separator in SEPARATORS), key=len)


def _first_line(beginning: Beginning) -> tuple[str, int, int]:
    """The line of headings, its row number, and where in the file the data begin; blank lines above are skipped."""
    head = beginning.head if b"\n" in beginning.head else beginning.head.replace(b"\r", b"\n")
    start, row = 0, 1
    while True:
        end = head.find(b"\n", start)
        line = head[start : end if end >= 0 else len(head)]
        while line.count(b'"') % 2 and end >= 0:  # a heading that runs over two lines
            end = head.find(b"\n", end + 1)
            line = head[start : end if end >= 0 else len(head)]
        if line.strip(b' \r\t,;|"') or end < 0:
            break
        start, row = end + 1, row + 1
    if end < 0 and not beginning.is_whole:
        raise refuse(
            beginning.name,
            "not_a_table",
            "no line of headings was found",
            "give a CSV file whose first line holds the headings",
            found=f"a first line of more than {len(head):,} characters",
        )
    next_byte = end + 1 if end >= 0 else len(head)
    return _decoded(line).rstrip("\r\n"), row, beginning.mark_bytes + next_byte


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")


def _fields(line: str, separator: str) -> list[str]:
    try:
        rows = list(csv.reader(io.StringIO(line, newline=""), delimiter=separator))
    except csv.Error:
        return []
    return [field.strip() for field in rows[0]] if rows else []


def _positions(name: str, layout: Format, headings: list[str]) -> dict[str, int]:
    keys = [plain(heading) for heading in headings]
    positions: dict[str, int] = {}
    problems = []
    for column in layout.columns:
        accepted = column.keys()
        places = [position for position, key in enumerate(keys) if key in accepted]
        if len(places) > 1:
            problems.append(
                Problem(
                    "column_twice",
                    f"the column '{column.heading}' stands there {len(places)} times",
                    "keep one of them",
                    file=name,
                    column=column.heading,
                )
            )
        if places:
            positions[column.name] = places[0]
    for group in layout.needed:
        if not any(column in positions for column in group):
            wanted = [layout.heading(column) for column in group]
            spare = [headings[i] for i in range(len(headings)) if i not in positions.values()]
            near = next((found for text in _accepted(layout, group) if (found := near_miss(text, spare))), "")
            close = f"; is '{near}' meant?" if near else ""
            problems.append(
                Problem(
                    "missing_column",
                    f"the column '{' or '.join(wanted)}' is missing; without it no row can be used{close}",
                    "add the column, or give it its official heading",
                    file=name,
                    column=wanted[0],
                )
            )
    if problems:
        raise InputError(problems)
    return positions


def _accepted(layout: Format, group: Iterable[str]) -> list[str]:
    """Every heading that any column of the group may have, official ones first."""
    columns = [column for column in layout.columns if column.name in group]
    official = [column.heading for column in columns]
    return official + [heading for column in columns for heading in column.other_headings]


def _unknown_columns(layout: Format, headings: list[str], positions: dict[str, int]) -> Iterable[str]:
    missing = [column.heading for column in layout.columns if column.name not in positions]
    lines = []
    for position, heading in enumerate(headings):
        if heading and position not in positions.values():
            near = near_miss(heading, missing)
            shown = pattern(heading) if NUMBER_OF_A_PERSON.search(heading) else heading[:60]
            lines.append(f"'{shown}'" + (f" (is '{near}' meant?)" if near else ""))
    if lines:
        yield f"columns that are not part of {layout.title} and were not read: {_some(lines)}"


def _wrong_file(name: str, line: str, formats: Sequence[Format]) -> InputError:
    """The error for a file of some other kind. Its first line may be data, so only plain heading words are shown."""
    separator = max(SEPARATORS, key=line.count)
    found = [cell if _is_heading(cell) else pattern(cell) for cell in _fields(line[:2000], separator) if cell]
    looked_for = "; ".join(f"{layout.title}: {_some([c.heading for c in layout.columns])}" for layout in formats)
    return refuse(
        name,
        "wrong_file",
        "no columns of a known format were found in its first row",
        "check that it is the right file and that its first row holds the headings",
        found=_some(found) or "nothing readable",
        allowed=looked_for,
    )


def _is_heading(cell: str) -> bool:
    words = re.findall(r"[a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", cell).lower())
    return bool(words) and not re.search(r"\d", cell) and all(word in COMMON_WORDS for word in words)


def _some(texts: Sequence[str]) -> str:
    shown = ", ".join(texts[:MOST_HEADINGS_SHOWN])
    more = len(texts) - MOST_HEADINGS_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown

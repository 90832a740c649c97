"""Every kind of file that `insource check` knows besides those a place is made from: one entry for each.

To add a reader: write a function from (path, name) to a `Reading` and put it into OTHER_FORMATS, with a function that
says how many of the file's headings it knows (0: not this kind of file). The kind that knows most headings is taken.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from insource.errors import InputError
from insource.records import (
    ascwds_workers,
    ascwds_workplaces,
    assessments,
    bids_file,
    contract_register,
    council_headings,
    cqc_locations,
    market_mapping,
    ocds,
    pay_list,
    payments,
)
from insource.records.headings import FEWEST_KNOWN_COLUMNS, Format, plain
from insource.records.problem_log import ProblemLog
from insource.records.pseudonym import new_key
from insource.records.reading import Opened, open_table
from insource.records.sheet_table import is_workbook

JSON_ENDING = ".json"


@dataclass(frozen=True)
class Reading:
    """What a reader found: rows that are not blank, what to tell the user, and every problem."""

    rows: int
    notices: tuple[str, ...]
    log: ProblemLog

    @property
    def usable_rows(self) -> int:
        """Rows without a problem that makes them unusable."""
        return self.rows - len(self.log.unusable_rows())


@dataclass(frozen=True)
class OtherFormat:
    """A kind of file. `known_headings`: how many of these headings it knows; `read` raises InputError if it cannot."""

    name: str
    known_headings: Callable[[Sequence[str]], int]
    read: Callable[[Path, str], Reading]


def known_of(layout: Format, headings: Sequence[str]) -> int:
    """How many of the headings are columns of a format; 0 if too few to tell."""
    keys = {plain(heading) for heading in headings}
    known = sum(bool(column.keys() & keys) for column in layout.columns)
    return known if known >= min(FEWEST_KNOWN_COLUMNS, len(layout.columns)) else 0


def _of(layout: Format) -> Callable[[Sequence[str]], int]:
    return lambda headings: known_of(layout, headings)


def _of_council(kind: str) -> Callable[[Sequence[str]], int]:
    """Files whose headings each council chooses: known wordings count, and every needed column must be there."""

    def known(headings: Sequence[str]) -> int:
        found = council_headings.propose(kind, headings)
        if council_headings.missing(kind, list(found)):
            return 0
        count = sum(one.likeness == council_headings.KNOWN for one in found.values())
        return count if count >= FEWEST_KNOWN_COLUMNS else 0

    return known


def _opened(layout: Format, read: Callable[[Opened], object]) -> Callable[[Path, str], Reading]:
    """A reader that is handed an opened file and notes what it finds in its log."""

    def reader(path: Path, name: str) -> Reading:
        opened = open_table(path, [layout], name)
        read(opened)
        return Reading(opened.rows, tuple(opened.notices), opened.log)

    return reader


def proposed_mapping(kind: str, path: Path, name: str) -> market_mapping.Mapping:
    """Which of a file's headings is what, by the wordings that are known or likely."""
    found = council_headings.propose(kind, payments.file_headings(path, name))
    return market_mapping.Mapping({kind: {role: (one.heading,) for role, one in found.items()}})


def _payments(path: Path, name: str) -> Reading:
    file = payments.read(path, proposed_mapping("payments", path, name), 0, name)
    return Reading(file.rows, file.notices, file.log)


def _contracts(path: Path, name: str) -> Reading:
    file = contract_register.read(path, proposed_mapping("contracts", path, name), 0, name)
    return Reading(file.rows, file.notices, file.log)


def _locations(path: Path, name: str) -> Reading:
    file = cqc_locations.read(path, name)
    return Reading(file.rows, file.notices, file.log)


def _bids(path: Path, name: str) -> Reading:
    file = bids_file.read(path, name)
    lost = set(file.log.unusable_rows()) - set(file.frame["row"])
    return Reading(file.frame.height + len(lost), file.notices, file.log)


def _releases(path: Path, name: str) -> Reading:
    file = ocds.read(path, name)
    lost = set(file.log.unusable_rows())
    return Reading(file.notices.height + len(lost), (), file.log)


def _person_files() -> tuple[OtherFormat, ...]:
    key, today = new_key(), date.today()
    readers: tuple[tuple[str, Format, Callable[[Opened], object]], ...] = (
        ("ascwds_workers", ascwds_workers.FORMAT, lambda opened: ascwds_workers.read(opened, key, today)),
        ("ascwds_workplaces", ascwds_workplaces.FORMAT, ascwds_workplaces.read),
        ("pay_list", pay_list.FORMAT, lambda opened: pay_list.read(opened, key, today)),
        ("assessments", assessments.FORMAT, lambda opened: assessments.read(opened, key)),
    )
    return tuple(OtherFormat(name, _of(layout), _opened(layout, read)) for name, layout, read in readers)


@cache
def other_formats() -> tuple[OtherFormat, ...]:
    """The kinds of file, in the order in which they are tried where two know as many headings."""
    return (
        *_person_files(),
        OtherFormat("cqc_locations", _of(cqc_locations.FORMAT), _locations),
        OtherFormat("bids", _of(bids_file.BIDS), _bids),
        OtherFormat("marks", _of(bids_file.MARKS), _bids),
        OtherFormat("payments", _of_council("payments"), _payments),
        OtherFormat("contract_register", _of_council("contracts"), _contracts),
    )


OCDS = OtherFormat("ocds_releases", lambda _: 0, _releases)


def recognised(path: Path, name: str, placed: Sequence[Format]) -> OtherFormat | None:
    """The kind of file that knows most of its headings; None if one of `placed` knows as many, or none knows enough."""
    if path.suffix.lower() == JSON_ENDING:
        return OCDS if _is_ocds(path) else None
    try:
        headings = payments.file_headings(path, name)
    except InputError:
        return None
    taken = max((known_of(layout, headings) for layout in placed), default=0)
    best = max(other_formats(), key=lambda one: one.known_headings(headings))
    return best if best.known_headings(headings) > taken else None


def may_be_other(path: Path) -> bool:
    """True for workbooks and JSON files, which are none of the formats a place is made from."""
    return is_workbook(path) or path.suffix.lower() == JSON_ENDING


def _is_ocds(path: Path) -> bool:
    try:
        content = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(content, dict) and bool({"releases", "records", "ocid"} & set(content))

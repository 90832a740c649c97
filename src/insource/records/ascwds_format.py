"""The columns and codes of the Adult Social Care Workforce Data Set (Skills for Care), as files are uploaded in bulk.

Three files: workplaces, workers and training. National Insurance numbers, dates of birth, postcodes, gender, ethnicity
and nationality are never read out of the file; training is not read at all.
"""

from functools import cache

from insource.records.codelists import rows
from insource.records.headings import Column, Format

NAMES = {"workplace": "ascwds_workplace", "worker": "ascwds_worker", "training": "ascwds_training"}
TITLES = {
    "workplace": "the ASC-WDS workplace file",
    "worker": "the ASC-WDS worker file",
    "training": "the ASC-WDS training file",
}
NEEDED = {
    "workplace": (("localestid",), ("esttype",), ("totalpermtemp",)),
    "worker": (("localestid",), ("uniqueworkerid",), ("emplstatus",), ("mainjobrole",)),
    "training": (("localestid",), ("uniqueworkerid",), ("category",)),
}
OPTIONAL = {"worker": ("CHGUNIQUEWRKID", "TRANSFERSTAFFRECORD")}
"""Columns that a file may have besides the official ones."""
NOT_KNOWN = "999"
"""The code for "don't know"."""
SECTORS = {"1": "council", "3": "council", "6": "private", "7": "voluntary", "8": "other"}
"""Kinds of establishment -> who employs."""
STATUSES = {"1": "permanent", "2": "temporary", "3": "bank", "4": "agency", "7": "other"}
DIRECT_CARE_CODES = ("7", "8", "9", "10", "23", "52")
"""Job roles that give care: senior care worker, care worker, community support, employment support, other
care-providing role, support worker. A reading of the list: nurses, therapists, social workers and managers are not
among them."""
TO_CARE_CODE = "1"
"""Reason for leaving: went to another adult social care employer."""
UNKNOWN_REASONS = ("5", "9")
ANNUAL, HOURLY = "1", "3"
TRAVEL_UNPAID, TRAVEL_MINIMUM = "5", "2"


@cache
def layout(kind: str) -> Format:
    """The columns of one of the three files, in order."""
    named = [row["column"] for row in rows("ascwds_columns.csv") if row["file"] == kind]
    headings = (*named, *OPTIONAL.get(kind, ()))
    columns = tuple(Column(heading.lower(), heading) for heading in headings)
    return Format(NAMES[kind], TITLES[kind], columns, NEEDED[kind])


@cache
def codes(column: str) -> dict[str, str]:
    """The codes of a column and what each stands for ("46-51" is written out)."""
    found: dict[str, str] = {}
    for row in rows("ascwds_codes.csv"):
        if column in row["column"].split(" / "):
            first, _, last = row["code"].partition("-")
            numbers = range(int(first), int(last) + 1) if last else ()
            found |= {str(number): row["meaning"] for number in numbers} or {row["code"]: row["meaning"]}
    return found


def roles() -> dict[str, str]:
    """Job roles: code -> what it is called."""
    return codes("MAINJOBROLE")


def direct_care_roles() -> tuple[str, ...]:
    """What the roles that give care are called."""
    return tuple(roles()[code] for code in DIRECT_CARE_CODES)

"""The Adult Social Care Client Level Data return, Release 1 and Release 2: one row for each event of one person.

Formats, allowed values and rules: `data/codelists/` and `dhsc_rules.py`, with how sure each is.
"""

from dataclasses import dataclass, field
from datetime import date

import polars as pl

from insource.records.cld_checks import check_rows
from insource.records.cld_events import latest_rows, mark_duplicates
from insource.records.cld_reading import read_rows
from insource.records.codelists import Release
from insource.records.reading import Opened

NAME = "client_level_data"
NO_ROWS = pl.DataFrame(schema={"is_usable": pl.Boolean})
"""What is left of a file whose every row is damaged."""


@dataclass(frozen=True)
class CldFile:
    """One file, read and checked. `frame` holds its good rows in the words of Release 2, with `is_usable`."""

    opened: Opened
    frame: pl.DataFrame = field(repr=False)
    release: Release


def read(opened: Opened, key: bytes, today: date | None = None) -> CldFile:
    """Read a file and check every row by itself. `key` makes the pseudonyms; `today` bounds the dates.

    Raises InputError if no row can be read at all.
    """
    rows = read_rows(opened, key)
    if rows.frame.is_empty():
        return CldFile(opened, NO_ROWS, "")
    frame, votes = check_rows(opened, rows, today or date.today())
    opened.notices.insert(0, votes.notice())
    return CldFile(opened, frame, votes.release())


def together(files: list[CldFile]) -> pl.DataFrame:
    """The rows of several files, each event once in a submission; duplicates are noted in the files' logs."""
    frames = [file.frame.with_columns(pl.lit(number, pl.UInt16).alias("file")) for number, file in enumerate(files)]
    frames = [frame for frame in frames if "row" in frame.columns]
    if not frames:
        return NO_ROWS.with_columns(file=pl.lit(0, pl.UInt16))
    return mark_duplicates(pl.concat(frames, how="vertical"), [file.opened.log for file in files])


__all__ = ["NAME", "CldFile", "latest_rows", "read", "together"]

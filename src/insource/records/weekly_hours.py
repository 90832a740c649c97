"""Hours each person was given, week by week: a simple file, or visits as a provider portal exports them.

The simple file has a row for each person and week. The portal's file (columns as one vendor's help page names them) has
a row for each visit, whose durations are added up by person and week. Person numbers become pseudonyms at once.
"""

from dataclasses import dataclass, field

import polars as pl

from insource.errors import InputError, Problem
from insource.records.dates import clean_text
from insource.records.headings import Column, Format
from insource.records.noting import Noting
from insource.records.problem_log import Kind
from insource.records.pseudonym import pseudonyms
from insource.records.reading import Opened
from insource.units import MINUTES_AN_HOUR

WEEKLY = Format(
    "weekly_hours",
    "hours by person and week",
    (
        Column("person", "Person number", ("Person", "ServiceUserRef")),
        Column("week", "Week", ("Week ending", "WeekEnding", "Week commencing")),
        Column("hours", "Hours", ("Hours given", "Delivered hours")),
    ),
    (("person",), ("week",), ("hours",)),
)
VISITS = Format(
    "visits",
    "visits of a provider portal",
    tuple(
        Column(name, heading)
        for name, heading in {
            "file_reference": "FileReference",
            "provider": "ProviderRef",
            "person": "ServiceUserRef",
            "week": "WeekEnding",
            "kind": "ServiceType",
            "day": "VisitDate",
            "claimed": "DurationClaimed",
            "actual": "ActualDuration",
        }.items()
    ),
    (("person",), ("week",), ("actual", "claimed")),
)
FORMATS = {one.name: one for one in (WEEKLY, VISITS)}
MOST_HOURS = 168.0 * 3
DURATION = r"^\d{1,3}:\d{2}(:\d{2})?$"
REPEATED = Kind(
    "duplicate_week",
    "Week",
    "unusable",
    "the same person stands in the same week twice; the first row is kept",
    "add the hours of a person and week together",
    "each person once in a week",
)
SCHEMA = {"person": pl.UInt64, "week": pl.Date, "hours": pl.Float64}


@dataclass(frozen=True)
class WeeklyHours:
    """A file of weekly hours, read and checked. `frame`: person (pseudonym), week, hours; one row for each pair."""

    opened: Opened
    frame: pl.DataFrame = field(repr=False)
    usable_rows: int


def template() -> str:
    """The text of an empty file, with made-up rows to write over."""
    return "Person number,Week,Hours\nP1,2024-04-07,14\nP1,2024-04-14,12.5\nP2,2024-04-07,7\n"


def read(opened: Opened, key: bytes) -> WeeklyHours:
    """Read either kind of file. Raises InputError if no row can be used, or if weeks do not lie whole weeks apart."""
    names = [column.name for column in opened.format.columns]
    blocks = [block.select("row", *(clean_text(name) for name in names)) for block in opened.blocks(names)]
    text = pl.concat(blocks) if blocks else pl.DataFrame()
    if text.is_empty():
        return _finished(opened, pl.DataFrame(schema={"row": pl.UInt32, **SCHEMA}))
    noting = Noting(opened, text)
    noting.must_be_there("person", "week")
    week = noting.dates("week", "unusable")
    is_weekly = opened.format.name == WEEKLY.name
    hours = noting.figures("hours", 0.0, MOST_HOURS) if is_weekly else _durations(noting)
    what = "hours" if is_weekly else ("actual" if opened.has("actual") else "claimed")
    noting.note(
        what,
        pl.lit(hours.is_null()),
        "no_hours",
        "unusable",
        "there are no hours here that can be read",
        "fill them in",
    )
    frame = text.select(
        "row", pseudonyms(text["person"], key).alias("person"), pl.lit(week).alias("week"), pl.lit(hours).alias("hours")
    )
    if is_weekly:
        again = frame.filter(~pl.struct("person", "week").is_first_distinct() & pl.col("week").is_not_null())
        opened.log.add(REPEATED, again["row"])
    return _finished(opened, frame)


def _durations(noting: Noting) -> pl.Series:
    """Hours of each visit from hours, minutes and seconds; the claimed duration where the actual one is blank."""
    text = pl.coalesce(*(name for name in ("actual", "claimed") if noting.opened.has(name)))
    parts = text.str.split(":")
    minutes = parts.list.get(0).cast(pl.Float64) * MINUTES_AN_HOUR + parts.list.get(1).cast(pl.Float64)
    return noting.text.select(pl.when(text.str.contains(DURATION)).then(minutes / MINUTES_AN_HOUR).alias("hours"))[
        "hours"
    ]


def _finished(opened: Opened, frame: pl.DataFrame) -> WeeklyHours:
    usable = frame.filter(~pl.col("row").is_in(opened.log.unusable_rows().implode()))
    if usable.is_empty():
        raise InputError(
            Problem(
                "no_weekly_hours",
                "no row of the file can be used",
                "give a row for each person and week: insource pool-plan --template FILE writes an example",
                file=opened.beginning.name,
            )
        )
    together = usable.group_by("person", "week").agg(pl.col("hours").sum()).sort("person", "week")
    first = together.select(pl.col("week").min()).item()
    odd = together.filter((pl.col("week") - first).dt.total_days() % 7 != 0)
    if odd.height:
        raise InputError(
            Problem(
                "weeks_apart",
                f"{odd.height:,} rows have a day that is not whole weeks from the first",
                "write the same day of the week everywhere, such as the Sunday on which a week ends",
                file=opened.beginning.name,
                column=opened.format.heading("week"),
                found=f"{odd['week'][0]} beside {first}",
            )
        )
    return WeeklyHours(opened, together, usable.height)

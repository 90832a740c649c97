"""A simple list of posts: one row for each post that is filled, vacant or was left in the last twelve months.

For a council (or a provider) without ASC-WDS files at hand. `template` writes an empty one with a made-up first row.
"""

from dataclasses import dataclass, field
from datetime import date

import polars as pl

from insource.records.ascwds_format import SECTORS, STATUSES, direct_care_roles, roles
from insource.records.ascwds_workers import (
    ANNUAL_PAY,
    DUPLICATE,
    FIRST_DAY,
    HOURLY_PAY,
    MOST_HOURS_A_WEEK,
    MOST_SICK_DAYS,
    SCHEMA,
)
from insource.records.dates import clean_text
from insource.records.headings import Column, Format
from insource.records.noting import Noting
from insource.records.pseudonym import pseudonyms
from insource.records.reading import Opened

NAME = "pay_list"
HEADINGS = {
    "workplace": "Workplace",
    "employer": "Employer",
    "post": "Post is",
    "worker": "Worker number",
    "role": "Job role",
    "contract": "Contract",
    "started": "Started",
    "left": "Left",
    "went_to": "Went to",
    "contract_hours": "Contract hours a week",
    "usual_hours": "Usual hours a week",
    "zero_hours": "Zero hours contract",
    "pay": "Pay an hour",
    "sick_days": "Days sick in 12 months",
}
WORDS = {
    "employer": tuple(dict.fromkeys(SECTORS.values())),
    "post": ("filled", "vacant", "left"),
    "contract": tuple(STATUSES.values()),
    "went_to": ("care", "elsewhere", "not known"),
    "zero_hours": ("yes", "no", "not known"),
}
"""What may stand in the columns that hold words."""
UNUSABLE_WITHOUT = ("employer", "post")
FORMAT = Format(
    NAME,
    "a pay list",
    tuple(Column(name, heading) for name, heading in HEADINGS.items()),
    (("workplace",), ("employer",), ("post",), ("worker",), ("role",)),
)
MADE_UP = (
    "Anytown Home Care,council,filled,W1,Care worker,permanent,01/09/2023,,,30,32,no,13.37,4\n"
    "Anytown Home Care,council,vacant,,Care worker,,,,,30,,,,\n"
    "Anytown Home Care,council,left,W2,Care worker,permanent,03/06/2024,28/02/2025,care,20,20,no,13.05,\n"
)


@dataclass(frozen=True)
class PayList:
    """One pay list, read and checked. `frame` has the columns of a table of workers; `sectors` says who employs."""

    opened: Opened
    frame: pl.DataFrame = field(repr=False)
    sectors: dict[str, str]


def template() -> str:
    """The text of an empty pay list, with made-up rows to write over."""
    return ",".join(HEADINGS.values()) + "\n" + MADE_UP


def read(opened: Opened, key: bytes, today: date) -> PayList:
    """Read a pay list and check every row; `key` makes the pseudonyms. Raises InputError if it has no rows."""
    blocks = [block.select("row", *(clean_text(name) for name in HEADINGS)) for block in opened.blocks(list(HEADINGS))]
    if not blocks:
        return PayList(opened, pl.DataFrame(schema=SCHEMA), {})
    text = pl.concat(blocks).with_columns(pl.col(*WORDS).str.to_lowercase())
    noting = Noting(opened, text)
    noting.must_be_there("workplace", "employer", "post", "role")
    is_somebody = pl.col("post") != "vacant"
    noting.note(
        "worker",
        pl.col("worker").is_null() & is_somebody,
        "missing_value",
        "unusable",
        "the cell is blank and must not be, unless the post is vacant",
        "fill it in",
    )
    for name, words in WORDS.items():
        noting.codes(name, dict.fromkeys(words, ""), "unusable" if name in UNUSABLE_WITHOUT else "doubtful")
    role_of = {name.lower(): name for name in roles().values()}
    role = text.select(pl.col("role").str.to_lowercase().replace_strict(role_of, default=None, return_dtype=pl.String))
    noting.note(
        "role",
        pl.col("role").is_not_null() & pl.lit(role["role"].is_null()),
        "unknown_role",
        "unusable",
        "this is not a job role of the national data set",
        "use one of its names",
        f"{', '.join(direct_care_roles())} and {len(role_of) - len(direct_care_roles())} others",
    )
    frame = _frame(noting, role["role"], key, today)
    again = frame.filter(~pl.struct("workplace", "worker", "post").is_first_distinct() & pl.col("worker").is_not_null())
    opened.log.add(DUPLICATE, again["row"])
    is_usable = ~pl.col("row").is_in(opened.log.unusable_rows().implode())
    frame = frame.with_columns(is_usable.alias("is_usable")).select(*SCHEMA)
    named = frame.filter("is_usable").select("row", "workplace").join(text.select("row", "employer"), on="row")
    return PayList(opened, frame, dict(named.sort("row", descending=True).select("workplace", "employer").iter_rows()))


def _frame(noting: Noting, role: pl.Series, key: bytes, today: date) -> pl.DataFrame:
    text = noting.text
    started, left = noting.dates("started"), noting.dates("left")
    for name, day in (("started", started), ("left", left)):
        is_odd = ((day > today) | (day < FIRST_DAY)).fill_null(False)
        noting.note(name, pl.lit(is_odd), "unlikely_date", "unusable", "this day cannot be", "correct it")
    who = text.select(pl.concat_str(["workplace", "worker"], separator="_").alias("who"))["who"]
    pay = noting.figures("pay", HOURLY_PAY[0], ANNUAL_PAY[1])
    is_salary = pay > HOURLY_PAY[1]
    noting.note(
        "pay",
        pl.lit(is_salary),
        "annual_pay",
        "doubtful",
        "this looks like pay for a year; it is taken as not known",
        "write the pay for an hour",
    )
    is_zero = pl.col("zero_hours").replace_strict({"yes": True, "no": False}, default=None, return_dtype=pl.Boolean)
    known_words = {word: word for word in ("care", "elsewhere")}
    return text.select(
        "row",
        "workplace",
        pseudonyms(who, key).alias("worker"),
        pl.lit(role).alias("role"),
        pl.lit(role.is_in(list(direct_care_roles()))).fill_null(False).alias("is_direct_care"),
        pl.when(pl.col("contract").is_in(WORDS["contract"])).then("contract").alias("contract"),
        pl.lit(started).alias("started"),
        is_zero.alias("is_zero_hours"),
        pl.lit(None, dtype=pl.Boolean).alias("is_apprentice"),
        pl.when(~pl.lit(is_salary)).then(pl.lit(pay)).alias("pay_pounds"),
        pl.lit(False).alias("is_pay_derived"),
        noting.figures("contract_hours", 0.0, MOST_HOURS_A_WEEK).alias("contract_hours"),
        noting.figures("usual_hours", 0.0, MOST_HOURS_A_WEEK).alias("usual_hours"),
        noting.figures("sick_days", 0.0, MOST_SICK_DAYS).alias("sick_days"),
        "post",
        pl.lit(left).alias("left"),
        pl.col("went_to").replace_strict(known_words, default=None, return_dtype=pl.String).alias("went_to"),
    )

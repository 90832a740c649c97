"""Workers in the ASC-WDS bulk upload: one row for each, with role, contract, pay and hours, and nothing personal.

An annual salary is turned into pay for an hour by the contract hours of that worker, which is how Skills for Care
works out full-time pay: the salary is taken to be what is paid for those hours. Rows marked DELETE are left out.
"""

from dataclasses import dataclass, field
from datetime import date

import polars as pl

from insource.records.ascwds_format import (
    ANNUAL,
    HOURLY,
    NOT_KNOWN,
    STATUSES,
    codes,
    direct_care_roles,
    layout,
    roles,
)
from insource.records.dates import clean_text
from insource.records.noting import Noting
from insource.records.problem_log import Kind
from insource.records.pseudonym import pseudonyms
from insource.records.reading import Opened

WANTED = (
    *("localestid", "uniqueworkerid", "status", "startdate", "apprentice", "emplstatus", "zerohrcont", "dayssick"),
    *("salaryint", "salary", "hourlyrate", "mainjobrole", "conthours", "avghours"),
)
SCHEMA = {
    "row": pl.UInt32,
    "workplace": pl.String,
    "worker": pl.UInt64,
    "role": pl.String,
    "is_direct_care": pl.Boolean,
    "contract": pl.String,
    "started": pl.Date,
    "is_zero_hours": pl.Boolean,
    "is_apprentice": pl.Boolean,
    "pay_pounds": pl.Float64,
    "is_pay_derived": pl.Boolean,
    "contract_hours": pl.Float64,
    "usual_hours": pl.Float64,
    "sick_days": pl.Float64,
    "post": pl.String,
    "left": pl.Date,
    "went_to": pl.String,
    "is_usable": pl.Boolean,
}
"""The columns of a table of workers, from whichever format. `post`: filled, vacant or left; `went_to`: care,
elsewhere or null (not known)."""
MOST_HOURS_A_WEEK = 75.0
HOURLY_PAY = (2.5, 200.0)
ANNUAL_PAY = (500.0, 250_000.0)
MOST_SICK_DAYS = 366.0
FIRST_DAY = date(1950, 1, 1)
WEEKS_PAID_A_YEAR = 365 / 7
DUPLICATE = Kind(
    "duplicate_worker",
    "UNIQUEWORKERID",
    "unusable",
    "the same worker stands in the same workplace twice; the first row is kept",
    "take one of the rows out",
    "each worker once in a workplace",
)


@dataclass(frozen=True)
class WorkersFile:
    """One worker file, read and checked. `frame` has the columns of SCHEMA."""

    opened: Opened
    frame: pl.DataFrame = field(repr=False)


def read(opened: Opened, key: bytes, today: date) -> WorkersFile:
    """Read a worker file and check every row; `key` makes the pseudonyms. Raises InputError if it has no rows."""
    blocks = [block.select("row", *(clean_text(name) for name in WANTED)) for block in opened.blocks(WANTED)]
    if not blocks:
        return WorkersFile(opened, pl.DataFrame(schema=SCHEMA))
    text = pl.concat(blocks)
    is_deleted = (pl.col("status").str.to_uppercase() == "DELETE").fill_null(False)
    if deleted := text.filter(is_deleted).height:
        opened.notices.append(f"{deleted:,} rows marked DELETE were left out")
    noting = Noting(opened, text.filter(~is_deleted))
    _check_codes(noting)
    started = noting.dates("startdate")
    is_odd = ((started > today) | (started < FIRST_DAY)).fill_null(False)
    noting.note(
        "startdate",
        pl.lit(is_odd),
        "unlikely_date",
        "doubtful",
        "nobody in post can have started then; it is taken as not known",
        "correct it",
    )
    frame = _frame(noting, key).with_columns(pl.when(~pl.lit(is_odd)).then(pl.lit(started)).alias("started"))
    again = frame.filter(~pl.struct("workplace", "worker").is_first_distinct() & pl.col("worker").is_not_null())
    opened.log.add(DUPLICATE, again["row"])
    is_usable = ~pl.col("row").is_in(opened.log.unusable_rows().implode())
    return WorkersFile(opened, frame.with_columns(is_usable.alias("is_usable")).select(*SCHEMA))


def _check_codes(noting: Noting) -> None:
    noting.must_be_there("localestid", "uniqueworkerid", "emplstatus", "mainjobrole")
    noting.codes("mainjobrole", roles(), "unusable")
    noting.codes("emplstatus", codes("EMPLSTATUS"), "unusable")
    noting.codes("status", codes("STATUS"), "doubtful")
    noting.codes("zerohrcont", codes("ZEROHRCONT"), "doubtful")
    noting.codes("apprentice", codes("ZEROHRCONT"), "doubtful")
    noting.codes("salaryint", codes("SALARYINT"), "doubtful")


def _frame(noting: Noting, key: bytes) -> pl.DataFrame:
    text = noting.text
    contract = noting.figures("conthours", 0.0, MOST_HOURS_A_WEEK, NOT_KNOWN)
    usual = noting.figures("avghours", 0.0, MOST_HOURS_A_WEEK, NOT_KNOWN)
    hourly = noting.figures("hourlyrate", *HOURLY_PAY)
    salary = noting.figures("salary", *ANNUAL_PAY)
    who = text.select(pl.concat_str(["localestid", "uniqueworkerid"], separator="_").alias("who"))["who"]
    yes_no = {"1": True, "2": False}
    role = pl.col("mainjobrole").replace_strict(roles(), default=None, return_dtype=pl.String)
    hours = pl.when(pl.lit(contract) > 0).then(pl.lit(contract)).otherwise(pl.lit(usual))
    from_salary = pl.lit(salary) / (pl.when(hours > 0).then(hours) * WEEKS_PAID_A_YEAR)
    is_annual = (pl.col("salaryint") == ANNUAL).fill_null(False)
    pay = (
        pl.when(is_annual).then(from_salary).when((pl.col("salaryint") == HOURLY).fill_null(False)).then(pl.lit(hourly))
    )
    return text.select(
        "row",
        pl.col("localestid").alias("workplace"),
        pseudonyms(who, key).alias("worker"),
        role.alias("role"),
        role.is_in(direct_care_roles()).fill_null(False).alias("is_direct_care"),
        pl.col("emplstatus").replace_strict(STATUSES, default=None, return_dtype=pl.String).alias("contract"),
        pl.col("zerohrcont").replace_strict(yes_no, default=None, return_dtype=pl.Boolean).alias("is_zero_hours"),
        pl.col("apprentice").replace_strict(yes_no, default=None, return_dtype=pl.Boolean).alias("is_apprentice"),
        pay.alias("pay_pounds"),
        is_annual.alias("is_pay_derived"),
        pl.lit(contract).alias("contract_hours"),
        pl.lit(usual).alias("usual_hours"),
        noting.figures("dayssick", 0.0, MOST_SICK_DAYS, NOT_KNOWN).alias("sick_days"),
        pl.lit("filled").alias("post"),
        pl.lit(None, dtype=pl.Date).alias("left"),
        pl.lit(None, dtype=pl.String).alias("went_to"),
    )


FORMAT = layout("worker")

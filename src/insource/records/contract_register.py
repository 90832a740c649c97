"""A council's register of contracts over 5,000 pounds (Local Government Transparency Code 2015), in its own columns."""

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from insource.records import supplier_names
from insource.records.beginning import refuse
from insource.records.cells import count, day, pounds, yes
from insource.records.council_headings import roles
from insource.records.dates import clean_text
from insource.records.market_mapping import Mapping
from insource.records.masking import figure_of
from insource.records.payments import file_headings, open_any
from insource.records.problem_log import Kind, ProblemLog

NO_END = Kind(
    "no_end_date",
    "end",
    "doubtful",
    "the contract has no last day, or none that can be read",
    "fill in the day on which it ends",
    "dates such as 2026-03-31 or 31/03/2026",
)
BAD_DATE = "this is no date"
BAD_AMOUNT = "this is no amount in pounds"
ENDS_FIRST = Kind(
    "ends_before_it_starts", "end", "doubtful", "the contract ends before it starts", "correct one of the dates"
)
NO_VALUE = Kind(
    "no_contract_value",
    "annual_pounds",
    "doubtful",
    "the register gives neither pounds a year, nor a total with both dates",
    "fill in the annual value",
    "amounts in pounds",
)
NO_NAME = Kind(
    "contract_without_name",
    "title",
    "unusable",
    "the row has neither a title nor a supplier",
    "fill one of them in",
)
DAYS_A_YEAR = 365.25
MOST_NOTICE_WEEKS = 520
DATES = ("start", "end", "current_end", "review")
MONEY = ("annual_pounds", "total_pounds")


@dataclass(frozen=True)
class RegisterFile:
    """One register, read. `frame`: file, row, reference, title, department, category, process, supplier (as it may be
    printed), even_name (for matching; blank for individuals), start, end, last_day (as things stand), longest_day (with
    every option taken), review, annual_pounds, total_pounds, is_small, is_voluntary,
    notice_weeks and minimum_end (null where the register does not say)."""

    name: str
    rows: int
    log: ProblemLog
    notices: tuple[str, ...]
    frame: pl.DataFrame = field(repr=False)


def read(path: Path, mapping: Mapping, number: int, name: str = "") -> RegisterFile:
    """Read one register; raises InputError if none of its rows can be read."""
    name = name or path.name
    opened = open_any(path, [mapping.format("contracts", file_headings(path, name))], name)
    wanted = list(roles("contracts"))
    blocks = (block.with_columns(clean_text(one) for one in wanted) for block in opened.blocks(wanted))
    parts = [_usable(opened.log, block) for block in blocks]
    if not any(part.height for part in parts):
        todo = "look at its rows and headings, and export it again"
        raise refuse(name, "no_usable_rows", "none of its rows can be used as a contract", todo)
    frame = pl.concat(parts).with_columns(pl.lit(number, pl.UInt16).alias("file"))
    return RegisterFile(name, opened.rows, opened.log, tuple(opened.notices), frame)


def _usable(log: ProblemLog, text: pl.DataFrame) -> pl.DataFrame:
    nameless = pl.col("title").is_null() & pl.col("supplier").is_null()
    log.add(NO_NAME, text.filter(nameless)["row"])
    text = text.filter(~nameless)
    table = text.with_columns(
        *(day(name).alias(f"{name}_day") for name in DATES),
        *(pounds(name).alias(f"{name}_read") for name in MONEY),
        count("option_months").alias("months"),
        count("notice_weeks").clip(0, MOST_NOTICE_WEEKS).alias("notice"),
        day("minimum_end").alias("minimum_day"),
        yes("small").alias("is_small"),
        yes("voluntary").alias("is_voluntary"),
    )
    bad_dates = {
        name: Kind("unreadable_date", name, "doubtful", BAD_DATE, "write day, month and year") for name in DATES
    }
    bad_money = {name: Kind("unreadable_amount", name, "doubtful", BAD_AMOUNT, "write digits") for name in MONEY}
    read_as = {name: f"{name}_day" for name in DATES if name != "end"} | {name: f"{name}_read" for name in MONEY}
    for name, column in read_as.items():
        bad = table.filter(pl.col(name).is_not_null() & pl.col(column).is_null())
        log.add((bad_dates | bad_money)[name], bad["row"], _shown(bad, name))
    last = pl.max_horizontal("end_day", "current_end_day")
    dated = table.with_columns(last.alias("last_day"))
    endless = dated.filter(pl.col("last_day").is_null())
    log.add(NO_END, endless["row"], _shown(endless, "end"))
    is_backwards = pl.col("last_day") < pl.col("start_day")
    log.add(ENDS_FIRST, dated.filter(is_backwards)["row"])
    dated = dated.with_columns(pl.when(is_backwards).then(None).otherwise(pl.col("last_day")).alias("last_day"))
    years = ((pl.col("last_day") - pl.col("start_day")).dt.total_days() + 1).clip(1) / DAYS_A_YEAR
    a_year = pl.coalesce("annual_pounds_read", pl.col("total_pounds_read") / pl.max_horizontal(years, pl.lit(1.0)))
    valued = dated.with_columns(a_year.alias("annual"))
    log.add(NO_VALUE, valued.filter(pl.col("annual").is_null())["row"])
    options = pl.col("end_day").dt.offset_by(pl.col("months").fill_null(0).clip(0, 600).cast(pl.String) + "mo")
    names = valued["supplier"].fill_null("")
    return valued.select(
        "row",
        *("reference", "department", "category", "process"),
        pl.Series("title", [supplier_names.without_people(title or "") for title in valued["title"]], pl.String),
        pl.Series("supplier", [supplier_names.shown(name) for name in names], pl.String),
        pl.Series("even_name", [_even(name) for name in names], pl.String),
        pl.col("start_day").alias("start"),
        pl.col("end_day").alias("end"),
        "last_day",
        pl.max_horizontal("last_day", options).alias("longest_day"),
        pl.col("review_day").alias("review"),
        pl.col("annual").alias("annual_pounds"),
        pl.col("total_pounds_read").alias("total_pounds"),
        "is_small",
        "is_voluntary",
        pl.col("notice").alias("notice_weeks"),
        pl.col("minimum_day").alias("minimum_end"),
    )


def _even(name: str) -> str:
    shown = supplier_names.shown(name)
    return "" if shown == supplier_names.INDIVIDUALS else supplier_names.even(shown)


def _shown(rows: pl.DataFrame, name: str) -> pl.Series:
    return rows.select(figure_of(pl.col(name).fill_null("blank")).alias("found"))["found"]

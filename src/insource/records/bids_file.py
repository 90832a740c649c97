"""Bids for a tender, from a CSV file or an Excel workbook of our template, and marks for quality on their own.

A row is one bid for one lot. Needed: who bids and the price; marks for quality where quality counts. The rest (pay,
travel, running costs, surplus) is what bidders say when asked how they come to their price; blank is "not said".
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from insource.records.dates import clean_text
from insource.records.figures import read_figure
from insource.records.headings import Column, Format
from insource.records.masking import figure_of, word_of_list
from insource.records.problem_log import Kind, ProblemLog
from insource.records.reading import Opened
from insource.records.workbook_reading import open_sheet_or_csv
from insource.units import FULL_MARKS

VALID, PENDING, WITHDRAWN, DISQUALIFIED = "valid", "pending", "withdrawn", "disqualified"
STATUSES = (VALID, PENDING, WITHDRAWN, DISQUALIFIED)
"""As in the bids extension of OCDS. Withdrawn and disqualified bids are listed and not scored."""
DEAREST_HOUR = 200.0
"""A price above this is hardly one of an hour of care: the reader doubts it and uses it."""
LOT = Column("lot", "Lot", ("Lot number", "Lot name", "Related lot"))
BID = Column("bid", "Bid reference", ("Bid", "Bid id", "Tender reference"))
BIDDER = Column(
    "bidder", "Bidder", ("Supplier", "Tenderer", "Provider", "Organisation", "Bidder name", "Supplier name")
)
QUALITY = Column("quality", "Quality marks (0 to 100)", ("Quality", "Quality marks", "Quality score", "Marks"))
MOST_HOUR = 10_000.0
"""Nothing above this is the price of an hour of care, and no such row is used."""
COLUMNS = (
    LOT,
    BID,
    BIDDER,
    Column("price", "Price an hour (pounds)", ("Price", "Price an hour", "Price per hour", "Hourly rate", "Bid price")),
    QUALITY,
    Column("status", "Status", ("Bid status",)),
    Column("hours", "Hours a year", ("Annual hours", "Hours per year", "Volume")),
    Column("pay", "Pay an hour (pounds)", ("Pay", "Pay rate", "Pay per hour", "Care worker pay")),
    Column("travel", "Travel minutes an hour of care", ("Travel minutes", "Travel minutes per contact hour")),
    Column("running", "Running costs an hour (pounds)", ("Running costs", "Overheads", "Business costs")),
    Column("surplus", "Surplus an hour (pounds)", ("Surplus", "Profit", "Return on operations")),
)
FIGURES = ("price", "quality", "hours", "pay", "travel", "running", "surplus")
BIDS = Format("bids", "the template for bids", COLUMNS, (("bidder",), ("price",)))
MARKS = Format("marks", "marks for quality", (LOT, BID, BIDDER, QUALITY), (("bidder", "bid"), ("quality",)))
MOST_MINUTES = 60.0
SCHEMA = {
    "file": pl.String,
    "row": pl.UInt32,
    **dict.fromkeys(("lot", "bid", "bidder", "status"), pl.String),
    **dict.fromkeys(FIGURES, pl.Float64),
    "is_usable": pl.Boolean,
}


@dataclass(frozen=True)
class BidsFile:
    """One file of bids (`is_marks`: of marks alone), read and checked; `frame` has the columns of SCHEMA."""

    log: ProblemLog
    frame: pl.DataFrame = field(repr=False)
    notices: tuple[str, ...]
    is_marks: bool


def read(path: Path, name: str = "") -> BidsFile:
    """Read and check every row; raises InputError if there is nothing to read."""
    with open_sheet_or_csv(path, [MARKS, BIDS], name or path.name) as opened:
        wanted = [column.name for column in COLUMNS]
        parts = [_typed(opened, block) for block in opened.blocks(wanted)]
    log = opened.log
    if not parts:
        return BidsFile(log, pl.DataFrame(schema=SCHEMA), tuple(opened.notices), opened.format is MARKS)
    frame = pl.concat(parts)
    _check(log, frame, is_marks=opened.format is MARKS)
    frame = frame.with_columns(
        pl.when(pl.col("quality").is_between(0, FULL_MARKS)).then("quality"),
        pl.when(pl.col("status").is_in(STATUSES)).then("status"),
        *(pl.when(pl.col(name) > 0).then(name).alias(name) for name in ("price", "hours", "pay")),
        *(pl.when(pl.col(name) >= 0).then(name).alias(name) for name in ("travel", "running", "surplus")),
        (~pl.col("row").is_in(log.unusable_rows().implode())).alias("is_usable"),
        pl.lit(log.file).alias("file"),
    )
    return BidsFile(log, frame.select(*SCHEMA).cast(SCHEMA), tuple(opened.notices), opened.format is MARKS)  # type: ignore[arg-type]


def _typed(opened: Opened, block: pl.DataFrame) -> pl.DataFrame:
    """Text to figures; `<name>_unreadable` and `<name>_text` say where a figure could not be read."""
    text = block.with_columns(*(clean_text(column.name) for column in COLUMNS))
    figures = [expression for name in FIGURES for expression in read_figure(name)]
    shown = [figure_of(pl.col(name).fill_null("")).alias(f"{name}_text") for name in FIGURES]
    return text.with_columns(*figures, *shown).with_columns(
        pl.col("lot").fill_null(""), pl.col("status").str.to_lowercase().fill_null(VALID)
    )


def _check(log: ProblemLog, frame: pl.DataFrame, is_marks: bool) -> None:
    """Note what is wrong, kind by kind. Nobody's price or marks are guessed."""
    note = _noter(log, frame)
    named = pl.col("bid").is_null() & pl.col("bidder").is_null() if is_marks else pl.col("bidder").is_null()
    heading = BIDDER.heading
    note(Kind("missing_value", heading, "unusable", "nobody is named", "fill in who bids"), named)
    if not is_marks:
        price = BIDS.heading("price")
        note(Kind("missing_value", price, "unusable", "there is no price", "fill it in"), _is_blank("price"))
        what = "the price is not above nothing"
        note(Kind("price_not_positive", price, "unusable", what, "correct it"), pl.col("price") <= 0, "price")
        what = "this is a very high price for an hour; it may be for a week or a year"
        todo = "give the price of one hour of care"
        dear = Kind("price_not_hourly", price, "doubtful", what, todo, f"up to {DEAREST_HOUR:,.0f} pounds")
        note(dear, pl.col("price").is_between(DEAREST_HOUR, MOST_HOUR, closed="right"), "price")
        allowed = f"up to {MOST_HOUR:,.0f} pounds"
        no_hour = Kind("price_not_an_hour", price, "unusable", "this is not the price of an hour", todo, allowed)
        note(no_hour, pl.col("price") > MOST_HOUR, "price")
    for name in FIGURES:
        severity = "unusable" if name in ("price", "quality") else "doubtful"
        kind = Kind("not_a_figure", BIDS.heading(name), severity, "this is no number", "correct it", "such as 22.50")  # type: ignore[arg-type]
        note(kind, pl.col(f"{name}_unreadable"), name)
    marks = Kind("marks_out_of_range", QUALITY.heading, "unusable", "marks are out of 100", "correct it", "0 to 100")
    note(marks, ~pl.col("quality").is_between(0, FULL_MARKS), "quality")
    if not is_marks:
        what = "there are no marks for quality, so the bid is in the tests of price only"
        note(Kind("no_marks", QUALITY.heading, "doubtful", what, "fill it in once marked"), _is_blank("quality"))
    for name in ("hours", "pay"):
        kind = Kind("figure_not_positive", BIDS.heading(name), "doubtful", "this is not above nothing", "correct it")
        note(kind, pl.col(name) <= 0, name)
    for name in ("travel", "running", "surplus"):
        kind = Kind("figure_negative", BIDS.heading(name), "doubtful", "this is below nothing", "correct it")
        note(kind, pl.col(name) < 0, name)
    many = Kind(
        "travel_minutes", BIDS.heading("travel"), "doubtful", "more travel than care", "give minutes", "0 to 60"
    )
    note(many, pl.col("travel") > MOST_MINUTES, "travel")
    _check_words(log, frame)
    key = pl.concat_str(
        pl.col("lot").str.to_lowercase(), pl.coalesce("bid", "bidder").str.to_lowercase(), separator="|"
    )
    again = Kind("bid_twice", heading, "unusable", "this bidder stands in this lot already", "keep one of the rows")
    note(again, key.is_not_null() & ~key.is_first_distinct())


def _check_words(log: ProblemLog, frame: pl.DataFrame) -> None:
    bad = frame.filter(~pl.col("status").is_in(STATUSES))
    kind = Kind("unknown_status", "Status", "unusable", "this is no status of a bid", "use one", ", ".join(STATUSES))
    found = pl.Series([word_of_list(text, STATUSES) for text in bad["status"]], dtype=pl.String)
    log.add(kind, bad["row"], found)


def _noter(log: ProblemLog, frame: pl.DataFrame) -> Callable[..., None]:
    def note(kind: Kind, is_bad: pl.Expr, shown: str = "") -> None:
        bad = frame.filter(is_bad.fill_null(False))
        log.add(kind, bad["row"], bad[f"{shown}_text"] if shown else "")

    return note


def _is_blank(name: str) -> pl.Expr:
    return pl.col(name).is_null() & ~pl.col(f"{name}_unreadable")

"""Put the payments of several files together, so that one supplier is one supplier under all its numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from insource.records import supplier_names
from insource.records.payments import BLANK_SUPPLIER
from insource.units import PENCE_A_POUND

FEWEST_WORDS_TO_JOIN = 2
"""Names of one word ("Manor") are borne by several homes; numbers with such a name are kept apart."""


@dataclass(frozen=True)
class Paid:
    """All payments for care. `frame`: file, row, month, year (that it begins in), stream, key, name, pence, lines.

    `joined`: how many numbers were joined to another by name; `outside_pounds`: paid for anything but the streams.
    """

    frame: pl.DataFrame = field(repr=False)
    first_month_of_year: int
    joined: int
    outside_pounds: float

    def years(self) -> list[int]:
        """The years of which every month has payments, in order."""
        months = self.frame.select("year", "month").unique().group_by("year").len()
        return sorted(months.filter(pl.col("len") == 12)["year"].to_list())

    def label(self, year: int) -> str:
        """2019/20, or 2019 where the year is the calendar's."""
        return str(year) if self.first_month_of_year == 1 else f"{year}/{(year + 1) % 100:02d}"

    def streams(self) -> list[str]:
        """The streams, the one with most pounds first."""
        sums = (
            self.frame.group_by("stream").agg(pl.col("pence").sum()).sort(["pence", "stream"], descending=[True, False])
        )
        return sums["stream"].to_list()

    def last_year(self) -> pl.DataFrame:
        """The payments of the last twelve months of the files."""
        last = self.frame["month"].max()
        first = pl.lit(last).dt.offset_by("-11mo")
        return self.frame.filter(pl.col("month") >= first)


def together(frames: Sequence[pl.DataFrame], lists: Sequence[pl.DataFrame], first_month_of_year: int) -> Paid:
    """Join files of payments and lists of suppliers. A name of a list takes the place of a name that is withheld."""
    every = pl.concat(frames).with_columns((pl.col("pounds") * PENCE_A_POUND).round().cast(pl.Int64).alias("pence"))
    outside = float(every.filter(pl.col("stream").is_null())["pence"].sum()) / PENCE_A_POUND
    care = every.filter(pl.col("stream").is_not_null())
    if lists:
        listed = pl.concat(lists).unique("key", keep="first", maintain_order=True).rename({"name": "listed"})
        care = care.join(listed, on="key", how="left")
        is_better = (pl.col("name") == supplier_names.INDIVIDUALS) & pl.col("listed").is_not_null()
        care = care.with_columns(pl.when(is_better).then(pl.col("listed")).otherwise(pl.col("name")).alias("name"))
    latest = (
        care.sort("date", "file", "row")
        .group_by("key", maintain_order=True)
        .agg(pl.col("name").last().alias("last_name"))
    )
    keys = [_joined_key(key, name) for key, name in latest.iter_rows()]
    latest = latest.with_columns(pl.Series("joined", keys, pl.String))
    names = latest.group_by("joined", maintain_order=True).agg(pl.col("last_name").last().alias("shown"))
    joined = latest.height - names.height
    care = care.join(latest, on="key").join(names, on="joined")
    shift = -(first_month_of_year - 1)
    table = care.select(
        *("file", "row", "stream", "pence", "lines"),
        pl.col("joined").alias("key"),
        pl.col("shown").alias("name"),
        pl.col("date").dt.truncate("1mo").alias("month"),
        pl.col("date").dt.truncate("1mo").dt.offset_by(f"{shift}mo").dt.year().alias("year"),
    ).sort("month", "file", "row")
    return Paid(table, first_month_of_year, joined, outside)


def _joined_key(key: str, name: str) -> str:
    """The name itself for an organisation whose name is more than a word; else the council's number or the hash."""
    if name == supplier_names.INDIVIDUALS or key == BLANK_SUPPLIER:
        return key
    even = supplier_names.even(name)
    return even if len(even.split()) >= FEWEST_WORDS_TO_JOIN else key


def is_told_apart() -> pl.Expr:
    """True for payments whose payee can be told from others, named or not."""
    return pl.col("key") != BLANK_SUPPLIER


def is_named() -> pl.Expr:
    """True for payments to a supplier whose name may be printed."""
    return pl.col("name") != supplier_names.INDIVIDUALS

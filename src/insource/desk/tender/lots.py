"""Bids from files put together by lot: prices of an hour, marks, who is scored and who is not, and the rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from insource.desk.tender.scoring import Bids
from insource.errors import InputError, Problem
from insource.records.bids_file import STATUSES, VALID, BidsFile
from insource.records.ocds import UNSCORED, OcdsFile

WHOLE = "the whole tender"
"""What a lot without a name is called."""


@dataclass(frozen=True)
class Lot:
    """One lot. `frame`: every usable bid, with `is_scored` and `why_not`. `price_weight`: from a notice, if it says."""

    name: str
    frame: pl.DataFrame = field(repr=False)
    bids: Bids = field(repr=False)
    rows: tuple[str, ...]
    """Where each scored bid stands, as "file:row"."""
    hours: float | None
    price_weight: float | None
    is_hourly: bool

    def all_prices(self) -> np.ndarray:
        """Prices of every bid that counts for the tests of price, with marks or without."""
        return self.priced()["price"].to_numpy()

    def priced(self) -> pl.DataFrame:
        """Bids that count for the tests of price: not withdrawn, not disqualified."""
        return self.frame.filter(~pl.col("status").is_in(UNSCORED))


def lots_of(files: Sequence[BidsFile], published: Sequence[OcdsFile], hours: float | None, floor: float) -> list[Lot]:
    """Every lot with a bid, in the order of the files. `hours` a year hold where a file says none.

    Raises InputError if the same bidder stands in a lot twice, in different files.
    """
    marks = [file.frame.filter("is_usable") for file in files if file.is_marks]
    own = [file.frame.filter("is_usable").with_columns(weight=None) for file in files if not file.is_marks]
    frames = [*own, *(_as_bids(file, hours) for file in published)]
    if not frames:
        return []
    frame = pl.concat(frames, how="diagonal_relaxed").filter(pl.col("price").is_not_null())
    if frame.is_empty():
        return []
    frame = _with_marks(frame, marks)
    again = frame.filter(~pl.struct("lot", pl.col("bidder").str.to_lowercase(), "bid").is_first_distinct())
    if again.height:
        file, row = again.row(0, named=True)["file"], int(again.row(0, named=True)["row"])
        what = "this bidder stands in this lot already, in another file"
        raise InputError(Problem("bid_twice", what, "keep one of them", file=file, row=row, column="Bidder"))
    return [_lot(str(name), part, hours, floor) for (name,), part in frame.group_by("lot", maintain_order=True)]


def _lot(name: str, frame: pl.DataFrame, hours: float | None, floor: float) -> Lot:
    status = pl.col("status").fill_null(VALID)
    why_not = (
        pl.when(status.is_in(UNSCORED))
        .then(status)
        .when(pl.col("quality").is_null())
        .then(pl.lit("no marks yet"))
        .when(pl.col("quality") < floor)
        .then(pl.lit(f"below the quality floor of {floor:g}"))
    )
    frame = frame.with_columns(why_not.alias("why_not")).with_columns(pl.col("why_not").is_null().alias("is_scored"))
    scored = frame.filter("is_scored")
    bids = Bids(tuple(scored["bidder"]), scored["price"].to_numpy().copy(), scored["quality"].to_numpy().copy())
    rows = tuple(f"{file}:{row}" for file, row in scored.select("file", "row").iter_rows())
    said = frame["hours"].drop_nulls()
    weights = frame["weight"].drop_nulls()
    return Lot(
        name or WHOLE,
        frame,
        bids,
        rows,
        float(said[0]) if len(said) else hours,
        float(weights[0]) if len(weights) else None,
        bool(frame["is_hourly"].all()),
    )


def _as_bids(file: OcdsFile, hours: float | None) -> pl.DataFrame:
    """Published bids in the columns of a file of bids: of each process the latest release; hourly prices if known."""
    dated = file.notices.select("release", "date")
    bids = file.bids.join(dated, on="release").filter(pl.col("status").is_in(STATUSES))
    latest = bids.filter(pl.col("date") == pl.col("date").max().over("ocid"))
    latest = latest.filter(pl.col("release") == pl.col("release").max().over("ocid"))
    many = latest["ocid"].n_unique() > 1
    lot = pl.concat_str("ocid", pl.lit(" "), "lot").str.strip_chars() if many else pl.col("lot")
    years = pl.col("years") * (hours or 0.0)
    has_hours = years.is_not_null() & (years > 0)
    return latest.select(
        pl.lit(file.log.file).alias("file"),
        pl.col("release").alias("row"),
        lot.alias("lot"),
        "bid",
        "bidder",
        "status",
        pl.when(has_hours).then(pl.col("amount_pounds") / years).otherwise("amount_pounds").alias("price"),
        *(
            pl.lit(None, dtype=pl.Float64).alias(name)
            for name in ("quality", "hours", "pay", "travel", "running", "surplus")
        ),
        pl.lit(True).alias("is_usable"),
        pl.col("price_weight").alias("weight"),
        has_hours.alias("is_hourly"),
    )


def _with_marks(frame: pl.DataFrame, marks: list[pl.DataFrame]) -> pl.DataFrame:
    """Marks from files of their own put to the bids they belong to, by lot and by bid reference or bidder."""
    if "is_hourly" not in frame.columns:
        frame = frame.with_columns(is_hourly=pl.lit(True))
    frame = frame.with_columns(pl.col("is_hourly").fill_null(True), pl.col("weight").cast(pl.Float64))
    if not marks:
        return frame
    given = pl.concat(marks).filter(pl.col("quality").is_not_null())
    for key in ("bid", "bidder"):
        by = given.filter(pl.col(key).is_not_null()).select(
            pl.col("lot").str.to_lowercase().alias("_lot"),
            pl.col(key).str.to_lowercase().alias("_who"),
            pl.col("quality").alias("_marks"),
        )
        frame = (
            frame.with_columns(
                pl.col("lot").str.to_lowercase().alias("_lot"), pl.col(key).str.to_lowercase().alias("_who")
            )
            .join(
                by.unique(["_lot", "_who"], keep="first", maintain_order=True),
                on=["_lot", "_who"],
                how="left",
                maintain_order="left",
            )
            .with_columns(pl.coalesce("quality", "_marks").alias("quality"))
            .drop("_lot", "_who", "_marks")
        )
    return frame

"""Pictures over time. Their titles say what is seen, worked out from the figures they show."""

from collections.abc import Callable, Iterator, Sequence

import altair as alt
import polars as pl

from insource.desk.drawing import COLOURS, bars, lines
from insource.desk.result import Chart
from insource.units import bare

FEWEST_YEARS = 2


def of_months(months: pl.DataFrame, streams: Sequence[str]) -> Iterator[Chart]:
    """Spend by month of the streams large enough to be told of."""
    shown = months.filter(pl.col("stream").is_in(list(streams)))
    if shown["month"].n_unique() < FEWEST_YEARS:
        return
    peak = shown.sort(["pounds", "stream", "month"], descending=[True, False, False]).row(0, named=True)
    yield Chart(
        f"The dearest month was {peak['month']:%B %Y}, in {peak['stream'].lower()}: {bare(peak['pounds'], 'pounds')}",
        _only(streams, lines("month", "thousands", "£000 a month", "stream")),
        "Net payments over £500 in the month they were made; how often bills are paid makes months uneven.",
        f"{shown.height:,} sums by stream and month, on the sheet Months.",
        sheet="Months",
    )


def of_years(every: pl.DataFrame, streams: Sequence[str]) -> Iterator[Chart]:
    """Spend and concentration by year of the streams large enough to be told of."""
    years = every.filter(pl.col("stream").is_in(list(streams)))
    if years["year"].n_unique() < FEWEST_YEARS:
        return
    ends = (
        years.sort("year")
        .group_by("stream", maintain_order=True)
        .agg(pl.col("pounds").first().alias("first"), pl.col("pounds").last().alias("last"))
    )
    rose = ends.filter(pl.col("last") > pl.col("first")).height
    first, last = years.sort("year")["label"][0], years.sort("year")["label"][-1]
    yield Chart(
        f"Spend was higher in {last} than in {first} in {rose} of {ends.height} streams",
        _only(streams, lines("year", "millions", "£m a year", "stream")),
        "Net payments over £500, complete years; the year is the one that it begins in.",
        _words(years, "pounds", lambda amount: bare(amount, "pounds")),
        sheet="Years",
    )
    peak = years.sort(["hhi", "stream", "year"], descending=[True, False, False]).row(0, named=True)
    yield Chart(
        f"Concentration was highest in {peak['stream'].lower()} in {peak['label']}: {peak['hhi']:,.0f} of 10,000",
        _only(streams, lines("year", "hhi", "concentration index (0 to 10,000)", "stream")),
        "Sum of squared shares in per cent: 10,000 where one supplier has all.",
        _words(years, "hhi", lambda amount: f"{amount:,.0f}"),
        sheet="Years",
    )


def of_moves(moves: pl.DataFrame, stream: str) -> Iterator[Chart]:
    """What those who went had had, year by year, of the largest stream."""
    rows = moves.filter((pl.col("stream") == stream) & pl.col("went_pounds_share").is_not_null())
    if rows.height < FEWEST_YEARS:
        return
    worst = rows.sort(["went_pounds_share", "year"], descending=[True, False]).row(0, named=True)
    usual = float(str(rows["went_pounds_share"].median()))
    yield Chart(
        f"{stream}: after {worst['label']} suppliers with {100 * worst['went_pounds_share']:.0f}% of the spend went; "
        f"usually {100 * usual:.1f}%",
        lambda frame: bars("label", "went_per_cent", "% of the year's spend, paid to those not paid in the next")(
            frame.filter(pl.col("stream") == stream).with_columns(went_per_cent=100 * pl.col("went_pounds_share"))
        ),
        "Suppliers paid in a year and not in the next; a changed name or number looks the same.",
        "; ".join(f"{one['label']}: {100 * one['went_pounds_share']:.1f}%" for one in rows.to_dicts()),
        sheet="Comings and goings",
    )


def of_prices(prices: pl.DataFrame, streams: Sequence[str]) -> Iterator[Chart]:
    """The index of payments to the same suppliers beside the wage floor's."""
    compared = prices.filter(pl.col("growth").is_not_null())["stream"].unique()
    shown = [stream for stream in streams if stream in compared]
    known = prices.filter(pl.col("floor_index").is_not_null() & pl.col("stream").is_in(shown))
    if known["year"].n_unique() < FEWEST_YEARS:
        return
    last = known.filter(pl.col("year") == pl.col("year").max())
    behind = last.filter(pl.col("index") < pl.col("floor_index")).height
    yield Chart(
        f"Payments to the same suppliers have grown less than the wage floor in {behind} of {last.height} streams",
        _only(shown, lambda frame: lines("year", "level", "index, first year = 100", "line")(_with_floor(frame))),
        "Pounds of a payment: price and amount of care together. Weighted medians, chained.",
        "; ".join(f"{one['stream']}: {one['index']:.0f}" for one in last.to_dicts())
        + f"; wage floor: {last['floor_index'][0]:.0f}",
        sheet="Payment index",
    )


def of_locked(locked: pl.DataFrame) -> Iterator[Chart]:
    """Pounds bound in each coming year."""
    if float(locked["certain"].sum()) <= 0:
        return
    first = locked["certain"][0]
    below = next((row["year"] for row in locked.to_dicts() if row["certain"] < first / 2), None)
    seen = f"less than half of it in year {below}" if below else f"more than half of it in all {locked.height} years"
    yield Chart(
        f"Contracts bind {bare(first, 'pounds')} in the coming year, {seen}",
        lambda frame: bars("label", "certain", "£ a year bound for certain")(
            frame.with_columns(label=pl.format("year {} from {}", "year", pl.col("from").dt.strftime("%b %Y")))
        ),
        "Annual values of the register, until the last day as things stand; options not counted.",
        "; ".join(f"year {one['year']}: £{one['certain']:,.0f}" for one in locked.to_dicts()),
        sheet="Locked in",
    )


def of_register(owners: pl.DataFrame, ratings: pl.DataFrame) -> Iterator[Chart]:
    """Money by owner and by rating, all streams."""
    for sheet, by, frame in (("Owners", "owner", owners), ("Ratings", "rating", ratings)):
        sums = frame.group_by(by).agg(pl.col("pounds").sum()).sort(["pounds", by], descending=[True, False])
        if sums.height:
            most = sums.row(0, named=True)
            share = most["pounds"] / float(sums["pounds"].sum() or 1.0)
            yield Chart(
                f"Most of the money by {by} of the supplier: {most[by]}, {100 * share:.0f}%",
                _drawn(by),
                "Last twelve months. A supplier's pounds are shared out evenly over its locations.",
                "; ".join(f"{one[by]}: £{one['pounds']:,.0f}" for one in sums.to_dicts()),
                sheet=sheet,
            )


def _only(streams: Sequence[str], draw: Callable[[pl.DataFrame], alt.Chart]) -> Callable[[pl.DataFrame], alt.Chart]:
    return lambda frame: draw(frame.filter(pl.col("stream").is_in(list(streams))))


def _drawn(by: str) -> Callable[[pl.DataFrame], alt.Chart]:
    def draw(frame: pl.DataFrame) -> alt.Chart:
        sums = frame.group_by(by).agg(pl.col("pounds").sum()).sort(["pounds", by], descending=[True, False])
        return bars(by, "pounds", "£ in the last twelve months")(sums)

    return draw


def _with_floor(frame: pl.DataFrame) -> pl.DataFrame:
    floor = frame.filter(pl.col("floor_index").is_not_null()).unique("year").sort("year")
    streams = frame.select("year", pl.col("index").alias("level"), pl.col("stream").alias("line"))
    most = len(COLOURS) - 1
    kept = streams.filter(pl.col("line").is_in(streams["line"].unique(maintain_order=True).head(most).implode()))
    wages = floor.select("year", pl.col("floor_index").alias("level"), pl.lit("Wage floor").alias("line"))
    return pl.concat([wages, kept])


def _words(years: pl.DataFrame, column: str, say: Callable[[float], str]) -> str:
    parts = []
    for (stream,), rows in years.sort("year").group_by("stream", maintain_order=True):
        first, last = rows.row(0, named=True), rows.row(-1, named=True)
        parts.append(f"{stream}: {say(first[column])} in {first['label']}, {say(last[column])} in {last['label']}")
    return "; ".join(parts)

"""What happened, in plain words made from the figures alone. Nothing is known here about any council or supplier.

For each stream of some size: spend and suppliers at both ends, where concentration peaked, each year in which the five
largest suppliers' share jumped (with whose coming or going makes it up), how many go in a year and how large they are,
and where the figures fall silent. Why it happened is not in payments, and is not said.
"""

import itertools
from collections.abc import Mapping
from datetime import date

import polars as pl

from insource.desk.market.concentration import by_supplier_year
from insource.desk.market.suppliers import Paid, is_named
from insource.desk.result import Setting
from insource.units import PENCE_A_POUND, bare

FEWEST_YEARS = 2
FEWEST_SUPPLIERS, MOSTLY = 3, 0.5
SMALL_STREAM = 0.02
"""A stream with less of all spend than this has no story of its own."""
MOST_NAMED = 3
PART_OF_A_JUMP = 0.2
"""A supplier is named if its own share moved by at least this part of the jump."""


def tell(
    paid: Paid, years: pl.DataFrame, moves: pl.DataFrame, prices: pl.DataFrame, settings: Mapping[str, Setting]
) -> tuple[str, ...]:
    """The sentences, stream by stream, the largest first."""
    said: list[str] = []
    for stream in paid.streams():
        lines = years.filter(pl.col("stream") == stream).sort("year")
        if stream not in told_of(paid):
            continue
        said += _from_to(stream, lines, prices.filter(pl.col("stream") == stream)) if lines.height else []
        if lines.height >= FEWEST_YEARS and is_market(paid, lines):
            said += _concentration(stream, lines, settings)
            said += _jumps(paid, stream, lines, float(settings["jump_points"].value))
            said += _goers(stream, moves.filter(pl.col("stream") == stream))
        said += _silence(paid, stream)
    return tuple(said)


def told_of(paid: Paid) -> list[str]:
    """The streams large enough to be told of, the largest first."""
    pence = dict(paid.frame.group_by("stream").agg(pl.col("pence").sum()).iter_rows())
    return [stream for stream in paid.streams() if pence[stream] >= SMALL_STREAM * sum(pence.values())]


def is_market(paid: Paid, lines: pl.DataFrame) -> bool:
    """True for a stream with some suppliers, most of whose money goes to suppliers that may be named."""
    rows = paid.frame.filter(pl.col("stream") == lines["stream"][0])
    named = float(rows.filter(is_named())["pence"].sum()) / (float(rows["pence"].sum()) or 1.0)
    return named >= MOSTLY and int(str(lines["suppliers"].max())) >= FEWEST_SUPPLIERS


def month(day: date) -> str:
    """ "March 2024"."""
    return day.strftime("%B %Y")


def per_cent(share: float) -> str:
    """ "29%"."""
    return f"{100 * share:.0f}%"


def _from_to(stream: str, lines: pl.DataFrame, prices: pl.DataFrame) -> list[str]:
    first, last = lines.row(0, named=True), lines.row(-1, named=True)
    if lines.height == 1:
        return [f"{stream}: {bare(first['pounds'], 'pounds')} to {_suppliers(first)} in {first['label']}."]
    times = last["pounds"] / first["pounds"] if first["pounds"] > 0 else 0.0
    floors = prices.filter(pl.col("year").is_in([first["year"], last["year"]]))["floor_index"].to_list()
    has_floor = len(floors) == FEWEST_YEARS and all(floors)
    floor = f" (the wage floor: {floors[1] / floors[0]:.1f} times)" if has_floor else ""
    ends = [f"{bare(one['pounds'], 'pounds')} to {_suppliers(one)} in {one['label']}" for one in (first, last)]
    return [f"{stream}: {ends[0]}; {ends[1]}: {times:.1f} times the money{floor}."]


def _suppliers(line: Mapping[str, object]) -> str:
    return f"{line['suppliers']:,} supplier{'' if line['suppliers'] == 1 else 's'}"


def _concentration(stream: str, lines: pl.DataFrame, settings: Mapping[str, Setting]) -> list[str]:
    first, last = lines.row(0, named=True), lines.row(-1, named=True)
    peak = lines.sort(["hhi", "year"], descending=[True, False]).row(0, named=True)
    word = _word(peak["hhi"], settings)
    text = (
        f"{stream}: concentration (index, 0 to 10,000) was {first['hhi']:,.0f} in {first['label']} and "
        f"{last['hhi']:,.0f} in {last['label']}"
    )
    if peak["hhi"] < float(settings["moderate_concentration"].value):
        return [f"{text}; it was never concentrated: at most {peak['hhi']:,.0f} ({peak['label']})."]
    if peak["year"] in (first["year"], last["year"]):
        return [
            f"{text}; the five largest had {per_cent(first['top_five_share'])}, then "
            f"{per_cent(last['top_five_share'])} of the spend."
        ]
    return [
        f"{text}. It was highest in {peak['label']} at {peak['hhi']:,.0f} ({word}: as few as "
        f"{peak['equal_suppliers']:.0f} suppliers of one size), when the five largest had "
        f"{per_cent(peak['top_five_share'])}."
    ]


def _word(index: float, settings: Mapping[str, Setting]) -> str:
    if index >= float(settings["high_concentration"].value):
        return "highly concentrated"
    return "concentrated" if index >= float(settings["moderate_concentration"].value) else "not concentrated"


def jumps(lines: pl.DataFrame, least: float) -> list[tuple[dict[str, object], dict[str, object]]]:
    """Pairs of years, one after the other, between which the five largest suppliers' share moved at least so much."""
    rows = lines.sort("year").to_dicts()
    pairs = itertools.pairwise(rows)
    return [
        (before, after)
        for before, after in pairs
        if after["year"] == before["year"] + 1 and abs(after["top_five_share"] - before["top_five_share"]) >= least
    ]


def movers(paid: Paid, stream: str, year: int) -> pl.DataFrame:
    """Named suppliers by how much their share of a stream moved from the year before.

    Name, key, old and new pounds, moved, first and last month of payment in the stream.
    """
    sums = by_supplier_year(paid).filter((pl.col("stream") == stream) & pl.col("year").is_in([year - 1, year]))
    wide = sums.group_by("key", "name").agg(
        pl.col("pence").filter(pl.col("year") == year - 1).sum().alias("old"),
        pl.col("pence").filter(pl.col("year") == year).sum().alias("new"),
    )
    share = pl.col("new") / pl.col("new").sum() - pl.col("old") / pl.col("old").sum()
    ends = (
        paid.frame.filter(pl.col("stream") == stream)
        .group_by("key")
        .agg(pl.col("month").min().alias("first"), pl.col("month").max().alias("last"))
    )
    return (
        wide.with_columns(share.alias("moved"))
        .filter(is_named())
        .join(ends, on="key")
        .with_columns(pl.col("old") / PENCE_A_POUND, pl.col("new") / PENCE_A_POUND)
        .sort([pl.col("moved").abs(), pl.col("key")], descending=[True, False])
    )


def _jumps(paid: Paid, stream: str, lines: pl.DataFrame, least: float) -> list[str]:
    said = []
    for before, after in jumps(lines, least):
        jump = float(str(after["top_five_share"])) - float(str(before["top_five_share"]))
        moved = movers(paid, stream, int(str(after["year"]))).filter(
            (pl.col("moved") * jump > 0) & (pl.col("moved").abs() >= PART_OF_A_JUMP * abs(jump))
        )
        who = "; ".join(_moved(one, paid) for one in moved.head(MOST_NAMED).to_dicts())
        said.append(
            f"{stream}: between {before['label']} and {after['label']} the five largest suppliers' share "
            f"{'rose' if jump > 0 else 'fell'} from {per_cent(float(str(before['top_five_share'])))} to "
            f"{per_cent(float(str(after['top_five_share'])))}" + (f": {who}." if who else ", by many small moves.")
        )
    return said


def _moved(one: dict[str, object], paid: Paid) -> str:
    first, last = one["first"], one["last"]
    edge_first, edge_last = paid.frame["month"].min(), paid.frame["month"].max()
    when = []
    if isinstance(first, date) and first != edge_first:
        when.append(f"first paid {month(first)}")
    if isinstance(last, date) and last != edge_last:
        when.append(f"last paid {month(last)}")
    old, new = (bare(float(str(one[which])), "pounds") if one[which] else "nothing" for which in ("old", "new"))
    return f"{one['name']} from {old} to {new}" + (f" ({', '.join(when)})" if when else "")


def _goers(stream: str, moves: pl.DataFrame) -> list[str]:
    rows = moves.filter(pl.col("went").is_not_null())
    if rows.is_empty():
        return []
    usual, pounds = rows["went_share"].median(), rows["went_pounds_share"].median()
    came = moves.filter(pl.col("came").is_not_null())["came_share"].median()
    if not rows["went"].sum():
        return [f"{stream}: every supplier paid in a year was paid at some time in the next."]
    worst = rows.sort(["went_pounds_share", "year"], descending=[True, False]).row(0, named=True)
    text = (
        f"{stream}: of 100 suppliers paid in a year, {100 * float(str(usual)):.0f} were not paid in the next "
        f"and {100 * float(str(came or 0.0)):.0f} had not been paid in the one before (medians); those who went had "
        f"{100 * float(str(pounds)):.1f}% of the spend"
    )
    if worst["went_pounds_share"] > 2 * float(str(pounds)) and rows.height > FEWEST_YEARS:
        text += f", but {per_cent(worst['went_pounds_share'])} after {worst['label']}"
    return [text + "."]


def _silence(paid: Paid, stream: str) -> list[str]:
    last = paid.frame.filter(pl.col("stream") == stream)["month"].max()
    end = paid.frame["month"].max()
    if isinstance(last, date) and isinstance(end, date) and last < end:
        return [f"{stream}: no payment after {month(last)}, though the files run to {month(end)}."]
    return []

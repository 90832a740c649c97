"""What is worth acting on, each with pounds of the last twelve months of the files and the rows behind it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import polars as pl
from rapidfuzz import fuzz

from insource.desk.market import moves, story
from insource.desk.market.prices import FEWEST_REDRAWN, growth_interval, pairs_of_years
from insource.desk.market.story import month, per_cent
from insource.desk.market.suppliers import Paid, is_named, is_told_apart
from insource.desk.result import Finding, Setting
from insource.records import supplier_names
from insource.units import PENCE_A_POUND

MOST_ROWS = 20
"""Rows that a finding refers to: the largest payments."""
HIGH, MIDDLE, LOW = "high", "medium", "low"
FEWEST_YEARS = 2
ALIKE_START, LETTERS_COMPARED = 80, 10
"""How alike (rapidfuzz) the first ten letters of two names are for one to be the other's new name: a judgement."""


class Trace:
    """Finds the rows behind a figure, as "file:row"."""

    def __init__(self, paid: Paid, files: Sequence[str]):
        self.paid, self.files = paid, files

    def rows(self, condition: pl.Expr) -> tuple[str, ...]:
        """The largest payments that meet a condition."""
        largest = self.paid.frame.filter(condition).sort(
            [pl.col("pence").abs(), pl.col("file"), pl.col("row")], descending=[True, False, False]
        )
        return tuple(
            f"{self.files[file]}:{row}" for file, row in largest.head(MOST_ROWS).select("file", "row").iter_rows()
        )


def of_payments(
    paid: Paid, years: pl.DataFrame, prices: pl.DataFrame, settings: Mapping[str, Setting], files: Sequence[str]
) -> Iterator[Finding]:
    """Findings that payments alone give."""
    trace = Trace(paid, files)
    value = {name: float(one.value) for name, one in settings.items()}
    yield from _concentration(paid, years, value)
    yield from _leaders(paid, value, trace)
    yield from _came_and_went(paid, value, trace)
    yield from _jumps(paid, years, value)
    yield from _price_pressure(paid, prices, years, value)
    yield from _gaps(paid, value, trace)
    yield from _withheld(paid, trace)


def _concentration(paid: Paid, years: pl.DataFrame, value: Mapping[str, float]) -> Iterator[Finding]:
    latest = years.group_by("stream", maintain_order=True).tail(1)
    for one in latest.filter(pl.col("hhi") >= value["moderate_concentration"]).to_dicts():
        if not story.is_market(paid, years.filter(pl.col("stream") == one["stream"])):
            continue
        how = "highly concentrated" if one["hhi"] >= value["high_concentration"] else "concentrated"
        yield Finding(
            "market_concentrated",
            one["stream"],
            f"{how} in {one['label']}: index {one['hhi']:,.0f} of 10,000, as few as {one['equal_suppliers']:.1f} "
            f"suppliers of one size; the five largest of {one['suppliers']:,} have {per_cent(one['top_five_share'])}",
            one["pounds"],
            confidence=HIGH,
        )


def _leaders(paid: Paid, value: Mapping[str, float], trace: Trace) -> Iterator[Finding]:
    rows = paid.last_year()
    each = rows.group_by("stream", "key", "name").agg(pl.col("pence").sum())
    whole = pl.col("pence").sum().over("stream")
    shares = each.with_columns((pl.col("pence") / whole).alias("share")).filter(is_named() & is_told_apart())
    large = shares.filter((pl.col("share") >= value["leader_share"]) & (pl.col("pence") > 0))
    for one in large.sort(["pence", "stream", "key"], descending=[True, False, False]).to_dicts():
        yield Finding(
            "market_leader",
            one["name"],
            f"{per_cent(one['share'])} of {one['stream'].lower()} in the last twelve months",
            one["pence"] / PENCE_A_POUND,
            confidence=HIGH,
            rows=trace.rows(_is(one) & pl.col("month").is_in(rows["month"].unique().implode())),
        )


def _came_and_went(paid: Paid, value: Mapping[str, float], trace: Trace) -> Iterator[Finding]:
    first, last = paid.frame["month"].min(), paid.frame["month"].max()
    if not isinstance(first, date) or not isinstance(last, date):
        return
    looked_at = last.year * 12 + last.month - 12 * (value["recent_years"] + 1)
    if any(day.year * 12 + day.month > looked_at for day, _, _ in thin_months(paid, value["thin_month_share"])):
        return  # whoever is paid in a month whose file is missing would seem to come or go
    ends = paid.frame.group_by("stream").agg(pl.col("month").max().alias("stream_last"))
    is_told = pl.col("stream").is_in(story.told_of(paid))
    spells = moves.spells(paid).join(ends, on="stream").filter(is_told)
    quiet = pl.col("stream_last").dt.offset_by(f"-{value['quiet_months']:.0f}mo")
    since = pl.lit(last).dt.offset_by(f"-{12 * value['recent_years']:.0f}mo")
    gone = spells.filter(
        (pl.col("last") < quiet) & (pl.col("last") >= since) & (pl.col("last_year_share") >= value["move_share"])
    )
    new = spells.filter(
        (pl.col("first") > since)
        & (pl.col("first") > pl.lit(first).dt.offset_by("12mo"))
        & (pl.col("first_year_share") >= value["move_share"])
    )
    for one in gone.sort(["last_year_pounds", "stream", "key"], descending=[True, False, False]).to_dicts():
        yield Finding(
            "market_supplier_gone",
            one["name"],
            f"{one['stream'].lower()}: last paid {month(one['last'])}; {per_cent(one['last_year_share'])} of the "
            "stream in the twelve months to then" + _like(one, spells),
            one["last_year_pounds"],
            confidence=MIDDLE,
            rows=trace.rows(_is(one) & (pl.col("month") > pl.lit(one["last"]).dt.offset_by("-12mo"))),
        )
    for one in new.sort(["first_year_pounds", "stream", "key"], descending=[True, False, False]).to_dicts():
        yield Finding(
            "market_supplier_new",
            one["name"],
            f"{one['stream'].lower()}: first paid {month(one['first'])}; {per_cent(one['first_year_share'])} of the "
            "stream in the twelve months from then",
            one["first_year_pounds"],
            confidence=MIDDLE,
            rows=trace.rows(_is(one) & (pl.col("month") < pl.lit(one["first"]).dt.offset_by("12mo"))),
        )


def _like(gone: Mapping[str, object], spells: pl.DataFrame) -> str:
    """Says which supplier with a name that begins alike was first paid about when this one was last paid."""
    start, last = _compact(str(gone["name"])), gone["last"]
    others = spells.filter(
        (pl.col("stream") == str(gone["stream"]))
        & (pl.col("key") != str(gone["key"]))
        & (pl.col("first") >= pl.lit(last).dt.offset_by("-3mo"))
        & (pl.col("first") <= pl.lit(last).dt.offset_by("3mo"))
    )
    scored = [
        (fuzz.ratio(start, _compact(name)), name, first) for name, first in others.select("name", "first").iter_rows()
    ]
    best = max(scored, default=(0.0, "", last))
    if best[0] < ALIKE_START or not isinstance(best[2], date):
        return ""
    return f"; perhaps it is '{best[1]}' now, first paid {month(best[2])}"


def _compact(name: str) -> str:
    """The first letters of a name without spaces, by which a renamed supplier may be known."""
    return supplier_names.even(name).replace(" ", "")[:LETTERS_COMPARED]


def _jumps(paid: Paid, years: pl.DataFrame, value: Mapping[str, float]) -> Iterator[Finding]:
    for stream in story.told_of(paid):
        for before, after in story.jumps(years.filter(pl.col("stream") == stream), value["jump_points"]):
            shares = [per_cent(float(str(one["top_five_share"]))) for one in (before, after)]
            yield Finding(
                "market_concentration_jump",
                f"{stream}, {after['label']}",
                f"the five largest suppliers' share went from {shares[0]} to {shares[1]} in a year",
                confidence=HIGH,
            )


def _price_pressure(
    paid: Paid, prices: pl.DataFrame, years: pl.DataFrame, value: Mapping[str, float]
) -> Iterator[Finding]:
    back, every = int(value["recent_years"]), pairs_of_years(paid, value["fewest_payments"])
    for (stream,), rows in prices.group_by("stream", maintain_order=True):
        window = rows.sort("year").tail(back + 1)
        known = window.filter(pl.col("floor_index").is_not_null())
        if known.height < FEWEST_YEARS or window[1:]["growth"].null_count() or known.height < window.height:
            continue
        paid_grew = known["index"][-1] / known["index"][0]
        floor_grew = known["floor_index"][-1] / known["floor_index"][0]
        spend = years.filter((pl.col("stream") == stream) & (pl.col("year") == known["year"][-1]))["pounds"].sum()
        needed = 1 + value["wage_share"] * (floor_grew - 1)
        gap = float(spend) * (needed / paid_grew - 1)
        compared = known["year"][1:].to_list()
        pairs = every.filter(pl.col("stream") == stream, pl.col("year").is_in(compared))
        between, is_told = _between(pairs, compared, needed)
        said = (
            f"from {known['label'][0]} to {known['label'][-1]} a payment to the same supplier grew by "
            f"{per_cent(paid_grew - 1)}{between}, the wage floor by "
            f"{per_cent(floor_grew - 1)}; at a wage share of {per_cent(value['wage_share'])} keeping up would have "
            f"taken {per_cent(needed - 1)}"
        )
        if not is_told:
            yield Finding("market_price_unclear", str(stream), said, confidence=LOW)
        elif gap > 0:
            yield Finding("market_price_lags", str(stream), said, gap, confidence=LOW)
        else:
            yield Finding("market_price_leads", str(stream), said, -gap, confidence=LOW)


def _between(pairs: pl.DataFrame, years: list[int], needed: float) -> tuple[str, bool]:
    """The interval of the growth in words, and whether it tells growth from the growth needed.

    Of a few suppliers there is no interval: what was paid to them is known, and nothing is said of others.
    """
    few = pairs["key"].n_unique()
    if few < FEWEST_REDRAWN:
        words = f" ({few} suppliers compared, too few for an interval)" if few > 1 else " (one supplier compared)"
        return words, True
    low, high = growth_interval(pairs, years)
    is_told = low > needed or high < needed
    doubt = "" if is_told else "; whether it kept up cannot be told"
    return f" (95%, redrawing suppliers: {per_cent(low - 1)} to {per_cent(high - 1)}{doubt})", is_told


def _gaps(paid: Paid, value: Mapping[str, float], trace: Trace) -> Iterator[Finding]:
    end = paid.frame["month"].max()
    for stream in paid.streams():
        rows = paid.frame.filter(pl.col("stream") == stream)
        last = rows["month"].max()
        if not isinstance(last, date) or not isinstance(end, date):
            continue
        quiet = (end.year - last.year) * 12 + end.month - last.month
        if quiet >= value["quiet_months"]:
            late = (pl.col("stream") == stream) & (pl.col("month") > pl.lit(last).dt.offset_by("-12mo"))
            yield Finding(
                "market_payments_stop",
                stream,
                f"last payment in {month(last)}; the files run to {month(end)}",
                float(paid.frame.filter(late)["pence"].sum()) / PENCE_A_POUND,
                confidence=HIGH,
                rows=trace.rows(late),
            )
    for run in _runs(thin_months(paid, value["thin_month_share"])):
        first_thin, last_thin = run[0][0], run[-1][0]
        yield Finding(
            "market_month_thin",
            month(first_thin) if len(run) == 1 else f"{month(first_thin)} to {month(last_thin)}",
            f"{sum(lines for _, lines, _ in run):,} payments for care; the usual month has {run[0][2]:,.0f}",
            confidence=MIDDLE,
        )


def thin_months(paid: Paid, share: float) -> list[tuple[date, int, float]]:
    """Months with less than a share of the payments of the usual month: month, payments, the median of all."""
    counted = dict(paid.frame.group_by("month").agg(pl.col("lines").sum()).sort("month").iter_rows())
    usual = pl.Series(list(counted.values())).median()
    months = pl.date_range(min(counted), max(counted), "1mo", eager=True).to_list() if counted else []
    least = share * float(str(usual or 0))
    return [(day, counted.get(day, 0), float(str(usual))) for day in months if counted.get(day, 0) < least]


def _runs(thin: list[tuple[date, int, float]]) -> list[list[tuple[date, int, float]]]:
    """Thin months that follow one another, together."""
    runs: list[list[tuple[date, int, float]]] = []
    for one in thin:
        before = runs[-1][-1][0] if runs else None
        if before is not None and (one[0].year - before.year) * 12 + one[0].month - before.month == 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs


def _withheld(paid: Paid, trace: Trace) -> Iterator[Finding]:
    rows = paid.last_year()
    hidden = rows.filter(~is_named())
    pounds = float(hidden["pence"].sum()) / PENCE_A_POUND
    if hidden.height:
        share = pounds / (float(rows["pence"].sum()) / PENCE_A_POUND or 1.0)
        yield Finding(
            "market_names_withheld",
            "names withheld, or that may be people's",
            f"{100 * share:.1f}% of the last twelve months",
            pounds,
            confidence=HIGH,
        )


def _is(one: Mapping[str, object]) -> pl.Expr:
    return (pl.col("stream") == str(one["stream"])) & (pl.col("key") == str(one["key"]))

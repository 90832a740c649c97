"""When a model has paid back what it cost more, and what would make it come out even: see appraise/payback.py."""

import math
from collections.abc import Iterator, Mapping, Sequence

import altair as alt
import numpy as np
import polars as pl

from insource.appraise.payback import Payback, payback_of, years_at
from insource.appraise.value import PURSES, Purse, Question, Value
from insource.desk.result import Chart, Column, Kind, Sheet
from insource.report.doubt_sheets import others
from insource.units import bare, show

LOW, MIDDLE, HIGH = 0.05, 0.5, 0.95
MILLION = 1_000_000
NEVER_MORE = "never spent more"
WHOSE: dict[Purse, str] = {"council": "the council", "council_and_nhs": "the council and the NHS"}
PAYERS: dict[Purse, str] = {"council": "The council", "council_and_nhs": "The council and the NHS"}
Titles = Mapping[str, str]
"""Delivery models by name, the first first."""


def payback_sheets(value: Value, titles: Titles) -> tuple[Sheet, Sheet, Sheet]:
    """Years to payback, break-even, and the discounted difference year by year, for both purses."""
    found = [(PAYERS[purse], title, one) for purse, title, one in _all(value, titles)]
    return _years_sheet(found, value.years), _even_sheet(found), _yearly_sheet(found)


def _all(value: Value, titles: Titles) -> Iterator[tuple[Purse, str, Payback]]:
    for purse in reversed(PURSES):
        for number, title in others(titles):
            yield purse, title, payback_of(value, number, purse)


def years_in_words(years: float, horizon: int) -> str:
    """'3.4 years'; words where nothing was to be paid back, or was not within the `horizon` (years of the run)."""
    if years == 0.0:
        return NEVER_MORE
    return f"{years:.1f} years" if math.isfinite(years) else f"not within {whole_years(horizon)}"


def whole_years(count: int) -> str:
    """'1 year', '5 years'."""
    return f"{count} year{'s' if count > 1 else ''}"


def _years_sheet(found: list[tuple[str, str, Payback]], horizon: int) -> Sheet:
    rows = []
    for purse, title, one in found:
        is_paid = np.isfinite(one.years) & (one.years > 0.0)
        ends = (years_in_words(years_at(one.years, share), horizon) for share in (LOW, MIDDLE, HIGH))
        shares = (float(is_there.mean()) for is_there in (one.years == 0.0, is_paid, np.isinf(one.years)))
        rows.append((purse, title, *shares, float(one.years[is_paid].mean()) if is_paid.any() else None, *ends))
    columns = {
        "purse": Column("Who pays"),
        "model": Column("Model"),
        "never_more": Column("Never spent more", "share of draws", "share"),
        "within": Column("Spent more and paid it back", "share of draws", "share"),
        "never": Column(f"Not paid back within {whole_years(horizon)}", "share of draws", "share"),
        "mean": Column("Years to payback where it spent more and paid back (mean)", "years", "number"),
        "low": Column("Years to payback: low end", "5% of draws at or below"),
        "middle": Column("Years to payback: middle draw"),
        "high": Column("Years to payback: high end", "95% of draws at or below"),
    }
    note = (
        "Against the first model, discounted. Paid back: from then on to the last year no more has been spent in sum "
        "than under the first. The middle and the ends are of all draws, those that never spent more first and those "
        "that do not pay back last; what comes after the last year is not known."
    )
    return Sheet("payback", "Years until what a model costs more is paid back", _frame(rows, columns), columns, note)


def _even_sheet(found: list[tuple[str, str, Payback]]) -> Sheet:
    rows = [
        (
            purse,
            title,
            *_spread(one.even_a_year),
            *_spread(one.even_share),
            *_spread(one.outlay),
            float(one.is_still_spending.mean()),
            float(np.isfinite(one.saving_needed).mean()),
            *_spread(one.saving_needed),
            *_spread(one.saving_made),
        )
        for purse, title, one in found
    ]
    columns = {
        "purse": Column("Who pays"),
        "model": Column("Model"),
        **_range_of("even", "Less cost each year at which it is even", "pounds a year", "pounds"),
        **_range_of("share", "The same, of the model's own cost", "share", "share"),
        **_range_of("outlay", "Furthest behind", "pounds, present value", "pounds"),
        "still": Column("Furthest behind after the last year", "share of draws", "share"),
        "some": Column("Something to make up and a year left", "share of draws", "share"),
        **_range_of("needed", "Saving needed each year after that", "pounds a year", "pounds"),
        **_range_of("made", "Saving made each year after that", "pounds a year", "pounds"),
    }
    note = (
        "Against the first model, for the same sum in every year of the run. Below 0 in the first columns: so much "
        "more it could cost before the two are even. The furthest behind is the most spent more in sum at the end of a "
        "year (0 where it never was); the saving needed makes that up by the last year, over the draws in which there "
        "is something to make up and a year to do it."
    )
    return Sheet("break-even", "What would make a model come out even", _frame(rows, columns), columns, note)


def _yearly_sheet(found: list[tuple[str, str, Payback]]) -> Sheet:
    rows = [
        (
            purse,
            title,
            float(year + 1),
            *_spread(one.more[:, year]),
            *_spread(one.more_so_far[:, year]),
            float((one.more_so_far[:, year] <= 0.0).mean()),
        )
        for purse, title, one in found
        for year in range(len(one.weights))
    ]
    columns = {
        "purse": Column("Who pays"),
        "model": Column("Model"),
        "year": Column("Year", "", "year"),
        **_range_of("more", "Costs more in the year", "pounds, present value", "pounds"),
        **_range_of("so_far", "Costs more so far", "pounds, present value", "pounds"),
        "even": Column("No more spent so far", "share of draws", "share"),
    }
    note = "Against the first model, discounted to the start of the run; below 0 it costs less."
    return Sheet("payback by year", "What a model costs more, year by year", _frame(rows, columns), columns, note)


def _spread(values: np.ndarray) -> tuple[float | None, float | None, float | None]:
    """Mean and both ends over the draws in which there is a number."""
    known = values[np.isfinite(values)]
    if not len(known):
        return None, None, None
    low, high = (float(end) for end in np.quantile(known, (LOW, HIGH)))
    return float(known.mean()), low, high


def _range_of(name: str, label: str, unit: str, kind: Kind) -> dict[str, Column]:
    return {
        name: Column(f"{label} (mean)", unit, kind),
        f"{name}_low": Column(f"{label}: low end", "5% of draws below", kind),
        f"{name}_high": Column(f"{label}: high end", "5% of draws above", kind),
    }


def _frame(rows: Sequence[tuple[object, ...]], columns: Mapping[str, Column]) -> pl.DataFrame:
    schema = {name: pl.String if one.kind == "text" else pl.Float64 for name, one in columns.items()}
    return pl.DataFrame(rows, schema=schema, orient="row")


def payback_sentences(value: Value, titles: Titles, asked: Question) -> list[str]:
    """One for each model against the first, for the purse that was asked about."""
    first = next(iter(titles.values()))
    return [
        f"{_paid_back(one, title, first, WHOSE[purse], value.years)} {_even(one)}"
        for purse, title, one in _all(value, titles)
        if purse == asked.purse
    ]


def _paid_back(one: Payback, title: str, first: str, whose: str, horizon: int) -> str:
    draws = len(one.years)
    free, late = int((one.years == 0.0).sum()), int(np.isinf(one.years).sum())
    is_paid = np.isfinite(one.years) & (one.years > 0.0)
    within = f"within {whole_years(horizon)}"
    if late == draws:
        return f"What '{title}' costs {whose} more than '{first}' is not paid back {within} in any draw."
    if free == draws:
        return f"'{title}' never costs {whose} more in sum than '{first}' in any draw, so there is nothing to pay back."
    more = f"what '{title}' costs {whose} more than '{first}' is"
    paid = one.years[is_paid]
    told = [(late, f"{more} not paid back {within}")] if late else []
    if len(paid):
        after = f"after {paid.mean():.1f} years{' on average' if len(paid) > 1 else ''}"
        told.append((len(paid), f"{'it is' if late else f'{more} paid back {within}'}, {after}"))
    told += [(free, f"'{title}' never costs more in sum")] if free else []
    (count, text), *others = told
    return "; ".join([f"In {count} of {draws} draws {text}", *(f"in {count} {text}" for count, text in others)]) + "."


def _even(one: Payback) -> str:
    low, high = (float(end) for end in np.quantile(one.even_a_year, (LOW, HIGH)))
    mean, share = float(one.even_a_year.mean()), float(one.even_share.mean())
    may = "would have to" if mean > 0.0 else "could"
    return f"It {may} cost {change_in_words(mean, low, high, share)} to come out even."


def change_in_words(mean: float, low: float, high: float, share: float) -> str:
    """'£1,000 a year less (£800 to £1,200; 3.0% of its cost)'; below 0 'more', and the ends turn with it."""
    sign, way = (1.0, "less") if mean > 0.0 else (-1.0, "more")
    ends = " to ".join(bare(end, "pounds") for end in sorted((sign * low, sign * high)))
    return f"{show(sign * mean, 'pounds')} a year {way} ({ends}; {sign * share:.1%} of its cost)"


def payback_chart(asked: Purse) -> Chart:
    """What each model costs more so far, with ranges, for one purse."""

    def draw(frame: pl.DataFrame) -> alt.LayerChart:
        rows = frame.filter(pl.col("purse") == PAYERS[asked])
        rows = rows.with_columns(pl.col("so_far", "so_far_low", "so_far_high") / MILLION)
        wanted = rows.select("model", "year", "so_far", "so_far_low", "so_far_high")
        chart = alt.Chart(alt.Data(values=wanted.to_dicts())).encode(
            x=alt.X("year:O", title="End of year", axis=alt.Axis(labelAngle=0)),
            color=alt.Color("model:N", title="Model", legend=alt.Legend(symbolOpacity=1)),
        )
        band = chart.mark_area(opacity=0.15).encode(
            y=alt.Y("so_far_low:Q", title="Million pounds more so far (below 0: saved)"), y2="so_far_high:Q"
        )
        line = chart.mark_line(point=True).encode(y="so_far:Q", strokeDash=alt.StrokeDash("model:N", legend=None))
        zero = alt.Chart(alt.Data(values=[{"zero": 0}])).mark_rule(color="#888", strokeDash=[2, 2]).encode(y="zero:Q")
        layers: alt.LayerChart = alt.layer(band, line, zero)  # type: ignore[assignment]
        return layers

    text = (
        f"What each model costs {WHOSE[asked]} more than the first up to the end of each year, discounted: the mean, "
        "and the range that holds nine draws of ten. Where a line falls to 0, what was spent more is paid back."
    )
    return Chart("Has it paid back yet?", draw, text, text, "payback by year")

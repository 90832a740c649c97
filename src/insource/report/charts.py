"""The report's charts as SVG, each in a wide and a narrow form, with units, a range, and shapes as well as colours."""

import json
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import polars as pl
import vl_convert

from insource.appraise.outcomes import outcomes
from insource.appraise.summary import Summary

WIDE, NARROW = 760, 340
LONGEST_LABEL = 290
"""Pixels of a legend's label: a narrow picture holds it."""
COLOURS = ("#1b4f72", "#b9480e", "#4a7a1f", "#7a3e8e", "#5b5b5b", "#9a7d0a")
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
SHAPE_SIGNS = ("●", "■", "▲", "◆", "✚", "▼")
LINE_SIGNS = ("━━━", "━ ━", "┅┅┅", "━·━", "━ ·", "· ·")
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 1], [1, 3])
ROW_LABELS = "row_labels"
"""The name under which a chart finds the lines of its rows' labels."""
FONT = "Arial, Helvetica, sans-serif"
PURSES = (
    ("Council spends", "payer council"),
    ("Care workers are paid", "payee care_workers"),
    ("State and pension funds get", "payee state_and_pensions"),
    ("Social workers, brokers, officers", "payee council_staff"),
    ("Suppliers and agencies get", "payee suppliers + payee agencies"),
    ("Care homes and housing support get", "payee care_homes + payee housing_support_services"),
    ("Services and budget holders keep (or lose)", "balance providers + balance budget_holders"),
)
HOURS = (
    "needed_hours",
    "ordered_hours",
    "paid_hours",
    "delivered_hours",
    "used_hours",
    "idle_hours",
    "unused_hours",
    "unmet_hours",
)


@dataclass(frozen=True)
class Chart:
    """A chart in two widths, its legend (sign, colour, model), and its numbers as a table (header and rows)."""

    key: str
    title: str
    wide: str
    narrow: str
    legend: tuple[tuple[str, str, str], ...]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Point:
    """One mark: a row of the chart, a model, a mean and its 5 to 95% range."""

    row: str
    model: str
    mean: float
    low: float
    high: float


def intervals(key: str, title: str, unit: str, points: Sequence[Point], models: Sequence[str]) -> Chart:
    """Rows with one mark for each model: the mean and the 5 to 95% range over the draws."""
    rows = list(dict.fromkeys(point.row for point in points))
    shown = [model for model in models if any(point.model == model for point in points)]

    axis = alt.Axis(labelExpr=f"{ROW_LABELS}[datum.label]", labelLimit=0, ticks=False)
    base = alt.Chart(alt.Data(values=[vars(point) for point in points])).encode(
        y=alt.Y("row:N", sort=rows, title=None, axis=axis),
        yOffset=alt.YOffset("model:N", sort=shown),
        color=_colour(models),
    )
    lines = base.mark_rule(strokeWidth=3, opacity=0.55).encode(x=alt.X("low:Q", title=unit), x2="high:Q")
    marks = base.mark_point(filled=True, size=75, opacity=1).encode(x=alt.X("mean:Q"), shape=_shape(models))
    zero = alt.Chart(alt.Data(values=[{"x": 0}])).mark_rule(color="#888", strokeDash=[2, 2]).encode(x="x:Q")
    layers = [zero, lines, marks] if min(point.low for point in points) < 0 else [lines, marks]
    spec = _spec(alt.layer(*layers))

    def draw(width: int, letters: int) -> str:
        labels = {row: textwrap.wrap(row, letters) for row in rows}
        deep = max(len(label) for label in labels.values())
        height = len(rows) * max(16 * len(shown) + 12, 18 * deep + 8) + 40
        return _svg({**spec, "params": [{"name": ROW_LABELS, "value": labels}]}, width, height, f"{title}. {unit}.")

    header = (unit, *[f"{model}: mean (90% range)" for model in shown])
    table = tuple(
        (row, *[_cell(point) for model in shown for point in points if (point.row, point.model) == (row, model)])
        for row in rows
    )
    legend = _legend(models, shown, is_line=False)
    return Chart(key, title, draw(WIDE, 34), draw(NARROW, 17), legend, header, table)


def bands(key: str, title: str, unit: str, weeks: pl.DataFrame, models: Sequence[str]) -> Chart:
    """Lines over time with a band: `weeks` has columns model, year, mean, low, high."""
    data = weeks.to_dicts()
    base = alt.Chart(alt.Data(values=data)).encode(
        x=alt.X("year:Q", title="Year", axis=alt.Axis(format=".0f", tickMinStep=1)), color=_colour(models)
    )
    band = base.mark_area(opacity=0.18).encode(y=alt.Y("low:Q", title=unit), y2="high:Q")
    line = base.mark_line(strokeWidth=2).encode(y="mean:Q", strokeDash=_dash(models))
    wide, narrow = picture(alt.layer(band, line), f"{title}. {unit}.")
    ends = weeks.group_by("model", maintain_order=True).agg(
        pl.col("mean", "low", "high").filter(pl.col("year") > pl.col("year").max() - 1).mean()
    )
    rows = tuple(
        (row["model"], f"{row['mean']:,.1f} ({row['low']:,.1f} to {row['high']:,.1f})")
        for row in ends.iter_rows(named=True)
    )
    header = ("Model", f"Last year, {unit.lower()}: mean (90% range)")
    return Chart(key, title, wide, narrow, _legend(models, models, is_line=True), header, rows)


def differences_of(summary: Summary, names: Sequence[str], titles: dict[str, str]) -> list[Point]:
    """Points for the paired differences from the first model, one for each other model."""
    found = []
    for name in names:
        for model in summary.models[1:]:
            row = summary.row(name, model)
            values = (row["difference_mean"], row["difference_p05"], row["difference_p95"])
            found.append(Point(outcomes()[name].label, titles[model], *values))
    return found


def points_of(summary: Summary, names: Sequence[str], titles: dict[str, str], scale: float = 1.0) -> list[Point]:
    """Points for outcomes, one for each model."""
    found = []
    for name in names:
        for model in summary.models:
            row = summary.row(name, model)
            if row["mean"] is not None:
                values = (row["mean"] * scale, row["p05"] * scale, row["p95"] * scale)
                found.append(Point(outcomes()[name].label, titles[model], *values))
    return found


def _colour(models: Sequence[str]) -> alt.Color:
    return alt.Color("model:N", legend=None, scale=alt.Scale(domain=list(models), range=list(COLOURS[: len(models)])))


def _shape(models: Sequence[str]) -> alt.Shape:
    return alt.Shape("model:N", legend=None, scale=alt.Scale(domain=list(models), range=list(SHAPES[: len(models)])))


def _dash(models: Sequence[str]) -> alt.StrokeDash:
    return alt.StrokeDash(
        "model:N", legend=None, scale=alt.Scale(domain=list(models), range=list(DASHES[: len(models)]))
    )


def _legend(models: Sequence[str], shown: Sequence[str], is_line: bool) -> tuple[tuple[str, str, str], ...]:
    """What stands for which model: a sign that differs as well as a colour."""
    signs = LINE_SIGNS if is_line else SHAPE_SIGNS
    return tuple(
        (sign, colour, model) for model, sign, colour in zip(models, signs, COLOURS, strict=False) if model in shown
    )


def _cell(point: Point) -> str:
    return f"{point.mean:,.2f} ({point.low:,.2f} to {point.high:,.2f})"


def picture(chart: Any, label: str) -> tuple[str, str]:
    """A chart (single or layered) as SVG, wide and narrow, with what it shows in words for those who do not see it."""
    height = chart.height if isinstance(chart.height, int | float) else 280
    spec = _spec(chart)
    return _svg(spec, WIDE, int(height), label), _svg(spec, NARROW, int(height), label)


def _spec(layers: Any) -> dict[str, Any]:
    """A chart in our style, without its width and height: put together once for both, which takes longest."""
    chart = (
        layers.properties(autosize=alt.AutoSizeParams(type="fit-x", contains="padding"))
        .configure(font=FONT, background="transparent")
        .configure_axis(labelFontSize=13, titleFontSize=13, titleFontWeight="normal", gridColor="#e3e3e3")
        .configure_legend(orient="bottom", columns=1, labelLimit=LONGEST_LABEL, labelFontSize=11, titleFontSize=12)
        .configure_view(stroke=None)
    )
    spec: dict[str, Any] = chart.to_dict()
    return spec


def _svg(spec: dict[str, Any], width: int, height: int, label: str) -> str:
    svg: str = vl_convert.vegalite_to_svg(json.dumps({**spec, "width": width, "height": height}))
    open_tag, rest = svg.split(">", 1)
    return f'{open_tag} role="img" aria-label="{_attribute(label)}">{rest}'


def warm_up() -> None:
    """Start what draws pictures, which takes a second the first time, so that the first picture need not wait."""
    vl_convert.vegalite_to_svg(json.dumps({"data": {"values": []}, "mark": "point"}))


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")

"""Plain pictures for desk tools, drawn from a sheet's frame: bars in the order given, and lines over time.

Colours differ in lightness too, and lines in their dashes, so that they can be told apart in print.
"""

from collections.abc import Callable
from textwrap import wrap

import altair as alt
import polars as pl

COLOURS = ("#1b4f72", "#b9480e", "#4a7a1f", "#7a3e8e", "#5b5b5b", "#9a7d0a")
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 1], [1, 3])
BAR_HEIGHT, LINE_HEIGHT = 24, 12
LABEL_WIDTH = 22
MOST_BARS = 15


def bars(label: str, value: str, unit: str, most: int = MOST_BARS) -> Callable[[pl.DataFrame], alt.Chart]:
    """A bar for each of the first rows; `unit` titles the axis. Rows without a value are left out."""

    def draw(frame: pl.DataFrame) -> alt.Chart:
        rows = frame.select(pl.col(label).cast(pl.String), pl.col(value).cast(pl.Float64)).drop_nulls().head(most)
        data = [{"label": "\n".join(wrap(name, LABEL_WIDTH)), "value": amount} for name, amount in rows.iter_rows()]
        order = [row["label"] for row in data]
        deepest = max((name.count("\n") for name in order), default=0)
        axis = alt.Axis(labelExpr="split(datum.label, '\\n')", labelLimit=0, ticks=False)
        return (
            alt.Chart(alt.Data(values=data))
            .mark_bar(color=COLOURS[0], aria=False)
            .encode(
                y=alt.Y("label:N", sort=order, title=None, axis=axis),
                x=alt.X("value:Q", title=unit),
            )
            .properties(height=max(len(data), 1) * (BAR_HEIGHT + LINE_HEIGHT * deepest) + 40)
        )

    return draw


WHOLE = alt.Axis(format="d", tickMinStep=1)
"""Years are whole: without a least step they are drawn at halves and stand there twice."""
MONTHS_NAMED = 60


def _months(rows: pl.DataFrame) -> alt.Axis:
    """Years, or, where there are few, months with their years."""
    if rows["when"].n_unique() > MONTHS_NAMED:
        return alt.Axis(format="%Y")
    return alt.Axis(format="%b %Y", tickCount=4, labelOverlap=True)


def lines(when: str, value: str, unit: str, series: str = "") -> Callable[[pl.DataFrame], alt.Chart]:
    """A line over time, or one for each series (at most six); `when` is a column of dates or numbers."""

    def draw(frame: pl.DataFrame) -> alt.Chart:
        is_date = frame[when].dtype.is_temporal()
        rows = frame.select(
            pl.col(when).cast(pl.String if is_date else pl.Float64).alias("when"),
            pl.col(value).cast(pl.Float64).alias("value"),
            (pl.col(series).cast(pl.String) if series else pl.lit("")).alias("series"),
        ).drop_nulls()
        names = rows["series"].unique(maintain_order=True).to_list()[: len(COLOURS)]
        data = rows.filter(pl.col("series").is_in(names)).to_dicts()
        axis = alt.X("when:T", title=None, axis=_months(rows)) if is_date else alt.X("when:Q", title=None, axis=WHOLE)
        legend = alt.Legend(orient="top", title=None, labelFontSize=13, labelLimit=240, columns=2) if series else None
        domain, count = alt.Scale(domain=names, range=list(COLOURS[: len(names)])), len(names)
        dashes = alt.Scale(domain=names, range=list(DASHES[:count]))
        return (
            alt.Chart(alt.Data(values=data))
            .mark_line(strokeWidth=2, aria=False)
            .encode(
                x=axis,
                y=alt.Y("value:Q", title=unit),
                color=alt.Color("series:N", scale=domain, legend=legend),
                strokeDash=alt.StrokeDash("series:N", scale=dashes, legend=legend),
            )
        )

    return draw

"""Tables, pictures and sentences on where doubt comes from: draws enough, shares of variance, a tornado in words."""

import math
from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import polars as pl

from insource.appraise.precision import as_draws_grow, precision
from insource.appraise.sensitivity import FEWEST_DRAWS, Swing, shares_of_variance, swings_by_draws
from insource.desk.result import Chart, Column, Sheet
from insource.parameters import parameters
from insource.units import show

MILLION = 1_000_000
MOST = 12
MOST_TOLD = 4
ROW_HEIGHT = 30
"""Pixels of a picture for each bar."""
ERRORS = 2.0
"""Standard errors either way that a picture shows."""
Drawn = Mapping[str, np.ndarray]
Others = Sequence[tuple[int, str]]
"""Every model but the first: its number and title."""


def others(titles: Mapping[str, str]) -> Others:
    """The models that are set against the first."""
    return list(enumerate(titles.values()))[1:]


def enough_sheet(benefit: np.ndarray, titles: Mapping[str, str]) -> Sheet:
    """For each model how far the mean and the share of draws could move, and how many draws would settle them."""
    rows = []
    for number, title in others(titles):
        one = precision(benefit[:, number])
        needed = one.sign.draws_for_sign
        row = (title, one.sign.draws, one.sign.mean, one.sign.error, needed if math.isfinite(needed) else None)
        rows.append((*row, one.share, one.share_error, one.share_low, one.share_high, one.draws_for_share))
    columns = {
        "model": Column("Model"),
        "draws": Column("Draws there are", "", "number"),
        "mean": Column("Net benefit (mean)", "pounds", "pounds"),
        "error": Column("Standard error of the mean", "pounds", "pounds"),
        "for_sign": Column("Draws that would settle its sign", "draws", "number"),
        "share": Column("Worth it", "share of draws", "share"),
        "share_error": Column("Standard error of the share", "", "share"),
        "share_low": Column("Share: low end", "95% interval", "share"),
        "share_high": Column("Share: high end", "95% interval", "share"),
        "for_share": Column("Draws that would settle the share to 5 points", "draws", "number"),
    }
    schema = {name: pl.String if name == "model" else pl.Float64 for name in columns}
    frame = pl.DataFrame([tuple(_float(cell) for cell in row) for row in rows], schema=schema, orient="row")
    note = (
        "What more draws could still change. They do nothing about what is not known: doubt about parameters stays "
        "however many draws there are."
    )
    return Sheet("draws enough", "Were there draws enough?", frame, columns, note)


def _float(cell: object) -> object:
    return float(cell) if isinstance(cell, int | float) else cell


def growth_sheet(benefit: np.ndarray, titles: Mapping[str, str]) -> Sheet:
    """The same after ever more of the draws."""
    rows = [(title, *row) for number, title in others(titles) for row in as_draws_grow(benefit[:, number])]
    frame = pl.DataFrame(rows, schema=["model", "draws", "mean", "error", "share"], orient="row")
    columns = {
        "model": Column("Model"),
        "draws": Column("After so many draws", "draws", "number"),
        "mean": Column("Net benefit (mean)", "pounds", "pounds"),
        "error": Column("Standard error of the mean", "pounds", "pounds"),
        "share": Column("Worth it", "share of draws", "share"),
    }
    return Sheet("as draws grow", "The headline after ever more draws", frame, columns)


def shares_sheet(benefit: np.ndarray, titles: Mapping[str, str], drawn: Drawn, seed: int) -> Sheet:
    """The share of the variance of each model's net benefit that goes with one parameter alone."""
    known = parameters()
    rows = []
    for number, title in others(titles):
        for one in shares_of_variance(benefit[:, number], drawn, seed)[:MOST]:
            if one.parameter in known and one.share > 0.0:
                seen = "yes" if one.is_seen else "could be luck"
                what = known[one.parameter].what
                rows.append((title, one.parameter, what, one.share, one.error, one.noise, seen))
    columns = {
        "model": Column("Model"),
        "parameter": Column("Parameter"),
        "what": Column("What it is"),
        "share": Column("Share of variance that goes with it alone", "first order", "share"),
        "error": Column("Standard error of that", "", "share"),
        "noise": Column("What luck gives the luckiest of a thousand", "noise level", "share"),
        "seen": Column("Stands out"),
    }
    texts = ("model", "parameter", "what", "seen")
    schema = {name: pl.String if name in texts else pl.Float64 for name in columns}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    note = (
        f"By RBD-FAST (SALib) on the draws of the run. It needs {FEWEST_DRAWS} draws at least, and hundreds to "
        "see small shares: 'insource doubt' makes a design of its own for the strongest."
    )
    return Sheet("shares of variance", "Which doubts make the difference so doubtful", frame, columns, note)


def tornado_of(benefit: np.ndarray, drawn: Drawn, tried: Sequence[Swing] = ()) -> list[Swing]:
    """One model's swings: those tried on purpose where there are any, else read off the draws; those seen first."""
    swings = list(tried) or swings_by_draws(benefit, drawn)
    kept = [one for one in swings if one.parameter in parameters() and one.is_seen]
    return sorted(kept, key=lambda one: (-abs(one.size), one.parameter))[:MOST]


def tornado_sheet(tornadoes: Mapping[str, Sequence[Swing]], first: str) -> Sheet:
    """Every swing as a row and as a sentence. `tornadoes`: by the title of each model against the first."""
    rows = [
        (
            title,
            one.parameter,
            one.low,
            one.high,
            one.at_low,
            one.at_high,
            one.size,
            one.error,
            "yes" if one.turns else "",
            "tried" if one.is_tried else "read off the draws",
            in_words(one, title, first),
            one.low_error,
            one.high_error,
        )
        for title, found in tornadoes.items()
        for one in found
    ]
    columns = {
        "model": Column("Model"),
        "parameter": Column("Parameter"),
        "low": Column("Low", "at or below", "number"),
        "high": Column("High", "at or above", "number"),
        "at_low": Column("Net benefit where it is low", "pounds", "pounds"),
        "at_high": Column("Net benefit where it is high", "pounds", "pounds"),
        "size": Column("Swing", "pounds", "pounds"),
        "error": Column("Standard error of the swing", "pounds", "pounds"),
        "turns": Column("Turns the answer"),
        "how": Column("How it was found"),
        "words": Column("In words"),
    }
    texts = ("model", "parameter", "turns", "how", "words")
    schema = {name: pl.String if name in texts else pl.Float64 for name in (*columns, "low_error", "high_error")}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    note = (
        "Read off the draws: means over the draws in the lowest and the highest third of what is believed of it, all "
        "else as it fell. Tried: the same draws with it set to the value below which one in twenty (nineteen in "
        "twenty) is believed to lie. Only swings that are larger than luck would give the luckiest are listed."
    )
    return Sheet("tornado", "What moves the answer most, in words", frame, columns, note)


def in_words(swing: Swing, title: str, first: str) -> str:
    """A sentence on one swing."""
    one = parameters()[swing.parameter]
    what = one.what.rstrip(".").split(" (")[0]
    ends = (f"{words} ({show(value, one.unit)})" for words, value in (("low", swing.low), ("high", swing.high)))
    low, high = (
        f"{_worth(mean)} where that is {end}" for end, mean in zip(ends, (swing.at_low, swing.at_high), strict=True)
    )
    turn = " Which is right decides which of the two is the better." if swing.turns else ""
    return f"{what}: set against '{first}', '{title}' is worth {low}, and {high}.{turn}"


def _worth(mean: float) -> str:
    return f"{abs(mean) / MILLION:,.2f} million pounds {'more' if mean > 0 else 'less'}"


def tornado_sentences(tornadoes: Mapping[str, Sequence[Swing]], first: str) -> list[str]:
    """One sentence for each model: what moves it most, and whether anything turns it."""
    said = []
    for title, found in tornadoes.items():
        if not found:
            said.append(f"No single assumption moves the net benefit of '{title}' by more than luck would.")
            continue
        turning = [one.parameter for one in found if one.turns]
        names = ", ".join(one.parameter for one in found[:MOST_TOLD])
        turns = f"the answer turns on {', '.join(turning[:MOST_TOLD])}" if turning else "none of them turns the answer"
        said.append(f"What moves '{title}' against '{first}' most: {names}; by itself {turns}.")
        said.append(in_words(found[0], title, first))
    return said


def tornado_chart(title: str) -> Chart:
    """Bars from low to high for one model, the widest at the top."""

    def draw(frame: pl.DataFrame) -> alt.LayerChart:
        amounts = ("at_low", "at_high", "low_error", "high_error")
        rows = frame.filter(pl.col("model") == title).select(
            "parameter", *(pl.col(name).fill_nan(0.0) / MILLION for name in amounts)
        )
        order = rows["parameter"].to_list()
        data = alt.Data(values=rows.to_dicts())
        axis = alt.Y("parameter:N", sort=order, title="", axis=alt.Axis(labelLimit=260))
        bars = (
            alt.Chart(data)
            .mark_bar(height=6, color="#9aa7b1")
            .encode(
                x=alt.X("at_low:Q", title=["Net benefit against the first,", "million pounds"]), x2="at_high:Q", y=axis
            )
        )
        ends = [
            {
                "parameter": row["parameter"],
                "where": word,
                "net": row[f"at_{word}"],
                "from": row[f"at_{word}"] - ERRORS * row[f"{word}_error"],
                "to": row[f"at_{word}"] + ERRORS * row[f"{word}_error"],
            }
            for row in rows.to_dicts()
            for word in ("low", "high")
        ]
        of_ends = alt.Chart(alt.Data(values=ends)).encode(y=alt.Y("parameter:N", sort=order))
        spread = of_ends.mark_rule(color="#111").encode(x="from:Q", x2="to:Q")
        marks = of_ends.mark_point(filled=True, size=80).encode(
            x="net:Q",
            shape=alt.Shape("where:N", title="Where it is"),
            color=alt.Color("where:N", title="Where it is"),
        )
        zero = alt.Chart(alt.Data(values=[{"zero": 0}])).mark_rule(color="#888", strokeDash=[2, 2]).encode(x="zero:Q")
        layers: alt.LayerChart = alt.layer(bars, marks, spread, zero)  # type: ignore[assignment]
        return layers.properties(height=ROW_HEIGHT * len(order) + ROW_HEIGHT)

    text = (
        "Each bar goes from where the parameter is low to where it is high; one over the dashed line turns the answer. "
        "The thin lines are two standard errors of each end either way."
    )
    return Chart(f"What moves the answer most: {title}", draw, text, text, "tornado")

"""The pictures of a tender: who wins at which weight, what an hour costs, how often a low bid wins."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import altair as alt
import polars as pl

from insource.desk.drawing import BAR_HEIGHT, COLOURS, DASHES
from insource.desk.result import Chart, Spec
from insource.desk.tender.after import LotResult
from insource.desk.tender.before import WEIGHTS_TRIED
from insource.desk.tender.cost_sheets import COST_SHEET, PARTS, stacked
from insource.desk.tender.scoring import FORMULA_WORDS, WEIGHTED, WEIGHTS, ranges
from insource.desk.tender.should_cost import ShouldCost

MOST_LOTS = 3
ROWS_HEIGHT = 3 * 44
HALF = 0.5
SHORT = {"against_lowest": "against lowest", "within_range": "within range", "against_mean": "against mean"}
NAMES = tuple(dict.fromkeys(PARTS.values()))
SHADES = (
    *("#1b4f72", "#3f7fa6", "#8fb8d1", "#c4d9e6", "#4a7a1f", "#8fb36b"),
    *("#c9dbb5", "#7a3e8e", "#b9480e", "#f0b27a"),
)


def by_weight(result: LotResult) -> Chart:
    """Bands: the winner at each weight of price, a row for each formula."""
    winners = {f: [result.name(one.winner) for one in result.formulas[f].by_weight] for f in WEIGHTED}
    names = list(dict.fromkeys(name for row in winners.values() for name in row))
    count = f"{len(names)} bids could win, by the weight of price"
    title = f"{result.lot.name}: {'one bid wins at every weight' if len(names) == 1 else count}"
    caption = "The dashed line is the weight of this tender. Colours change where the winner does."
    said = "; ".join(f"{FORMULA_WORDS[formula]}: {ranges(row)}" for formula, row in winners.items())

    def draw(_: pl.DataFrame) -> Spec:
        rows = [band for formula, row in winners.items() for band in _bands(formula, row)]
        shades = [COLOURS[number % len(COLOURS)] for number in range(len(names))]
        legend = alt.Legend(orient="top", title=None, labelLimit=240, columns=1, labelFontSize=13)
        order = [SHORT[formula] for formula in WEIGHTED]
        bars = (
            alt.Chart(alt.Data(values=rows))
            .mark_bar(aria=False, size=BAR_HEIGHT, stroke="white")
            .encode(
                y=alt.Y("formula:N", sort=order, title=None, axis=alt.Axis(labelLimit=170)),
                x=alt.X("from:Q", title="weight of price (%)", scale=alt.Scale(domain=[0, 100])),
                x2="to:Q",
                color=alt.Color("winner:N", scale=alt.Scale(domain=names, range=shades), legend=legend),
            )
        )
        return _with_rules(bars, [100 * result.rule.price_weight])

    return Chart(title, draw, caption, f"Who wins at which weight of price. {said}.", sheet="Weights")


def _bands(formula: str, winners: Sequence[str]) -> list[dict[str, object]]:
    """Each run of weights with one winner; a weight stands for the point above it, so that bands meet."""
    starts = [number for number in range(len(winners)) if number == 0 or winners[number] != winners[number - 1]]
    ends = [*starts[1:], len(WEIGHTS) - 1]
    pairs = zip(starts, ends, strict=True)
    return [{"formula": SHORT[formula], "winner": winners[a], "from": a, "to": b} for a, b in pairs]


def _with_rules(bars: Any, places: Sequence[float]) -> Spec:
    """The bars with dashed lines at these places."""
    marks = alt.Chart(alt.Data(values=[{"at": place} for place in places])).mark_rule(
        color="black", strokeDash=[4, 2], aria=False
    )
    layers: Any = alt.layer(bars, marks.encode(x="at:Q"))
    return cast(Spec, layers.properties(height=ROWS_HEIGHT))


def cost_of_an_hour(built: ShouldCost, results: Sequence[LotResult]) -> Chart:
    """Stacked lines of the should-cost, with the lowest and the highest price bid."""
    prices = [float(price) for result in results if result.lot.is_hourly for price in result.lot.all_prices()]
    ends = [min(prices), max(prices)] if prices else []
    said = f" Dashed lines: the lowest (£{ends[0]:.2f}) and the highest price bid (£{ends[1]:.2f})." if ends else ""
    title = (
        f"An hour of care costs £{built.floor:.2f} in care workers alone, £{built.price():.2f} in all, at the "
        f"legal minimum"
    )
    totals = "; ".join(
        f"{name.replace('_', ' ')}: care workers £{lines['care_worker_costs']:.2f}, price £{lines['price']:.2f}"
        for name, lines in built.lines.items()
    )

    def draw(_: pl.DataFrame) -> Spec:
        scale = alt.Scale(domain=list(NAMES), range=list(SHADES))
        legend = alt.Legend(orient="bottom", title=None, columns=1, labelLimit=260, labelFontSize=13)
        bars = (
            alt.Chart(alt.Data(values=stacked(built)))
            .mark_bar(aria=False, size=BAR_HEIGHT)
            .encode(
                y=alt.Y("arrangement:N", sort=None, title=None, axis=alt.Axis(labelLimit=170)),
                x=alt.X("pounds:Q", title="£ an hour of care", stack="zero"),
                order=alt.Order("place:Q"),
                color=alt.Color("part:N", scale=scale, legend=legend),
            )
            .transform_calculate(place=f"indexof({list(NAMES)!r}, datum.part)")
        )
        return _with_rules(bars, ends)

    return Chart(title, draw, f"Lines of the should-cost.{said}", f"{totals}.{said}", sheet=COST_SHEET)


def low_bid_by_weight(found: Mapping[str, Sequence[float]], low_bid: float) -> Chart:
    """How often the low bid wins at each weight of price, a line for each formula."""
    first = {
        formula: next((weight for weight, share in zip(WEIGHTS_TRIED, shares, strict=True) if share >= HALF), None)
        for formula, shares in found.items()
    }
    said = "; ".join(
        f"{FORMULA_WORDS[formula]}: " + ("never half of tenders" if at is None else f"half of tenders from {at:.0%}")
        for formula, at in first.items()
    )
    title = f"A bid at £{low_bid:.2f} wins more often the more price counts"
    caption = "One bid's price is cut to this; its marks stay as they were. Others are honest."

    def draw(_: pl.DataFrame) -> Spec:
        rows = [
            {"weight": 100.0 * float(weight), "share": 100.0 * share, "formula": SHORT[formula]}
            for formula, shares in found.items()
            for weight, share in zip(WEIGHTS_TRIED, shares, strict=True)
        ]
        names = [SHORT[formula] for formula in found]
        legend = alt.Legend(orient="top", title="price", labelFontSize=13, columns=1)
        shades = alt.Scale(domain=names, range=list(COLOURS[: len(names)]))
        dashes = alt.Scale(domain=names, range=list(DASHES[: len(names)]))
        return (
            alt.Chart(alt.Data(values=rows))
            .mark_line(strokeWidth=2, aria=False)
            .encode(
                x=alt.X("weight:Q", title="weight of price (%)"),
                y=alt.Y("share:Q", title="tenders won by the low bid (%)", scale=alt.Scale(domain=[0, 100])),
                color=alt.Color("formula:N", scale=shades, legend=legend),
                strokeDash=alt.StrokeDash("formula:N", scale=dashes, legend=legend),
            )
        )

    return Chart(title, draw, caption, f"How often the low bid wins by the weight of price. {said}.", sheet="Trials")


def of_after(built: ShouldCost, results: Sequence[LotResult]) -> tuple[Chart, ...]:
    """Pictures once bids are in."""
    scored = [result for result in results if len(result.lot.bids) > 1]
    return (*(by_weight(result) for result in scored[:MOST_LOTS]), cost_of_an_hour(built, results))

"""The pictures of a tender: who wins at which weight, what an hour costs, how often a low bid wins."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from insource.desk.drawing import BAR_HEIGHT, COLOURS, DASHES
from insource.desk.result import Chart
from insource.desk.tender.after import LotResult
from insource.desk.tender.before import WEIGHTS_TRIED
from insource.desk.tender.cost_sheets import stacked
from insource.desk.tender.scoring import FORMULA_WORDS, WEIGHTED, WEIGHTS, ranges
from insource.desk.tender.should_cost import ShouldCost

MOST_LOTS = 3
SHORT = {"against_lowest": "against lowest", "within_range": "within range", "against_mean": "against mean"}
PARTS = (
    *("Direct care", "Travel time", "Additional non-contact pay", "Training, sick pay and other", "Holiday"),
    *("Employer's National Insurance", "Employer's pension contribution", "Mileage"),
    *("Total business costs", "Return on operations"),
)
SHADES = (
    *("#1b4f72", "#3f7fa6", "#8fb8d1", "#c4d9e6", "#4a7a1f", "#8fb36b"),
    *("#c9dbb5", "#7a3e8e", "#b9480e", "#f0b27a"),
)


def by_weight(result: LotResult) -> Chart:
    """Bands: the winner at each weight of price, a row for each formula."""
    names = list(dict.fromkeys(result.name(one.winner) for f in WEIGHTED for one in result.formulas[f].by_weight))
    rows = []
    for formula in WEIGHTED:
        winners = [result.name(one.winner) for one in result.formulas[formula].by_weight]
        starts = [n for n in range(len(winners)) if n == 0 or winners[n] != winners[n - 1]]
        for start, end in zip(starts, [*starts[1:], len(WEIGHTS)], strict=True):
            # a weight stands for the point above it, so that bands meet
            band = {"formula": SHORT[formula], "winner": winners[start], "from": start, "to": min(end, 100)}
            rows.append(band)
    scale = alt.Scale(domain=names, range=[COLOURS[n % len(COLOURS)] for n in range(len(names))])
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("formula:N", sort=[SHORT[f] for f in WEIGHTED], title=None, axis=alt.Axis(labelLimit=170)),
    )
    bands = base.mark_bar(aria=False, size=BAR_HEIGHT, stroke="white").encode(
        x=alt.X("from:Q", title="weight of price (%)", scale=alt.Scale(domain=[0, 100])),
        x2="to:Q",
        color=alt.Color(
            "winner:N",
            scale=scale,
            legend=alt.Legend(orient="top", title=None, labelLimit=240, columns=1, labelFontSize=13),
        ),
    )
    stated = alt.Chart(alt.Data(values=[{"at": 100 * result.rule.price_weight}])).mark_rule(
        color="black", strokeDash=[4, 2], aria=False
    )
    spec: Any = alt.layer(bands, stated.encode(x="at:Q")).properties(height=3 * 44)
    said = "; ".join(
        f"{FORMULA_WORDS[f]}: {ranges([result.name(one.winner) for one in result.formulas[f].by_weight])}"
        for f in WEIGHTED
    )
    count = len(names)
    title = (
        f"{result.lot.name}: "
        f"{'one bid wins at every weight' if count == 1 else f'{count} bids could win, by the weight of price'}"
    )
    caption = "The dashed line is the weight of this tender. Colours change where the winner does."
    return Chart(title, spec, caption, f"Who wins at which weight of price. {said}.")


def cost_of_an_hour(built: ShouldCost, results: Sequence[LotResult]) -> Chart:
    """Stacked lines of the should-cost, with the lowest and the highest price bid."""
    values = stacked(built)
    bars = (
        alt.Chart(alt.Data(values=values))
        .mark_bar(aria=False, size=BAR_HEIGHT)
        .encode(
            y=alt.Y("arrangement:N", sort=None, title=None, axis=alt.Axis(labelLimit=170)),
            x=alt.X("pounds:Q", title="£ an hour of care", stack="zero"),
            order=alt.Order("place:Q"),
            color=alt.Color(
                "part:N",
                scale=alt.Scale(domain=list(PARTS), range=list(SHADES)),
                legend=alt.Legend(orient="bottom", title=None, columns=1, labelLimit=260, labelFontSize=13),
            ),
        )
        .transform_calculate(place=f"indexof({list(PARTS)!r}, datum.part)")
    )
    prices = [float(price) for result in results if result.lot.is_hourly for price in result.lot.all_prices()]
    layers: Any = bars
    said = ""
    if prices:
        marks = [{"at": min(prices)}, {"at": max(prices)}]
        rule = (
            alt.Chart(alt.Data(values=marks)).mark_rule(color="black", strokeDash=[4, 2], aria=False).encode(x="at:Q")
        )
        layers = alt.layer(bars, rule)
        said = f" Dashed lines: the lowest (£{min(prices):.2f}) and the highest price bid (£{max(prices):.2f})."
    title = (
        f"An hour of care costs £{built.floor:.2f} in care workers alone, £{built.price():.2f} in all, at the "
        f"legal minimum"
    )
    totals = "; ".join(
        f"{name.replace('_', ' ')}: care workers £{lines['care_worker_costs']:.2f}, price £{lines['price']:.2f}"
        for name, lines in built.lines.items()
    )
    return Chart(title, layers.properties(height=3 * 44), f"Lines of the should-cost.{said}", f"{totals}.{said}")


def low_bid_by_weight(found: Mapping[str, Sequence[float]], low_bid: float) -> Chart:
    """How often the low bid wins at each weight of price, a line for each formula."""
    names = [FORMULA_WORDS[formula] for formula in found]
    rows = [
        {"weight": 100.0 * float(weight), "share": 100.0 * share, "formula": FORMULA_WORDS[formula]}
        for formula, shares in found.items()
        for weight, share in zip(WEIGHTS_TRIED, shares, strict=True)
    ]
    scale = alt.Scale(domain=names, range=list(COLOURS[: len(names)]))
    dashes = alt.Scale(domain=names, range=list(DASHES[: len(names)]))
    legend = alt.Legend(orient="top", title=None, labelLimit=260, columns=1, labelFontSize=13)
    spec = (
        alt.Chart(alt.Data(values=rows))
        .mark_line(strokeWidth=2, aria=False)
        .encode(
            x=alt.X("weight:Q", title="weight of price (%)"),
            y=alt.Y("share:Q", title="tenders won by the low bid (%)", scale=alt.Scale(domain=[0, 100])),
            color=alt.Color("formula:N", scale=scale, legend=legend),
            strokeDash=alt.StrokeDash("formula:N", scale=dashes, legend=legend),
        )
    )
    half = {
        f: next((w for w, s in zip(WEIGHTS_TRIED, shares, strict=True) if s >= 0.5), None)
        for f, shares in found.items()
    }
    said = "; ".join(
        f"{FORMULA_WORDS[f]}: " + ("never half of tenders" if w is None else f"half of tenders from {w:.0%}")
        for f, w in half.items()
    )
    title = f"A bid at £{low_bid:.2f} wins more often the more price counts"
    caption = "One bid's price is cut to this; its marks stay as they were. Others are honest."
    return Chart(title, spec, caption, f"How often the low bid wins by the weight of price. {said}.")


def of_after(built: ShouldCost, results: Sequence[LotResult]) -> tuple[Chart, ...]:
    """Pictures once bids are in."""
    scored = [result for result in results if len(result.lot.bids) > 1]
    return (*(by_weight(result) for result in scored[:MOST_LOTS]), cost_of_an_hour(built, results))

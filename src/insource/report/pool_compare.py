"""What pooling saves, as a result: travel, paid time, visits not made, care held; whichever way it falls."""

from collections.abc import Sequence

import altair as alt
import polars as pl

from insource.desk.result import Chart, Column, Result, Setting, Sheet
from insource.planner.arrangements import POOL, SIDE_BY_SIDE, ZONES, RootLaw, Tried
from insource.planner.held import PACKAGES, Held
from insource.planner.numbers import defaults
from insource.planner.team import Team

USED = ("need_variation", "need_correlation", "away_share", "car_kmh", "car_fixed_minutes", "new_face_price")
CLOSE = 0.02
"""Differences smaller than this share are called none: the search itself leaves as much."""
METHOD = (
    "The same people, visits and carers are planned under each arrangement, with the same moves for "
    "each visit of a carer.",
    "Zones are cut from the map with equal care; providers side by side get people by chance; carers are dealt out in "
    "proportion to care. Each part makes its own roster with the same solver.",
    "Travel law: minutes for each visit = fixed + slope x square root of providers side by side, fitted to what "
    "was solved.",
    "Care held: M + z sqrt(V) for each group that shares hours; checked by drawing weeks.",
)

ENOUGH_DAYS = 5
TOO_SOON = (
    "Not yet to be quoted: {days} day(s) solved. Differences of some per cent come and go with the day, and a search "
    "cut short costs one large pool more than small teams: solve a week (--days 7), and see whether twice the --moves "
    "change the order."
)


def compare_result(team: Team, tried: Sequence[Tried], law: RootLaw | None, held: Sequence[Held], days: int) -> Result:
    """The comparison with its tables and pictures."""
    frame = _frame(tried)
    settings = tuple(Setting(name, team.rules[name], defaults()[name].unit, team.rules.source(name)) for name in USED)
    charts = [_travel_chart()] if len(tried) > 2 else []
    return Result(
        tool="pool_compare",
        title=f"What pooling saves: team {team.name}",
        question="The same people, visits and carers: as one pool, in zones, with providers side by side, by package.",
        summary=(*_said(tried, law, held), *([] if days >= ENOUGH_DAYS else [TOO_SOON.format(days=days)])),
        sheets=(_sheet(frame), _held_sheet(held)),
        charts=(*charts, _held_chart()),
        settings=settings,
        method=METHOD,
        exclusions=(
            "Pay, prices, management and who owns whom: an arrangement is who may go to whom, and nothing else.",
            "What competition or choice does; how well a small team knows its people beyond the faces counted.",
            "Disturbance: how many visits change hands when somebody falls ill.",
        ),
        assumptions=(
            f"{days} day(s) solved; more days and other seeds move small differences.",
            "All arrangements have the same carers. A provider would hire to fit its own people, which would ease what "
            "skills and gender cost small teams.",
            "Visits not made differ between arrangements, so travel is of those that are made.",
        ),
    )


def _frame(tried: Sequence[Tried]) -> pl.DataFrame:
    pool = tried[0].figures
    rows = [
        {
            "arrangement": one.arrangement.name,
            "parts": one.arrangement.parts,
            "travel": one.figures["travel_a_leg"],
            "travel_more": one.figures["travel_a_leg"] / pool["travel_a_leg"] - 1,
            "paid": one.figures["paid_per_care_minute"],
            "paid_more": one.figures["paid_per_care_minute"] / pool["paid_per_care_minute"] - 1,
            "duty": one.figures["on_duty_per_care_minute"],
            "idle": (one.figures["wait"] + one.figures["gap"]) / max(one.figures["legs"], 1),
            "unserved": one.figures["unserved_share"],
            "faces": one.figures["faces_a_person"],
        }
        for one in tried
    ]
    return pl.DataFrame(rows)


def _said(tried: Sequence[Tried], law: RootLaw | None, held: Sequence[Held]) -> list[str]:
    """The findings, in whichever direction they point."""
    pool = tried[0].figures
    out = []
    for name, plural in ((ZONES, "Zones"), (SIDE_BY_SIDE, "Providers side by side")):
        some = [one for one in tried if one.arrangement.name == name]
        if some:
            travel = [one.figures["travel_a_leg"] / pool["travel_a_leg"] - 1 for one in some]
            paid = [one.figures["paid_per_care_minute"] / pool["paid_per_care_minute"] - 1 for one in some]
            lost = [one.figures["unserved_share"] - pool["unserved_share"] for one in some]
            parts = " to ".join(
                f"{number}" for number in sorted({one.arrangement.parts for one in (some[0], some[-1])})
            )
            out.append(
                f"{plural} ({parts}): travel for each visit {_span(travel)} beside one pool, paid time for each minute "
                f"of care {_span(paid)}, visits not made {_points(lost)}."
            )
    if law is not None and law.slope > 0:
        out.append(
            f"Travel with k providers side by side is {law.fixed:.1f} + {law.slope:.1f} x square root of k minutes for "
            f"each visit (no further off than {100 * law.worst:.0f}%)."
        )
    packages = next(one for one in held if one.name == PACKAGES)
    one_pool = next(one for one in held if one.name == POOL)
    others = [one for one in held if one.name == SIDE_BY_SIDE]
    out.append(
        f"To cover need in 95% of weeks, packages that each hold their own peak hold {packages.by_formula:.2f} times "
        f"mean need, one pool {one_pool.by_formula:.2f}"
        + (
            f", {others[-1].groups} providers that share hours within their own book {others[-1].by_formula:.2f}."
            if others
            else "."
        )
    )
    if others:
        whole = packages.by_formula - one_pool.by_formula
        share = (packages.by_formula - others[-1].by_formula) / whole if whole > 0 else 0.0
        out.append(
            f"So {100 * share:.0f}% of what a pool saves on packages is had by any provider that may move hours "
            "between its people: that part is about rigid packages and not about who provides."
        )
    return out


def _span(shares: Sequence[float]) -> str:
    low, high = min(shares), max(shares)
    if max(abs(low), abs(high)) < CLOSE:
        return "about the same"
    return f"{100 * low:+.0f}%" if round(100 * low) == round(100 * high) else f"{100 * low:+.0f}% to {100 * high:+.0f}%"


def _points(shares: Sequence[float]) -> str:
    low, high = 100 * min(shares), 100 * max(shares)
    return f"{low:+.1f} points" if round(low, 1) == round(high, 1) else f"{low:+.1f} to {high:+.1f} points"


def _sheet(frame: pl.DataFrame) -> Sheet:
    columns = {
        "arrangement": Column("Arrangement"),
        "parts": Column("Parts", "", "count"),
        "travel": Column("Travel for each visit of a carer", "minutes", "number"),
        "travel_more": Column("More than one pool", "", "share"),
        "paid": Column("Care, travel and short waits for each minute of care", "minutes", "number"),
        "paid_more": Column("More paid time than one pool", "", "share"),
        "duty": Column("On duty for each minute of care", "minutes", "number"),
        "idle": Column("Waiting and gaps for each visit of a carer", "minutes", "number"),
        "unserved": Column("Visits not made", "", "share"),
        "faces": Column("Carers a person sees in these days", "", "number"),
    }
    return Sheet("arrangements", "The same work under each arrangement", frame, columns)


def _held_sheet(held: Sequence[Held]) -> Sheet:
    frame = pl.DataFrame(
        {
            "arrangement": [_named(one) for one in held],
            "groups": [one.groups for one in held],
            "formula": [one.by_formula for one in held],
            "drawing": [one.by_drawing for one in held],
            "unmet": [one.unmet_share for one in held],
        }
    )
    columns = {
        "arrangement": Column("Hours are shared within"),
        "groups": Column("Groups", "", "count"),
        "formula": Column("Held for 95% of weeks, over mean need", "", "number"),
        "drawing": Column("The same by drawing weeks", "", "number"),
        "unmet": Column("Need unmet if just the mean is held", "", "share"),
    }
    note = "What one group has to spare another may not use: that is what holding its own peak costs."
    return Sheet("care_held", "Care that must be held", frame, columns, note)


def _named(one: Held) -> str:
    return one.name if one.groups == 1 or one.name == PACKAGES else f"{one.groups} {one.name}"


def _travel_chart() -> Chart:
    def draw(frame: pl.DataFrame) -> alt.Chart:
        shown = frame.filter(pl.col("arrangement") != POOL)
        pools = pl.concat(
            [
                frame.filter(pl.col("arrangement") == POOL).with_columns(pl.lit(name).alias("arrangement"))
                for name in shown["arrangement"].unique()
            ]
        )
        return (
            alt.Chart(pl.concat([shown, pools]), height=260)
            .mark_line(point=True)
            .encode(
                x=alt.X("parts:Q", title="Parts (1 is the pool)", axis=alt.Axis(format="d", tickMinStep=1)),
                y=alt.Y("travel:Q", title="Minutes of travel for each visit"),
                color=alt.Color(
                    "arrangement:N",
                    title="",
                    legend=alt.Legend(orient="top"),
                    scale=alt.Scale(range=["#8a2d0b", "#14507a"]),
                ),
                strokeDash=alt.StrokeDash("arrangement:N", legend=None),
                shape=alt.Shape("arrangement:N", legend=None),
            )
        )

    return Chart(
        "Travel by the number of parts",
        draw,
        "Brown, whole line: providers side by side over the same streets. Blue, dashed: zones of their own.",
        "Minutes of travel for each visit by the number of zones, and by the number of providers side by side.",
        sheet="arrangements",
    )


def _held_chart() -> Chart:
    def draw(frame: pl.DataFrame) -> alt.Chart:
        return (
            alt.Chart(frame, height=max(28 * frame.height, 120))
            .mark_bar(color="#14507a")
            .encode(
                y=alt.Y("arrangement:N", title="", sort=None, axis=alt.Axis(labelLimit=260)),
                x=alt.X("formula:Q", title="Held over mean need"),
            )
        )

    return Chart(
        "What must be held where hours are not shared",
        draw,
        "1 is mean need. Packages that may lend nothing hold their own peaks.",
        "Bars of care held over mean need by arrangement.",
        sheet="care_held",
    )

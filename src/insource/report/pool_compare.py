"""What pooling saves, as a result: travel, paid time, visits not made, care held; whichever way it falls."""

from collections.abc import Sequence

import altair as alt
import polars as pl

from insource.desk.result import Chart, Column, Result, Sheet
from insource.planner.arrangements import AS_NOW, POOL, SIDE_BY_SIDE, ZONES
from insource.planner.compared import EFFORT, RootLaw, Tried, beside
from insource.planner.disturbed import LONGER_MINUTES, Disturbed
from insource.planner.held import PACKAGES, Held
from insource.planner.packages import OnTheRound
from insource.planner.team import Team
from insource.report.pool_compare_words import called, findings
from insource.report.pool_page import option_used, rules_used

USED = ("need_variation", "need_correlation", "away_share", "car_kmh", "car_fixed_minutes", "new_face_price")
LINES = {SIDE_BY_SIDE: "#8a2d0b", ZONES: "#14507a", AS_NOW: "#4d4d4d"}
DASHED = {SIDE_BY_SIDE: [1, 0], ZONES: [6, 3], AS_NOW: [2, 2]}
SURE = (("travel for each visit", "travel_a_leg"), ("paid time", "paid_per_care_minute"), ("price", "price_a_leg"))
METHOD = (
    "The same people, visits and carers are planned under each arrangement. A part gets moves for each visit in "
    "proportion to its size: in a larger team each visit can go to more carers, and the search needs them to end.",
    "Zones are cut from the map with equal care; providers side by side get people by chance; as it is now follows the "
    "provider and area that stand with each person. Carers are dealt out in proportion to care, near their zone.",
    "Each part makes its own roster with the same solver. One pool is rostered in the patches of the first zones, as "
    "home care is run; anybody may still go anywhere. A roster that is blind to where carers live costs travel.",
    "Give or take: Student's interval from how the difference varies between days. A quarter of the search: all "
    "solved again with a quarter of the moves and other luck.",
    "Travel law: minutes for each visit = fixed + slope x square root of providers side by side, fitted to what "
    "was solved.",
    "Changes: on the first day one carer after another is ill, and one visit after another takes longer; what was "
    "published is mended with the prices of changes. The same carers and visits in all arrangements.",
    "Care held: M + z sqrt(V) for each group that shares hours; checked by drawing weeks.",
    "Packages on the round: need is drawn for each day; rounds of one pool for that need, and for orders that stay as "
    "they are (nobody gets more than was ordered, nor more than they need), for the same people by the same carers.",
)


def compare_result(
    team: Team,
    tried: Sequence[Tried],
    law: RootLaw | None,
    held: Sequence[Held],
    ill: Sequence[Disturbed],
    longer: Sequence[Disturbed],
    rounds: Sequence[OnTheRound],
    effort: int,
) -> Result:
    """The comparison with its tables and pictures."""
    days = len(tried[0].days)
    charts = [_travel_chart()] if len(tried) > 2 else []
    more = [_disturbed_sheet(tried, ill, longer)] if ill and ill[0].events else []
    more += [_rounds_sheet(rounds)] if rounds else []
    return Result(
        tool="pool_compare",
        title=f"What pooling saves: team {team.name}",
        question="The same people, visits and carers: as one pool, in zones, with providers side by side, by package.",
        summary=tuple(findings(tried, law, held, ill, longer, rounds, days)),
        sheets=(
            _sheet(_frame(tried)),
            _sure_sheet(tried),
            *more,
            _held_sheet(held),
        ),
        charts=(*charts, _held_chart()),
        settings=(
            *rules_used(team, USED),
            option_used("effort", effort, "moves of the search for each visit in one pool", EFFORT),
        ),
        method=METHOD,
        exclusions=(
            "Pay, prices, management and who owns whom: an arrangement is who may go to whom, and nothing else.",
            "What competition or choice does; how well a small team knows its people beyond the faces counted.",
            "New orders: packages on the round stay as they are. The weekly model says how soon orders follow need.",
        ),
        assumptions=(
            f"{days} day(s) solved; more days and other seeds move small differences.",
            "All arrangements have the same carers. A provider would hire to fit its own people, which would ease what "
            "skills and gender cost small teams.",
            "Visits not made differ between arrangements, so travel is of those that are made: who leaves out far ones "
            "travels less.",
            "Minutes that move do so as if need were known before the day. A team sees it at the door, not all of it: "
            "this is the most that moving minutes can do beside fixed packages.",
            "The planner weighs travel against familiar faces, waiting and times wished: see its prices beside travel.",
        ),
    )


def _frame(tried: Sequence[Tried]) -> pl.DataFrame:
    pool = tried[0]
    rows = [
        {
            "arrangement": one.arrangement.name,
            "parts": one.arrangement.parts,
            "travel": one.figures["travel_a_leg"],
            "travel_more": beside(one, pool, "travel_a_leg").more,
            "price": one.figures["price_a_leg"],
            "price_more": beside(one, pool, "price_a_leg").more,
            "paid": one.figures["paid_per_care_minute"],
            "paid_more": beside(one, pool, "paid_per_care_minute").more,
            "duty": one.figures["on_duty_per_care_minute"],
            "idle": (one.figures["wait"] + one.figures["gap"]) / max(one.figures["legs"], 1),
            "unserved": one.figures["unserved_share"],
            "faces": one.figures["faces_a_person"],
        }
        for one in tried
    ]
    return pl.DataFrame(rows)


def _sure_sheet(tried: Sequence[Tried]) -> Sheet:
    seen = [(one, figure, beside(one, tried[0], name)) for one in tried[1:] for figure, name in SURE]
    frame = pl.DataFrame(
        {
            "arrangement": [called(one) for one, _, _ in seen],
            "figure": [figure for _, figure, _ in seen],
            "more": [found.more for _, _, found in seen],
            "low": [found.low for _, _, found in seen],
            "high": [found.high for _, _, found in seen],
            "by_short": [found.by_short for _, _, found in seen],
            "own": [one.by_short[name] / one.figures[name] - 1 for one in tried[1:] for _, name in SURE],
            "pool": [tried[0].by_short[name] / tried[0].figures[name] - 1 for _ in tried[1:] for _, name in SURE],
        },
        schema_overrides={"arrangement": pl.String, "figure": pl.String},
    ).with_columns(pl.col("low", "high").cast(pl.Float64).fill_nan(None))
    columns = {
        "arrangement": Column("Arrangement"),
        "figure": Column("Figure"),
        "more": Column("More than one pool", "", "share"),
        "low": Column("From", "95% by days", "share"),
        "high": Column("To", "95% by days", "share"),
        "by_short": Column("With a quarter of the search", "", "share"),
        "own": Column("The arrangement itself, a quarter of the search over all", "", "share"),
        "pool": Column("One pool, a quarter of the search over all", "", "share"),
    }
    note = (
        "If a quarter of the search gives another difference, it was not at its end. Blank: one day gives no interval."
    )
    return Sheet("sureness", "How sure the differences are", frame, columns, note)


def _disturbed_sheet(tried: Sequence[Tried], ill: Sequence[Disturbed], longer: Sequence[Disturbed]) -> Sheet:
    frame = pl.DataFrame(
        {
            "arrangement": [called(one) for one in tried],
            "ill": [one.events for one in ill],
            "ill_other": [one.other_carer for one in ill],
            "ill_lost": [one.given_up for one in ill],
            "longer": [one.events for one in longer],
            "longer_other": [one.other_carer for one in longer],
            "longer_lost": [one.given_up for one in longer],
        }
    )
    columns = {
        "arrangement": Column("Arrangement"),
        "ill": Column("Carers ill, one at a time", "", "count"),
        "ill_other": Column("Ill: visits with another carer", "for each", "number"),
        "ill_lost": Column("Ill: visits nobody can make", "for each", "number"),
        "longer": Column("Visits that take longer, one at a time", "", "count"),
        "longer_other": Column("Longer: visits with another carer", "for each", "number"),
        "longer_lost": Column("Longer: visits nobody can make", "for each", "number"),
    }
    note = f"Longer: by {LONGER_MINUTES:g} minutes. The same carers and visits under every arrangement."
    return Sheet("changes", "What one event changes for people", frame, columns, note)


def _sheet(frame: pl.DataFrame) -> Sheet:
    columns = {
        "arrangement": Column("Arrangement"),
        "parts": Column("Parts", "", "count"),
        "travel": Column("Travel for each visit of a carer", "minutes", "number"),
        "travel_more": Column("More travel than one pool", "", "share"),
        "price": Column("All the planner prices but visits not made", "minutes a visit", "number"),
        "price_more": Column("More of it than one pool", "", "share"),
        "paid": Column("Care, travel and short waits for each minute of care", "minutes", "number"),
        "paid_more": Column("More paid time than one pool", "", "share"),
        "duty": Column("On duty for each minute of care", "minutes", "number"),
        "idle": Column("Waiting and gaps for each visit of a carer", "minutes", "number"),
        "unserved": Column("Visits not made", "", "share"),
        "faces": Column("Carers a person sees in these days", "", "number"),
    }
    return Sheet("arrangements", "The same work under each arrangement", frame, columns)


def _rounds_sheet(rounds: Sequence[OnTheRound]) -> Sheet:
    frame = pl.DataFrame(
        {
            "way": [one.name for one in rounds],
            "paid": [one.paid_per_minute_met for one in rounds],
            "duty": [one.on_duty / max(one.met, 1e-9) for one in rounds],
            "unmet": [one.unmet_share for one in rounds],
            "unserved": [one.unserved_share for one in rounds],
        }
    )
    columns = {
        "way": Column("Minutes on the round"),
        "paid": Column("Care, travel and short waits for each minute of need met", "minutes", "number"),
        "duty": Column("On duty for each minute of need met", "minutes", "number"),
        "unmet": Column("Need that nobody met", "", "share"),
        "unserved": Column("Visits asked for and not made", "", "share"),
    }
    note = "One pool in all three, with the same carers on duty: what fixed minutes cost whoever provides."
    return Sheet("packages", "Fixed packages on the round", frame, columns, note)


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
        there = {name: colour for name, colour in LINES.items() if name in set(shown["arrangement"])}
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
                    scale=alt.Scale(domain=list(there), range=list(there.values())),
                ),
                strokeDash=alt.StrokeDash(
                    "arrangement:N",
                    legend=None,
                    scale=alt.Scale(domain=list(there), range=[DASHED[one] for one in there]),
                ),
                shape=alt.Shape("arrangement:N", legend=None),
            )
        )

    return Chart(
        "Travel by the number of parts",
        draw,
        "Brown, whole line: providers side by side over the same streets. Blue, dashed: zones of their own. "
        "Grey, dotted: as it is now.",
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

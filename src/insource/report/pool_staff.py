"""The staffing level as a result: curve, table, what solved days showed, how it was worked out."""

from collections.abc import Sequence

import altair as alt
import polars as pl

from insource.desk.result import Chart, Column, Result, Sheet
from insource.planner.confirm import Confirmed, enough
from insource.planner.staffing import FULL_TIME_HOURS, Level, Need, posts
from insource.planner.team import Team
from insource.report.pool_page import rules_used

USED = (
    "need_variation",
    "need_correlation",
    "away_share",
    "sickness_share",
    "leave_share",
    "busy_share",
    "productive_share",
    "split_price",
)
MAIN = 0.95
ALLOWED = 0.01
"""Solved days: staff is called enough if at most this share of visits is not made. A judgement."""
UNCUT = alt.Scale(zero=False)
METHOD = (
    "Care asked for in each half hour of the week, person by person; a start is spread over its whole window.",
    "Mean and variance over weeks: p sum x, and (1 - rho) sum v + rho (sum sd) squared, v = x squared times "
    "(p (1 + cv squared) - p squared), p the share of weeks at home.",
    "By the week: mean and z times spread, over the share of time on duty that is care, over those not ill.",
    "By the half hour: the same for each half hour, those not ill by chance; then shifts at the fewest paid hours.",
    "Solved days: need and illness drawn, rounds planned with staff of several sizes; the same luck for every size.",
)


def staff_result(
    team: Team, found: Need, levels: Sequence[Level], solved: Sequence[Confirmed], others: Sequence[tuple[float, Level]]
) -> Result:
    """`others`: the main level with more or less of fluctuation in common, which nobody has measured."""
    contracts = float(team.carers["hours"].sum())
    main = min(levels, key=lambda one: abs(one.reliability - MAIN))
    ends = ", ".join(f"{one.posts:,.1f} with {100 * rho:g}% in common" for rho, one in others)
    summary = [
        f"{found.hours:,.0f} hours of care a week on average (people who are away taken off).",
        f"To cover the week's need in {100 * main.reliability:g}% of weeks takes {main.by_week:,.0f} hours on duty: "
        f"{main.posts:,.1f} posts of {FULL_TIME_HOURS:g} hours, holidays included. The team's contracts hold "
        f"{contracts:,.0f} hours ({contracts / FULL_TIME_HOURS:,.1f} posts).",
        f"If every half hour had to be covered by itself: {main.by_half_hour.paid_hours:,.0f} hours on duty.",
        f"How far people's needs move together is not known: {ends} (posts).",
        *_solved_said(team, solved),
    ]
    return Result(
        tool="pool_staff",
        title=f"How many carers: team {team.name}",
        question="How many hours and posts does the team need so that need is covered in a stated share of weeks?",
        summary=tuple(summary),
        sheets=(_curve(levels, contracts, team), _kinds(main), *([_solved(solved)] if solved else [])),
        charts=(_chart(contracts), *([_tried()] if solved else [])),
        settings=rules_used(team, USED),
        method=METHOD,
        exclusions=(
            "Vacancies and turnover: add the posts that stand empty.",
            "Who may do what: skills and gender matching take more carers in a small team; solved days show how many.",
            "Epidemics: illness is taken as everybody's own.",
        ),
        assumptions=(
            "Sums of people's needs are normal; with few people at a half hour this is rough, as solved days show.",
            "Fluctuation is the same for everybody, and for each visit of a day alike.",
            "In solved days those hired are like the team's carers, and work the shifts they are given.",
        ),
    )


def _solved_said(team: Team, solved: Sequence[Confirmed]) -> list[str]:
    if not solved:
        return ["Not yet confirmed: --days 7 solves drawn days with staff of several sizes."]
    least = enough(solved, ALLOWED)
    if least is None:
        worst = min(one.unserved / max(one.visits, 1) for one in solved)
        return [f"Solved days: no size that was tried makes 99% of visits ({100 * worst:.1f}% not made at best)."]
    return [
        f"Solved days: {least.hours:,.0f} hours on duty ({posts(team, least.hours):,.1f} posts) make all but "
        f"{100 * least.unserved / max(least.visits, 1):.1f}% of visits; care is then "
        f"{100 * least.care_over_duty:.0f}% of time on duty ({100 * team.rules['productive_share']:.0f}% in the rules) "
        f"and {100 * least.busy_share:.0f}% of care and travel ({100 * team.rules['busy_share']:.0f}% in the rules)."
    ]


def _curve(levels: Sequence[Level], contracts: float, team: Team) -> Sheet:
    frame = pl.DataFrame(
        {
            "level": [f"{100 * one.reliability:g}% of weeks" for one in levels],
            "reliability": [one.reliability for one in levels],
            "held": [one.care_held for one in levels],
            "by_week": [one.by_week for one in levels],
            "posts": [one.posts for one in levels],
            "by_half_hour": [one.by_half_hour.paid_hours for one in levels],
            "beside": [one.by_week / (1 - team.rules["leave_share"]) / contracts - 1 for one in levels],
        }
    )
    columns = {
        "level": Column("Need is covered in"),
        "held": Column("Care held", "hours a week", "hours"),
        "by_week": Column("On duty, by the week", "hours a week", "hours"),
        "posts": Column("Posts of 37 hours for that", "", "number"),
        "by_half_hour": Column("On duty, by the half hour", "hours a week", "hours"),
        "beside": Column("More (or less) than the team's contracts", "", "share"),
    }
    note = "By the week trusts that starts can move within their windows; by the half hour lets nothing wait."
    return Sheet("curve", "What each level takes", frame, columns, note)


def _kinds(main: Level) -> Sheet:
    shown = main.by_half_hour.kinds.filter(pl.col("shifts") > 0).sort("hours", descending=True)
    columns = {
        "shift": Column("Kind of shift"),
        "shifts": Column("Shifts", "a week", "count"),
        "hours": Column("Hours", "a week", "hours"),
    }
    title = f"Shifts that cover every half hour in {100 * main.reliability:g}% of weeks"
    return Sheet("shifts", title, shown, columns, "What to look for when hiring: contracts made of such shifts.")


def _solved(solved: Sequence[Confirmed]) -> Sheet:
    frame = pl.DataFrame(
        {
            "hours": [one.hours for one in solved],
            "days": [one.days for one in solved],
            "unserved": [one.unserved / max(one.visits, 1) for one in solved],
            "worst": [one.worst_unserved_share for one in solved],
            "busy": [one.busy_share for one in solved],
            "care": [one.care_over_duty for one in solved],
            "travel": [one.travel_a_leg for one in solved],
        }
    )
    columns = {
        "hours": Column("On duty", "hours a week", "hours"),
        "days": Column("Days solved", "", "count"),
        "unserved": Column("Visits not made", "", "share"),
        "worst": Column("The same on the worst day", "", "share"),
        "busy": Column("Care over care and travel", "", "share"),
        "care": Column("Care over time on duty", "", "share"),
        "travel": Column("Travel for each visit of a carer", "minutes", "number"),
    }
    note = "Put the shares into rules.yaml as busy_share and productive_share, and work it out again."
    return Sheet("solved_days", "What solved days showed", frame, columns, note)


def _chart(contracts: float) -> Chart:
    def draw(frame: pl.DataFrame) -> alt.LayerChart:
        axis = alt.Axis(format="%")
        shown = frame.with_columns(pl.lit(contracts).alias("contracts"))
        base = alt.Chart(shown, height=260).encode(
            x=alt.X("reliability:Q", title="Share of weeks covered", axis=axis, scale=UNCUT)
        )
        hours = alt.Y("by_week:Q", title="Hours on duty a week", scale=UNCUT)
        line = base.mark_line(point=True, color="#14507a").encode(y=hours)
        held = base.mark_line(color="#8a2d0b", strokeDash=[6, 4]).encode(y="contracts:Q")
        return line + held

    return Chart(
        "The last few per cent of weeks are the dearest",
        draw,
        "By the week. The dashed line is what the team's contracts hold (holidays not taken off).",
        "Hours on duty a week by the share of weeks that they cover, rising faster towards all weeks.",
        sheet="curve",
    )


def _tried() -> Chart:
    def draw(frame: pl.DataFrame) -> alt.LayerChart:
        base = alt.Chart(frame, height=260).encode(x=alt.X("hours:Q", title="Hours on duty a week", scale=UNCUT))
        mean = base.mark_line(point=True, color="#14507a").encode(
            y=alt.Y("unserved:Q", title="Visits not made", axis=alt.Axis(format="%"))
        )
        worst = base.mark_line(point=True, color="#8a2d0b", strokeDash=[6, 4]).encode(y="worst:Q")
        return mean + worst

    return Chart(
        "Visits not made on solved days, by staff on duty",
        draw,
        "The dashed line is the worst day. What is left with many on duty is skills, gender and links, not hours.",
        "Share of visits not made, falling with hours on duty.",
        sheet="solved_days",
    )

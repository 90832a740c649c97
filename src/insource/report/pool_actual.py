"""Planned against actual as a result."""

import altair as alt
import polars as pl

from insource.desk.result import Chart, Column, Result, Sheet
from insource.planner.actual import FEWEST_VISITS, LATE_MINUTES, REGULAR_SHARE, SHORT_SHARE, Actual
from insource.planner.team import Team

BIN_MINUTES, MOST_BIN = 5, 60


def actual_result(team: Team, found: Actual) -> Result:
    """Main figures, lateness, and (inside the council only) people whose visits regularly take longer or less."""
    one = found.figures
    told = found.people.filter(pl.col("is_told"))
    longer, shorter = told.filter(pl.col("more") > 0).height, told.filter(pl.col("more") < 0).height
    first, second = LATE_MINUTES
    summary = (
        f"{one['planned']:,.0f} visits of a carer were planned on days that plan and log both have; "
        f"{100 * one['missed_share']:.1f}% are not in the log, {one['unplanned']:,.0f} in the log were not planned.",
        f"{100 * one[f'late_{first}_share']:.1f}% began more than {first} minutes late, "
        f"{100 * one[f'late_{second}_share']:.1f}% more than {second}; {100 * one['early_share']:.1f}% more than "
        f"{first} early.",
        f"Care took {one['hours_taken']:,.0f} hours of {one['hours_planned']:,.0f} planned "
        f"({100 * one['minutes_ratio']:.0f}%); {100 * one['short_share']:.1f}% of visits took less than half.",
        f"Somebody else than planned came to {100 * one['other_carer_share']:.1f}% of visits.",
    )
    people = f"Visits regularly take longer than ordered for {longer} people, less for {shorter}: look again."
    return Result(
        tool="pool_actual",
        title=f"Planned and actual: team {team.name}",
        question="Were the visits made as planned, in time, by whom, and did they take as long as ordered?",
        summary=(*summary, people),
        published_summary=summary,
        sheets=(_late_sheet(found), _people_sheet(told)),
        charts=(_chart(),),
        method=(
            "Plan and log are matched by date, visit and carer; the rest by date and visit: then somebody else came.",
            f"Late: checked in after the planned start. Short: under {100 * SHORT_SHARE:.0f}% of the minutes ordered.",
            f"Regularly: {FEWEST_VISITS} visits or more, the median one {100 * REGULAR_SHARE:.0f}% longer or shorter.",
        ),
        exclusions=("Why: a visit that was cancelled on the day, or not checked in, looks missed.",),
        assumptions=("Checking in and out is at the door; minutes are whole.",),
    )


def _late_sheet(found: Actual) -> Sheet:
    bins = ((pl.col("late") / BIN_MINUTES).floor() * BIN_MINUTES).clip(-MOST_BIN, MOST_BIN)
    made = found.visits.filter(pl.col("late").is_not_null()).with_columns(bins.alias("from"))
    counted = made.group_by("from").len().sort("from")
    frame = counted.select(pl.col("from").cast(pl.Float64), pl.col("len").alias("visits"))
    frame = frame.with_columns((pl.col("visits") / pl.col("visits").sum()).alias("share"))
    columns = {
        "from": Column("Minutes after the planned start, from", "", "number"),
        "visits": Column("Visits of a carer", "", "count"),
        "share": Column("Share", "", "share"),
    }
    note = f"In steps of {BIN_MINUTES} minutes; below nought is early; the ends hold what lies beyond."
    return Sheet("lateness", "How late visits began", frame, columns, note)


def _people_sheet(told: pl.DataFrame) -> Sheet:
    columns = {
        "person": Column("Person", is_personal=True),
        "visits": Column("Visits in the log", "", "count"),
        "planned": Column("Minutes ordered", "", "number"),
        "actual": Column("Minutes taken", "", "number"),
        "more": Column("The median visit is longer by", "", "share"),
        "faces": Column("Carers who came", "", "count"),
    }
    return Sheet("reviews", "People whose visits regularly take longer or less than ordered", told, columns)


def _chart() -> Chart:
    def draw(frame: pl.DataFrame) -> alt.Chart:
        return (
            alt.Chart(frame, height=240)
            .mark_bar(color="#14507a")
            .encode(
                x=alt.X("from:O", title="Minutes after the planned start", axis=alt.Axis(labelAngle=0, format="d")),
                y=alt.Y("share:Q", title="Share of visits", axis=alt.Axis(format="%")),
            )
        )

    return Chart(
        "How late visits began",
        draw,
        "In steps of five minutes; below nought is early.",
        "Bars: the share of visits by minutes after the planned start.",
        sheet="lateness",
    )

"""The tables and pictures of the needs tool."""

from collections.abc import Callable
from textwrap import wrap

import altair as alt
import polars as pl

from insource.desk.drawing import COLOURS, LABEL_WIDTH, LINE_HEIGHT
from insource.desk.needs.budgets import Compared
from insource.desk.needs.groups import NO_GROUPS
from insource.desk.result import Chart, Column, Kind, Sheet, Spec

PEOPLE = Column("people", kind="count", is_count_of_people=True)
SHORT_PEOPLE = Column("people short", kind="count", is_count_of_people=True)
GROUP_NOTE = (
    "Short of the cost: sum of gaps over sum of costs (less than nothing: to spare). Against everybody else: the same "
    "less "
    "that of all others. Held fixed: the gap of a person of this group against people alike in everything else in this "
    "table. 'Stands out' allows for how many groups were looked at."
)
COST_NOTE = (
    "Part of this is no fault of the rule: any score that is not perfect pulls everybody towards the mean, so the "
    "dearest "
    "plans come out short. The columns 'as any fair score' say how much of it any fair rule that foretells as well as "
    "this one would do."
)
WAYS_NOTE = (
    "Worked out: person by person, from these files. By formula: from theory (needs spread normally about the budget); "
    "where packages are very unequal, read it as a direction. Predictions of a person leave that person out."
)
HOURS_OF_WORK = "a social worker's hours, once for each assessment"


def amount(unit: str, label: str, per: str) -> Column:
    """A column of pounds or hours."""
    kind: Kind = "pounds" if unit == "pounds" else "hours"
    return Column(label, f"{'£' if unit == 'pounds' else 'hours'} a {per}", kind)


def group_sheet(by_group: pl.DataFrame, unit: str, name: str = "groups", title: str = "") -> Sheet:
    """Who is short and who has to spare, group by group."""
    # what matters most stands first: a page on a phone shows three columns
    week = {
        "mean_budget": amount(unit, "mean budget", "week"),
        "mean_cost": amount(unit, "mean cost of the plan" if unit == "pounds" else "mean hours", "week"),
        "mean_gap": amount(unit, "mean gap", "week"),
    }
    against = {
        "against_others": Column("against everybody else", kind="share"),
        "against_others_low": Column("against everybody else, 95% from", kind="share"),
        "against_others_high": Column("against everybody else, 95% to", kind="share"),
        "stands_out": Column("stands out"),
        "held_fixed": amount(unit, "more short than people alike", "week"),
        "held_fixed_low": amount(unit, "more short than people alike, 95% from", "week"),
        "held_fixed_high": amount(unit, "more short than people alike, 95% to", "week"),
    }
    shares = {
        "gap_share": Column("short of the cost", kind="share"),
        "gap_share_low": Column("short of the cost, 95% from", kind="share"),
        "gap_share_high": Column("short of the cost, 95% to", kind="share"),
        "short_people": SHORT_PEOPLE,
        "short_people_share": Column("share of people short", kind="share", share_of="people"),
        "short_people_share_low": Column("share of people short, 95% from", kind="share"),
        "short_people_share_high": Column("share of people short, 95% to", kind="share"),
        "short_a_year": amount(unit, "short in all", "year"),
        "spare_a_year": amount(unit, "to spare in all", "year"),
    }
    first = {"dimension": Column("by"), "group": Column("group"), "people": PEOPLE}
    title = title or "Who is short, and who has to spare"
    columns = first | against | week | shares
    return Sheet(name, title, by_group, columns, GROUP_NOTE, blocks=("dimension",))


def cost_sheet(compared: Compared) -> Sheet:
    """Fifths of people by what their plan costs."""
    unit = compared.unit
    columns = {
        "fifth": Column("plans"),
        "people": PEOPLE,
        "mean_cost": amount(unit, "mean cost of the plan" if unit == "pounds" else "mean hours", "week"),
        "mean_budget": amount(unit, "mean budget", "week"),
        "mean_gap": amount(unit, "mean gap", "week"),
        "fair_gap": amount(unit, "gap as any fair score", "week"),
        "short_people": SHORT_PEOPLE,
        "short_people_share": Column("share of people short", kind="share", share_of="people"),
        "fair_short_share": Column("share short as any fair score that adds up", kind="share"),
    }
    return Sheet("by_cost", "Cheap plans and dear ones", compared.by_cost, columns, COST_NOTE)


def ways_sheet(compared: Compared) -> Sheet:
    """What other ways of setting budgets would leave."""
    unit = compared.unit
    columns = {
        "way": Column("budgets set so"),
        "how": Column("figures"),
        "budgets_a_year": amount(unit, "budgets in all", "year"),
        "short_people": SHORT_PEOPLE,
        "short_a_year": amount(unit, "short in all", "year"),
        "spare_a_year": amount(unit, "to spare in all", "year"),
        "explained_share": Column("explained share", kind="share"),
        "work_hours": Column("work to cost plans", HOURS_OF_WORK, "hours"),
    }
    return Sheet("other_ways", "What other ways of setting budgets would leave", compared.ways, columns, WAYS_NOTE)


def people_sheet(compared: Compared) -> Sheet:
    """Each person's budget and cost, the largest gaps first; a person is named by the row of the file only."""
    unit = compared.unit
    frame = compared.people.sort(pl.col("gap").abs(), "where", descending=[True, False])
    columns = {
        "where": Column("row of the file", is_personal=True),
        "points": Column("points", kind="number"),
        "band": Column("band"),
        "budget": amount(unit, "budget", "week"),
        "cost": amount(unit, "cost of the plan" if unit == "pounds" else "hours", "week"),
        "gap": amount(unit, "short by (less than nothing: to spare)", "week"),
        "reason": Column("reason for support"),
        "age_band": Column("age"),
        "area": Column("area"),
        "assessment_age": Column("age of the assessment"),
    }
    return Sheet("people", "Each person's budget and the cost of their plan", frame, columns)


def problem_sheet(problems: pl.DataFrame) -> Sheet:
    """What was wrong with the files, by kind."""
    columns = {
        "file": Column("file"),
        "rows_are": Column("rows are"),
        "column": Column("column"),
        "what": Column("what"),
        "count": Column("rows", kind="count"),
        "todo": Column("what to do"),
        "code": Column("code"),
    }
    return Sheet("problems", "What was wrong with the files", problems, columns)


def group_chart(by_group: pl.DataFrame, sheet: str, what: str) -> Chart | None:
    """A dot and a line of 95% for each group that was tested; None if there is none."""
    tested = by_group.filter(~pl.col("group").is_in(NO_GROUPS) & pl.col("against_others").is_not_null())
    if tested.is_empty():
        return None
    furthest = tested.sort(pl.col("against_others").abs(), descending=True).row(0, named=True)
    side = "short" if furthest["against_others"] > 0 else "to spare"
    said = f"{furthest['group']} ({furthest['dimension']}) differs most from everybody else: more {side}"
    alt_text = f"A dot for each of {tested.height} groups with a line for its 95% interval. {said}."
    caption = (
        f"{what} of each group, as a share of what their plans cost, less that of everybody else. Right of nothing: "
        "more "
        "short than the others; left: less. Lines are 95% intervals by redrawing people; a line that crosses nothing "
        "may be luck."
    )
    return Chart("How groups differ from everybody else", _dots(), caption, alt_text, sheet)


def _dots() -> Callable[[pl.DataFrame], Spec]:
    def draw(frame: pl.DataFrame) -> Spec:
        known = frame.filter(~pl.col("group").is_in(NO_GROUPS)).drop_nulls(
            ["against_others", "against_others_low", "against_others_high"]
        )
        data = [
            {
                "label": "\n".join(wrap(f"{row['group']} ({row['dimension']})", LABEL_WIDTH)),
                "middle": 100 * row["against_others"],
                "low": 100 * row["against_others_low"],
                "high": 100 * row["against_others_high"],
            }
            for row in known.iter_rows(named=True)
        ]
        base = alt.Chart(alt.Data(values=data))
        y = alt.Y(
            "label:N",
            sort=[row["label"] for row in data],
            title=None,
            axis=alt.Axis(labelExpr="split(datum.label, '\\n')", labelLimit=0, ticks=False),
        )
        title = ["percentage points more short", "than everybody else"]
        line = base.mark_rule(color=COLOURS[0], strokeWidth=2, aria=False).encode(
            y=y, x=alt.X("low:Q", title=title), x2="high:Q"
        )
        dot = base.mark_point(color=COLOURS[0], filled=True, size=60, aria=False).encode(y=y, x="middle:Q")
        zero = alt.Chart(alt.Data(values=[{"x": 0}])).mark_rule(color="#555", strokeDash=[3, 3], aria=False)
        lines = max((str(row["label"]).count("\n") for row in data), default=0)
        deep = 22 + LINE_HEIGHT * lines
        return alt.LayerChart(layer=[zero.encode(x="x:Q"), line, dot], height=max(len(data), 1) * deep + 40)

    return draw


def cost_chart(compared: Compared) -> Chart:
    """Mean budget and mean cost of each fifth, side by side."""
    last = compared.by_cost.row(-1, named=True)
    costs, gets = (_say(last[name], compared.unit) for name in ("mean_cost", "mean_budget"))
    said = f"the dearest fifth costs {costs} a week and is budgeted {gets}"

    def draw(frame: pl.DataFrame) -> Spec:
        data = [
            {"fifth": row["fifth"], "what": what, "value": row[column]}
            for row in frame.drop_nulls(["mean_cost", "mean_budget"]).iter_rows(named=True)
            for what, column in (("budget", "mean_budget"), ("cost of the plan", "mean_cost"))
        ]
        order = list(dict.fromkeys(row["fifth"] for row in data))
        scale = alt.Scale(domain=["budget", "cost of the plan"], range=[COLOURS[0], COLOURS[1]])
        return (
            alt.Chart(alt.Data(values=data))
            .mark_bar(aria=False)
            .encode(
                x=alt.X(
                    "fifth:N",
                    sort=order,
                    title="fifths of people, by the cost of their plan",
                    axis=alt.Axis(labelAngle=0),
                ),
                xOffset=alt.XOffset("what:N", sort=["budget", "cost of the plan"]),
                y=alt.Y("value:Q", title=f"{'£' if compared.unit == 'pounds' else 'hours'} a week, mean"),
                color=alt.Color("what:N", scale=scale, legend=alt.Legend(orient="top", title=None)),
            )
        )

    return Chart(
        "Budgets are more alike than the plans they are for"
        if last["mean_gap"] > 0
        else "Budgets and the plans they are for",
        draw,
        f"People in five equal groups by what their plan costs: {said}. {COST_NOTE}",
        f"Two bars for each fifth of people, budget and cost of the plan: {said}.",
        "by_cost",
    )


def _say(value: float, unit: str) -> str:
    return f"£{value:,.0f}" if unit == "pounds" else f"{value:,.1f} hours"

"""The law of travel and of time with people as a result: what was solved, what was fitted, and whether it holds."""

from collections.abc import Sequence

import altair as alt
import polars as pl

from insource.desk.result import Chart, Column, Result, Setting, Sheet
from insource.parameters import parameters
from insource.planner.law import SHARE_TOLERANCE, TRAVEL_TOLERANCE, Checked, Law, Solved
from insource.planner.numbers import defaults
from insource.planner.team import Team

USED = ("car_kmh", "car_fixed_minutes", "detour_far", "detour_near", "detour_fade_km", "need_variation", "away_share")
FITTED, HELD_OUT = "fitted to", "held out"
METHOD = (
    "People and carers fall into parts of several sizes by chance: the same streets, fewer doors. Days are drawn (need "
    "longer or shorter, people away, carers ill), staffed for the mean need and solved by the planner.",
    "Door minutes and reach: least squares on differences in proportion of travel a visit against the root of land a "
    "person. Gaps: time on duty that is neither visits nor the way between them, over visits.",
    "Held out: other days, of parts of other sizes and of the whole team, that had no say in the law.",
)


def law_result(team: Team, law: Law, fitted: Sequence[Checked], held_out: Sequence[Checked], moves: int) -> Result:
    """The law, the days behind it and the days it was tested on."""
    frame = _frame(law, fitted, held_out)
    worst = max(held_out, key=lambda one: abs(one.travel_off))
    widest = max(held_out, key=lambda one: abs(one.share_off))
    holds = all(one.holds for one in held_out)
    limits = f"{100 * TRAVEL_TOLERANCE:g}% of travel and {100 * SHARE_TOLERANCE:g} points"
    summary = (
        f"Travel from visit to visit: {law.door_minutes:.1f} minutes at the door, and a way of {law.reach:.2f} times "
        f"the root of land a person ({law.km2:.1f} square km); for the whole team "
        f"{law.travel_a_visit(fitted[-1].solved.people):.1f} minutes.",
        f"On days held out the law is off by up to {100 * abs(worst.travel_off):.1f}% of travel and "
        f"{100 * abs(widest.share_off):.1f} points of the share of time on duty spent with people: "
        f"{'within' if holds else 'NOT within'} {limits}.",
        f"Gaps on duty: {law.gaps:.2f} minutes for each minute of visits in teams whose whole shifts are paid.",
    )
    return Result(
        tool="pool_law",
        title=f"How far apart doors are: team {team.name}",
        question="What do the team's streets and windows take in travel and gaps, and may the weekly model rely on it?",
        summary=summary,
        sheets=(_days(frame),),
        charts=(_chart(),),
        settings=(
            *(Setting(name, team.rules[name], defaults()[name].unit, team.rules.source(name)) for name in USED),
            Setting("moves", moves, "moves of the search for the whole team", "given on the command line"),
        ),
        method=METHOD,
        exclusions=(
            "Ways to the first visit and home from the last.",
            "Teams of another kind: staff for more than the mean need and gaps grow.",
        ),
        assumptions=(
            "Parts by chance stand for fewer people on the same streets; people who ask for care in one street do not.",
            "With fewer moves the planner travels further, and so does the law: use the moves that you plan with.",
        ),
    )


def values_for_the_model(law: Law) -> str:
    """The fitted numbers as a file that 'insource compare --override' reads."""
    constant = parameters()["travel_constant"].central()
    reason = "Fitted to solved days of the team (insource pool law)."
    values = {
        "door_minutes": law.door_minutes,
        "speed_kmh": law.speed_kmh,
        "detour_ratio": law.detour,
        "travel_window_term": law.reach - constant,
        "shift_idle_ratio": law.gaps,
    }
    return "".join(f"{name}: {{value: {value:.6g}, reason: {reason!r}}}\n" for name, value in values.items())


def _frame(law: Law, fitted: Sequence[Checked], held_out: Sequence[Checked]) -> pl.DataFrame:
    rows = [(FITTED, one) for one in fitted] + [(HELD_OUT, one) for one in held_out]
    solved: list[Solved] = [one.solved for _, one in rows]
    return pl.DataFrame(
        {
            "use": [use for use, _ in rows],
            "size": [one.size for one in solved],
            "days": [one.days for one in solved],
            "people": [one.people for one in solved],
            "root": [(law.km2 / one.people) ** 0.5 for one in solved],
            "travel": [one.travel_a_visit for one in solved],
            "by_law": [one.travel for _, one in rows],
            "off": [one.travel_off for _, one in rows],
            "share": [one.share for one in solved],
            "share_by_law": [one.share for _, one in rows],
            "share_off": [100 * one.share_off for _, one in rows],
        }
    )


def _days(frame: pl.DataFrame) -> Sheet:
    columns = {
        "use": Column("Days"),
        "size": Column("Part of the team", "", "share"),
        "days": Column("Days solved", "", "count"),
        "people": Column("People visited", "a day", "number"),
        "root": Column("Root of land a person", "km", "number"),
        "travel": Column("Travel a visit, solved", "minutes", "number"),
        "by_law": Column("Travel a visit, law", "minutes", "number"),
        "off": Column("Law more (or less)", "", "share"),
        "share": Column("With people, solved", "of time on duty", "share"),
        "share_by_law": Column("With people, law", "of time on duty", "share"),
        "share_off": Column("Law more (or less)", "points", "number"),
    }
    return Sheet("days", "Solved days and the law", frame, columns, "Each row is several days, each of another part.")


def _chart() -> Chart:
    def draw(frame: pl.DataFrame) -> alt.LayerChart:
        x = alt.X("root:Q", title="Root of land a person, km", scale=alt.Scale(zero=False))
        y = alt.Y("travel:Q", title="Travel a visit, minutes", scale=alt.Scale(zero=False))
        base = alt.Chart(frame, height=260)
        law = base.mark_line(color="#14507a").encode(x=x, y="by_law:Q")
        shapes = alt.Shape("use:N", title=None, scale=alt.Scale(domain=[FITTED, HELD_OUT], range=["circle", "cross"]))
        colours = alt.Color(
            "use:N", title=None, scale=alt.Scale(domain=[FITTED, HELD_OUT], range=["#14507a", "#8a2d0b"])
        )
        return law + base.mark_point(size=90, filled=True).encode(x=x, y=y, shape=shapes, color=colours)

    return Chart(
        "Travel grows with the root of land a person",
        draw,
        "The line is the law; crosses had no say in it.",
        "Minutes of travel a visit against the root of land a person: solved days, and the fitted line.",
        sheet="days",
    )

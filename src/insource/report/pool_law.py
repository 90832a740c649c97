"""The law of travel and of time with people as a result: what was solved, what was fitted, and whether it holds."""

from collections.abc import Sequence

import altair as alt
import polars as pl

from insource.desk.result import Chart, Column, Result, Sheet
from insource.parameters import parameters
from insource.planner.law import EFFORT, SHARE_TOLERANCE, STAFFED, TRAVEL_TOLERANCE, Checked, Law, Solved, holds_from
from insource.planner.team import Team
from insource.report.pool_page import option_used, rules_used

USED = ("car_kmh", "car_fixed_minutes", "detour_far", "detour_near", "detour_fade_km", "need_variation", "away_share")
FITTED, HELD_OUT = "fitted to", "held out"
METHOD = (
    "People and carers fall into parts of several sizes by chance: the same streets, fewer doors. Days are drawn (need "
    "longer or shorter, people away, carers ill), staffed for a share of the mean need by the half hour and solved "
    "by the planner, with as many moves for each visit whatever the size.",
    "Door minutes and reach: least squares on differences in proportion of travel a visit against the root of land a "
    "person.",
    "Gaps: time on duty that is neither visits nor the way between them, over visits; least squares on a + b over the "
    "root of the number of people. The peaks of n people stand out by the root of n, and whole shifts reach them.",
    "Held out: other days, of parts of other sizes and of the whole team, that had no say in the law. Small parts are "
    "drawn more often, so that each size rests on as many visits.",
)


def law_result(
    team: Team,
    law: Law,
    fitted: Sequence[Checked],
    held_out: Sequence[Checked],
    effort: int,
    staffed: float,
    pool: float | None = None,
) -> Result:
    """The law, the days behind it and the days it was tested on. `pool`: people in the pools that are meant."""
    frame = _frame(law, fitted, held_out)
    whole = fitted[-1].solved
    pool = pool or whole.people
    summary = (
        f"Travel from visit to visit: {law.door_minutes:.1f} minutes at the door, and a way of {law.reach:.2f} times "
        f"the root of land a person ({law.km2:.1f} square km); for a pool of {pool:.0f} people "
        f"{law.travel_a_visit(pool):.1f} minutes.",
        f"Gaps on duty: {law.gaps_of_many:.2f} + {law.gaps_of_few:.1f} over the root of the number of people, in "
        f"minutes for each minute of visits in teams whose whole shifts are paid; for a pool of {pool:.0f} people "
        f"{law.gaps(pool):.2f}. The smaller a pool, the larger its peaks beside its work.",
        *_tested(held_out),
        f"These staff leave {100 * whole.unserved_share:.1f}% of visits of the whole team without a carer. Fewer staff "
        "have shorter gaps and leave more.",
    )
    return Result(
        tool="pool_law",
        title=f"How far apart doors are: team {team.name}",
        question="What do the team's streets and windows take in travel and gaps, and may the weekly model rely on it?",
        summary=summary,
        sheets=(_days(frame),),
        charts=(_chart(), _share_chart()),
        settings=(
            *rules_used(team, USED),
            option_used("effort", effort, "moves of the search for each visit of a carer", EFFORT),
            option_used("staffed", staffed, "staff over what the mean need takes by the half hour", STAFFED),
        ),
        method=METHOD,
        exclusions=(
            "Ways to the first visit and home from the last by themselves: they are part of gaps.",
            "Teams of another kind: with more staff for the same need gaps grow (--staffed).",
        ),
        assumptions=(
            "Gaps are for one size of pool. Many small providers over the same streets have gaps of their own size.",
            "Parts by chance stand for fewer people on the same streets; people who ask for care in one street do not.",
            "With fewer moves the planner travels further, and so does the law: use the moves that you plan with.",
        ),
    )


def _tested(held_out: Sequence[Checked]) -> list[str]:
    """How far off the law is on days held out, from how many people on it holds, and where it does not."""
    travel = max(abs(one.travel_off) for one in held_out)
    share = max(abs(one.share_off) for one in held_out)
    limits = f"{100 * TRAVEL_TOLERANCE:g}% of travel and {100 * SHARE_TOLERANCE:g} points"
    holds = all(one.holds for one in held_out)
    out = [
        f"On days held out the law is off by up to {100 * travel:.1f}% of travel and {100 * share:.1f} points of the "
        f"share of time on duty spent with people: {'within' if holds else 'NOT within'} {limits}."
    ]
    least = holds_from(held_out)
    if holds:
        return out
    if least is None:
        return [*out, "It does not hold for the largest part tried: solve more days (--days) before you rely on it."]
    off = sorted(one.solved.people for one in held_out if not one.holds)
    listed = ", ".join(f"{people:.0f}" for people in off)
    return [*out, f"It holds from {least:.0f} people visited a day on; NOT within these limits at {listed}."]


def values_for_the_model(law: Law, people: float) -> str:
    """The fitted numbers as a file that 'insource compare --override' reads; gaps are those of pools of so many."""
    constant = parameters()["travel_constant"].central()
    reason = "Fitted to solved days of the team (insource pool law)."
    for_pools = f"Fitted to solved days of the team, for pools of {people:.0f} people (insource pool law)."
    values = {
        "door_minutes": (law.door_minutes, reason),
        "speed_kmh": (law.speed_kmh, reason),
        "detour_ratio": (law.detour, reason),
        "travel_window_term": (law.reach - constant, reason),
        "shift_idle_ratio": (law.gaps(people), for_pools),
    }
    return "".join(f"{name}: {{value: {value:.6g}, reason: {why!r}}}\n" for name, (value, why) in values.items())


def _frame(law: Law, fitted: Sequence[Checked], held_out: Sequence[Checked]) -> pl.DataFrame:
    rows = [(FITTED, one) for one in fitted] + [(HELD_OUT, one) for one in held_out]
    solved: list[Solved] = [one.solved for _, one in rows]
    return pl.DataFrame(
        {
            "use": [use for use, _ in rows],
            "size": [one.size for one in solved],
            "days": [one.days for one in solved],
            "people": [one.people for one in solved],
            "unserved": [one.unserved_share for one in solved],
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
        "unserved": Column("Visits not made", "", "share"),
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
    return Chart(
        "Travel and the root of land a person",
        lambda frame: _beside(
            frame, "root", "Root of land a person, km", "travel", "by_law", "Travel a visit, minutes"
        ),
        "The line is the law; crosses had no say in it.",
        "Minutes of travel a visit against the root of land a person: solved days, and the fitted line.",
        sheet="days",
    )


def _share_chart() -> Chart:
    share = "Share of time on duty with people"
    return Chart(
        "Time with people and the size of the pool",
        lambda frame: _beside(frame, "people", "People visited a day", "share", "share_by_law", share),
        "The line is the law; crosses had no say in it.",
        "Share of time on duty spent with people against people visited a day: solved days, and the fitted line.",
        sheet="days",
    )


def _beside(frame: pl.DataFrame, across: str, x_title: str, seen: str, law: str, y_title: str) -> alt.LayerChart:
    """What was solved as marks, what the law says as a line."""
    x = alt.X(f"{across}:Q", title=x_title, scale=alt.Scale(zero=False))
    base = alt.Chart(frame, height=260)

    def y(column: str) -> alt.Y:
        return alt.Y(f"{column}:Q", title=y_title)

    shapes = alt.Shape("use:N", title=None, scale=alt.Scale(domain=[FITTED, HELD_OUT], range=["circle", "cross"]))
    colours = alt.Color("use:N", title=None, scale=alt.Scale(domain=[FITTED, HELD_OUT], range=["#14507a", "#8a2d0b"]))
    line = base.mark_line(color="#14507a").encode(x=x, y=y(law))
    return line + base.mark_point(size=90, filled=True).encode(x=x, y=y(seen), shape=shapes, color=colours)

"""Planned against actual: what was planned and not logged, late, short, by somebody else; who regularly takes longer.

A planned visit and a logged one are the same if date, visit and carer are; what is left of both is matched by date and
visit alone (somebody else came). Minutes compared are those of the visit as it should be with those between checking in
and out. Left out: why. A visit without a check-out in the log has no row here and looks missed.
"""

from dataclasses import dataclass, field

import polars as pl

from insource.errors import InputError, Problem
from insource.planner.team import Team

LATE_MINUTES = (15, 30)
SHORT_SHARE = 0.5
FEWEST_VISITS = 5
"""A person with fewer visits in the log is not said to take longer or less."""
REGULAR_SHARE = 0.2
"""Minutes that differ by more than this share, in the median visit, are worth a look. A judgement."""


@dataclass(frozen=True)
class Actual:
    """`visits`: each planned visit of a carer with what was logged (null if nothing). `people`: minutes by person."""

    visits: pl.DataFrame = field(repr=False)
    unplanned: int
    people: pl.DataFrame = field(repr=False)
    figures: dict[str, float]


def compare_log(team: Team) -> Actual:
    """Set the log beside the plan; raises InputError if there is no plan, no log, or no day that both have."""
    for frame, file in ((team.plan, "plan.csv"), (team.log, "log.csv")):
        if not frame.height:
            what, todo = f"there is no {file} to compare", "put it into the folder; see insource pool template"
            raise InputError(Problem("nothing_to_compare", what, todo, file=file))
    days = set(team.plan["date"]) & set(team.log["date"])
    if not days:
        what, todo = "plan.csv and log.csv have no day in common", "give the plan and the log of the same days"
        raise InputError(Problem("no_day_in_common", what, todo, file="log.csv"))
    key = ["date", "visit"]
    plan = team.plan.filter(pl.col("date").is_in(list(days))).select(*key, "carer", "start")
    plan = plan.unique([*key, "carer"], keep="first", maintain_order=True)
    log = team.log.filter(pl.col("date").is_in(list(days))).select(*key, "carer", "checked_in", "checked_out")
    log = log.unique([*key, "carer"], keep="first", maintain_order=True)
    same = plan.join(log, on=[*key, "carer"], how="left", maintain_order="left").with_columns(
        pl.col("carer").alias("came")
    )
    made = same.filter(pl.col("checked_in").is_not_null())
    # what is left is paired in the order in which it stands: the first stand-in for the first who did not come
    rest = _numbered(same.filter(pl.col("checked_in").is_null()).select(plan.columns), key)
    strangers = _numbered(log.join(plan, on=[*key, "carer"], how="anti", maintain_order="left"), key)
    paired = rest.join(strangers.rename({"carer": "came"}), on=[*key, "number"], how="left", maintain_order="left")
    minutes = team.visits.select("visit", "person", "minutes")
    columns = [*plan.columns, "came", "checked_in", "checked_out"]
    visits = pl.concat([made.select(columns), paired.select(columns)]).join(minutes, on="visit", how="left")
    visits = visits.with_columns(
        (pl.col("checked_in") - pl.col("start")).alias("late"),
        (pl.col("checked_out") - pl.col("checked_in")).alias("took"),
    ).sort("date", "carer", "start", "visit")
    unplanned = strangers.height - paired["came"].count()
    return Actual(visits, unplanned, _people(visits), _figures(visits, unplanned))


def _numbered(frame: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    return frame.with_columns(pl.int_range(pl.len()).over(key).alias("number"))


def _people(visits: pl.DataFrame) -> pl.DataFrame:
    """Planned and actual minutes of each person, and how far the median visit is from what it should be."""
    made = visits.filter(pl.col("took").is_not_null() & pl.col("minutes").is_not_null())
    by = made.group_by("person").agg(
        pl.len().alias("visits"),
        pl.col("minutes").sum().alias("planned"),
        pl.col("took").sum().alias("actual"),
        (pl.col("took") / pl.col("minutes") - 1).median().alias("more"),
        pl.col("came").n_unique().alias("faces"),
    )
    is_told = (pl.col("visits") >= FEWEST_VISITS) & (pl.col("more").abs() > REGULAR_SHARE)
    return by.with_columns(is_told.alias("is_told")).sort(pl.col("more").abs(), "person", descending=[True, False])


def _figures(visits: pl.DataFrame, unplanned: int) -> dict[str, float]:
    made = visits.filter(pl.col("checked_in").is_not_null())
    number, done = max(visits.height, 1), max(made.height, 1)
    planned, took = float(made["minutes"].sum() or 0), float(made["took"].sum() or 0)
    return {
        "planned": visits.height,
        "logged": made.height,
        "missed_share": 1 - made.height / number,
        "unplanned": unplanned,
        "other_carer_share": made.filter(pl.col("came") != pl.col("carer")).height / done,
        **{f"late_{late}_share": made.filter(pl.col("late") > late).height / done for late in LATE_MINUTES},
        "early_share": made.filter(pl.col("late") < -LATE_MINUTES[0]).height / done,
        "short_share": made.filter(pl.col("took") < SHORT_SHARE * pl.col("minutes")).height / done,
        "minutes_ratio": took / max(planned, 1e-9),
        "hours_planned": planned / 60,
        "hours_taken": took / 60,
    }

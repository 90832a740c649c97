"""Continuity: how many different carers come to a person in 7, 14 and 28 days, and how often it is the same one.

A period ends with the last day that is known; it is left out if fewer days are. A carer is a new face if they come in
the period, are not among the person's usual carers and did not come before it as far as is known; where neither usual
carers nor earlier visits are known, nobody can say. The Swedish measure counts carers in 14 days, of people with two
visits a day or more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import polars as pl

from insource.errors import InputError, Problem
from insource.planner.planned import Planned
from insource.planner.team import Team

PERIODS = (7, 14, 28)
SWEDISH_DAYS, SWEDISH_VISITS_A_DAY = 14, 2.0
PEOPLE = {
    "days": pl.Int64,
    "person": pl.String,
    "visits": pl.Int64,
    "visits_a_day": pl.Float64,
    "carers": pl.Int64,
    "main_carer": pl.String,
    "main_share": pl.Float64,
    "new_faces": pl.Int64,
    "is_swedish": pl.Boolean,
}


@dataclass(frozen=True)
class Continuity:
    """`people`: a row for each period and person (see `PEOPLE`; new_faces null where nobody can say).

    `periods`: a row for each period: days, first, last, people, carers_mean, carers_90 (nine in ten see no more),
    main_share (mean), people_new, people_told (of whom new faces can be told). `swedish`: people, and their mean of
    carers.
    """

    people: pl.DataFrame = field(repr=False)
    periods: pl.DataFrame
    swedish_people: int
    swedish_carers: float | None


def continuity(team: Team, visits: pl.DataFrame) -> Continuity:
    """From visits of carers: date, visit, person, carer. Raises InputError if they span less than a week."""
    last, first = _day(visits["date"].max()), _day(visits["date"].min())
    spanned = (last - first).days + 1
    if spanned < PERIODS[0]:
        raise InputError(
            Problem(
                "too_few_days",
                "continuity is counted over 7 days at least",
                "give the plan or the log of a whole week: insource pool routes TEAM --week",
                found=f"{spanned} days",
                allowed=f"{PERIODS[0]} days or more",
            )
        )
    frames = [_period(team, visits, last, days) for days in PERIODS if days <= spanned]
    people = pl.concat(frames)
    swedish = people.filter(pl.col("is_swedish"))
    mean = swedish["carers"].mean()
    return Continuity(people, _periods(people, last), swedish.height, None if mean is None else float(str(mean)))


def visits_of_plan(team: Team) -> pl.DataFrame:
    """What was published, as visits of carers to people."""
    return _with_people(team, team.plan)


def visits_of_log(team: Team) -> pl.DataFrame:
    """Who came, from the log."""
    return _with_people(team, team.log)


def visits_of_days(days: Sequence[Planned]) -> pl.DataFrame:
    """Days that have just been planned."""
    return pl.concat([one.visits.select("date", "visit", "person", "carer") for one in days])


def _with_people(team: Team, frame: pl.DataFrame) -> pl.DataFrame:
    known = frame.filter(pl.col("carer").is_not_null() & (pl.col("carer") != ""))
    joined = known.join(team.visits.select("visit", "person"), on="visit", how="inner")
    return joined.select("date", "visit", "person", "carer")


def _period(team: Team, visits: pl.DataFrame, last: date, days: int) -> pl.DataFrame:
    """A row for each person who is visited in the days up to the last."""
    begin = last - timedelta(days=days - 1)
    within, before = visits.filter(pl.col("date") >= begin), visits.filter(pl.col("date") < begin)
    usual = dict(team.people.select("person", "usual").iter_rows())
    seen: dict[str, set[str]] = {}
    for person, carer in before.select("person", "carer").unique().iter_rows():
        seen.setdefault(person, set()).add(carer)
    rows = []
    for (person,), theirs in within.sort("person", "date", "carer").group_by("person", maintain_order=True):
        known = set(usual.get(person) or []) | seen.get(str(person), set())
        counted = theirs.group_by("carer").len().sort(["len", "carer"], descending=[True, False])
        carers = counted["carer"].to_list()
        made = theirs.select("date", "visit").unique().height
        rows.append(
            {
                "days": days,
                "person": person,
                "visits": made,
                "visits_a_day": made / days,
                "carers": len(carers),
                "main_carer": carers[0],
                "main_share": counted["len"][0] / theirs.height,
                "new_faces": len(set(carers) - known) if known else None,
                "is_swedish": days == SWEDISH_DAYS and made / days >= SWEDISH_VISITS_A_DAY,
            }
        )
    return pl.DataFrame(rows, schema=PEOPLE)


def _periods(people: pl.DataFrame, last: date) -> pl.DataFrame:
    by = people.group_by("days", maintain_order=True).agg(
        pl.len().alias("people"),
        pl.col("carers").mean().alias("carers_mean"),
        pl.col("carers").quantile(0.9, "higher").alias("carers_90"),
        pl.col("main_share").mean().alias("main_share"),
        (pl.col("new_faces") > 0).sum().alias("people_new"),
        pl.col("new_faces").is_not_null().sum().alias("people_told"),
    )
    first = [last - timedelta(days=days - 1) for days in by["days"]]
    return by.with_columns(pl.Series("first", first, pl.Date), pl.lit(last).alias("last"))


def _day(value: object) -> date:
    if not isinstance(value, date):
        what, todo = "there are no visits of carers to count", "give a plan.csv or a log.csv with carers"
        raise InputError(Problem("nothing_to_count", what, todo))
    return value

"""Everybody whose budget can be set beside the cost of meeting their needs: from assessments, from the return, or both.

A package is all long-term support in the community that is open at the end of the latest reporting period, at its gross
cost a week. Short-term support is left out (reablement is no part of a personal budget: SI 2014/2840), and so are care
homes, whose budgets are set otherwise.
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

from insource.records.care_at_home import NEEDED, PERIOD_END
from insource.records.cld_events import latest_rows
from insource.records.cld_mandatory import IS_USER, SERVICE, equals
from insource.records.dhsc_rules import ONE_OFF, cost_per_week, units_per_week
from insource.units import DAYS_A_WEEK, WEEKS_A_YEAR

IS_COMMUNITY = IS_USER & SERVICE & equals("service_type", "Long term support: Community")
AGE_BANDS = {"18 to 64": 0, "65 to 74": 65, "75 to 84": 75, "85 and over": 85}
"""Names of the bands of age and the age each begins with."""
AGES_OF_ASSESSMENTS = {"less than a year old": 0, "1 to 2 years old": 1, "2 years old or more": 2}
FACTS = ("reason", "age_band", "carer", "area", "ethnicity")
COLUMNS = {
    "where": pl.String,
    "points": pl.Float64,
    "band": pl.String,
    "budget": pl.Float64,
    "cost": pl.Float64,
    "hours": pl.Float64,
    **dict.fromkeys(FACTS, pl.String),
    "assessment_age": pl.String,
}
"""A caseload: one row for each person; `where` is the row of the file that tells of them. Null: not recorded."""


@dataclass(frozen=True)
class Packages:
    """What the return tells. `people`: pseudonym, cost and hours a week (null: a service has none), facts, where."""

    people: pl.DataFrame
    period_end: date
    without_cost: int


def packages(events: pl.DataFrame, names: list[str]) -> Packages:
    """The package of everybody with community support at the end of the latest period, from checked rows of the return.

    `names` are the files' names, by the number in the column `file`.
    """
    columns = dict.fromkeys(("file", "row", "ethnicity", *NEEDED))
    rows = latest_rows(events.filter("is_usable").select(*columns))
    end = rows[PERIOD_END].max()
    assert isinstance(end, date)
    is_open = (pl.col("event_start_date") <= end) & (pl.col("event_end_date").fill_null(end) >= end)
    open_now = rows.filter(is_open & IS_COMMUNITY & ~equals("cost_frequency_unit_type", ONE_OFF))
    frequency, units = pl.col("cost_frequency_unit_type"), pl.col("planned_units_per_week")
    weekly = cost_per_week(pl.col("unit_cost"), units_per_week(frequency, units))
    is_hourly = equals("cost_frequency_unit_type", "Hourly")
    name_of = dict(enumerate(names))
    where = pl.col("file").replace_strict(name_of, return_dtype=pl.String) + ":" + pl.col("row").cast(pl.String)
    people = (
        open_now.with_columns(weekly.alias("weekly"), where.alias("where"))
        .sort("file", "row")
        .group_by("pseudonym", maintain_order=True)
        .agg(
            pl.when(pl.col("weekly").is_not_null().all()).then(pl.col("weekly").sum()).alias("cost"),
            pl.when((is_hourly & units.is_not_null()).all()).then(units.sum()).alias("hours"),
            pl.col("where").first(),
            pl.col("age").drop_nulls().last(),
            *(_last(old, new) for old, new in FACTS_OF_THE_RETURN.items()),
        )
        .with_columns(age_band(pl.col("age")), broad(pl.col("ethnicity")), reason(pl.col("reason")))
        .with_columns(pl.when(pl.col("cost") > 0).then("cost"))
    )
    return Packages(people.drop("age"), end, people["cost"].null_count())


FACTS_OF_THE_RETURN = {
    "primary_support_reason": "reason",
    "has_unpaid_carer": "carer",
    "district": "area",
    "ethnicity": "ethnicity",
}


def _last(old: str, new: str) -> pl.Expr:
    text = pl.col(old).cast(pl.String)
    return text.filter(text != "?").drop_nulls().last().alias(new)


def from_assessments(people: pl.DataFrame, file: str, today: date) -> pl.DataFrame:
    """The usable rows of a file of assessments as a caseload, with `pseudonym`; their age is counted to `today`."""
    weeks = (pl.lit(today) - pl.col("assessed_on")).dt.total_days() // DAYS_A_WEEK
    return people.select(
        "pseudonym",
        (pl.lit(f"{file}:") + pl.col("row").cast(pl.String)).alias("where"),
        "points",
        "band",
        pl.col("indicative_budget").alias("budget"),
        pl.when(pl.col("package_cost") > 0).then("package_cost").alias("cost"),
        pl.when(pl.col("package_hours") > 0).then("package_hours").alias("hours"),
        reason(pl.col("primary_support_reason").alias("reason")),
        age_band(pl.col("age")),
        pl.col("has_unpaid_carer").alias("carer"),
        "area",
        broad(pl.col("ethnicity")),
        _banded(weeks // WEEKS_A_YEAR, AGES_OF_ASSESSMENTS).alias("assessment_age"),
    )


def together(assessed: pl.DataFrame | None, from_return: pl.DataFrame | None) -> pl.DataFrame:
    """One row for each person: what their assessment says, and where it is silent what the return says."""
    if assessed is None:
        assert from_return is not None
        return _complete(from_return)
    if from_return is None:
        return _complete(assessed)
    both = assessed.join(from_return, on="pseudonym", how="full", suffix="_return", coalesce=True)
    filled = [
        pl.coalesce(name, f"{name}_return").alias(name) for name in ("where", "cost", "hours", *FACTS) if name in both
    ]
    return _complete(both.with_columns(filled))


def _complete(frame: pl.DataFrame) -> pl.DataFrame:
    missing = [pl.lit(None, kind).alias(name) for name, kind in COLUMNS.items() if name not in frame.columns]
    return frame.with_columns(missing).select(*COLUMNS).sort("where")  # not by pseudonym: its key is new each time


def age_band(age: pl.Expr) -> pl.Expr:
    """The band of an age in years; null for children and where it is not recorded."""
    return _banded(pl.when(age >= 18).then(age), AGE_BANDS).alias("age_band")  # adults' services begin at 18


def _banded(amount: pl.Expr, bands: dict[str, int]) -> pl.Expr:
    found = pl.lit(None, pl.String)
    for name, start in bands.items():
        found = pl.when(amount >= start).then(pl.lit(name)).otherwise(found)
    return found


def broad(ethnicity: pl.Expr) -> pl.Expr:
    """The broad group of a value of the ethnicity list: what stands before its colon ("Asian or Asian British")."""
    group = ethnicity.str.split(":").list.first().str.strip_chars()
    is_known = ethnicity.str.contains(":") & (group != "No data")
    return pl.when(is_known).then(group).alias("ethnicity")


def reason(value: pl.Expr) -> pl.Expr:
    """The primary reason for support; null where it is unknown."""
    return pl.when(value != "Unknown").then(value).alias("reason")

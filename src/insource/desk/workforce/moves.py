"""Turnover, vacancies, zero-hours contracts, length of service and sickness, by workplace and by kind of employer.

Turnover is leavers of twelve months over those employed now (permanent and temporary staff); the vacancy share is
empty posts over all posts: the definitions of Skills for Care.
"""

from collections.abc import Mapping
from datetime import date

import polars as pl

from insource.desk.counts import rate_limits, share_limits, total
from insource.records.workforce_files import Workforce
from insource.units import DAYS_A_WEEK, WEEKS_A_YEAR

EMPLOYED = ("permanent", "temporary")
SECTOR_WORDS = {
    "council": "council",
    "private": "private",
    "voluntary": "voluntary",
    "other": "other",
}
UNKNOWN = "not known"
COUNTS = ("starters", "leavers", "vacancies")


def in_post(workers: pl.DataFrame) -> pl.DataFrame:
    """Workers employed now: in post, permanent or temporary (or not said), not bank or agency."""
    is_employed = pl.col("contract").is_null() | pl.col("contract").is_in(EMPLOYED)
    return workers.filter((pl.col("post") == "filled") & is_employed)


def weeks_served(day: date) -> pl.Expr:
    """Whole weeks since a worker started."""
    return (pl.lit(day) - pl.col("started")).dt.total_days() // DAYS_A_WEEK


def by_workplace(force: Workforce, values: Mapping[str, float]) -> pl.DataFrame:
    """One row for each workplace and whether its staff give care: staff, starters, leavers, vacancies (null: not
    known), and what is known of contracts, service and sickness."""
    keys = ["workplace", "is_direct_care"]
    staff = in_post(force.workers).with_columns(weeks_served(force.day).alias("weeks"))
    people = staff.group_by(keys).agg(
        pl.len().cast(pl.Float64).alias("staff"),
        pl.col("is_zero_hours").sum().cast(pl.Float64).alias("zero_hours"),
        pl.col("is_zero_hours").is_not_null().sum().cast(pl.Float64).alias("zero_hours_known"),
        (pl.col("weeks") >= values["experienced_weeks"]).sum().cast(pl.Float64).alias("experienced"),
        (pl.col("weeks") < WEEKS_A_YEAR).sum().cast(pl.Float64).alias("first_year"),
        pl.col("weeks").is_not_null().sum().cast(pl.Float64).alias("service_known"),
        pl.col("sick_days").sum().alias("sick_days"),
        pl.col("sick_days").is_not_null().sum().cast(pl.Float64).alias("sickness_known"),
        pl.col("pay_pounds").mean().alias("mean_pay"),
    )
    moves = force.counts.group_by(keys).agg(_sum_if_known(name) for name in COUNTS)
    known = people.join(moves, on=keys, how="full", coalesce=True)
    known = known.with_columns(pl.col("staff").fill_null(0.0)).join(_about(force), on="workplace", how="left")
    return known.with_columns(
        pl.col("sector").fill_null(UNKNOWN), pl.col("workplace_name").fill_null(pl.col("workplace"))
    ).sort("sector", "workplace_name", "workplace", "is_direct_care", descending=[False, False, False, True])


def _sum_if_known(name: str) -> pl.Expr:
    """The sum over roles; null if it is not known of one of them."""
    return pl.when(pl.col(name).is_not_null().all()).then(pl.col(name).sum()).alias(name)


def _about(force: Workforce) -> pl.DataFrame:
    """Name and sector of each workplace, from whichever table has them."""
    named = force.workplaces.select("workplace", pl.col("name").alias("workplace_name"), "sector")
    listed = force.workers.select("workplace", "workplace_name", "sector")
    every = pl.concat([named, listed]).drop_nulls("workplace")
    return every.group_by("workplace", maintain_order=True).agg(pl.all().drop_nulls().first())


def rates(places: pl.DataFrame, by: list[str], values: Mapping[str, float]) -> pl.DataFrame:
    """Turnover and vacancy share with limits, and shares on zero-hours contracts, experienced and in their first year,
    for groups of workplaces. Workplaces whose leavers (or vacancies) are not known are left out of that rate."""
    sure = values["sure_share"]
    lines = []
    for group, part in places.group_by(by, maintain_order=True):
        with_leavers = part.filter(pl.col("leavers").is_not_null() & (pl.col("staff") > 0))
        with_vacancies = part.filter(pl.col("vacancies").is_not_null())
        staff, leavers = total(with_leavers, "staff"), total(with_leavers, "leavers")
        vacant = total(with_vacancies, "vacancies")
        posts = total(with_vacancies, "staff") + vacant
        turnover = (leavers / staff, *rate_limits(leavers, staff, sure)) if staff else (None, None, None)
        empty = (vacant / posts, *share_limits(vacant, posts, sure)) if posts else (None, None, None)
        lines.append(
            {
                **dict(zip(by, group, strict=True)),
                "staff": total(part, "staff"),
                **{name: total(part, name) if part[name].null_count() < part.height else None for name in COUNTS},
                **dict(zip(("turnover", "turnover_low", "turnover_high"), turnover, strict=True)),
                **dict(zip(("vacancy_share", "vacancy_low", "vacancy_high"), empty, strict=True)),
                "zero_hours_share": _share(part, "zero_hours", "zero_hours_known"),
                "experienced_share": _share(part, "experienced", "service_known"),
                "first_year_share": _share(part, "first_year", "service_known"),
                **{name: total(part, name) for name in ("zero_hours_known", "service_known")},
                "mean_sick_days": _share(part, "sick_days", "sickness_known"),
            }
        )
    return pl.DataFrame(lines, infer_schema_length=None)


def _share(part: pl.DataFrame, name: str, of: str) -> float | None:
    known = total(part, of)
    return total(part, name) / known if known else None

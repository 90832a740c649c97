"""Are packages of the right size? What reviews changed, and packages that look as if two workers came at once."""

import math
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

import polars as pl

from insource.desk.contracts.book import NEEDS_EVENT, PERIOD_END, Book, priced
from insource.desk.contracts.cases import cases_for_a_year
from insource.desk.contracts.not_needed import LOW, review_overdue
from insource.desk.result import Finding
from insource.records.care_at_home import IS_CARE_AT_HOME, IS_DIRECT_PAYMENT, IS_HOURLY

HOME_CARE = "Home support or domiciliary care"
NINETY_FIVE = 1.96


@dataclass(frozen=True)
class ReviewChanges:
    """Hours of the same people at the ends of consecutive periods: `people` has who, before, after, is_reviewed.

    `mean` and `error`: by what share the hours of the people reviewed changed, all hours of theirs together, and its
    standard error; None where too few were compared.
    """

    people: pl.DataFrame = field(repr=False)
    mean: float | None
    error: float | None


def review_changes(book: Book) -> ReviewChanges:
    """Weekly hours at home of each person at the end of a period and of the next, and whether a review lay between."""
    ends = book.raw[PERIOD_END].drop_nulls().unique().sort().to_list()
    parts = [_between(book, first, second) for first, second in pairwise(ends)]
    schema = {"who": pl.String, "before": pl.Float64, "after": pl.Float64, "is_reviewed": pl.Boolean}
    people = pl.concat(parts) if parts else pl.DataFrame(schema=schema)
    reviewed = people.filter("is_reviewed")
    if reviewed.height < book.number("fewest_compared"):
        return ReviewChanges(people, None, None)
    before, change = reviewed["before"], reviewed["after"] - reviewed["before"]
    total = float(before.sum())
    mean = float(change.sum()) / total
    spread = float(((change - mean * before) ** 2).sum())
    return ReviewChanges(people, mean, math.sqrt(spread) / total)


def _between(book: Book, first: date, second: date) -> pl.DataFrame:
    before, after = _hours_at(book, first), _hours_at(book, second)
    day = pl.coalesce("event_end_date", "event_start_date")
    reviewed = book.raw.filter(NEEDS_EVENT & (day > first) & (day <= second)).select("who").unique()
    both = before.join(after, on="who", how="inner", suffix="_after").rename(
        {"hours": "before", "hours_after": "after"}
    )
    is_reviewed = pl.col("who").is_in(reviewed["who"].implode()).alias("is_reviewed")
    return both.select("who", "before", "after", is_reviewed).sort("who")


def _hours_at(book: Book, day: date) -> pl.DataFrame:
    """Hours a week of each person with care at home by the hour, as the submission for the period to `day` tells."""
    rows = book.raw.filter(
        (pl.col(PERIOD_END) == day)
        & IS_CARE_AT_HOME
        & ~IS_DIRECT_PAYMENT
        & IS_HOURLY
        & (pl.col("event_start_date") <= day)
        & (pl.col("event_end_date").fill_null(day) >= day)
        & (pl.col("date_of_death").is_null())
    )
    hours = rows.select("who", *priced()).group_by("who").agg(pl.col("hours").sum())
    return hours.filter(pl.col("hours") > 0)


def change_table(changes: ReviewChanges) -> pl.DataFrame:
    """People whose hours went down, stayed or went up, and by how many hours a week: reviewed in between, or not."""
    change = pl.col("after") - pl.col("before")
    way = pl.when(change < 0).then(pl.lit("lowered")).when(change > 0).then(pl.lit("raised")).otherwise(pl.lit("same"))
    between = pl.when(pl.col("is_reviewed")).then(pl.lit("reviewed")).otherwise(pl.lit("not reviewed"))
    return (
        changes.people.group_by(between.alias("between"), way.alias("hours_were"))
        .agg(pl.len().cast(pl.Int64).alias("people"), pl.col("before").sum(), change.sum().alias("change"))
        .sort("between", "hours_were", descending=[True, False])
    )


def order_findings(book: Book, changes: ReviewChanges) -> list[Finding]:
    """What packages overdue for review would change by, if they changed as those reviewed did: either way.

    Nothing is said where the change cannot be told from none, or too few people were compared.
    """
    if changes.mean is None or changes.error is None or abs(changes.mean) <= NINETY_FIVE * changes.error:
        return []
    overdue = review_overdue(book).join(book.services.filter(_by_the_hour()).select("ref"), on="ref", how="semi")
    hours = float(overdue["hours"].sum())
    if not hours:
        return []
    low, high = (changes.mean + side * NINETY_FIVE * changes.error for side in (-1, 1))
    compared = int(changes.people["is_reviewed"].sum())
    reason = (
        f"hours of the {compared:,} people compared changed by {changes.mean:+.1%} where they were reviewed "
        f"({low:+.1%} to {high:+.1%}); the same for packages overdue for review"
    )
    people = overdue["who"].n_unique()
    pounds, amount = abs(changes.mean) * float(overdue["pounds"].sum()), abs(changes.mean) * hours
    rows = tuple(overdue["ref"].sort())
    if changes.mean < 0:
        return [
            Finding("likely_over_ordered", "packages overdue for review", reason, pounds, amount, people, LOW, rows)
        ]
    return [Finding("likely_under_ordered", "packages overdue for review", reason, pounds, amount, people, LOW, rows)]


def _by_the_hour() -> pl.Expr:
    return (pl.col("line") != "") & pl.col("is_hourly") & ~pl.col("is_direct_payment")


def double_handed(book: Book) -> pl.DataFrame:
    """Home care that looks double-handed and was never reviewed since it began, or not for as long as reviews are due.

    The return does not say how many workers come. Taken as signs: a price far above the usual one of an hour, and more
    hours than one worker's calls add up to.
    """
    hourly = book.open_services.filter(
        _by_the_hour() & (pl.col("component") == HOME_CARE) & pl.col("died").is_null() & pl.col("hours").is_not_null()
    )
    usual = hourly["price"].median()
    looks_double = (
        ((pl.col("price") >= book.number("double_price_ratio") * pl.lit(usual)) & pl.col("weekly").is_not_null())
        | (pl.col("hours").sum().over("who") > book.number("double_hours"))
    ).fill_null(False)
    is_reviewed = (pl.col("reviewed") >= pl.col("start")) & (
        pl.col("reviewed") >= pl.lit(book.last_day) - pl.duration(weeks=int(book.number("review_due_weeks")))
    )
    long_open = pl.col("start") < pl.lit(book.last_day) - pl.duration(weeks=int(book.number("settling_weeks")))
    found = hourly.filter(looks_double & ~is_reviewed.fill_null(False) & long_open)
    return cases_for_a_year("double_handed_unreviewed", found, LOW)

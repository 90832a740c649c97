"""Paid for and not needed: after death, beside a care home, in a long stay in hospital; and packages nobody reviewed.

Nothing here proves that money was paid: the return holds what was planned. It says where to look first.
"""

from datetime import date, timedelta

import polars as pl

from insource.compiled import on_columns
from insource.desk.contracts.book import CARE_HOME, Book, days_between
from insource.desk.contracts.cases import cases_for_a_year, cases_for_days
from insource.records.cld_mandatory import equals
from insource.rules.contract_terms import retained_days
from insource.units import DAYS_A_WEEK

HIGH, MEDIUM, LOW = "high", "medium", "low"
KEPT_DAYS = on_columns(retained_days)


def after_death(book: Book) -> pl.DataFrame:
    """Services that ran on for more than the days of grace after the person's death."""
    first_unneeded = pl.col("died") + pl.duration(days=int(book.number("death_grace_days")) + 1)
    services = book.services.filter(pl.col("died") <= book.last_day)
    ran_on = services.with_columns(days_between(first_unneeded, pl.col("end"), book).alias("days"))
    return cases_for_days("open_after_death", ran_on, HIGH)


def beside_care_home(book: Book) -> pl.DataFrame:
    """Care at home that ran on for more than the days of notice after a long-term place in a care home began."""
    homes = book.services.filter(pl.col("component").is_in(CARE_HOME) & pl.col("is_long_term"))
    began = homes.group_by("who").agg(
        pl.col("start").min().alias("moved"), pl.col("end").fill_null(book.last_day).max()
    )
    at_home = book.services.filter(pl.col("line") != "").join(
        began.rename({"end": "left_home"}), on="who", how="inner", maintain_order="left"
    )
    at_home = at_home.filter(pl.col("start") <= pl.col("moved"))
    first_unneeded = pl.col("moved") + pl.duration(days=int(book.number("notice_days")) + 1)
    last = pl.min_horizontal(pl.col("end").fill_null(book.last_day), "left_home", "died")
    return cases_for_days(
        "open_beside_care_home", at_home.with_columns(days_between(first_unneeded, last, book).alias("days")), MEDIUM
    )


def in_hospital(book: Book) -> pl.DataFrame:
    """Care at home open through a long stay in hospital, beyond the days for which a place is kept.

    The return says who was admitted (an event with that outcome), not when they came home. A stay is taken to last
    until the person's next event of any kind, their death, or the end of the period: it may be shorter than it looks.
    """
    days = pl.col("event_start_date")
    next_event = book.events.select("who", days.alias("next_event")).sort("next_event")
    admitted = (
        book.events.filter(equals("event_outcome", "Admitted to hospital"))
        .select("who", pl.coalesce("event_end_date", "event_start_date").alias("admitted"))
        .unique()
        .sort("admitted")
        .with_columns(day_after=pl.col("admitted") + pl.duration(days=1))
        .join_asof(
            next_event,
            left_on="day_after",
            right_on="next_event",
            by="who",
            strategy="forward",
            check_sortedness=False,
        )
    )
    at_home = book.services.filter(pl.col("line") != "").join(admitted, on="who", how="inner", maintain_order="left")
    last = pl.min_horizontal(pl.col("end"), pl.col("next_event") - pl.duration(days=1), "died", pl.lit(book.last_day))
    stays = (
        at_home.filter((pl.col("start") <= pl.col("admitted")) & (last > pl.col("admitted")))
        .with_columns(away=(last - pl.col("admitted")).dt.total_days().cast(pl.Float64), back=last)
        .filter(pl.col("away") >= book.number("long_stay_days"))
    )
    kept = KEPT_DAYS(0.0, stays["away"].to_numpy(), book.number("hospital_paid_days"))
    stays = stays.with_columns(pl.Series("kept", kept, dtype=pl.Float64).cast(pl.Int64))
    first_unneeded = pl.col("admitted") + pl.duration(days=pl.col("kept") + 1)
    longest = stays.with_columns(days_between(first_unneeded, pl.col("back"), book).alias("days"))
    return cases_for_days("open_in_hospital", longest.unique(["ref", "admitted"], maintain_order=True), LOW)


def review_overdue(book: Book) -> pl.DataFrame:
    """Open long-term services of people whose care began, and who were last reviewed or assessed, too long ago.

    Someone without any review in the files is overdue only if the files go back far enough to hold it.
    """
    due = book.last_day - timedelta(weeks=int(book.number("review_due_weeks")))
    reaches_back = book.weeks_covered >= int(book.number("review_due_weeks"))
    is_overdue = (pl.col("reviewed") < due) | (pl.col("reviewed").is_null() & pl.lit(reaches_back))
    services = book.open_services.filter(pl.col("is_long_term") & is_overdue & _began_before(due) & _is_alive())
    has_reviews = book.services["reviewed"].is_not_null().any()
    return cases_for_a_year("review_overdue", services, HIGH if has_reviews else LOW)


def _began_before(day: date) -> pl.Expr:
    return pl.col("start").min().over("who") < day


def _is_alive() -> pl.Expr:
    return pl.col("died").is_null()


def review_ages(book: Book) -> pl.DataFrame:
    """People with an open long-term service by how long ago they were last reviewed or assessed."""
    weeks = pl.col("since") // DAYS_A_WEEK
    people = (
        book.open_services.filter(pl.col("is_long_term") & _is_alive())
        .group_by("who")
        .agg(pl.col("reviewed").first(), pl.col("weekly").sum(), pl.col("start").min())
        .with_columns(since=(pl.lit(book.last_day) - pl.col("reviewed")).dt.total_days())
    )
    bands = ("up to half a year", "half a year to a year", "one to two years", "over two years", "none in the files")
    band = (
        pl.when(weeks.is_null())
        .then(pl.lit(bands[4]))
        .when(weeks < 26)
        .then(pl.lit(bands[0]))
        .when(weeks < 52)
        .then(pl.lit(bands[1]))
        .when(weeks < 104)
        .then(pl.lit(bands[2]))
        .otherwise(pl.lit(bands[3]))
    )
    found = people.group_by(band.alias("reviewed")).agg(pl.len().cast(pl.Int64).alias("people"), pl.col("weekly").sum())
    order = pl.DataFrame({"reviewed": bands})
    return order.join(found, on="reviewed", how="left", maintain_order="left").with_columns(
        pl.col("people").fill_null(0), (pl.col("weekly").fill_null(0.0) * 52).alias("pounds")
    )

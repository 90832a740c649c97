"""Who provides: how many at once, how often they change, what fails and what is handed back.

Continuity here is that of the provider, not of the worker, whom the return does not know.
"""

from datetime import date

import polars as pl

from insource.compiled import on_columns
from insource.desk.contracts.book import NO_PROVIDER, Book
from insource.desk.contracts.cases import cases_for_a_year
from insource.desk.contracts.not_needed import HIGH, LOW, MEDIUM
from insource.desk.result import Finding
from insource.records.cld_mandatory import equals
from insource.rules.fragmentation import links, usual_worker_share
from insource.units import WEEKS_A_YEAR

USUAL_SHARE, PAIRS = on_columns(usual_worker_share), on_columns(links)
FAILURE = "Unplanned - Provider Failure"
COMMISSIONING = "Unplanned - Change in Commissioning arrangements"


def at_home(book: Book) -> pl.DataFrame:
    """Care at home that the council arranges and whose provider is recorded."""
    return book.services.filter(
        (pl.col("line") != "") & ~pl.col("is_direct_payment") & (pl.col("provider") != NO_PROVIDER)
    )


def providers_of_people(book: Book) -> pl.DataFrame:
    """Each person with care at home open: providers at once, over the year, the share of hours of the usual one."""
    services = at_home(book)
    in_year = services.filter(pl.col("end").is_null() | (pl.col("end") >= book.first_day))
    now = services.filter("is_open").group_by("who", "provider").agg(pl.col("hours").sum(), pl.col("weekly").sum())
    people = now.group_by("who").agg(
        pl.len().cast(pl.Int64).alias("at_once"),
        pl.col("hours").max().alias("most"),
        pl.col("hours").sum().alias("hours"),
        pl.col("weekly").sum(),
    )
    year = in_year.group_by("who").agg(pl.col("provider").n_unique().cast(pl.Int64).alias("in_year"))
    share = USUAL_SHARE(people["most"].to_numpy().astype(float), people["hours"].to_numpy())
    pairs = PAIRS(people["at_once"].to_numpy().astype(float))
    return (
        people.with_columns(pl.Series("usual_share", share), pl.Series("pairs", pairs))
        .join(year, on="who", how="left")
        .join(changes(book).group_by("who").agg(pl.len().cast(pl.Int64).alias("changes")), on="who", how="left")
        .with_columns(pl.col("changes").fill_null(0))
        .sort("who")
    )


def changes(book: Book) -> pl.DataFrame:
    """Changes of provider within the year: a service ended, and one of the same kind by another began soon before or
    after. Columns: who, component, provider (the one left), next_provider, ended, weekly, hours, start, ref."""
    services = at_home(book)
    ended = services.filter(pl.col("end").is_between(book.first_day, book.last_day) & pl.col("died").is_null())
    gap = pl.duration(days=int(book.number("change_gap_days")))
    began = services.select(
        "who", "component", pl.col("provider").alias("next_provider"), pl.col("start").alias("began")
    )
    return (
        ended.join(began, on=["who", "component"], how="inner", maintain_order="left")
        .filter(
            (pl.col("provider") != pl.col("next_provider"))
            & (pl.col("began") > pl.col("start"))
            & (pl.col("began") >= pl.col("end") - gap)
            & (pl.col("began") <= pl.col("end") + gap)
        )
        .sort("who", "end", "began", "next_provider", "ref")
        .unique("ref", keep="first", maintain_order=True)
    )


def many_hands(book: Book) -> list[pl.DataFrame]:
    """Cases of people with many providers at once, and of people whose provider changed often in the year."""
    people = providers_of_people(book)
    services = at_home(book).filter("is_open")
    many = people.filter(pl.col("at_once") >= book.number("many_providers"))
    often = people.filter(pl.col("changes") >= book.number("many_changes"))
    return [
        cases_for_a_year("many_providers", services.join(many, on="who", how="semi", maintain_order="left"), HIGH),
        cases_for_a_year("many_changes", services.join(often, on="who", how="semi", maintain_order="left"), MEDIUM),
    ]


def failure_findings(book: Book) -> list[Finding]:
    """Reviews held because a provider failed, or because commissioning changed, by the provider of the day."""
    found = []
    for code, reason, why in (
        ("provider_failure_review", FAILURE, "reviewed because the provider failed"),
        ("commissioning_review", COMMISSIONING, "reviewed because commissioning arrangements changed"),
    ):
        reviews = book.events.filter(
            equals("event_type", "Review")
            & equals("review_reason", reason)
            & (pl.coalesce("event_end_date", "event_start_date") >= book.first_day)
        ).select("who", pl.col("event_start_date").alias("day"), pl.col("ref").alias("review"))
        services = at_home(book).join(reviews, on="who", how="inner", maintain_order="left")
        gap = pl.duration(days=int(book.number("change_gap_days")))
        of_the_day = services.filter(
            (pl.col("start") <= pl.col("day")) & (pl.col("end").is_null() | (pl.col("end") >= pl.col("day") - gap))
        )
        others = reviews.join(of_the_day, on="review", how="anti")
        found += _by_provider(code, of_the_day, why)
        if others.height:
            rows = tuple(others["review"].sort())
            people = others["who"].n_unique()
            found.append(Finding(code, NO_PROVIDER, why, None, None, people, HIGH, rows))
    return found


def _by_provider(code: str, services: pl.DataFrame, why: str) -> list[Finding]:
    table = services.group_by("provider").agg(
        pl.col("who").n_unique().alias("people"),
        (pl.col("weekly").sum() * WEEKS_A_YEAR).round(2).alias("pounds"),
        (pl.col("hours").sum() * WEEKS_A_YEAR).round(2).alias("hours"),
        pl.col("review").unique().sort(),
    )
    return [
        Finding(code, row["provider"], why, row["pounds"], row["hours"], row["people"], HIGH, tuple(row["review"]))
        for row in table.sort("people", "provider", descending=[True, False]).iter_rows(named=True)
    ]


def hand_backs(book: Book) -> list[Finding]:
    """Providers from which many people went to others within a few weeks: packages handed back, or a contract moved."""
    window, fewest = int(book.number("hand_back_days")), int(book.number("hand_back_people"))
    found = []
    moved = changes(book).sort("provider", "end", "who")
    for (provider,), rows in moved.group_by(["provider"], maintain_order=True):
        best = max(
            (rows.filter(pl.col("end").is_between(day, day + pl.duration(days=window - 1))) for day in _days(rows)),
            key=lambda part: part["who"].n_unique(),
        )
        people = best["who"].n_unique()
        if people < fewest:
            continue
        first, last = best["end"].min(), best["end"].max()
        assert isinstance(first, date)
        assert isinstance(last, date)
        reason = f"packages that went to other providers between {first:%d/%m/%Y} and {last:%d/%m/%Y}"
        pounds = round(float(best["weekly"].sum()) * WEEKS_A_YEAR, 2)
        hours = round(float(best["hours"].sum()) * WEEKS_A_YEAR, 2)
        rows_ = tuple(best["ref"].unique().sort())
        found.append(Finding("packages_moved", str(provider), reason, pounds, hours, people, LOW, rows_))
    return sorted(found, key=lambda one: (-(one.people or 0), one.subject))


def _days(rows: pl.DataFrame) -> list[pl.Expr]:
    return [pl.lit(day) for day in rows["end"].unique().sort()]


def hands_table(people: pl.DataFrame) -> pl.DataFrame:
    """People with care at home by how many providers they have at once."""
    return (
        people.group_by("at_once")
        .agg(
            pl.len().cast(pl.Int64).alias("people"),
            pl.col("in_year").mean().alias("in_year"),
            pl.col("changes").mean().alias("changes"),
            pl.col("usual_share").mean().alias("usual_share"),
            pl.col("pairs").first().alias("pairs"),
            (pl.col("weekly").sum() * WEEKS_A_YEAR).alias("pounds"),
        )
        .sort("at_once")
    )

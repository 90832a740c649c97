"""Who owns the suppliers, how the CQC rates them, how old the ratings are, and how much goes where there is none."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from insource.desk.market.matching import DECIDED, TAKEN
from insource.records.cqc_locations import UNRATED

NOT_MATCHED = "not matched"
DAYS_A_YEAR = 365.25


def places_of(matches: pl.DataFrame, locations: pl.DataFrame, areas: Sequence[str]) -> pl.DataFrame:
    """The locations of each matched supplier: the one it is named after, else those of its provider (those in the
    council's area, if it has any there). `share` is one over their number."""
    used = matches.filter(pl.col("state").is_in([TAKEN, DECIDED])).rename({"name": "matched_name"})
    places = locations.with_columns(
        pl.coalesce("provider_id", "provider").alias("identity"),
        pl.col("area").fill_null("").str.to_lowercase().is_in([area.lower() for area in areas]).alias("is_near"),
    )
    named = used.filter(pl.col("location_id") != "").select("supplier", "matched_name", "location_id")
    by_name = named.join(places, on="location_id")
    whole = used.filter(pl.col("location_id") == "").select(
        "supplier", "matched_name", pl.col("provider_id").alias("identity")
    )
    by_provider = whole.join(places, on="identity")
    has_near = pl.col("is_near").any().over("supplier")
    by_provider = by_provider.filter(pl.col("is_near") | ~has_near)
    both = pl.concat([by_name, by_provider], how="diagonal")
    return both.with_columns((1 / pl.len().over("supplier")).alias("share")).sort("supplier", "location_id")


def spend_by(paid: pl.DataFrame, places: pl.DataFrame, by: str) -> pl.DataFrame:
    """Stream, `by` ("owner" or "rating"), pounds, share of the stream, suppliers. `paid`: stream, key, pounds."""
    each = places.select(pl.col("supplier").alias("key"), by, "share")
    joined = paid.join(each, on="key", how="left").with_columns(
        pl.col(by).fill_null(NOT_MATCHED), (pl.col("pounds") * pl.col("share").fill_null(1.0)).alias("part")
    )
    sums = joined.group_by("stream", by).agg(
        pl.col("part").sort().sum().alias("pounds"), pl.col("key").n_unique().alias("suppliers")
    )
    share = pl.col("pounds") / pl.col("pounds").sum().over("stream")
    return sums.with_columns(share.alias("share")).sort(["stream", "pounds", by], descending=[False, True, False])


def with_age(places: pl.DataFrame, today: date) -> pl.DataFrame:
    """Adds `age_years` of the rating; null where there is no rating or no date."""
    days = (pl.lit(today) - pl.col("published")).dt.total_days()
    return places.with_columns(
        pl.when((pl.col("rating") != UNRATED) & (days >= 0)).then(days / DAYS_A_YEAR).alias("age_years")
    )


def ratings(paid: pl.DataFrame, places: pl.DataFrame, today: date, old_years: float) -> pl.DataFrame:
    """For each stream: pounds matched, locations, share of matched pounds that goes to locations not rated, to ratings
    that are old, and the mean age of ratings in years (by pounds)."""
    aged = with_age(places, today).select(
        pl.col("supplier").alias("key"), "location_id", "rating", "age_years", "share"
    )
    joined = paid.join(aged, on="key").with_columns((pl.col("pounds") * pl.col("share")).alias("part"))
    known = pl.col("age_years").is_not_null()
    part = pl.col("part")
    return (
        joined.group_by("stream")
        .agg(
            part.sum().alias("pounds"),
            pl.col("location_id").n_unique().alias("locations"),
            (part.filter(pl.col("rating") == UNRATED).sum() / part.sum()).alias("unrated_share"),
            (part.filter(pl.col("age_years") >= old_years).sum() / part.sum()).alias("old_share"),
            ((part * pl.col("age_years")).filter(known).sum() / part.filter(known).sum()).alias("mean_age_years"),
        )
        .sort("stream")
    )

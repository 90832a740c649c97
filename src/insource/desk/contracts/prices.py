"""What like care costs: the spread of prices, who is dear or cheap, prices that stand alone or cannot cover pay.

Like care is the same component of service, by the hour or by the week, for people of the same age group; an hour of
care at home also in the same postcode district, where there are enough of them.
"""

import polars as pl

from insource.desk.contracts.book import NO_PROVIDER, OLDER, Book
from insource.desk.contracts.cases import cases_of
from insource.desk.contracts.not_needed import HIGH, LOW, MEDIUM
from insource.desk.result import Finding
from insource.records.cld_checks import LIKELY_HOURLY_POUNDS
from insource.units import PENCE_A_POUND, WEEKS_A_YEAR

TO_SD = 1.4826
"""Median absolute deviation to standard deviation, for normal values."""
MEAN_TO_SD = 1.2533
"""Mean absolute deviation to standard deviation; used where more than half of the prices are equal."""
LEAST_AWAY = 0.1
"""A price within a tenth of the usual one is no outlier, however alike the others are: a judgement."""


def alike(book: Book) -> pl.DataFrame:
    """Open services that the council arranges, with a price, the group they are alike with, and its median price."""
    services = book.open_services.filter(
        pl.col("price").is_not_null()
        & (pl.col("price") > 0)
        & pl.col("weekly").is_not_null()
        & (pl.col("weekly") > 0)
        & ~pl.col("is_direct_payment")
    )
    age = pl.when(pl.col("age") >= OLDER).then(pl.lit("65 and over")).otherwise(pl.lit("18 to 64"))
    unit = pl.when(pl.col("is_hourly")).then(pl.lit("hour")).otherwise(pl.lit("week"))
    kind = pl.format("{}, {}, a {}", "component", age.alias("age_group"), unit.alias("unit"))
    services = services.with_columns(kind.alias("kind"), unit.alias("unit"))
    place = pl.format("{}, {}", "kind", "district")
    is_local = pl.col("is_hourly") & (pl.col("line") != "") & (pl.col("district") != "")
    many = pl.len().over("kind", "district") >= book.number("fewest_alike")
    services = services.with_columns(pl.when(is_local & many).then(place).otherwise(pl.col("kind")).alias("group"))
    median = pl.col("price").median().over("group").alias("usual")
    enough = pl.len().over("group") >= book.number("fewest_alike")
    return services.with_columns(median).filter(enough)


def spread_table(like: pl.DataFrame) -> pl.DataFrame:
    """For each group of like care: people, providers, lowest tenth, median and highest tenth, and what more costs."""
    units = pl.col("weekly") / pl.col("price")
    above = ((pl.col("price") - pl.col("usual")).clip(0) * units).sum() * WEEKS_A_YEAR
    return (
        like.group_by("group")
        .agg(
            pl.col("who").n_unique().cast(pl.Int64).alias("people"),
            pl.col("provider").n_unique().cast(pl.Int64).alias("providers"),
            pl.col("price").quantile(0.1).alias("low"),
            pl.col("price").median().alias("median"),
            pl.col("price").quantile(0.9).alias("high"),
            above.alias("above"),
            (pl.col("weekly").sum() * WEEKS_A_YEAR).alias("pounds"),
        )
        .with_columns((pl.col("high") / pl.col("low")).alias("ratio"))
        .sort("above", "group", descending=[True, False])
    )


def price_findings(book: Book, like: pl.DataFrame) -> list[Finding]:
    """Providers that cost more, or less, than the median of like care by more than the set share, all in all."""
    units = pl.col("weekly") / pl.col("price")
    by_provider = (
        like.filter(pl.col("provider") != NO_PROVIDER)
        .with_columns(usual_weekly=pl.col("usual") * units)
        .group_by("provider")
        .agg(
            pl.col("weekly").sum(),
            pl.col("usual_weekly").sum(),
            pl.col("who").n_unique().alias("people"),
            pl.col("hours").sum(),
            pl.col("ref").sort(),
        )
        .with_columns(away=pl.col("weekly") / pl.col("usual_weekly") - 1)
        .sort("provider")
    )
    found = []
    for row in by_provider.iter_rows(named=True):
        if abs(row["away"]) <= book.number("dear_share"):
            continue
        pounds = round(abs(row["weekly"] - row["usual_weekly"]) * WEEKS_A_YEAR, 2)
        hours = round(row["hours"] * WEEKS_A_YEAR, 2) or None
        reason = f"all in all {abs(row['away']):.1%} {'above' if row['away'] > 0 else 'below'} the median of like care"
        about = (row["provider"], reason, pounds, hours, row["people"], MEDIUM, tuple(row["ref"]))
        found.append(
            Finding("dear_for_like_care", *about) if row["away"] > 0 else Finding("cheap_for_like_care", *about)
        )
    return sorted(found, key=lambda one: (one.code, -(one.pounds or 0.0), one.subject))


def outliers(book: Book, like: pl.DataFrame) -> pl.DataFrame:
    """Single services whose price stands far from those of like care, and hourly prices that cannot be right.

    Far: more than `outlier_distance` robust standard deviations of the logarithm, and a tenth, from the median.
    """
    log_price = pl.col("price").log()
    middle = log_price.median().over("group")
    away = (log_price - middle).abs()
    by_median, by_mean = TO_SD * away.median().over("group"), MEAN_TO_SD * away.mean().over("group")
    scale = pl.when(by_median > 0).then(by_median).otherwise(by_mean)
    is_far = (away > book.number("outlier_distance") * scale) & (away > LEAST_AWAY)
    units = pl.col("weekly") / pl.col("price")
    far = cases_of(
        "price_outlier",
        like.filter(is_far),
        MEDIUM,
        ((pl.col("price") - pl.col("usual")).abs() * units * WEEKS_A_YEAR).round(2),
    )
    low, high = LIKELY_HOURLY_POUNDS
    unlikely = book.open_services.filter(
        pl.col("is_hourly") & (pl.col("price") > 0) & ~pl.col("price").is_between(low, high)
    )
    return pl.concat([far, cases_of("price_outlier", unlikely, HIGH, pl.lit(None, pl.Float64))])


def below_pay(book: Book) -> pl.DataFrame:
    """Hours at home priced below what an hour costs in pay at the wage floor and what pay brings with it."""
    least = book.number("wage_floor_pence") / PENCE_A_POUND * book.number("employment_cost_ratio")
    hourly = book.open_services.filter(
        pl.col("is_hourly")
        & (pl.col("line") != "")
        & ~pl.col("is_direct_payment")
        & pl.col("weekly").is_not_null()
        & (pl.col("price") > 0)
        & (pl.col("price") < least)
    )
    short = ((pl.lit(least) - pl.col("price")) * pl.col("hours") * WEEKS_A_YEAR).round(2)
    return cases_of("price_below_pay", hourly, LOW, short)

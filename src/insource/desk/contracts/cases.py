"""Cases: single services for which something was found, and the findings made from them, one for each provider."""

import polars as pl

from insource.desk.result import Finding
from insource.units import DAYS_A_WEEK, WEEKS_A_YEAR

CASE_COLUMNS = {
    "code": pl.String,
    "who": pl.String,
    "provider": pl.String,
    "component": pl.String,
    "start": pl.Date,
    "days": pl.Float64,
    "pounds": pl.Float64,
    "hours": pl.Float64,
    "confidence": pl.String,
    "ref": pl.String,
}
NO_CASES = pl.DataFrame(schema=CASE_COLUMNS)


def cases_for_days(code: str, services: pl.DataFrame, confidence: str) -> pl.DataFrame:
    """Cases that cost what the service costs for a number of days (column `days`); none where there are no days."""
    share = pl.col("days") / DAYS_A_WEEK
    found = services.filter(pl.col("days") > 0)
    return _cases(code, found, confidence, pl.col("weekly") * share, pl.col("hours") * share)


def cases_for_a_year(code: str, services: pl.DataFrame, confidence: str) -> pl.DataFrame:
    """Cases that are worth what the service costs in a year as it stands."""
    found = services.with_columns(days=pl.lit(None, pl.Float64))
    return _cases(code, found, confidence, pl.col("weekly") * WEEKS_A_YEAR, pl.col("hours") * WEEKS_A_YEAR)


def cases_of(code: str, services: pl.DataFrame, confidence: str, pounds: pl.Expr) -> pl.DataFrame:
    """Cases worth an amount of their own."""
    found = services.with_columns(days=pl.lit(None, pl.Float64))
    return _cases(code, found, confidence, pounds, pl.col("hours") * WEEKS_A_YEAR)


def _cases(code: str, services: pl.DataFrame, confidence: str, pounds: pl.Expr, hours: pl.Expr) -> pl.DataFrame:
    return services.select(
        pl.lit(code).alias("code"),
        *(pl.col(name) for name in ("who", "provider", "component", "start")),
        pl.col("days").cast(pl.Float64),
        pounds.cast(pl.Float64).alias("pounds"),
        hours.cast(pl.Float64).alias("hours"),
        pl.lit(confidence).alias("confidence"),
        pl.col("ref"),
    ).sort("who", "start", "component", "provider", "ref")


def findings_of(cases: pl.DataFrame, reason: str) -> list[Finding]:
    """One finding for each provider, those with most pounds first."""
    found = cases.group_by("code", "provider", "confidence").agg(
        pl.col("pounds").sum().round(2),
        pl.col("pounds").is_not_null().any().alias("has_pounds"),
        pl.col("hours").sum().round(2),
        pl.col("hours").is_not_null().any().alias("has_hours"),
        pl.col("who").n_unique().alias("people"),
        pl.col("ref").sort(),
    )
    return [
        Finding(
            row["code"],
            row["provider"],
            reason,
            row["pounds"] if row["has_pounds"] else None,
            row["hours"] if row["has_hours"] else None,
            row["people"],
            row["confidence"],
            tuple(row["ref"]),
        )
        for row in found.sort("pounds", "provider", descending=[True, False]).iter_rows(named=True)
    ]

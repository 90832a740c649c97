"""Who depends on whom: the council on its largest suppliers, and suppliers on the council.

A supplier's income is not in payments. It is taken from the user's file of decisions where it stands there; for care
homes found in the CQC's register, the beds that the payments would fill at the usual price are set against the beds.
"""

from collections.abc import Mapping

import polars as pl

from insource.desk.market.suppliers import Paid, is_named, is_told_apart
from insource.records.market_decisions import Decision
from insource.units import PENCE_A_POUND, WEEKS_A_YEAR

SOURCES = {"turnover": "income given by you", "beds": "beds paid for, at the usual price, over beds registered"}


def table(
    paid: Paid, decisions: Mapping[str, Decision], places: pl.DataFrame | None, bed_week_pounds: float
) -> pl.DataFrame:
    """Each named supplier and stream in the last twelve months.

    Stream, key, name, pounds, share of the stream, months with a payment, share of its income from the council (all
    streams), and how that was worked out.
    """
    rows = paid.last_year()
    whole = rows.group_by("stream").agg(pl.col("pence").sum().alias("whole"))
    each = (
        rows.filter(is_told_apart() & is_named())
        .group_by("stream", "key", "name")
        .agg(pl.col("pence").sum(), pl.col("month").n_unique().alias("months"), pl.len().alias("rows"))
        .filter(pl.col("pence") > 0)
        .join(whole, on="stream")
    )
    every = each.group_by("key").agg(pl.col("pence").sum().alias("all_pence"))
    turnovers = {key: one.turnover_pounds for key, one in decisions.items() if one.turnover_pounds}
    incomes = pl.DataFrame(
        {"key": list(turnovers), "turnover": list(turnovers.values())},
        schema={"key": pl.String, "turnover": pl.Float64},
    )
    beds = pl.DataFrame(schema={"key": pl.String, "beds": pl.Int64})
    if places is not None:
        is_home = pl.col("is_care_home") | pl.col("is_nursing_home")
        beds = (
            places.filter(is_home & (pl.col("beds") > 0))
            .group_by(pl.col("supplier").alias("key"))
            .agg(pl.col("beds").sum())
        )
    joined = each.join(every, on="key").join(incomes, on="key", how="left").join(beds, on="key", how="left")
    council = pl.col("all_pence") / PENCE_A_POUND
    filled = council / (pl.col("beds") * WEEKS_A_YEAR * bed_week_pounds)
    return joined.select(
        *("stream", "key", "name"),
        (pl.col("pence") / PENCE_A_POUND).alias("pounds"),
        (pl.col("pence") / pl.col("whole")).alias("stream_share"),
        "months",
        pl.coalesce(council / pl.col("turnover"), filled).alias("income_share"),
        pl.when(pl.col("turnover").is_not_null())
        .then(pl.lit(SOURCES["turnover"]))
        .when(pl.col("beds").is_not_null())
        .then(pl.lit(SOURCES["beds"]))
        .alias("how"),
        "rows",
    ).sort(["pounds", "stream", "key"], descending=[True, False, False])

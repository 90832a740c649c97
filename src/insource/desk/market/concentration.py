"""Spend by stream, month and year, and how much of it goes to how few.

Concentration index (Herfindahl-Hirschman): the sum of squared shares in per cent, 10,000 where one supplier has all and
10,000 / n where n have the same. Shares are of net spend with suppliers who received more than nothing; payees who
cannot be told apart are left out of it.
"""

import polars as pl

from insource.desk.market.suppliers import Paid, is_told_apart
from insource.units import PENCE_A_POUND

WHOLE = 10_000
FIVE = 5


def hhi(pounds: pl.Series) -> float:
    """The index of these amounts; 0 if there are none above nothing."""
    positive = pounds.filter(pounds > 0).cast(pl.Float64).sort()
    total = positive.sum()
    return float(((positive / total) ** 2).sum() * WHOLE) if total > 0 else 0.0


def top_share(pounds: pl.Series, suppliers: int = FIVE) -> float:
    """The share of the largest so many."""
    positive = pounds.filter(pounds > 0).sort(descending=True)
    total = float(positive.sum())
    return float(positive.head(suppliers).sum()) / total if total > 0 else 0.0


def by_month(paid: Paid) -> pl.DataFrame:
    """Stream, month, pounds, payments, suppliers."""
    return (
        paid.frame.group_by("stream", "month")
        .agg(
            (pl.col("pence").sum() / PENCE_A_POUND).alias("pounds"),
            pl.col("lines").sum().alias("payments"),
            pl.col("key").filter(is_told_apart()).n_unique().alias("suppliers"),
        )
        .sort("stream", "month")
    )


def by_supplier_year(paid: Paid) -> pl.DataFrame:
    """Stream, year, key, name, pence, lines: complete years only."""
    rows = paid.frame.filter(pl.col("year").is_in(paid.years()))
    return (
        rows.group_by("stream", "year", "key", "name")
        .agg(pl.col("pence").sum(), pl.col("lines").sum())
        .sort("stream", "year", "key")
    )


def by_year(paid: Paid) -> pl.DataFrame:
    """Stream, year, label, pounds, suppliers, hhi, equal_suppliers, top_five_share, untold_pounds.

    So many suppliers of one size would give the same index: 10,000 / index.
    """
    rows = []
    sums = by_supplier_year(paid)
    for (stream, year), part in sums.group_by("stream", "year", maintain_order=True):
        apart = part.filter(is_told_apart() & (pl.col("pence") > 0))
        index = hhi(apart["pence"])
        rows.append(
            {
                "stream": str(stream),
                "year": int(str(year)),
                "label": paid.label(int(str(year))),
                "pounds": part["pence"].sum() / PENCE_A_POUND,
                "suppliers": apart.height,
                "hhi": index,
                "equal_suppliers": WHOLE / index if index else 0.0,
                "top_five_share": top_share(apart["pence"]),
                "untold_pounds": part.filter(~is_told_apart())["pence"].sum() / PENCE_A_POUND,
            }
        )
    schema = {"stream": pl.String, "year": pl.Int64, "label": pl.String, "pounds": pl.Float64, "suppliers": pl.Int64}
    schema |= dict.fromkeys(("hhi", "equal_suppliers", "top_five_share", "untold_pounds"), pl.Float64)
    return pl.DataFrame(rows, schema=schema).sort("stream", "year")

"""Price pressure: how payments to the same supplier grow, beside the wage floor.

Published payments give no hours, so no price. What can be followed is the pounds of a payment to the same supplier from
one year to the next: price and amount of care together. The weighted median over suppliers leaves out those whose mix
changed much; the chain of medians is the index. It lags or leads the wage floor; it does not say why.
"""

import csv
from collections.abc import Sequence
from datetime import date
from importlib.resources import files

import numpy as np
import polars as pl

from insource.desk.market.concentration import by_supplier_year
from insource.desk.market.suppliers import Paid, is_named, is_told_apart
from insource.desk.resampling import interval

BASE = 100.0
REDRAWS, SEED = 1000, 1
FEWEST_REDRAWN = 5
"""With fewer suppliers compared, redrawing them says nothing."""


def wage_floor() -> dict[date, float]:
    """The adult rate of the minimum wage, National Living Wage from 2016, in pence an hour by its first day."""
    text = files("insource").joinpath("data/desk/wage_floor.csv").read_text(encoding="utf-8")
    return {date.fromisoformat(row["from"]): float(row["pence"]) for row in csv.DictReader(text.splitlines())}


def floor_of_year(year: int, first_month: int) -> float | None:
    """The mean over the twelve months of a year; None where the rates are not known."""
    rates = wage_floor()
    months = [
        date(year + (first_month - 1 + month) // 12, (first_month - 1 + month) % 12 + 1, 1) for month in range(12)
    ]
    if months[0] < min(rates) or year > max(rates).year:
        return None
    return sum(rates[max(day for day in rates if day <= month)] for month in months) / len(months)


def weighted_median(values: pl.Series, weights: pl.Series) -> float:
    """The value at which half of the weight lies below."""
    table = pl.DataFrame({"value": values, "weight": weights.cast(pl.Float64)}).sort("value", "weight")
    half = table["weight"].sum() / 2
    return float(table.filter(pl.col("weight").cum_sum() >= half)["value"][0])


def pairs_of_years(paid: Paid, fewest_payments: float) -> pl.DataFrame:
    """A row for each supplier that was paid in a year and the one before: growth of a payment, and its weight (the
    pounds of both years)."""
    sums = by_supplier_year(paid).filter(
        is_told_apart() & is_named() & (pl.col("pence") > 0) & (pl.col("lines") >= fewest_payments)
    )
    before = sums.select(
        "stream",
        "key",
        (pl.col("year") + 1).alias("year"),
        pl.col("pence").alias("old"),
        pl.col("lines").alias("old_lines"),
    )
    return sums.join(before, on=["stream", "key", "year"]).with_columns(
        ((pl.col("pence") / pl.col("lines")) / (pl.col("old") / pl.col("old_lines"))).alias("ratio"),
        (pl.col("pence") + pl.col("old")).alias("weight"),
    )


def growth_interval(pairs: pl.DataFrame, years: Sequence[int]) -> tuple[float, float]:
    """The 95% interval of the growth over these years together: suppliers of one stream redrawn from themselves, each
    with all its years. Says how much hangs on a few suppliers, not how sure it is that growth is price."""
    keys = pairs["key"].unique().sort()
    luck = np.random.Generator(np.random.PCG64(SEED))
    counts = luck.multinomial(len(keys), np.full(len(keys), 1 / len(keys)), size=REDRAWS)
    number = dict(zip(keys.to_list(), range(len(keys)), strict=True))
    growth = np.ones(REDRAWS)
    for year in years:
        part = pairs.filter(pl.col("year") == year).sort("ratio", "weight", "key")
        drawn = counts[:, [number[key] for key in part["key"].to_list()]] * part["weight"].to_numpy().astype(float)
        so_far = np.cumsum(drawn, axis=1)
        middle = (so_far >= so_far[:, -1:] / 2).argmax(axis=1)
        growth *= np.where(so_far[:, -1] > 0.0, part["ratio"].to_numpy()[middle], np.nan)
    return interval(growth)


def index(paid: Paid, fewest_payments: float) -> pl.DataFrame:
    """Stream, year, label, suppliers compared, their share of pounds, growth, index (first year 100).

    And the wage floor's index from the same year. A stream begins again where two years cannot be compared.
    """
    every = by_supplier_year(paid).group_by("stream", "year").agg(pl.col("pence").sum().alias("whole"))
    pairs = pairs_of_years(paid, fewest_payments)
    found = []
    for stream in paid.streams():
        level, base_floor = BASE, None
        for year in paid.years():
            floor = floor_of_year(year, paid.first_month_of_year)
            base_floor = base_floor or floor
            part = pairs.filter((pl.col("stream") == stream) & (pl.col("year") == year))
            whole = float(every.filter((pl.col("stream") == stream) & (pl.col("year") == year))["whole"].sum())
            growth = weighted_median(part["ratio"], part["weight"]) - 1 if part.height else None
            level = level * (1 + growth) if growth is not None else BASE
            found.append(
                {
                    "stream": stream,
                    "year": year,
                    "label": paid.label(year),
                    "compared": part.height,
                    "compared_share": float(part["pence"].sum()) / whole if whole > 0 else None,
                    "growth": growth,
                    "index": level,
                    "floor_index": BASE * floor / base_floor if floor and base_floor else None,
                }
            )
    schema = {"stream": pl.String, "year": pl.Int64, "label": pl.String, "compared": pl.Int64}
    schema |= dict.fromkeys(("compared_share", "growth", "index", "floor_index"), pl.Float64)
    return pl.DataFrame(found, schema=schema)

"""Who came, who went, and how large they were.

A supplier comes in a year if it is paid then and was not the year before; it goes if it is not paid in the year after.
Only complete years are compared. A new number for an old supplier under a new name looks like both.
"""

import polars as pl

from insource.desk.market.concentration import by_supplier_year
from insource.desk.market.suppliers import Paid, is_named, is_told_apart
from insource.units import PENCE_A_POUND


def by_year(paid: Paid) -> pl.DataFrame:
    """Stream, year, label, then of those who came and of those who went: number, share of suppliers, pounds, share of
    pounds, mean pounds. Null where the year before or after is not complete."""
    years = set(paid.years())
    sums = by_supplier_year(paid).filter(is_told_apart() & (pl.col("pence") > 0))
    found = []
    for stream in paid.streams():
        keys = {year: part for (year,), part in sums.filter(pl.col("stream") == stream).group_by("year")}
        for year in sorted(keys):
            here = keys[year]
            line: dict[str, object] = {"stream": stream, "year": year, "label": paid.label(int(str(year)))}
            line |= _change(here, keys.get(year - 1) if year - 1 in years else None, "came")
            line |= _change(here, keys.get(year + 1) if year + 1 in years else None, "went")
            found.append(line)
    schema: dict[str, type[pl.DataType]] = {"stream": pl.String, "year": pl.Int64, "label": pl.String}
    for what in ("came", "went"):
        schema |= {what: pl.Int64, f"{what}_share": pl.Float64, f"{what}_pounds": pl.Float64}
        schema |= {f"{what}_pounds_share": pl.Float64, f"{what}_mean_pounds": pl.Float64}
    return pl.DataFrame(found, schema=schema)


def _change(here: pl.DataFrame, other: pl.DataFrame | None, what: str) -> dict[str, object]:
    if other is None:
        return {}
    moved = here.filter(~pl.col("key").is_in(other["key"].implode()))
    pounds, total = float(moved["pence"].sum()) / PENCE_A_POUND, float(here["pence"].sum()) / PENCE_A_POUND
    return {
        what: moved.height,
        f"{what}_share": moved.height / here.height,
        f"{what}_pounds": pounds,
        f"{what}_pounds_share": pounds / total,
        f"{what}_mean_pounds": pounds / moved.height if moved.height else None,
    }


def spells(paid: Paid) -> pl.DataFrame:
    """Each named supplier in each stream: first and last month, pounds in all, in its first and last twelve months.

    And the share of the stream's spend that those were.
    """
    stream_months = paid.frame.group_by("stream", "month").agg(pl.col("pence").sum().alias("stream_pence"))
    rows = paid.frame.filter(is_named() & is_told_apart())
    ends = rows.group_by("stream", "key", "name").agg(
        pl.col("month").min().alias("first"),
        pl.col("month").max().alias("last"),
        pl.col("pence").sum().alias("all_pence"),
        pl.col("lines").sum(),
        pl.len().alias("rows"),
    )
    joined = rows.join(ends.select("stream", "key", "first", "last"), on=["stream", "key"])
    late = joined.filter(pl.col("month") > pl.col("last").dt.offset_by("-12mo"))
    early = joined.filter(pl.col("month") < pl.col("first").dt.offset_by("12mo"))
    table = ends
    for name, part in (("last", late), ("first", early)):
        sums = part.group_by("stream", "key").agg(pl.col("pence").sum().alias(f"{name}_pence"))
        table = table.join(sums, on=["stream", "key"], how="left")
        window = ends.select("stream", "key", pl.col(name).alias("end")).join(stream_months, on="stream")
        is_in = (
            (pl.col("month") <= pl.col("end")) & (pl.col("month") > pl.col("end").dt.offset_by("-12mo"))
            if name == "last"
            else (pl.col("month") >= pl.col("end")) & (pl.col("month") < pl.col("end").dt.offset_by("12mo"))
        )
        whole = window.filter(is_in).group_by("stream", "key").agg(pl.col("stream_pence").sum().alias(f"{name}_whole"))
        table = table.join(whole, on=["stream", "key"], how="left")
    return table.select(
        *("stream", "key", "name", "first", "last", "lines", "rows"),
        (pl.col("all_pence") / PENCE_A_POUND).alias("pounds"),
        (pl.col("first_pence") / PENCE_A_POUND).alias("first_year_pounds"),
        (pl.col("last_pence") / PENCE_A_POUND).alias("last_year_pounds"),
        (pl.col("first_pence") / pl.col("first_whole")).alias("first_year_share"),
        (pl.col("last_pence") / pl.col("last_whole")).alias("last_year_share"),
    ).sort(["pounds", "stream", "key"], descending=[True, False, False])

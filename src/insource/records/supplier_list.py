"""A council's list of suppliers: number, name and kind of payee, for payments that give the number alone."""

from pathlib import Path

import polars as pl

from insource.records.dates import clean_text
from insource.records.market_mapping import Mapping, any_of
from insource.records.payments import NOBODY, Allowed, file_headings, open_any, with_names
from insource.records.problem_log import Kind, ProblemLog

TWICE = Kind(
    "supplier_twice",
    "supplier_number",
    "doubtful",
    "the number of this supplier stands there twice; the first row is used",
    "take one of the rows out",
    "each number once",
)


def read(
    path: Path, mapping: Mapping, name: str = "", allowed: Allowed = NOBODY
) -> tuple[pl.DataFrame, ProblemLog, int]:
    """`key` (as in payments) and `name` (as it may be printed) of each supplier; the problems; the number of rows."""
    name = name or path.name
    opened = open_any(path, [mapping.format("suppliers", file_headings(path, name))], name)
    parts = []
    for block in opened.blocks(["supplier_number", "supplier", "kind"]):
        text = block.with_columns(clean_text(column) for column in ("supplier_number", "supplier", "kind"))
        named = text.filter(pl.col("supplier_number").is_not_null()).with_columns(
            any_of([test for test in mapping.individuals if test.column == "kind"]).alias("is_individual"),
            any_of([test for test in mapping.organisations if test.column == "kind"]).alias("is_organisation"),
        )
        parts.append(with_names(named, allowed).select("row", "key", "name"))
    if not parts:
        return pl.DataFrame(schema={"key": pl.String, "name": pl.String}), opened.log, opened.rows
    frame = pl.concat(parts)
    opened.log.add(TWICE, frame.filter(~pl.col("key").is_first_distinct())["row"])
    return frame.unique("key", keep="first", maintain_order=True).drop("row"), opened.log, opened.rows

"""What the planner hands back as tables with the headings of its own formats, so that it can be read again."""

import polars as pl

from insource.planner.cells import said_minute
from insource.planner.formats import PLAN, ROSTER, Table


def headed(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """A typed frame as text under the headings of its format; times of day as people write them."""
    columns = {}
    for one in table.fields:
        values = frame[one.name]
        if one.kind in ("minute", "moment"):
            texts = ["" if value is None else said_minute(value) for value in values]
        elif one.kind == "yes":
            texts = ["yes" if value else "no" for value in values]
        else:
            texts = ["" if value is None else str(value) for value in values]
        columns[one.heading] = pl.Series(texts, dtype=pl.String)
    return pl.DataFrame(columns)


def roster_table(frame: pl.DataFrame) -> pl.DataFrame:
    """A roster as roster.csv holds it."""
    return headed(ROSTER, frame)


def plan_table(frame: pl.DataFrame) -> pl.DataFrame:
    """A plan as plan.csv holds it."""
    return headed(PLAN, frame)

"""How well each field is filled in, and what each kind of problem costs in usable rows."""

import polars as pl

from insource.records.cld_format import CODES, DATES, FIGURES, LISTS, cld_format
from insource.records.cld_mandatory import RULES
from insource.records.problem_log import ProblemLog

SET_ASIDE = ("unknown_value", "unreadable_date", "unreadable_number", "ambiguous_date", "date_out_of_range")
"""Problems whose values are null in the frame."""
INVALID = (*SET_ASIDE, "nhs_number", "postcode", "end_before_start", "negative_hours", "negative_cost")
MISSING = ("missing_value",)
BLANK_FLAGS = {
    "nhs_number": "is_nhs_number_blank",
    "la_person_unique_identifier": "is_own_number_blank",
    "postcode": "is_postcode_blank",
}
FIELDS = (*LISTS, *DATES, *FIGURES, *CODES, *BLANK_FLAGS)
SCHEMA = {
    "field": pl.String,
    "rows": pl.Int64,
    "filled": pl.Int64,
    "invalid": pl.Int64,
    "needed": pl.Int64,
    "missing": pl.Int64,
}


def fields_of_return(frame: pl.DataFrame, log: ProblemLog) -> pl.DataFrame:
    """For each field of the Client Level Data return: rows, rows filled in, values that cannot be right, rows that must
    be filled in, and rows blank that must not be. `frame`: the rows of one file as the reader checked them."""
    layout = cld_format()
    invalid, missing, set_aside = (_count_by_column(log, codes) for codes in (INVALID, MISSING, SET_ASIDE))
    present = set(frame.columns)
    masks = frame.lazy().select(
        *(_filled(name, present).alias(f"filled {name}") for name in FIELDS),
        *(_needed(name, present).alias(f"needed {name}") for name in FIELDS),
    )
    sums = masks.collect().sum().row(0, named=True)
    rows = []
    for name in FIELDS:
        heading = layout.heading(name)
        filled = (sums[f"filled {name}"] or 0) + set_aside.get(heading, 0)
        needed = sums[f"needed {name}"] or 0
        rows.append((heading, frame.height, filled, invalid.get(heading, 0), needed, missing.get(heading, 0)))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _filled(name: str, present: set[str]) -> pl.Expr:
    """True where the field holds a value that was understood (that of birth shows as an age)."""
    if name in BLANK_FLAGS:
        return ~pl.col(BLANK_FLAGS[name]) if BLANK_FLAGS[name] in present else pl.lit(False)
    column = "age" if name == "date_of_birth" else name
    return pl.col(column).is_not_null() if column in present else pl.lit(False)


def _needed(name: str, present: set[str]) -> pl.Expr:
    where = [rule.where for rule in RULES if rule.column == name]
    if not where or "event_type" not in present:
        return pl.lit(False)
    return pl.col("row").is_not_null() & where[0].fill_null(False)


def _count_by_column(log: ProblemLog, codes: tuple[str, ...]) -> dict[str, int]:
    """Problems with these codes by the heading of their column."""
    sizes = dict(log.frame().group_by("kind").len().iter_rows())
    counts: dict[str, int] = {}
    for number, kind in enumerate(log.kinds):
        if kind.code in codes:
            counts[kind.column] = counts.get(kind.column, 0) + sizes.get(number, 0)
    return counts


def lost_rows(log: ProblemLog) -> pl.DataFrame:
    """For each kind of problem that makes rows unusable: rows that have it, and rows that have nothing else against
    them, which is how many would be usable if this alone were mended. `kind` is its place in the log."""
    unusable = [number for number, kind in enumerate(log.kinds) if kind.severity == "unusable" and not kind.file_level]
    rows = log.frame().filter(pl.col("kind").is_in(unusable)).select("kind", "row").drop_nulls().unique()
    return (
        rows.with_columns(alone=pl.len().over("row") == 1)
        .group_by("kind")
        .agg(pl.len().cast(pl.Int64).alias("rows"), pl.col("alone").sum().cast(pl.Int64).alias("alone"))
        .sort("kind")
    )

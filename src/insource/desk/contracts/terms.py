"""Contracts themselves, from a register: what would still have to be paid if they were ended on the last day.

By the rule `run_on_weeks`: what is left of a minimum term, or notice if that is longer; never beyond its end.
"""

from collections.abc import Mapping
from datetime import date

import polars as pl

from insource.compiled import on_columns
from insource.desk.result import Column, Finding, Setting, Sheet
from insource.records.supplier_names import words
from insource.rules.contract_terms import run_on_weeks
from insource.units import DAYS_A_WEEK, WEEKS_A_YEAR

RUN_ON = on_columns(run_on_weeks)
RECORDED, ASSUMED = "medium", "low"


def commitments(register: pl.DataFrame, last_day: date, settings: Mapping[str, Setting]) -> pl.DataFrame:
    """Contracts running on a day: weeks and pounds left to their end, and those still to be paid if ended that day.

    Contracts for children and schools are left out, by the words of their title and department.
    """
    weeks = pl.lit(last_day)
    words_said = pl.concat_str([pl.col("title").fill_null(""), pl.col("department").fill_null("")], separator=" ")
    others = "|".join(sorted(words("leave_out")))
    running = register.filter(
        (pl.col("start").is_null() | (pl.col("start") <= last_day))
        & (pl.col("last_day") >= last_day)
        & ~words_said.str.to_lowercase().str.contains(rf"\b({others})")
    ).with_columns(
        ((weeks - pl.col("start")).dt.total_days() / DAYS_A_WEEK).fill_null(0.0).alias("order"),
        ((pl.col("minimum_end") - pl.col("start")).dt.total_days() / DAYS_A_WEEK).fill_null(0.0).alias("minimum"),
        (pl.col("last_day") - weeks).dt.total_days().truediv(DAYS_A_WEEK).alias("weeks_left"),
        pl.col("notice_weeks")
        .cast(pl.Float64)
        .fill_null(float(settings["contract_notice_weeks"].value))
        .alias("notice"),
        pl.col("notice_weeks").is_not_null().alias("is_recorded"),
    )
    run_on = RUN_ON(*(running[name].to_numpy().astype(float) for name in ("order", "minimum", "notice")))
    a_week = pl.col("annual_pounds") / WEEKS_A_YEAR
    return (
        running.with_columns(pl.Series("run_on", run_on, dtype=pl.Float64))
        .with_columns(pl.min_horizontal("run_on", "weeks_left").alias("run_on"))
        .with_columns((a_week * pl.col("run_on")).alias("committed"), (a_week * pl.col("weeks_left")).alias("to_end"))
        .sort("committed", "reference", "row", descending=[True, False, False], nulls_last=True)
    )


def commitment_findings(table: pl.DataFrame, file: str) -> list[Finding]:
    """One for each contract that could not be ended without paying on."""
    return [
        Finding(
            "runs_on_if_ended",
            " ".join(part for part in (row["reference"], row["title"]) if part) or "no title",
            f"{row['run_on']:.0f} weeks still to be paid if ended on the last day; "
            f"it ends in {row['weeks_left']:.0f} weeks",
            None if row["committed"] is None else round(row["committed"], 2),
            confidence=RECORDED if row["is_recorded"] else ASSUMED,
            rows=(f"{file}:{row['row']}",),
        )
        for row in table.filter(pl.col("run_on") > 0).iter_rows(named=True)
    ]


def commitment_sheet(table: pl.DataFrame) -> Sheet:
    """The contracts with what is left of them."""
    columns = {
        "reference": Column("Reference"),
        "title": Column("Contract"),
        "supplier": Column("Supplier"),
        "start": Column("Start", "", "date"),
        "last_day": Column("Ends", "", "date"),
        "minimum_end": Column("Minimum term ends", "", "date"),
        "notice": Column("Notice", "weeks", "number"),
        "is_recorded": Column("Notice is in the register"),
        "annual_pounds": Column("Value", "£ a year", "pounds"),
        "run_on": Column("To be paid if ended now", "weeks", "number"),
        "committed": Column("To be paid if ended now", "£", "pounds"),
        "weeks_left": Column("Left to its end", "weeks", "number"),
        "to_end": Column("Left to its end", "£", "pounds"),
    }
    note = "Where the register does not say, notice is the setting contract_notice_weeks."
    return Sheet("contracts", "Minimum terms and notice still running", table, columns, note)

"""One row for each event: duplicates within a submission, and events that come again in the next.

A submission is all rows with the same end of the reporting period, whichever file they stand in.
"""

import polars as pl

from insource.records.dhsc_rules import (
    EVENT_KEY,
    ROW_KEY,
    corrected_end,
    cut_end,
    event_end_key,
    preference,
)
from insource.records.problem_log import Kind, ProblemLog

DUPLICATE = Kind(
    "duplicate_event",
    "",
    "unusable",
    "the same event of the same person stands in this submission twice; another row of it is kept",
    "take one of the rows out; two services of one kind need two providers, prices or numbers of hours",
    "one row for each event",
)


def mark_duplicates(frame: pl.DataFrame, logs: list[ProblemLog]) -> pl.DataFrame:
    """Note every usable row that repeats an event of its own submission, and mark it unusable.

    `frame` holds the rows of all files; `file` is the position of each row's file in `logs`. Which row is kept follows
    DHSC (an open end first, then the hierarchy of outcomes); of rows that differ in something else one is chosen by
    what they say, so that the order of rows never matters; of rows alike in everything the first is kept.
    """
    usable = frame.lazy().filter("is_usable").with_columns(_end_key()).select("file", "row", *_kept_columns()).collect()
    keys = usable.select(pl.struct(ROW_KEY).hash(seed=0).alias("key"))["key"]
    again = usable.filter(keys.is_duplicated()).with_columns(pl.col(pl.Categorical).cast(pl.String))
    if again.is_empty():
        return frame
    content = [name for name in again.columns if name not in ("file", "row")]
    best_first = preference(pl.col("event_end_date"), pl.col("event_outcome"))
    ranked = again.sort(*best_first, *content, "file", "row", nulls_last=True)
    second = ranked.filter(~pl.struct(ROW_KEY).is_first_distinct()).select("file", "row")
    for number, log in enumerate(logs):
        log.add(DUPLICATE, second.filter(pl.col("file") == number)["row"])
    marked = second.with_columns(is_second=pl.lit(True))
    return (
        frame.join(marked, on=["file", "row"], how="left", maintain_order="left")
        .with_columns(pl.col("is_usable") & pl.col("is_second").is_null())
        .drop("is_second")
    )


def latest_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """The usable rows with each event as the latest submission that has it tells it, ends corrected and cut.

    An event found in several submissions is that of the latest. An end after the person's death is moved to it. An
    open service that a later submission no longer has ended with the period in which it was last seen.
    """
    period = pl.col("reporting_period_end_date")
    rows = frame.filter("is_usable").with_columns(
        corrected_end(pl.col("event_end_date"), pl.col("date_of_death")).alias("event_end_date"),
    )
    latest = rows.select(period.max()).item()
    if rows.select(period.n_unique()).item() > 1:
        rows = rows.with_columns(_end_key())
        last_seen = rows.group_by(EVENT_KEY).agg(period.max().alias("last_seen"))
        rows = (
            rows.join(last_seen, on=EVENT_KEY, how="left", nulls_equal=True)
            .filter(period == pl.col("last_seen"))
            .drop("last_seen", "event_end_key")
        )
    is_service = pl.col("event_type").cast(pl.String) == "Service"
    cut = cut_end(pl.col("event_end_date"), period, pl.lit(latest))
    return rows.with_columns(pl.when(is_service).then(cut).otherwise(pl.col("event_end_date")).alias("event_end_date"))


def _end_key() -> pl.Expr:
    end = corrected_end(pl.col("event_end_date"), pl.col("date_of_death"))
    return event_end_key(pl.col("event_type").cast(pl.String), end).alias("event_end_key")


def _kept_columns() -> list[str]:
    more = ("event_end_date", "event_outcome", "has_unpaid_carer", "primary_support_reason", "district", "age")
    return [*dict.fromkeys([*ROW_KEY, *more])]

"""What must be true of every row by itself: values from the lists, real dates in order, no negative hours, a person."""

from datetime import date

import polars as pl

from insource.records import dates
from insource.records.cld_format import (
    DATES,
    FIGURES,
    LISTS,
    PERSONAL,
    ROW_NEEDS,
    SERVICE_NEEDS,
    severity_without,
)
from insource.records.cld_mandatory import log_missing
from insource.records.cld_reading import Rows
from insource.records.cld_values import UNKNOWN, Votes, log_unknown, match_values
from insource.records.codelists import codelists
from insource.records.dhsc_rules import years_old
from insource.records.masking import pattern
from insource.records.problem_log import Kind, ProblemLog
from insource.records.reading import Opened

FIRST_DAY = date(1900, 1, 1)
YEARS_AHEAD = 2
HOURS_A_WEEK = 168
LIKELY_HOURLY_POUNDS = (5.0, 100.0)
"""An hour of home care at a price outside this is taken for a mistake: a judgement (2025-26 prices lie at 17 to 40)."""

MIXED_DATES = "mixed_dates"


def check_rows(opened: Opened, rows: Rows, today: date) -> tuple[pl.DataFrame, Votes]:
    """The rows with values in the words of Release 2, doubtful values made null, and `is_usable`; and the release."""
    log = opened.log
    votes = Votes()
    frame = _with_words(opened, rows, votes)
    frame = _check_dates(opened, frame, today, log)
    frame = frame.with_columns(
        years_old(pl.col("date_of_birth"), pl.col("reporting_period_end_date")).cast(pl.Int16).alias("age")
    )
    _check_order(frame, opened, log)
    _check_figures(frame, opened, log)
    _check_person(frame, log)
    log_missing(opened, frame, _blanks(), log)
    frame = frame.with_columns(_without_unknown(name) for name in LISTS)
    frame = frame.with_columns((~pl.col("row").is_in(log.unusable_rows().implode())).alias("is_usable"))
    return frame.drop(
        "date_of_birth", *(name for name in frame.columns if name.endswith(("_form", "_unreadable")))
    ), votes


def _with_words(opened: Opened, rows: Rows, votes: Votes) -> pl.DataFrame:
    """Encoded columns turned into words; values that are not in their list noted and marked UNKNOWN."""
    lists = {name: codelists()[opened.format.heading(name)] for name in LISTS}
    words = {
        name: match_values(rows.frame[name], rows.vocabularies[name], codelist, votes).alias(name)
        for name, codelist in lists.items()
    }
    is_service = (words["event_type"] == "Service").fill_null(False)
    everywhere = pl.Series([True]).new_from_index(0, rows.frame.height)
    for name, codelist in lists.items():
        is_needed = everywhere if name in ROW_NEEDS else is_service if name in SERVICE_NEEDS else ~everywhere
        log_unknown(
            codelist.heading,
            words[name],
            rows.frame[name],
            rows.vocabularies[name],
            codelist,
            votes.release(),
            rows.frame["row"],
            is_needed,
            opened.log,
        )
    return rows.frame.with_columns(words.values())


def _without_unknown(name: str) -> pl.Expr:
    return pl.when(pl.col(name) != UNKNOWN).then(pl.col(name)).alias(name)


def _check_dates(opened: Opened, frame: pl.DataFrame, today: date, log: ProblemLog) -> pl.DataFrame:
    """Note mixed forms and impossible dates; those are null in what is returned."""
    last_day = today.replace(day=min(today.day, 28), year=today.year + YEARS_AHEAD)
    mixed = []
    for name in DATES:
        heading = opened.format.heading(name)
        used = dates.forms_used(frame[f"{name}_form"])
        rarer = list(used)[1:]
        if rarer:
            mixed.append(dates.say_forms(heading, used))
            what = "the column mixes forms of dates, and day and month of this one could have changed places"
            kind = Kind("ambiguous_date", heading, severity_without(name), what, "write all dates alike", dates.ALLOWED)
            frame = _set_aside(frame, name, dates.could_be_swapped(name, rarer), kind, log)
        kind = Kind(
            "date_out_of_range",
            heading,
            severity_without(name),
            "the date is too early or too late to be true",
            "correct it",
            f"{FIRST_DAY} to {last_day}",
        )
        frame = _set_aside(frame, name, ~pl.col(name).is_between(FIRST_DAY, last_day), kind, log)
    if mixed:
        log.add_for_file(
            Kind(
                MIXED_DATES,
                "",
                "unusable",
                "dates of one column are written in different forms, so day and month may have been swapped",
                "write all dates of a column alike, from the source and not by find-and-replace",
                dates.ALLOWED,
                file_level=True,
            ),
            "; ".join(mixed),
        )
    return frame


def _set_aside(frame: pl.DataFrame, name: str, is_bad: pl.Expr, kind: Kind, log: ProblemLog) -> pl.DataFrame:
    bad = frame.filter(is_bad)
    if bad.is_empty():
        return frame
    shown = bad[name].dt.strftime("%Y-%m-%d")
    log.add(kind, bad["row"], pl.Series([pattern(text) for text in shown]) if name in PERSONAL else shown)
    return frame.with_columns(
        pl.when(~is_bad | is_bad.is_null()).then(pl.col(name)).alias(name),
        pl.when(is_bad).then(dates.UNREADABLE).otherwise(pl.col(f"{name}_form")).cast(pl.UInt8).alias(f"{name}_form"),
    )


def _check_order(frame: pl.DataFrame, opened: Opened, log: ProblemLog) -> None:
    for first, last in (
        ("event_start_date", "event_end_date"),
        ("reporting_period_start_date", "reporting_period_end_date"),
    ):
        wrong = frame.filter(pl.col(last) < pl.col(first))
        heading = opened.format.heading(last)
        what = f"it ends before it starts (see '{opened.format.heading(first)}')"
        kind = Kind("end_before_start", heading, "unusable", what, "correct one of the two dates", "the start or later")
        log.add(kind, wrong["row"], wrong[last].dt.strftime("%Y-%m-%d"))


def _check_figures(frame: pl.DataFrame, opened: Opened, log: ProblemLog) -> None:
    """Negative and unlikely figures. DHSC's cost rule makes signs positive; a package of hours is not guessed."""
    unit_cost, units = (opened.format.heading(name) for name in FIGURES)
    is_hourly = pl.col("cost_frequency_unit_type").cast(pl.String) == "Hourly"
    low, high = LIKELY_HOURLY_POUNDS
    checks = (
        (
            "planned_units_per_week",
            pl.col("planned_units_per_week") < 0,
            Kind(
                "negative_hours",
                units,
                "unusable",
                "planned units are negative; a package of hours is not guessed",
                "correct it; to take a package back end the event",
                "0 or more",
            ),
        ),
        (
            "planned_units_per_week",
            is_hourly & (pl.col("planned_units_per_week") > HOURS_A_WEEK),
            Kind(
                "many_hours",
                units,
                "doubtful",
                "there are more planned hours than a week has",
                "check that these are hours a week (two workers at once count twice)",
                f"up to {HOURS_A_WEEK}",
            ),
        ),
        (
            "unit_cost",
            pl.col("unit_cost") < 0,
            Kind(
                "negative_cost",
                unit_cost,
                "doubtful",
                "the cost is negative; as DHSC does, it is counted as positive",
                "correct it",
                "0 or more",
            ),
        ),
        (
            "unit_cost",
            is_hourly & (pl.col("unit_cost") != 0) & ~pl.col("unit_cost").abs().is_between(low, high),
            Kind(
                "unlikely_price",
                unit_cost,
                "doubtful",
                "an hour at this price is unlikely; it is left out of the mean price",
                "check that the cost is for an hour",
                f"£{low:g} to £{high:g} an hour",
            ),
        ),
    )
    for name, is_bad, kind in checks:
        bad = frame.filter(is_bad)
        log.add(kind, bad["row"], bad[name].round(2).cast(pl.String).str.strip_suffix(".0"))


def _check_person(frame: pl.DataFrame, log: ProblemLog) -> None:
    kind = Kind(
        "no_person",
        "NHS Number",
        "unusable",
        "nobody can be told from this row: there is neither an NHS number nor the council's own number",
        "fill in one of them",
    )
    log.add(kind, frame.filter(pl.col("pseudonym").is_null())["row"])


def _blanks() -> dict[str, pl.Expr]:
    """Where a column is blank, for those whose null may mean that they could not be read."""
    blanks = {name: pl.col(f"{name}_form") == 0 for name in DATES}
    blanks |= {name: pl.col(name).is_null() & ~pl.col(f"{name}_unreadable") for name in FIGURES}
    blanks |= {
        "nhs_number": pl.col("is_nhs_number_blank"),
        "la_person_unique_identifier": pl.col("is_own_number_blank"),
        "postcode": pl.col("is_postcode_blank"),
    }
    return blanks

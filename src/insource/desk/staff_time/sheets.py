"""The tables of the staff-time tool."""

from collections.abc import Iterator, Mapping

import polars as pl

from insource.desk.result import Column, Sheet
from insource.desk.staff_time import hours
from insource.desk.staff_time.doubt import FIGURES, SHARES, Doubt, in_words
from insource.desk.staff_time.year import Year

ACTIVITY_COLUMNS = {
    "activity": Column("Activity"),
    "who": Column("Whose time"),
    "times": Column("Times", "a year, rounded", "count", is_count_of_people=True),
    "hours_each": Column("Hours each", "", "number"),
    "hours": Column("Hours", "a year", "hours"),
    "hours_low": Column("Hours from", "a year", "hours"),
    "hours_high": Column("Hours to", "a year", "hours"),
    "pounds": Column("Cost", "£ a year", "pounds"),
    "counted": Column("Counted from"),
}
FREED_COLUMNS = {
    "what": Column("What"),
    "hours": Column("Hours", "a year", "hours"),
    "hours_low": Column("Hours from", "a year", "hours"),
    "hours_high": Column("Hours to", "a year", "hours"),
    "of_social_workers": Column("Of social workers", "hours a year", "hours"),
    "pounds": Column("Worth", "£ a year", "pounds"),
    "reviews": Column("As many reviews", "", "number"),
}
DOUBT_COLUMNS = {
    "figure": Column("Figure"),
    "unit": Column("Unit"),
    "middle": Column("Amount", "", "number"),
    "low": Column("From", "", "number"),
    "high": Column("To", "", "number"),
    "decides": Column("The number that moves it most"),
    "value": Column("That number", "", "number"),
    "value_low": Column("Its low end", "", "number"),
    "value_high": Column("Its high end", "", "number"),
    "at_low": Column("Figure at the low end", "", "number"),
    "at_high": Column("Figure at the high end", "", "number"),
}
FIGURE_WORDS = {
    "total": "hours of all activities",
    "bought_share": "share that goes with buying care",
    "casework_share": "casework, of social workers' hours",
    "direct_work": "left for direct work with people",
    "overdue": "not reviewed within a year, in the long run",
    "one_contract": "one contract fewer frees",
    "one_provider": "one provider fewer frees",
    "one_each": "one provider for each person frees",
    "management": "management of care at home in the files",
}
CAPACITY_COLUMNS = {"what": Column("What"), "amount": Column("Amount", "", "number"), "unit": Column("Unit")}
REASON_COLUMNS = {
    "reason": Column("Reason recorded"),
    "reviews": Column("Reviews", "a year", "count", is_count_of_people=True),
}
PROVIDER_COLUMNS = {
    "provider": Column("CQC location"),
    "people": Column("People", "", "count", is_count_of_people=True),
    "orders": Column("Orders", "", "count"),
    "hours": Column("Hours of care", "a week", "hours"),
    "each": Column("Monitoring", "hours a person and year", "number"),
}


def sheets(year: Year, doubt: Mapping[str, Doubt]) -> Iterator[Sheet]:
    """Activities, what fewer would free, capacity, reasons of reviews, providers."""
    note = f"Year to {year.work.period_end:%d/%m/%Y}."
    table = hours.table(list(year.activities), year.values).with_columns(pl.col("times").round().cast(pl.Int64))
    yield Sheet("Activities", "Hours a year by activity", table, ACTIVITY_COLUMNS, note, has_total=True)
    yield Sheet("Freed", "What one fewer frees, and what management takes", _freed(year, doubt), FREED_COLUMNS, note)
    yield Sheet(
        "Doubt", "How far each figure could be out, and which number decides", _doubts(year, doubt), DOUBT_COLUMNS
    )
    yield Sheet("Capacity", "Is there time?", _capacity(year), CAPACITY_COLUMNS, note)
    schema = {"reason": pl.String, "reviews": pl.Int64}
    counted = [(reason, round(times)) for reason, times in year.work.reasons.items()]
    reasons = pl.DataFrame(counted, schema=schema, orient="row")
    yield Sheet("Reviews", "Why reviews were done", reasons, REASON_COLUMNS, note)
    each = (year.values["monitoring_hours"] / pl.col("people")).alias("each")
    title = "Providers in use, and what watching them takes for each person"
    yield Sheet("Providers", title, year.providers.with_columns(each), PROVIDER_COLUMNS, note)


def _freed(year: Year, doubt: Mapping[str, Doubt]) -> pl.DataFrame:
    spans = [(one.low, one.high) for one in (doubt["one_contract"], doubt["one_provider"], doubt["one_each"])]
    lines = [
        (one.what, one.hours, *span, one.social_worker_hours, one.pounds, one.hours / year.values["review_hours"])
        for one, span in zip(year.fewer, spans, strict=True)
    ]
    managed = (
        "management of care at home in the files, whoever employs",
        year.management[0],
        doubt["management"].low,
        doubt["management"].high,
        0.0,
        year.management[1],
        None,
    )
    schema = {name: pl.String if name == "what" else pl.Float64 for name in FREED_COLUMNS}
    return pl.DataFrame([*lines, managed], schema=schema, orient="row")


def _doubts(year: Year, doubt: Mapping[str, Doubt]) -> pl.DataFrame:
    rows = [
        {
            "figure": FIGURE_WORDS[name],
            "unit": "share" if name in SHARES else "hours a year",
            "middle": figure(year),
            "low": doubt[name].low,
            "high": doubt[name].high,
            "decides": in_words(doubt[name].decides) if doubt[name].decides else "",
            "value": doubt[name].value,
            "value_low": doubt[name].ends[0],
            "value_high": doubt[name].ends[1],
            "at_low": doubt[name].at_ends[0],
            "at_high": doubt[name].at_ends[1],
        }
        for name, figure in FIGURES.items()
    ]
    schema = {name: pl.String if name in ("figure", "unit", "decides") else pl.Float64 for name in DOUBT_COLUMNS}
    return pl.DataFrame(rows, schema=schema)


def _capacity(year: Year) -> pl.DataFrame:
    team, load, queue = year.team, year.load, year.queue
    lines: list[tuple[str, float | None, str]] = [
        ("social workers" + (", estimated" if team.is_estimated else ""), team.workers, "full-time posts"),
        ("their hours", team.hours, "hours a year"),
        ("left for casework", team.casework, "hours a year"),
        ("casework done", load.done, "hours a year"),
        ("casework with every review due", load.wanted, "hours a year"),
        ("left for direct work with people", load.direct_work, "share of all hours"),
        ("reviews due over time for reviews", finite(load.utilisation), "ratio; a backlog grows from 1 on"),
        ("not reviewed within a year, in the long run", load.overdue, "share of people"),
        ("not reviewed within a year, recorded", year.work.stale_share, "share of people known for a year"),
        ("people one social worker has time for", finite(load.carried), "people"),
        ("disputes caused by an hour of review put off", load.loop_gain, "hours"),
    ]
    if queue is not None:
        lines += [
            ("brokers", float(queue.brokers), "posts"),
            ("packages and changes for brokers", queue.arrivals, "a week"),
            ("brokers' time taken", queue.busy, "share"),
            ("mean wait for a broker", finite(queue.wait_days), "days; blank: it grows without end"),
        ]
    return pl.DataFrame(lines, schema={"what": pl.String, "amount": pl.Float64, "unit": pl.String}, orient="row")


def finite(amount: float) -> float | None:
    """The amount, or nothing where it has no end."""
    return amount if amount < float("inf") else None

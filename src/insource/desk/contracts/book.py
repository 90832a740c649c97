"""The services of the return as a book of what is paid for: one row for each service of one person.

Costs and hours follow DHSC's rules (`records.dhsc_rules`): frequency before planned units, signs made positive. An
hourly price that cannot be right (`LIKELY_HOURLY_POUNDS`) gives no cost: it is reported, not added up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import polars as pl

from insource.desk.care_records import CareRecords
from insource.desk.result import Setting
from insource.records.care_at_home import LINE_OF_COMPONENT
from insource.records.cld_checks import LIKELY_HOURLY_POUNDS
from insource.records.cld_events import latest_rows
from insource.records.cld_mandatory import IS_USER, SERVICE, equals
from insource.records.dhsc_rules import cost_per_week, units_per_week
from insource.units import DAYS_A_WEEK, WEEKS_A_YEAR

NO_PROVIDER = "provider not recorded"
CARE_HOME = ("Long term residential care", "Long term nursing care")
WINDOW_DAYS = WEEKS_A_YEAR * DAYS_A_WEEK
OLDER = 65
PERIOD_END = "reporting_period_end_date"
NEEDS_EVENT = (equals("event_type", "Review") | equals("event_type", "Assessment")) & ~equals(
    "assessment_type", "Financial assessment"
)


@dataclass(frozen=True)
class Book:
    """`services`: who, provider, component, line ("" unless home care or supported living by the hour), is_long_term,
    is_direct_payment, start, end (null: open), died, is_open, hours (a week, null if not by the hour), price (an hour
    or a week), weekly (pounds), group (of like care), district, age, reviewed (latest), ref ("file:row").
    `events`: every event of a service user once. The year looked at is the 52 weeks to `last_day`."""

    services: pl.DataFrame = field(repr=False)
    events: pl.DataFrame = field(repr=False)
    raw: pl.DataFrame = field(repr=False)
    first_day: date
    last_day: date
    weeks_covered: int
    settings: Mapping[str, Setting]

    def number(self, name: str) -> float:
        """A setting's value."""
        return float(self.settings[name].value)

    @property
    def open_services(self) -> pl.DataFrame:
        """Services open on the last day."""
        return self.services.filter("is_open")


def open_book(records: CareRecords, settings: Mapping[str, Setting]) -> Book:
    """Make the book from the usable rows of the records."""
    names = pl.Series(records.names, dtype=pl.String)
    ref = pl.format("{}:{}", pl.lit(names).gather(pl.col("file").cast(pl.UInt32)), "row").alias("ref")
    raw = records.events.filter(IS_USER).with_columns(ref)
    deaths = raw.group_by("who").agg(pl.col("date_of_death").max().alias("died"))
    undying = raw.with_columns(pl.lit(None, dtype=pl.Date).alias("date_of_death"))
    events = latest_rows(undying).drop("date_of_death").join(deaths, on="who", how="left", maintain_order="left")
    last_day = events[PERIOD_END].max()
    first_covered = raw["reporting_period_start_date"].min()
    assert isinstance(last_day, date)
    covered = (last_day - first_covered).days // DAYS_A_WEEK if isinstance(first_covered, date) else 0
    first_day = last_day - timedelta(days=WINDOW_DAYS - 1)
    day = pl.coalesce("event_end_date", "event_start_date")
    reviews = events.filter(NEEDS_EVENT & (day <= last_day)).group_by("who").agg(day.max().alias("reviewed"))
    services = _services(events.filter(SERVICE), last_day).join(reviews, on="who", how="left", maintain_order="left")
    return Book(services, events, raw, first_day, last_day, covered, settings)


def _services(rows: pl.DataFrame, last_day: date) -> pl.DataFrame:
    return rows.filter(pl.col("event_start_date") <= last_day).select(
        "who",
        pl.col("provider_cqc_location_id").cast(pl.String).fill_null(NO_PROVIDER).alias("provider"),
        pl.col("service_component").cast(pl.String).alias("component"),
        _line().alias("line"),
        pl.col("service_type").cast(pl.String).str.starts_with("Long term").fill_null(False).alias("is_long_term"),
        equals("delivery_mechanism", "Direct payment").alias("is_direct_payment"),
        pl.col("event_start_date").alias("start"),
        pl.col("event_end_date").alias("end"),
        "died",
        (pl.col("event_end_date").fill_null(last_day) >= last_day).alias("is_open"),
        *priced(),
        pl.col("district").cast(pl.String).fill_null("").alias("district"),
        "age",
        "ref",
    )


def _line() -> pl.Expr:
    at_home = equals("service_type", "Long term support: Community") & equals("service_component", *LINE_OF_COMPONENT)
    return pl.when(at_home).then(pl.col("service_component").cast(pl.String)).otherwise(pl.lit(""))


def priced() -> list[pl.Expr]:
    """Hours a week, price (of an hour if by the hour, else of a week), pounds a week, and whether it is by the hour."""
    frequency, planned = pl.col("cost_frequency_unit_type"), pl.col("planned_units_per_week")
    is_hourly = equals("cost_frequency_unit_type", "Hourly")
    unit = pl.col("unit_cost").abs()
    weekly = cost_per_week(unit, units_per_week(frequency, planned))
    is_likely = (~is_hourly | unit.is_between(*LIKELY_HOURLY_POUNDS)).fill_null(True)
    return [
        pl.when(is_hourly).then(planned).alias("hours"),
        pl.when(is_hourly).then(unit).otherwise(weekly).alias("price"),
        pl.when(is_likely).then(weekly).alias("weekly"),
        is_hourly.alias("is_hourly"),
    ]


def days_between(first: pl.Expr, last: pl.Expr, book: Book) -> pl.Expr:
    """Days from `first` to `last`, both counted, that lie in the year looked at; none if they do not."""
    start = pl.max_horizontal(first, pl.lit(book.first_day))
    end = pl.min_horizontal(last.fill_null(book.last_day), pl.lit(book.last_day))
    return ((end - start).dt.total_days() + 1).clip(0)

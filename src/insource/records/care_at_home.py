"""Who has home care or supported living at the end of the latest reporting period, how many hours, and what their
records tell of them.

Both are services of long-term community support that the council arranges by the hour. Rows by direct payment are not:
the person buys that care, and the council neither sets its hours nor chooses its provider. Somebody with both services
is counted once, with all their hours, on the line of service that gives more of them.
"""

from dataclasses import dataclass, field
from datetime import date

import polars as pl

from insource.records.cld_checks import LIKELY_HOURLY_POUNDS
from insource.records.cld_events import latest_rows
from insource.records.cld_mandatory import IS_USER, SERVICE, equals
from insource.records.dhsc_rules import EVENT_KEY, RESIDENTIAL, cost_per_week, support_setting, units_per_week
from insource.terms import LINE, LINES
from insource.units import DAYS_A_WEEK, WEEKS_A_YEAR

PERIOD_END = "reporting_period_end_date"
LINE_OF_COMPONENT = {
    "Home support or domiciliary care": LINE.home_care,
    "Community supported living": LINE.supported_living,
}
IS_CARE_AT_HOME = (
    IS_USER
    & SERVICE
    & equals("service_component", *LINE_OF_COMPONENT)
    & equals("service_type", "Long term support: Community")
)
IS_DIRECT_PAYMENT = equals("delivery_mechanism", "Direct payment")
NEEDED = tuple(
    dict.fromkeys(
        (
            *(name for name in EVENT_KEY if name != "event_end_key"),
            *("event_end_date", "date_of_death", "reporting_period_start_date", PERIOD_END, "is_usable"),
            *("delivery_mechanism", "unit_cost", "cost_frequency_unit_type", "planned_units_per_week"),
            *("provider_cqc_location_id", "age", "primary_support_reason", "has_unpaid_carer", "district"),
        )
    )
)
IS_HOURLY = equals("cost_frequency_unit_type", "Hourly")


@dataclass(frozen=True)
class Price:
    """The hourly price of a line in the files: mean weighted by hours, and median of the rows; None if no row has one.
    `rows` is how many rows had."""

    mean: float | None
    median: float | None
    rows: int


@dataclass(frozen=True)
class CareAtHome:
    """People with care at home, one row each: pseudonym, line, hours (null: not known), is_derived, age, reason,
    has_carer, district, since_review_weeks, is_review_derived; null where the files do not tell.

    `providers` has a row for each person, line and provider; `prices` a price for each line, by its name.
    `weeks_covered` is how far back the files reach.
    """

    people: pl.DataFrame = field(repr=False)
    providers: pl.DataFrame = field(repr=False)
    prices: dict[str, Price]
    period_end: date
    weeks_covered: int
    has_reviews: bool
    reviewed_share: float | None
    known_for_a_year: int
    with_direct_payment_only: int
    also_in_care_home: int
    on_both_lines: int


def care_at_home(events: pl.DataFrame, national_prices: dict[str, float]) -> CareAtHome:
    """Everybody with care at home open at the end of the latest period in the usable rows of `events`.

    `national_prices` (pounds an hour of a line) turn costs into hours where the files have no hourly price of theirs.
    """
    events = events.lazy().filter("is_usable").select(NEEDED).collect()
    rows = latest_rows(events)
    period_end = rows[PERIOD_END].max()
    assert isinstance(period_end, date)
    is_open = (pl.col("event_start_date") <= period_end) & (
        pl.col("event_end_date").fill_null(period_end) >= period_end
    )
    line = pl.col("service_component").cast(pl.String).replace_strict(LINE_OF_COMPONENT, return_dtype=pl.Int8)
    open_now = rows.filter(is_open & IS_CARE_AT_HOME).with_columns(line.alias("line"))
    arranged = open_now.filter(~IS_DIRECT_PAYMENT)
    prices = {LINES[number]: _price(arranged.filter(pl.col("line") == number)) for number in LINE_OF_COMPONENT.values()}
    people = _hours(arranged, {name: price.median or national_prices[name] for name, price in prices.items()})
    known = events.join(people, on="pseudonym", how="semi")
    for facts in (_age(known, period_end), _reason(known), _carer(known), _district(known)):
        people = people.join(facts, on="pseudonym", how="left")
    weeks_covered = _weeks_covered(events, period_end)
    people, has_reviews = _reviews(people, known, period_end, weeks_covered)
    known_for_a_year = people.filter(pl.col("first_day") <= pl.lit(period_end).dt.offset_by(f"-{WEEKS_A_YEAR}w"))
    share = None
    if has_reviews and weeks_covered >= WEEKS_A_YEAR and known_for_a_year.height:
        is_recent = (pl.col("since_review_weeks") < WEEKS_A_YEAR).fill_null(False)
        share = known_for_a_year.select(is_recent.mean()).item()
    settings = rows.filter(is_open & IS_USER & SERVICE).select(
        "pseudonym", support_setting(pl.col("service_type"), pl.col("delivery_mechanism")).alias("setting")
    )
    in_care_home = settings.filter(pl.col("setting") <= RESIDENTIAL).select("pseudonym").unique()
    return CareAtHome(
        people.sort("pseudonym").drop("lines"),
        arranged.select("pseudonym", "line", pl.col("provider_cqc_location_id").alias("provider"))
        .drop_nulls()
        .unique(),
        prices,
        period_end,
        weeks_covered,
        has_reviews,
        share,
        known_for_a_year.height,
        open_now.join(people, on="pseudonym", how="anti")["pseudonym"].n_unique(),
        people.join(in_care_home, on="pseudonym", how="semi").height,
        people.filter(pl.col("lines") > 1).height,
    )


def _price(arranged: pl.DataFrame) -> Price:
    price, units = pl.col("unit_cost").abs(), pl.col("planned_units_per_week")
    rows = arranged.filter(IS_HOURLY & price.is_between(*LIKELY_HOURLY_POUNDS) & (units > 0))
    mean = rows.select((price * units).sum() / units.sum()).item() if rows.height else None
    median = rows.select(price.median()).item() if rows.height else None
    return Price(mean, median, rows.height)


def _hours(arranged: pl.DataFrame, prices: dict[str, float]) -> pl.DataFrame:
    """Line and weekly hours of each person: planned hours where the cost is hourly, else cost a week at the price of an
    hour. With two lines it is the one with more hours (the later one where both are equal or unknown)."""
    frequency, units = pl.col("cost_frequency_unit_type"), pl.col("planned_units_per_week")
    weekly = cost_per_week(pl.col("unit_cost"), units_per_week(frequency, units))
    price_of = {LINES.index(name): price for name, price in prices.items()}
    price = pl.col("line").replace_strict(price_of, return_dtype=pl.Float64)
    by_line = (
        arranged.with_columns(
            pl.when(IS_HOURLY).then(units).otherwise(weekly / price).alias("hours"),
            (~IS_HOURLY).alias("is_derived"),
        )
        .group_by("pseudonym", "line")
        .agg(
            pl.col("hours").sum(),
            (pl.col("is_derived") | pl.col("hours").is_null()).any(),
            pl.col("event_start_date").min().alias("first_day"),
        )
    )
    return (
        by_line.sort("pseudonym", "hours", "line")
        .group_by("pseudonym", maintain_order=True)
        .agg(
            pl.col("line").last(),
            pl.len().alias("lines"),
            pl.col("hours").sum(),
            pl.col("is_derived").any(),
            pl.col("first_day").min(),
        )
        .with_columns(pl.when(pl.col("hours") > 0).then(pl.col("hours")))
    )


def _latest(known: pl.DataFrame, column: str, where: pl.Expr) -> pl.DataFrame:
    """The latest value of a column for each person, among rows where it is recorded; the order of rows is no matter."""
    return (
        known.filter(where & pl.col(column).is_not_null())
        .select("pseudonym", PERIOD_END, "event_start_date", pl.col(column).cast(pl.String))
        .unique()
        .sort(PERIOD_END, "event_start_date", column)
        .group_by("pseudonym")
        .agg(pl.col(column).last())
    )


def _age(known: pl.DataFrame, period_end: date) -> pl.DataFrame:
    return _latest(known, "age", pl.col(PERIOD_END) == period_end).with_columns(pl.col("age").cast(pl.Int64))


def _reason(known: pl.DataFrame) -> pl.DataFrame:
    """The latest reason that says something; "Unknown" only for those of whom no row says more."""
    unknown = equals("primary_support_reason", "Unknown")
    told = _latest(known, "primary_support_reason", IS_USER & ~unknown)
    not_told = _latest(known, "primary_support_reason", IS_USER & unknown).join(told, on="pseudonym", how="anti")
    return pl.concat([told, not_told]).rename({"primary_support_reason": "reason"})


def _carer(known: pl.DataFrame) -> pl.DataFrame:
    told = _latest(known, "has_unpaid_carer", IS_USER & equals("has_unpaid_carer", "Yes", "No"))
    return told.select("pseudonym", (pl.col("has_unpaid_carer") == "Yes").alias("has_carer"))


def _district(known: pl.DataFrame) -> pl.DataFrame:
    return _latest(known, "district", IS_USER)


def _weeks_covered(events: pl.DataFrame, period_end: date) -> int:
    first = events.select(pl.col("reporting_period_start_date").min()).item()
    return (period_end - first).days // DAYS_A_WEEK if first else 0


def _reviews(
    people: pl.DataFrame, known: pl.DataFrame, period_end: date, weeks_covered: int
) -> tuple[pl.DataFrame, bool]:
    """Weeks since the latest review or assessment of needs (not of money), and whether the files tell of any review.

    Somebody whose care began within the period and of whom no assessment is recorded is taken to have been assessed
    when it began.
    """
    is_needs = (equals("event_type", "Review") | equals("event_type", "Assessment")) & ~equals(
        "assessment_type", "Financial assessment"
    )
    day = pl.coalesce("event_end_date", "event_start_date")
    latest = (
        known.filter(IS_USER & is_needs & (day <= period_end)).group_by("pseudonym").agg(day.max().alias("reviewed"))
    )
    people = people.join(latest, on="pseudonym", how="left")
    has_reviews = latest.height > 0

    def weeks_since(when: pl.Expr) -> pl.Expr:
        return (pl.lit(period_end) - when).dt.total_days() // DAYS_A_WEEK

    began = weeks_since(pl.col("first_day"))
    is_derived = pl.col("reviewed").is_null() & (began <= weeks_covered) & pl.lit(has_reviews)
    return people.with_columns(
        pl.when(is_derived).then(began).otherwise(weeks_since(pl.col("reviewed"))).alias("since_review_weeks"),
        is_derived.alias("is_review_derived"),
    ), has_reviews

"""What there was to do in a year, counted from the events of the Client Level Data return.

A service that starts for somebody who has had one of the same kind within four weeks is a change: from another provider
it has to be found like a new one; from the same provider it is a change of price or hours. Direct payments are not
arranged by the council, and equipment and professional support are not bought by the week: neither is counted.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

import polars as pl

from insource.records.cld_events import latest_rows
from insource.records.cld_mandatory import (
    ASSESSMENT,
    IS_FINANCIAL,
    IS_USER,
    REQUEST,
    REVIEW,
    SERVICE,
    begins,
    equals,
)
from insource.units import DAYS_A_WEEK, WEEKS_A_YEAR

PERIOD_END = "reporting_period_end_date"
NOT_ARRANGED = (
    *("Direct payment", "Equipment", "Professional support", "Professional support: Social worker"),
    *("Professional support: Other", "Unpaid carer universal services"),
)
HOME_CARE = ("Home support or domiciliary care", "Community supported living", "Extra care housing")
GAP_DAYS = 28
"""A service of the same kind that ended no longer ago than this is the one before."""
NOT_SAID = "not said"


@dataclass(frozen=True)
class Workload:
    """What there was to do in a year, and what is open at its end.

    `counts`: name of what -> number a year. `orders`: the services open at the end that the council arranged, with
    pseudonym, provider (null: not recorded), hours a week (null: not known). `year_share`: the part of a year that the
    files cover (1: a whole one); counts are for a whole year. `stale_share`: of people known for a year, those not
    reviewed in it; None where the files do not reach back a year or tell of no review.
    """

    counts: dict[str, float]
    orders: pl.DataFrame = field(repr=False)
    period_end: date
    year_share: float
    long_term_people: int
    home_care_people: int
    stale_share: float | None
    known_for_a_year: int
    reasons: dict[str, float]


def workload(events: pl.DataFrame) -> Workload:
    """Count what happened in the last year of the usable rows of `events`."""
    rows = latest_rows(events)
    period_end = rows.select(pl.col(PERIOD_END).max()).item()
    first = rows.select(pl.col("reporting_period_start_date").min()).item() or period_end
    days = min(max((period_end - first).days + 1, 1), WEEKS_A_YEAR * DAYS_A_WEEK)
    since = period_end - timedelta(days=days - 1)
    share = days / (WEEKS_A_YEAR * DAYS_A_WEEK)
    services = _arranged(rows)
    done = rows.filter(_when().is_between(since, period_end))
    starts = _starts(services).filter(pl.col("event_start_date").is_between(since, period_end))
    counts = {
        "requests": done.filter(REQUEST).height,
        "assessments": done.filter(ASSESSMENT & ~IS_FINANCIAL).height,
        "financial_assessments": done.filter(ASSESSMENT & IS_FINANCIAL).height,
        "reviews": done.filter(REVIEW).height,
        "new_packages": starts.filter(pl.col("kind") == "new").height,
        "moves": starts.filter(pl.col("kind") == "move").height,
        "changes": starts.filter(pl.col("kind") == "change").height,
    }
    reason = pl.col("review_reason").cast(pl.String).fill_null(NOT_SAID)
    reasons = dict(done.filter(REVIEW).group_by(reason).len().sort("len", "review_reason", descending=True).iter_rows())
    is_open = (pl.col("event_start_date") <= period_end) & (
        pl.col("event_end_date").fill_null(period_end) >= period_end
    )
    open_now = rows.filter(SERVICE & IS_USER & is_open & begins("service_type", "Long term support"))
    orders = services.filter(is_open)
    stale, known = _stale(rows, open_now, period_end, since, share)
    return Workload(
        {name: number / share for name, number in counts.items()},
        orders.select("pseudonym", "provider", "component", "hours", "row", "file"),
        period_end,
        share,
        open_now["pseudonym"].n_unique(),
        orders.filter(pl.col("component").is_in(HOME_CARE))["pseudonym"].n_unique(),
        stale,
        known,
        {name: number / share for name, number in reasons.items()},
    )


def _when() -> pl.Expr:
    """The day on which an event counts as done: its end, or its start while it has none."""
    return pl.coalesce("event_end_date", "event_start_date")


def _arranged(rows: pl.DataFrame) -> pl.DataFrame:
    """Services that the council arranged, with provider, component and weekly hours (where paid by the hour)."""
    is_hourly = equals("cost_frequency_unit_type", "Hourly")
    is_arranged = SERVICE & IS_USER & ~equals("service_component", *NOT_ARRANGED)
    return rows.filter(is_arranged & ~equals("delivery_mechanism", "Direct payment")).with_columns(
        pl.col("provider_cqc_location_id").cast(pl.String).alias("provider"),
        pl.col("service_component").cast(pl.String).fill_null(NOT_SAID).alias("component"),
        pl.when(is_hourly).then(pl.col("planned_units_per_week")).alias("hours"),
    )


def _starts(services: pl.DataFrame) -> pl.DataFrame:
    """Each start of a service: new, a move (to another provider) or a change (with the same one)."""
    person = ["pseudonym", "component"]
    ordered = services.sort(*person, "event_start_date", "event_end_date", "provider", "row", "file", nulls_last=True)
    before = pl.col("event_end_date").shift(1).over(person)
    earlier = pl.col("event_start_date").shift(1).over(person)
    is_later = (pl.col("event_start_date") > earlier).fill_null(False)
    is_after = is_later & ((pl.col("event_start_date") - before).dt.total_days().is_between(-GAP_DAYS, GAP_DAYS))
    is_same = (pl.col("provider") == pl.col("provider").shift(1).over(person)).fill_null(True)
    kind = pl.when(~is_after.fill_null(False)).then(pl.lit("new")).when(is_same).then(pl.lit("change"))
    return ordered.with_columns(kind.otherwise(pl.lit("move")).alias("kind"))


def _stale(
    rows: pl.DataFrame, open_now: pl.DataFrame, period_end: date, since: date, share: float
) -> tuple[float | None, int]:
    """Share of people with long-term support known for a year whose needs were not looked at in it, and how many they
    are; an assessment of needs counts as a review."""
    looked = rows.filter((REVIEW | (ASSESSMENT & ~IS_FINANCIAL)) & IS_USER)
    people = open_now.group_by("pseudonym").agg(pl.col("event_start_date").min().alias("first_day"))
    known = people.filter(pl.col("first_day") <= since)
    if share < 1.0 or looked.is_empty() or known.is_empty():
        return None, known.height
    recent = looked.filter(_when().is_between(since, period_end)).select("pseudonym").unique()
    return 1.0 - known.join(recent, on="pseudonym", how="semi").height / known.height, known.height

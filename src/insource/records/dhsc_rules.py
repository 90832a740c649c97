"""How DHSC and NHS England process the Client Level Data return: small rules, each by itself.

Source: the processing rules seen in DataS-DHSC/ASC-CLD-LA-Dashboard (2026) and NHS England's Central Transformation
Principles (2024), in our own words. Each rule takes columns (Polars expressions) and gives one; `tests/unit` holds a
worked example of each.
"""

import polars as pl

from insource.units import DAYS_A_WEEK, WEEKS_A_YEAR

UNITS_PER_WEEK = {
    "Weekly": 1.0,
    "Fortnightly": 1 / 2,
    "4-weekly": 1 / 4,
    "Monthly": 12 / WEEKS_A_YEAR,
    "Quarterly": 4 / WEEKS_A_YEAR,
    "Annually": 1 / WEEKS_A_YEAR,
}
"""How many units a cost frequency alone stands for; for other frequencies the planned units are used."""
ONE_OFF = "One-off"
NHS_NUMBER = r"^\d{10}$"

NURSING, RESIDENTIAL, DIRECT_PAYMENT, MANAGED_BUDGET, COMMISSIONED, COMMUNITY = 1, 2, 3, 4, 5, 6
PRISON_MANAGED, PRISON_COMMISSIONED, PRISON = 7, 8, 9
"""Support settings, the first that a person has being the one that counts. That 7 to 9 are prison is seen; which of
the three is which is our reading, by analogy with the community."""

EVENT_KEY = (
    "la_code",
    "pseudonym",
    "event_start_date",
    "event_end_key",
    "client_type",
    "event_type",
    "request_route_of_access",
    "assessment_type",
    "service_type",
    "service_component",
)
"""What makes an event one and the same in two submissions. The event reference is not used: DHSC finds it "not
currently suitable"."""
ROW_KEY = (
    *EVENT_KEY,
    "reporting_period_end_date",
    "delivery_mechanism",
    "unit_cost",
    "cost_frequency_unit_type",
    "planned_units_per_week",
    "provider_cqc_location_id",
)
"""What makes two rows of one submission the same event. DHSC's key has no provider; ours has, because the guidance
asks for a row for each provider: two providers with equal hours are two services. A judgement."""


def person_key(nhs_number: pl.Expr, la_code: pl.Expr, la_person: pl.Expr) -> pl.Expr:
    """Who a row is about: the NHS number, else council code + "_" + the council's own number for the person.

    Null where neither is there. (DHSC uses the *traced* NHS number first, which no council's file holds.) An NHS
    number that is not ten digits, spaces and dashes aside, is no NHS number.
    """
    digits = nhs_number.str.replace_all(r"[ -]", "")
    own = pl.concat_str([la_code.fill_null(""), pl.lit("_"), la_person])
    return pl.when(digits.str.contains(NHS_NUMBER)).then(digits).otherwise(own)


def corrected_end(end: pl.Expr, death: pl.Expr) -> pl.Expr:
    """When an event ended: no later than the person's death; null while it is open."""
    return pl.min_horizontal(end, death)


def cut_end(end: pl.Expr, last_seen_period_end: pl.Expr, latest_period_end: pl.Expr) -> pl.Expr:
    """An open service that the next submission no longer has ended with the period in which it was last seen."""
    return pl.when(end.is_null() & (last_seen_period_end < latest_period_end)).then(last_seen_period_end).otherwise(end)


def event_end_key(event_type: pl.Expr, end: pl.Expr) -> pl.Expr:
    """The end date as far as it makes an event unique: that of a service does not, since it is open until it ends."""
    return pl.when(event_type != "Service").then(end)


def units_per_week(frequency: pl.Expr, planned_units: pl.Expr) -> pl.Expr:
    """Units of cost in a week: 1 for weekly, 1/2 for fortnightly, ..., otherwise the planned units, made positive.

    The frequency is trusted over the planned units: a weekly cost counts once a week whatever was planned. Null for
    one-off costs.
    """
    text = frequency.cast(pl.String)
    fixed = text.replace_strict(
        list(UNITS_PER_WEEK), list(UNITS_PER_WEEK.values()), default=None, return_dtype=pl.Float64
    )
    planned = pl.when(text.is_not_null() & (text != ONE_OFF)).then(planned_units.abs())
    return pl.coalesce(fixed, planned)


def cost_per_week(unit_cost: pl.Expr, units_a_week: pl.Expr) -> pl.Expr:
    """Pounds a week: unit cost (made positive) x units per week; null where either is missing."""
    return unit_cost.abs() * units_a_week


def cost_in_period(
    weekly_cost: pl.Expr,
    unit_cost: pl.Expr,
    frequency: pl.Expr,
    start: pl.Expr,
    end: pl.Expr,
    period_start: pl.Expr,
    period_end: pl.Expr,
) -> pl.Expr:
    """Pounds in a reporting period: cost per week x (days open in it + 1) / 7; a one-off cost counts once.

    An open service (no end) runs to the end of the period. Nothing for a service outside the period.
    """
    first, last = pl.max_horizontal(start, period_start), pl.min_horizontal(end, period_end)
    days = (last - first).dt.total_days()
    running = weekly_cost * (days + 1) / DAYS_A_WEEK
    cost = pl.when(frequency.cast(pl.String) == ONE_OFF).then(unit_cost.abs()).otherwise(running)
    return pl.when(days >= 0).then(cost).otherwise(0.0)


def support_setting(service_type: pl.Expr, delivery_mechanism: pl.Expr) -> pl.Expr:
    """The rank of a long-term service in the hierarchy of settings (1 nursing ... 9 prison); null for other rows.

    A person's setting is the lowest rank among the open services.
    """
    kind, how = service_type.cast(pl.String), delivery_mechanism.cast(pl.String)
    is_managed = (how == "CASSR managed personal budget").fill_null(False)
    is_commissioned = (how == "CASSR commissioned support").fill_null(False)
    community = (
        pl.when((how == "Direct payment").fill_null(False))
        .then(DIRECT_PAYMENT)
        .when(is_managed)
        .then(MANAGED_BUDGET)
        .when(is_commissioned)
        .then(COMMISSIONED)
        .otherwise(COMMUNITY)
    )
    prison = pl.when(is_managed).then(PRISON_MANAGED).when(is_commissioned).then(PRISON_COMMISSIONED).otherwise(PRISON)
    return (
        pl.when(kind == "Long term support: Nursing care")
        .then(NURSING)
        .when(kind == "Long term support: Residential care")
        .then(RESIDENTIAL)
        .when(kind == "Long term support: Community")
        .then(community)
        .when(kind == "Long term support: Prison")
        .then(prison)
    )


def preference(end: pl.Expr, outcome: pl.Expr) -> list[pl.Expr]:
    """By what the row to keep is chosen among rows of one event in one submission, best first when sorted ascending:
    open end date first, then the later end, then the hierarchy of outcomes (blank last).

    DHSC settles what is left by the time of loading; rows of one file were loaded together, so the first row stays.
    """
    return [
        end.is_not_null(),
        pl.lit(0) - end.to_physical().fill_null(0),
        outcome.to_physical().cast(pl.Int32).fill_null(999),
    ]


def years_old(born: pl.Expr, on: pl.Expr) -> pl.Expr:
    """Age in whole years on a date; somebody born on 29 February has their birthday on 1 March in other years."""
    had_birthday = (on.dt.month().cast(pl.Int32) * 100 + on.dt.day()) >= (
        born.dt.month().cast(pl.Int32) * 100 + born.dt.day()
    )
    return on.dt.year() - born.dt.year() - (~had_birthday).cast(pl.Int32)

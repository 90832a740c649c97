"""A worked example of each of DHSC's rules (formats.md 1.4 of the evidence; `records/dhsc_rules.py`)."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from insource.records import dhsc_rules as rules

pytestmark = pytest.mark.worked


def one(expression: pl.Expr) -> Any:
    """The value of an expression of literals."""
    return pl.select(expression).item()


def text(value: str | None) -> pl.Expr:
    """A literal text, null included."""
    return pl.lit(value, dtype=pl.String)


def day(value: str | None) -> pl.Expr:
    """A literal date, null included."""
    return pl.lit(date.fromisoformat(value) if value else None, dtype=pl.Date)


def number(value: float | None) -> pl.Expr:
    """A literal number, null included."""
    return pl.lit(value, dtype=pl.Float64)


PERSONS = [
    (("9990000018", "260", "A7"), "9990000018"),
    (("999 000 0018", "260", "A7"), "9990000018"),
    ((None, "260", "A7"), "260_A7"),
    (("12345", "260", "A7"), "260_A7"),
    ((None, "260", None), None),
]


@pytest.mark.parametrize(("given", "key"), PERSONS)
def test_person_key(given, key):
    """The NHS number if it is one, else council and the council's own number."""
    assert one(rules.person_key(*(text(value) for value in given))) == key


def test_corrected_end():
    """Nothing ends after the person's death; what ended before stays."""
    assert one(rules.corrected_end(day("2025-03-01"), day("2025-02-01"))) == date(2025, 2, 1)
    assert one(rules.corrected_end(day(None), day("2025-02-01"))) == date(2025, 2, 1)
    assert one(rules.corrected_end(day("2025-01-01"), day("2025-02-01"))) == date(2025, 1, 1)
    assert one(rules.corrected_end(day("2025-01-01"), day(None))) == date(2025, 1, 1)
    assert one(rules.corrected_end(day(None), day(None))) is None


def test_cut_end():
    """An open service last seen in an earlier period ended with that period; one in the latest is open."""
    earlier, latest = day("2024-03-31"), day("2025-03-31")
    assert one(rules.cut_end(day(None), earlier, latest)) == date(2024, 3, 31)
    assert one(rules.cut_end(day(None), latest, latest)) is None
    assert one(rules.cut_end(day("2023-12-24"), earlier, latest)) == date(2023, 12, 24)


def test_event_end_key():
    """The end date tells two reviews apart, but not a service that was open and then ended."""
    assert one(rules.event_end_key(text("Review"), day("2025-01-20"))) == date(2025, 1, 20)
    assert one(rules.event_end_key(text("Service"), day("2025-01-20"))) is None


UNITS = [
    ("Weekly", 99.0, 1.0),
    ("Weekly", None, 1.0),
    ("Fortnightly", None, 0.5),
    ("4-weekly", None, 0.25),
    ("Monthly", None, 12 / 52),
    ("Quarterly", None, 4 / 52),
    ("Annually", None, 1 / 52),
    ("Hourly", 14.5, 14.5),
    ("Hourly", -14.5, 14.5),
    ("Daily", 3.0, 3.0),
    ("Per session", 2.0, 2.0),
    ("Hourly", None, None),
    ("One-off", 1.0, None),
    (None, 3.0, None),
]


@pytest.mark.parametrize(("frequency", "planned", "units"), UNITS)
def test_units_per_week(frequency, planned, units):
    """The frequency is trusted over the planned units, and signs are made positive."""
    assert one(rules.units_per_week(text(frequency), number(planned))) == units


def test_cost_per_week():
    """14.5 hours at £24 are £348; a negative cost is made positive; without a cost there is none."""
    assert one(rules.cost_per_week(number(24.0), number(14.5))) == 348.0
    assert one(rules.cost_per_week(number(-24.0), number(14.5))) == 348.0
    assert one(rules.cost_per_week(number(None), number(14.5))) is None


def cost(frequency: str, start: str, end: str | None) -> float:
    """What a service of £70 a week, or £500 once, costs in April 2024 to March 2025."""
    period = day("2024-04-01"), day("2025-03-31")
    return one(rules.cost_in_period(number(70.0), number(500.0), text(frequency), day(start), day(end), *period))


def test_cost_in_period():
    """Cost per week x (days open in the period + 1) / 7."""
    assert cost("Weekly", "2024-05-01", "2024-05-07") == pytest.approx(70.0)  # 6 days between + 1 = a week
    assert cost("Weekly", "2024-03-25", "2024-04-07") == pytest.approx(70.0)  # only the second week is in the period
    assert cost("Weekly", "2025-03-18", None) == pytest.approx(140.0)  # open: to the end of the period, two weeks
    assert cost("One-off", "2024-05-01", None) == 500.0
    assert cost("Weekly", "2023-05-01", "2023-06-01") == 0.0


SETTINGS = [
    ("Long term support: Nursing care", None, 1),
    ("Long term support: Residential care", None, 2),
    ("Long term support: Community", "Direct payment", 3),
    ("Long term support: Community", "CASSR managed personal budget", 4),
    ("Long term support: Community", "CASSR commissioned support", 5),
    ("Long term support: Community", None, 6),
    ("Long term support: Prison", "CASSR managed personal budget", 7),
    ("Long term support: Prison", "CASSR commissioned support", 8),
    ("Long term support: Prison", None, 9),
    ("Short term support: ST-Max", None, None),
]


@pytest.mark.parametrize(("service_type", "how", "rank"), SETTINGS)
def test_support_setting(service_type, how, rank):
    """The hierarchy of settings; short-term support has none."""
    assert one(rules.support_setting(text(service_type), text(how))) == rank


def test_preference():
    """Of rows of one event: open before ended, the later end before the earlier, then the hierarchy of outcomes."""
    outcomes = pl.Enum(["Progress to reablement/ST-Max", "NFA: Other"])
    frame = pl.DataFrame(
        {
            "end": [date(2025, 1, 1), None, date(2025, 2, 1), date(2025, 2, 1), date(2025, 2, 1)],
            "outcome": pl.Series([None, None, "NFA: Other", "Progress to reablement/ST-Max", None], dtype=outcomes),
            "row": ["earlier", "open", "low", "high", "blank"],
        }
    )
    ranked = frame.sort(rules.preference(pl.col("end"), pl.col("outcome")))
    assert ranked["row"].to_list() == ["open", "high", "low", "blank", "earlier"]


AGES = [
    ("1941-07-23", "2025-07-22", 83),
    ("1941-07-23", "2025-07-23", 84),
    ("1960-02-29", "2025-02-28", 64),
    ("1960-02-29", "2025-03-01", 65),
]


@pytest.mark.parametrize(("born", "on", "years"), AGES)
def test_years_old(born, on, years):
    """Whole years, the birthday itself included."""
    assert one(rules.years_old(day(born), day(on))) == years

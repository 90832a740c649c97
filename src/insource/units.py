"""The units this product uses, what a name's ending says about its unit, and how to print an amount."""

import math

MINUTES_AN_HOUR = 60
PENCE_A_POUND = 100
WEEKS_A_YEAR = 52
WEEKS_A_QUARTER = 13
DAYS_A_WEEK = 7
MINUTES_A_WEEK = 7 * 24 * 60
PER_THOUSAND = 1000
FULL_MARKS = 100
"""Marks for quality, and scores, are out of so many."""
TENTH = 0.1
MICRO = 1_000_000
"""Wellbeing is kept in whole millionths of a year of full quality of life, so that sums do not depend on order."""

UNIT_OF_SUFFIX = {
    "_minutes": "minutes",
    "_hours": "hours",
    "_weeks": "weeks",
    "_days": "days",
    "_pence": "pence",
    "_pounds": "pounds",
    "_share": "share",
    "_ratio": "ratio",
}
"""A name that ends so has this unit, in tables, accounts, terms and parameters alike (checked by a test)."""

LEDGER_UNITS = {
    "minutes": ("hours", 1 / MINUTES_AN_HOUR),
    "pence": ("pounds", 1 / PENCE_A_POUND),
    "micro_years": ("quality-adjusted years", 1 / MICRO),
    "people": ("people", 1.0),
    "person_weeks": ("person-weeks", 1.0),
    "staff": ("staff", 1.0),
    "staff_weeks": ("staff-weeks", 1.0),
    "service_weeks": ("service-weeks", 1.0),
    "events": ("events", 1.0),
    "person_services": ("services", 1.0),
    "micro_faces": ("faces", 1 / MICRO),
    "micro_person_weeks": ("person-weeks", 1 / MICRO),
    "days": ("days", 1.0),
}
"""Unit of an account as it is kept (whole numbers), unit as it is shown, and what turns one into the other."""


SMALLEST_SHOWN = 5
"""Counts of people below this are not shown in anything that may be shared (NHS England's rule for such data)."""


def people_shown(count: int) -> str:
    """A count of people as it may be shared: not exactly if it is small."""
    return f"fewer than {SMALLEST_SHOWN}" if 0 < count < SMALLEST_SHOWN else f"{count:,}"


def share_shown(share: float) -> str:
    """A share of rows; never 100% when something is missing."""
    text = f"{100 * share:.2f}%"
    return "just under 100%" if share < 1.0 and text == "100.00%" else text


def show(amount: float, unit: str) -> str:
    """An amount with its unit, to three significant figures, as people in a council write it."""
    text = bare(amount, unit)
    return text if unit in IN_THE_NUMBER else f"{text} {unit}"


def bare(amount: float, unit: str) -> str:
    """The same without the unit, save for pounds and per cent, whose sign is part of the number."""
    if unit.startswith("pounds"):
        return _pounds(amount)
    if unit == "share":
        return f"{100 * amount:.1f}%"
    if unit == "points":
        return f"{100 * amount:.1f}"
    return _number(amount)


IN_THE_NUMBER = ("pounds", "pounds a year", "share", "", "number", "ratio", "score", "log")


def _pounds(amount: float) -> str:
    sign, size = ("-" if amount < 0 else ""), abs(amount)
    if size >= 999_500:
        return f"{sign}£{_number(size / 1e6)}m"
    return f"{sign}£{_number(size)}" if size >= 1000 else f"{sign}£{size:,.2f}"


def _number(amount: float) -> str:
    """Three significant figures, thousands separated, no exponent."""
    if amount == 0:
        return "0"
    digits = 2 - math.floor(math.log10(abs(amount)))
    rounded = round(amount, digits)
    return f"{rounded:,.{max(min(digits, 4), 0)}f}"

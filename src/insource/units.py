"""The units this product uses, what a name's ending says about its unit, and how to print an amount."""

MINUTES_AN_HOUR = 60
PENCE_A_POUND = 100
WEEKS_A_YEAR = 52
DAYS_A_WEEK = 7
PER_THOUSAND = 1000
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
    "events": ("events", 1.0),
}
"""Unit of an account as it is kept (whole numbers), unit as it is shown, and what turns one into the other."""


def show(amount: float, unit: str) -> str:
    """An amount with its unit, to three or so significant figures, as people in a council write it."""
    if unit in ("pounds", "pounds a year"):
        return _pounds(amount)
    if unit in ("share", "share a year"):
        return f"{100 * amount:.1f}%"
    return f"{_number(amount)} {unit}" if unit not in ("", "number", "ratio") else _number(amount)


def _pounds(amount: float) -> str:
    sign = "-" if amount < 0 else ""
    size = abs(amount)
    if size >= 999_500:
        return f"{sign}£{size / 1e6:,.2f}m"
    if size >= 999.5:
        return f"{sign}£{size:,.0f}"
    return f"{sign}£{size:,.2f}"


def _number(amount: float) -> str:
    size = abs(amount)
    if size >= 100:
        return f"{amount:,.0f}"
    if size >= 10:
        return f"{amount:,.1f}"
    return f"{amount:,.3g}"

"""Dates and amounts as councils publish them, read from text without guessing: what is neither is null."""

import polars as pl

from insource.records.figures import LARGEST

DATE_FORMS = (
    "%Y-%m-%d",
    "%d/%m/%Y",
    "%d-%m-%Y",
    "%d.%m.%Y",
    "%d-%b-%Y",
    "%d %b %Y",
    "%d %B %Y",
    "%d-%b-%y",
    "%d/%m/%y",
)
MONTH_FORMS = ("%Y-%m", "%b-%y", "%b-%Y", "%B %Y", "%b %Y")
FIRST_YEAR, LAST_YEAR = 2000, 2100


def day(name: str) -> pl.Expr:
    """A column of text as dates; a month is its first day. Null where it is neither, or not of this century."""
    text = pl.col(name).str.strip_chars().str.replace(r"[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?$", "")
    dates = [text.str.to_date(form, strict=False) for form in DATE_FORMS]
    months = [("1 " + text).str.to_date(f"%d {form}", strict=False) for form in MONTH_FORMS]
    known = [pl.when(date.dt.year().is_between(FIRST_YEAR, LAST_YEAR)).then(date) for date in (*dates, *months)]
    return pl.coalesce(known)


def month_first_day(name: str) -> pl.Expr:
    """A column of text as dates written the American way; null otherwise."""
    return pl.col(name).str.strip_chars().str.to_date("%m/%d/%Y", strict=False)


def pounds(name: str) -> pl.Expr:
    """A column of text as pounds: signs, thousands separators and brackets for minus are understood; null otherwise."""
    text = pl.col(name).str.strip_chars().str.replace_all("[£, ]", "")
    is_minus = text.str.contains(r"^\(.*\)$") | text.str.ends_with("-") | text.str.to_uppercase().str.ends_with("CR")
    digits = text.str.replace_all(r"[()]", "").str.replace(r"(?i)(-|cr)$", "")
    is_plain = digits.str.contains(r"^[-+]?(\d+\.?\d*|\.\d+)$")
    amount = pl.when(is_plain).then(digits.str.strip_prefix("+")).cast(pl.Float64, strict=False)
    amount = pl.when(amount.abs() <= LARGEST).then(amount)
    return pl.when(is_minus).then(-amount).otherwise(amount)


def count(name: str) -> pl.Expr:
    """A column of text as whole numbers; null where it is none."""
    text = pl.col(name).str.strip_chars().str.replace_all(",", "").str.replace(r"\.0+$", "")
    return text.cast(pl.Int64, strict=False)


def yes(name: str) -> pl.Expr:
    """True for Y and Yes, false for N and No, null for a blank and all else."""
    text = pl.col(name).str.strip_chars().str.to_lowercase()
    is_yes = text.is_in(["y", "yes", "true", "1"])
    return pl.when(is_yes).then(True).when(text.is_in(["n", "no", "false", "0"])).then(False)

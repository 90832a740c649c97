"""One column of text as what it says: times of day, days of the week, lists, codes. What cannot be read is noted."""

import re

import polars as pl

from insource.errors import near_miss
from insource.planner.formats import DAY_MINUTES, DAYS_A_WEEK, EVERY_DAY, Field
from insource.records.cells import yes
from insource.records.masking import word_of_list
from insource.records.noting import Noting
from insource.records.problem_log import Kind

DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LISTED_DAYS = {
    "daily": EVERY_DAY,
    "every day": EVERY_DAY,
    "all": EVERY_DAY,
    "weekdays": 0b0011111,
    "weekends": 0b1100000,
}
TIME = r"(?:^|[ T])(\d{1,2})[:.](\d{2})(?::\d{2}(?:\.\d+)?)?$"
SHARE_OF_DAY = r"^0?\.\d+$"
BETWEEN = r"\s*[;,|]\s*"
FORM_OF_TIME = "times such as 07:30 or 18:15"


def read(noting: Noting, field: Field) -> pl.Series:
    """The column, typed; the cells that cannot be read are null and noted (a needed one makes its row unusable)."""
    text = noting.text
    match field.kind:
        case "number":
            return _number(noting, field)
        case "minute" | "moment":
            minutes = text.select(minute(field.name))[field.name]
            _note_lost(noting, field, minutes, "unreadable_time", "this is no time of day", FORM_OF_TIME)
            return minutes
        case "date":
            return noting.dates(field.name, "unusable" if field.is_needed else "doubtful")
        case "days":
            return _days(noting, field)
        case "yes":
            answer = text.select(yes(field.name).alias(field.name))[field.name]
            _note_lost(noting, field, answer, "unreadable_yes", "this is neither yes nor no", "yes or no")
            return answer.fill_null(False)
        case "code":
            return _code(noting, field)
        case "keys" | "words":
            lowered = pl.col(field.name).fill_null("")
            lowered = lowered.str.to_lowercase() if field.kind == "words" else lowered
            parts = lowered.str.replace_all(BETWEEN, ";").str.strip_chars("; ").str.split(";")
            return text.select(parts.list.eval(pl.element().filter(pl.element() != "")).alias(field.name))[field.name]
    return text[field.name]


def minute(name: str) -> pl.Expr:
    """A column of text as minutes after midnight; null where it is no time of day."""
    text = pl.col(name).str.strip_chars()
    hours = text.str.extract(TIME, 1).cast(pl.Int32, strict=False)
    minutes = text.str.extract(TIME, 2).cast(pl.Int32, strict=False)
    share = pl.when(text.str.contains(SHARE_OF_DAY)).then(text).cast(pl.Float64, strict=False) * DAY_MINUTES
    read = pl.coalesce(pl.when(minutes < 60).then(hours * 60 + minutes), share.round(0).cast(pl.Int32))
    return pl.when(read.is_between(0, DAY_MINUTES)).then(read).alias(name)


def days_of(text: str) -> int | None:
    """A pattern of days as bits (Monday is 1, Sunday 64); None where it cannot be read."""
    low = " ".join(text.lower().split())
    if low in LISTED_DAYS:
        return LISTED_DAYS[low]
    if re.fullmatch(r"[01]{7}", low):
        return sum(1 << day for day, sign in enumerate(low) if sign == "1") or None
    days = 0
    for part in re.split(r"[;,/&| ]+", re.sub(r"\s*(-|to)\s*", "-", low)):
        ends = [_day_of(name) for name in part.split("-")]
        if len(ends) > 2 or None in ends:
            return None
        first, last = ends[0] or 0, ends[-1] or 0
        days |= sum(1 << ((first + k) % DAYS_A_WEEK) for k in range((last - first) % DAYS_A_WEEK + 1))
    return days


def _day_of(name: str) -> int | None:
    known = len(name) >= 3 and name[:3] in DAY_NAMES and name.isalpha()
    return DAY_NAMES.index(name[:3]) if known else None


def said_days(bits: int) -> str:
    """Bits of days as people write them."""
    for name, listed in LISTED_DAYS.items():
        if bits == listed:
            return name
    return " ".join(name.capitalize() for day, name in enumerate(DAY_NAMES) if bits >> day & 1)


def said_minute(minute_of_day: float) -> str:
    """450 -> 07:30."""
    whole = round(minute_of_day)
    return f"{whole // 60:02d}:{whole % 60:02d}"


def _number(noting: Noting, field: Field) -> pl.Series:
    number = noting.figures(field.name, field.low, field.high)
    if field.is_needed:
        noting.note(
            field.name,
            pl.lit(number.is_null()) & pl.col(field.name).is_not_null(),
            "needed_number",
            "unusable",
            "without this number the row cannot be used",
            "correct it",
            f"{field.low:,g} to {field.high:,g}",
        )
    return number.fill_null(float(field.blank)) if field.blank else number


def _days(noting: Noting, field: Field) -> pl.Series:
    known = {text: days_of(text) for text in noting.text[field.name].drop_nulls().unique()}
    days = noting.text[field.name].replace_strict(known, default=None, return_dtype=pl.Int32)
    allowed = "daily, weekdays, weekends, or days such as Mon Wed Fri, Mon-Sat"
    what = "these are no days of the week; the row cannot be used"
    noting.note(
        field.name,
        pl.lit(days.is_null()) & pl.col(field.name).is_not_null(),
        "unreadable_days",
        "unusable",
        what,
        "correct it",
        allowed,
    )
    return pl.select(pl.when(noting.text[field.name].is_null()).then(EVERY_DAY).otherwise(days).alias(field.name))[
        field.name
    ]


def _code(noting: Noting, field: Field) -> pl.Series:
    low = noting.text.select(pl.col(field.name).str.to_lowercase())[field.name]
    known = {code: code for code in field.codes}
    code = low.replace_strict(known, default=None, return_dtype=pl.String)
    bad = noting.text.with_columns(low).filter(code.is_null() & low.is_not_null())
    if bad.height:
        kind = Kind(
            "unknown_code",
            field.heading,
            "unusable" if field.is_needed else "doubtful",
            "this is not one of the words of the list" + ("" if field.is_needed else "; it is taken as not said"),
            "use one of those allowed",
            ", ".join(field.codes),
        )
        shown = [word_of_list(text, field.codes) for text in bad[field.name]]
        meant = [near_miss(text, field.codes) or None for text in bad[field.name]]
        noting.opened.log.add(kind, bad["row"], pl.Series(shown, dtype=pl.String), pl.Series(meant, dtype=pl.String))
    return code.fill_null(field.blank) if field.blank else code


def _note_lost(noting: Noting, field: Field, read_as: pl.Series, code: str, what: str, allowed: str) -> None:
    is_lost = pl.lit(read_as.is_null()) & pl.col(field.name).is_not_null()
    if field.is_needed:
        noting.note(field.name, is_lost, code, "unusable", what, "correct it", allowed)
    else:
        noting.note(field.name, is_lost, code, "doubtful", f"{what}; it is taken as blank", "correct it", allowed)

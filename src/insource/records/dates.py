"""Read dates that are written as 2024-04-01, 01/04/2024 or 01-04-2024, with or without " 00:00:00".

Each form can be read without a doubt by itself. A column that mixes them can not: a spreadsheet set to American dates
turns 01/04/2024 into 4 January while leaving 13/04/2024 alone, and writes the two in different forms. So in a mixed
column those dates of the rarer forms whose day and month could have changed places are not used.
"""

from collections.abc import Sequence

import polars as pl

from insource.records.masking import BLANKS

FORMS = {1: ("%Y-%m-%d", "2024-04-01"), 2: ("%d/%m/%Y", "01/04/2024"), 3: ("%d-%m-%Y", "01-04-2024")}
UNREADABLE = 9
ALLOWED = "dates such as 2024-04-01 or 01/04/2024 (day first)"
MIDNIGHTS = (" 00:00:00", "T00:00:00", " 00:00")
FIRST_YEAR_WRITTEN = 1000
MONTHS = 12


def clean_text(name: str) -> pl.Expr:
    """A column of text without spaces round it; blank cells are null."""
    text = pl.col(name).str.strip_chars()
    return pl.when(~text.is_in(BLANKS)).then(text).alias(name)


def read_dates(name: str) -> list[pl.Expr]:
    """Two columns for one of text: the date (null where there is none) and `<name>_form`: a key of FORMS, 0 blank,
    9 unreadable."""
    text = clean_text(name)
    bare = text
    for ending in MIDNIGHTS:
        bare = bare.str.strip_suffix(ending)
    parsed = {form: _parsed(bare, pattern) for form, (pattern, _) in FORMS.items()}
    blank = pl.when(text.is_null()).then(0)
    forms = [pl.when(date.is_not_null()).then(number) for number, date in parsed.items()]
    return [
        pl.coalesce(*parsed.values()).alias(name),
        pl.coalesce(blank, *forms, pl.lit(UNREADABLE)).cast(pl.UInt8).alias(f"{name}_form"),
    ]


def _parsed(text: pl.Expr, pattern: str) -> pl.Expr:
    """The dates of one form; a year of two digits is no year."""
    date = text.str.to_date(pattern, strict=False)
    return pl.when(date.dt.year() >= FIRST_YEAR_WRITTEN).then(date)


def forms_used(forms: pl.Series) -> dict[int, int]:
    """How many dates are written in each form, the commonest first."""
    counted = forms.filter(forms.is_in(list(FORMS))).value_counts(sort=True)
    counted = counted.sort(["count", forms.name], descending=[True, False])
    return {int(form): int(count) for form, count in counted.iter_rows()}


def could_be_swapped(name: str, rarer: Sequence[int]) -> pl.Expr:
    """True for dates of the rarer forms of a mixed column whose day could be the month and the other way round."""
    date = pl.col(name)
    is_open_to_doubt = (date.dt.day() <= MONTHS) & (date.dt.day() != date.dt.month())
    return pl.col(f"{name}_form").is_in(list(rarer)) & is_open_to_doubt


def say_forms(heading: str, used: dict[int, int]) -> str:
    """ "Event Start Date: 400 like 2024-04-01, 300 like 01/04/2024"."""
    counts = ", ".join(f"{count:,} like {FORMS[form][1]}" for form, count in used.items())
    return f"{heading}: {counts}"

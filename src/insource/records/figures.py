"""Read amounts: 22.5, £22.50, "1,250.00", -3. Anything else is no amount, and is not guessed at."""

import polars as pl

from insource.records.dates import clean_text

AMOUNT = r"^[-+]?£?[-+]?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$"
ALLOWED = "a number such as 22.50"
LARGEST = 1e12
"""No amount in a council's files is larger than a million million; a longer row of digits is something else."""


def read_figure(name: str) -> list[pl.Expr]:
    """The number in a column of text (null where there is none), and `<name>_unreadable`."""
    text = clean_text(name)
    number = pl.when(text.str.contains(AMOUNT)).then(text.str.replace_all(r"[£,+]", "")).cast(pl.Float64, strict=False)
    number = pl.when(number.abs() <= LARGEST).then(number)
    return [number.alias(name), (text.is_not_null() & number.is_null()).alias(f"{name}_unreadable")]

"""Read amounts: 22.5, £22.50, "1,250.00", -3. Anything else is no amount, and is not guessed at."""

import polars as pl

from insource.records.dates import clean_text

AMOUNT = r"^[-+]?£?[-+]?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$"
ALLOWED = "a number such as 22.50"


def read_figure(name: str) -> list[pl.Expr]:
    """The number in a column of text (null where there is none), and `<name>_unreadable`."""
    text = clean_text(name)
    number = pl.when(text.str.contains(AMOUNT)).then(text.str.replace_all(r"[£,+]", "")).cast(pl.Float64, strict=False)
    return [number.alias(name), (text.is_not_null() & number.is_null()).alias(f"{name}_unreadable")]

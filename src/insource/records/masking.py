"""What may be shown of a value that somebody else's file holds.

Records are about vulnerable people. A personal value (a name, an NHS number, a date of birth, a postcode, a person's
number, free text) is only ever shown as its shape: digits become 9, letters become x. A value of a closed list is
shown as it is only where it is so close to an allowed value that it must be a slip of the pen, or made of several
words of the list; anything else might be a name that a shifted column put there, and is shown as its shape too.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable

import polars as pl

MOST_CHARACTERS = 20
MOST_DIGITS_SHOWN = 8
"""A date has eight digits; an NHS number has ten. A figure with more digits than this is shown as its shape."""
SLIP = 0.8
"""How alike (0 to 1, difflib) a value must be to an allowed one to be taken for a slip of the pen: a judgement."""
BLANKS = ("", "NULL", "null")
"""Texts that stand for nothing recorded."""


def pattern(text: str) -> str:
    """The shape of a personal value: digits -> 9, letters -> x, at most 20 characters ("AB1 2CD" -> "xx9 9xx")."""
    return "".join(_masked(character) for character in text[:MOST_CHARACTERS])


def _masked(character: str) -> str:
    group = unicodedata.category(character)[0]
    return {"L": "x", "M": "x", "N": "9", "C": " ", "Z": " "}.get(group, character)


def pattern_of(column: pl.Expr) -> pl.Expr:
    """`pattern` for a whole column of text."""
    return (
        column.str.slice(0, MOST_CHARACTERS)
        .str.replace_all(r"[\p{L}\p{M}]", "x")
        .str.replace_all(r"\p{N}", "9")
        .str.replace_all(r"[\p{C}\p{Z}]", " ")
    )


def figure_of(column: pl.Expr) -> pl.Expr:
    """A column of would-be dates or amounts as it may be shown: letters masked; digits too where there are many.

    Nor are the digits of a date of the last century shown, which might be a date of birth.
    """
    has_many_digits = (column.str.count_matches(r"\p{N}") > MOST_DIGITS_SHOWN) | column.str.contains(r"19\d{2}")
    letters_masked = (
        column.str.slice(0, MOST_CHARACTERS).str.replace_all(r"[\p{L}\p{M}]", "x").str.replace_all(r"[\p{C}\p{Z}]", " ")
    )
    return pl.when(has_many_digits).then(pattern_of(column)).otherwise(letters_masked)


def word_of_list(text: str, allowed: Iterable[str]) -> str:
    """A value of a closed list as it may be shown: itself if it is a slip of the pen, else its shape.

    "Femal" is shown for Gender, "Home care" for Service Component, "Joan" for neither.
    """
    if len(text) <= 1:
        return text
    lowered = [value.lower() for value in allowed]
    words = re.findall(r"\w+", text.lower())
    known_words = {word for value in lowered for word in re.findall(r"\w+", value)}
    is_made_of_known_words = len(words) > 1 and known_words.issuperset(words)
    is_slip = is_made_of_known_words or bool(difflib.get_close_matches(text.lower(), lowered, n=1, cutoff=SLIP))
    return text[:80] if is_slip else pattern(text)

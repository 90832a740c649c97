"""Turn the values of closed lists into Release 2 values, and find out which release a file was written for."""

from collections import Counter
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import polars as pl

from insource.records.codelists import Codelist, Release
from insource.records.masking import BLANKS, word_of_list
from insource.records.problem_log import Kind, ProblemLog

UNKNOWN = "?"
"""Stands for a value that is not in the list; a blank is null."""
MOST_NEAR_MISSES = 300
"""For so many different unknown values of a column a near miss is looked for; a column of rubbish has more."""


@dataclass(frozen=True)
class Vocabulary:
    """The different texts of a column, numbered. Which number a text has may differ from run to run: only order what
    is shown by the texts themselves.

    `kept` is an empty column of these categories: Polars forgets them with the last column that uses them.
    """

    categories: pl.Categories = field(default_factory=pl.Categories.random)
    kept: pl.Series = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kept", pl.Series(dtype=pl.Categorical(self.categories)))

    def texts(self) -> pl.Series:
        """The texts by their numbers."""
        return self.categories.to_series()

    def in_order(self) -> list[tuple[int, str]]:
        """Numbers and texts in the order of the alphabet."""
        return sorted(enumerate(self.texts().to_list()), key=lambda pair: pair[1])

    def count(self, numbers: pl.Series) -> np.ndarray:
        """How often each text occurs."""
        return np.bincount(numbers.drop_nulls().to_numpy(), minlength=len(self.texts()))


@dataclass
class Votes:
    """Rows that speak for a release: by values that only it has, and by spellings that only it uses."""

    values: Counter[Release] = field(default_factory=Counter)
    spellings: Counter[Release] = field(default_factory=Counter)

    def release(self) -> Release:
        """The release of the file; spellings count only where no value tells ("" if nothing does)."""
        votes = self.values or self.spellings
        return votes.most_common(1)[0][0] if votes else ""

    def notice(self) -> str:
        """What to tell the user about the release."""
        release = self.release()
        if not release:
            return "the values do not tell Release 1 from Release 2"
        other: Release = "R2" if release == "R1" else "R1"
        says = f"written for Release {release[1]}"
        if self.values[other]:
            share = self.values[other] / (self.values[other] + self.values[release])
            says += (
                f", but mixed: {share:.1%} of the telling values are Release {other[1]} values (they were understood)"
            )
        return says


def match_values(numbers: pl.Series, vocabulary: Vocabulary, codelist: Codelist, votes: Votes) -> pl.Series:
    """The Release 2 values (an Enum; UNKNOWN where not in the list, null where blank) of an encoded column."""
    counts = vocabulary.count(numbers)
    values: list[str | None] = [None] * len(counts)
    for number, text in vocabulary.in_order():
        if text.strip() in BLANKS:
            continue
        match = codelist.match(text)
        values[number] = match.value or UNKNOWN
        if match.belongs_to:
            votes.values[match.belongs_to] += int(counts[number])
        if match.spelt_as:
            votes.spellings[match.spelt_as] += int(counts[number])
    kind = pl.Enum([*codelist.values, UNKNOWN])
    return pl.Series(values, dtype=kind).gather(numbers)


def log_unknown(
    column: str,
    values: pl.Series,
    numbers: pl.Series,
    vocabulary: Vocabulary,
    codelist: Codelist,
    release: Release,
    rows: pl.Series,
    severity_unusable: pl.Series,
    log: ProblemLog,
) -> None:
    """Note every value that is not in its list, with the value that was probably meant.

    `severity_unusable` says for each row whether it can be used without this value.
    """
    is_unknown = (values == UNKNOWN).fill_null(False)
    if not is_unknown.any():
        return
    allowed = codelist.allowed(release)
    unknown_texts = set(numbers.filter(is_unknown).unique().to_list())
    in_order = vocabulary.in_order()
    shown, meant = [""] * len(in_order), cast("list[str | None]", [None] * len(in_order))
    looked_for = 0
    for number, text in in_order:
        if number not in unknown_texts:
            continue
        is_looked_for = looked_for < MOST_NEAR_MISSES
        looked_for += 1
        shown[number] = word_of_list(text.strip(), codelist.values if is_looked_for else ())
        meant[number] = (codelist.near(text) or None) if is_looked_for else None
    shown_column, meant_column = pl.Series(shown, dtype=pl.String), pl.Series(meant, dtype=pl.String)
    for severity, is_here in (("unusable", severity_unusable), ("doubtful", ~severity_unusable)):
        chosen = is_unknown & is_here
        here = numbers.filter(chosen)
        log.add(
            Kind(
                "unknown_value",
                column,
                "unusable" if severity == "unusable" else "doubtful",
                "the value is not one of the list",
                "use a value of the list",
                "; ".join(allowed),
            ),
            rows.filter(chosen),
            shown_column.gather(here),
            meant_column.gather(here),
        )

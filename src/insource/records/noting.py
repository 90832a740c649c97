"""Note what is wrong with the cells of a table of text, column by column, the same way for every format."""

from dataclasses import dataclass, field

import polars as pl

from insource.records.dates import ALLOWED as ALLOWED_DATES
from insource.records.dates import UNREADABLE, could_be_swapped, forms_used, read_dates
from insource.records.figures import read_figure
from insource.records.masking import figure_of
from insource.records.problem_log import Kind, Severity
from insource.records.reading import Opened

MOST_CODES_SHOWN = 12


@dataclass
class Noting:
    """A file's table of text (blank cells null) and where its problems go."""

    opened: Opened
    text: pl.DataFrame = field(repr=False)

    def note(
        self, name: str, is_bad: pl.Expr, code: str, severity: Severity, what: str, todo: str, allowed: str = ""
    ) -> None:
        """Note every row in which `is_bad`; what stands in the column is shown as far as it may be."""
        bad = self.text.filter(is_bad.fill_null(False))
        if bad.height:
            kind = Kind(code, self.opened.format.heading(name), severity, what, todo, allowed)
            shown = bad.select(figure_of(pl.col(name).fill_null("")).alias("found"))["found"]
            self.opened.log.add(kind, bad["row"], shown)

    def must_be_there(self, *names: str) -> None:
        """Note rows in which one of these cells is blank: nothing can be done with them."""
        for name in names:
            what = "the cell is blank and must not be"
            self.note(name, pl.col(name).is_null(), "missing_value", "unusable", what, "fill it in")

    def codes(self, name: str, allowed: dict[str, str], severity: Severity, not_known: str = "") -> None:
        """Note cells that hold something other than the codes of a list (or the code for "don't know")."""
        known = [*allowed, *([not_known] if not_known else [])]
        listed = ", ".join(f"{code} ({meaning})" if meaning else code for code, meaning in allowed.items())
        short = (
            listed if len(allowed) <= MOST_CODES_SHOWN else f"{len(allowed)} codes, among them {', '.join(known[:8])}"
        )
        is_bad = pl.col(name).is_not_null() & ~pl.col(name).is_in(known)
        what = "this is not one of the codes of the list"
        if severity == "doubtful":
            what += "; it is taken as not known"
        self.note(name, is_bad, "unknown_code", severity, what, "correct the code", short)

    def figures(self, name: str, low: float, high: float, not_known: str = "") -> pl.Series:
        """The numbers in a column; what is no number, or lies outside what can be, is noted and taken as not known."""
        read = self.text.select(pl.when(pl.col(name) != not_known).then(pl.col(name)).alias(name)).select(
            read_figure(name)
        )
        number, is_unreadable = read[name], read[f"{name}_unreadable"]
        is_outside = ((number < low) | (number > high)).fill_null(False)
        span = f"{low:,g} to {high:,g}" + (f", or {not_known} for not known" if not_known else "")
        self.note(
            name,
            pl.lit(is_unreadable),
            "unreadable_number",
            "doubtful",
            "this is not a number; it is taken as not known",
            "correct it",
            span,
        )
        self.note(
            name,
            pl.lit(is_outside),
            "unlikely_number",
            "doubtful",
            "this number cannot be; it is taken as not known",
            "correct it",
            span,
        )
        return pl.select(pl.when(~pl.lit(is_outside)).then(pl.lit(number)).alias(name))[name]

    def dates(self, name: str, severity: Severity = "doubtful") -> pl.Series:
        """The dates in a column. Those that cannot be read, or whose day and month may have changed places in a
        column of mixed forms, are noted and taken as not known."""
        read = self.text.select(read_dates(name))
        forms = read[f"{name}_form"]
        self.note(
            name,
            pl.lit(forms == UNREADABLE),
            "unreadable_date",
            severity,
            "the date cannot be read, or there is no such day",
            "correct it (day first)",
            ALLOWED_DATES,
        )
        rarer = list(forms_used(forms))[1:]
        is_swapped = read.select(could_be_swapped(name, rarer).fill_null(False)).to_series() if rarer else None
        if is_swapped is None:
            return read[name]
        self.note(
            name,
            pl.lit(is_swapped),
            "mixed_dates",
            severity,
            "dates are written in two ways, and here day and month may have changed places; it is taken as not known",
            "write all dates in one way",
            ALLOWED_DATES,
        )
        return pl.select(pl.when(~pl.lit(is_swapped)).then(pl.lit(read[name])).alias(name))[name]

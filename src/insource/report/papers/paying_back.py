"""Payback and break-even in a paper: the sheets of 'insource value' as tables, and words where there is no number."""

from collections.abc import Callable
from typing import Any

from insource.report.papers import evidence
from insource.report.papers.facts import Facts
from insource.report.papers.model import Block, Table
from insource.report.payback_sheet import change_in_words, whole_years
from insource.units import bare, show


def payback(facts: Facts) -> list[Block]:
    """Years until what a model costs more than the first is paid back, at present value."""
    sheet = facts.appraised.sheet("payback")
    rows = tuple(
        (
            row["purse"],
            row["model"],
            evidence.times(row["never_more"], facts),
            evidence.times(row["within"], facts)
            + (f"\nafter {row['mean']:.1f} years on average" if row["mean"] else ""),
            evidence.times(row["never"], facts),
            row["middle"] if row["low"] == row["high"] else f"{row['middle']}\n({row['low']} to {row['high']})",
        )
        for row in sheet.frame.iter_rows(named=True)
    )
    columns = (
        "Who pays",
        "Model",
        "Never spent more",
        "Spent more, and paid it back",
        f"Not paid back within {whole_years(facts.value.years)}",
        "Middle draw (range)",
    )
    return [Table(sheet.title, columns, rows, f"Run {facts.run}. {sheet.note}", widths=(2.6, 3.6, 2.4, 3.0, 2.4, 3.6))]


def break_even(facts: Facts) -> list[Block]:
    """By how much a model's cost would have to differ in every year to come out even, and what would pay it back."""
    sheet = facts.appraised.sheet("break-even")
    rows = tuple(
        (
            row["purse"],
            row["model"],
            change_in_words(row["even"], row["even_low"], row["even_high"], row["share"]),
            _range(row, "outlay"),
            f"{_range(row, 'needed')}\nin {evidence.times(row['some'], facts)}" if row["some"] else "-",
            _range(row, "made") if row["some"] else "-",
            evidence.times(row["still"], facts),
        )
        for row in sheet.frame.iter_rows(named=True)
    )
    columns = (
        "Who pays",
        "Model",
        "Even if it cost each year",
        "Most spent more so far",
        "Saving a year needed after that",
        "Saving a year made after that",
        "Still falling behind in the last year",
    )
    note = (
        f"Run {facts.run}. Against the first model, discounted, the same sum in every year. The most spent more so far "
        "is at the end of the year in which the model is furthest behind, at present value, 0 where it never is; the "
        "saving needed makes that up by the last year, in the draws in which there is something to make up and a year "
        "left to do it (a dash: in none)."
    )
    return [Table(sheet.title, columns, rows, note, widths=(2.2, 3.0, 3.4, 2.8, 2.6, 2.6, 2.0))]


def _range(row: dict[str, Any], name: str) -> str:
    low, high = (bare(row[f"{name}_{end}"], "pounds") for end in ("low", "high"))
    return f"{show(row[name], 'pounds')} ({low} to {high})"


SHOWN: dict[str, Callable[[Facts], list[Block]]] = {one.__name__: one for one in (payback, break_even)}
"""Tables by the names that forms use."""

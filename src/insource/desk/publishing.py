"""The copy of a result that may leave the council: small numbers of people withheld, and what would give them away.

What happens:

* Counts of 1 to 4 people are withheld, with every other number of their row: an amount of money over three people says
  what they cost. None is shown as 0.
* A withheld row could be had back from a total. So at least two rows of a table are withheld or none, and in each
  column one of those withheld is of at least 5 people (or all are of none); the rows with fewest people are taken for
  that. Adding small rows up would not do: one person may be in several of them.
* A share of people is withheld if it is of 1 to 4 of them or leaves 1 to 4.
* In tables that count people, counts are rounded to 5, pounds to 100, hours to 10, shares to the whole per cent. Of few
  people a whole per cent tells the very numbers (48% of about 20 people can only be 10 of 21), so theirs are rounded to
  5 per cent. A share of some is never shown as none, nor one that leaves some as all.
* Tables of single people, and references to rows, are left out. Of a finding about people its reason is replaced by
  what its code means, because reasons hold counts; small findings of one code are put together.

Left out: tables are looked at one at a time. Two tables that split the same people by different things, or the same
table on two dates, can be set against one another; whoever publishes more than one must look at them together.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from insource.desk.findings import finding_kinds
from insource.desk.result import NUMBER_KINDS, Chart, Column, Finding, Result, Sheet
from insource.units import SMALLEST_SHOWN

FINEST_SHARE, COARSER_SHARE = 0.01, 0.05
FEWEST_FOR_FINEST = 60
"""Of fewer people (as published) one number only may fit a whole per cent; of these at least two do, but for 5."""
SHARE_DIGITS = 2
WHOLE = 1e-6
"""A number of people worked out from a share is whole up to this."""
ROUNDED_TO = {"count": SMALLEST_SHOWN, "pounds": 100, "hours": 10}
FEWEST_ROWS = 2
WITHHELD_NOTE = f"Numbers about fewer than {SMALLEST_SHOWN} people are withheld; counts of people are rounded."
SHARES_NOTE = (
    f"Shares are rounded to {COARSER_SHARE:.0%}, of {FEWEST_FOR_FINEST} people or more to {FINEST_SHARE:.0%}; a share "
    f"of people that is of fewer than {SMALLEST_SHOWN} of them, or leaves so few, is withheld unless it is none or all."
)
TOGETHER = f"groups of fewer than {SMALLEST_SHOWN} people, together"


def publish(result: Result) -> Result:
    """A copy of the result that may be published; the same result if it is one already."""
    if result.is_published:
        return result
    sheets = {sheet.name: publish_sheet(sheet) for sheet in result.sheets if not sheet.is_personal}
    return replace(
        result,
        summary=result.summary if result.published_summary is None else result.published_summary,
        findings=tuple(_findings(result)),
        sheets=tuple(sheets.values()),
        charts=tuple(chart for chart in result.charts if _may_be_shown(chart, result, sheets)),
        is_published=True,
    )


def withheld(counts: Sequence[Sequence[int | None]]) -> list[bool]:
    """Which rows of a table must be withheld. `counts`: for each row its counts of people (None: not known).

    Rows with 1 to 4 people anywhere; then, while only one row is withheld or the largest of a column is 1 to 4, one
    more: one that mends this if there is any, else any with people in it, the one with fewest people first.
    """
    hidden = [any(_is_small(count) for count in row) for row in counts]
    while any(hidden) and not _is_safe(counts, hidden):
        left = [number for number, is_hidden in enumerate(hidden) if not is_hidden]
        if not left:
            break
        hidden[min(left, key=lambda number: _cost_of(counts, hidden, number))] = True
    return hidden


def _is_small(count: int | None) -> bool:
    return count is not None and 0 < count < SMALLEST_SHOWN


def _cost_of(counts: Sequence[Sequence[int | None]], hidden: Sequence[bool], number: int) -> tuple[bool, bool, int]:
    """How little one likes to withhold a row: whether it does not help, whether nobody is in it, how many are."""
    with_it = [*hidden[:number], True, *hidden[number + 1 :]]
    size = _size(counts[number])
    return not _is_safe(counts, with_it), size == 0, size


def _size(row: Sequence[int | None]) -> int:
    return max((count for count in row if count is not None), default=0)


def _is_safe(counts: Sequence[Sequence[int | None]], hidden: Sequence[bool]) -> bool:
    rows = [row for row, is_hidden in zip(counts, hidden, strict=True) if is_hidden]
    largest = [max(count or 0 for count in column) for column in zip(*rows, strict=True)]
    return len(rows) >= FEWEST_ROWS and not any(_is_small(count) for count in largest)


def _counts(sheet: Sheet) -> list[str]:
    return [name for name, column in sheet.columns.items() if column.is_count_of_people]


def publish_sheet(sheet: Sheet) -> Sheet:
    """The sheet with small rows withheld and the rest rounded; untouched if it counts nobody."""
    counts = _counts(sheet)
    if not counts:
        return sheet
    rows = [list(row) for row in sheet.frame.select(counts).iter_rows()]
    parts = rows[:-1] if sheet.has_total else rows
    hidden = _withheld_by_block(parts, sheet)
    if sheet.has_total:
        hidden.append(any(_is_small(count) for count in rows[-1]))
    is_hidden = pl.Series("is_hidden", hidden, dtype=pl.Boolean)
    numbers = [name for name, column in sheet.columns.items() if column.kind in NUMBER_KINDS]
    shown = (pl.when(~is_hidden).then(_rounded(name, sheet.columns[name], counts)).alias(name) for name in numbers)
    frame = sheet.frame.with_columns(shown).select(*sheet.columns)
    columns = {name: replace(column, share_of="") for name, column in sheet.columns.items()}
    has_shares = any(column.kind == "share" for column in sheet.columns.values())
    note = f"{sheet.note} {WITHHELD_NOTE} {SHARES_NOTE if has_shares else ''}".strip()
    return replace(sheet, frame=frame, columns=columns, note=note, formulas={})


def _withheld_by_block(parts: Sequence[Sequence[int | None]], sheet: Sheet) -> list[bool]:
    """Which rows must be withheld, each block of the sheet taken as a table by itself."""
    if not sheet.blocks:
        return withheld(parts)
    hidden, keys = [False] * len(parts), sheet.frame.select(sheet.blocks).rows()[: len(parts)]
    for key in dict.fromkeys(keys):
        rows = [number for number, own in enumerate(keys) if own == key]
        for number, is_hidden in zip(rows, withheld([parts[number] for number in rows]), strict=True):
            hidden[number] = is_hidden
    return hidden


def _rounded(name: str, column: Column, counts: Sequence[str]) -> pl.Expr:
    """An amount as it is published; a share by the people it is of, or by the most that its row counts."""
    if column.kind == "share":
        return _share_of_people(name, column.share_of) if column.share_of else _share(name, pl.max_horizontal(counts))
    if column.kind not in ROUNDED_TO:
        return pl.col(name)
    rounded = _to_step(pl.col(name), pl.lit(float(ROUNDED_TO[column.kind])))
    return rounded.cast(pl.Int64) if column.kind == "count" else rounded


def _to_step(amount: pl.Expr, step: pl.Expr) -> pl.Expr:
    return (amount.cast(pl.Float64) / step + 0.5).floor() * step


def _share(name: str, people: pl.Expr) -> pl.Expr:
    """A share rounded by the number of people as it is published, so that the step tells nothing of the true one."""
    is_few = _to_step(people, pl.lit(float(SMALLEST_SHOWN))) < FEWEST_FOR_FINEST
    step = pl.when(is_few).then(COARSER_SHARE).otherwise(FINEST_SHARE)
    return _to_step(pl.col(name), step).round(SHARE_DIGITS)


def _share_of_people(name: str, people: str) -> pl.Expr:
    """A share of people, withheld if it is of 1 to 4 of them or leaves so few; some are never shown as none or all."""
    share, shown = pl.col(name), _share(name, pl.col(people))
    part = share * pl.col(people)
    is_small = [number.is_between(WHOLE, SMALLEST_SHOWN - WHOLE) for number in (part, pl.col(people) - part)]
    shown = pl.when(share > 0).then(pl.max_horizontal(shown, FINEST_SHARE)).otherwise(shown)
    shown = pl.when(share < 1).then(pl.min_horizontal(shown, 1 - FINEST_SHARE)).otherwise(shown)
    return pl.when(~pl.any_horizontal(is_small)).then(shown)


def _round(amount: float | None, kind: str) -> float | None:
    step = ROUNDED_TO[kind]
    return None if amount is None else float((amount / step + 0.5) // 1 * step)


def _findings(result: Result) -> Iterator[Finding]:
    """Findings of each code: those about nobody as they are, the small ones put together, the rest rounded."""
    for code, found in result.by_code().items():
        meaning = finding_kinds()[code].meaning
        yield from (replace(one, rows=()) for one in found if one.people is None)
        about = [one for one in found if one.people is not None]
        hidden = withheld([[one.people] for one in about])
        for one, is_hidden in zip(about, hidden, strict=True):
            if not is_hidden:
                yield _together(one.subject, meaning, [one])
        small = [one for one, is_hidden in zip(about, hidden, strict=True) if is_hidden]
        if small:
            yield _together(TOGETHER, meaning, small)


def _together(subject: str, meaning: str, found: list[Finding]) -> Finding:
    """One finding for several of a code, rounded; without numbers if it may be about fewer than five people in all.

    How many people several findings are about is not said: one person may be in more than one of them.
    """
    people = max(one.people or 0 for one in found)
    sureness = {one.confidence for one in found}
    confidence = sureness.pop() if len(sureness) == 1 else ""
    if _is_small(people):
        return Finding(found[0].code, subject, meaning, confidence=confidence)
    pounds = [one.pounds for one in found if one.pounds is not None]
    hours = [one.hours for one in found if one.hours is not None]
    return Finding(
        found[0].code,
        subject,
        meaning,
        _round(sum(pounds), "pounds") if pounds else None,
        _round(sum(hours), "hours") if hours else None,
        int(_round(people, "count") or 0) if len(found) == 1 else None,
        confidence,
    )


def _may_be_shown(chart: Chart, result: Result, sheets: dict[str, Sheet]) -> bool:
    """Charts drawn from a published sheet are drawn again; ready-made ones of sheets that count people are left out."""
    if not chart.sheet:
        return True
    return chart.sheet in sheets and (callable(chart.spec) or not _counts(result.sheet(chart.sheet)))

"""Published payments over 500 pounds: a row for each payment or sum of payments, in a council's own words.

Which column is what comes from a mapping (`market_mapping.py`). Names that may be a person's leave this reader as
`supplier_names.INDIVIDUALS`; a number of the supplier, or a hash of the name, still tells them apart.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from insource.errors import InputError, Problem
from insource.records import supplier_names
from insource.records.beginning import look
from insource.records.cells import day, month_first_day, pounds
from insource.records.council_headings import roles
from insource.records.dates import clean_text
from insource.records.headings import Format, first_row
from insource.records.market_mapping import Mapping, any_of
from insource.records.masking import figure_of
from insource.records.problem_log import Kind, ProblemLog
from insource.records.reading import Opened, open_table
from insource.records.sheet_table import SheetTable, headings_of, is_workbook, open_sheet

BLANK_SUPPLIER = ""
NUMBERED = "number "
BAD_DATE = Kind(
    "unreadable_date",
    "date",
    "unusable",
    "this is no date",
    "write the day, month and year",
    "dates such as 2024-04-01, 01/04/2024 or 1-Apr-2024 (day first), or months such as 2024-04",
)
BAD_AMOUNT = Kind(
    "unreadable_amount",
    "amount",
    "unusable",
    "this is no amount in pounds",
    "write digits",
    "amounts such as 1234.56, £1,234.56 or (1,234.56)",
)
NO_SUPPLIER = Kind(
    "no_supplier",
    "supplier",
    "doubtful",
    "nobody is named as paid; the payment counts among names withheld",
    "fill it in if the name may be published",
)
SCHEMA = {
    "file": pl.UInt16,
    "row": pl.UInt32,
    "date": pl.Date,
    "pounds": pl.Float64,
    "lines": pl.Int64,
    "stream": pl.String,
    "key": pl.String,
    "name": pl.String,
}


@dataclass(frozen=True)
class PaymentsFile:
    """One file, read. `frame`: the columns of SCHEMA for every usable row; `rows` counts rows not blank."""

    name: str
    rows: int
    log: ProblemLog
    notices: tuple[str, ...]
    frame: pl.DataFrame = field(repr=False)


def file_headings(path: Path, name: str) -> list[str]:
    """The headings of a CSV file or a workbook as they stand there."""
    return headings_of(path, name) if is_workbook(path) else first_row(look(path, name))


def open_any(path: Path, formats: Sequence[Format], name: str) -> Opened | SheetTable:
    """Open a CSV file or a workbook by one of these formats."""
    return open_sheet(path, formats, name) if is_workbook(path) else open_table(path, formats, name)


@dataclass(frozen=True)
class Allowed:
    """Suppliers that are organisations whatever their names look like: by key, or by name made even."""

    keys: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()


NOBODY = Allowed()


def read(path: Path, mapping: Mapping, number: int, name: str = "", allowed: Allowed = NOBODY) -> PaymentsFile:
    """Read one file of payments; raises InputError if none of its rows can be read."""
    name = name or path.name
    opened = open_any(path, [mapping.format("payments", file_headings(path, name))], name)
    wanted = list(roles("payments"))
    parts, month_first = [], 0
    for block in opened.blocks(wanted):
        parts.append(_usable(opened.log, block, mapping, number, allowed))
        month_first += block.filter(day("date").is_null() & month_first_day("date").is_not_null()).height
    if month_first:  # then others, which could be either, are the wrong way round
        raise InputError(
            Problem(
                "month_first",
                f"{month_first:,} dates can only be read with the month first, so all its dates are in doubt",
                "write dates with the day first, or as 2024-03-31, and export the file again",
                file=name,
                column="date",
                allowed="31/03/2024 or 2024-03-31",
            )
        )
    frame = pl.concat(parts) if parts else pl.DataFrame(schema=SCHEMA)
    if frame.is_empty():
        raise InputError(
            Problem(
                "no_usable_rows",
                "no row has both a date and an amount that can be read",
                "check in the mapping which column is which",
                file=name,
                found="; ".join(f"{one.count:,} rows: {one.what}" for one in opened.log.counts()[:3]),
            )
        )
    return PaymentsFile(name, opened.rows, opened.log, tuple(opened.notices), frame)


def texts(path: Path, mapping: Mapping, name: str) -> Iterator[pl.DataFrame]:
    """The columns that a stream may be told from, as text, with the amount; for proposing tests."""
    opened = open_any(path, [mapping.format("payments", file_headings(path, name))], name)
    wanted = ["amount", "stream", "payment", "service", "purpose", "category", "kind"]
    for block in opened.blocks(wanted):
        yield block.with_columns(pounds("amount").alias("pounds")).drop("amount", "row")


def _usable(log: ProblemLog, block: pl.DataFrame, mapping: Mapping, number: int, allowed: Allowed) -> pl.DataFrame:
    """The rows of a block whose date and amount can be read."""
    text = block.with_columns(clean_text(name) for name in roles("payments"))
    table = text.with_columns(day("date").alias("read_date"), pounds("amount").alias("pounds"))
    for kind, column, value in ((BAD_DATE, "date", "read_date"), (BAD_AMOUNT, "amount", "pounds")):
        bad = table.filter(pl.col(value).is_null())
        log.add(kind, bad["row"], bad.select(figure_of(pl.col(column).fill_null("blank")).alias("found"))["found"])
    table = table.filter(pl.col("read_date").is_not_null() & pl.col("pounds").is_not_null())
    blank = table.filter(pl.col("supplier").is_null() & pl.col("supplier_number").is_null())
    log.add(NO_SUPPLIER, blank["row"])
    named = table.with_columns(
        mapping.stream(),
        pl.col("lines").str.replace_all(",", "").cast(pl.Int64, strict=False).fill_null(1),
        any_of(mapping.individuals).alias("is_individual"),
        any_of(mapping.organisations).alias("is_organisation"),
    )
    return with_names(named, allowed).select(
        pl.lit(number, pl.UInt16).alias("file"),
        "row",
        pl.col("read_date").alias("date"),
        "pounds",
        "lines",
        "stream",
        "key",
        "name",
    )


def with_names(table: pl.DataFrame, allowed: Allowed = NOBODY) -> pl.DataFrame:
    """`key`, by which suppliers are told apart, and `name`, as it may be printed."""
    by_number = (pl.lit(NUMBERED) + pl.col("supplier_number")).is_in(sorted(allowed.keys)).fill_null(False)
    table = table.with_columns(pl.col("is_organisation") | by_number)
    columns = ["supplier", "is_individual", "is_organisation"]
    kinds = table.select(columns).unique(maintain_order=True)
    shown = [_shown(supplier or "", person, body, allowed) for supplier, person, body in kinds.iter_rows()]
    hashes = [_hash(supplier or "") for supplier in kinds["supplier"]]
    names = kinds.with_columns(pl.Series("name", shown, pl.String), pl.Series("hash", hashes, pl.String))
    joined = table.join(names, on=columns, how="left", nulls_equal=True)
    numbered = pl.when(pl.col("supplier_number").is_not_null()).then(pl.lit(NUMBERED) + pl.col("supplier_number"))
    return joined.with_columns(numbered.otherwise(pl.col("hash")).alias("key"))


def _shown(name: str, is_individual: bool, is_organisation: bool, allowed: Allowed) -> str:
    public = supplier_names.public_part(name)
    if supplier_names.is_withheld(name) or (is_individual and not is_organisation):
        return supplier_names.INDIVIDUALS
    is_known = is_organisation or supplier_names.even(name) in allowed.names
    return public if is_known else supplier_names.shown(name)


def _hash(name: str) -> str:
    """A key for a supplier without a number; blank and withheld names have none that tells them apart."""
    if supplier_names.is_withheld(name):
        return BLANK_SUPPLIER
    return "name " + hashlib.blake2b(supplier_names.even(name).encode(), digest_size=8).hexdigest()

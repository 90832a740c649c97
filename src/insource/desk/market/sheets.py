"""The tables of the result, with their headings."""

from collections.abc import Mapping

import polars as pl

from insource.desk.market import moves
from insource.desk.market.suppliers import Paid, is_named
from insource.desk.result import KINDS, Column, Sheet
from insource.records import supplier_names
from insource.records.problem_log import ProblemLog
from insource.units import PENCE_A_POUND

STREAM, YEAR = ("Stream",), ("Year begins in",)
Heading = tuple[str, ...]


def sheet(name: str, title: str, frame: pl.DataFrame, headings: Mapping[str, Heading], note: str = "") -> Sheet:
    """A sheet from (label, unit, kind) of each column; text where no kind is given."""
    columns = {key: _column(*heading) for key, heading in headings.items()}
    return Sheet(name, title, frame.select(*columns), columns, note)


def _column(label: str, unit: str = "", kind: str = "text") -> Column:
    return Column(label, unit, next(one for one in KINDS if one == kind))


def years(frame: pl.DataFrame) -> Sheet:
    """Spend and concentration by stream and year."""
    return sheet(
        "Years",
        "Spend and concentration by stream and year",
        frame.with_columns(millions=pl.col("pounds") / 1_000_000),
        {
            "stream": STREAM,
            "label": ("Year",),
            "year": (*YEAR, "", "year"),
            "pounds": ("Spend", "£ a year", "pounds"),
            "millions": ("Spend in millions", "£m a year", "number"),
            "suppliers": ("Suppliers paid", "", "count"),
            "hhi": ("Concentration index", "0 to 10,000", "number"),
            "equal_suppliers": ("As few as so many of one size", "", "number"),
            "top_five_share": ("Five largest", "share of spend", "share"),
            "untold_pounds": ("Payees that cannot be told apart", "£ a year", "pounds"),
        },
        "Complete years only. Suppliers with more than nothing net; their shares are of what can be told apart.",
    )


def months(frame: pl.DataFrame) -> Sheet:
    """Spend by stream and month."""
    headings: dict[str, Heading] = {
        "stream": STREAM,
        "month": ("Month", "", "date"),
        "pounds": ("Spend", "£", "pounds"),
        "thousands": ("Spend in thousands", "£000", "number"),
        "payments": ("Payments", "", "count"),
        "suppliers": ("Suppliers paid", "", "count"),
    }
    shown = frame.with_columns(thousands=pl.col("pounds") / 1000)
    return sheet("Months", "Spend by stream and month", shown, headings)


def comings(frame: pl.DataFrame) -> Sheet:
    """Entry and exit by stream and year."""
    headings: dict[str, Heading] = {"stream": STREAM, "label": ("Year",)}
    for what, said in (("came", "not paid the year before"), ("went", "not paid the year after")):
        headings |= {
            what: (f"Suppliers {said}", "", "count"),
            f"{what}_share": (f"Suppliers {said}", "share of suppliers", "share"),
            f"{what}_pounds": (f"Paid to those {said}", "£ a year", "pounds"),
            f"{what}_pounds_share": (f"Paid to those {said}", "share of spend", "share"),
            f"{what}_mean_pounds": (f"Mean of those {said}", "£ a year each", "pounds"),
        }
    note = "A new name and number for an old supplier looks like one going and one coming."
    return sheet("Comings and goings", "Who came and who went", frame, headings, note)


def payment_index(frame: pl.DataFrame) -> Sheet:
    """Growth of payments to the same suppliers."""
    return sheet(
        "Payment index",
        "Payments to the same suppliers beside the wage floor",
        frame,
        {
            "stream": STREAM,
            "label": ("Year",),
            "year": (*YEAR, "", "year"),
            "compared": ("Suppliers compared", "", "count"),
            "compared_share": ("They have", "share of spend", "share"),
            "growth": ("Growth on the year before", "share", "share"),
            "index": ("Pounds of a payment", "first year = 100", "number"),
            "floor_index": ("Wage floor", "first year = 100", "number"),
        },
        "Published payments give no hours: price and amount of care move together here.",
    )


def suppliers(paid: Paid) -> Sheet:
    """Every named supplier; the others in one line a stream."""
    named = moves.spells(paid)
    last = paid.last_year()
    recent = last.group_by("stream", "key").agg((pl.col("pence").sum() / PENCE_A_POUND).alias("recent"))
    others = (
        paid.frame.filter(~is_named())
        .group_by("stream")
        .agg(
            pl.col("month").min().alias("first"),
            pl.col("month").max().alias("last"),
            pl.col("lines").sum(),
            pl.len().alias("rows"),
            (pl.col("pence").sum() / PENCE_A_POUND).alias("pounds"),
        )
        .with_columns(pl.lit("").alias("key"), pl.lit(supplier_names.INDIVIDUALS).alias("name"))
    )
    theirs = last.filter(~is_named()).group_by("stream").agg((pl.col("pence").sum() / PENCE_A_POUND).alias("recent"))
    rest = others.join(theirs, on="stream", how="left").sort("stream")
    whole = named.join(recent, on=["stream", "key"], how="left")
    frame = pl.concat([whole, rest], how="diagonal").with_columns(pl.col("recent").fill_null(0.0))
    return sheet(
        "Suppliers",
        "Suppliers by stream",
        frame.sort(["recent", "pounds", "stream", "key"], descending=[True, True, False, False]),
        {
            "stream": STREAM,
            "name": ("Supplier",),
            "key": ("Key",),
            "recent": ("Last twelve months", "£", "pounds"),
            "pounds": ("In all", "£", "pounds"),
            "first": ("First paid", "month", "date"),
            "last": ("Last paid", "month", "date"),
            "lines": ("Payments", "", "count"),
            "rows": ("Rows of the files", "", "count"),
            "first_year_share": ("Its first twelve months", "share of the stream", "share"),
            "last_year_share": ("Its last twelve months", "share of the stream", "share"),
        },
        "Names that may be people's, and payees without a name, stand together in one line for each stream.",
    )


def dependence(frame: pl.DataFrame) -> Sheet:
    """Who depends on whom."""
    return sheet(
        "Dependence",
        "Who depends on whom, last twelve months",
        frame,
        {
            "stream": STREAM,
            "name": ("Supplier",),
            "pounds": ("Paid", "£ a year", "pounds"),
            "stream_share": ("The council depends on it", "share of the stream", "share"),
            "months": ("Months with a payment", "of 12", "count"),
            "income_share": ("It depends on the council", "share of income or beds", "share"),
            "how": ("Worked out from",),
        },
        "A supplier's income is not in payments: give turnover_pounds in the file of decisions where it is known.",
    )


def problems(logs: tuple[ProblemLog, ...]) -> Sheet:
    """What was wrong in the files, by kind."""
    counts = [count for log in logs for count in log.counts()]
    frame = pl.DataFrame(
        {
            "file": [one.file for one in counts],
            "column": [one.column for one in counts],
            "what": [one.what for one in counts],
            "rows": [one.count for one in counts],
            "row_is": ["not used" if one.severity == "unusable" else "used, with a doubt" for one in counts],
            "found": ["; ".join(one.examples) for one in counts],
            "todo": [one.todo for one in counts],
        },
        schema={name: pl.Int64 if name == "rows" else pl.String for name in _PROBLEMS},
    )
    return sheet("Problems", "What was wrong in the files", frame, _PROBLEMS)


_PROBLEMS: dict[str, Heading] = {
    "file": ("File",),
    "column": ("Column",),
    "what": ("What",),
    "rows": ("Rows", "", "count"),
    "row_is": ("The rows are",),
    "found": ("Found",),
    "todo": ("What to do",),
}

"""The tables and pictures of the contract book."""

import polars as pl

from insource.desk.contracts import not_needed, orders, prices, providers
from insource.desk.contracts.book import Book
from insource.desk.drawing import bars
from insource.desk.findings import finding_kinds
from insource.desk.result import Chart, Column, Sheet
from insource.units import WEEKS_A_YEAR

A_YEAR = "£ a year"
PEOPLE = Column("People", "", "count", is_count_of_people=True)


def sheets(book: Book, cases: pl.DataFrame, changes: orders.ReviewChanges, like: pl.DataFrame) -> tuple[Sheet, ...]:
    """Every table; those of single people (cases, services) go into the workbook only."""
    return (
        _by_code(cases),
        _by_provider(book),
        Sheet(
            "review ages",
            "How long ago people with long-term services were reviewed",
            not_needed.review_ages(book).select("reviewed", "people", "pounds"),
            {"reviewed": Column("Last reviewed"), "people": PEOPLE, "pounds": Column("Packages", A_YEAR, "pounds")},
            f"The files reach back {book.weeks_covered} weeks.",
        ),
        Sheet(
            "reviews changed",
            "Hours of the same people at the ends of consecutive periods",
            orders.change_table(changes),
            {
                "between": Column("Between the periods"),
                "hours_were": Column("Hours were"),
                "people": PEOPLE,
                "before": Column("Hours before", "a week", "hours"),
                "change": Column("Change", "hours a week", "hours"),
            },
            "Needs two submissions that hold the same people.",
            blocks=("between",),
        ),
        Sheet(
            "providers of people",
            "People with care at home, by providers at once",
            providers.hands_table(providers.providers_of_people(book)),
            {
                "at_once": Column("Providers at once", "", "count"),
                "people": PEOPLE,
                "in_year": Column("Providers in the year", "mean", "number"),
                "changes": Column("Changes in the year", "mean", "number"),
                "usual_share": Column("Hours by the usual provider", "share", "share"),
                "pairs": Column("Pairs of providers to keep in step", "", "count"),
                "pounds": Column("Packages", A_YEAR, "pounds"),
            },
        ),
        Sheet(
            "prices of like care",
            "Prices of like care, and what costs above the median come to",
            prices.spread_table(like),
            {
                "group": Column("Like care"),
                "people": PEOPLE,
                "providers": Column("Providers", "", "count"),
                "low": Column("Lowest tenth", "£", "number"),
                "median": Column("Median", "£", "number"),
                "high": Column("Highest tenth", "£", "number"),
                "ratio": Column("Highest over lowest tenth", "", "number"),
                "above": Column("Above the median", A_YEAR, "pounds"),
                "pounds": Column("All", A_YEAR, "pounds"),
            },
        ),
        _cases(cases),
    )


def _by_code(cases: pl.DataFrame) -> Sheet:
    table = cases.group_by("code", maintain_order=True).agg(
        pl.col("who").n_unique().cast(pl.Int64).alias("people"),
        pl.len().cast(pl.Int64).alias("services"),
        pl.col("pounds").sum(),
        pl.col("hours").sum(),
    )
    meaning = {code: kind.meaning for code, kind in finding_kinds().items()}
    columns = {
        "meaning": Column("Found"),
        "people": PEOPLE,
        "services": Column("Services", "", "count"),
        "pounds": Column("Pounds", A_YEAR, "pounds"),
        "hours": Column("Hours", "a year", "hours"),
    }
    table = table.with_columns(pl.col("code").replace_strict(meaning, return_dtype=pl.String).alias("meaning"))
    note = "One service may stand in several rows: they must not be added up."
    return Sheet("what was found", "What was found, by kind", table, columns, note)


def _by_provider(book: Book) -> Sheet:
    table = (
        book.open_services.filter(~pl.col("is_direct_payment"))
        .group_by("provider")
        .agg(
            pl.col("who").n_unique().cast(pl.Int64).alias("people"),
            pl.len().cast(pl.Int64).alias("services"),
            (pl.col("hours").sum() * WEEKS_A_YEAR).alias("hours"),
            (pl.col("weekly").sum() * WEEKS_A_YEAR).alias("pounds"),
        )
        .sort("pounds", "provider", descending=[True, False])
    )
    columns = {
        "provider": Column("Provider", "CQC location"),
        "people": PEOPLE,
        "services": Column("Services", "", "count"),
        "hours": Column("Hours", "a year", "hours"),
        "pounds": Column("Pounds", A_YEAR, "pounds"),
    }
    return Sheet("providers", "Open services by provider, at the cost of the last day", table, columns)


def _cases(cases: pl.DataFrame) -> Sheet:
    columns = {
        "code": Column("Code"),
        "who": Column("Person", is_personal=True),
        "provider": Column("Provider", "CQC location"),
        "component": Column("Service"),
        "start": Column("Start", "", "date"),
        "days": Column("Days not needed", "", "number"),
        "pounds": Column("Pounds", A_YEAR, "pounds"),
        "hours": Column("Hours", "a year", "hours"),
        "confidence": Column("How sure"),
        "ref": Column("File and row"),
    }
    note = "People are numbered in the order of the rows; look a case up by its file and row."
    return Sheet("cases", "Every case, one row for each service", cases, columns, note)


def charts(made: tuple[Sheet, ...]) -> tuple[Chart, ...]:
    """Review ages and the dearest spreads; none for a table without rows."""
    found = {sheet.name: sheet for sheet in made}
    pictures = []
    if found["review ages"].frame["people"].sum():
        oldest = found["review ages"].frame.sort("people", descending=True)["reviewed"][0]
        pictures.append(
            Chart(
                f"Most people were last reviewed: {oldest}",
                bars("reviewed", "people", "People with long-term services"),
                "By the latest review or assessment of needs in the files.",
                "Bars: people with long-term services by how long ago they were last reviewed.",
                "review ages",
            )
        )
    if found["prices of like care"].frame.height:
        pictures.append(
            Chart(
                "Where prices above the median of like care cost most",
                bars("group", "above", "£ a year above the median", 10),
                "The ten groups of like care with the largest sums; a dear price may have good reasons.",
                "Bars: pounds a year above the median, by group of like care.",
                "prices of like care",
            )
        )
    return tuple(pictures)

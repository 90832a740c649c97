"""The tables that need the register of contracts or the CQC's register."""

import polars as pl

from insource.desk.market.sheets import STREAM, Heading, sheet
from insource.desk.result import Sheet


def contracts(frame: pl.DataFrame) -> Sheet:
    """What ends when."""
    headings: dict[str, Heading] = {
        "title": ("Contract",),
        "reference": ("Reference",),
        "supplier": ("Supplier",),
        "state": ("State",),
        "start": ("Starts", "", "date"),
        "last_day": ("Last day as things stand", "", "date"),
        "months_left": ("Months left", "", "number"),
        "longest_day": ("Last day with every option", "", "date"),
        "review": ("Review", "", "date"),
        "annual_pounds": ("Value", "£ a year", "pounds"),
        "total_pounds": ("Value in all", "£", "pounds"),
        "process": ("How it was let",),
        "is_small": ("Small or medium supplier",),
        "is_voluntary": ("Voluntary or community",),
        "why": ("Counted as care for",),
        "row": ("Row of the register", "", "count"),
    }
    shown = frame.with_columns(
        pl.col(name).replace_strict({True: "yes", False: "no"}, default=None, return_dtype=pl.String)
        for name in ("is_small", "is_voluntary")
    )
    note = "Without a value a year the total is shared out evenly over the term."
    return sheet("Contracts", "Contracts for care: what ends when", shown, headings, note)


def locked_in(frame: pl.DataFrame) -> Sheet:
    """What is bound in the years to come."""
    headings: dict[str, Heading] = {
        "year": ("Year from now", "", "count"),
        "from": ("From", "", "date"),
        "certain": ("Bound for certain", "£ a year", "pounds"),
        "optional": ("Added by options", "£ a year", "pounds"),
        "running": ("Contracts that run on after it", "", "count"),
    }
    return sheet(
        "Locked in", "What is locked in", frame, headings, "Notice periods are not in registers: see the contracts."
    )


def without_contract(frame: pl.DataFrame) -> Sheet:
    """Who is paid without a contract in the register."""
    headings: dict[str, Heading] = {
        "stream": STREAM,
        "name": ("Supplier",),
        "pounds": ("Paid in the last twelve months", "£", "pounds"),
        "ended": ("Its latest contract ended", "", "date"),
    }
    return sheet("No contract", "Paid for care, no running contract of that name in the register", frame, headings)


def matches(frame: pl.DataFrame) -> Sheet:
    """The matches with their scores."""
    headings: dict[str, Heading] = {
        "name": ("Supplier",),
        "pounds": ("Last twelve months", "£", "pounds"),
        "state": ("The match is",),
        "likeness": ("Likeness", "0 to 100", "number"),
        "matched_with": ("Name in the register",),
        "provider": ("Provider",),
        "provider_id": ("Provider ID",),
        "register_row": ("Row of the register", "", "count"),
    }
    note = "Only matches that are 'used' or 'decided by you' count. Decide the others in market_matches.csv."
    return sheet("Matches", "Suppliers found in the CQC's register", frame, headings, note)


def spend_by(name: str, title: str, by: str, frame: pl.DataFrame) -> Sheet:
    """Money by owner or rating."""
    headings: dict[str, Heading] = {
        "stream": STREAM,
        by: (by.capitalize(),),
        "pounds": ("Last twelve months", "£", "pounds"),
        "share": ("Of the stream", "share", "share"),
        "suppliers": ("Suppliers", "", "count"),
    }
    return sheet(name, title, frame, headings)


def rating_ages(frame: pl.DataFrame) -> Sheet:
    """Age of ratings and what is not rated."""
    headings: dict[str, Heading] = {
        "stream": STREAM,
        "pounds": ("Matched", "£ a year", "pounds"),
        "locations": ("Locations", "", "count"),
        "unrated_share": ("Not rated", "share of matched pounds", "share"),
        "old_share": ("Rating is old", "share of matched pounds", "share"),
        "mean_age_years": ("Mean age of ratings", "years, by pounds", "number"),
    }
    return sheet("Rating age", "How old the ratings are", frame, headings)


def register_area(frame: pl.DataFrame) -> Sheet:
    """All services of the area in the register, paid by the council or not."""
    headings: dict[str, Heading] = {
        "service": ("Service",),
        "locations": ("Locations", "", "count"),
        "beds": ("Beds", "", "count"),
        "unrated_share": ("Not rated", "share of locations", "share"),
        "old_share": ("Rating is old", "share of locations", "share"),
        "mean_age_years": ("Mean age of ratings", "years", "number"),
    }
    note = "Every active location in the areas given, whether the council pays it or not."
    return sheet("Area", "All registered care in the area", frame, headings, note)

"""The Care Quality Commission's file of active locations ("care directory with filters"), as CSV or workbook.

Column names drift from month to month and are matched by name; unknown columns are passed over. Names of registered
managers, nominated individuals and partners are never read. A provider that is a person or a partnership
is shown by the name of its locations alone.
"""

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from insource.records import supplier_names
from insource.records.cells import count, day, yes
from insource.records.dates import clean_text
from insource.records.headings import Column, Format
from insource.records.payments import open_any
from insource.records.problem_log import Kind, ProblemLog

SERVICES = {
    "is_home_care": "Service type - Domiciliary care service",
    "is_nursing_home": "Service type - Care home service with nursing",
    "is_care_home": "Service type - Care home service without nursing",
    "is_extra_care": "Service type - Extra Care housing services",
    "is_supported_living": "Service type - Supported living service",
    "is_shared_lives": "Service type - Shared Lives",
}
COLUMNS = (
    Column("location_id", "Location ID", ("CQC Location ID (for office use only)",)),
    Column("location", "Location Name"),
    Column("dormant", "Dormant (Y/N)", ("Dormant",)),
    Column("beds", "Care homes beds", ("Care home beds", "Number of beds")),
    Column("rating", "Location Latest Overall Rating", ("Latest Overall Rating",)),
    Column("published", "Publication Date", ("Rating Publication Date",)),
    Column("inherited", "Inherited Rating (Y/N)", ("Inherited Rating",)),
    Column("area", "Location Local Authority", ("Local Authority",)),
    Column("postcode", "Location Postal Code"),
    Column("brand", "Brand Name"),
    Column("company_number", "Provider Companies House Number"),
    Column("charity_number", "Provider Charity Number"),
    Column("provider_id", "Provider ID", ("CQC Provider ID (for office use only)",)),
    Column("provider", "Provider Name"),
    Column("sector", "Provider Type/Sector"),
    Column("ownership", "Provider Ownership Type"),
    *(Column(name, heading) for name, heading in SERVICES.items()),
)
NEEDED = (("location_id",), ("location",), ("provider",), ("rating",))
FORMAT = Format("cqc_locations", "the CQC's active locations", COLUMNS, NEEDED)
RATINGS = ("Outstanding", "Good", "Requires improvement", "Inadequate")
UNRATED = "not rated"
NO_RATING_WORDS = ("", "-", "not rated", "no published rating", "inspected but not rated")
PEOPLE = ("individual", "partnership")
COUNCIL_WORDS = r"(?i)\b(council|borough of|metropolitan district|city of .* corporation)\b"
NHS_WORDS = r"(?i)\bnhs\b"
UNKNOWN_RATING = Kind(
    "unknown_rating",
    "Location Latest Overall Rating",
    "doubtful",
    "this is not one of the four ratings; the location counts as not rated",
    "correct it",
    ", ".join(RATINGS),
)
NO_LOCATION = Kind("missing_value", "Location ID", "unusable", "the cell is blank and must not be", "fill it in")
TWICE = Kind(
    "duplicate_location",
    "Location ID",
    "unusable",
    "the same location stands there twice; the first row is kept",
    "take one of the rows out",
    "each location once",
)


@dataclass(frozen=True)
class LocationsFile:
    """The file, read. `frame`: row, location_id, location, beds, rating (UNRATED where none), published, is_inherited,
    area, brand, provider_id, provider (as it may be printed), ownership (of the register), owner (what we make of
    it), a flag for each of SERVICES; dormant locations are left out."""

    name: str
    rows: int
    log: ProblemLog
    notices: tuple[str, ...]
    frame: pl.DataFrame = field(repr=False)


def read(path: Path, name: str = "") -> LocationsFile:
    """Read the file; raises InputError if it is another file or has no rows."""
    name = name or path.name
    opened = open_any(path, [FORMAT], name)
    wanted = [column.name for column in COLUMNS]
    parts = [block.with_columns(clean_text(one) for one in wanted) for block in opened.blocks(wanted)]
    text = pl.concat(parts) if parts else pl.DataFrame(schema={"row": pl.UInt32} | dict.fromkeys(wanted, pl.String))
    nameless = pl.col("location_id").is_null() | pl.col("location").is_null()
    opened.log.add(NO_LOCATION, text.filter(nameless)["row"])
    text = text.filter(~nameless)
    is_first = text.select(pl.col("location_id").is_first_distinct().alias("first"))["first"]
    opened.log.add(TWICE, text.filter(~is_first)["row"])
    text = text.filter(is_first)
    dormant = text.select((yes("dormant").fill_null(False)).alias("dormant"))["dormant"]
    notices = [*opened.notices]
    if dormant.any():
        notices.append(f"{dormant.sum():,} dormant locations were left out")
    known = {rating.lower(): rating for rating in RATINGS}
    lowered = pl.col("rating").fill_null("").str.to_lowercase()
    strange = text.filter(~lowered.is_in([*known, *NO_RATING_WORDS]))
    opened.log.add(UNKNOWN_RATING, strange["row"], strange["rating"].str.slice(0, 40))
    table = text.filter(~dormant).select(
        "row",
        "location_id",
        "location",
        count("beds").alias("beds"),
        lowered.replace_strict(known, default=UNRATED).alias("rating"),
        day("published").alias("published"),
        yes("inherited").fill_null(False).alias("is_inherited"),
        "area",
        pl.when(pl.col("brand") != "-").then(pl.col("brand")).alias("brand"),
        "provider_id",
        pl.col("provider").alias("provider_name"),
        "ownership",
        owner().alias("owner"),
        *(yes(service).fill_null(False).alias(service) for service in SERVICES),
    )
    is_people = pl.col("ownership").fill_null("").str.to_lowercase().is_in(PEOPLE)
    places = [
        "" if people and supplier_names.is_person(place) else place
        for place, people in table.select("location", is_people).iter_rows()
    ]
    named = table.with_columns(
        pl.Series("location", places, pl.String),
        pl.when(~is_people).then(pl.col("provider_name")).fill_null("").alias("provider"),
    ).drop("provider_name")
    return LocationsFile(name, opened.rows, opened.log, tuple(notices), named)


def owner() -> pl.Expr:
    """Who owns a provider, from its name and numbers: the register does not say private or voluntary.

    A council by its name; the NHS by its name; voluntary if it has a charity number; a person or partnership as
    registered; else a company. A council's own company counts as a company, as nothing in the file tells it apart.
    """
    name, kind = pl.col("provider").fill_null(""), pl.col("ownership").fill_null("").str.to_lowercase()
    charity = pl.col("charity_number").fill_null("-").str.contains(r"[0-9]")
    return (
        pl.when(name.str.contains(COUNCIL_WORDS) | kind.str.contains("local authority"))
        .then(pl.lit("council"))
        .when(name.str.contains(NHS_WORDS) | kind.str.contains("nhs"))
        .then(pl.lit("NHS"))
        .when(charity)
        .then(pl.lit("voluntary"))
        .when(kind.is_in(PEOPLE))
        .then(pl.lit("person or partnership"))
        .otherwise(pl.lit("company"))
    )

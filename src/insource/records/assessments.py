"""The file of assessments: one row for each person, with the points, band or budget that their assessment gave.

No national format exists, so this is a simple one of our own, and `write_template` writes its headings. What the plan
of care costs may stand in the same file; where it does not, it is taken from the Client Level Data return, whose
numbers for people (NHS number, or council code and the council's own number) this file uses too.
"""

import csv
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from insource.files import write_atomically
from insource.records import pseudonym
from insource.records.codelists import codelists
from insource.records.dates import ALLOWED as ALLOWED_DATES
from insource.records.dates import UNREADABLE, clean_text, read_dates
from insource.records.dhsc_rules import person_key
from insource.records.figures import ALLOWED, read_figure
from insource.records.headings import Column, Format
from insource.records.masking import figure_of, pattern_of, word_of_list
from insource.records.problem_log import Kind
from insource.records.reading import Opened

NAME = "assessments"
FIGURES = {
    "points": "Points",
    "indicative_budget": "Indicative Budget a Week",
    "package_cost": "Package Cost a Week",
    "package_hours": "Package Hours a Week",
    "age": "Age",
}
LISTS = {"primary_support_reason": "Primary Support Reason", "ethnicity": "Ethnicity"}
WORDS = {"band": "Band", "area": "Area"}
MOST_WORDS = {"band": 40, "area": 200}
"""A column with more different bands or areas than this is not a column of bands or areas."""
LONGEST_WORD = 40
OLDEST = 120
COLUMNS = (
    Column("la_code", "LA Code", ("LA_Code",)),
    Column("nhs_number", "NHS Number", ("NHS_Number",)),
    Column("la_person_unique_identifier", "LA Person Unique Identifier", ("Person", "Person ID", "Client ID")),
    Column("assessed_on", "Assessed On", ("Assessment Date", "Date of Assessment")),
    Column("points", "Points", ("Score", "RAS Points")),
    Column("band", "Band", ("Need Band", "Need Group")),
    Column("indicative_budget", "Indicative Budget a Week", ("Indicative Budget", "Indicative Weekly Budget")),
    Column("package_cost", "Package Cost a Week", ("Package Cost", "Weekly Package Cost", "Cost a Week")),
    Column("package_hours", "Package Hours a Week", ("Package Hours", "Hours a Week", "Weekly Hours")),
    Column("age", "Age"),
    Column("primary_support_reason", "Primary Support Reason"),
    Column("area", "Area", ("Locality", "Team", "District")),
    Column("ethnicity", "Ethnicity"),
    Column("has_unpaid_carer", "Has Unpaid Carer"),
)
FORMAT = Format(
    NAME,
    "the file of assessments",
    COLUMNS,
    (("la_person_unique_identifier", "nhs_number"), ("indicative_budget", "points", "band")),
)
WANTED = tuple(column.name for column in COLUMNS)
EMPTY = {
    "row": pl.UInt32,
    "pseudonym": pl.UInt64,
    "assessed_on": pl.Date,
    **dict.fromkeys(FIGURES, pl.Float64),
    **dict.fromkeys((*LISTS, *WORDS, "has_unpaid_carer"), pl.String),
    "is_usable": pl.Boolean,
}
"""The columns of a file that has been read, and of one without a good row."""

NOBODY = Kind(
    "no_person",
    "LA Person Unique Identifier",
    "unusable",
    "the row does not say whose assessment it is",
    "give the NHS number, or the council's own number for the person",
)
MOST = 1_000_000
"""No week of care costs a million pounds, and no score has so many points: a larger number is another column's, perhaps
an NHS number, and must not come out again as a mean."""
TOO_LARGE = "this number is far too large; perhaps it belongs into another column"
NEGATIVE = "the number is less than nothing"
TOO_OLD = Kind("age", "Age", "doubtful", "this is nobody's age", "correct it", f"0 to {OLDEST}")
EARLIER = Kind(
    "earlier_assessment",
    "Assessed On",
    "doubtful",
    "the person has a later assessment in the file, and this one is not used",
    "nothing, if the later one is the one that counts",
)
TWICE = Kind(
    "person_twice",
    "LA Person Unique Identifier",
    "unusable",
    "the person stands in the file twice, and the dates do not tell which row is the later; the first is kept",
    "take one of the rows out, or fill in 'Assessed On'",
    "each person once",
)
CARER_WORDS = {"yes": "Yes", "y": "Yes", "true": "Yes", "1": "Yes", "no": "No", "n": "No", "false": "No", "0": "No"}
NOT_YES_OR_NO = Kind("unknown_value", "Has Unpaid Carer", "doubtful", "neither yes nor no", "correct it", "Yes, No")


@dataclass(frozen=True)
class AssessmentFile:
    """One file, read and checked. `frame`: the columns of EMPTY, a row for each good row of the file."""

    opened: Opened
    frame: pl.DataFrame = field(repr=False)

    def people(self) -> pl.DataFrame:
        """The rows that count: usable, and the latest of each person."""
        return self.frame.filter("is_usable")


def read(opened: Opened, key: bytes, la_code: str = "") -> AssessmentFile:
    """Read a file and check every row. `key` makes the pseudonyms; `la_code` stands in for a blank council code.

    Raises InputError if there are no rows. Nothing is guessed: a figure that cannot be read is no figure, and a budget
    or a cost below nothing makes its row unusable.
    """
    parts = [_block(opened, block, key, la_code) for block in opened.blocks(WANTED)]
    if not parts:
        return AssessmentFile(opened, pl.DataFrame(schema=EMPTY))
    frame = _without_strange_words(opened, pl.concat(parts))
    frame = _latest_of_each(opened, frame)
    unusable = opened.log.unusable_rows().implode()
    frame = frame.with_columns((~pl.col("row").is_in(unusable) & pl.col("is_latest")).alias("is_usable"))
    return AssessmentFile(opened, frame.select(*EMPTY))


def write_template(path: Path) -> None:
    """Write an empty file with the headings; what belongs into each column is said in the documentation."""

    def fill(temporary: Path) -> None:
        with temporary.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerow([column.heading for column in COLUMNS])

    write_atomically(path, fill)


def _block(opened: Opened, block: pl.DataFrame, key: bytes, la_code: str) -> pl.DataFrame:
    text = block.select("row", *(clean_text(name).alias(name) for name in WANTED))
    council = pl.col("la_code").fill_null(la_code)
    who = text.select(person_key(pl.col("nhs_number"), council, pl.col("la_person_unique_identifier")).alias("who"))
    opened.log.add(NOBODY, text.filter(who["who"].is_null())["row"])
    columns = [
        text["row"],
        pseudonym.pseudonyms(who["who"], key).alias("pseudonym"),
        _dates(opened, text),
        *(_figures(opened, text, name) for name in FIGURES),
        *(_listed(opened, text, name) for name in LISTS),
        *(text[name] for name in WORDS),
        _carer(opened, text),
    ]
    return pl.DataFrame(columns)


def _dates(opened: Opened, text: pl.DataFrame) -> pl.Series:
    read_ones = text.select(read_dates("assessed_on"))
    what = "the date cannot be read, or there is no such day; it is taken as not recorded"
    kind = Kind("unreadable_date", "Assessed On", "doubtful", what, "correct it (day first)", ALLOWED_DATES)
    _note(opened, text, "assessed_on", (read_ones["assessed_on_form"] == UNREADABLE).fill_null(False), kind)
    return read_ones["assessed_on"]


def _figures(opened: Opened, text: pl.DataFrame, name: str) -> pl.Series:
    values = text.select(read_figure(name))
    heading = FIGURES[name]
    what = "this is not a number; it is taken as not recorded"
    kind = Kind("unreadable_number", heading, "doubtful", what, "correct it", ALLOWED)
    _note(opened, text, name, values[f"{name}_unreadable"], kind)
    is_beyond = (~values[name].is_finite()).fill_null(False)
    figures = values.select(pl.when(pl.col(name).is_finite()).then(name).alias(name))[name]
    if name == "age":
        is_wrong = is_beyond | (~figures.is_between(0, OLDEST)).fill_null(False)
        _note(opened, text, name, is_wrong, TOO_OLD)
        return pl.select(pl.when(~is_wrong).then(figures).alias(name))[name].cast(pl.Float64)
    kind = Kind("negative", heading, "unusable", NEGATIVE, "correct it", "0 or more")
    _note(opened, text, name, is_beyond | (figures < 0).fill_null(False), kind)
    is_other = (figures > MOST).fill_null(False)
    _note(
        opened, text, name, is_other, Kind("too_large", heading, "unusable", TOO_LARGE, "correct it", f"up to {MOST:,}")
    )
    return pl.select(pl.when(~is_other).then(figures).alias(name))[name].cast(pl.Float64)


def _listed(opened: Opened, text: pl.DataFrame, name: str) -> pl.Series:
    """The Release 2 value of each text of a closed list; null, and noted, where it is not in the list."""
    codelist = codelists()[LISTS[name]]
    distinct = text[name].drop_nulls().unique().to_list()
    values = [codelist.match(word).value for word in distinct]
    found = text[name].replace_strict(distinct, values, default=None, return_dtype=pl.String)
    is_unknown = text[name].is_not_null() & found.is_null()
    if is_unknown.any():
        rows = text.filter(is_unknown)
        what = "the value is not one of the list; it is taken as not recorded"
        kind = Kind(
            "unknown_value", LISTS[name], "doubtful", what, "use a value of the list", "; ".join(codelist.values)
        )
        words = rows[name].unique().to_list()
        shown = [word_of_list(word, codelist.values) for word in words[: MOST_WORDS["area"]]]
        shown += ["" for _ in words[MOST_WORDS["area"] :]]
        opened.log.add(kind, rows["row"], rows[name].replace_strict(words, shown, return_dtype=pl.String))
    return found


def _carer(opened: Opened, text: pl.DataFrame) -> pl.Series:
    lowered = text["has_unpaid_carer"].str.to_lowercase()
    found = lowered.replace_strict(CARER_WORDS, default=None, return_dtype=pl.String)
    is_unknown = lowered.is_not_null() & found.is_null() & (lowered != "unknown")
    _note(opened, text, "has_unpaid_carer", is_unknown, NOT_YES_OR_NO, is_masked=True)
    return found


def _note(
    opened: Opened, text: pl.DataFrame, name: str, is_bad: pl.Series, kind: Kind, *, is_masked: bool = False
) -> None:
    """Note a problem on each bad row, with what stands there as far as it may be shown."""
    if is_bad.any():
        bad = text.filter(is_bad)
        shown = (pattern_of if is_masked else figure_of)(pl.col(name).fill_null("")).alias("shown")
        opened.log.add(kind, bad["row"], bad.select(shown)["shown"])


def _without_strange_words(opened: Opened, frame: pl.DataFrame) -> pl.DataFrame:
    """Bands and areas as they stand; a column of too many or too long texts is something else, and is not used."""
    for name, heading in WORDS.items():
        words = frame[name].drop_nulls().unique()
        if len(words) > MOST_WORDS[name] or (words.str.len_chars() > LONGEST_WORD).any():
            what = f"this cannot be a column of {name}s: too many different texts, or too long; it was not used"
            allowed = f"at most {MOST_WORDS[name]}, of at most {LONGEST_WORD} characters"
            kind = Kind("not_a_list", heading, "doubtful", what, "give a short list", allowed, file_level=True)
            opened.log.add_for_file(kind, f"{len(words):,} different texts")
            frame = frame.with_columns(pl.lit(None, pl.String).alias(name))
    return frame


def _latest_of_each(opened: Opened, frame: pl.DataFrame) -> pl.DataFrame:
    """Mark the row of each person that counts: the latest assessment, among rows that can be used."""
    good = frame.filter(~pl.col("row").is_in(opened.log.unusable_rows().implode()) & pl.col("pseudonym").is_not_null())
    ranked = good.select("row", "pseudonym", "assessed_on").sort(
        "assessed_on", "row", descending=[True, False], nulls_last=True
    )
    latest_day = pl.col("assessed_on").max().over("pseudonym")
    ranked = ranked.with_columns(
        pl.col("pseudonym").is_first_distinct().alias("is_first"),
        (latest_day > pl.col("assessed_on")).fill_null(False).alias("is_earlier"),
    )
    others = ranked.filter(~pl.col("is_first"))
    opened.log.add(EARLIER, others.filter("is_earlier")["row"].sort())
    opened.log.add(TWICE, others.filter(~pl.col("is_earlier"))["row"].sort())
    latest = ranked.filter("is_first")["row"].implode()
    return frame.with_columns(pl.col("row").is_in(latest).alias("is_latest"))

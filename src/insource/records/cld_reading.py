"""From blocks of text to columns of values: one row for each event, nothing personal kept.

People become pseudonyms here. The date of birth stays until the checks are done and the age is known; of the postcode
only the district is kept.
"""

from dataclasses import dataclass, field

import polars as pl

from insource.records import dates, figures, pseudonym
from insource.records.cld_format import CODES, DATES, FIGURES, LISTS, PERSONAL, WANTED, severity_without
from insource.records.cld_values import Vocabulary
from insource.records.dates import clean_text, read_dates
from insource.records.dhsc_rules import NHS_NUMBER, person_key
from insource.records.figures import read_figure
from insource.records.masking import figure_of, pattern_of
from insource.records.problem_log import Kind, ProblemLog
from insource.records.reading import Opened, ahead

FULL_POSTCODE = r"^[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}$"
DISTRICT = r"^[A-Z]{1,2}\d[A-Z\d]?$"
INWARD_CHARACTERS = 3

NHS_NUMBER_SHAPE = Kind(
    "nhs_number",
    "NHS Number",
    "doubtful",
    "this is not an NHS number; the council's own number for the person is used instead",
    "correct it, or leave it blank",
    "10 digits",
)
POSTCODE_SHAPE = Kind(
    "postcode",
    "Postcode",
    "doubtful",
    "this is not a postcode; the person's zone is taken as not recorded",
    "correct it",
    "a postcode such as AB1 2CD",
)
MOST_FIGURE = 1_000_000
"""No unit of care costs a million pounds: a larger number may be an NHS number in the wrong column. A judgement."""
UNREADABLE_FIGURE = {
    "unit_cost": "the cost is taken as not recorded",
    "planned_units_per_week": "a package of hours is not guessed",
}


WHO = ("nhs_number", "la_code", "la_person_unique_identifier")
"""The columns that say together whom a row is about."""


@dataclass(frozen=True)
class Rows:
    """The columns of one file. Lists are still encoded: `vocabularies` say what the numbers stand for."""

    frame: pl.DataFrame = field(repr=False)
    vocabularies: dict[str, Vocabulary]


def read_rows(opened: Opened, key: bytes) -> Rows:
    """Every good row of the file, with pseudonyms made with `key`.

    Each different text of a column is looked at once. NHS numbers, postcodes, dates and amounts that cannot be read
    are noted in the log; what becomes of their rows is decided by the checks.
    """
    vocabularies = {name: Vocabulary() for name in WANTED}
    encoded = {name: vocabulary.categories for name, vocabulary in vocabularies.items()}
    parts = [block.with_columns(pl.col(WANTED).to_physical()) for block in ahead(opened.blocks(WANTED, encoded))]
    if not parts:
        return Rows(pl.DataFrame(), {})
    frame = pl.concat(parts, rechunk=True)
    del parts
    frame = _with_values(opened, _with_people(opened, frame, vocabularies, key), vocabularies)
    return Rows(frame, {name: vocabularies[name] for name in LISTS})


def _with_people(opened: Opened, frame: pl.DataFrame, vocabularies: dict[str, Vocabulary], key: bytes) -> pl.DataFrame:
    """Numbers of persons' texts turned into pseudonyms: whoever comes again is worked out once."""
    who = frame.select(*WHO).unique(maintain_order=True)
    texts = {name: vocabularies[name].texts() for name in WHO}
    people = pl.DataFrame({name: texts[name].gather(who[name]) for name in WHO}).select(*_who())
    people = people.with_columns(
        pseudonym.pseudonyms(people["person_key"], key).alias("pseudonym"), *(who[name] for name in WHO)
    ).drop("person_key")
    frame = frame.join(people, on=WHO, how="left", nulls_equal=True, maintain_order="left")
    bad = frame.filter("is_nhs_number_bad").select("row", "nhs_number")
    if bad.height:
        shapes = texts["nhs_number"].gather(bad["nhs_number"]).to_frame("nhs_number")
        opened.log.add(NHS_NUMBER_SHAPE, bad["row"], shapes.select(pattern_of(clean_text("nhs_number")))["nhs_number"])
    return frame.drop("is_nhs_number_bad", "nhs_number", "la_person_unique_identifier")


def _who() -> list[pl.Expr]:
    nhs_number, own = clean_text("nhs_number"), clean_text("la_person_unique_identifier")
    is_nhs_number = nhs_number.str.replace_all(r"[ -]", "").str.contains(NHS_NUMBER)
    return [
        person_key(nhs_number, clean_text("la_code"), own).alias("person_key"),
        nhs_number.is_null().alias("is_nhs_number_blank"),
        own.is_null().alias("is_own_number_blank"),
        (~is_nhs_number).fill_null(False).alias("is_nhs_number_bad"),
    ]


def _with_values(opened: Opened, frame: pl.DataFrame, vocabularies: dict[str, Vocabulary]) -> pl.DataFrame:
    """Numbers of texts turned into dates, amounts, codes and postcode districts; unreadable ones are noted."""
    expressions = {name: read_dates(name) for name in DATES} | {name: read_figure(name) for name in FIGURES}
    expressions |= {name: [clean_text(name).cast(pl.Categorical)] for name in CODES}
    expressions["postcode"] = _where()
    values = []
    for name, wanted in expressions.items():
        texts = vocabularies[name].texts().to_frame(name)
        meaning = texts.select(wanted)
        if name in FIGURES:
            meaning = _without_other_numbers(meaning, name)
        if kind := _unreadable(opened, name):
            is_bad = meaning["bad"] if name == "postcode" else _is_bad(meaning, name)
            _note_texts(opened.log, kind, name, texts, is_bad, frame)
        values += [column.gather(frame[name]) for column in meaning.drop("bad", strict=False)]
    blank = {f"{name}_form": 0 for name in DATES} | {f"{name}_unreadable": False for name in FIGURES}
    blank["is_postcode_blank"] = True
    return (
        frame.drop("postcode")
        .with_columns(values)
        .with_columns(pl.col(name).fill_null(value) for name, value in blank.items())
    )


def _without_other_numbers(meaning: pl.DataFrame, name: str) -> pl.DataFrame:
    """Numbers too large for what the column holds are another column's, and are not read."""
    is_other = (pl.col(name).abs() > MOST_FIGURE).fill_null(False)
    return meaning.with_columns(
        pl.when(~is_other).then(pl.col(name)).alias(name),
        (pl.col(f"{name}_unreadable") | is_other).alias(f"{name}_unreadable"),
    )


def _where() -> list[pl.Expr]:
    postcode = clean_text("postcode").str.to_uppercase().str.replace_all(r"\s", "")
    is_full = postcode.str.contains(FULL_POSTCODE)
    district = (
        pl.when(is_full)
        .then(postcode.str.head(-INWARD_CHARACTERS))
        .when(postcode.str.contains(DISTRICT))
        .then(postcode)
    )
    return [
        district.cast(pl.Categorical).alias("district"),
        postcode.is_null().alias("is_postcode_blank"),
        (postcode.is_not_null() & district.is_null()).alias("bad"),
    ]


def _is_bad(meaning: pl.DataFrame, name: str) -> pl.Series:
    return meaning[f"{name}_form"] == dates.UNREADABLE if name in DATES else meaning[f"{name}_unreadable"]


def _unreadable(opened: Opened, name: str) -> Kind | None:
    """The kind of problem that a text is which cannot be read (None for columns that hold any text)."""
    heading = opened.format.heading(name)
    if name in DATES:
        what = "the date cannot be read, or there is no such day"
        return Kind("unreadable_date", heading, severity_without(name), what, "correct it (day first)", dates.ALLOWED)
    if name in FIGURES:
        what = f"this is not a number, or one far too large; {UNREADABLE_FIGURE[name]}"
        return Kind("unreadable_number", heading, severity_without(name), what, "correct it", figures.ALLOWED)
    return POSTCODE_SHAPE if name == "postcode" else None


def _note_texts(
    log: ProblemLog, kind: Kind, name: str, texts: pl.DataFrame, is_bad: pl.Series, frame: pl.DataFrame
) -> None:
    """Note a problem on each row whose text is bad, with what stands there as far as it may be shown."""
    if not is_bad.any():
        return
    shown = texts.select((pattern_of if name in PERSONAL else figure_of)(clean_text(name)))[name]
    bad = frame.filter(is_bad.gather(frame[name]).fill_null(False))
    log.add(kind, bad["row"], shown.gather(bad[name]))

"""The Scottish Government's home care census (public release, March 2010): one row for each person of 32 councils.

The publisher banded the hours so that nobody can be recognised. Each band stands for its middle; the highest, "over
50 hours", for 65. With these middles people of 65 and over come to 8.1 hours on average, and the 2012 census, which has
whole hours, to 8.65 (own calculations, 53,659 and 51,118 people): the bands lose little.
"""

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from insource.errors import InputError, Problem, near_miss
from insource.records import pseudonym
from insource.records.dates import clean_text
from insource.records.headings import Column, Format
from insource.records.masking import figure_of
from insource.records.problem_log import Kind
from insource.records.reading import Opened, open_table

NAME = "scottish_home_care_census"
BAND_HOURS = {
    0: 0.0,
    1: 0.5,
    2: 1.5,
    3: 3.0,
    4: 5.0,
    5: 7.0,
    6: 9.0,
    7: 12.5,
    8: 17.5,
    9: 25.0,
    10: 35.0,
    11: 45.0,
    12: 65.0,
}
"""Weekly hours that a band stands for. 65 for "over 50" is a judgement: about the mean of those over 50 hours."""
SECTORS = {"own": "bandHRSLA", "private": "bandHRSpri", "voluntary": "bandHRSvol"}
AGE_CODES = ("1", "2", "3", "4", "5")
AGE_BANDS = {"1": 0, "2": 1, "3": 2, "4": 3}
"""Age groups -> bands of the place (18-64, 65-74, 75-84, 85 and over); 5 is not known."""
CLIENT_CODES = ("1", "2", "3", "4", "5", "99")
BLANK = "."
HOME_CARE_CLIENT = "1"
HEADINGS = (
    *("LAcode", "clientID", "AgeGRP", "ClientGRP", "GenderISO", "meals"),
    *("bandHRSLA", "bandHRSpri", "bandHRSvol", "bandHRSPC", "bandHRSTT", "HCclient", "LivingArr", "Staff"),
    *("HousingType_OV", "Laundry_OV", "Shopping_OV", "HousingSupport_OV", "IoRN_OV"),
)
NEEDED = ("LAcode", "clientID", *SECTORS.values(), "bandHRSTT", "HCclient")
MORE = {"GenderISO": "sex", "Staff": "two_staff", "IoRN_OV": "need_group"}
"""Further columns, taken as they stand; null where they hold no code of their list."""
WANTED = (*NEEDED, "AgeGRP", "ClientGRP", *MORE)
MORE_CODES = {"GenderISO": ("1", "2"), "Staff": ("0", "1"), "IoRN_OV": tuple("ABCDEFGHI")}
FORMAT = Format(
    NAME,
    "the Scottish home care census",
    tuple(Column(heading, heading) for heading in HEADINGS),
    tuple((name,) for name in NEEDED),
)

NO_ROWS = pl.DataFrame(schema={"is_usable": pl.Boolean, "is_client": pl.Boolean, "council": pl.String})
"""What is left of a file whose every row is damaged."""

DUPLICATE = Kind(
    "duplicate_person",
    "clientID",
    "unusable",
    "the same person stands in the same council twice; the first row is kept",
    "take one of the rows out",
    "each person once in a council",
)
BAD_BAND = "this is not a band of hours"
NO_HOURS = Kind(
    "no_hours",
    "bandHRSTT",
    "unusable",
    "somebody with home care has no hours of it",
    "correct the band of hours or HCclient",
    "1 to 12",
)


@dataclass(frozen=True)
class CensusFile:
    """One census file, read and checked. `frame`: row, council, pseudonym, AgeGRP, ClientGRP (text), sex, two_staff,
    need_group (text; null where not recorded), hours of each sector and in all, is_client, is_usable."""

    opened: Opened
    frame: pl.DataFrame = field(repr=False)


def read(opened: Opened, key: bytes) -> CensusFile:
    """Read a file and check every row. `key` makes the pseudonyms. Raises InputError if there are no rows."""
    parts = []
    for block in opened.blocks(WANTED):
        text = block.select("row", *(clean_text(name).alias(name) for name in WANTED))
        _check_codes(opened, text)
        parts.append(
            text.select(
                "row",
                pl.col("LAcode").alias("council"),
                _pseudonyms(text, key),
                "AgeGRP",
                "ClientGRP",
                *(pl.when(pl.col(old).is_in(MORE_CODES[old])).then(old).alias(new) for old, new in MORE.items()),
                *(hours(column).alias(f"{sector}_hours") for sector, column in SECTORS.items()),
                pl.when(pl.col("bandHRSTT") != BLANK).then(hours("bandHRSTT")).alias("all_hours"),
                (pl.col("HCclient") == HOME_CARE_CLIENT).fill_null(False).alias("is_client"),
            )
        )
    if not parts:
        return CensusFile(opened, NO_ROWS)
    frame = pl.concat(parts)
    repeated = frame.filter(~pl.struct("council", "pseudonym").is_first_distinct() & pl.col("pseudonym").is_not_null())
    opened.log.add(DUPLICATE, repeated["row"])
    opened.log.add(NO_HOURS, frame.filter(pl.col("is_client") & (pl.col("all_hours") == 0))["row"])
    is_usable = ~pl.col("row").is_in(opened.log.unusable_rows().implode())
    return CensusFile(opened, frame.with_columns(is_usable.alias("is_usable")))


def hours(column: str) -> pl.Expr:
    """Weekly hours that the bands of a column stand for; a blank band (".") is no hours; null for an unknown band."""
    bands = {str(band): value for band, value in BAND_HOURS.items()} | {BLANK: 0.0}
    return pl.col(column).replace_strict(list(bands), list(bands.values()), default=None, return_dtype=pl.Float64)


def councils(path: Path) -> dict[str, int]:
    """The codes of the councils in a census file, with their number of home care clients (usable rows only).

    Raises InputError if the file cannot be used.
    """
    return clients_by_council(read(open_table(path, [FORMAT]), pseudonym.new_key()))


def clients_by_council(census: CensusFile) -> dict[str, int]:
    """Home care clients by the code of their council, in the order of codes."""
    clients = census.frame.filter(pl.col("is_usable") & pl.col("is_client"))
    return dict(clients.group_by("council").len().sort("council").iter_rows())


def people_of(census: CensusFile, council: str) -> pl.DataFrame:
    """The usable home care clients of one council; raises InputError, listing the codes, if it has none."""
    known = clients_by_council(census)
    if council not in known:
        raise no_such_council(census.opened.beginning.name, council, known)
    return census.frame.filter(pl.col("is_usable") & pl.col("is_client") & (pl.col("council") == council))


def no_such_council(file: str, council: str, known: dict[str, int]) -> InputError:
    """The lesson for a place that says nothing, or something unknown, about which council it is."""
    close = near_miss(council, known) if council else ""
    return InputError(
        Problem(
            "no_such_council" if council else "which_council",
            "there is no such council in the census" if council else "the census holds many councils: say which",
            f"write 'council: {close or next(iter(known), '...')}' (or another code) under the file in place.yaml",
            file=file,
            column="LAcode",
            found=council,
            allowed="; ".join(f"{code} ({clients:,} clients)" for code, clients in known.items()),
        )
    )


def _pseudonyms(text: pl.DataFrame, key: bytes) -> pl.Series:
    person = text.select(pl.concat_str(["LAcode", "clientID"], separator="_").alias("pseudonym"))["pseudonym"]
    return pseudonym.pseudonyms(person, key)


def _check_codes(opened: Opened, text: pl.DataFrame) -> None:
    """Note codes that the census does not have; nobody's hours, council or number is guessed."""

    def note(column: str, is_bad: pl.Expr, kind: Kind) -> None:
        bad = text.filter(is_bad.fill_null(False))
        opened.log.add(kind, bad["row"], bad.select(figure_of(pl.col(column).fill_null("")).alias("found"))["found"])

    for name in ("LAcode", "clientID"):
        what = "the cell is blank and must not be"
        note(name, pl.col(name).is_null(), Kind("missing_value", name, "unusable", what, "fill it in"))
    bands = [str(band) for band in BAND_HOURS]
    for name in (*SECTORS.values(), "bandHRSTT"):
        is_known = pl.col(name).is_in([*bands, BLANK]) if name != "bandHRSTT" else pl.col(name).is_in(bands)
        kind = Kind("unknown_band", name, "unusable", BAD_BAND, "correct it", "0 to 12")
        note(name, ~is_known | pl.col(name).is_null(), kind)
    for name, codes in (("AgeGRP", AGE_CODES), ("ClientGRP", CLIENT_CODES)):
        kind = Kind("unknown_code", name, "doubtful", "the code is not one of the list", "correct it", ", ".join(codes))
        note(name, ~pl.col(name).is_in([*codes, BLANK]), kind)
    what = "it is not said whether this person has home care"
    kind = Kind("unknown_code", "HCclient", "unusable", what, "correct it", "0, 1")
    note("HCclient", ~pl.col("HCclient").is_in(["0", "1"]) | pl.col("HCclient").is_null(), kind)

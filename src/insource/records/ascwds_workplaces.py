"""Workplaces in the ASC-WDS bulk upload: who employs, how many, and starters, leavers and vacancies by job role.

STARTERS, LEAVERS and VACANCIES are lists parted by semicolons, one number for each role in ALLJOBROLES; a single 0 or
999 stands for all of them. Starters and leavers are those of the last twelve months.
"""

from dataclasses import dataclass, field

import polars as pl

from insource.records.ascwds_format import (
    NOT_KNOWN,
    SECTORS,
    TO_CARE_CODE,
    UNKNOWN_REASONS,
    codes,
    direct_care_roles,
    layout,
    roles,
)
from insource.records.dates import clean_text
from insource.records.noting import Noting
from insource.records.problem_log import Kind
from insource.records.reading import Opened

COUNTS = ("starters", "leavers", "vacancies")
WANTED = (
    *("localestid", "status", "estname", "esttype", "mainservice", "locationid", "totalpermtemp", "alljobroles"),
    *(*COUNTS, "reasons", "reasonnos", "pension", "sickpay", "holiday", "traveltime"),
)
MOST_STAFF = 999.0
SCHEMA = {
    "row": pl.UInt32,
    "workplace": pl.String,
    "name": pl.String,
    "sector": pl.String,
    "service": pl.String,
    "staff": pl.Float64,
    "travel": pl.String,
    "leavers_to_care": pl.Float64,
    "leavers_of_known_reason": pl.Float64,
    "is_usable": pl.Boolean,
}
ROLE_SCHEMA = {
    "workplace": pl.String,
    "role": pl.String,
    "is_direct_care": pl.Boolean,
    "starters": pl.Float64,
    "leavers": pl.Float64,
    "vacancies": pl.Float64,
}
DUPLICATE = Kind(
    "duplicate_workplace",
    "LOCALESTID",
    "unusable",
    "the same workplace stands there twice; the first row is kept",
    "take one of the rows out",
    "each workplace once",
)
UNEQUAL = "the list does not have one number for each role in ALLJOBROLES; it is taken as not known"
NO_COUNTS = "the list holds something that is no number; it is taken as not known"
REASON_SUM = "the numbers of leavers by reason do not add up to the leavers; where leavers go is taken as not known"
FORMAT = layout("workplace")
Lists = list[float | None]


@dataclass(frozen=True)
class WorkplacesFile:
    """One workplace file, read and checked. `frame` has the columns of SCHEMA, `by_role` those of ROLE_SCHEMA, for
    usable rows (null where a number is not known)."""

    opened: Opened
    frame: pl.DataFrame = field(repr=False)
    by_role: pl.DataFrame = field(repr=False)


def read(opened: Opened) -> WorkplacesFile:
    """Read a workplace file and check every row. Raises InputError if it has no rows."""
    blocks = [block.select("row", *(clean_text(name) for name in WANTED)) for block in opened.blocks(WANTED)]
    if not blocks:
        return WorkplacesFile(opened, pl.DataFrame(schema=SCHEMA), pl.DataFrame(schema=ROLE_SCHEMA))
    text = pl.concat(blocks).filter(~(pl.col("status").str.to_uppercase() == "DELETE").fill_null(False))
    noting = Noting(opened, text)
    noting.must_be_there("localestid", "esttype", "totalpermtemp")
    noting.codes("esttype", codes("ESTTYPE"), "unusable")
    noting.codes("mainservice", codes("MAINSERVICE"), "doubtful")
    noting.codes("traveltime", codes("TRAVELTIME"), "doubtful")
    staff = noting.figures("totalpermtemp", 0.0, MOST_STAFF, NOT_KNOWN)
    again = text.filter(~pl.col("localestid").is_first_distinct() & pl.col("localestid").is_not_null())
    opened.log.add(DUPLICATE, again["row"])
    is_usable = ~pl.col("row").is_in(opened.log.unusable_rows().implode())
    lists = _Lists(noting)
    to_care, known = lists.reasons()
    frame = text.select(
        "row",
        pl.col("localestid").alias("workplace"),
        pl.col("estname").alias("name"),
        pl.col("esttype").replace_strict(SECTORS, default=None, return_dtype=pl.String).alias("sector"),
        pl.col("mainservice")
        .replace_strict(codes("MAINSERVICE"), default=None, return_dtype=pl.String)
        .alias("service"),
        pl.lit(staff).alias("staff"),
        pl.col("traveltime").replace_strict(codes("TRAVELTIME"), default=None, return_dtype=pl.String).alias("travel"),
        pl.Series("leavers_to_care", to_care, dtype=pl.Float64),
        pl.Series("leavers_of_known_reason", known, dtype=pl.Float64),
        is_usable.alias("is_usable"),
    )
    usable = frame.filter("is_usable")["workplace"]
    by_role = lists.by_role().filter(pl.col("workplace").is_in(usable.implode()))
    return WorkplacesFile(opened, frame, by_role)


class _Lists:
    """The lists of a workplace file, taken apart row by row (a council has hundreds of workplaces, not millions)."""

    def __init__(self, noting: Noting):
        self.noting = noting
        self.rows = list(noting.text.iter_rows(named=True))
        self.roles = [_parts(row["alljobroles"]) for row in self.rows]
        self.counts = {name: self._counted(name) for name in COUNTS}

    def _counted(self, name: str) -> list[Lists]:
        found: list[Lists] = []
        is_unequal, is_no_count = [], []
        for row, names in zip(self.rows, self.roles, strict=True):
            parts = _parts(row[name])
            if len(parts) == 1 and parts[0] in ("0", NOT_KNOWN) and len(names) != 1:
                parts = parts * len(names)
            numbers = [_count(part) for part in parts]
            is_no_count.append(any(number is False for number in numbers))
            is_unequal.append(bool(parts) and len(parts) != len(names))
            is_sound = bool(parts) and not is_no_count[-1] and not is_unequal[-1]
            found.append(
                [None if number is False else number for number in numbers] if is_sound else [None] * len(names)
            )
        heading = "numbers parted by semicolons, as many as there are roles"
        self._note(name, is_no_count, "unreadable_number", NO_COUNTS, heading)
        is_only_unequal = [bad and not worse for bad, worse in zip(is_unequal, is_no_count, strict=True)]
        self._note(name, is_only_unequal, "unequal_lists", UNEQUAL, heading)
        return found

    def _note(self, name: str, is_bad: list[bool], code: str, what: str, allowed: str) -> None:
        self.noting.note(
            name, pl.lit(pl.Series(is_bad, dtype=pl.Boolean)), code, "doubtful", what, "correct it", allowed
        )

    def reasons(self) -> tuple[Lists, Lists]:
        """Leavers who went to another care employer, and leavers of whom it is known where they went."""
        to_care, known, is_bad = [], [], []
        for row, leavers in zip(self.rows, self.counts["leavers"], strict=True):
            names, parts = _parts(row["reasons"]), _parts(row["reasonnos"])
            numbers = [_count(part) for part in parts]
            is_sound = len(names) == len(parts) and all(isinstance(number, float) for number in numbers)
            left = sum(number for number in leavers if number is not None)
            told = dict(zip(names, [number or 0.0 for number in numbers], strict=False))
            is_bad.append(bool(names or parts) and not (is_sound and sum(told.values()) == left))
            is_told = bool(names) and not is_bad[-1]
            to_care.append(told.get(TO_CARE_CODE, 0.0) if is_told else None)
            known.append(sum(n for code, n in told.items() if code not in UNKNOWN_REASONS) if is_told else None)
        self._note("reasonnos", is_bad, "reasons_do_not_add_up", REASON_SUM, "numbers that add up to LEAVERS")
        return to_care, known

    def by_role(self) -> pl.DataFrame:
        lines = [
            (row["localestid"], role, *(self.counts[name][place][rank] for name in COUNTS))
            for place, row in enumerate(self.rows)
            for rank, role in enumerate(self.roles[place])
            if role in roles()
        ]
        schema = {"workplace": pl.String, "code": pl.String, **dict.fromkeys(COUNTS, pl.Float64)}
        role = pl.col("code").replace_strict(roles(), default=None, return_dtype=pl.String)
        frame = pl.DataFrame(lines, schema=schema, orient="row").with_columns(
            role.alias("role"), role.is_in(direct_care_roles()).alias("is_direct_care")
        )
        return frame.unique(("workplace", "role"), keep="first", maintain_order=True).select(*ROLE_SCHEMA)


def _parts(text: str | None) -> list[str]:
    return [part.strip() for part in text.split(";")] if text else []


def _count(text: str) -> float | bool | None:
    """A whole number; None for "don't know"; False for what is no number."""
    if text == NOT_KNOWN:
        return None
    return float(text) if text.isascii() and text.isdigit() and len(text) <= len(NOT_KNOWN) else False

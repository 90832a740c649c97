"""A care team as its files tell: people, visits, carers and the rest, checked against one another."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from insource.errors import near_miss
from insource.planner.formats import SHIFTS, TABLES
from insource.planner.grid import placed
from insource.planner.numbers import Numbers, numbers, read_numbers
from insource.planner.reading import RULES_FILE, ReadTable, empty, files_of, read_table, schema_of
from insource.records.problem_log import Kind, ProblemLog

FAR_METRES = 150_000.0
"""A home this far from the middle of all others is a slip of the pen (or two coordinates have changed places)."""
DEFAULT_SHIFTS = (
    ("early", 7 * 60, 14 * 60 + 30, None, None),
    ("late", 14 * 60 + 30, 22 * 60, None, None),
    ("morning", 7 * 60, 11 * 60, None, None),
    ("midday", 11 * 60, 15 * 60, None, None),
    ("tea", 15 * 60, 19 * 60, None, None),
    ("evening", 18 * 60, 22 * 60, None, None),
    ("split", 7 * 60, 11 * 60, 16 * 60, 20 * 60),
    ("split late", 7 * 60 + 30, 10 * 60 + 30, 18 * 60, 22 * 60),
)
"""Where there is no shifts.csv: two whole shifts, four short and two split ones, round the peaks of getting up, meals
and going to bed. A judgement."""


@dataclass(frozen=True)
class File:
    """A file that was read."""

    table: str
    path: Path
    rows: int
    usable: int


@dataclass(frozen=True)
class Team:
    """Everything that is known of a team. Frames hold usable rows only; `people` may lack a place (`x`, `y` null).

    `visits` has `person_index` (row of `people`); `left_out` lists visits that cannot be planned, with a reason.
    """

    name: str
    people: pl.DataFrame = field(repr=False)
    visits: pl.DataFrame = field(repr=False)
    carers: pl.DataFrame = field(repr=False)
    shifts: pl.DataFrame = field(repr=False)
    roster: pl.DataFrame = field(repr=False)
    plan: pl.DataFrame = field(repr=False)
    travel: pl.DataFrame = field(repr=False)
    events: pl.DataFrame = field(repr=False)
    log: pl.DataFrame = field(repr=False)
    rules: Numbers = field(repr=False)
    left_out: pl.DataFrame = field(repr=False)
    files: tuple[File, ...] = ()
    logs: tuple[ProblemLog, ...] = ()
    notices: tuple[str, ...] = ()

    def with_visits(self, visits: pl.DataFrame) -> "Team":
        """The same team with other visits."""
        return replace(self, visits=visits)


def read_team(folder: Path) -> Team:
    """Read and check a team's folder; raises InputError if people, visits or carers cannot be read at all."""
    paths, others = files_of(folder)
    rules = read_numbers(folder / RULES_FILE) if (folder / RULES_FILE).is_file() else numbers()
    read = {name: read_table(TABLES[name], path) for name, path in paths.items()}
    postcodes = read.pop("postcodes", None)
    codes = postcodes.frame if postcodes else None
    carers = _carers(read["carers"], codes)
    people = _people(read["people"], codes, carers)
    visits, left_out = _visits(read["visits"], people, carers)
    people = replace(people, frame=people.frame.filter(pl.col("x").is_not_null()))
    indexed = people.frame.select("person", pl.int_range(pl.len(), dtype=pl.Int64).alias("person_index"))
    frame = visits.frame.join(indexed, on="person", how="left", maintain_order="left")
    tables = read | {"people": people, "carers": carers, "visits": replace(visits, frame=frame)}
    tables = {name: _known(one, people, carers, visits) for name, one in tables.items()}
    every = list(tables.values()) + ([postcodes] if postcodes else [])
    notices = [f"{one.file}: {line}" for one in every for line in one.notices]
    if others:
        notices.append(f"not recognised and not read: {', '.join(others)}")
    if "shifts" not in tables:
        notices.append(f"there is no shifts.csv: {len(DEFAULT_SHIFTS)} usual kinds of shift are taken")
    frames = {name: tables[name].frame if name in tables else empty(one) for name, one in TABLES.items()}
    frames["shifts"] = frames["shifts"] if "shifts" in tables else default_shifts()
    frames.pop("postcodes")
    return Team(
        name=folder.resolve().name,
        **frames,
        rules=rules,
        left_out=left_out,
        files=tuple(
            File(one.table.name, paths[one.table.name], one.rows, one.rows - len(one.log.unusable_rows()))
            for one in every
        ),
        logs=tuple(one.log for one in every),
        notices=tuple(notices),
    )


def default_shifts() -> pl.DataFrame:
    """The usual kinds of shift."""
    names = ("shift", "start", "end", "second_start", "second_end")
    frame = pl.DataFrame(DEFAULT_SHIFTS, schema=list(names), orient="row")
    return frame.with_columns(pl.lit(0).alias("row")).select(empty(SHIFTS).columns).cast(schema_of(SHIFTS))


def _people(read: ReadTable, codes: pl.DataFrame | None, carers: ReadTable) -> ReadTable:
    read = replace(read, frame=placed(read.frame, codes))
    kind = Kind(
        "no_place",
        "Easting",
        "unusable",
        "where this person lives is not known, so their visits cannot be planned",
        "give easting and northing, or latitude and longitude, or a postcode that stands in postcodes.csv",
    )
    read.doubt(kind, pl.col("x").is_null())
    _far(read)
    known = set(carers.frame["carer"])
    for name in ("wished", "disliked", "usual"):
        strange = Kind(
            "unknown_carer",
            read.table.field(name).heading,
            "doubtful",
            "a carer is named here who does not stand among the carers; that name is left out",
            "correct the reference, or add the carer",
        )
        read.doubt(strange, pl.col(name).list.set_difference(list(known)).list.len() > 0)
    return read


def _carers(read: ReadTable, codes: pl.DataFrame | None) -> ReadTable:
    read = replace(read, frame=placed(read.frame, codes))
    lost = Kind(
        "no_home",
        "Easting",
        "doubtful",
        "where this carer lives is not known; they start and end in the middle of the people",
        "give easting and northing, or latitude and longitude, or a postcode that stands in postcodes.csv",
    )
    read.doubt(lost, pl.col("x").is_null())
    _far(read)
    early = Kind(
        "available_backwards",
        "Available to",
        "unusable",
        "the carer could finish before they could start",
        "correct one of the times",
    )
    return read.leave_out(early, pl.col("last_minute") <= pl.col("first_minute"))


def _far(read: ReadTable) -> None:
    middle = read.frame.select(pl.col("x", "y").median()).row(0)
    if middle[0] is None:
        return
    far = Kind(
        "far_away",
        "Easting",
        "doubtful",
        f"this place is more than {FAR_METRES / 1000:,.0f} km from the middle of the others",
        "check the coordinates; two may have changed places",
    )
    read.doubt(far, (pl.col("x") - middle[0]).abs() + (pl.col("y") - middle[1]).abs() > FAR_METRES)


def _visits(read: ReadTable, people: ReadTable, carers: ReadTable) -> tuple[ReadTable, pl.DataFrame]:
    """The visits that can be planned as far as their own row tells, and those whose person has no place."""
    checks = (
        (
            "window_backwards",
            "latest",
            "the latest start is before the earliest",
            pl.col("latest") < pl.col("earliest"),
        ),
        ("dates_backwards", "last_day", "the last date is before the first", pl.col("last_day") < pl.col("first_day")),
        (
            "gap_backwards",
            "most_gap",
            "the most minutes after are fewer than the least",
            pl.col("most_gap") < pl.col("least_gap"),
        ),
        (
            "unknown_person",
            "person",
            "this person does not stand among the people",
            ~pl.col("person").is_in(people.frame["person"].implode()),
        ),
    )
    for code, column, what, is_bad in checks:
        heading = read.table.field(column).heading
        read = read.leave_out(Kind(code, heading, "unusable", what, "correct it"), is_bad)
    placeless = people.frame.filter(pl.col("x").is_null())["person"]
    lost = read.frame.filter(pl.col("person").is_in(placeless.implode()))
    left_out = lost.select("visit", "person", pl.lit("no_place").alias("reason"))
    read = replace(read, frame=read.frame.filter(~pl.col("person").is_in(placeless.implode())))
    read = _preferred(_links(read))
    risk = people.frame.select("person", "risk")
    frame = read.frame.join(risk, on="person", how="left", maintain_order="left")
    by_risk = pl.col("risk").replace_strict({1.0: 1.0, 2.0: 3.0, 3.0: 10.0}, default=3.0)
    frame = frame.with_columns(pl.coalesce("priority", by_risk).alias("priority")).drop("risk")
    read = replace(read, frame=frame)
    _skills(read, carers)
    return read, left_out


def _preferred(read: ReadTable) -> ReadTable:
    outside = ~pl.col("preferred").is_between(pl.col("earliest"), pl.col("latest"))
    what = "the preferred start lies outside the window; the nearest end is taken"
    read.doubt(Kind("preferred_outside", "Preferred start", "doubtful", what, "correct one of the times"), outside)
    middle = ((pl.col("earliest") + pl.col("latest")) // 2).cast(pl.Int32)
    preferred = pl.coalesce("preferred", middle).clip("earliest", "latest").cast(pl.Int32)
    return replace(read, frame=read.frame.with_columns(preferred.alias("preferred")))


def _links(read: ReadTable) -> ReadTable:
    """Links to a visit that is not there, is of somebody else, or comes back to itself, are taken out and noted."""
    frame = read.frame
    person_of = dict(frame.select("visit", "person").iter_rows())
    after = dict(frame.select("visit", "after").filter(pl.col("after").is_not_null()).iter_rows())
    bad = []
    for visit, before in after.items():
        is_other = person_of.get(before) != person_of[visit]
        seen, at = {visit}, before
        while at in after and at not in seen:
            seen.add(at)
            at = after[at]
        if is_other or at in seen:
            bad.append(visit)
    kind = Kind(
        "no_such_visit_before",
        "After visit",
        "doubtful",
        "this is no other visit of the same person, or the visits come back to themselves; the link is left out",
        "give the reference of the visit that comes first",
    )
    read.doubt(kind, pl.col("visit").is_in(bad))
    return replace(
        read, frame=frame.with_columns(pl.when(~pl.col("visit").is_in(bad)).then(pl.col("after")).alias("after"))
    )


def _skills(read: ReadTable, carers: ReadTable) -> None:
    held = sorted({skill for skills in carers.frame["skills"] for skill in skills})
    asked = read.frame.select("row", pl.col("skills")).explode("skills").drop_nulls()
    lost = asked.filter(~pl.col("skills").is_in(held))
    kind = Kind(
        "skill_nobody_has",
        "Skills",
        "doubtful",
        "no carer of the team has this skill, so the visit will be listed as one that nobody can make",
        "correct the word here or among the carers, or find somebody who can",
        ", ".join(held[:12]) or "no carer has any skill",
    )
    meant = [near_miss(skill, held) or None for skill in lost["skills"]]
    read.log.add(kind, lost["row"], "", pl.Series(meant, dtype=pl.String))


def _known(read: ReadTable, people: ReadTable, carers: ReadTable, visits: ReadTable) -> ReadTable:
    """The rows of the smaller tables whose person, carer and visit stand in the other files."""
    if read.table.name in ("people", "visits", "carers"):
        return read
    every = {"person": people.frame["person"], "carer": carers.frame["carer"], "visit": visits.frame["visit"]}
    for name, known in every.items():
        if name in read.frame.columns and not (read.table.name == "events" and name == "person"):
            title = {"person": "people", "carer": "carers", "visit": "visits"}[name]
            kind = Kind(
                f"unknown_{name}",
                read.table.field(name).heading,
                "unusable",
                f"this reference does not stand among the {title}",
                "correct it, or add the missing row",
            )
            read = read.leave_out(kind, pl.col(name).is_not_null() & ~pl.col(name).is_in(known.implode()))
    if read.table.name in ("roster", "shifts"):
        what = "the shift ends before it starts"
        kind = Kind("shift_backwards", "End", "unusable", what, "correct one of the times; a night is two shifts")
        read = read.leave_out(kind, pl.col("end") <= pl.col("start"))
    return read

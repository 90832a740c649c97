"""Who gains and who loses, in a paper: what 'insource doubt --groups' has gathered in a run, small numbers withheld.

Groups are too small to be told where they hold fewer than five people; another group is withheld with them so that they
cannot be worked out (desk/publishing.py).
"""

from collections.abc import Callable
from typing import Any

from insource.desk.result import Sheet
from insource.report.group_sheets import GROUP_PICTURE, GROUPED, group_picture, group_sentences
from insource.report.papers import evidence
from insource.report.papers.facts import Facts
from insource.report.papers.model import Block, Bullets, Paragraph, Picture, Table
from insource.units import bare

NOT_GATHERED = (
    "The books count by service, and nobody has yet gathered for this run who gains and who loses by age, reason for "
    "support, need and area. 'insource doubt RUN --groups 10' follows everybody through ten of its draws; this paper, "
    "written again, then shows it here."
)
SHEETS = ("who gains", "same people", "care workers")
Row = dict[str, Any]


def gains(facts: Facts) -> list[Block]:
    """For each model against the first: groups of people, the same people under both, care workers."""
    if not facts.has_groups:
        return [Paragraph(NOT_GATHERED, is_note=True)]
    people, same, staff = (facts.published.sheet(name) for name in SHEETS)
    found: list[Block] = [Bullets(tuple(told(facts)))]
    for title in list(facts.titles.values())[1:]:
        picture = Picture(f"Quality of life by group: {title}", GROUP_PICTURE, group_picture(people.frame, title))
        found += [_people(facts, title, people, same), picture]
    return [*found, _staff(facts, staff)]


def told(facts: Facts) -> list[str]:
    """For each model how many fare better and worse, and which groups most and least; none where none were gathered."""
    if not facts.has_groups:
        return []
    return group_sentences(tuple(facts.published.sheet(name) for name in SHEETS), facts.titles)


def _people(facts: Facts, title: str, people: Sheet, same: Sheet) -> Table:
    """Every group under one model; how many fare better or worse is of those there under both."""
    pairs = {(row["way"], row["group"]): row for row in _of(same, title)}
    rows = tuple(_person_row(row, pairs.get((row["way"], row["group"]))) for row in _of(people, title))
    columns = (
        "Group",
        "People at a time",
        "Quality of life of a person (1 = ideal)",
        f"SC-QALYs in all {facts.value.years} years",
        "Unmet hours a week and person",
        "Better off",
        "Worse off",
    )
    first = facts.titles[facts.names[0]]
    note = f"Run {facts.run}. Differences from '{first}'. {people.note} Better and worse off: {same.note}"
    return Table(f"Who gains and who loses: {title}", columns, rows, note, widths=(4.2, 1.9, 3.0, 2.6, 2.8, 1.7, 1.7))


def _of(sheet: Sheet, title: str) -> list[Row]:
    return [row for row in sheet.frame.iter_rows(named=True) if row["model"] == title]


def _person_row(row: Row, pair: Row | None) -> tuple[str, ...]:
    group = GROUPED.capitalize() if row["way"] == GROUPED else f"{row['way'].capitalize()}: {row['group']}"
    shares = ("-", "-") if pair is None else (_share(pair, "better"), _share(pair, "worse"))
    if row["people"] is None:
        return (group, evidence.WITHHELD, "-", "-", "-", *shares)
    return (group, f"{row['people']:,}", *(_spread(row, name) for name in ("life", "total", "unmet")), *shares)


def _share(row: Row, name: str) -> str:
    """As the sheet has it, where a share of people that is not there is withheld."""
    return evidence.WITHHELD if row[name] is None else f"{row[name]:.0%}"


def _spread(row: Row, name: str) -> str:
    """A difference with its range, signed."""
    if row[name] is None:
        return "-"
    mean, low, high = (f"{row[key]:+.3f}" if name == "life" else _signed(row[key]) for key in _keys(name))
    return f"{mean} ({low} to {high})"


def _keys(name: str) -> tuple[str, str, str]:
    return name, f"{name}_low", f"{name}_high"


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else ''}{bare(value, 'number')}"


def _staff(facts: Facts, staff: Sheet) -> Table:
    rows = []
    for row in staff.frame.iter_rows(named=True):
        group = f"{row['way'].removesuffix(' of care workers').capitalize()}: {row['group']}"
        if row["staff"] is None:
            rows.append((group, row["model"], evidence.WITHHELD, "-", "-", "-", "-"))
            continue
        pay, years = (_plain(row, name, unit) for name, unit in (("pay", "pounds"), ("tenure", "number")))
        rows.append((group, row["model"], f"{row['staff']:,}", pay, years, *(_share(row, one) for one in PARTS)))
    columns = (
        "Care workers",
        "Model",
        "At a time",
        "Pay for an hour",
        "Years in the post",
        "First year",
        "Leave a year",
    )
    note = f"Run {facts.run}. {staff.note}"
    return Table(staff.title, columns, tuple(rows), note, widths=(4.0, 3.6, 1.8, 3.0, 2.6, 1.5, 1.5))


PARTS = ("first_year", "leavers")


def _plain(row: Row, name: str, unit: str) -> str:
    if row[name] is None:
        return "-"
    mean, low, high = (bare(row[key], unit) for key in _keys(name))
    return f"{mean} ({low} to {high})"


SHOWN: dict[str, Callable[[Facts], list[Block]]] = {gains.__name__: gains}
"""Tables by the names that forms use."""

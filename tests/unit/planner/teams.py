"""A tiny team for the planner's tests: two people, three visits, two carers, and whatever a test changes."""

import csv
from pathlib import Path

from insource.planner.files import samples
from insource.planner.formats import TABLES


def write_team(folder: Path, **changed: list[dict[str, str]] | None) -> Path:
    """The sample rows of people, visits, carers and postcodes, with tables replaced (None: no such file)."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = {name: list(samples()[name]) for name in ("people", "visits", "carers", "postcodes")} | changed
    for name, rows in tables.items():
        if rows is not None:
            write_table(folder / f"{name}.csv", name, rows)
    return folder


def write_table(path: Path, name: str, rows: list[dict[str, str]]) -> None:
    """Rows by our own names of columns as a CSV file with headings."""
    fields = TABLES[name].fields
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([one.heading for one in fields])
        writer.writerows([[row.get(one.name, "") for one in fields] for row in rows])


def sample(name: str, number: int, **changed: str) -> dict[str, str]:
    """One of the sample rows with cells changed."""
    return dict(samples()[name][number]) | changed

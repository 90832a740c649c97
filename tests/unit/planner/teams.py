"""A tiny team for the planner's tests: two people, three visits, two carers, and whatever a test changes."""

import csv
from pathlib import Path

from insource.place import open_place
from insource.planner.example import example
from insource.planner.files import samples, table_writers
from insource.planner.formats import TABLES
from insource.planner.planned import Planned
from insource.planner.team import Team, read_team
from insource.planner.week import plan_days
from insource.planner.written import plan_table

DAY = "2026-03-02"


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


def published_team(
    folder: Path, locked: tuple[str, ...] = (), **changed: list[dict[str, str]] | None
) -> tuple[Team, Planned]:
    """Four carers, eight visits, a plan that was published; then the folder with the events and other changes."""
    people = [sample("people", 0, person=f"P{k}", usual="", gender="", x=f"{401000 + 200 * k}") for k in range(8)]
    cells = {"carers": "1", "preferred": ""}
    windows = [(f"{8 + k % 4:02d}:00", f"{9 + k % 4:02d}:00") for k in range(8)]
    visits = [
        sample("visits", 0, **cells, visit=f"v{k}", person=f"P{k}", earliest=low, latest=high)
        for k, (low, high) in enumerate(windows)
    ]
    carers = [sample("carers", 0, carer=f"C{k}", hours="40") for k in range(4)]
    roster = [{"date": DAY, "carer": f"C{k}", "start": "07:00", "end": "13:00"} for k in range(4)]
    tables = {"people": people, "visits": visits, "carers": carers, "roster": roster}
    team = read_team(write_team(folder, **tables))
    (made,) = plan_days(team, team.roster, [team.roster["date"][0]], moves=200)
    assert made.unserved.height == 0
    rows = plan_table(made.visits)
    rows.columns = [heading.lower() for heading in rows.columns]
    plan = [row | ({"locked": "yes"} if row["visit"] in locked else {}) for row in rows.to_dicts()]
    return read_team(write_team(folder, **(tables | {"plan": plan} | changed))), made


def made_up_team(folder: Path, place: int, seed: int, most_people: int = 0) -> Team:
    """The example team of a made-up place of so many people, as its files are read."""
    made = example(open_place(f"synthetic:{place}"), most_people, seed=seed)
    for path, write in table_writers(folder, made.tables).items():
        write(path)
    return read_team(folder)

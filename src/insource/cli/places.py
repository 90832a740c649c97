"""insource check, place, example: real files, and made-up ones in the same formats."""

import json
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import typer

from insource.cli.console import err, out, table
from insource.parameters import parameters
from insource.place import Place, new_place, open_place, write_example
from insource.records.checking import Checked, FileCheck, check
from insource.units import people_shown, share_shown

MOST_SHOWN = 20
group = typer.Typer(help="Make and look at places.", no_args_is_help=True, rich_markup_mode=None)


class Release(StrEnum):
    """The release of the Client Level Data return an example is written in."""

    R1 = "R1"
    R2 = "R2"


def add(app: typer.Typer) -> None:
    """Put the commands on the command line."""
    app.command("example")(example)
    app.command("check")(check_)
    app.add_typer(group, name="place")


def example(
    folder: Annotated[Path, typer.Argument(help="Where to write it.")],
    people: Annotated[int, typer.Option(help="People with home care or supported living.")] = 1000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same people.")] = 1,
    release: Annotated[Release, typer.Option(help="Release of the return.")] = Release.R2,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace what is in the folder.")] = False,
) -> None:
    """Write out a made-up council in the real file formats."""
    written = write_example(folder, people, seed, _release(release), overwrite)
    out(f"{folder}: {people:,} made-up people in {', '.join(path.name for path in written)}")


def _release(release: Release) -> Literal["R1", "R2"]:
    return "R1" if release is Release.R1 else "R2"


def check_(
    path: Annotated[Path, typer.Argument(help="A file, or a folder with a place.yaml.")],
    all_problems: Annotated[bool, typer.Option("--all", help="Print every problem, not the first of them.")] = False,
    problems: Annotated[Path | None, typer.Option("--out", help="Write every problem to this CSV file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
) -> int:
    """List every problem with file, row, column, what was found, what is allowed and what to do; count them by kind.

    Exit status 1 where a row cannot be used, else 0. Nothing personal is printed: such values are shown as patterns.
    """
    checked = check(path)
    if problems is not None:
        checked.write_csv(problems)
    if as_json:
        _print_json(checked)
    else:
        _print(checked, all_problems, problems)
    return 1 if checked.is_unusable else 0


def _print(checked: Checked, all_problems: bool, problems: Path | None) -> None:
    for notice in checked.notices:
        out(notice)
    for file in checked.files:
        _print_file(file)
    counts = checked.counts()
    if not counts:
        out("No problems found.")
        return
    total = sum(count.count for count in counts)
    shown = checked.each() if all_problems else islice(checked.each(), MOST_SHOWN)
    out()
    for problem in shown:
        out(problem.text())
    if total > MOST_SHOWN and not all_problems:
        out(f"... and {total - MOST_SHOWN:,} more: --all prints them, --out FILE.csv writes them")
    out()
    rows = [
        (f"{count.count:,}", count.severity, count.column, count.what, count.allowed[:60], count.todo, count.code)
        for count in counts
    ]
    table(("count", "rows are", "column", "what", "allowed", "what to do", "code"), rows, "Problems by kind")
    out()
    out(f"{checked.usable_rows:,} of {checked.rows:,} rows can be used ({share_shown(checked.usable_share)}).")
    if problems is not None:
        out(f"Every problem: {problems}")


def _print_file(file: FileCheck) -> None:
    kind = " ".join(part for part in (file.format.replace("_", " "), file.release) if part)
    out(f"{file.file}: {kind or 'could not be read'}, {file.rows:,} rows, {file.usable_rows:,} usable")
    for notice in file.notices:
        out(f"  {notice}")


def _print_json(checked: Checked) -> None:
    content = {
        "rows": checked.rows,
        "usable_rows": checked.usable_rows,
        "usable_share": checked.usable_share,
        "files": [
            {
                "file": file.file,
                "format": file.format,
                "release": file.release,
                "rows": file.rows,
                "usable": file.usable_rows,
            }
            for file in checked.files
        ],
        "problems": [
            {
                "code": count.code,
                "file": count.file,
                "column": count.column,
                "rows_are": count.severity,
                "count": count.count,
            }
            for count in checked.counts()
        ],
    }
    out(json.dumps(content))


@group.command("new")
def new(
    folder: Annotated[Path, typer.Argument(help="A folder with records in it.")],
    council: Annotated[str | None, typer.Option(help="Code of the council, for a census of several.")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a place.yaml that is there.")] = False,
) -> None:
    """Look at the files in a folder and write the place.yaml that says which is what."""
    made = new_place(folder, council, overwrite)
    for name, layout in made.recognised.items():
        out(f"{name}: {layout.replace('_', ' ')}")
    for name in made.not_recognised:
        out(f"{name}: not a format this product reads; left alone")
    out(f"Written: {made.path}. Look at it, then: insource check {folder}")


@group.command("show")
def show(place: Annotated[str, typer.Argument(help="A place folder, 'anytown', or 'synthetic:PEOPLE'.")]) -> None:
    """Print what is known of a place: people, hours, zones, and what was recorded, derived or assumed."""
    _print_place(open_place(place))


def _print_place(place: Place) -> None:
    hours = place.donors["package_minutes"] / 60
    out(f"{place.name}: {place.people:,} people, {hours.sum():,.0f} hours a week, {len(place.zones['people'])} zones")
    low, high = np.quantile(hours, (0.25, 0.75))
    out(f"hours a person: mean {hours.mean():.1f}; a quarter have {low:.1f} or less, a quarter {high:.1f} or more")
    for name, line in place.lines().items():
        who, share = f"{name.replace('_', ' ')}: {people_shown(line.people)} people", line.share_of_hours
        out(f"{who}, {share:.0%} of the hours, mean {line.mean_hours:.1f}")
    out(f"rows usable: {share_shown(place.usable_share)}; prices of {place.base_date}")
    rows = [
        (origin.column, f"{origin.recorded:.0%}", f"{origin.derived:.0%}", f"{origin.assumed:.0%}", origin.how)
        for origin in place.origins
    ]
    table(("column", "recorded", "derived", "assumed", "how"), rows)
    for override in place.records:
        unit = parameters()[override.name].unit
        out(f"{override.name} = {override.value:g} {unit}: {override.reason}")
    for note in place.notes:
        err(note)

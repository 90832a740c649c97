"""insource place, example: places from real files, and made-up files in the same formats."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import typer

from insource.cli.console import err, out, table
from insource.parameters import parameters
from insource.place import Place, new_place, open_place, write_example
from insource.units import people_shown, share_shown

group = typer.Typer(help="Make and look at places.", no_args_is_help=True, rich_markup_mode=None)


class Release(StrEnum):
    """The release of the Client Level Data return an example is written in."""

    R1 = "R1"
    R2 = "R2"


def add(app: typer.Typer) -> None:
    """Put the commands on the command line."""
    app.command("example")(example)
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

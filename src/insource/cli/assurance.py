"""insource calibrate, assurance: set what has no direct evidence; write down what speaks for and against the model."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from insource.assurance import pages
from insource.assurance.calibrate import Setting, calibrate, overrides
from insource.assurance.swaps import run_swaps
from insource.assurance.validate import validate
from insource.cli.console import out, progress, table
from insource.errors import InputError, Problem
from insource.files import make_folder, write_text
from insource.place import open_place, synthetic

NATIONAL_PEOPLE = 4000


def add(app: typer.Typer) -> None:
    """Put the commands on the command line."""
    app.command("calibrate")(calibrate_place)
    app.command("assurance")(assurance)


def calibrate_place(
    place: Annotated[str, typer.Argument(help="A place folder, 'anytown', or 'synthetic:PEOPLE'.")],
    target: Annotated[
        list[str] | None, typer.Option(help="A level of your own instead of the published one: 'NAME=VALUE'.")
    ] = None,
    out_file: Annotated[Path | None, typer.Option("--out", help="Write the values to this YAML file.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the luck used.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Set the few parameters without direct evidence so that the place, bought for as now, shows published levels.

    The file can be given to 'insource compare --override'. The figures used are kept with each value: they have set a
    parameter and prove nothing.
    """
    opened = open_place(place)
    with progress("Runs of each round") as tell:
        settings = calibrate(opened, _targets(target or []), seed, os.cpu_count() or 1, tell)
    if out_file is not None:
        write_text(out_file, _yaml(settings, opened.name))
    if as_json:
        out(json.dumps([vars(one) for one in settings], ensure_ascii=False))
        return
    table(pages.CALIBRATION_HEADER, pages.calibration_rows(settings), f"{opened.name}: services bought as now")
    if out_file is not None:
        out(f"Values: {out_file}; use them with 'insource compare ... --override {out_file}'")


def assurance(
    folder: Annotated[Path, typer.Argument(help="Folder for the pages.")],
    people: Annotated[int, typer.Option(help="People of the synthetic place.")] = NATIONAL_PEOPLE,
    draws: Annotated[int, typer.Option(help="Draws of all we are unsure of.")] = 40,
    seed: Annotated[int, typer.Option(help="Seed of luck and doubt.")] = 1,
) -> None:
    """Write the pages of assurance: calibration, published figures against the model, swap runs."""
    make_folder(folder)
    place, processors = synthetic(people, seed), os.cpu_count() or 1
    with progress("Calibration, runs of each round") as tell:
        settings = calibrate(place, None, seed, processors, tell)
    write_text(folder / "calibration.md", pages.calibration(settings, people, seed))
    with progress("Published figures, runs") as tell:
        found = validate(place, draws, seed, processors, tell)
    write_text(folder / "validation.md", pages.validation(found, people, draws, seed))
    with progress("Swaps, runs") as tell:
        swapped = run_swaps(place, draws, seed, tell)
    write_text(folder / "swaps.md", pages.swap_page(swapped, people, draws, seed))
    out(f"Pages: {folder / 'calibration.md'}, {folder / 'validation.md'}, {folder / 'swaps.md'}")


def _targets(given: list[str]) -> dict[str, float]:
    targets = {}
    for entry in given:
        name, _, text = entry.rpartition("=")
        try:
            targets[name.strip()] = float(text)
        except ValueError:
            what = "this is no target"
            todo = "write --target 'turnover of care workers=0.31'"
            raise InputError(Problem("target", what, todo, column="--target", found=entry)) from None
    return targets


def _yaml(settings: list[Setting], place: str) -> str:
    lines = [
        f"{one.name}: {{value: {one.value:g}, reason: {json.dumps(one.reason, ensure_ascii=False)}}}"
        for one in overrides(settings, place)
    ]
    head = "# Values set so that the place, bought for as now, shows the levels named in each reason."
    return "\n".join((head, *lines)) + "\n"

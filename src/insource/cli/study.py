"""What commands that run two delivery models many times have in common: options, the plan, an estimate, progress."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from insource.cli.console import Tell, err, progress
from insource.compare import Plan
from insource.units import WEEKS_A_YEAR
from insource.warm import is_warm, warm_up

COMPILE_SECONDS = 120
LONG_SECONDS = 90
"""From here on minutes are said, and from so many minutes on hours."""
PlaceArgument = Annotated[
    str, typer.Argument(help="A place folder, 'anytown', or 'synthetic:PEOPLE' or 'synthetic:PEOPLE:SEED'.")
]
FromOption = Annotated[str, typer.Option("--from", help="The delivery model the other is set against.")]
ToOption = Annotated[str, typer.Option("--to", help="The delivery model whose difference is explained.")]
ScenarioOption = Annotated[
    str, typer.Option("--scenario", help="What happens to the council's money: a scenario's name or a file.")
]
YearsOption = Annotated[int, typer.Option(help="Years compared (1 to 30).")]
SeedOption = Annotated[int, typer.Option(help="Seed of luck and doubt; the same seed gives the same figures.")]
WorkersOption = Annotated[int, typer.Option(help="Processes at once (0: one for each processor, where that pays).")]
OverrideOption = Annotated[Path | None, typer.Option(help="YAML file: parameter: {value: ..., reason: ...}.")]
OffOption = Annotated[list[str] | None, typer.Option(help="Switch a cause off in both models; may be repeated.")]


def processes_of(workers: int) -> int:
    """So many processes at once; 0 is one for each processor (which are started only if there is much to do)."""
    return workers if workers > 0 else os.cpu_count() or 1


def told(plan: Plan, runs: int, workers: int) -> str:
    """How long so many runs take, roughly."""
    seconds = plan.seconds(runs) / min(processes_of(workers), max(runs, 1)) + 5
    if seconds < LONG_SECONDS:
        return f"about {seconds:.0f} s"
    return f"about {seconds / 60:.0f} min" if seconds < LONG_SECONDS * 60 else f"about {seconds / 3600:.1f} hours"


def first_told() -> str:
    """What has to be done first, if anything."""
    return "" if is_warm() else f", and {COMPILE_SECONDS} s to prepare the engine, once on this machine"


def made_ready() -> None:
    """Prepare the engine if need be, and show how far it is."""
    if not is_warm():
        with progress("Preparing the engine, once") as tell:
            warm_up(tell)


@contextlib.contextmanager
def study_progress(plan: Plan, runs: int, workers: int, at_most: bool = False) -> Iterator[Tell]:
    """Say how long it will take, prepare the engine if need be, and show how far it is."""
    about = "at most " if at_most else ""
    here = f"{plan.place.name}: {plan.place.people:,} people, {plan.years * WEEKS_A_YEAR:,} weeks, {runs:,} runs"
    err(f"{here}: {about}{told(plan, runs, workers)}{first_told()}")
    made_ready()
    with progress("Runs") as tell:
        yield tell

"""insource flip: the smallest changes of parameters that reverse a ranking of two delivery models."""

from typing import Annotated

import typer

from insource import scenario as scenarios
from insource.appraise.flip import find_flips, most_runs
from insource.appraise.outcomes import outcomes
from insource.cli.console import out
from insource.cli.desk import JsonOption, OutOption, write_result
from insource.cli.study import (
    FromOption,
    OffOption,
    OverrideOption,
    PlaceArgument,
    ScenarioOption,
    SeedOption,
    ToOption,
    WorkersOption,
    YearsOption,
    plan_of,
    processes_of,
    study_progress,
)
from insource.errors import InputError, Problem, unknown
from insource.files import make_folder
from insource.report.flip_result import ranking

MOST = 50


def add(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command("flip")(flip)


def flip(
    place: PlaceArgument,
    first: FromOption,
    second: ToOption,
    outcome: Annotated[str, typer.Option(help="What the models are ranked by.")] = "council_cost",
    draws: Annotated[int, typer.Option(help="Draws of luck; parameters stand at their central values.")] = 4,
    strongest: Annotated[int, typer.Option(help=f"How many parameters are looked at closely (1 to {MOST}).")] = 8,
    scenario: ScenarioOption = scenarios.DEFAULT,
    years: YearsOption = 5,
    seed: SeedOption = 1,
    off: OffOption = None,
    override: OverrideOption = None,
    workers: WorkersOption = 0,
    out_folder: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find the smallest changes of parameters that reverse a ranking, and whether they lie inside what is believed."""
    plan = plan_of(place, first, second, scenario, years, draws, seed, off, override)
    if outcome not in outcomes():
        raise InputError(unknown("outcome", outcome, outcomes(), where="--outcome"))
    if not 1 <= strongest <= MOST:
        what, todo = "the number of parameters cannot be used", "give another value"
        raise InputError(
            Problem("strongest", what, todo, column="--strongest", found=str(strongest), allowed=f"1 to {MOST}")
        )
    if out_folder is not None:
        make_folder(out_folder)
    with study_progress(plan, most_runs(plan, strongest), workers, at_most=True) as tell:
        found = find_flips(plan, outcome, strongest, out_folder, processes_of(workers), tell)
    result = ranking(found, plan)
    written = write_result(result, out_folder) if out_folder is not None else []
    if as_json:
        out(result.to_json())
        return
    out(result.title)
    for line in (*result.summary, *(f"Written: {path}" for path in written)):
        out(f"- {line}")

"""insource compare: many models, the same people, the same luck."""

import json
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from insource.appraise import summary as appraisal
from insource.appraise.outcomes import outcomes
from insource.cli.blocks import Setting, Work, plan_of, with_blocks
from insource.cli.console import err, out, progress, table
from insource.cli.options import JsonOption
from insource.cli.study import PlaceArgument, first_told, made_ready, told
from insource.compare import Plan, run
from insource.compare.run import gather_so_far, is_complete, is_made, of_draws, prepare_folder, read_manifest
from insource.errors import InputError, Problem, StoppedError
from insource.parameters import Override, parameters
from insource.report import words
from insource.units import IN_THE_NUMBER

SHOWN = (
    "council_cost",
    "council_cost_at_full_price",
    "care_cost_an_hour",
    "providers_surplus",
    "needed_hours",
    "ordered_hours",
    "paid_hours",
    "used_hours",
    "unmet_share",
    "waiting_for_care",
    "reviewed_share",
    "turnover",
    "quality_of_life_years",
    "safeguarding_concerns",
)


def add(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command("compare")(compare)


@with_blocks()
def compare(
    place: PlaceArgument,
    models: Annotated[
        list[str],
        typer.Option("--models", help="Delivery models to compare; the first is what the others are set against."),
    ],
    more_models: Annotated[list[str] | None, typer.Argument(hidden=True)] = None,
    out_folder: Annotated[Path, typer.Option("--out", help="Folder for the results.")] = Path("result"),
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace other results in the folder.")] = False,
    so_far: Annotated[
        bool, typer.Option("--so-far", help="Run nothing more: show the first draws of a run that was stopped.")
    ] = False,
    as_json: JsonOption = False,
    *,
    work: Work,
    setting: Setting,
) -> None:
    """Run the same people, with the same luck, under two or more delivery models; show what differs and how surely."""
    plan = plan_of(place, [*models, *(more_models or [])], work, setting)
    for line in _outside_belief(plan.overrides):
        err(line)
    if work.cluster and not so_far and not is_made(plan, out_folder):
        work.refuse_unusable_cluster()
    prepare_folder(plan, out_folder, overwrite)
    if not plan.scenario.is_neutral:
        err(f"Scenario: {plan.scenario.title}")
    try:
        if not so_far:
            _run(plan, out_folder, work)
        elif not is_complete(out_folder) and not gather_so_far(plan, out_folder):
            todo = "leave out --so-far: the same command makes them"
            raise InputError(Problem("none_yet", "the first draw is not there yet", todo, file=str(out_folder)))
    except StoppedError:
        if gather_so_far(plan, out_folder):
            _show(plan, out_folder, as_json)
        raise
    _show(plan, out_folder, as_json)


def _run(plan: Plan, folder: Path, work: Work) -> None:
    """Say how long it will take, prepare the engine if need be, and run."""
    if work.cluster:
        err(f"{_size(plan)}, on the cluster at {work.cluster}")
    else:
        err(f"{_size(plan)}: {told(plan, plan.draws * len(plan.models), work.workers)}{first_told()}")
        made_ready()
    with progress("Draws") as tell:
        run(plan, folder, work.where, tell=tell, meanwhile=_read_what_draws)


def _read_what_draws() -> None:
    """Read in what draws the report's pictures, which takes two seconds."""
    from insource.report.charts import warm_up

    warm_up()


def _show(plan: Plan, folder: Path, as_json: bool) -> None:
    """Sum up what there is, write the report and print the answer."""
    manifest = read_manifest(folder)
    summary = appraisal.summarise(
        pl.scan_parquet(folder / "ledger.parquet"), tuple(model.name for model in plan.models), plan.years
    )
    appraisal.write(summary, folder)
    from insource.report.comparison import write_report  # see `_read_what_draws`

    report = write_report(folder, summary, plan.models, manifest)
    if mark := of_draws(manifest):
        err(mark)
    if as_json:
        out(json.dumps(summary.table.to_dicts(), ensure_ascii=False))
        return
    _print(summary, plan)
    out(f"Report: {report}   Figures: {folder / 'summary.csv'}")


def _outside_belief(overrides: tuple[Override, ...]) -> list[str]:
    """A line for each of the user's own figures that lies outside the range believed possible: allowed, but said."""
    lines = []
    for override in (one for one in overrides if one.by != "switch"):
        low, high = parameters()[override.name].ends()
        if not low <= override.value <= high:
            value = f"{override.name} = {override.value:g}"
            lines.append(f"note: {value} lies outside the range believed, {low:g} to {high:g}; used as you say")
    return lines


def _size(plan: Plan) -> str:
    here = f"{plan.place.name}: {plan.place.people:,} people"
    return f"{here}, {len(plan.models)} models, {plan.draws} draws, {plan.years} years"


def _print(summary: appraisal.Summary, plan: Plan) -> None:
    titles = {model.name: model.title for model in plan.models}
    first = summary.models[0]
    for model in summary.models[1:]:
        rows = [
            (
                _label(name),
                words.spread(summary, name, first),
                words.spread(summary, name, model),
                words.spread(summary, name, model, "difference_"),
                words.sureness(summary, name, model),
            )
            for name in SHOWN
        ]
        out()
        table(("Mean (90% range over the draws)", first, model, "difference", "how sure"), rows)
        said = words.answer(summary, model, titles)
        out()
        for sentence in (said.money, said.care, said.people):
            out(f"- {sentence}")
        out()


def _label(name: str) -> str:
    outcome = outcomes()[name]
    return outcome.label if outcome.unit in IN_THE_NUMBER else f"{outcome.label} ({outcome.unit})"

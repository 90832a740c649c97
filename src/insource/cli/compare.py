"""insource compare: many models, the same people, the same luck."""

import json
import os
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from insource import delivery, strict_yaml, switches
from insource import scenario as scenarios
from insource.appraise import summary as appraisal
from insource.appraise.outcomes import outcomes
from insource.cli.console import err, out, progress, table
from insource.compare import Plan, run
from insource.compare.run import prepare_folder, read_manifest
from insource.parameters import Override, parameters, read_overrides
from insource.place import open_place
from insource.report import words
from insource.report.comparison import write_report
from insource.units import IN_THE_NUMBER
from insource.warm import is_warm, warm_up

PERSON_WEEKS_A_SECOND = 2_500_000
"""What one process works through in a second on an ordinary laptop, files included; for the first estimate only."""
COMPILE_SECONDS = 120
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


def compare(
    place: Annotated[
        str, typer.Argument(help="A place folder, 'anytown', or 'synthetic:PEOPLE' or 'synthetic:PEOPLE:SEED'.")
    ],
    models: Annotated[
        list[str],
        typer.Option("--models", help="Delivery models to compare; the first is what the others are set against."),
    ],
    more_models: Annotated[list[str] | None, typer.Argument(hidden=True)] = None,
    scenario: Annotated[
        str, typer.Option("--scenario", help="What happens to the council's money: a scenario's name or a file.")
    ] = scenarios.DEFAULT,
    years: Annotated[int, typer.Option(help="Years compared (1 to 30).")] = 5,
    draws: Annotated[int, typer.Option(help="Draws of all we are unsure of (1 upwards).")] = 100,
    seed: Annotated[int, typer.Option(help="Seed of luck and doubt; the same seed gives the same figures.")] = 1,
    out_folder: Annotated[Path, typer.Option("--out", help="Folder for the results.")] = Path("result"),
    workers: Annotated[int, typer.Option(help="Processes at once (0: one for each processor).")] = 0,
    override: Annotated[Path | None, typer.Option(help="YAML file: parameter: {value: ..., reason: ...}.")] = None,
    off: Annotated[
        list[str] | None,
        typer.Option(help="Switch one cause off ('insource list switches'), or 'all'; may be repeated."),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace other results in the folder.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Run the same people, with the same luck, under two or more delivery models; show what differs and how surely."""
    names = [*models, *(more_models or [])]
    switched = switches.chosen(off or [])
    plan = Plan(
        place_text=place,
        place=open_place(place),
        models=tuple(switches.without(delivery.read(name), switched) for name in names),
        texts={delivery.read(name).name: delivery.text_of(name) for name in names},
        years=years,
        draws=draws,
        seed=seed,
        overrides=(*_overrides(override), *switches.overrides_of(switched)),
        off=tuple(one.name for one in switched),
        scenario=scenarios.read(scenario),
        scenario_text=scenarios.text_of(scenario),
    )
    for line in _outside_belief(plan.overrides):
        err(line)
    processes = workers if workers > 0 else os.cpu_count() or 1
    prepare_folder(plan, out_folder, overwrite)
    if not plan.scenario.is_neutral:
        err(f"Scenario: {plan.scenario.title}")
    err(_estimate(plan, processes))
    if not is_warm():
        with progress("Preparing the engine, once") as tell:
            warm_up(tell)
    with progress("Draws") as tell:
        run(plan, out_folder, processes, tell=tell)
    summary = appraisal.summarise(
        pl.scan_parquet(out_folder / "ledger.parquet"), tuple(model.name for model in plan.models), years
    )
    appraisal.write(summary, out_folder)
    report = write_report(out_folder, summary, plan.models, read_manifest(out_folder))
    if as_json:
        out(json.dumps(summary.table.to_dicts(), ensure_ascii=False))
        return
    _print(summary, plan)
    out(f"Report: {report}   Figures: {out_folder / 'summary.csv'}")


def _overrides(path: Path | None) -> tuple[Override, ...]:
    return () if path is None else read_overrides(strict_yaml.read_file(path), path.name)


def _outside_belief(overrides: tuple[Override, ...]) -> list[str]:
    """A line for each of the user's own figures that lies outside the range believed possible: allowed, but said."""
    lines = []
    for override in (one for one in overrides if one.by != "switch"):
        low, high = parameters()[override.name].ends()
        if not low <= override.value <= high:
            value = f"{override.name} = {override.value:g}"
            lines.append(f"note: {value} lies outside the range believed, {low:g} to {high:g}; used as you say")
    return lines


def _estimate(plan: Plan, processes: int) -> str:
    seconds = plan.person_weeks / PERSON_WEEKS_A_SECOND / min(processes, plan.draws) + 5
    first = "" if is_warm() else f", and {COMPILE_SECONDS} s to prepare the engine, once on this machine"
    return (
        f"{plan.place.name}: {plan.place.people:,} people, {len(plan.models)} models, {plan.draws} draws, "
        f"{plan.years} years: about {_time(seconds)}{first}"
    )


def _time(seconds: float) -> str:
    return (
        f"{seconds:.0f} s"
        if seconds < 90
        else f"{seconds / 60:.0f} min"
        if seconds < 5400
        else f"{seconds / 3600:.1f} hours"
    )


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

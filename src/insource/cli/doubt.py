"""insource doubt: further runs of a comparison, made on purpose to find out where its doubt comes from."""

from pathlib import Path
from typing import Annotated

import numpy as np
import polars as pl
import typer

from insource.appraise import factors
from insource.appraise.deciding import FEWEST_DRAWS
from insource.appraise.designed import Design, run_design, runs
from insource.appraise.drawn import drawn_in
from insource.appraise.groups import run_groups
from insource.appraise.rivals import crossed_design
from insource.appraise.sensitivity import swings_by_draws
from insource.appraise.value import value_of
from insource.appraise.variance import FEWEST_DRAWS as FEWEST_LUCKS
from insource.appraise.variance import luck_design
from insource.cli.console import out
from insource.cli.study import WorkersOption, study_progress, told
from insource.compare import Plan
from insource.compare.again import plan_again
from insource.compare.run import is_complete, read_manifest, refuse_unusable
from insource.errors import InputError, Problem, unknown
from insource.parameters import parameters

STRONGEST = 6
THRESHOLD = 30_000.0


def add(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command("doubt")(doubt)


def doubt(
    folder: Annotated[Path, typer.Argument(help="The folder that 'insource compare ... --out' wrote.")],
    luck: Annotated[int, typer.Option(help="Further lucks for each draw's parameters: parameters and luck apart.")] = 0,
    ends: Annotated[int, typer.Option(help="Draws in which each parameter is set to both its ends (a tornado).")] = 0,
    crossed: Annotated[int, typer.Option(help="Draws for every combination of rival findings.")] = 0,
    morris: Annotated[int, typer.Option(help="Paths of Morris's screening.")] = 0,
    sobol: Annotated[int, typer.Option(help="Size of Sobol's design, a power of two: shares with interactions.")] = 0,
    groups: Annotated[int, typer.Option(help="Draws gathered person by person: who gains and who loses.")] = 0,
    parameter: Annotated[
        list[str] | None,
        typer.Option(help="A parameter to move; may be repeated. The strongest in the draws unless you say."),
    ] = None,
    draws: Annotated[int, typer.Option(help="Draws that --luck takes (0: all).")] = 0,
    place: Annotated[str, typer.Option(help="Where the place is now, if not where it was.")] = "",
    estimate: Annotated[
        bool, typer.Option("--estimate", help="Say how many runs it takes and how long, and stop.")
    ] = False,
    workers: WorkersOption = 0,
) -> None:
    """Run a comparison further: luck apart, both ends, rival findings crossed, who gains, Sobol, Morris."""
    manifest = read_manifest(folder)
    if not is_complete(folder):
        todo = "run the same 'insource compare' again: it goes on where it stopped"
        raise InputError(Problem("not_complete", "the comparison is not complete", todo, file=str(folder)))
    refuse_unusable(folder)
    plan = plan_again(manifest, folder, place)
    asked = {"--luck": luck, "--ends": ends, "--crossed": crossed, "--morris": morris, "--sobol": sobol}
    _refuse(plan, asked | {"--groups": groups}, draws)
    date, seed = plan.place.base_date, plan.seed
    names = _names(plan, folder, parameter) if ends or morris or sobol else []
    designs: list[Design] = []
    if luck:
        designs.append(luck_design(draws or plan.draws, luck))
    if ends:
        designs.append(factors.ends_design(names, ends, date))
    if crossed:
        designs.append(crossed_design(crossed))
    if morris:
        designs.append(factors.morris_design(names, morris, seed, date))
    if sobol:
        designs.append(factors.sobol_design(names, sobol, seed, date))
    for design in designs:
        out(f"{design.kind}: {runs(plan, design):,} runs, {told(plan, runs(plan, design), workers)}")
    of_groups = groups * len(plan.models)
    if groups:
        out(f"groups: {of_groups:,} runs, {told(plan, of_groups, workers)}")
    if estimate:
        return
    for design in designs:
        with study_progress(plan, runs(plan, design), workers) as tell:
            run_design(plan, design, folder, max(workers, 0), tell)
    if groups:
        with study_progress(plan, of_groups, workers) as tell:
            run_groups(plan, groups, folder, max(workers, 0), tell)
    out(f"Now: insource value {folder} --out FOLDER shows what was found.")


def _refuse(plan: Plan, asked: dict[str, int], draws: int) -> None:
    """List everything that cannot be done."""
    problems: list[Problem] = []

    def add(column: str, found: int, what: str, allowed: str) -> None:
        todo = "give another number"
        problems.append(Problem("doubt_size", what, todo, column=column, found=str(found), allowed=allowed))

    if not any(asked.values()):
        todo = "say at least one of --luck, --ends, --crossed, --groups, --morris, --sobol, with a number"
        problems.append(Problem("nothing_asked", "nothing was asked for", todo))
    limits = {
        "--luck": 20,
        "--ends": plan.draws,
        "--crossed": plan.draws,
        "--groups": plan.draws,
        "--morris": 1_000,
        "--sobol": 65_536,
    }
    for column, most in limits.items():
        if not 0 <= asked[column] <= most:
            add(column, asked[column], "it cannot be so many", f"1 to {most:,}")
    size = asked["--sobol"]
    if size & (size - 1):
        add("--sobol", size, "the size of Sobol's design is no power of two", "16, 32, 64, 128, ...")
    for column in ("--ends", "--crossed", "--morris"):
        if asked[column] == 1:
            add(column, 1, "one is too few to tell an effect from luck", "2 or more")
    used = draws or plan.draws
    if asked["--luck"] and not FEWEST_LUCKS <= used <= plan.draws:
        add("--draws", used, "the number of draws cannot be used", f"{FEWEST_LUCKS} to those of the run, {plan.draws}")
    if asked["--luck"] >= used:
        add("--luck", asked["--luck"], "there are not so many other lucks", f"fewer than the draws, {used}")
    if problems:
        raise InputError(problems)


def _names(plan: Plan, folder: Path, given: list[str] | None) -> list[str]:
    """The parameters asked for, or the strongest in the draws of the run; refused if they are not doubted."""
    known, fixed = parameters(), {one.name for one in plan.all_overrides()}
    ranged = [name for name, one in known.items() if np.ptp(one.ends(plan.place.base_date)) > 0.0]
    doubted = [name for name in ranged if known[name].distribution.kind != "fixed" and name not in fixed]
    problems = []
    for name in given or []:
        if name not in known:
            problems.append(unknown("parameter", name, known, where="--parameter"))
        elif name not in doubted:
            what = f"'{name}' is not doubted in this run: it has no range, or the records or you have set it"
            todo = "choose another; 'insource list parameters' has them with their ranges"
            problems.append(Problem("not_doubted", what, todo, column="--parameter"))
    if problems:
        raise InputError(problems)
    return list(dict.fromkeys(given)) if given else _strongest(plan, folder, doubted)


def _strongest(plan: Plan, folder: Path, doubted: list[str]) -> list[str]:
    """The parameters with the largest swings over their standard errors, over all models."""
    if plan.draws < FEWEST_DRAWS:
        todo = f"name them with --parameter, or make the comparison with {FEWEST_DRAWS} draws or more"
        raise InputError(
            Problem("few_draws", "there are too few draws to see which parameters are the strongest", todo)
        )
    value = value_of(pl.scan_parquet(folder / "ledger.parquet"), tuple(model.name for model in plan.models))
    drawn = {name: values for name, values in drawn_in(folder).items() if name in doubted}
    strength: dict[str, float] = dict.fromkeys(doubted, 0.0)
    benefit = value.benefit(THRESHOLD)
    for number in range(1, len(plan.models)):
        for swing in swings_by_draws(benefit[:, number], drawn):
            ratio = abs(swing.size) / swing.error if swing.error > 0.0 else 0.0
            strength[swing.parameter] = max(strength[swing.parameter], ratio)
    return sorted(strength, key=lambda name: (-strength[name], name))[:STRONGEST]

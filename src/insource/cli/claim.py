"""insource claim: what is said about bought and in-house care, tried over the whole range of what is plausible."""

import os
from typing import Annotated

import typer

from insource.claims.experiment import run_claims, run_planted
from insource.claims.files import Claim, chosen
from insource.claims.verdict import HOLDS, NEITHER, REFUTED, judged
from insource.cli.console import err, out, progress, table
from insource.cli.desk import JsonOption, OutOption, write_result
from insource.errors import InputError, Problem
from insource.place import Place, open_place, synthetic
from insource.report.claim_result import claims_result, judge
from insource.warm import is_warm, warm_up

MOST_DRAWS, MOST_YEARS = 10_000, 30
PLANTED_PEOPLE, PLANTED_YEARS, PLANTED_LUCKS = 600, 2, 6
STATES = {"holds": HOLDS, "refuted": REFUTED, "no difference": NEITHER}


def add(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command("claim")(claim)


def claim(
    number: Annotated[str, typer.Argument(help="A claim's number (such as 4b, or 4 for 4a and 4b), or 'all'.")],
    place: Annotated[str, typer.Option("--place", help="A place folder, 'anytown', or 'synthetic:PEOPLE'.")] = (
        "synthetic:1000"
    ),
    draws: Annotated[int, typer.Option(help="Draws over the ranges of all parameters.")] = 200,
    years: Annotated[int, typer.Option(help="Years compared (1 to 30).")] = 3,
    seed: Annotated[int, typer.Option(help="Seed of luck and draws.")] = 1,
    workers: Annotated[int, typer.Option(help="Runs at once (0: one for each processor).")] = 0,
    planted: Annotated[
        bool, typer.Option("--planted", help="Instead, run worlds in which each claim must hold, or must not.")
    ] = False,
    out_folder: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Holds, fails or depends: in which share of what is plausible a claim holds, and where its boundary is."""
    wanted = chosen(number)
    _refuse(draws, years)
    if not is_warm():
        with progress("Preparing the engine, once") as tell:
            warm_up(tell)
    if planted:
        _planted(wanted, seed)
        return
    opened: Place = open_place(place)
    with progress("Runs") as tell:
        found = run_claims(wanted, opened, draws, years, seed, workers or os.cpu_count() or 1, tell)
    result = claims_result([judge(one) for one in found], opened, draws, years, seed)
    written = write_result(result, out_folder) if out_folder is not None else []
    if as_json:
        out(result.to_json())
        return
    out(result.title)
    for line in (*result.summary, *(f"Written: {path}" for path in written)):
        out(f"- {line}")


def _planted(wanted: list[Claim], seed: int) -> None:
    """Run every planted world; ends with status 1 if a claim does not come out in it as it must."""
    place, rows, wrong = synthetic(PLANTED_PEOPLE, seed), [], []
    for one in wanted:
        for world in (one.planted.holds, one.planted.fails):
            states = judged(run_planted(one, world, place, PLANTED_YEARS, PLANTED_LUCKS, seed), one.measures)
            is_right = bool((states == STATES[world.comes_out]).all())
            means = "terms and parameters" if world.one or world.other else "parameters"
            rows.append((one.number, world.comes_out, means, world.why, "yes" if is_right else "NO"))
            wrong += [] if is_right else [f"{one.number} ({world.comes_out})"]
    table(("claim", "must come out", "by", "planted world", "came out so"), rows)
    if wrong:
        err(f"These did not come out as planted: {', '.join(wrong)}")
        raise typer.Exit(1)


def _refuse(draws: int, years: int) -> None:
    problems = []
    for name, given, most in (("draws", draws, MOST_DRAWS), ("years", years, MOST_YEARS)):
        if not 1 <= given <= most:
            what, allowed = f"the number of {name} cannot be used", f"1 to {most:,}"
            problems.append(
                Problem("claim_size", what, "give another value", column=f"--{name}", found=str(given), allowed=allowed)
            )
    if problems:
        raise InputError(problems)

"""insource claim: what is said about bought and in-house care, tried over the whole range of what is plausible."""

from typing import Annotated

import typer

from insource.claims.experiment import run_claims, run_planted, so_far
from insource.claims.files import Claim, chosen
from insource.claims.verdict import HOLDS, NEITHER, REFUTED, judged
from insource.cli.blocks import Shown, Work, finish, marked, with_blocks
from insource.cli.console import err, progress, table
from insource.cli.study import made_ready
from insource.compare.keeping import StoppedRunsError
from insource.errors import InputError, Problem
from insource.files import make_folder
from insource.place import Place, open_place, synthetic
from insource.report.claim_boundary import judge
from insource.report.claim_result import claims_result

MOST_DRAWS, MOST_YEARS = 10_000, 30
PLANTED_PEOPLE, PLANTED_YEARS, PLANTED_LUCKS = 600, 2, 6
STATES = {"holds": HOLDS, "refuted": REFUTED, "no difference": NEITHER}


def add(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command("claim")(claim)


@with_blocks(draws=200, years=3)
def claim(
    number: Annotated[str, typer.Argument(help="A claim's number (such as 4b, or 4 for 4a and 4b), or 'all'.")],
    place: Annotated[str, typer.Option("--place", help="A place folder, 'anytown', or 'synthetic:PEOPLE'.")] = (
        "synthetic:1000"
    ),
    planted: Annotated[
        bool, typer.Option("--planted", help="Instead, run worlds in which each claim must hold, or must not.")
    ] = False,
    *,
    work: Work,
    shown: Shown,
) -> None:
    """Holds, fails or depends: in which share of what is plausible a claim holds, and where its boundary is."""
    wanted = chosen(number)
    _refuse(work.draws, work.years)
    if planted or not work.cluster:
        made_ready()
    if planted:
        _planted(wanted, work.seed)
        return
    opened: Place = open_place(place)
    work.refuse_unusable_cluster()
    if shown.out_folder is not None:
        make_folder(shown.out_folder)
    asked = (wanted, opened, work.draws, work.years, work.seed)
    try:
        with progress("Runs") as tell:
            found = run_claims(*asked, work.where, tell, shown.out_folder)
    except StoppedRunsError as stop:
        made, found = so_far(*asked, stop.found)
        if made:
            mark = f"Made of the first {made:,} of {work.draws:,} draws: it was stopped, and can go on."
            judgements = [judge(one) for one in found]
            finish(marked(claims_result(judgements, opened, made, work.years, work.seed), mark), shown)
        raise
    finish(claims_result([judge(one) for one in found], opened, work.draws, work.years, work.seed), shown)


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

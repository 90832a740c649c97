"""insource flip: the smallest changes of parameters that reverse a ranking of two delivery models."""

from typing import Annotated

import typer

from insource.appraise.flip import MOST_FOLLOWED, find_flips, most_runs
from insource.appraise.outcomes import outcomes
from insource.cli.blocks import Setting, Shown, Work, finish, plan_of, runs_told, with_blocks
from insource.cli.study import FromOption, PlaceArgument, ToOption
from insource.errors import InputError, Problem, unknown
from insource.files import make_folder
from insource.report.flip_result import ranking

MOST = 300
STRONGEST = (
    f"At least so many parameters are followed over all draws (1 to {MOST}); those that reverse the ranking where all "
    f"are screened are, up to {MOST_FOLLOWED}."
)


def add(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command("flip")(flip)


@with_blocks(draws=4)
def flip(
    place: PlaceArgument,
    first: FromOption,
    second: ToOption,
    outcome: Annotated[str, typer.Option(help="What the models are ranked by.")] = "council_cost",
    strongest: Annotated[int, typer.Option(help=STRONGEST)] = 8,
    *,
    work: Work,
    setting: Setting,
    shown: Shown,
) -> None:
    """Find the smallest changes of parameters that reverse a ranking, and whether they lie inside what is believed."""
    plan = plan_of(place, (first, second), work, setting)
    if outcome not in outcomes():
        raise InputError(unknown("outcome", outcome, outcomes(), where="--outcome"))
    if not 1 <= strongest <= MOST:
        what, todo = "the number of parameters cannot be used", "give another value"
        raise InputError(
            Problem("strongest", what, todo, column="--strongest", found=str(strongest), allowed=f"1 to {MOST}")
        )
    work.refuse_unusable_cluster()
    if shown.out_folder is not None:
        make_folder(shown.out_folder)
    with runs_told(plan, most_runs(plan, strongest), work, at_most=True) as tell:
        found = find_flips(plan, outcome, strongest, shown.out_folder, work.where, tell)
    finish(ranking(found, plan), shown)

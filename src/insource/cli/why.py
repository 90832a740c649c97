"""insource why: what the difference between two delivery models is made of."""

from enum import StrEnum
from typing import Annotated

import typer

from insource.appraise import why as reasons
from insource.appraise.outcomes import outcomes
from insource.cli.blocks import Setting, Shown, Work, finish, marked, plan_of, runs_told, with_blocks
from insource.cli.study import FromOption, PlaceArgument, ToOption
from insource.compare.keeping import StoppedRunsError
from insource.errors import InputError, Problem, unknown
from insource.files import make_folder
from insource.report.why_result import explanation

DEFAULT_OUTCOMES = ("council_cost", "used_hours", "quality_of_life_years")


class ByName(StrEnum):
    """What a difference is shared out to."""

    TERMS = "terms"
    CAUSES = "causes"
    BOTH = "both"


def add(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command("why")(why)


@with_blocks(draws=8)
def why(
    place: PlaceArgument,
    first: FromOption,
    second: ToOption,
    by: Annotated[ByName, typer.Option("--by", help="Share out to groups of terms, to causes, or both.")] = ByName.BOTH,
    cause: Annotated[
        list[str] | None,
        typer.Option(help="Only this cause ('insource list switches'), the others staying at work; may be repeated."),
    ] = None,
    each: Annotated[bool, typer.Option("--each", help="Every switch by itself, not mechanism by mechanism.")] = False,
    outcome: Annotated[
        list[str] | None,
        typer.Option(help="What to share out: a sum a year, such as nhs_cost or unmet_hours; may be repeated."),
    ] = None,
    pairs: Annotated[
        int,
        typer.Option(help="Orders drawn for each draw, each with its reverse (2 to 500), where there are many causes."),
    ] = 4,
    exact: Annotated[bool, typer.Option("--exact", help="Run every set of causes however many runs it takes.")] = False,
    *,
    work: Work,
    setting: Setting,
    shown: Shown,
) -> None:
    """Share a difference between two models out to terms and causes; the shares add up to it to the penny."""
    plan = plan_of(place, (first, second), work, setting)
    names = _outcomes(outcome)
    if not 2 <= pairs <= 500:
        what, todo = "the number of pairs of orders cannot be used", "give another value"
        raise InputError(Problem("pairs", what, todo, column="--pairs", found=str(pairs), allowed="2 to 500"))
    games = []
    if by in (ByName.TERMS, ByName.BOTH):
        games.append(reasons.game_of_terms(plan, pairs, exact or None))
    if by in (ByName.CAUSES, ByName.BOTH):
        games.append(reasons.game_of_causes(plan, cause or [], pairs, each, exact or None))
    work.refuse_unusable_cluster()
    if shown.out_folder is not None:
        make_folder(shown.out_folder)
    try:
        with runs_told(plan, len(reasons.trials_of(games)), work) as tell:
            study, totals = reasons.run_games(games, shown.out_folder, work.where, tell)
    except StoppedRunsError as stop:
        if made := reasons.whole_draws(games, stop.found):
            games = reasons.of_first_draws(games, made)
            mark = f"Made of the first {made} of {plan.draws} draws: it was stopped, and can go on."
            finish(marked(explanation(games, names, reasons.study_of(games), stop.found), mark), shown)
        raise
    finish(explanation(games, names, study, totals), shown)


def _outcomes(given: list[str] | None) -> tuple[str, ...]:
    """The outcomes asked for; only plain sums can be shared out without rest."""
    names = tuple(dict.fromkeys(given or DEFAULT_OUTCOMES))
    sums = [name for name, one in outcomes().items() if one.is_a_sum]
    problems: list[Problem] = []
    for name in names:
        if name not in outcomes():
            problems.append(unknown("outcome", name, sums, where="--outcome"))
        elif name not in sums:
            what = f"'{name}' is a ratio, and shares of a ratio do not add up"
            todo = "name a sum a year, such as those above the line and below it"
            problems.append(Problem("not_a_sum", what, todo, column="--outcome", found=name, allowed=", ".join(sums)))
    if problems:
        raise InputError(problems)
    return names

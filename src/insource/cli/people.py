"""insource follow: one person's story."""

from pathlib import Path
from typing import Annotated

import typer

from insource.cli.console import err, out, table
from insource.cli.study import made_ready
from insource.compare.again import model_again, place_again, scenario_again
from insource.compare.run import read_manifest
from insource.delivery import Delivery
from insource.errors import InputError, Problem
from insource.follow import Story, follow
from insource.parameters import Override
from insource.units import WEEKS_A_YEAR

group = typer.Typer(help="One person week by week under each model.", no_args_is_help=True, rich_markup_mode=None)


def add(app: typer.Typer) -> None:
    """Put the commands on the command line."""
    app.add_typer(group, name="follow")


@group.callback()
def _follow() -> None:
    """One person week by week under each model."""


@group.command("person")
def person(
    who: Annotated[
        str,
        typer.Argument(metavar="ID", help="17 (there at the start) or w30-2 (second newcomer of week 30)."),
    ],
    run: Annotated[Path, typer.Option("--run", help="The folder that 'insource compare --out' wrote.")],
    place_given: Annotated[str, typer.Option("--place", help="Where the place is now, if not where it was.")] = "",
    draw: Annotated[int, typer.Option(help="Which draw to follow; -1 for parameters at their central values.")] = -1,
    all_weeks: Annotated[
        bool, typer.Option("--all", help="Every week, not only those in which something happened.")
    ] = False,
) -> None:
    """Tell one person's story week by week under each model of a run. For use inside the council only."""
    manifest = read_manifest(run)
    place = place_again(manifest, run, place_given)
    if not -1 <= draw < manifest["draws"]:
        allowed = f"0 to {manifest['draws'] - 1}, or -1 for central values"
        what, todo = "the run has no such draw", "choose one of its draws"
        raise InputError(Problem("no_such_draw", what, todo, column="--draw", found=str(draw), allowed=allowed))
    overrides = tuple(Override(**entry) for entry in manifest["overrides"])
    made_ready()
    for entry in manifest["models"]:
        model = model_again(entry, tuple(manifest["switched_off"]))
        story = follow(
            place,
            model,
            who,
            manifest["seed"],
            None if draw < 0 else draw,
            manifest["years"] * WEEKS_A_YEAR,
            manifest["burn_in_weeks"],
            overrides,
            scenario_again(manifest),
        )
        _print(who, model, story, all_weeks)


def _print(who: str, model: Delivery, story: Story, all_weeks: bool) -> None:
    weeks = story.weeks
    out()
    out(f"Person {who} ({story.about}) under '{model.title}'")
    rows = [
        (
            str(week.week),
            f"{week.needed:.1f}",
            f"{week.ordered:.1f}",
            f"{week.delivered:.1f}",
            f"{week.unmet:.1f}",
            "; ".join(week.events),
        )
        for week in weeks
        if all_weeks or week.events or week is weeks[-1]
    ]
    table(("week", "needed", "ordered", "delivered", "unmet", "what happened"), rows)
    needed = sum(week.needed for week in weeks)
    used, unmet = sum(week.used for week in weeks), sum(week.unmet for week in weeks)
    out(
        f"{len(weeks)} weeks: {needed:,.0f} hours needed, {used:,.0f} met by care, {unmet:,.0f} unmet; "
        f"mean quality of life {sum(week.quality_of_life for week in weeks) / len(weeks):.2f}"
    )
    if not all_weeks:
        err("(hours of care workers' time in weeks in which something happened; --all shows every week)")

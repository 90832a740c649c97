"""insource pool replan: mend a published day after events."""

from typing import Annotated

import typer

from insource.cli.console import out, table
from insource.cli.pool_files import EXAMPLE_DAY, TeamArgument, number_of, problems_told
from insource.cli.pool_roster import PoolOutOption, day_of
from insource.cli.pool_routes import CALENDARS, SeedOption, plan_writers, roster_for, told
from insource.files import make_folder, write_together
from insource.planner.again import plan_again
from insource.planner.files import table_writers
from insource.planner.team import read_team

MOST_SHOWN = 20


def add(group: typer.Typer) -> None:
    """Put the command into the group."""
    group.command("replan")(replan_)


def replan_(
    folder: TeamArgument,
    day: Annotated[str, typer.Option("--date", help="The day, such as 2026-03-02.")] = EXAMPLE_DAY,
    moves: Annotated[int, typer.Option(help="Moves to polish with; 0 gives the first answer.", min=0)] = 300,
    seconds: Annotated[float, typer.Option(help="Most seconds to polish.", min=0.01)] = 2.0,
    seed: SeedOption = 1,
    out_folder: PoolOutOption = None,
) -> None:
    """Mend a published day (plan.csv) after events (events.csv): as few changes as can be, each with its reason."""
    team = read_team(folder)
    problems_told(team)
    date = day_of(day)
    roster, _ = roster_for(team, [date])
    found = plan_again(team, roster, date, seed, moves, seconds)
    out(f"{date:%d/%m/%Y}: {number_of(found.changes.height, 'change')} to what was published")
    shown = found.changes.head(MOST_SHOWN)
    columns = ("visit", "old_carer", "old_start", "new_carer", "new_start", "said")
    header = ("visit", "was", "at", "now", "at", "why")
    table(header, [tuple(row) for row in shown.select(columns).iter_rows()])
    if found.changes.height > MOST_SHOWN:
        out(f"... and {found.changes.height - MOST_SHOWN:,} more: --out DIR writes every one")
    told(team, [found.planned])
    if out_folder is not None:
        make_folder(out_folder)
        make_folder(out_folder / CALENDARS)
        writers = plan_writers(out_folder, team, [found.planned])
        write_together({**writers, **table_writers(out_folder, {"changes": found.changes})})
        out(f"Written to {out_folder}: changes.csv, plan.csv and the sheets. Nothing is published by itself.")

"""insource pool travel: how fast carers really get about, from check-in times."""

from pathlib import Path
from typing import Annotated

import typer

from insource.cli.console import out, table
from insource.cli.pool_files import TeamArgument, number_of, problems_told
from insource.errors import InputError, Problem
from insource.files import write_text
from insource.planner.calibration import CLOSE_MINUTES, FEWEST_GAPS, calibrate
from insource.planner.team import read_team

HEADER = ("travels by", "journeys", "used", "km an hour (90%)", "fixed minutes (90%)", "spread", "within 3 min")


def add(group: typer.Typer) -> None:
    """Put the command into the group."""
    group.command("travel")(travel_)


def travel_(
    folder: TeamArgument,
    write: Annotated[
        Path | None, typer.Option("--write", help="Write the numbers found as rules to this file.")
    ] = None,
) -> None:
    """Fit speeds and fixed minutes to the gaps between check-out and the next check-in (log.csv), and show the fit."""
    team = read_team(folder)
    problems_told(team)
    if not team.log.height:
        what, todo = (
            "there is no log of visits to measure by",
            "put log.csv into the folder; see insource pool template",
        )
        raise InputError(Problem("no_log", what, todo, file=str(folder)))
    fits = calibrate(team)
    rows = [
        (one.mode, f"{one.gaps:,}", f"{one.used:,}", one.why_not, "", "", "")
        if one.why_not
        else (
            one.mode,
            f"{one.gaps:,}",
            f"{one.used:,}",
            f"{one.kmh:.1f} ({one.kmh_low:.1f} to {one.kmh_high:.1f})",
            f"{one.fixed:.1f} ({one.fixed_low:.1f} to {one.fixed_high:.1f})",
            f"{one.spread:.1f} min",
            f"{100 * one.close_share:.0f}%",
        )
        for one in fits
    ]
    table(HEADER, rows, "Travel between visits, as checked in and out")
    for one in fits:
        if not one.why_not:
            kmh, fixed = team.rules[f"{one.mode}_kmh"], team.rules[f"{one.mode}_fixed_minutes"]
            out(f"By {one.mode}: {kmh:g} km an hour and {fixed:g} minutes stand in the rules.")
    out(
        "Used: journeys after which the carer came no sooner than the preferred time. The last column: journeys within "
        f"{CLOSE_MINUTES:g} minutes of the line. Speed is along the road by the detour in the rules."
    )
    found = [one for one in fits if not one.why_not]
    if write is not None and found:
        lines = [f"{one.mode}_kmh: {one.kmh:.2f}\n{one.mode}_fixed_minutes: {one.fixed:.2f}\n" for one in found]
        write_text(write, "".join(lines))
        out(f"Written: {write} ({number_of(2 * len(found), 'number')}). In the team's rules.yaml they are used.")
    elif write is not None:
        what, todo = "no line could be fitted", f"give at least {FEWEST_GAPS} journeys that can be used"
        raise InputError(Problem("no_fit", what, todo, file=str(folder)))

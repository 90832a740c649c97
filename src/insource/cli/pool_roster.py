"""insource pool roster: who works when in a week."""

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer

from insource.cli.console import err, out, progress, table
from insource.cli.pool_files import EXAMPLE_DAY, TeamArgument, problems_told
from insource.errors import InputError, Problem
from insource.files import make_folder, write_together
from insource.planner.demand import demand, rostered
from insource.planner.files import table_writers
from insource.planner.mix import mixes
from insource.planner.roster import MOST_SECONDS, Roster, make_roster
from insource.planner.roster_check import check_roster
from insource.planner.team import Team, read_team
from insource.planner.written import roster_table
from insource.report.pool_rota import rota_page

WeekOption = Annotated[str, typer.Option("--week", help="A day of the week that is meant, such as 2026-03-02.")]
PoolOutOption = Annotated[Path | None, typer.Option("--out", help="Folder to write into.")]


def add(group: typer.Typer) -> None:
    """Put the command into the group."""
    group.command("roster")(roster_)


def roster_(
    folder: TeamArgument,
    week: WeekOption = EXAMPLE_DAY,
    reserve: Annotated[float, typer.Option(help="Share more on duty than wanted, for those who fall ill.")] = 0.05,
    seconds: Annotated[float, typer.Option(help="Most seconds for the solver.", min=1, max=3600)] = MOST_SECONDS,
    out_folder: PoolOutOption = None,
) -> None:
    """A roster for a week: cover by half hour, working-time rules kept, weekends in turn, hours as contracted."""
    team = read_team(folder)
    problems_told(team)
    monday = monday_of(week)
    if not 0 <= reserve <= 1:
        what, todo = "the reserve is a share", "give 0 to 1, such as 0.05"
        raise InputError(Problem("reserve", what, todo, column="--reserve", found=f"{reserve:g}"))
    care = demand(team, monday)
    if not care.hours:
        what, todo = "nobody is to be visited in this week", "give another week, or look at the dates of visits"
        raise InputError(Problem("empty_week", what, todo, column="--week", found=monday.isoformat()))
    wanted = rostered(care, team.rules["busy_share"], reserve)
    with progress("Roster") as tell:
        made = make_roster(team, wanted, seconds, tell)
    breaches = check_roster(team, made.frame, monday)
    if breaches:
        raise RuntimeError(f"the roster breaks {len(breaches)} rules, {breaches[0].code} first")
    _told(team, made, care.hours)
    if out_folder is not None:
        make_folder(out_folder)
        writers = table_writers(out_folder, {"roster": roster_table(made.frame)})
        page = rota_page(team, made)
        writers[out_folder / "rota.html"] = lambda path: path.write_text(page, encoding="utf-8")
        write_together(writers)
        for path in writers:
            out(f"Written: {path}")
        out("With roster.csv in the team's folder, insource pool routes plans for those on duty.")


def monday_of(text: str) -> date:
    """The Monday of the week in which a day lies."""
    day = day_of(text, "--week")
    return day - timedelta(days=day.weekday())


def day_of(text: str, option: str = "--date") -> date:
    """A day as it is written in options; raises InputError for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        what, todo = "this is no day", "write it as 2026-03-02"
        raise InputError(Problem("no_day", what, todo, column=option, found=text[:40])) from None


def _told(team: Team, made: Roster, care_hours: float) -> None:
    wanted = float(made.wanted.sum()) / 2
    duty = float(made.cover.sum()) / 2
    out(f"Roster for the week from {made.monday:%d/%m/%Y}: {made.frame['carer'].n_unique():,} carers on duty.")
    out(
        f"- {care_hours:,.0f} hours of care take {wanted:,.0f} hours on duty at the right times; "
        f"{duty:,.0f} are rostered."
    )
    out(
        f"- {made.short_hours:,.1f} hours lack at their time of day; "
        f"{made.spare_hours:,.0f} are beyond what is wanted then."
    )
    out(f"- Contracts hold {float(team.carers['hours'].sum()):,.0f} hours.")
    out("- Rest of 11 hours, days off, 48 hours and what carers said they can work: kept (checked apart).")
    how = "is" if made.is_proven else "was not yet shown to be when time ran out, but is at most"
    out(f"- The price {how} within {100 * made.gap:.1f}% of the lowest there can be.")
    if not made.is_proven:
        err("Time ran out: with more --seconds the roster may be better, and another machine may give another one.")
    rows = [
        (one.menu, f"{one.paid_hours:,.0f}", f"{100 * one.idle_share:.0f}%", _kinds(one.kinds.sort("hours").reverse()))
        for one in mixes(team, rostered(demand(team, made.monday), team.rules["busy_share"]))
    ]
    table(
        ("shifts", "paid hours", "not wanted", "made of"),
        rows,
        "Fewest paid hours that would cover the week, by kinds of shift",
    )


def _kinds(frame: object) -> str:
    rows = [row for row in frame.iter_rows() if row[1] >= 1 / 2]  # type: ignore[attr-defined]
    return ", ".join(f"{number:,.0f} {name}" for name, number, _ in rows)

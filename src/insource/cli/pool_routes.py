"""insource pool routes: who goes where, when, on a day or through a week."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from insource.cli.console import err, out, progress, table
from insource.cli.pool_files import EXAMPLE_DAY, TeamArgument, number_of, problems_told
from insource.cli.pool_roster import PoolOutOption, day_of, monday_of
from insource.files import make_folder, write_together
from insource.planner.continuity import PERIODS, continuity, visits_of_days
from insource.planner.demand import demand, rostered
from insource.planner.files import table_writers
from insource.planner.fitting import REMEDIES
from insource.planner.planned import Planned, metrics
from insource.planner.roster import make_roster
from insource.planner.team import Team, read_team
from insource.planner.week import plan_days
from insource.planner.written import plan_table, roster_table
from insource.report.pool_calendar import calendar, file_name
from insource.report.pool_map import figures, map_page
from insource.report.pool_runs import carer_sheets, person_sheets

MOST_SHOWN = 10
CALENDARS = "calendars"
MovesOption = Annotated[
    int, typer.Option(help="Moves of the search for each day: the same number gives the same plan.", min=1)
]
SeedOption = Annotated[int, typer.Option(help="Of the search.")]
SeedsOption = Annotated[
    int,
    typer.Option(help="So many searches for each day, from that seed on; the cheapest plan is kept.", min=1, max=64),
]
SecondsOption = Annotated[
    float | None,
    typer.Option("--seconds", help="Most seconds for each day; a plan that was cut short says so.", min=0.1),
]


def add(group: typer.Typer) -> None:
    """Put the command into the group."""
    group.command("routes")(routes_)


def routes_(
    folder: TeamArgument,
    day: Annotated[str, typer.Option("--date", help="The day, such as 2026-03-02.")] = EXAMPLE_DAY,
    week: Annotated[bool, typer.Option("--week", help="All seven days of that week, for the same faces.")] = False,
    moves: MovesOption = 20_000,
    seed: SeedOption = 1,
    seeds: SeedsOption = 1,
    seconds: SecondsOption = None,
    out_folder: PoolOutOption = None,
) -> None:
    """Plan the rounds of a day, or of a week; every visit that nobody can make is listed with the reason."""
    team = read_team(folder)
    problems_told(team)
    first = monday_of(day) if week else day_of(day)
    days = [first + timedelta(days=number) for number in range(7 if week else 1)]
    roster, is_made = roster_for(team, days)
    with progress("Rounds") as tell:
        made = plan_days(team, roster, days, seed, moves, most_seconds=seconds, tell=tell, seeds=seeds)
    told(team, made)
    if any(one.plan.was_stopped for one in made):
        err("The search was cut short: the plan is complete, but a repeat need not give the same one.")
    if out_folder is not None:
        make_folder(out_folder)
        make_folder(out_folder / CALENDARS)
        writers = plan_writers(out_folder, team, made)
        if is_made:
            writers |= table_writers(out_folder, {"roster": roster_table(roster)})
        write_together(writers)
        for name in ("plan.csv", "unserved.csv", "paid_time.csv", "run_sheets.html", "people.html", "map.html"):
            out(f"Written: {out_folder / name}")
        out(f"Written: {out_folder / CALENDARS}: {number_of(len(list_carers(made)), 'calendar')}")


def roster_for(team: Team, days: Sequence[date]) -> tuple[pl.DataFrame, bool]:
    """The team's roster if it has one for these days, else one made for their week; and whether it was made."""
    if team.roster.filter(pl.col("date").is_in(list(days))).height:
        return team.roster, False
    err("There is no roster.csv for these days: a roster is made first (insource pool roster shows it).")
    monday = days[0] - timedelta(days=days[0].weekday())
    return make_roster(team, rostered(demand(team, monday), team.rules["busy_share"])).frame, True


def told(team: Team, made: Sequence[Planned]) -> None:
    """The main figures, and who is not visited."""
    found = metrics(made)
    span = f"{made[0].date:%d/%m/%Y}" + (f" to {made[-1].date:%d/%m/%Y}" if len(made) > 1 else "")
    out(f"Rounds of team {team.name}, {span}")
    for label, value in figures(found):
        out(f"- {label}: {value}")
    lost = [(one.date, row) for one in made for row in one.unserved.iter_rows(named=True)]
    if lost:
        rows = [
            (f"{day:%a %d/%m}", row["visit"], row["said"], row["nearest"] or REMEDIES[row["reason"]])
            for day, row in lost[:MOST_SHOWN]
        ]
        table(
            ("day", "visit", "why nobody comes", "what can be done"),
            rows,
            f"{number_of(len(lost), 'visit')} that nobody makes",
        )
        if len(lost) > MOST_SHOWN:
            out(f"... and {len(lost) - MOST_SHOWN:,} more: --out DIR writes every one")
    locks = [(one.date, row) for one in made for row in one.locked.iter_rows(named=True)]
    if locks:
        told_of = [(f"{day:%a %d/%m}", row["carer"], row["said"]) for day, row in locks[:MOST_SHOWN]]
        table(("day", "carer", "what a lock stands in the way of"), told_of, "Locked visits to look at")
        if len(locks) > MOST_SHOWN:
            out(f"... and {len(locks) - MOST_SHOWN:,} more: the run sheets tell each")
    if team.left_out.height:
        out(f"{number_of(team.left_out.height, 'visit')} more cannot be planned: where the person lives is not known.")


def plan_writers(folder: Path, team: Team, made: Sequence[Planned]) -> dict[Path, Callable[[Path], object]]:
    """What writes the plan's files."""
    visits = pl.concat([one.visits for one in made]).sort("date", "carer", "start")
    unserved = pl.concat([one.unserved.with_columns(pl.lit(one.date).alias("date")) for one in made])
    shifts = pl.concat([one.shifts for one in made])
    minutes = ("contact", "travel", "wait", "gap", "pause", "home")
    ledger = shifts.select(
        "date", "carer", "on_from", "on_to", "mode", "visits", *(pl.col(one).round(1) for one in minutes)
    )
    pages = {
        "run_sheets.html": carer_sheets(team, made),
        "people.html": person_sheets(team, made),
        "map.html": map_page(team, made),
    }
    taken: set[str] = set()
    pages |= {f"{CALENDARS}/{file_name(carer, taken)}": calendar(carer, made) for carer in list_carers(made)}
    frames = {
        "plan": plan_table(visits),
        "unserved": unserved.select("date", "visit", "priority", "reason", "said", "nearest"),
        "paid_time": ledger,
    }
    if len(made) >= PERIODS[0]:
        frames["continuity"] = continuity(team, visits_of_days(made)).people

    def writer(text: str) -> Callable[[Path], object]:
        return lambda path: path.write_bytes(text.encode("utf-8"))

    return {**table_writers(folder, frames), **{folder / name: writer(text) for name, text in pages.items()}}


def list_carers(made: Sequence[Planned]) -> list[str]:
    """The carers who have visits."""
    return pl.concat([one.visits for one in made])["carer"].unique().sort().to_list()

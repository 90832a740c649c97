"""Run sheets to print: for each carer where to go when, and for each person who comes when."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from insource.planner.cells import said_minute
from insource.planner.fitting import REMEDIES
from insource.planner.planned import Planned
from insource.planner.team import Team
from insource.report.pool_page import render

LONG_DAY = "%A %d/%m/%Y"
SHORT_WAIT = 5


def carer_sheets(team: Team, days: Sequence[Planned]) -> str:
    """A page with a sheet for every carer who has visits, a carer to a printed page."""
    visits = _with_company(team, days)
    shifts = pl.concat([one.shifts for one in days])
    runs = []
    for (carer,), theirs in visits.sort("carer", "date", "start").group_by("carer", maintain_order=True):
        listed = []
        for (day,), rows in theirs.group_by("date", maintain_order=True):
            mine = shifts.filter((pl.col("carer") == carer) & (pl.col("date") == day))
            listed.append(_carer_day(day, rows, mine, _told(days, day, str(carer))))
        runs.append({"name": f"Carer {carer}", "days": listed})
    return _page("Run sheets", "Where each carer goes when.", "Carers", "Who is visited", runs, _lost(days))


def person_sheets(team: Team, days: Sequence[Planned]) -> str:
    """A page with a sheet for every person: who comes when."""
    visits = _with_company(team, days)
    runs = []
    for (person,), theirs in visits.sort("person", "date", "start").group_by("person", maintain_order=True):
        listed = [
            {
                "title": day.strftime(LONG_DAY),
                "lead": f"Carers who come: {rows['carer'].n_unique()}. Visits of a carer: {rows.height}.",
                "rows": [
                    _row(one, f"Carer {one['carer']}", "first time here" if one["is_new_face"] else "")
                    for one in rows.iter_rows(named=True)
                ],
            }
            for (day,), rows in theirs.group_by("date", maintain_order=True)
        ]
        runs.append({"name": f"Person {person}", "days": listed})
    lead = "Who comes to each person, and when. A time is when the carer means to begin."
    return _page("Who is coming", lead, "People", "Who comes", runs, _lost(days))


def _told(days: Sequence[Planned], day: date, carer: str) -> list[str]:
    """What locked visits of a carer stand in the way of, as sentences."""
    locked = [one.locked.filter(pl.col("carer") == carer)["said"] for one in days if one.date == day]
    return [f"{said[0].upper()}{said[1:]}." for frame in locked for said in frame]


def _carer_day(day: date, rows: pl.DataFrame, shifts: pl.DataFrame, told: list[str]) -> dict[str, Any]:
    on_duty = ", ".join(
        f"{said_minute(start)} to {said_minute(end)}"
        for start, end in shifts.sort("on_from").select("on_from", "on_to").iter_rows()
    )
    total = {name: float(shifts[name].sum()) for name in ("contact", "travel", "home", "wait", "gap")}
    pauses = [said_minute(one) for one in shifts["break_start"].fill_nan(None).drop_nulls()]
    lead = (
        f"On duty {on_duty}. Visits: {rows.height}, {total['contact']:.0f} minutes of care, "
        f"{total['travel'] + total['home']:.0f} on the road, {total['wait'] + total['gap']:.0f} of gaps."
    )
    lead += f" Break at {' and '.join(pauses)}." if pauses else ""
    lead = " ".join([lead, *told])
    listed = [_row(one, f"Person {one['person']}", "") for one in rows.iter_rows(named=True)]
    return {"title": day.strftime(LONG_DAY), "lead": lead, "rows": listed}


def _row(one: dict[str, Any], who: str, note: str) -> dict[str, str]:
    what = [one["visit"]]
    what += [", ".join(one["skills"])] if one["skills"] else []
    what += [f"together with {one['company']}"] if one["company"] else []
    if (come := len(one["all_carers"])) < one["carers"]:
        what.append(f"asks for {one['carers']:.0f} carers, {come} comes: decide before the day")
    what += [note] if note else []
    way = f"{one['travel']:.0f} min on the way"
    way += f", {one['wait']:.0f} min to spare" if one["wait"] >= SHORT_WAIT else ""
    return {
        "time": f"{said_minute(one['start'])} to {said_minute(one['end'])}",
        "who": who,
        "minutes": f"{one['end'] - one['start']:.0f}",
        "what": "; ".join(what),
        "way": way,
    }


def _with_company(team: Team, days: Sequence[Planned]) -> pl.DataFrame:
    """All visits made, with skills and with whom a carer works there."""
    visits = pl.concat([one.visits for one in days])
    every = visits.group_by("date", "visit").agg(pl.col("carer").alias("all_carers"))
    skills = team.visits.select("visit", "skills")
    joined = visits.join(every, on=["date", "visit"]).join(skills, on="visit", how="left")
    others = pl.col("all_carers").list.set_difference(pl.concat_list("carer")).list.sort().list.join(" and ")
    return joined.with_columns(others.alias("company"))


def _lost(days: Sequence[Planned]) -> list[dict[str, str]]:
    return [
        {
            "day": f"{day.date:%a %d/%m}",
            "visit": one["visit"],
            "priority": f"{one['priority']:g}",
            "said": one["said"],
            "todo": "; or ".join(filter(None, [one["nearest"], REMEDIES[one["reason"]]])),
        }
        for day in days
        for one in day.unserved.iter_rows(named=True)
    ]


def _page(
    title: str, lead: str, whom: str, other: str, runs: list[dict[str, Any]], unserved: list[dict[str, str]]
) -> str:
    return render("pool_runs.html", title=title, lead=lead, whom=whom, other=other, runs=runs, unserved=unserved)

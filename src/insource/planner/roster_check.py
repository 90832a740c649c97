"""Check a roster with code of its own: every rule of working time, what carers can work, cover and price.

Nothing here is shared with the solver but the team: minutes are counted one by one from the rows of the roster.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import polars as pl

from insource.planner.team import Team

BAND = 30
EPSILON = 1e-6


@dataclass(frozen=True)
class Breach:
    """A rule that a roster breaks."""

    code: str
    carer: str
    date: date
    said: str


def check_roster(team: Team, frame: pl.DataFrame, monday: date) -> list[Breach]:
    """Every breach in the roster of the week that begins on `monday`; none if it may be worked."""
    out: list[Breach] = []
    known = {one["carer"]: one for one in team.carers.iter_rows(named=True)}
    for carer, rows in frame.sort("carer", "date", "start").group_by("carer", maintain_order=True):
        name = str(carer[0])
        if name not in known:
            out.append(Breach("stranger", name, monday, "is not one of the team's carers"))
            continue
        out += _of_carer(team, known[name], rows, monday)
    return out


def _of_carer(team: Team, carer: dict[str, object], rows: pl.DataFrame, monday: date) -> list[Breach]:
    name, rules, out = str(carer["carer"]), team.rules, []
    spans = [
        (
            datetime.combine(day, time()) + timedelta(minutes=start),
            datetime.combine(day, time()) + timedelta(minutes=end),
        )
        for day, start, end in rows.select("date", "start", "end").iter_rows()
    ]
    worked = sum((end - start).total_seconds() for start, end in spans) / 3600
    days = {start.date() for start, _ in spans}
    most = rules["most_week_hours_opted_out"] if carer["opted_out"] else rules["most_week_hours"]
    given = carer["most_hours"]
    own = float(str(carer["hours"])) * (1 + rules["above_contract_share"]) if given is None else float(str(given))
    if worked > min(most, own) + EPSILON:
        out.append(Breach("hours", name, monday, f"{worked:.1f} hours, {min(most, own):.1f} allowed"))
    if 7 - len(days) < rules["days_off"]:
        out.append(Breach("days_off", name, monday, f"{7 - len(days)} days off, {rules['days_off']:g} needed"))
    for (start, end), (following, _) in pairwise(spans):
        rest = (following - end).total_seconds() / 60
        if rest < 0:
            out.append(Breach("overlap", name, start.date(), "two shifts at once"))
        elif following.date() != start.date() and rest < rules["rest_minutes"]:
            out.append(Breach("rest", name, start.date(), f"{rest / 60:.1f} hours of rest"))
    for start, end in spans:
        midnight = datetime.combine(start.date(), time())
        first, last = carer["first_minute"], carer["last_minute"]
        is_day = int(str(carer["days"])) & (1 << start.weekday())
        is_early = first is not None and start < midnight + timedelta(minutes=int(str(first)))
        is_late = last is not None and end > midnight + timedelta(minutes=int(str(last)))
        if not is_day or is_early or is_late or (carer["weekends"] == "never" and start.weekday() >= 5):
            out.append(Breach("availability", name, start.date(), "at a time that the carer cannot work"))
        absent = team.events.filter((pl.col("event") == "carer away") & (pl.col("carer") == name))
        for gone, back in absent.select("date", "last_date").iter_rows():
            if gone <= start.date() <= (back or gone):
                out.append(Breach("away", name, start.date(), "on duty while away"))
    for day in days:
        today = [one for one in spans if one[0].date() == day]
        if len(today) > 2 or (len(today) == 2 and not carer["split"]):
            out.append(Breach("split", name, day, "a split shift, which the carer does not take"))
    return out


def short_hours(frame: pl.DataFrame, wanted: list[list[float]], monday: date) -> float:
    """Hours in which fewer are on duty than wanted, counted minute by minute."""
    lacking = 0.0
    for number, bands in enumerate(wanted):
        today = frame.filter(pl.col("date") == monday + timedelta(days=number))
        spans = list(today.select("start", "end").iter_rows())
        for band, need in enumerate(bands):
            minutes = range(band * BAND, (band + 1) * BAND)
            duty = sum(sum(start <= minute < end for start, end in spans) for minute in minutes) / BAND
            lacking += max(need - duty, 0.0) * BAND / 60
    return lacking

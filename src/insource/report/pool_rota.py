"""The rota of a week to print: a row for each carer, and whether there are carers when care is asked for."""

from datetime import timedelta

import altair as alt
import polars as pl

from insource.planner.cells import said_minute
from insource.planner.demand import BAND_MINUTES, BANDS
from insource.planner.formats import DAYS_A_WEEK
from insource.planner.roster import Roster
from insource.planner.team import Team
from insource.report.charts import picture
from insource.report.pool_page import render

FIRST_BAND = 12
DAY_FORMAT = "%a %d/%m"
MINUTES_AN_HOUR, HOURS_A_DAY = 60, 24


def rota_page(team: Team, made: Roster) -> str:
    """The page as text."""
    days = [made.monday + timedelta(days=day) for day in range(DAYS_A_WEEK)]
    spans: dict[tuple[str, int], list[str]] = {}
    hours: dict[str, float] = {}
    for day, carer, start, end in made.frame.select("date", "carer", "start", "end").iter_rows():
        spans.setdefault((carer, (day - made.monday).days), []).append(f"{said_minute(start)}-{said_minute(end)}")
        hours[carer] = hours.get(carer, 0.0) + (end - start) / MINUTES_AN_HOUR
    rows = [
        {
            "carer": carer,
            "cells": ["\n".join(spans.get((carer, day), [])) for day in range(DAYS_A_WEEK)],
            "hours": f"{hours.get(carer, 0.0):.1f}",
            "contract": f"{contract:g}",
        }
        for carer, contract in team.carers.select("carer", "hours").iter_rows()
    ]
    wide, narrow = picture(
        _chart(made),
        "Carers on duty and carers wanted for each half hour of the seven days.",
    )
    lacking = f"{made.short_hours:,.1f}"
    return render(
        "pool_rota.html",
        title=f"Rota for the week from {made.monday:%d/%m/%Y}",
        lead=f"Team {team.name}: shifts of {len(rows):,} carers. Times are on duty; visits are in the run sheets.",
        figures=[
            ("hours on duty", f"{sum(hours.values()):,.0f}"),
            ("hours in contracts", f"{float(team.carers['hours'].sum()):,.0f}"),
            ("hours that lack", lacking),
            ("hours beyond what is wanted then", f"{made.spare_hours:,.0f}"),
        ],
        days=[day.strftime(DAY_FORMAT) for day in days],
        rows=rows,
        wide=wide,
        narrow=narrow,
    )


def _chart(made: Roster) -> alt.LayerChart:
    shown = [(day, band) for day in range(DAYS_A_WEEK) for band in range(FIRST_BAND, BANDS)]
    frame = pl.DataFrame(
        {
            "hour": [band * BAND_MINUTES / MINUTES_AN_HOUR + day * HOURS_A_DAY for day, band in shown],
            "wanted": [float(made.wanted[one]) for one in shown],
            "duty": [float(made.cover[one]) for one in shown],
        }
    )
    marks = [24 * day + hour for day in range(DAYS_A_WEEK) for hour in (8, 18)]
    names = (
        "['Mon','Tue','Wed','Thu','Fri','Sat','Sun'][floor(datum.value / 24)] + (datum.value % 24 < 12 ? ' 8' : ' 18')"
    )
    base = alt.Chart(frame, height=260).encode(
        x=alt.X(
            "hour:Q", title="Day and hour", axis=alt.Axis(values=marks, labelExpr=names, grid=False, labelOverlap=True)
        )
    )
    duty = base.mark_area(color="#b7cfe0", interpolate="step-after").encode(y=alt.Y("duty:Q", title="Carers"))
    wanted = base.mark_line(color="#8a2d0b", interpolate="step-after", strokeWidth=1.5).encode(y="wanted:Q")
    return duty + wanted

"""Continuity as a result: who comes how often, over 7, 14 and 28 days."""

import altair as alt
import numpy as np
import polars as pl

from insource.desk.result import Chart, Column, Result, Sheet
from insource.planner.continuity import SWEDISH_DAYS, SWEDISH_VISITS_A_DAY, Continuity
from insource.planner.team import Team
from insource.units import SMALLEST_SHOWN

BANDS = {"1-5": 1, "6-10": 6, "11-15": 11, "16-20": 16, "21-30": 21, "31+": 31}
"""How many different carers: bands, by the least of each."""


def continuity_result(team: Team, found: Continuity, source: str) -> Result:
    """Main figures, how many people see how many carers, and (inside the council only) each person's row."""
    return _result(team, found, source, _told(found, 0), _told(found, SMALLEST_SHOWN))


def _told(found: Continuity, fewest: int) -> tuple[str, ...]:
    """The main figures of what is about so many people at least."""
    told = [
        f"In {row['days']} days up to {row['last']:%d/%m/%Y} a person saw {row['carers_mean']:.1f} different carers on "
        f"average, and {100 * row['main_share']:.0f}% of visits were by the one who came most."
        for row in found.periods.iter_rows(named=True)
        if row["people"] >= fewest
    ]
    swedish = f"The Swedish measure needs {SWEDISH_DAYS} days and people with {SWEDISH_VISITS_A_DAY:.0f} visits a day."
    if found.swedish_carers is not None:
        swedish = (
            f"The Swedish measure: {found.swedish_carers:.1f} different carers in {SWEDISH_DAYS} days, of people with "
            f"{SWEDISH_VISITS_A_DAY:.0f} visits a day or more."
        )
        if found.swedish_people < fewest:
            swedish = f"The Swedish measure is withheld: it is about fewer than {SMALLEST_SHOWN} people."
    return (*told, swedish)


def _result(team: Team, found: Continuity, source: str, summary: tuple[str, ...], published: tuple[str, ...]) -> Result:
    return Result(
        tool="pool_continuity",
        title=f"Continuity: team {team.name}",
        question="How many different carers come to a person, and how often is it the same one?",
        summary=summary,
        published_summary=published,
        sheets=(_periods(found), _counted(found), _people(found)),
        charts=tuple(_chart(days) for days in found.periods["days"]),
        method=(
            f"Counted from the {source}: each visit of a carer counts, two carers at one visit count as two.",
            "Main carer: who came most. New face: not among the usual carers, and not there before the period.",
            f"The Swedish measure: different carers in {SWEDISH_DAYS} days, mean of people with "
            f"{SWEDISH_VISITS_A_DAY:.0f} visits a day or more over these days.",
        ),
        exclusions=("People whose stay in hospital makes few visits look like continuity are not taken out.",),
        assumptions=("Days without a visit in the file had none.",),
    )


def _periods(found: Continuity) -> Sheet:
    columns = {
        "days": Column("Days"),
        "first": Column("From", "", "date"),
        "last": Column("To", "", "date"),
        "people": Column("People visited", "", "count", is_count_of_people=True),
        "carers_mean": Column("Different carers of a person, mean", "", "number"),
        "carers_90": Column("Nine in ten people see no more than", "", "number"),
        "main_share": Column("Visits by the main carer", "", "share"),
        "people_new": Column("People with a new face", "", "count", is_count_of_people=True),
        "people_told": Column("People of whom that is known", "", "count", is_count_of_people=True),
    }
    return Sheet("periods", "Continuity by period", found.periods.with_columns(_text("days")), columns)


def _counted(found: Continuity) -> Sheet:
    band = np.searchsorted(list(BANDS.values()), found.people["carers"].to_numpy(), side="right") - 1
    people = found.people.select("days", pl.Series("carers", np.array(list(BANDS))[np.maximum(band, 0)]))
    counted = people.group_by("days", "carers").agg(pl.len().alias("people"))
    order = pl.col("carers").replace_strict(BANDS, return_dtype=pl.Int32)
    columns = {
        "days": Column("Days"),
        "carers": Column("Different carers"),
        "people": Column("People", "", "count", is_count_of_people=True),
    }
    frame = counted.sort("days", order).with_columns(_text("days"))
    return Sheet("carers", "How many different carers people see", frame, columns, blocks=("days",))


def _text(name: str) -> pl.Expr:
    """A number as a word, which is not rounded when counts of people are."""
    return pl.col(name).cast(pl.String)


def _people(found: Continuity) -> Sheet:
    columns = {
        "days": Column("Days"),
        "person": Column("Person", is_personal=True),
        "visits": Column("Visits", "", "count"),
        "visits_a_day": Column("Visits a day", "", "number"),
        "carers": Column("Different carers", "", "count"),
        "main_carer": Column("Main carer"),
        "main_share": Column("Visits by the main carer", "", "share"),
        "new_faces": Column("New faces", "", "count"),
        "is_swedish_text": Column("In the Swedish measure"),
    }
    said = pl.when("is_swedish").then(pl.lit("yes")).otherwise(pl.lit("no")).alias("is_swedish_text")
    frame = found.people.with_columns(said, pl.col("days").cast(pl.Float64))
    return Sheet(
        "people", "Each person", frame.sort(["days", "carers", "person"], descending=[False, True, False]), columns
    )


def _chart(days: int) -> Chart:
    def draw(frame: pl.DataFrame) -> alt.Chart:
        known = frame.filter((pl.col("days") == str(days)) & pl.col("people").is_not_null())
        return (
            alt.Chart(known, height=220)
            .mark_bar(color="#14507a")
            .encode(
                x=alt.X(
                    "carers:O", title="Different carers of a person", sort=list(BANDS), axis=alt.Axis(labelAngle=0)
                ),
                y=alt.Y("people:Q", title="People", axis=alt.Axis(tickMinStep=1, format="d")),
            )
        )

    return Chart(
        f"How many different carers people see in {days} days",
        draw,
        "",
        f"Bars: people by the number of different carers who come to them in {days} days.",
        sheet="carers",
    )

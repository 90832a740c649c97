"""Tables, a picture and sentences on who gains and who loses: see appraise/groups.py."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np
import polars as pl

from insource.appraise.groups import FELT
from insource.desk.result import Chart, Column, Sheet
from insource.units import MICRO, MINUTES_AN_HOUR, PENCE_A_POUND, SMALLEST_SHOWN, WEEKS_A_YEAR

Titles = Mapping[str, str]
"""Delivery models by name, the first first."""
LOW, HIGH = 0.05, 0.95
GROUPED = "everybody"


def group_sheets(gathered: pl.DataFrame, titles: Titles, years: int) -> tuple[Sheet, ...]:
    """Groups of people, the same people in both worlds, and care workers."""
    draws = gathered["draw"].n_unique()
    return (
        _people(gathered, titles, years, draws),
        _pairs(gathered, titles, draws),
        _staff(gathered, titles, years, draws),
    )


def _cube(gathered: pl.DataFrame, table: str) -> dict[tuple[str, str], dict[str, dict[str, np.ndarray]]]:
    """By (grouping, group), model and measure: amounts, shape (draws,)."""
    found: dict[tuple[str, str], dict[str, dict[str, np.ndarray]]] = {}
    rows = gathered.filter(pl.col("table") == table)
    keys = ("grouping", "group", "model", "measure")
    for key, part in rows.group_by(*keys, maintain_order=True):
        way, group, model, measure = (str(one) for one in key)
        amounts = part.sort("draw")["amount"].to_numpy()
        found.setdefault((way, group), {}).setdefault(model, {})[measure] = amounts
    return found


def _spread(name: str, values: np.ndarray) -> dict[str, float | None]:
    """Mean and range of a difference over the draws in which it is known."""
    known = values[np.isfinite(values)]
    if not len(known):
        return dict.fromkeys((name, f"{name}_low", f"{name}_high"))
    low, high = (float(end) for end in np.quantile(known, (LOW, HIGH)))
    return {name: float(known.mean()), f"{name}_low": low, f"{name}_high": high}


def _mean(values: np.ndarray) -> float | None:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else None


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    return np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)


def _rates(amounts: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What a group gets for each person who is there."""
    weeks = amounts["people_here"]
    hours = {name: _ratio(amounts[f"{name}_minutes"] / MINUTES_AN_HOUR, weeks) for name in ("unmet", "used")}
    life = _ratio(amounts["quality_of_life"] * WEEKS_A_YEAR / MICRO, weeks)
    return {"life": life, "total": amounts["quality_of_life"] / MICRO, **hours}


def _people(gathered: pl.DataFrame, titles: Titles, years: int, draws: int) -> Sheet:
    first, *rest = titles
    rows: list[dict[str, Any]] = []
    for (way, group), models in _cube(gathered, "people").items():
        before = _rates(models[first])
        for model in rest:
            after = _rates(models[model])
            weeks = (models[one]["people_here"] / (years * WEEKS_A_YEAR) for one in (first, model))
            now, then = (round(float(one.mean())) for one in weeks)
            if now + then == 0:
                continue
            row = {"way": way, "group": group, "model": titles[model], "people": now, "people_then": then}
            row |= {"life_before": _mean(before["life"]), **_spread("life", after["life"] - before["life"])}
            row |= _spread("total", after["total"] - before["total"])
            row |= {"unmet_before": _mean(before["unmet"]), **_spread("unmet", after["unmet"] - before["unmet"])}
            row |= {"used_before": _mean(before["used"]), **_spread("used", after["used"] - before["used"])}
            rows.append(row)
    columns = {
        "way": Column("Grouped by"),
        "group": Column("Group"),
        "model": Column("Model"),
        "people": Column("People at a time, first model", "mean", "count", is_count_of_people=True),
        "people_then": Column("People at a time, this model", "mean", "count", is_count_of_people=True),
        "life_before": Column("Quality of life, first model", "1 = ideal", "number"),
        **_range_of("life", "Quality of life: difference", "a person", "number"),
        **_range_of("total", "SC-QALYs: difference", f"all {years} years", "number"),
        "unmet_before": Column("Unmet need, first model", "hours a week and person", "number"),
        **_range_of("unmet", "Unmet need: difference", "hours a week and person", "number"),
        "used_before": Column("Care that met a need, first model", "hours a week and person", "number"),
        **_range_of("used", "Care that met a need: difference", "hours a week and person", "number"),
    }
    note = (
        f"Totals over the {years} years of the comparison (not the state at their end), not discounted, from {draws} "
        "draws; they add up to the books. Groups are by what people were before the run (newcomers: whom they are "
        "like); 'setting in the week' is where they were cared for, which a model changes."
    )
    return Sheet("who gains", "Who gains and who loses", _frame(rows, columns), columns, note, blocks=("way", "model"))


def _range_of(name: str, label: str, unit: str, kind: Any) -> dict[str, Column]:
    return {
        name: Column(f"{label} (mean)", unit, kind),
        f"{name}_low": Column(f"{label}: low end", "5% of draws below", kind),
        f"{name}_high": Column(f"{label}: high end", "5% of draws above", kind),
    }


def _frame(rows: list[dict[str, Any]], columns: Mapping[str, Column]) -> pl.DataFrame:
    types = {"text": pl.String, "count": pl.Int64}
    return pl.DataFrame(rows, schema={name: types.get(one.kind, pl.Float64) for name, one in columns.items()})


def _pairs(gathered: pl.DataFrame, titles: Titles, draws: int) -> Sheet:
    rows: list[dict[str, Any]] = []
    for (way, group), models in _cube(gathered, "pairs").items():
        for model, found in models.items():
            people = found["people"]
            if not people.any():
                continue
            row = {"way": way, "group": group, "model": titles[model], "people": round(float(people.mean()))}
            # as a share of those under both it is of fewer people than it is: so it is withheld rather too often
            row["one_only"] = _mean(_ratio(found["one_only"], people + found["one_only"]))
            row |= {name: _mean(_ratio(found[name], people)) for name in ("better", "worse")}
            row |= _spread("life", _ratio(found["quality_of_life"], people))
            row |= _spread("unmet", _ratio(found["unmet_hours"], people))
            row |= _spread("used", _ratio(found["used_hours"], people))
            rows.append(row)
    columns = {
        "way": Column("Grouped by"),
        "group": Column("Group"),
        "model": Column("Model"),
        "people": Column("There under both models", "people", "count", is_count_of_people=True),
        "one_only": Column("There under one of them only", "share of people", "share", share_of="people"),
        "better": Column(f"Better off by {FELT:g} or more", "share of people", "share", share_of="people"),
        "worse": Column(f"Worse off by {FELT:g} or more", "share of people", "share", share_of="people"),
        **_range_of("life", "Quality of life: difference", "a person", "number"),
        **_range_of("unmet", "Unmet need: difference", "hours a week", "number"),
        **_range_of("used", "Care that met a need: difference", "hours a week", "number"),
    }
    note = (
        f"The same people with the same luck under both models, from {draws} draws; each person's mean over the weeks "
        f"they are there. That less than {FELT:g} of the scale of quality of life is not felt is a judgement."
    )
    return Sheet(
        "same people", "The same people in both worlds", _frame(rows, columns), columns, note, blocks=("way", "model")
    )


def _staff(gathered: pl.DataFrame, titles: Titles, years: int, draws: int) -> Sheet:
    rows: list[dict[str, Any]] = []
    for (way, group), models in _cube(gathered, "staff").items():
        for model, found in models.items():
            weeks = found["staff_weeks"]
            staff = round(float(weeks.mean()) / (years * WEEKS_A_YEAR))
            if staff == 0:
                continue
            pay, tenure = _ratio(found["pay_pence"] / PENCE_A_POUND, weeks), _ratio(found["tenure_weeks"], weeks)
            row = {"way": f"{way} of care workers", "group": group, "model": titles[model], "staff": staff}
            row |= _spread("pay", pay) | _spread("tenure", tenure / WEEKS_A_YEAR)
            row["first_year"] = _mean(_ratio(found["first_year_weeks"], weeks))
            row["leavers"] = _mean(_ratio(found["quits"] * WEEKS_A_YEAR, weeks))
            rows.append(row)
    columns = {
        "way": Column("Grouped by"),
        "group": Column("Group"),
        "model": Column("Model"),
        "staff": Column("Care workers at a time", "mean", "count", is_count_of_people=True),
        **_range_of("pay", "Pay for an hour", "pounds", "number"),
        **_range_of("tenure", "Time in the post so far", "years", "number"),
        "first_year": Column("In their first year", "share of care workers", "share", share_of="staff"),
        "leavers": Column("Leave in a year", "share of care workers", "share", share_of="staff"),
    }
    note = (
        f"Means over the weeks of the {years} years, from {draws} draws. Workers are not the same people under two "
        "models, since employers differ; posts are counted. Leavers of a pay band are those of services that offer it."
    )
    return Sheet(
        "care workers",
        "Care workers by employer, pay and area",
        _frame(rows, columns),
        columns,
        note,
        blocks=("way", "model"),
    )


GROUP_PICTURE = (
    "Each mark is the mean over draws, the line holds nine draws of ten; right of the dashed line a group gains."
)


def group_chart(title: str) -> Chart:
    """Difference in quality of life by group for one model, with ranges."""

    def draw(frame: pl.DataFrame) -> alt.LayerChart:
        return group_picture(frame, title)

    return Chart(f"Who gains and who loses: {title}", draw, GROUP_PICTURE, GROUP_PICTURE, "who gains")


def group_picture(frame: pl.DataFrame, title: str) -> alt.LayerChart:
    """The same drawn from the rows of the sheet 'who gains', all of them or those that may be published."""
    shown = frame.filter((pl.col("model") == title) & pl.col("life").is_not_null())
    rows = shown.with_columns(pl.col("group").str.split(": ").list.last().alias("who"))
    rows = rows.select("who", "life", "life_low", "life_high")
    axis = alt.Y("who:N", sort=rows["who"].to_list(), title="", axis=alt.Axis(labelLimit=150))
    data = alt.Data(values=rows.to_dicts())
    what = "Quality of life gained (1 = ideal)"
    bars = (
        alt.Chart(data)
        .mark_rule(size=3, color="#9aa7b1")
        .encode(x=alt.X("life_low:Q", title=what), x2="life_high:Q", y=axis)
    )
    points = alt.Chart(data).mark_point(filled=True, size=60).encode(x="life:Q", y=axis)
    zero = alt.Chart(alt.Data(values=[{"zero": 0}])).mark_rule(color="#888", strokeDash=[2, 2]).encode(x="zero:Q")
    layers: alt.LayerChart = alt.layer(bars, points, zero)  # type: ignore[assignment]
    return layers


def group_sentences(sheets: tuple[Sheet, ...], titles: Titles, is_published: bool = False) -> list[str]:
    """For each model how many of the same people fare better or worse, and which groups gain most and least.

    Shares are those of the sheets: of published ones as they are published. For publication no group is named: it could
    be one that has to be withheld.
    """
    people, same = sheets[0].frame, sheets[1].frame
    first, *rest = titles.values()
    said = []
    for title in rest:
        everybody = same.filter((pl.col("model") == title) & (pl.col("way") == GROUPED))
        groups = people.filter(
            (pl.col("model") == title)
            & ~pl.col("way").is_in([GROUPED, "setting in the week"])
            & (pl.min_horizontal("people", "people_then") >= SMALLEST_SHOWN)
            & pl.col("life").is_not_null()
        ).sort("life", descending=True)
        if not everybody["people"].is_not_null().any() or groups.height < 2:
            continue
        better, worse = (_told_share(everybody[name][0]) for name in ("better", "worse"))
        most, least = (groups.row(number, named=True) for number in (0, -1))
        ends = [f"'{row['group']}' ({row['way']}; {row['life']:+.3f} of the scale)" for row in (most, least)]
        by_group = "" if is_published else f" By group it does most for {ends[0]} and least for {ends[1]}."
        said.append(
            f"Of the people there under both, {better} have a better quality of life with '{title}' than with "
            f"'{first}' and {worse} a worse one (by {FELT:g} or more).{by_group}"
        )
    return said


def _told_share(share: float | None) -> str:
    return "a share that is withheld" if share is None else f"{share:.0%}"

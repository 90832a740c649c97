"""What the workforce tool has found, each with its code, people, pounds and rows."""

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from insource.desk.counts import few, total
from insource.desk.result import Finding
from insource.desk.workforce.next_year import Outlook
from insource.desk.workforce.pay import YARDSTICKS
from insource.records.workforce_files import Workforce
from insource.units import people_shown

PAY_CODES = {
    "floor": "workforce_below_floor",
    "living_wage": "workforce_below_living_wage",
    "council_scale": "workforce_below_council_scale",
    "travel": "workforce_travel_unpaid",
}
WHAT = {**YARDSTICKS, "travel": "the National Living Wage over visits and travel"}
CONFIDENCE = {
    "floor": "medium: workers under 21 may be paid less, and records may be out of date",
    "living_wage": "high: as recorded; the real living wage is voluntary",
    "council_scale": "high: as recorded; experience and duties are not compared",
    "travel": "low: travel is assumed, not recorded",
}
DERIVED = "; some pay for an hour is worked out from a salary and contract hours"


def of_pay(gaps: pl.DataFrame) -> Iterator[Finding]:
    """One finding for each yardstick and workplace with people paid less."""
    for (yardstick, _), part in gaps.group_by("yardstick", "workplace", maintain_order=True):
        first = part.row(0, named=True)
        name = str(yardstick)
        mean, people = total(part, "gap_pounds") / part.height, part.height
        unknown = part["pounds"].null_count()
        reason = (
            f"{people} paid less than {WHAT[name]} of £{first['aim_pounds']:.2f}, by £{mean:.2f} an hour on average"
        )
        if name == "travel":
            reason = (
                f"travel is not paid, so that £{first['aim_pounds']:.2f} for visits would be needed to come to the "
                f"floor; {people} are paid less"
            )
        reason += f"; hours of {unknown} are not known and not costed" if unknown else ""
        yield Finding(
            PAY_CODES[name],
            first["workplace_name"] or first["workplace"],
            reason,
            pounds=round(total(part, "pounds"), 2) if unknown < people else None,
            people=people,
            confidence=CONFIDENCE[name] + (DERIVED if part["is_pay_derived"].any() else ""),
            rows=tuple(f"{file}:{row}" for file, row in part.select("file", "row").iter_rows()),
        )


def of_turnover(places: pl.DataFrame, rates: pl.DataFrame, values: Mapping[str, float]) -> Iterator[Finding]:
    """Workplaces whose turnover is above the national rate by more than chance would explain."""
    usual = values["turnover_rate"]
    for row in rates.iter_rows(named=True):
        if row["turnover_low"] is None or row["turnover_low"] <= usual:
            continue
        above = row["leavers"] - usual * row["staff"]
        yield Finding(
            "workforce_high_turnover",
            row["workplace_name"],
            f"{row['leavers']:.0f} left of {row['staff']:.0f} in twelve months: {row['turnover']:.0%}, at least "
            f"{row['turnover_low']:.0%} allowing for chance, against {usual:.0%} usually",
            pounds=round(above * values["leaver_cost_pounds"], 2),
            people=round(row["leavers"]),
            confidence="medium: one year's count; why they left is not in the files",
        )


def of_next_year(outlooks: Sequence[Outlook], values: Mapping[str, float]) -> Iterator[Finding]:
    """Expected leavers and empty posts of each kind of employer."""
    for one in outlooks:
        subject = f"{one.group} employers" if one.group != "all" else "all employers in the files"
        yield Finding(
            "workforce_expected_leavers",
            subject,
            f"{one.leavers:.1f} leavers to be expected next year of {one.staff:.0f} staff, {one.leavers_low} to "
            f"{one.leavers_high}",
            pounds=round(one.leavers * values["leaver_cost_pounds"], 2),
            people=round(one.leavers),
            confidence=_sure(values),
        )
        yield Finding(
            "workforce_empty_posts",
            subject,
            f"{one.empty:.1f} posts of {one.posts:.0f} to be expected empty in a year, {one.empty_low} to "
            f"{one.empty_high}; {one.empty_now:.0f} are empty now",
            people=few(one.staff),
            confidence=_sure(values),
        )


def _sure(values: Mapping[str, float]) -> str:
    return f"limits hold in {values['sure_share']:.0%} of years like those behind the rates"


def of_sickness(rates: pl.DataFrame, values: Mapping[str, float]) -> Iterator[Finding]:
    """Posts away sick at any time, by kind of employer: whoever employs, they are posts that give no care."""
    for row in rates.iter_rows(named=True):
        if row["mean_sick_days"] is None:
            continue
        posts = row["mean_sick_days"] / values["working_days"] * row["staff"]
        yield Finding(
            "workforce_sickness",
            f"{row['sector']} employers",
            f"{row['mean_sick_days']:.1f} days off sick a worker and year: {posts:.1f} posts of {row['staff']:.0f} are "
            "away at any time; who is paid while ill also differs between employers",
            people=round(row["staff"]),
            confidence="medium: days not recorded, and people at work while ill, make it too low",
        )


def of_missing_rows(force: Workforce) -> Iterator[Finding]:
    """Workplaces that say they have more staff than there are rows for."""
    rows = force.workers.filter(pl.col("contract").is_in(["permanent", "temporary"])).group_by("workplace").len("rows")
    if force.workers.is_empty():
        return
    said = force.workplaces.join(rows, on="workplace", how="left").with_columns(pl.col("rows").fill_null(0))
    for row in said.filter(pl.col("staff") > pl.col("rows")).iter_rows(named=True):
        yield Finding(
            "workforce_rows_missing",
            row["name"] or row["workplace"],
            f"the workplace has {people_shown(int(row['staff']))} staff and rows for {people_shown(row['rows'])}",
            people=int(row["staff"] - row["rows"]),
            confidence="high: counted",
            rows=(f"{row['file']}:{row['row']}",),
        )

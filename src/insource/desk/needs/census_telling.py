"""Say what was found in the Scottish census: need groups and hours, council and private packages, with caveats."""

from collections.abc import Iterator

import altair as alt
import polars as pl

from insource.desk.drawing import COLOURS
from insource.desk.needs import census, sheets
from insource.desk.needs.census import Explained, Tariff
from insource.desk.needs.groups import Asked
from insource.desk.needs.sectors import Ratio
from insource.desk.result import Chart, Column, Finding, Result, Setting, Sheet, Spec
from insource.units import WEEKS_A_YEAR

FEWEST_WITH_NEED = 50
QUESTION = (
    "How much of people's hours does a need group explain, and do people alike get the same hours from both sectors?"
)
TITLE = "Need groups and hours of home care, Scotland"
CAVEATS = (
    "The ratio is no effect of who delivers. Nobody was put into either sector by lot, and the census has no measure "
    "of need "
    "for most people. Council services are likely to have held more reablement, short visits and new cases.",
    "The ratio has two readings, and the census cannot choose between them: packages that are bought are ordered "
    "larger or "
    "grow, or care is bought for people who need more.",
    "Hours are bands; each stands for its middle, and 'over 50' for 65 hours.",
    "People served by more than one sector are left out of the ratio: they have larger packages.",
    "Personal care is free in Scotland, prices are not in the census, and it is of March 2010: use the figures as a "
    "bound on "
    "what is plausible, not as a forecast for an English council.",
    "The interval over councils is the one to use elsewhere; that over people is only about these councils in that "
    "week.",
    "The need group (IoRN) was recorded by few councils; what it explains there includes what these councils do with "
    "it.",
)
METHOD = (
    "Explained share: least squares of hours (or their logarithm) on the groups; each person is foretold from "
    "everybody else. "
    "95% interval: people redrawn.",
    "Budgets in hours: for each person the mean hours of everybody else in their need group.",
    "Ratio: least squares of the logarithm of hours on the sector, with a constant for each council and each group of "
    "what is "
    "held fixed; people all of whose hours come from one sector. A second way without logarithms: mean hours in cells "
    "of "
    "people alike, weighted by the people of the bought sector in the cell.",
    "95% intervals of the ratio: for these councils (people differ, unequal spread allowed for; White 1980), and for "
    "councils "
    "like them (whole councils redrawn).",
)
RATIO_COLUMNS = {
    "sector": Column("sector against the council's own"),
    "held_fixed": Column("held fixed"),
    "ratio": Column("hours for 1 hour of the council's own", kind="number"),
    "low": Column("95% from, these councils", kind="number"),
    "high": Column("95% to, these councils", kind="number"),
    "low_elsewhere": Column("95% from, councils like them", kind="number"),
    "high_elsewhere": Column("95% to, councils like them", kind="number"),
    "people": Column("people", kind="count", is_count_of_people=True),
    "in_second": Column("people of that sector", kind="count", is_count_of_people=True),
    "councils": Column("councils with both", kind="count"),
}


def result(
    people: pl.DataFrame,
    asked: Asked,
    settings: tuple[Setting, ...],
    exclusions: tuple[str, ...],
    problems: pl.DataFrame,
) -> Result:
    """The result about one census; its inputs are put in by the caller."""
    older = people.filter(pl.col("need_group").is_not_null() & pl.col("age").is_in(census.OLDER))
    has_need = older.height >= FEWEST_WITH_NEED and older["need_group"].n_unique() > 1
    known = census.explained(older, asked) if has_need else []
    tariff = census.tariff(older, asked) if has_need else None
    ratios = {sector: census.ratios(people, sector, asked) for sector in ("private", "voluntary")}
    of_councils = census.councils(people, "private")
    tables = list(_sheets(known, tariff, ratios, of_councils))
    if problems.height:
        tables.append(sheets.problem_sheet(problems))
    notes = [] if has_need else ["Too few people have a need group on file: what it explains was not worked out."]
    summary = (*_summary(people, known, tariff, ratios, of_councils), f"Caveat: {CAVEATS[0]}", f"Caveat: {CAVEATS[1]}")
    return Result(
        tool="needs",
        title=TITLE,
        question=QUESTION,
        summary=summary,
        published_summary=summary,
        findings=tuple(_findings(known, tariff, ratios)),
        sheets=tuple(tables),
        charts=tuple(_charts(tariff, of_councils)),
        settings=settings,
        method=METHOD,
        exclusions=(*exclusions, *notes),
        assumptions=CAVEATS,
        inputs=(),
    )


def main_ratio(ratios: list[Ratio]) -> Ratio | None:
    """The one with council, age, client group and sex held fixed."""
    return next((one for one in ratios if one.held_fixed == "council, age, client group, sex"), None)


def _summary(
    people: pl.DataFrame,
    known: list[Explained],
    tariff: Tariff | None,
    ratios: dict[str, list[Ratio]],
    of_councils: pl.DataFrame,
) -> Iterator[str]:
    yield f"{people.height:,} people with home care in {people['council'].n_unique()} councils."
    if known and tariff:
        of_hours, logged = (
            next(one for one in known if one.hours == hours) for hours in ("hours", "logarithm of hours")
        )
        yield (
            f"For the {of_hours.people:,} people of 65 and over with a need group it explains "
            f"{of_hours.explained_share:.0%} "
            f"of the differences in hours (95%: {of_hours.low:.0%} to {of_hours.high:.0%}), "
            f"{logged.explained_share:.0%} of "
            "those in the logarithm of hours."
        )
        older_councils = (
            tariff.by_group.filter(pl.col("dimension") == "council").height if tariff.by_group.height else 1
        )
        council = next(one for one in known if one.known == "the council" and one.hours == "logarithm of hours")
        more = "more than" if council.explained_share > logged.explained_share else "not more than"
        yield (
            f"Which of the {older_councils} councils somebody lives in explains {council.explained_share:.0%} of the "
            f"logarithm of hours, {more} the need group."
        )
        yield (
            f"A budget of the mean hours of the need group would be off by {tariff.fit.mean_absolute_gap:.1f} hours a "
            "week on "
            f"average (mean package {tariff.fit.mean_cost:.1f}), and by more than a factor of two for "
            f"{tariff.fit.beyond_two_share:.0%} of people."
        )
    for sector, found in ratios.items():
        if one := main_ratio(found):
            yield (
                f"With council, age, client group and sex held fixed people served by the {sector} sector have "
                f"{one.ratio:.2f} times the hours of people served by the council (95%: {one.low:.2f} to "
                f"{one.high:.2f} for "
                f"these {one.councils} councils, {one.low_elsewhere:.2f} to {one.high_elsewhere:.2f} for councils like "
                "them)."
            )
    if of_councils.height:
        above = of_councils.filter(pl.col("ratio") > 1).height
        yield f"Private packages are the longer ones in {above} of {of_councils.height} councils with enough of both."


def _findings(known: list[Explained], tariff: Tariff | None, ratios: dict[str, list[Ratio]]) -> Iterator[Finding]:
    if known and tariff:
        one, year = known[0], tariff.fit.people * WEEKS_A_YEAR
        yield Finding(
            "needs_census_explained",
            "need group (IoRN), people of 65 and over",
            f"it explains {one.explained_share:.1%} of the differences in hours; budgets by need group would leave "
            "this many "
            "hours short, and as many to spare",
            hours=round(tariff.fit.short * year, 1),
            people=one.people,
            confidence=f"95%: {one.low:.1%} to {one.high:.1%}; few councils",
        )
    for sector, found in ratios.items():
        if ratio := main_ratio(found):
            yield Finding(
                "needs_census_sector",
                f"{sector} against the council's own service",
                f"{ratio.ratio:.2f} times the hours of people alike in council, age, client group and sex",
                people=ratio.people,
                confidence=f"95%: {ratio.low_elsewhere:.2f} to {ratio.high_elsewhere:.2f} over councils; not causal",
            )


def _sheets(
    known: list[Explained], tariff: Tariff | None, ratios: dict[str, list[Ratio]], of_councils: pl.DataFrame
) -> Iterator[Sheet]:
    if known and tariff:
        columns = {
            "known": Column("what is known"),
            "hours": Column("of the"),
            "people": Column("people", kind="count", is_count_of_people=True),
            "explained_share": Column("explained share", kind="share"),
            "low": Column("95% from", kind="share"),
            "high": Column("95% to", kind="share"),
            "in_sample": Column("fitted to the same people", kind="share"),
        }
        note = "People of 65 and over with a need group. Each is foretold from everybody else; the last column is not."
        yield Sheet("explained", "What explains hours", pl.DataFrame([vars(one) for one in known]), columns, note)
        columns = {
            "need_group": Column("need group"),
            "people": Column("people", kind="count", is_count_of_people=True),
            "mean_hours": Column("mean", "hours a week", "hours"),
            "quarter": Column("a quarter have at most", "hours a week", "hours"),
            "half": Column("half have at most", "hours a week", "hours"),
            "three": Column("three quarters have at most", "hours a week", "hours"),
        }
        yield Sheet("need_groups", "Hours by need group", tariff.by_need_group, columns, "A needs least, I most.")
        if tariff.by_group.height:
            title = "Who would be short with a budget of the mean hours of the need group"
            yield sheets.group_sheet(tariff.by_group, "hours", "groups", title)
    rows = [{"sector": sector, **vars(one)} for sector, found in ratios.items() for one in found]
    if rows:
        frame = pl.DataFrame(rows, infer_schema_length=None)
        yield Sheet("ratios", "Hours of one sector for an hour of the council's own", frame, RATIO_COLUMNS, CAVEATS[0])
    if of_councils.height:
        columns = {
            "council": Column("council (code)"),
            "in_house_people": Column("people served by the council", kind="count", is_count_of_people=True),
            "private_people": Column("people served by the private sector", kind="count", is_count_of_people=True),
            "ratio": Column("private hours for 1 of the council's", kind="number"),
            "low": Column("95% from", kind="number"),
            "high": Column("95% to", kind="number"),
        }
        note = f"Age, client group and sex held fixed. {CAVEATS[1]}"
        yield Sheet("councils", "Private against council hours, council by council", of_councils, columns, note)


def _charts(tariff: Tariff | None, of_councils: pl.DataFrame) -> Iterator[Chart]:
    if of_councils.height:
        above = of_councils.filter(pl.col("ratio") > 1).height
        title = f"Private packages are longer in {above} of {of_councils.height} councils"
        caption = (
            "Hours of people served by the private sector for 1 hour of people alike served by the council; 95% lines. "
        )
        alt_text = (
            f"A dot with a line for each council, on a scale of ratios; {above} of {of_councils.height} lie above 1."
        )
        yield Chart(title, _council_dots, caption + CAVEATS[0], alt_text, "councils")
    if tariff is not None and tariff.by_group.height:
        chart = sheets.group_chart(tariff.by_group, "groups", "The gap between hours and the mean of the need group")
        if chart:
            yield chart


def _council_dots(frame: pl.DataFrame) -> Spec:
    rows = frame.drop_nulls(["ratio", "low", "high"]).sort("ratio", descending=True)
    data = rows.select("council", "ratio", "low", "high").to_dicts()
    base = alt.Chart(alt.Data(values=data))
    y = alt.Y("council:N", sort=[row["council"] for row in data], title="council (code)")
    scale = alt.Scale(type="log", nice=False)
    axis = alt.Axis(values=[0.25, 0.5, 1, 2, 4, 8])
    title = "private hours for 1 hour of the council's own"
    line = base.mark_rule(color=COLOURS[0], strokeWidth=2, aria=False).encode(
        y=y, x=alt.X("low:Q", scale=scale, axis=axis, title=title), x2="high:Q"
    )
    dot = base.mark_point(color=COLOURS[0], filled=True, size=60, aria=False).encode(
        y=y, x=alt.X("ratio:Q", scale=scale)
    )
    one = alt.Chart(alt.Data(values=[{"x": 1}])).mark_rule(color="#555", strokeDash=[3, 3], aria=False)
    layers = [one.encode(x=alt.X("x:Q", scale=scale)), line, dot]
    return alt.LayerChart(layer=layers, height=max(len(data), 1) * 20 + 40)

"""Say what was found about budgets and the cost of plans: sentences, findings, tables, pictures."""

from collections.abc import Iterator

import polars as pl

from insource.desk.needs import sheets
from insource.desk.needs.budgets import BANDS, FACTS_ONLY, OWN, POINTS, Compared
from insource.desk.needs.groups import Asked
from insource.desk.result import Chart, Finding, Result, Setting, Sheet
from insource.units import SMALLEST_SHOWN, WEEKS_A_YEAR

QUESTION = "Do budgets match what it costs to meet people's needs, and for whom do they not?"
TITLE = "Budgets and the cost of meeting needs"
NAMES_OF_WAYS = {
    POINTS: "a straight line through the points, fitted to these costs",
    BANDS: "each band gets the mean cost of its people",
    FACTS_ONLY: "the mean cost of people alike in reason, age and unpaid carer",
}
WHAT_THE_BUDGETS_ARE = {
    OWN: "the indicative budgets on file",
    POINTS: "budgets that the points would give, if they were set to add up to these costs",
    BANDS: "budgets that the bands would give, if each band got its mean cost",
    FACTS_ONLY: "what reason, age and unpaid carer in the return foretell (it holds neither budgets nor points)",
}
METHOD = (
    "A budget is set beside the cost of the plan of the same person; both are gross, a week. Gap = cost - budget.",
    "Explained share = 1 - sum of squared gaps / sum of squared differences of costs from their mean. It may be less "
    "than "
    "nothing: then the same budget for everybody would foretell better. 'Put right' is the squared correlation: what "
    "is "
    "left once the budgets are stretched and moved as well as a straight line can.",
    "Where budgets are foretold from points, bands or facts, each person's is foretold from everybody else only.",
    "95% intervals: the caseload is redrawn from itself, person by person.",
    "A group stands out if it differs from everybody else by more than luck explains in 19 of 20 caseloads, allowing "
    "for "
    "the number of groups looked at (Bonferroni). The difference is also given with everything else in the table held "
    "fixed.",
    "Rules used: rules/allocation.py (spread left by a score, uplift that loses least, sharing) and "
    "rules/information.py "
    "(two assessments together).",
)
ASSUMPTIONS = (
    "The cost of the plan stands for the cost of meeting the needs. That is weaker than it sounds: a plan may have "
    "been cut "
    "to fit the budget (then budgets look better than they are), may hold hours nobody needs any more (then they look "
    "worse), and leaves out what unpaid carers do.",
    "Budgets are taken as what people would get. Where indicative budgets are corrected before they bind, the gap is "
    "work "
    "for the social worker and not money the person is short of.",
    "None of this says who should deliver care: an in-house team allots hours from the same assessments.",
)


def result(
    compared: Compared,
    asked: Asked,
    circular: float,
    settings: tuple[Setting, ...],
    exclusions: tuple[str, ...],
    problems: pl.DataFrame,
) -> Result:
    """The result about one caseload; the caller puts in its inputs. `circular`: see the setting circular_share."""
    ways = compared.ways.with_columns(pl.col("way").replace(NAMES_OF_WAYS))
    told = Compared(**{**vars(compared), "ways": ways})
    more = [f"{count:,} people were left out: {why}." for why, count in compared.beyond]
    tables: list[Sheet] = []
    if compared.by_group.height:
        tables.append(sheets.group_sheet(compared.by_group, compared.unit))
    tables += [sheets.cost_sheet(told), sheets.ways_sheet(told), sheets.people_sheet(told)]
    if problems.height:
        tables.append(sheets.problem_sheet(problems))
    return Result(
        tool="needs",
        title=TITLE,
        question=QUESTION,
        summary=tuple(_summary(compared)),
        published_summary=tuple(_published_summary(compared)),
        findings=tuple(_findings(compared, asked, circular)),
        sheets=tuple(tables),
        charts=tuple(_charts(told)),
        settings=settings,
        method=METHOD,
        exclusions=(*exclusions, *more),
        assumptions=ASSUMPTIONS,
        inputs=(),
    )


def _charts(compared: Compared) -> Iterator[Chart]:
    yield sheets.cost_chart(compared)
    if compared.by_group.height:
        chart = sheets.group_chart(compared.by_group, "groups", "The gap")
        if chart:
            yield chart


def _year(compared: Compared, weekly: float) -> str:
    """A mean a week as a sum for everybody over a year, in words."""
    amount = weekly * compared.fit.people * WEEKS_A_YEAR
    return f"£{amount:,.0f}" if compared.unit == "pounds" else f"{amount:,.0f} hours"


def _summary(compared: Compared) -> Iterator[str]:
    found, ends = compared.fit, compared.ends
    budgets, costs = _year(compared, found.mean_budget), _year(compared, found.mean_cost)
    yield f"Looked at: {WHAT_THE_BUDGETS_ARE[compared.basis]}, for {found.people:,} people."
    come, are, have = ("come", "are", "have") if compared.is_set else ("would come", "would be", "would have")
    yield f"The budgets {come} to {budgets} a year, the plans to {costs}: {_more_or_less(compared)}."
    yield from _explained(compared)
    yield (
        f"{found.short_people:,} people {are} short, by {_year(compared, found.short)} a year in all "
        f"(95%: {_year(compared, ends['short'][0])} to {_year(compared, ends['short'][1])}); {found.spare_people:,} "
        f"{have} {_year(compared, found.spare)} to spare."
    )
    yield (
        f"Budgets within a quarter of the cost: {found.near_share:.0%} of people; off by more than a factor of two: "
        f"{found.beyond_two_share:.0%}."
    )
    yield _groups_sentence(compared)


def _more_or_less(compared: Compared) -> str:
    weekly = compared.fit.mean_gap
    side, share = "less" if weekly > 0 else "more", abs(weekly) / compared.fit.mean_cost
    return f"{_year(compared, abs(weekly))} {side} than the plans cost, {share:.1%} of them"


def _explained(compared: Compared) -> Iterator[str]:
    found, ends = compared.fit, compared.ends
    low, high = ends["explained_share"]
    yield (
        f"They explain {found.explained_share:.0%} of the differences in cost between people (95%: {low:.0%} to "
        f"{high:.0%}); put right by a straight line, {found.reliability:.0%}."
    )
    if compared.basis == FACTS_ONLY and found.explained_share < 0.5:
        yield "So what the return records about people says little of what their care costs; needs are not in it."


def _groups_sentence(compared: Compared) -> str:
    if not compared.by_group.height:
        return "Nothing is recorded by which groups of people could be told apart."
    out = compared.by_group.filter("stands_out")
    if out.is_empty():
        return "No group stands out beyond what luck explains."
    names = ", ".join(
        f"{row['group']} ({row['dimension']}: {'more short' if row['against_others'] > 0 else 'less short'} by "
        f"{abs(row['against_others']):.0%} of cost)"
        for row in out.sort(pl.col("against_others").abs(), descending=True).head(5).iter_rows(named=True)
    )
    return f"Groups that stand out from everybody else: {names}."


def _published_summary(compared: Compared) -> Iterator[str]:
    """The same without small counts: amounts to the nearest thousand, only where they are about five people or more."""
    found = compared.fit
    yield f"Looked at: {WHAT_THE_BUDGETS_ARE[compared.basis]}."
    yield from _explained(compared)
    if min(found.short_people, found.spare_people) >= SMALLEST_SHOWN:
        rounded = [round(part * found.people * WEEKS_A_YEAR / 1000) * 1000 for part in (found.short, found.spare)]
        unit = "£{:,}" if compared.unit == "pounds" else "{:,} hours"
        short, spare = (unit.format(part) for part in rounded)
        yield f"About {short} a year are short in all, and {spare} to spare."
    yield _groups_sentence(compared)


def _pounds(compared: Compared, yearly: float) -> float | None:
    return round(yearly, 2) if compared.unit == "pounds" else None


def _hours(compared: Compared, yearly: float) -> float | None:
    return round(yearly, 2) if compared.unit == "hours" else None


def _findings(compared: Compared, asked: Asked, circular: float) -> Iterator[Finding]:
    found = compared.fit
    year = found.people * WEEKS_A_YEAR
    sure = _confidence(compared, circular)
    if compared.is_set:
        yield Finding(
            "needs_short",
            "everybody whose budget is below the cost of their plan",
            f"{found.short_people / found.people:.0%} of {found.people:,} people are short by more than "
            f"£{asked.tolerance:g} a week",
            pounds=_pounds(compared, found.short * year),
            hours=_hours(compared, found.short * year),
            people=found.short_people,
            confidence=sure,
            rows=_rows(compared, pl.col("gap") > asked.tolerance),
        )
        yield Finding(
            "needs_spare",
            "everybody whose budget is above the cost of their plan",
            f"{found.spare_people / found.people:.0%} of {found.people:,} people have more than £{asked.tolerance:g} a "
            "week "
            "to spare",
            pounds=_pounds(compared, found.spare * year),
            hours=_hours(compared, found.spare * year),
            people=found.spare_people,
            confidence=sure,
            rows=_rows(compared, pl.col("gap") < -asked.tolerance),
        )
        yield _costed(compared, sure)
        if compared.package_only_cost > 0:
            yield _without_budget(compared)
    else:
        yield Finding(
            "needs_rule_misses",
            WHAT_THE_BUDGETS_ARE[compared.basis],
            f"they would explain {found.explained_share:.0%} of differences in cost, and leave this short, and as much "
            "to spare",
            pounds=_pounds(compared, found.short * year),
            hours=_hours(compared, found.short * year),
            people=found.people,
            confidence=sure,
        )
    if compared.is_set and compared.same_share >= circular:
        yield Finding(
            "needs_circular",
            "budgets that equal the cost of the plan to the penny",
            f"{compared.same_share:.0%} of budgets: they were probably copied from one another, and tell nothing",
            people=round(compared.same_share * found.people),
            confidence="high",
        )
    for row in compared.by_group.filter("stands_out").iter_rows(named=True) if compared.by_group.height else ():
        yield _group(compared, row)


def _rows(compared: Compared, which: pl.Expr) -> tuple[str, ...]:
    return tuple(compared.people.filter(which).sort(pl.col("gap").abs(), "where", descending=[True, False])["where"])


def _costed(compared: Compared, sure: str) -> Finding:
    found = compared.fit
    year = found.people * WEEKS_A_YEAR
    hours = float(compared.ways["work_hours"].to_list()[-1])
    reason = (
        f"a budget that is the cost of the plan would raise {found.short_people:,} people's by "
        f"{_year(compared, found.short)} "
        f"and lower {found.spare_people:,} people's by {_year(compared, found.spare)}, for {hours:,.0f} hours of "
        "social "
        "workers' time; where no budget is lowered it costs the first sum"
    )
    return Finding(
        "needs_costed_rule",
        "all budgets",
        reason,
        pounds=_pounds(compared, found.mean_gap * year),
        hours=_hours(compared, found.mean_gap * year),
        people=found.people,
        confidence=sure,
    )


def _without_budget(compared: Compared) -> Finding:
    count = next(count for why, count in compared.beyond if "no budget" in why)
    return Finding(
        "needs_no_budget",
        "people with a package and no budget on file",
        "the Care Act 2014 (section 26) asks for a statement of what it costs to meet a person's needs",
        pounds=round(compared.package_only_cost * WEEKS_A_YEAR, 2),
        people=count,
        confidence="as the files are complete",
    )


def _group(compared: Compared, row: dict[str, object]) -> Finding:
    against, low, high = (
        float(str(row[name])) for name in ("against_others", "against_others_low", "against_others_high")
    )
    people = int(str(row["people"]))
    cost = float(str(row["mean_cost"])) * people * WEEKS_A_YEAR
    ends = sorted((abs(low), abs(high)))
    held = row["held_fixed"]
    said = (
        f"{'more' if against > 0 else 'less'} short than everybody else by {abs(against):.1%} of what its plans cost "
        f"(95%: {ends[0]:.1%} to {ends[1]:.1%})"
    )
    if isinstance(held, float):
        low_held, high_held = float(str(row["held_fixed_low"])), float(str(row["held_fixed_high"]))
        is_still = low_held > 0 or high_held < 0
        unit = "£" if compared.unit == "pounds" else "hours "
        said += (
            f"; against people alike in everything else recorded {unit}{held:,.2f} a week "
            f"(95%: {low_held:,.2f} to {high_held:,.2f}){'' if is_still else ', which may be luck'}"
        )
    subject = f"{row['dimension']}: {row['group']}"
    pounds, hours = _pounds(compared, against * cost), _hours(compared, against * cost)
    sure = "luck allowed for; the reason is not known"
    if not compared.is_set:
        return Finding("needs_group_unlike", subject, said, pounds, hours, people, sure)
    if against > 0:
        return Finding("needs_group_short", subject, said, pounds, hours, people, sure)
    return Finding("needs_group_spare", subject, said, pounds, hours, people, sure)


def _confidence(compared: Compared, circular: float) -> str:
    """How far the figures may be trusted, in a few words."""
    if compared.same_share >= circular:
        return "low: most budgets equal the cost"
    if compared.fit.people < 100:
        return "low: few people"
    if not compared.is_set:
        return "medium: foretold, not set"
    return "medium: the plan stands for the need"

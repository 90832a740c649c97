"""What an hour of home care should cost, line by line, beside what it costs in the run; live formulas in a workbook."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from insource.desk.result import Column, Sheet
from insource.desk.settings import settings
from insource.desk.tender import cost_sheets
from insource.desk.tender.should_cost import (
    ARRANGEMENTS,
    INPUTS,
    LEGAL_MINIMUM,
    LINES,
    OWN_TEAM,
    ShouldCost,
    build,
    should_cost,
)
from insource.desk.tender.swings import Swing, swings
from insource.parameters import dates_covered
from insource.report.papers import evidence
from insource.report.papers.facts import Facts
from insource.report.papers.model import Block, Bullets, Paragraph, Table

TOOL = "tender"
WHOLE_POUNDS_FROM = 1_000
BESIDE = ("care_cost_a_delivered_hour", "care_cost_an_hour", "contact_share")


@dataclass(frozen=True)
class Costed:
    """The build-up at the prices of the run, and how far it moves."""

    built: ShouldCost
    swings: tuple[Swing, ...]
    day: str


def costed(facts: Facts) -> Costed:
    """The should-cost on the run's base date (the nearest day whose prices are known)."""
    first, last = dates_covered()
    day = min(max(str(facts.place["base_date"]), first), last)
    chosen = settings(TOOL)
    built = should_cost(chosen, day)
    return Costed(built, tuple(swings(built, chosen, day)), day)


def should_cost_lines(facts: Facts) -> list[Block]:
    """Every line for each arrangement."""
    of = costed(facts)
    rows = tuple(
        (line.title, *(f"£{of.built.lines[name][line.name]:.2f}" for name in ARRANGEMENTS), line.group)
        for line in LINES
    )
    columns = ("Line (pounds an hour of care)", *ARRANGEMENTS.values(), "Group")
    what = "Lines of the Fair Cost of Care return for home care; in the workbook each is a formula of the inputs."
    note = f"Prices of {of.day}. {what}"
    return [Table("What an hour of home care should cost", columns, rows, note, sheet=_sheets(of)[1])]


def should_cost_inputs(facts: Facts) -> list[Block]:
    """What goes in, and where each number is from."""
    of = costed(facts)
    rows = tuple(
        (title, *(_plain(of.built.inputs[name][key], unit) for name in ARRANGEMENTS), unit, of.built.sources[key])
        for key, (title, unit) in INPUTS.items()
    )
    columns = ("What", *ARRANGEMENTS.values(), "Unit", "Source")
    return [
        Table(
            "What goes into the should-cost", columns, rows, sheet=_sheets(of)[0], widths=(3.2, 1.6, 1.6, 1.6, 2.2, 6.8)
        )
    ]


def should_cost_range(facts: Facts) -> list[Block]:
    """How far floor and price move with one number at a time."""
    of = costed(facts)
    rows = tuple(
        (
            one.title,
            f"{_plain(one.low, one.unit)} to {_plain(one.high, one.unit)} {one.unit}",
            f"£{one.floor_low:.2f} to £{one.floor_high:.2f}",
            f"£{one.price_low:.2f} to £{one.price_high:.2f}",
        )
        for one in of.swings
    )
    columns = ("What is moved", "Over", "Care worker costs", "Price of an hour")
    note = (
        "At the legal minimum, one number at a time over its range in the evidence; what the law sets is exact. The "
        "range is that of the evidence, not of the draws of the run; in the workbook it follows the inputs."
    )
    sheet, workings = cost_sheets.range_sheets(of.built, of.swings)
    return [Table("How sure the should-cost is", columns, rows, note, sheet=sheet, workings=(workings,))]


def should_cost_beside_run(facts: Facts) -> list[Block]:
    """What an hour costs in the run, with its travel, gaps and agency, beside the build-up."""
    of = costed(facts)
    rows = tuple(evidence.outcome_row(facts, name) for name in BESIDE)
    without = {**of.built.inputs[OWN_TEAM], "gap_minutes": 0.0}
    said = (
        f"Build-up: £{of.built.floor:.2f} in care workers at the legal minimum, "
        f"£{of.built.price(LEGAL_MINIMUM):.2f} in all; a team "
        f"of the council's own £{of.built.price(OWN_TEAM):.2f} on its own terms.",
        f"The {of.built.inputs[OWN_TEAM]['gap_minutes']:g} paid minutes between visits in the council's own team are a "
        f"judgement; with none the price would be £{build(without)['price']:.2f}. Put your own figure into the "
        "workbook.",
        "The build-up is what an hour should cost on stated inputs; the run is what it comes to when "
        "people, staff and services meet. They "
        "need not agree, and where they differ widely one should ask why.",
    )
    return [
        Bullets(said),
        Table(
            "What an hour costs in the run",
            evidence.headings(facts),
            rows,
            widths=(2.8, *[3.0] * len(facts.names), 2.2),
        ),
    ]


def should_cost_test(facts: Facts) -> list[Block]:
    """Prices to be set against the build-up: blanks."""
    rows = tuple((f"Price {number}", "", "", "") for number in range(1, 6))
    columns = ("Bid or price paid now", "Pounds an hour", "Below the floor of care worker costs?", "Questions to ask")
    note = (
        "A price below the floor cannot pay care workers lawfully unless the inputs differ: ask before it is refused "
        "(Procurement Act 2023, s19)."
    )
    return [
        Paragraph("Set prices against the build-up:"),
        Table(
            *("Prices to be tested", columns, rows, note),
            to_fill=(1, 2, 3),
            sheet=_prices(rows, columns, note),
            workings=_sheets(costed(facts)),
        ),
    ]


def _prices(rows: Sequence[Sequence[str]], columns: Sequence[str], note: str) -> Sheet:
    """Room for prices; whether one is below the floor shows when it is typed."""
    keys = ("bid", "price", "below", "ask")
    frame = pl.DataFrame([[cell or None for cell in row] for row in rows], dict.fromkeys(keys, pl.String), orient="row")
    told = {key: Column(label, is_to_fill=key in ("price", "ask")) for key, label in zip(keys, columns, strict=True)}
    floor = f"{{sheets[{cost_sheets.COST_SHEET}].{LEGAL_MINIMUM}[{cost_sheets.ROW['care_worker_costs']}]}}"
    formulas = {"below": f'=IF(ISNUMBER({{price}}),IF({{price}}<{floor},"yes","no"),"")'}
    return Sheet("Prices to be tested", "Prices to be tested", frame, told, note, formulas)


def _sheets(of: Costed) -> tuple[Sheet, Sheet]:
    return cost_sheets.sheets(of.built)


def _plain(value: float, unit: str) -> str:
    """An input as it stands in the workbook: pay to the penny, the rest to four figures."""
    if unit.startswith("pounds"):
        return f"{value:,.2f}" if abs(value) < WHOLE_POUNDS_FROM else f"{value:,.0f}"
    return f"{value:.4g}"


SHOWN: Mapping[str, Callable[[Facts], list[Block]]] = {
    one.__name__: one
    for one in (should_cost_lines, should_cost_inputs, should_cost_range, should_cost_beside_run, should_cost_test)
}
"""Tables by the names that forms use."""

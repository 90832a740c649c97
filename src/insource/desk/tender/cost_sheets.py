"""The should-cost as worksheets: what goes in (change it there); the lines and their range follow, as live formulas."""

import re
from collections.abc import Mapping, Sequence

import polars as pl

from insource.desk.result import Column, Sheet
from insource.desk.tender.should_cost import ARRANGEMENTS, INPUTS, LEGAL_MINIMUM, LINES, ShouldCost, build
from insource.desk.tender.swings import Swing

INPUT_SHEET, COST_SHEET = "Should-cost inputs", "Should-cost"
RANGE_SHEET, WORKINGS = "Should-cost range", "Should-cost range, workings"
ENDS = {"low": "from", "high": "to"}
PLACE = {name: place for place, name in enumerate(INPUTS)}
PARTS = {
    "direct_care": "Direct care",
    "travel_time": "Travel time",
    "paid_gaps": "Non-contact pay",
    "training": "Training, sick pay",
    "sickness": "Training, sick pay",
    "notice": "Training, sick pay",
    "holiday": "Holiday",
    "national_insurance": "National Insurance",
    "pension": "Pension",
    "mileage": "Mileage",
    "ppe": "Business costs",
    "running_costs": "Business costs",
    "surplus": "Surplus",
}
"""What the lines are called in a picture; small ones are put together."""
ROW = {line.name: place for place, line in enumerate(LINES)}


def sheets(built: ShouldCost) -> tuple[Sheet, Sheet]:
    """The inputs and the lines for every arrangement."""
    return _inputs(built), _lines(built)


def _inputs(built: ShouldCost) -> Sheet:
    rows = {
        "title": [title for title, _ in INPUTS.values()],
        **{name: [built.inputs[name][key] for key in INPUTS] for name in ARRANGEMENTS},
        "unit": [unit for _, unit in INPUTS.values()],
        "source": [built.sources[key] for key in INPUTS],
    }
    columns = {
        "title": Column("What"),
        **{name: Column(title, "", "number") for name, title in ARRANGEMENTS.items()},
        "unit": Column("Unit"),
        "source": Column("Source"),
    }
    note = "Change a number here, and the lines and their range follow. Pay below the legal minimum is not lawful."
    formulas = {name: tuple(_derived(key, name) for key in INPUTS) for name in ARRANGEMENTS}
    return Sheet(INPUT_SHEET, "What goes into the should-cost", pl.DataFrame(rows), columns, note, formulas)


def _derived(key: str, arrangement: str) -> str:
    """Days at work follow from two other inputs; all others are numbers."""
    if key != "working_days":
        return ""
    paid, leave = (f"{{{arrangement}[{PLACE[one]}]}}" for one in ("days_a_year", "leave_days"))
    return f"={paid}-{leave}"


def _lines(built: ShouldCost) -> Sheet:
    rows = {
        "group": [line.group for line in LINES],
        "title": [line.title for line in LINES],
        **{name: [built.lines[name][line.name] for line in LINES] for name in ARRANGEMENTS},
    }
    columns = {
        "group": Column("Group"),
        "title": Column("Line"),
        **{name: Column(title, "£ an hour", "pounds") for name, title in ARRANGEMENTS.items()},
    }
    note = (
        "Lines of the Fair Cost of Care return for home care. The total of care worker costs at the legal "
        "minimum is the "
        "statutory floor. A council's own team is costed on its own terms, with its paid gaps, sick pay, "
        "pension and overheads."
    )
    formulas = {name: tuple(f"={excel(line.formula, name)}" for line in LINES) for name in ARRANGEMENTS}
    return Sheet(COST_SHEET, "What an hour of home care should cost", pl.DataFrame(rows), columns, note, formulas)


def range_sheets(built: ShouldCost, swings: Sequence[Swing]) -> tuple[Sheet, Sheet]:
    """How far floor and price move with one number at a time, and the lines behind it; both follow the inputs."""
    return _range(built, swings), _workings(built, swings)


def _range(built: ShouldCost, swings: Sequence[Swing]) -> Sheet:
    columns = {
        "title": Column("What"),
        "unit": Column("Unit"),
        "low": Column("From", "", "number"),
        "high": Column("To", "", "number"),
        "floor_low": Column("Floor at first", "£ an hour", "pounds"),
        "floor_high": Column("Floor at last", "£ an hour", "pounds"),
        "price_low": Column("Price at first", "£ an hour", "pounds"),
        "price_high": Column("Price at last", "£ an hour", "pounds"),
    }
    note = (
        "At the legal minimum; each number alone over its range in the evidence, all others as on the sheet "
        f"'{INPUT_SHEET}'. Floors and prices follow that sheet, and From and To on this one, by way of '{WORKINGS}'. "
        "The business costs go up to what they and the surplus may come to together, less the surplus. What moved the "
        "price most when this was written stands first."
    )
    formulas: dict[str, str | tuple[str, ...]] = {
        f"{sum_name}_{end}": tuple(f"={{sheets[{WORKINGS}].{one.name}_{end}[{ROW[line]}]}}" for one in swings)
        for sum_name, line in (("floor", "care_worker_costs"), ("price", "price"))
        for end in ENDS
    }
    formulas["high"] = tuple(_most(built, one) for one in swings)
    frame = pl.DataFrame([vars(one) for one in swings])
    return Sheet(RANGE_SHEET, "How sure the should-cost is", frame, columns, note, formulas)


def _most(built: ShouldCost, one: Swing) -> str:
    """The upper end of business costs leaves room for the surplus put in; other ends are numbers."""
    if one.name != "running_share":
        return ""
    both = one.high + built.inputs[LEGAL_MINIMUM]["surplus_share"]
    return f"={both:.10g}-{{sheets[{INPUT_SHEET}].{LEGAL_MINIMUM}[{PLACE['surplus_share']}]}}"


def _workings(built: ShouldCost, swings: Sequence[Swing]) -> Sheet:
    ends = {f"{one.name}_{end}": (place, one, end) for place, one in enumerate(swings) for end in ENDS}
    lines = {
        name: build(built.inputs[LEGAL_MINIMUM] | {one.name: getattr(one, end)}) for name, (_, one, end) in ends.items()
    }
    rows = {
        "title": [line.title for line in LINES],
        **{name: [found[line.name] for line in LINES] for name, found in lines.items()},
    }
    columns = {"title": Column("Line")}
    formulas: dict[str, str | tuple[str, ...]] = {}
    for name, (place, one, end) in ends.items():
        columns[name] = Column(f"{one.title}: {ENDS[end]}", "£ an hour", "pounds")
        moved = {one.name: f"{{sheets[{RANGE_SHEET}].{end}[{place}]}}"}
        formulas[name] = tuple(f"={excel(line.formula, LEGAL_MINIMUM, name, moved)}" for line in LINES)
    note = f"The lines at the legal minimum with one number at an end of its range, for the sheet '{RANGE_SHEET}'."
    return Sheet(
        WORKINGS, "Lines behind the range", pl.DataFrame(rows), columns, note, formulas, is_for_workbook_only=True
    )


def excel(formula: str, arrangement: str, column: str = "", moved: Mapping[str, str] | None = None) -> str:
    """A line's formula with its names turned into cells of the workbook (as `Sheet.formulas` writes them).

    Lines stand in `column`, or in the one of the arrangement. Inputs that are `moved` stand elsewhere.
    """

    def cell(match: re.Match[str]) -> str:
        name = match.group(1)
        if name in ROW:
            return f"{{{column or arrangement}[{ROW[name]}]}}"
        return (moved or {}).get(name) or f"{{sheets[{INPUT_SHEET}].{arrangement}[{PLACE[name]}]}}"

    return re.sub(r"\[(\w+)\]", cell, formula)


def stacked(built: ShouldCost) -> list[dict[str, object]]:
    """Lines that add up to the price, for a picture."""
    totals: dict[tuple[str, str], float] = {}
    for name, title in ARRANGEMENTS.items():
        for line, part in PARTS.items():
            totals[title, part] = totals.get((title, part), 0.0) + built.lines[name][line]
    return [{"arrangement": title, "part": part, "pounds": pounds} for (title, part), pounds in totals.items()]

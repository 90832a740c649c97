"""The should-cost as two worksheets: what goes in (change it there) and the lines that follow, as live formulas."""

import re
from collections.abc import Sequence

import polars as pl

from insource.desk.result import Column, Sheet
from insource.desk.tender.should_cost import ARRANGEMENTS, INPUTS, LINES, ShouldCost
from insource.desk.tender.swings import Swing

INPUT_SHEET, COST_SHEET = "Should-cost inputs", "Should-cost"
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
    note = "Change a number here and the next sheet follows. Pay below the legal minimum is not lawful."
    return Sheet(INPUT_SHEET, "What goes into the should-cost", pl.DataFrame(rows), columns, note)


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


def moves(swings: Sequence[Swing]) -> Sheet:
    """How far floor and price move with one number at a time."""
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
        "At the legal minimum; each number alone over its range in the evidence, the one that moves the price "
        "most first."
    )
    frame = pl.DataFrame([vars(one) for one in swings])
    return Sheet("Should-cost range", "How sure the should-cost is", frame, columns, note)


def excel(formula: str, arrangement: str) -> str:
    """A line's formula with its names turned into cells of the workbook (as `Sheet.formulas` writes them)."""

    def cell(match: re.Match[str]) -> str:
        name = match.group(1)
        if name in ROW:
            return f"{{{arrangement}[{ROW[name]}]}}"
        return f"{{sheets[{INPUT_SHEET}].{arrangement}[{PLACE[name]}]}}"

    return re.sub(r"\[(\w+)\]", cell, formula)


def stacked(built: ShouldCost) -> list[dict[str, object]]:
    """Lines that add up to the price, for a picture."""
    totals: dict[tuple[str, str], float] = {}
    for name, title in ARRANGEMENTS.items():
        for line, part in PARTS.items():
            totals[title, part] = totals.get((title, part), 0.0) + built.lines[name][line]
    return [{"arrangement": title, "part": part, "pounds": pounds} for (title, part), pounds in totals.items()]

"""The empty template for bids, and made-up tenders to try the tool on."""

import csv
import io
from importlib.resources import files
from pathlib import Path

from insource.files import make_folder, write_atomically, write_text
from insource.records.bids_file import COLUMNS
from insource.workbooks import new_workbook

EXAMPLES = "data/desk/tender"
HELP = {
    "lot": "The lot this bid is for; leave it out if there is one.",
    "bid": "Your own reference of the bid; may be left out.",
    "bidder": "Needed. Who bids.",
    "price": "Needed. Pounds for one hour of care.",
    "quality": "Marks out of 100 for everything that is not price. Blank: not marked yet.",
    "status": "valid, pending, withdrawn or disqualified. Blank: valid.",
    "hours": "Hours of care a year in this lot; needed for pounds a year.",
    "pay": "What the bidder says it pays for an hour. Blank: not said.",
    "travel": "Minutes of travel between visits for each hour of care that the bidder has worked with.",
    "running": "Running costs (offices, managers, software ...) in pounds for an hour of care.",
    "surplus": "Surplus in pounds for an hour of care.",
}


def write_templates(folder: Path) -> list[Path]:
    """Write bids.csv, bids.xlsx and evaluation.yaml; what is there already is replaced."""
    make_folder(folder)
    table, workbook, model = folder / "bids.csv", folder / "bids.xlsx", folder / "evaluation.yaml"
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow([column.heading for column in COLUMNS])
    write_text(table, text.getvalue())
    write_atomically(workbook, _workbook)
    write_text(model, _packaged("evaluation.yaml"))
    return [table, workbook, model]


def write_examples(folder: Path) -> list[Path]:
    """Write the made-up tenders that come with the product."""
    make_folder(folder)
    written = []
    for entry in sorted(files("insource").joinpath(EXAMPLES).iterdir(), key=lambda one: one.name):
        path = folder / entry.name
        write_text(path, entry.read_text(encoding="utf-8"))
        written.append(path)
    return written


def _packaged(name: str) -> str:
    return files("insource").joinpath(f"{EXAMPLES}/{name}").read_text(encoding="utf-8")


def _workbook(path: Path) -> None:
    with new_workbook(path) as book:
        bold, wrap = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"text_wrap": True})
        bids, notes = book.add_worksheet("Bids"), book.add_worksheet("How to fill it in")
        for number, column in enumerate(COLUMNS):
            bids.write_string(0, number, column.heading, bold)
            notes.write_string(number, 0, column.heading, bold)
            notes.write_string(number, 1, HELP[column.name], wrap)
        bids.set_column(0, len(COLUMNS) - 1, 18)
        bids.freeze_panes(1, 0)
        notes.set_column(0, 0, 32)
        notes.set_column(1, 1, 80)

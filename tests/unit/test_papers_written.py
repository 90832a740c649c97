"""Papers as they are written: what they say of a run in a few words, and files that cannot be written."""

import re
import shutil
import subprocess
from pathlib import Path

import formulas
import openpyxl
import pytest

from insource.appraise.value import Question
from insource.cli import main as cli
from insource.desk.result import FIRST_ROW
from insource.desk.tender import cost_sheets
from insource.desk.tender.should_cost import INPUTS
from insource.errors import InputError
from insource.files import write_atomically
from insource.report.papers import book, columns, costing, page, showing, word
from insource.report.papers.facts import Facts
from insource.report.papers.model import Document, Paragraph, Table

pytestmark = pytest.mark.worked
ASKED = Question(30_000, "council_and_nhs", "green_book_2026", "end")
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
RUN = {"place": {"base_date": "2026-04-01"}}
PAPER = Document("mine", "Mine", "About", "Own wording", "Run 1", (Paragraph("Text"),))
WRITERS = {
    "docx": word.write,
    "html": lambda path, paper: path.write_text(page.render(paper), encoding="utf-8"),
    "xlsx": book.write,
}


@pytest.mark.parametrize("kind", WRITERS)
def test_a_folder_that_is_not_there(kind, tmp_path):
    """Whatever the kind of file, one message says that it cannot be written."""
    file = tmp_path / "missing" / f"paper.{kind}"
    with pytest.raises(InputError, match="No such file or directory") as caught:
        write_atomically(file, lambda path: WRITERS[kind](path, PAPER))
    (problem,) = caught.value.problems
    assert problem.code == "cannot_write"
    assert problem.file == str(file)


def test_assumptions_into_a_folder_that_is_not_there(tmp_path, capsys):
    """The same from the command line, status 1."""
    assert cli.run(["assumptions", "export", str(tmp_path / "missing" / "a.xlsx")]) == 1
    assert "[cannot_write]" in capsys.readouterr().err


def manifest(*givers):
    """What a run's manifest says, with a figure from each giver."""
    return {
        **{"fingerprint": "f" * 64, "years": 1, "draws": 2, "seed": 1, "switched_off": [], "insource": "1"},
        **{"engine": "e", "parameters": "p", "scenario": {"title": "Central", "stands_for": "now"}},
        "models": [{"name": "status_quo", "title": "As now"}],
        "place": {"name": "Here", "people": 60, "base_date": "2026-04-01", "lines": []},
        "overrides": [{"name": "x", "value": 1.0, "reason": "known", "by": by} for by in givers],
    }


@pytest.mark.parametrize(
    ("givers", "own", "records"),
    [
        ((), "none", "none"),
        (("records", "records"), "none", "2, each with its reason in run.json"),
        (("user", "records", "switch"), "1, each with its reason in run.json", "1, each with its reason in run.json"),
    ],
)
def test_figures_of_a_user_and_of_the_records_are_told_apart(givers, own, records):
    """What was read from a place's records is no figure of the user's own."""
    (table,) = showing.run(Facts(Path("run"), manifest(*givers), ASKED))
    told = dict(table.rows)
    assert told["Own figures"] == own
    assert told["Figures from the place's records"] == records


def log(rows):
    """A table of nine columns, with more to say in one than in the others."""
    heads = ("Assumption", "Used", "Range drawn", "Unit", "How sure", "Source", "Moves", "Reviewed by", "Signed off")
    row = ("Share of posts filled", "0.5", "0.1 to 0.9", "share", "judgement", "Of the authors. " * 12, "yes", "", "")
    asked = (3.2, 1.2, 1.5, 1.4, 2.1, 5.6, 1.5, 1.6, 1.3)
    return Table("Assumptions log", heads, (row,) * rows, to_fill=(7, 8), widths=asked)


def test_columns_on_paper_are_as_wide_as_in_word():
    """Every column of every table has its width on a printed page, and they fill it; small print for many columns."""
    text = page.render(Document("mine", "Mine", "About", "Own wording", "Run 1", (log(3),)))
    printed = [float(width) for width in re.findall(r'<col style="--printed: ([\d.]+)cm">', text)]
    assert printed == pytest.approx(columns.widths(log(3), 18.0, columns.LEAST), abs=0.01)
    assert sum(printed) == pytest.approx(18.0, abs=0.05)
    assert '<table class="stack least">' in text
    for said in ("table-layout: fixed", "col { width: var(--printed); }", "table.least { font-size: 7.5pt; }"):
        assert said in text


@pytest.mark.skipif(CHROMIUM is None, reason="there is no browser to print with")
def test_a_wide_table_is_printed_on_few_pages(tmp_path):
    """Forty rows with a paragraph in one of nine columns take four pages at most, not three rows a page."""
    file, printed = tmp_path / "a.html", tmp_path / "a.pdf"
    file.write_text(page.render(Document("mine", "Mine", "About", "Own wording", "Run 1", (log(40),))), "utf-8")
    asked = [str(CHROMIUM), "--headless", "--no-sandbox", f"--print-to-pdf={printed}", file.as_uri()]
    subprocess.run(asked, check=True, capture_output=True, timeout=120)
    assert len(re.findall(rb"/Type\s*/Page\b", printed.read_bytes())) <= 4


def recalculated(path):
    """Every cell of a workbook, worked out by another program."""
    model = formulas.ExcelModel().loads(str(path)).finish()
    model.calculate()
    found = {re.search(r"\](.+)'!([A-Z]+\d+)$", str(key)): cell for key, cell in model.dsp.solution.items()}
    return {at.groups(): cell.value[0, 0] for at, cell in found.items() if at}


def test_days_at_work_and_prices_below_the_floor_are_live(tmp_path):
    """Days at work follow days paid and holiday; a price that is typed shows at once whether it is below the floor."""
    facts = Facts(Path("run"), RUN, ASKED)
    path = tmp_path / "cost.xlsx"
    book.write(path, Document("mine", "Mine", "About", "Own", "Run 1", tuple(costing.should_cost_test(facts))))
    opened = openpyxl.load_workbook(path)
    prices, inputs = opened["Prices to be tested"], opened[cost_sheets.INPUT_SHEET]
    days = FIRST_ROW + list(INPUTS).index("working_days")
    leave = FIRST_ROW + list(INPUTS).index("leave_days")
    before = recalculated(path)
    assert [before["SHOULD-COST INPUTS", f"{column}{days}"] for column in "BCD"] == [232.0, 232.0, 227.0]
    assert [before["PRICES TO BE TESTED", f"C{FIRST_ROW + row}"] for row in range(5)] == [""] * 5
    floor = costing.costed(facts).built.floor
    for row, price in enumerate((floor - 0.01, floor + 0.01, "none")):
        prices[f"B{FIRST_ROW + row}"] = price
    inputs[f"D{leave}"] = 30.0
    opened.save(path)
    after = recalculated(path)
    assert after["SHOULD-COST INPUTS", f"D{days}"] == 230.0
    assert [after["PRICES TO BE TESTED", f"C{FIRST_ROW + row}"] for row in range(5)] == ["yes", "no", "", "", ""]

"""Page, workbook and list of findings: made from one result, safe to open, all written or none."""

import csv
import re
from dataclasses import replace

import fastexcel
import formulas
import openpyxl
import polars as pl
import pytest
from made_up import known, result

from insource.cli import desk
from insource.cli.desk import numbers_given, write_result
from insource.desk.result import Column, Sheet
from insource.errors import InputError
from insource.files import write_together
from insource.report.desk_page import render_page

pytestmark = pytest.mark.worked


@pytest.fixture(autouse=True)
def _known(monkeypatch):
    known(monkeypatch)


@pytest.fixture
def folder(tmp_path):
    """Everything written."""
    write_result(result(), tmp_path)
    return tmp_path


def test_the_workbook_opens_elsewhere(folder):
    """A second library finds the tables, the formats, frozen headings and the sheet on method and settings."""
    book = openpyxl.load_workbook(folder / "made_up.xlsx")
    assert book.sheetnames == ["Summary", "Findings", "services", "people", "Method and settings"]
    page = book["services"]
    assert [cell.value for cell in page[4]][:3] == ["Service", "People", "Hours (a week)"]
    assert page.freeze_panes == "A5"
    assert [table.ref for table in page.tables.values()] == ["A4:G8"]
    assert page["E5"].value == "=C5*D5*'Method and settings'!$C$5"
    assert page["E5"].number_format.startswith("£")
    assert page["F5"].number_format == "0.0%"
    assert page["C8"].value is None
    assert page["G5"].value.isoformat() == "2024-04-01T00:00:00"
    said = {row[1].value for row in book["Method and settings"].iter_rows(min_row=5)}
    assert {"weeks", "by: median", "Add up.", "Nothing.", "Weeks are alike."} <= said
    read = fastexcel.read_excel(folder / "made_up.xlsx").load_sheet("services", header_row=3).to_polars()
    assert read["Cost (£ a year)"][:3].to_list() == pytest.approx([1_053_000.0, 32_240.0, 76_752.0])


def test_no_text_becomes_a_formula(folder):
    """Cells beginning with = + - @ are text, with an apostrophe before them."""
    book = openpyxl.load_workbook(folder / "made_up.xlsx")
    cell = book["services"]["A6"]
    assert (cell.data_type, cell.value) == ("s", "'=cmd|' /C calc'!A0")
    assert book["Findings"]["B5"].value == "'+SUM(1)"
    with (folder / "findings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["subject"] == "'+SUM(1)"
    assert rows[0]["rows"] == "cld.csv:7 cld.csv:9"
    assert [row["pounds"] for row in rows] == ["1234.0", "5678.0", "99999.0", "10.0"]


def test_formulas_recalculate_to_the_same_pounds(folder):
    """A calculator of workbooks gets the figures that we wrote."""
    model = formulas.ExcelModel().loads(str(folder / "made_up.xlsx")).finish()
    model.calculate()
    found = {str(key).split("]")[-1]: value for key, value in model.dsp.solution.items()}
    cost = {key: cell.value[0, 0] for key, cell in found.items() if re.search(r"SERVICES'!E\d+$", key)}
    assert cost["SERVICES'!E5"] == pytest.approx(900 * 22.5 * 52)
    assert cost["SERVICES'!E7"] == pytest.approx(61.5 * 24 * 52)
    assert cost["SERVICES'!E12"] == pytest.approx(20 * 31 * 52 + 61.5 * 24 * 52)


def test_the_same_result_gives_the_same_bytes(tmp_path):
    """No clock, no chance."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    for name in ("a", "b"):
        write_result(result(), tmp_path / name)
    for name in ("made_up.html", "made_up.xlsx", "findings.csv"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_the_page_is_whole_and_calls_nobody():
    """Every part is there, text is escaped, nothing is fetched from anywhere, single people are not on it."""
    page = render_page(result())
    for part in ("found", "findings", "finding-dear", "pictures", "tables", "method", "left-out", "assumed"):
        assert f'id="{part}"' in page
    assert "£99,999" in page
    assert "=cmd|&#39; /C calc&#39;!A0" in page
    assert not re.search(r"(src|href)=[\"']?(https?:)?//", page)
    assert "Single people" in page
    assert ">a1<" not in page
    assert "<svg" in page


def test_long_text_stands_whole_under_its_row():
    """A column with more than fits a cell is none: each text follows its row with the heading; short ones stay."""
    long = " ".join(f"word{number}" for number in range(60))
    frame = pl.DataFrame(
        {"claim": ["1", "2", "3"], "said": ["as it is", "so it is", "so"], "why": [long, "short", None]}
    )
    columns = {"claim": Column("Claim"), "said": Column("What is said"), "why": Column("Why?")}
    sheet = Sheet("claims", "What is claimed", frame, columns)
    page = render_page(replace(result(), sheets=(sheet,), charts=()))
    assert f"<p><strong>Why?</strong> {long}</p>" in page
    assert "<p><strong>Why?</strong> short</p>" in page
    assert page.count("<strong>Why?") == 2
    assert "<td>as it is</td>" in page
    assert '<th scope="col">Why?</th>' not in page
    assert "..." not in page


def test_published_files_have_names_of_their_own(tmp_path):
    """They do not stand in for those for use inside, and hold nothing small."""
    write_result(result(), tmp_path)
    write_result(result().published(), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "findings.csv", "findings_published.csv", "made_up.html", "made_up.xlsx", "made_up_published.html",
        "made_up_published.xlsx",
    ]  # fmt: skip
    assert "people" not in openpyxl.load_workbook(tmp_path / "made_up_published.xlsx").sheetnames
    assert "cld.csv:7" not in (tmp_path / "made_up_published.html").read_text(encoding="utf-8")


def test_all_files_or_none(tmp_path, monkeypatch):
    """A workbook that cannot be written leaves the page of yesterday as it was, and nothing beside it."""
    write_result(result(), tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def broken(path, _):
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(desk, "write_workbook", broken)
    with pytest.raises(InputError, match="No space left"):
        write_result(result().published(), tmp_path)
    with pytest.raises(InputError, match="No space left"):
        write_result(result(), tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_what_was_there_comes_back(tmp_path):
    """Where the second of two cannot be put in place, the first is as it was."""
    (tmp_path / "a").write_text("old", encoding="utf-8")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "full").write_text("x", encoding="utf-8")
    blocked = tmp_path / "c" / "d"
    writers = {tmp_path / "a": lambda path: path.write_text("new"), blocked: lambda path: path.write_text("new")}
    with pytest.raises(InputError):
        write_together(writers)
    assert (tmp_path / "a").read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_a_sheet_longer_than_a_worksheet_is_cut_and_says_so(tmp_path, monkeypatch):
    """The first rows, and how many there were."""
    from dataclasses import replace

    from insource.report import desk_workbook

    monkeypatch.setattr(desk_workbook, "MOST_ROWS", 2)
    write_result(replace(result(), charts=()), tmp_path)
    page = openpyxl.load_workbook(tmp_path / "made_up.xlsx")["services"]
    assert page["A2"].value.startswith("The first 2 of 4 rows.")
    assert page["A7"].value is None


def test_empty_sheets_and_no_findings_can_be_written(tmp_path):
    """A tool that finds nothing still writes its files."""
    from dataclasses import replace

    (sheet, _), empty = result().sheets, result()
    none = replace(sheet, frame=sheet.frame.clear(), formulas={})
    write_result(replace(empty, findings=(), sheets=(none,), charts=()), tmp_path)
    assert openpyxl.load_workbook(tmp_path / "made_up.xlsx")["services"]["A5"].value is None
    assert pl.read_csv(tmp_path / "findings.csv").is_empty()


def test_numbers_given_are_numbers():
    """Two wrong ones are two problems."""
    assert numbers_given(["a=1", " b = 2.5"]) == {"a": 1.0, "b": 2.5}
    with pytest.raises(InputError) as fault:
        numbers_given(["a", "b=x", "c=1"])
    assert len(fault.value.problems) == 2

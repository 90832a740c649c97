"""The workbook of assumptions goes out and comes back: changes listed, reasons required, one message for each fault."""

import json

import openpyxl
import pytest

from insource import strict_yaml
from insource.cli.main import run
from insource.errors import InputError
from insource.parameters import parameters, read_overrides
from insource.records.assumptions_file import HEADING_ROW, HEADINGS, SHEET, as_yaml, read_assumptions
from insource.report.assumptions_workbook import write_assumptions

pytestmark = pytest.mark.worked
COLUMN = {key: number for number, key in enumerate(HEADINGS, start=1)}


@pytest.fixture
def book(tmp_path):
    """A fresh workbook: its path, and a function that edits it: {(name, column): value}."""
    path = tmp_path / "assumptions.xlsx"
    write_assumptions(path)

    def edit(cells=None, change=lambda page: None):
        opened = openpyxl.load_workbook(path)
        page = opened[SHEET]
        rows = {page.cell(row, 1).value: row for row in range(HEADING_ROW + 1, page.max_row + 1)}
        for (name, key), value in (cells or {}).items():
            page.cell(rows[name], COLUMN[key]).value = value
        change(page)
        opened.save(path)
        return path

    return edit


def problems(path):
    with pytest.raises(InputError) as caught:
        read_assumptions(path)
    return caught.value.problems


def test_unedited_it_changes_nothing(book):
    """Every parameter is there, to the last digit."""
    found = read_assumptions(book())
    assert found.changes == ()
    assert found.notes == ()
    assert found.rows == len(parameters())


def test_a_change_with_a_reason_comes_back_as_an_override(book, tmp_path):
    """What `compare --override` reads is what was written in the cells, quotes and colons and all."""
    reason = "our 2026 rate: 'agreed' #1 = paid \"now\""
    path = book(
        {
            ("external_price_pounds", "value"): 25.5,
            ("external_price_pounds", "reason"): reason,
            ("failure_share", "value"): 0.00001,
            ("failure_share", "reason"): "-1+2 as seen",
        }
    )
    found = read_assumptions(path)
    assert [(one.before, one.override.value, one.override.reason) for one in found.changes] == [
        (0.0, 0.00001, "-1+2 as seen"),
        (24.1, 25.5, reason),
    ]
    text = as_yaml(found, "mine.xlsx")
    assert read_overrides(strict_yaml.read_text(text, "overrides.yaml"), "overrides.yaml") == found.overrides


def test_nothing_changed_is_a_file_that_can_be_read(book):
    """An empty mapping, not an empty file."""
    content = strict_yaml.read_text(as_yaml(read_assumptions(book()), "mine.xlsx"), "overrides.yaml")
    assert read_overrides(content, "overrides.yaml") == ()


def test_each_fault_has_one_message_and_its_place(book):
    """No reason, a share above 1, words, an emptied cell, an NHS number: each named with row and column."""
    path = book(
        {
            ("external_price_pounds", "value"): 26,
            ("usual_missed_share", "value"): 1.5,
            ("usual_missed_share", "reason"): "typed wrongly",
            ("spot_weeks", "value"): "ten",
            ("step_in_weeks", "value"): None,
            ("lease_weeks", "value"): 100,
            ("lease_weeks", "reason"): "as for 943 476 5919",
            ("visit_minutes", "given"): None,
        }
    )
    found = {problem.code: problem for problem in problems(path)}
    assert sorted(one.code for one in problems(path)) == sorted(
        ["no_reason", "impossible", "no_number", "no_number", "personal", "written_over"]
    )
    assert found["no_reason"].column == "Your reason"
    assert found["impossible"].allowed == "0 to 0.9"
    assert "943" not in found["personal"].text()
    assert all(problem.row > HEADING_ROW for problem in found.values())


def test_unknown_rows_and_columns_are_named_with_near_misses(book):
    """A name typed over, a heading typed over, a row copied: found, with what was probably meant."""

    def mistype(page):
        page.cell(HEADING_ROW + 1, 1).value = page.cell(HEADING_ROW + 1, 1).value + "x"
        page.cell(HEADING_ROW + 3, 1).value = page.cell(HEADING_ROW + 2, 1).value

    first = next(iter(parameters()))
    found = problems(book(change=mistype))
    assert [one.code for one in found] == ["unknown_parameter", "row_twice"]
    assert f"'{first}'" in found[0].todo
    heading = problems(book({}, lambda page: setattr(page.cell(HEADING_ROW, COLUMN["value"]), "value", "Your valu")))
    assert [one.code for one in heading] == ["unknown_column", "no_column"]
    assert "'Your value'" in heading[0].todo


def test_notes_are_said_and_nothing_is_refused(book):
    """A value beyond the range believed, a reason without a change, a row deleted."""
    cells = {
        ("external_price_pounds", "value"): 40,
        ("external_price_pounds", "reason"): "an island",
        ("spot_weeks", "reason"): "looked at",
    }
    found = read_assumptions(book(cells, lambda page: page.delete_rows(HEADING_ROW + 1)))
    assert len(found.changes) == 1
    assert not found.changes[0].is_believed
    for words in ("outside the range believed", "a reason and no change", "1 row is not in the workbook"):
        assert sum(words in note for note in found.notes) == 1, words
    assert len(found.notes) == 3


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no workbook", b"name,value\n"])
def test_what_is_no_workbook_is_said(tmp_path, content):
    """One message, whatever the bytes."""
    path = tmp_path / "mine.xlsx"
    path.write_bytes(content)
    assert [one.code for one in problems(path)] == ["bad_workbook"]
    assert [one.code for one in problems(tmp_path / "none.xlsx")] == ["no_such_file"]


def test_another_workbook_is_said(tmp_path):
    """A workbook without the sheet names the sheets it has."""
    path = tmp_path / "other.xlsx"
    opened = openpyxl.Workbook()
    opened.active.title = "assumption"
    opened.save(path)
    (problem,) = problems(path)
    assert problem.code == "no_sheet"
    assert "'assumption'" in problem.todo


def test_only_value_and_reason_are_open(book):
    """The sheet is protected; every other cell is locked; each value has a validation with its limits."""
    page = openpyxl.load_workbook(book())[SHEET]
    assert page.protection.sheet
    for row in (HEADING_ROW + 1, page.max_row):
        is_open = {key for key, column in COLUMN.items() if not page.cell(row, column).protection.locked}
        assert is_open == {"value", "reason"}
    assert sum(len(one.sqref.ranges) for one in page.data_validations.dataValidation) == len(parameters())


def test_the_commands(tmp_path, monkeypatch, capsys):
    """Out, back, and what the place's records say is shown as theirs; the same bits twice."""
    monkeypatch.chdir(tmp_path)
    assert run(["assumptions", "export", "a.xlsx", "--place", "anytown"]) == 0
    assert "from the records of" in capsys.readouterr().out
    assert run(["assumptions", "export", "b.xlsx", "--place", "anytown"]) == 0
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    capsys.readouterr()
    assert run(["assumptions", "import", "a.xlsx", "--out", "o.yaml", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["changes"] == []
    assert strict_yaml.read_file(tmp_path / "o.yaml") == {}
    assert run(["assumptions", "export", "a.csv"]) == 1
    assert run(["assumptions", "import", "none.xlsx", "--out", "p.yaml"]) == 1
    assert not (tmp_path / "p.yaml").exists()

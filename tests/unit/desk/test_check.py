"""The check as a desk tool: fields, what each kind costs, every kind of file, and what it writes."""

import csv
import json

import openpyxl
import pytest
from test_records_support import PERSONAL, person, review, service, write

from insource.cli import main as cli
from insource.desk.check import check_result, fields, losses
from insource.records import pay_list
from insource.records.checking import check
from insource.records.other_formats import recognised

pytestmark = pytest.mark.worked


def spoilt(tmp_path):
    """Six rows: two without gender, one wrong gender, one impossible date, and one with two things against it."""
    rows = [
        service(),
        service(**person(2), gender=""),
        service(**person(3), gender="", event_start_date="2024-06-31"),
        service(**person(4), gender="Femail"),
        service(**person(5), event_start_date="", planned_units_per_week="-3"),
        review(),
    ]
    return check(write(tmp_path / "cld.csv", rows), everything=True)


def test_fields_by_hand(tmp_path):
    """Gender is filled on 4 of 6 rows, blank on 2 where it must not be, and wrong once."""
    table = {row["field"]: row for row in fields(spoilt(tmp_path)).iter_rows(named=True)}
    gender, start, units = table["Gender"], table["Event Start Date"], table["Planned units per week"]
    assert (gender["rows"], gender["filled"], gender["invalid"]) == (6, 4, 1)
    assert (gender["needed"], gender["missing"]) == (6, 2)
    assert (gender["filled_share"], gender["valid_share"], gender["needed_share"]) == pytest.approx(
        (4 / 6, 3 / 4, 4 / 6)
    )
    assert (start["filled"], start["invalid"], start["missing"]) == (5, 1, 1)
    assert (units["filled"], units["invalid"]) == (5, 1)
    assert table["NHS Number"]["filled_share"] == 1.0
    assert table["Date of Birth"]["filled_share"] == 1.0


def test_what_each_kind_costs(tmp_path):
    """The impossible date costs a row and is all that is against it; the fifth row has two things against it."""
    checked = spoilt(tmp_path)
    lost = {(row["code"], row["column"]): (row["rows"], row["alone"]) for row in losses(checked).iter_rows(named=True)}
    assert lost["unreadable_date", "Event Start Date"] == (1, 1)
    assert lost["missing_value", "Event Start Date"] == (1, 0)
    assert lost["negative_hours", "Planned units per week"] == (1, 0)
    assert lost["missing_value", "Gender"] == (0, 0)
    assert checked.usable_rows == 4


def test_findings_name_rows_and_files(tmp_path):
    """Costliest kind first, with the rows; nothing personal anywhere."""
    result = check_result(spoilt(tmp_path))
    first = result.findings[0]
    assert (first.code, first.subject, first.rows) == ("rows_unusable", "cld.csv: Event Start Date", ("cld.csv:4",))
    assert "1 rows, 1 of them for nothing else" in first.reason
    assert {one.code for one in result.findings} == {"rows_unusable", "rows_doubtful"}
    assert result.summary[0] == "4 of 6 rows in 1 files can be used (66.67%)."
    assert not [secret for secret in PERSONAL if secret in result.to_json()]
    assert [sheet.name for sheet in result.published().sheets] == ["problems by kind", "fields"]


def test_a_folder_of_files(tmp_path):
    """Page, workbook, findings and every problem; one CSV file where a CSV file is asked for."""
    rows = [service(), service(**person(2), event_start_date="2024-06-31")]
    write(tmp_path / "cld.csv", rows)
    assert cli.run(["check", str(tmp_path / "cld.csv"), "--out", str(tmp_path / "out")]) == 1
    names = ["check.html", "check.xlsx", "findings.csv", "problems.csv"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == names
    book = openpyxl.load_workbook(tmp_path / "out" / "check.xlsx")
    assert [cell.value for cell in book["problems"][5]][1:3] == [3, "Event Start Date"]
    assert cli.run(["check", str(tmp_path / "cld.csv"), "--out", str(tmp_path / "all.csv")]) == 1
    with (tmp_path / "all.csv").open(encoding="utf-8", newline="") as file:
        assert [row["row"] for row in csv.DictReader(file)] == ["3"]


def test_json_tells_what_it_costs(tmp_path, capsys):
    """Counts as before, and losses and fields beside them."""
    write(tmp_path / "cld.csv", [service(), service(**person(2), event_start_date="2024-06-31")])
    assert cli.run(["check", str(tmp_path / "cld.csv"), "--json"]) == 1
    content = json.loads(capsys.readouterr().out)
    assert (content["rows"], content["usable_rows"]) == (2, 1)
    assert [(row["rows"], row["alone"]) for row in content["losses"]] == [(1, 1)]
    assert {row["field"] for row in content["fields"]} > {"Gender", "Unit Cost"}


def test_every_kind_of_file_in_anytown(capsys):
    """Eight files of seven kinds, all usable."""
    assert cli.run(["check", "anytown", "--json"]) == 0
    files = json.loads(capsys.readouterr().out)["files"]
    kinds = {"client_level_data", "ascwds_workers", "ascwds_workplaces", "assessments", "cqc_locations"}
    assert {file["format"] for file in files} >= kinds | {"contract_register", "payments"}
    assert all(file["rows"] == file["usable"] > 0 for file in files)


OTHERS = {
    "bids": "Bidder,Price,Quality marks\nNorth Care,22.50,70\nSouth Care,none,60\n",
    "pay_list": pay_list.template(),
    "payments": "Body,Date,Supplier Name,Amount,Expense Area\nC,01/04/2024,North Care Ltd,600.00,Home care\n"
    "C,yesterday,North Care Ltd,700.00,Home care\n",
}


@pytest.mark.parametrize("kind", sorted(OTHERS))
def test_other_files_are_recognised(tmp_path, kind):
    """By their headings; a bad row is a problem and not a refusal."""
    path = tmp_path / "file.csv"
    path.write_text(OTHERS[kind], encoding="utf-8")
    found = recognised(path, "file.csv", [])
    assert found is not None
    assert found.name == kind
    (file,) = check(path, everything=True).files
    assert (file.format, file.rows) == (kind, len(OTHERS[kind].splitlines()) - 1)


def test_releases_are_recognised_by_their_content(tmp_path):
    """A release package is one; another JSON file is left alone, and said to be."""
    (tmp_path / "notices.json").write_text('{"releases": [{"ocid": "a", "id": "1", "tag": ["award"]}]}')
    (tmp_path / "other.json").write_text('{"a": 1}')
    write(tmp_path / "cld.csv", [service()])
    checked = check(tmp_path, everything=True)
    assert {file.file: file.format for file in checked.files} == {
        "cld.csv": "client_level_data",
        "notices.json": "ocds_releases",
    }
    assert any("other.json" in notice for notice in checked.notices)


def test_a_place_is_made_from_its_own_files_only(tmp_path):
    """Other files in the folder do not change what share of a place's rows can be used."""
    write(tmp_path / "cld.csv", [service()])
    (tmp_path / "payments.csv").write_text(OTHERS["payments"], encoding="utf-8")
    assert [file.format for file in check(tmp_path).files] == ["client_level_data"]
    assert [file.format for file in check(tmp_path, everything=True).files] == ["client_level_data", "payments"]
    assert check(tmp_path, everything=True).is_unusable


def test_published_without_single_rows(tmp_path, capsys):
    """Counts and shares stay, rows do not; a list of single problems cannot be published."""
    assert cli.run(["check", "anytown", "--publish", "--out", str(tmp_path / "all")]) == 0
    said = capsys.readouterr().out
    assert "rows can be used" in said
    assert {path.name for path in (tmp_path / "all").iterdir()} == {
        "check_published.html",
        "check_published.xlsx",
        "findings_published.csv",
    }
    assert cli.run(["check", "anytown", "--publish", "--out", str(tmp_path / "each.csv")]) == 1
    assert not (tmp_path / "each.csv").exists()

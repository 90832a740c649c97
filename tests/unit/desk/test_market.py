"""insource market from end to end on the made-up place: figures by hand, files written, nobody named, faults told."""

import csv
import json
from importlib.resources import files
from pathlib import Path

import fastexcel
import openpyxl
import pytest

from insource.cli.main import run
from insource.desk.market import reading, tool
from insource.desk.settings import settings

ANYTOWN = Path(str(files("insource").joinpath("data", "places", "anytown")))
PAYMENTS, CONTRACTS, CQC = (ANYTOWN / f"market_{name}.csv" for name in ("payments", "contracts", "cqc"))


@pytest.fixture(scope="module")
def result():
    """What the tool says about Anytown."""
    given = reading.Given((PAYMENTS,), (), (CONTRACTS,), CQC, areas=("Anytown",))
    return tool.analyse(reading.read_all(given), settings("market"))


def one(result, code, subject):
    """The finding of a code about a subject."""
    return next(found for found in result.by_code()[code] if found.subject.startswith(subject))


@pytest.mark.worked
def test_anytown_by_hand(result):
    """The figures of the page, from the rows of the files."""
    assert one(result, "market_concentrated", "Home care").pounds == pytest.approx(26_400 + 7_800 + 18_480)
    gone = one(result, "market_supplier_gone", "EXAMPLE HOME CARE 3")
    assert gone.pounds == pytest.approx(6 * 1260 + 6 * 1300)
    assert len(gone.rows) == 12
    lags = one(result, "market_price_lags", "Home care")
    assert lags.pounds == pytest.approx(52_680 * ((1 + 0.707 * (1144 / 950 - 1)) / 1.1 - 1))
    assert one(result, "market_names_withheld", "names").pounds == pytest.approx(12 * (600 + 550))
    assert one(result, "market_locked_in", "the coming").pounds == pytest.approx(26_000 + 18_000, rel=1e-4)
    assert one(result, "market_contract_ends", "Home care, north").rows == ("market_contracts.csv:2",)
    assert one(result, "market_contract_over", "Example Home Care 4").pounds == pytest.approx(18_480)
    assert "market_contract_over" not in {
        f.code for f in result.findings if f.subject.startswith("EXAMPLE HOME CARE 3")
    }
    assert one(result, "market_rating_low", "Example Supported Living 2").pounds == pytest.approx(18_000)
    assert one(result, "market_not_rated", "all").pounds == pytest.approx(18_480)
    assert one(result, "market_rating_old", "all").pounds == pytest.approx(26_400)


@pytest.mark.worked
def test_rows_lead_to_the_file(result):
    """Every row a finding refers to is a payment to that supplier."""
    with PAYMENTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    for reference in one(result, "market_supplier_gone", "EXAMPLE HOME CARE 3").rows:
        name, _, number = reference.rpartition(":")
        assert name == PAYMENTS.name
        assert rows[int(number) - 1][2] == "EXAMPLE HOME CARE 3 LIMITED"


@pytest.mark.worked
def test_spend_adds_up(result):
    """Streams, months and suppliers have the same total: the payments of the file that are for care."""
    with PAYMENTS.open(encoding="utf-8", newline="") as file:
        total = sum(
            float(row["Net Amount"].replace(",", ""))
            for row in csv.DictReader(file)
            if row["Directorate"] != "Property"
        )
    for name in ("Years", "Months", "Suppliers"):
        assert result.sheet(name).frame["pounds"].sum() == pytest.approx(total), name


@pytest.mark.worked
def test_nobody_is_named(result):
    """The person on a direct payment is in no part of the result."""
    assert "Sample" not in result.to_json()


@pytest.mark.worked
def test_files_written_open_in_another_program(tmp_path, capsys):
    """Page, workbook (two readers), findings, matches; the same money in all; decisions go back in."""
    out = tmp_path / "out"
    assert run(["market", str(PAYMENTS), "--providers", str(CQC), "--out", str(out)]) == 0
    page = (out / "market.html").read_text(encoding="utf-8")
    assert "Example Home Care 2 Ltd" in page
    assert "Sample J" not in page
    book = openpyxl.load_workbook(out / "market.xlsx")
    names = [name for name in book.sheetnames if name.lower() == "years"]
    cells = [cell.value for row in book[names[0]].iter_rows() for cell in row]
    assert 48_000 in cells
    assert "Sample J" not in "".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    assert fastexcel.read_excel(str(out / "market.xlsx")).sheet_names == book.sheetnames
    matches = (out / "market_matches.csv").read_text(encoding="utf-8")
    assert "Sample" not in matches
    row = next(line for line in matches.splitlines() if line.startswith("example home care 2,"))
    assert row.endswith(",,")
    (out / "market_matches.csv").write_text(matches.replace(row, row[:-1] + "no,50000"), encoding="utf-8")
    capsys.readouterr()
    again = ["market", str(PAYMENTS), "--providers", str(CQC), "--decisions", str(out / "market_matches.csv"), "--json"]
    assert run(again) == 0
    said = json.loads(capsys.readouterr().out)
    subjects = {(found["code"], found["subject"]) for found in said["findings"]}
    assert ("market_supplier_depends", "Example Home Care 2 Ltd") in subjects
    assert "market_rating_old" not in {code for code, _ in subjects}


@pytest.mark.worked
def test_incomes_are_not_published(tmp_path, capsys):
    """What the user knows of a supplier's income is used inside and never in what is published."""
    decisions = tmp_path / "d.csv"
    decisions.write_text(
        "supplier,provider_id,decision,turnover_pounds\nexample home care 2,,,50000\n", encoding="utf-8"
    )
    found = []
    for more in ([], ["--publish"]):
        assert run(["market", str(PAYMENTS), "--decisions", str(decisions), "--json", *more]) == 0
        found.append("market_supplier_depends" in capsys.readouterr().out)
    assert found == [True, False]


@pytest.mark.worked
def test_a_proposed_mapping_gives_the_same_result(tmp_path, capsys):
    """What is proposed and confirmed is what would have been used."""
    mapping = tmp_path / "m.yaml"
    assert run(["market", str(PAYMENTS), "--propose", str(mapping)]) == 0
    capsys.readouterr()
    results = []
    for more in ([], ["--mapping", str(mapping)]):
        assert run(["market", str(PAYMENTS), "--json", *more]) == 0
        said = json.loads(capsys.readouterr().out)
        results.append((said["findings"], said["summary"]))
        assert any("not confirmed" in setting["source"] for setting in said["settings"]) == (not more)
    assert results[0] == results[1]


@pytest.mark.worked
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], "nothing_to_read"),
        (["nowhere.csv"], "no_such_file"),
        ([str(PAYMENTS), "--as-of", "soon"], "unreadable_date"),
        ([str(PAYMENTS), "--set", "jump=1"], "unknown_setting"),
        ([str(PAYMENTS), "--providers", str(CQC), "--area", "Nowhere"], "no_such_area"),
        ([str(PAYMENTS), "--mapping", "nowhere.yaml"], "no_such_file"),
        ([str(CONTRACTS)], "role_not_found"),
        ([str(PAYMENTS), "--providers", str(CONTRACTS)], "wrong_file"),
    ],
)
def test_faults_are_told_of(arguments, code, capsys, tmp_path, monkeypatch):
    """Exit 1, one clear message, no traceback."""
    monkeypatch.chdir(tmp_path)
    assert run(["market", *arguments]) == 1
    said = capsys.readouterr().err
    assert f"[{code}]" in said
    assert "Traceback" not in said

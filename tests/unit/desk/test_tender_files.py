"""What the tender laboratory reads: templates, workbooks, published releases; every fault said; no input breaks it."""

import json
import os
import random
import re
import shutil
from importlib.resources import files
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insource.cli.main import run
from insource.desk.tender.choices import choose
from insource.desk.tender.templates import HELP, write_examples, write_templates
from insource.desk.tender.tool import read_files, tender
from insource.errors import InputError
from insource.records import bids_file, evaluation_file, ocds
from insource.records.evaluation_file import Evaluation
from insource.report.desk_page import render_page

EXAMPLES = Path(str(files("insource").joinpath("data", "desk", "tender")))
FUZZ_CASES = int(os.environ.get("INSOURCE_FUZZ_CASES", "200"))
HEAD = "Lot,Bidder,Price,Quality,Status"


def bids(folder, *rows, head=HEAD):
    path = folder / "bids.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.mark.worked
@pytest.mark.parametrize(
    ("row", "code", "is_used"),
    [
        ("1,Odd,,70,valid", "missing_value", False),
        ("1,,20,70,valid", "missing_value", False),
        ("1,Odd,about 20,70,valid", "not_a_figure", False),
        ("1,Odd,0,70,valid", "price_not_positive", False),
        ("1,Odd,250,70,valid", "price_not_hourly", True),
        ("1,Odd,250000,70,valid", "price_not_an_hour", False),
        ("1,Odd,20,170,valid", "marks_out_of_range", False),
        ("1,Odd,20,,valid", "no_marks", True),
        ("1,Odd,20,70,vald", "unknown_status", False),
        ("1,Plain,20,70,valid", "bid_twice", False),
        ("1,Odd,20", "short_row", False),
    ],
)
def test_each_fault_is_said_with_its_row(tmp_path, row, code, is_used):
    """Its code, its row, and nothing else; the plain row is used in any case."""
    file = bids_file.read(bids(tmp_path, "1,Plain,22,60,valid", row))
    assert [(one.code, one.row) for one in file.log.each()] == [(code, 3)]
    used = file.frame.filter("is_usable")["row"].to_list()
    assert used == ([2, 3] if is_used else [2])


@pytest.mark.worked
def test_a_missing_column_is_named_with_the_near_miss(tmp_path, capsys):
    """Exit status 1, one message, no traceback."""
    path = bids(tmp_path, "1,A,20,70,valid", head="Lot,Bidder,Pryce,Quality,Status")
    assert run(["tender", str(path)]) == 1
    said = capsys.readouterr().err
    assert "is 'Pryce' meant?" in said
    assert "[missing_column]" in said


@pytest.mark.worked
def test_a_workbook_reads_as_the_csv_does(tmp_path):
    """The same bids from Excel: same prices, marks and row numbers; a fault has the row of the sheet."""
    write_templates(tmp_path)
    book = openpyxl.load_workbook(tmp_path / "bids.xlsx")
    page = book["Bids"]
    headings = [cell.value for cell in page[1]]
    for number, (name, price, marks) in enumerate(
        [("Ash", 20, 70), ("Birch", "dear", 80), ("Cedar", 10.5, 15)], start=2
    ):
        page.cell(number, headings.index("Bidder") + 1, name)
        page.cell(number, headings.index("Price an hour (pounds)") + 1, price)
        page.cell(number, headings.index("Quality marks (0 to 100)") + 1, marks)
    book.save(tmp_path / "bids.xlsx")
    file = bids_file.read(tmp_path / "bids.xlsx")
    assert [(one.code, one.row) for one in file.log.each()] == [("not_a_figure", 3)]
    assert file.frame.select("row", "bidder", "price", "quality", "is_usable").rows() == [
        (2, "Ash", 20.0, 70.0, True),
        (3, "Birch", None, 80.0, False),
        (4, "Cedar", 10.5, 15.0, True),
    ]
    assert [problem.file for problem in file.log.each()] == ["bids.xlsx"]


@pytest.mark.worked
def test_templates_say_what_each_column_is(tmp_path):
    """CSV and workbook have every column; the evaluation model in the template is one; an empty one has no bids."""
    written = write_templates(tmp_path)
    assert [path.name for path in written] == ["bids.csv", "bids.xlsx", "evaluation.yaml"]
    assert set(HELP) == {column.name for column in bids_file.COLUMNS}
    assert evaluation_file.read(tmp_path / "evaluation.yaml").numbers["price_weight"] == 0.5
    with pytest.raises(InputError, match="no rows below"):
        bids_file.read(tmp_path / "bids.csv")
    names = {path.name for path in write_examples(tmp_path / "examples")}
    assert {"against_lowest.csv", "anytown_ocds.json"} <= names


@pytest.mark.worked
def test_every_fault_of_an_evaluation_model_is_said_at_once(tmp_path):
    """Unknown key with its near miss, unknown formula, a weight in per cent, a should-cost without a reason."""
    path = tmp_path / "evaluation.yaml"
    path.write_text("price_wieght: 0.5\nformula: lowest\nprice_weight: 60\nshould_cost:\n  travel_minutes: 9\n")
    with pytest.raises(InputError) as refused:
        evaluation_file.read(path)
    said = str(refused.value)
    assert len(refused.value.problems) == 4
    assert "write 'price_weight'" in said
    assert "0 to 1" in said
    assert "reason" in said


@pytest.mark.worked
def test_published_bids_become_prices_of_an_hour():
    """By hand: 5,012,800 over 1,460 days of 52,000 hours a year is 24.12; marks come from a file of their own."""
    read = read_files([EXAMPLES / "anytown_ocds.json", EXAMPLES / "anytown_marks.csv"])
    result = tender(read, choose(Evaluation(), hours=52_000))
    frame = result.sheet("Bids").frame
    assert frame["price"][0] == pytest.approx(5_012_800 / ((1460 / 365.25) * 52_000))
    assert frame["marks"].to_list() == [62.0, 71.0, 66.0]
    assert result.sheet("Notices").frame["price_weight"].to_list() == [0.4]
    without = tender(read, choose(Evaluation()))
    assert without.sheet("Bids").frame["price"][0] == 5_012_800
    assert any("whole contract" in line for line in without.exclusions[4:])
    assert "below_statutory_floor" not in without.by_code()  # a price of a whole contract has no should-cost


@pytest.mark.worked
def test_faults_in_releases_are_said(tmp_path):
    """Another currency, no amount, an unknown status, a bid twice; the later of two releases counts."""
    content = json.loads((EXAMPLES / "anytown_ocds.json").read_text())
    release = content["releases"][0]
    details = release["bids"]["details"]
    details += [
        {"id": "E", "status": "valid", "tenderers": [{"id": "a"}], "value": {"amount": 5, "currency": "EUR"}},
        {"id": "F", "status": "valid", "tenderers": [{"id": "a"}], "value": {"currency": "GBP"}},
        {"id": "G", "status": "lost", "tenderers": [{"id": "a"}], "value": {"amount": 5, "currency": "GBP"}},
        dict(details[0]),
        {"id": "H", "status": "invited", "tenderers": [{"id": "a"}]},
        {"id": "I", "submissionType": "expressionOfInterest", "tenderers": [{"id": "a"}]},
    ]
    content["releases"].append(release | {"id": "0", "date": "2025-05-01T00:00:00Z"})
    path = tmp_path / "releases.json"
    path.write_text(json.dumps(content))
    file = ocds.read(path)
    assert {one.code for one in file.log.each()} == {"not_pounds", "bad_amount", "unknown_status", "bid_twice"}
    result = tender(read_files([path, EXAMPLES / "anytown_marks.csv"]), choose(Evaluation()))
    assert result.sheet("Bids").frame["row"].to_list() == ["releases.json:1"] * 3


@pytest.mark.worked
def test_bidders_are_not_named_in_what_is_published(tmp_path, capsys):
    """Nowhere in the page, the workbook, the list of findings or the terminal."""
    path = EXAMPLES / "anytown_bids.csv"
    assert run(["tender", str(path), "--publish", "--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    texts = [said, *((tmp_path / name).read_text() for name in ("tender_published.html", "findings_published.csv"))]
    book = openpyxl.load_workbook(tmp_path / "tender_published.xlsx")
    texts += [str(cell.value) for page in book for row in page.iter_rows() for cell in row]
    for name in ("Clover", "Alder", "Bramble", "Dogwood", "Fern", "Gorse", "Elder"):
        assert not any(name in text for text in texts), name
    assert "bidder 1" in said
    assert not {"Prices", "Questions"} & set(book.sheetnames)
    assert not any(re.search(r"csv:\d", text) for text in texts)


@pytest.mark.worked
def test_json_is_json(capsys):
    """Also where a chance or a score is no number."""
    assert run(["tender", str(EXAMPLES / "anytown_bids.csv"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert {sheet["name"] for sheet in said["sheets"]} >= {"Bids", "Winners", "Should-cost"}
    assert said["findings"]


@pytest.mark.worked
def test_the_same_bidder_in_two_files_is_refused(tmp_path):
    """Nothing is counted twice unnoticed."""
    one = bids(tmp_path, "1,Ash,20,70,valid")
    two = shutil.copy(one, tmp_path / "again.csv")
    with pytest.raises(InputError, match="another file"):
        tender(read_files([one, two]), choose(Evaluation()))


@pytest.mark.worked
def test_cells_cannot_become_formulas(tmp_path):
    """A bidder called =1+1 stays text in workbook and list of findings."""
    path = bids(tmp_path, "1,=1+1,15,70,valid", "1,Birch,25,60,valid", "1,Cedar,26,65,valid")
    assert run(["tender", str(path), "--out", str(tmp_path / "out")]) == 0
    book = openpyxl.load_workbook(tmp_path / "out" / "tender.xlsx")
    cells = [cell for row in book["Bids"].iter_rows() for cell in row if cell.value and "1+1" in str(cell.value)]
    assert cells
    assert all(cell.data_type != "f" for cell in cells)


def is_survived(paths, draws=False):
    """It gives a result or says what is wrong; anything else is a fault."""
    problems = []
    try:
        read = read_files(paths)
        result = tender(read, choose(read.evaluation, given={"tenders_tried": 100}))
    except InputError as error:
        problems = error.problems
    assert all(problem.todo and problem.what for problem in problems)
    if problems:
        return
    assert result.summary
    if draws:
        render_page(result)


def mutated(content, luck):
    """The bytes with some cut out, doubled, replaced or put elsewhere."""
    content = bytearray(content)
    for _ in range(luck.randint(1, 4)):
        start = luck.randrange(len(content) + 1)
        end = min(start + luck.choice((1, 1, 2, 5, 20, 200)), len(content))
        piece = luck.choice(
            (b"", b'"', b",", b"\n", b"-", b"9999999999999", b"nan", b"null", b"[]", b"{", b"\xff", b"\0", b"0")
        )
        kind = luck.randrange(4)
        if kind == 0:
            del content[start:end]
        elif kind == 1:
            content[start:end] = piece
        elif kind == 2:
            content[start:start] = bytes(content[start:end])
        else:
            content[start:start] = piece
        if not content:
            content = bytearray(b" ")
    return bytes(content)


@pytest.mark.property
def test_no_mutated_file_breaks_it(tmp_path):
    """Every example with bytes changed; INSOURCE_FUZZ_CASES says how many."""
    write_templates(tmp_path / "templates")
    sources = [*sorted(EXAMPLES.iterdir()), tmp_path / "templates" / "bids.xlsx"]
    for case in range(FUZZ_CASES):
        luck = random.Random(case)
        source = sources[case % len(sources)]
        path = tmp_path / f"case{source.suffix}"
        path.write_bytes(mutated(source.read_bytes(), luck))
        try:
            is_survived([path], draws=case % 25 == 0)
        except Exception as fault:
            raise AssertionError(f"case {case}, {source.name}: {type(fault).__name__}") from fault


cell = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True).map(str),
    st.integers().map(str),
    st.sampled_from(["", "valid", "A", "B", "£20", "1,000", "-0", "1e5", "=1+1", "\u0661\u0662", "12.5.1", " "]),
)


@pytest.mark.property
@settings(max_examples=max(FUZZ_CASES // 6, 25), deadline=None)
@given(rows=st.lists(st.tuples(cell, cell, cell, cell, cell, cell), min_size=1, max_size=6))
def test_no_cells_break_it(tmp_path_factory, rows):
    """Any texts in the columns of the template."""
    folder = tmp_path_factory.getbasetemp() / "cells"
    folder.mkdir(exist_ok=True)
    quoted = [",".join(f'"{one}"' for one in row) for row in rows]
    is_survived([bids(folder, *quoted, head="Lot,Bidder,Price,Quality,Hours a year,Travel minutes")])


junk = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=6,
)
KEYS = ("tender", "bids", "awards", "parties", "buyer", "tag", "date", "ocid")


@pytest.mark.property
@settings(max_examples=max(FUZZ_CASES // 6, 25), deadline=None)
@given(key=st.sampled_from(KEYS), value=junk, amount=junk, lots=junk)
def test_no_release_breaks_it(tmp_path_factory, key, value, amount, lots):
    """Any JSON in the place of what the standard has there."""
    content = json.loads((EXAMPLES / "anytown_ocds.json").read_text())
    release = content["releases"][0]
    release["bids"]["details"][0]["value"] = {"amount": amount}
    release["bids"]["details"][1]["relatedLots"] = lots
    release[key] = value
    path = tmp_path_factory.getbasetemp() / "junk.json"
    path.write_text(json.dumps(content))
    is_survived([path])

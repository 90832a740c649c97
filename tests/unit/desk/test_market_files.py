"""Readers of published payments, contract registers and the CQC's file; mapping and decisions; planted faults."""

import csv
from datetime import date

import polars as pl
import pytest
import xlsxwriter

from insource.desk.market.reading import files_of
from insource.errors import InputError
from insource.records import (
    contract_register,
    council_headings,
    cqc_locations,
    market_decisions,
    market_mapping,
    market_proposal,
    payments,
)
from insource.records.market_mapping import Condition, Mapping
from insource.records.supplier_names import INDIVIDUALS

pytestmark = pytest.mark.worked
HEADER = (
    "Payment Date,Supplier Name,Supplier ID,Net Amount,Directorate,Purpose of Spend,Transaction Number,Creditor Type"
)
OAK = '01/04/2024,Oak Care Ltd,7,"1,250.00",Adults,Home care,ABCDOM1,LTD'


def write(folder, text, name="p.csv"):
    """A file of this text."""
    path = folder / name
    path.write_text(text + "\n", encoding="utf-8")
    return path


def proposed(*paths, kind="payments"):
    """The mapping proposed for files of one kind."""
    return market_proposal.propose(market_proposal.Given(**{"payments": (), kind: tuple((p, p.name) for p in paths)}))[
        0
    ]


def read(path):
    """The payments of one file by the mapping proposed for it."""
    return payments.read(path, proposed(path), 0)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        *(
            (text, date(2024, 3, 31))
            for text in ("31/03/2024", "2024-03-31", "2024-03-31 00:00:00", "31-Mar-24", "31 March 2024")
        ),
        *((text, date(2024, 3, 1)) for text in ("2024-03", "Mar-24", "March 2024")),
        *((text, None) for text in ("", "03/31/2024", "31/13/2024", "soon", "1824-03-31", "45382")),
    ],
)
def test_days(text, day):
    """Day first, or year first, or a month; nothing is guessed."""
    frame = pl.DataFrame({"d": [text]}).select(payments.day("d"))
    assert frame["d"][0] == day


@pytest.mark.parametrize(
    ("text", "pounds"),
    [
        *(
            ("1234.5", 1234.5),
            (" 1,234.50 ", 1234.5),
            ("£1,234.50", 1234.5),
            ("(12.00)", -12),
            ("-12", -12),
            ("12-", -12),
        ),
        *(
            ("12CR", -12),
            ("+12", 12),
            (".5", 0.5),
            ("", None),
            ("12.3.4", None),
            ("1e5", None),
            ("n/a", None),
            ("=1+1", None),
        ),
    ],
)
def test_amounts(text, pounds):
    """Signs, separators and brackets are understood; what is no amount is none."""
    frame = pl.DataFrame({"p": [text]}).select(payments.pounds("p"))
    assert frame["p"][0] == pounds


def test_payments_by_hand(tmp_path):
    """An organisation, a person and a withheld name; a stream by words; another stream left out."""
    rows = [OAK, "02/04/2024,Smith J,8,600,Adults,Home care,X1,", "03/04/2024,REDACTED,,700,Adults,Direct payments,X2,"]
    file = read(write(tmp_path, "\n".join([HEADER, *rows, "04/04/2024,Road Ltd,9,900,Roads,Tar,X3,LTD"])))
    assert file.rows == 4
    assert file.frame["pounds"].to_list() == [1250, 600, 700, 900]
    assert file.frame["stream"].to_list() == ["Home care", "Home care", "Direct payments", None]
    assert file.frame["name"].to_list() == ["Oak Care Ltd", INDIVIDUALS, INDIVIDUALS, "Road Ltd"]
    assert file.frame["key"].to_list() == ["number 7", "number 8", "", "number 9"]
    assert file.frame["row"].to_list() == [2, 3, 4, 5]


def test_bad_rows_are_told_of_and_left_out(tmp_path):
    """By row and column, with nothing personal; the good row is kept."""
    bad = "soon,Oak Care Ltd,7,100,Adults,Home care,X,LTD\n01/04/2024,Oak Care Ltd,7,lots,Adults,Home care,X,LTD"
    file = read(write(tmp_path, f"{HEADER}\n{OAK}\n{bad}"))
    assert [(one.code, one.row, one.column) for one in file.log.each()] == [
        ("unreadable_date", 3, "date"),
        ("unreadable_amount", 4, "amount"),
    ]
    assert file.frame.height == 1


def test_dates_with_the_month_first_refuse_the_file(tmp_path):
    """One date that can only be read so puts all others in doubt."""
    path = write(tmp_path, f"{HEADER}\n{OAK}\n{OAK.replace('01/04/2024', '04/25/2024')}")
    with pytest.raises(InputError, match="month first"):
        read(path)


def test_a_file_without_a_needed_column_says_which(tmp_path):
    """What is missing, what is there, what would do, what to do."""
    path = write(tmp_path, "Supplier Name,Purpose,When\nOak Care Ltd,Home care,01/04/2024")
    with pytest.raises(InputError) as caught:
        proposed(path)
    assert {problem.column for problem in caught.value.problems} == {"date", "amount"}
    assert "--mapping" in caught.value.problems[0].todo


def test_a_family_of_payment_numbers_makes_streams(tmp_path):
    """ABCDOM and ABCRES are of one family; a lone XYZDAY is chance."""
    rows = [OAK, OAK.replace("ABCDOM", "ABCRES"), OAK.replace("ABCDOM", "XYZDAY")]
    mapping = proposed(write(tmp_path, "\n".join([HEADER, *[row.replace("Home care", "Care") for row in rows]])))
    assert mapping.streams == {
        "Home care": (Condition("payment", "begins", "ABCDOM"),),
        "Care homes": (Condition("payment", "begins", "ABCRES"),),
    }


def test_an_unknown_heading_is_proposed_with_its_likeness():
    """'Suppliers Name' is like a known one and no more; a wording that is known is certain."""
    found = council_headings.propose("payments", ["Date", "Net Amount", "Suppliers Name", "Colour"])
    assert found["supplier"].heading == "Suppliers Name"
    assert 80 <= found["supplier"].likeness < 100
    assert found["date"].likeness == 100
    assert "Colour" not in {one.heading for one in found.values()}


def test_a_mapping_comes_back_as_it_was_written(tmp_path):
    """Also with quotation marks in headings."""
    mapping = Mapping(
        {"payments": {"date": ("Paid",), "amount": ("Council's net", "Net")}, "suppliers": {}, "contracts": {}},
        {"Home care": (Condition("purpose", "holds", "home care"), Condition("code", "is", "5701"))},
        (Condition("service", "holds", "children's"),),
        (Condition("kind", "is", "indv"),),
        (),
        "m.yaml",
    )
    path = tmp_path / "m.yaml"
    path.write_text(market_mapping.as_yaml(mapping, {"payments.date": "why"}), encoding="utf-8")
    assert market_mapping.read(path) == mapping


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("paiments: {}", "unknown_key"),
        ("payments: {dat: [x]}", "unknown_role_of_a_column"),
        ("payments: {date: 5}", "mapping_shape"),
        ("streams: [a]", "mapping_shape"),
        ("streams: {Home care: [{column: purpose, like: x}]}", "mapping_shape"),
        ("streams: {Home care: [{column: colour, is: x}]}", "mapping_shape"),
        ("leave_out: {a: b}", "mapping_shape"),
    ],
)
def test_faults_of_a_mapping(tmp_path, text, code):
    """Each is one problem with its code."""
    with pytest.raises(InputError) as caught:
        market_mapping.read(write(tmp_path, text, "m.yaml"))
    assert [problem.code for problem in caught.value.problems] == [code]


def test_a_register_by_hand(tmp_path):
    """The total over four whole years; an extension in force; an option; faults noted and nothing guessed."""
    header = "Contract Title,Supplier Name,Annual Value,Total Contract Value,Start Date,End Date,Current Expiry Date,"
    rows = [
        "Home care,Oak Care Ltd,,72000,01/04/2023,31/03/2027,,12",
        "Home care,Mr J Smith,500,,01/04/2023,31/03/2024,31/03/2025,0",
        "Placement of Mrs Jones,Oak Care Ltd,x,,01/04/2023,rolling,,",
        "Day care,Oak Care Ltd,100,,01/04/2023,01/04/2022,,",
    ]
    path = write(tmp_path, "\n".join([header + "Option to extend (months)", *rows]))
    file = contract_register.read(path, proposed(path, kind="contracts"), 0)
    first, second, third, fourth = file.frame.to_dicts()
    assert first["annual_pounds"] == pytest.approx(18_000, rel=1e-3)
    assert first["longest_day"] == date(2028, 3, 31)
    assert (second["last_day"], second["supplier"]) == (date(2025, 3, 31), INDIVIDUALS)
    assert (third["last_day"], third["annual_pounds"]) == (None, None)
    assert "Jones" not in str(third)
    assert fourth["last_day"] is None
    assert {(one.code, one.row) for one in file.log.each()} == {
        ("unreadable_amount", 4),
        ("no_contract_value", 4),
        ("no_end_date", 4),
        ("ends_before_it_starts", 5),
    }


CQC = [
    *("Location ID", "Location Name", "Dormant (Y/N)", "Location Latest Overall Rating", "Publication Date"),
    *("Provider ID", "Provider Name", "Provider Ownership Type", "Provider Charity Number", "Registered manager"),
]
PLACES = [
    ["1-1", "Oak House", "N", "Good", "31/03/2021", "P1", "Oak Care Ltd", "Organisation", "", "Somebody Real"],
    ["1-2", "Mr Ash", "N", "", "", "P2", "Mr John Ash", "Individual", "", ""],
    ["1-3", "Elm", "Y", "Good", "31/03/2021", "P3", "Elm Trust", "Organisation", "123", ""],
    ["1-4", "Fir", "N", "Goodish", "", "P4", "Fir Trust", "Organisation", "123", ""],
    ["1-1", "Oak House", "N", "Good", "31/03/2021", "P1", "Oak Care Ltd", "Organisation", "", ""],
    ["1-5", "Hall", "N", "Inadequate", "2022-01-01", "P5", "Anytown Borough Council", "Organisation", "", ""],
]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_register_of_the_commission(tmp_path, ending):
    """The same from CSV and from a workbook with another sheet and a title above; dormant, double and people."""
    path = tmp_path / f"cqc.{ending}"
    if ending == "csv":
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([CQC, *PLACES])
    else:
        book = xlsxwriter.Workbook(path)
        book.add_worksheet("Notes").write(0, 0, "nothing")
        sheet = book.add_worksheet("HSCA_Active_Locations")
        for number, row in enumerate([["Active locations"], CQC, *PLACES]):
            sheet.write_row(number, 0, row)
        book.close()
    found = cqc_locations.read(path)
    assert found.frame["location_id"].to_list() == ["1-1", "1-2", "1-4", "1-5"]
    assert found.frame["rating"].to_list() == ["Good", "not rated", "not rated", "Inadequate"]
    assert found.frame["owner"].to_list() == ["company", "person or partnership", "voluntary", "council"]
    assert found.frame["published"].to_list() == [date(2021, 3, 31), None, None, date(2022, 1, 1)]
    assert [(one.code) for one in found.log.each()] == ["unknown_rating", "duplicate_location"]
    assert not {"Ash", "Somebody"} & set(str(found.frame.to_dicts()).split())
    assert found.frame["provider"].to_list() == ["Oak Care Ltd", "", "Fir Trust", "Anytown Borough Council"]


def test_decisions_come_back(tmp_path):
    """What was written can be filled in and read; a cell like a formula is made safe and read as it was."""
    proposals = pl.DataFrame(
        [
            dict.fromkeys((*market_decisions.NAMES, *market_decisions.EDITED), None)
            | {"supplier": "=oak", "decision": "no"}
        ],
        schema=dict.fromkeys((*market_decisions.NAMES, *market_decisions.EDITED), pl.String),
    ).with_columns(turnover_pounds=pl.lit("1,000"))
    path = tmp_path / "d.csv"
    market_decisions.write(path, proposals)
    assert "'=oak" in path.read_text()
    decisions, log, rows = market_decisions.read(path)
    assert decisions == {"=oak": market_decisions.Decision("no", "", 1000.0)}
    assert (rows, log.is_unusable()) == (1, False)


def test_an_unknown_decision_is_refused(tmp_path):
    """One clear problem."""
    path = write(tmp_path, "supplier,provider_id,decision,turnover_pounds\noak,P1,perhaps,")
    _, log, _ = market_decisions.read(path)
    assert [one.code for one in log.each()] == ["unknown_decision"]


def test_only_payments_of_a_folder_are_read(tmp_path):
    """Care records and a text beside payments are left alone; a folder of nothing else is refused in one message."""
    write(tmp_path, "What this is, and is not.", "README.txt")
    care = write(tmp_path, "LA Code,NHS Number,Event Type,Event Start Date,Service Type\n1,2,Service,x,y", "care.csv")
    with pytest.raises(InputError) as caught:
        files_of([tmp_path])
    assert [problem.code for problem in caught.value.problems] == ["no_tables"]
    assert care.name in str(caught.value)
    paid = write(tmp_path, HEADER + "\n" + OAK)
    odd = write(tmp_path, "Wann,Wer,Wieviel,Wof\u00fcr\n1,2,3,4", "unknown.csv")
    assert files_of([tmp_path]) == (paid, odd)

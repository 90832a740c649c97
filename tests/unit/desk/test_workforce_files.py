"""Reading ASC-WDS files and pay lists: what is kept, what is noted, and what never leaves the file."""

import csv
import io
import random
import re
from datetime import date
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest

from insource.errors import InputError
from insource.records import pay_list, workforce_files
from insource.records.ascwds_format import codes, layout

pytestmark = pytest.mark.worked
ANYTOWN = Path(str(files("insource").joinpath("data", "places", "anytown")))
DAY = date(2025, 4, 1)


def written(folder, name, changes=(), kind="worker"):
    """A copy of the example file with cells changed: (row as a spreadsheet numbers it, heading, text)."""
    source = ANYTOWN / f"ascwds_{kind}.csv"
    rows = list(csv.reader(io.StringIO(source.read_text(encoding="utf-8"))))
    for row, heading, text in changes:
        rows[row - 1][rows[0].index(heading)] = text
    path = folder / name
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


def noted(read):
    """Every problem of every file as (code, row, column)."""
    return {(problem.code, problem.row, problem.column) for file in read.files for problem in file.log.each()}


def test_the_example_by_hand():
    """Twelve workers of four workplaces: 38,000 a year for 37 hours is 38000 * 7 / 365 / 37 = 19.70 an hour."""
    read = workforce_files.read([ANYTOWN], DAY)
    assert read.workers.height == 12
    assert sorted(read.workers["sector"].to_list()) == ["council"] * 3 + ["private"] * 7 + ["voluntary"] * 2
    manager = read.workers.row(by_predicate=pl.col("role") == "Registered manager", named=True)
    assert manager["pay_pounds"] == pytest.approx(38000 * 7 / 365 / 37)
    assert manager["is_pay_derived"]
    assert not manager["is_direct_care"]
    assert read.workers["is_zero_hours"].sum() == 4
    assert read.counts.select("starters", "leavers", "vacancies").sum().row(0) == (3.0, 3.0, 2.0)
    private = read.workplaces.filter(pl.col("workplace") == "B1").row(0, named=True)
    assert (private["leavers_to_care"], private["leavers_of_known_reason"]) == (1.0, 2.0)
    assert noted(read) == set()


def test_nothing_personal_is_read():
    """National Insurance number, date of birth, postcode, gender and the worker's own number are in no table.

    A pseudonym may by chance hold the digits of a year, so they are looked for as words.
    """
    read = workforce_files.read([ANYTOWN], DAY)
    everything = read.workers.write_csv() + read.workplaces.write_csv() + repr(read.files)
    for secret in ("QQ123456C", "01/01/1980", "XA1", "W12", "1980"):
        assert not re.search(rf"\b{secret}\b", everything)


@pytest.mark.parametrize(
    ("heading", "text", "code", "is_left_out"),
    [
        ("MAINJOBROLE", "99", "unknown_code", True),
        ("EMPLSTATUS", "5", "unknown_code", True),
        ("EMPLSTATUS", "", "missing_value", True),
        ("ZEROHRCONT", "maybe", "unknown_code", False),
        ("HOURLYRATE", "£1,2", "unreadable_number", False),
        ("HOURLYRATE", "1245", "unlikely_number", False),
        ("AVGHOURS", "76", "unlikely_number", False),
        ("STARTDATE", "31/02/2024", "unreadable_date", False),
        ("STARTDATE", "01/05/2031", "unlikely_date", False),
        ("LOCALESTID", "Z9", "no_such_workplace", False),
    ],
)
def test_each_fault_is_noted_where_it_is(tmp_path, heading, text, code, is_left_out):
    """One cell wrong: one problem with its row and column; the row is left out only if nothing can be done with it."""
    path = written(tmp_path, "workers.csv", [(3, heading, text)])
    read = workforce_files.read([path, ANYTOWN / "ascwds_workplace.csv"], DAY)
    assert noted(read) == {(code, 3, heading)}
    assert read.workers.height == 12 - is_left_out
    problem = next(problem for file in read.files for problem in file.log.each())
    assert problem.todo


def test_deleted_repeated_and_unknown(tmp_path):
    """DELETE leaves a row out without a problem; the second row of a worker is left out; 999 is not known."""
    changes = [(2, "STATUS", "DELETE"), (4, "UNIQUEWORKERID", "W2"), (5, "CONTHOURS", "999"), (5, "DAYSSICK", "999")]
    read = workforce_files.read([written(tmp_path, "workers.csv", changes)], DAY)
    assert noted(read) == {("duplicate_worker", 4, "UNIQUEWORKERID")}
    assert read.workers.height == 10
    assert read.workers.filter(pl.col("row") == 5).select("contract_hours", "sick_days").row(0) == (None, None)
    assert any("DELETE" in notice for file in read.files for notice in file.notices)


def test_dates_written_in_two_ways(tmp_path):
    """Among dates such as 14/09/2015 a 2024-06-03 may be 6 March: not used. 2024-06-13 can only be one day."""
    changes = [(3, "STARTDATE", "2024-06-03"), (4, "STARTDATE", "2024-06-13")]
    read = workforce_files.read([written(tmp_path, "workers.csv", changes)], DAY)
    assert noted(read) == {("mixed_dates", 3, "STARTDATE")}
    assert dict(read.workers.select("row", "started").iter_rows())[4] == date(2024, 6, 13)


def test_lists_of_a_workplace(tmp_path):
    """999 is not known; 0 stands for all roles; lists of another length, and reasons that do not add up, are noted."""
    changes = [(2, "VACANCIES", "999"), (3, "LEAVERS", "2"), (3, "STARTERS", "0"), (4, "REASONNOS", "3")]
    read = workforce_files.read([written(tmp_path, "places.csv", changes, "workplace")], DAY)
    assert noted(read) == {("unequal_lists", 3, "LEAVERS"), ("reasons_do_not_add_up", 3, "REASONNOS"),
                           ("reasons_do_not_add_up", 4, "REASONNOS")}  # fmt: skip
    by_place = read.counts.group_by("workplace").agg(pl.col("vacancies").null_count(), pl.col("starters").sum())
    assert dict(by_place.select("workplace", "vacancies").iter_rows())["A1"] == 2
    assert dict(by_place.select("workplace", "starters").iter_rows())["B1"] == 0.0


def test_pay_list_by_hand(tmp_path):
    """The template can be read as it stands: one filled, one vacant, one left for other care work."""
    path = tmp_path / "list.csv"
    path.write_text(pay_list.template(), encoding="utf-8")
    read = workforce_files.read([path], DAY)
    assert noted(read) == set()
    assert read.counts.row(0)[3:6] == (1.0, 1.0, 1.0)
    assert read.workers["post"].to_list() == ["filled", "vacant", "left"]
    assert read.workers["went_to"].to_list() == [None, None, "care"]
    path.write_text(pay_list.template().replace("13.37", "27000").replace(",left,", ",gone,"), encoding="utf-8")
    read = workforce_files.read([path], DAY)
    assert noted(read) == {("annual_pay", 2, "Pay an hour"), ("unknown_code", 4, "Post is")}


def test_refusals_say_what_to_do(tmp_path):
    """No such file, a folder without workforce files, records of another kind: one clear problem each."""
    for paths in ([tmp_path / "none.csv"], [tmp_path], [ANYTOWN / "client_level_data_2025.csv"]):
        with pytest.raises(InputError) as refused:
            workforce_files.read(paths, DAY)
        assert all(problem.todo for problem in refused.value.problems)


def test_codes_written_as_a_span():
    """46-51 in the list stands for six roles; every column of the worker file has its place."""
    assert {"46", "49", "51"} <= set(codes("MAINJOBROLE"))
    assert [column.heading for column in layout("worker").columns][:3] == ["LOCALESTID", "UNIQUEWORKERID", "STATUS"]


def test_damaged_files_never_end_in_a_traceback(tmp_path):
    """Files with bytes changed, cut or repeated at random: read, or refused with a lesson."""
    chance = random.Random(7)
    for number in range(40):
        kind = ("worker", "workplace")[number % 2]
        content = bytearray((ANYTOWN / f"ascwds_{kind}.csv").read_bytes())
        for _ in range(chance.randrange(1, 20)):
            content[chance.randrange(len(content))] = chance.choice(b'0;,"\n\x009A\xff-')
        path = tmp_path / "damaged.csv"
        path.write_bytes(bytes(content[: chance.randrange(1, len(content) + 1)]))
        try:
            workforce_files.read([path], DAY)
        except InputError as refused:
            assert refused.problems  # noqa: PT017

"""Files damaged at random, to all three staff tools: a result or a lesson, never a traceback, and nothing personal.

INSOURCE_FUZZ_CASES sets how many; some forty in the usual run, beside those of
test_fuzz.py.
"""

import json
import os
import random
from datetime import date
from importlib.resources import files
from pathlib import Path

import openpyxl
import pytest

from insource.cli.main import run
from insource.desk.care_records import open_care_records
from insource.desk.chosen import chosen, values
from insource.desk.pool_plan import fluctuation
from insource.desk.pool_plan.tool import OF_SIMULATION as OF_PLAN
from insource.desk.staff_time.tool import staff_time
from insource.desk.workforce.tool import workforce
from insource.errors import InputError
from insource.records import pay_list, weekly_hours
from insource.records.reading import open_table

pytestmark = pytest.mark.property
CASES = int(os.environ.get("INSOURCE_FUZZ_CASES", "40"))
ANYTOWN = Path(str(files("insource").joinpath("data", "places", "anytown")))
PIECES = [b"", b"0", b"-1", b"999", b";", b",", b'"', b"\n", b"\x00", b"\xff", b"31/02/2024", b"1e308", b"inf", b"nan",
          b"yes", b"12.21", b"\xc2\xa3", b"9999999999", b"19/05/1944", b"NULL", b"=1+1", b"2024-04-01"]  # fmt: skip
WEEKS = "Person number,Week,Hours\n" + "".join(
    f"P{who},2024-{1 + week // 4:02d}-{1 + 7 * (week % 4):02d},{5 + (who * week) % 7}\n"
    for who in range(4)
    for week in range(4)
)


def damaged(content, chance):
    """The file with some cells, bytes or lines changed, repeated or lost."""
    content = bytearray(content)
    for _ in range(chance.randrange(1, 12)):
        place = chance.randrange(len(content) + 1)
        match chance.randrange(4):
            case 0:
                content[place : place + chance.randrange(12)] = chance.choice(PIECES)
            case 1:
                content[place:place] = chance.choice(PIECES)
            case 2:
                lines = bytes(content).split(b"\n")
                lines.insert(chance.randrange(len(lines)), chance.choice(lines))
                content = bytearray(b"\n".join(lines))
            case _:
                cells = bytes(content).split(b",")
                cells[chance.randrange(len(cells))] = chance.choice(PIECES)
                content = bytearray(b",".join(cells))
    return bytes(content[: chance.randrange(len(content) + 1)]) if chance.random() < 0.1 else bytes(content)


def try_workforce(path):
    workforce([path], 13.0, day=date(2025, 4, 1)).published()


def try_staff_time(path):
    staff_time(open_care_records(str(path))).published()


def try_weeks(path):
    read = weekly_hours.read(open_table(path, list(weekly_hours.FORMATS.values()), path.name), b"k" * 32)
    fluctuation.measured(read.frame, {**values(chosen("pool_plan", OF_PLAN, {}, "2025-04-01")), "fewest_weeks": 3})


@pytest.mark.parametrize(
    ("name", "tries", "part"),
    [
        ("ascwds_worker.csv", try_workforce, 0.25),
        ("ascwds_workplace.csv", try_workforce, 0.25),
        ("pay_list", try_workforce, 0.2),
        ("client_level_data_2025.csv", try_staff_time, 0.15),
        ("weeks", try_weeks, 0.15),
    ],
)
def test_damaged_files(tmp_path, name, tries, part):
    """Each tool, each of its files."""
    made = {"pay_list": pay_list.template(), "weeks": WEEKS}
    content = made[name].encode() if name in made else (ANYTOWN / name).read_bytes()
    chance = random.Random(f"{name}-1")
    lessons, cases = [], max(round(CASES * part), 1)
    path = tmp_path / "records.csv"
    for _ in range(cases):
        path.write_bytes(damaged(content, chance))
        try:
            tries(path)
        except InputError as error:
            lessons.append(error)
    assert len(lessons) < cases, "some can be read"
    for error in lessons:
        assert all(problem.todo for problem in error.problems)
        assert not [secret for secret in ("Example Person", "QQ123456C", "EX00000") if secret in str(error)]


@pytest.mark.parametrize(
    "command",
    [
        ["workforce"],
        ["workforce", "no_such_file.csv"],
        ["workforce", "anytown", "--offer", "-1"],
        ["workforce", "anytown", "--day", "first of April"],
        ["workforce", "anytown", "--set", "turnover_rat=1"],
        ["staff-time", "no_such_file.csv"],
        ["staff-time", "anytown", "--social-workers", "-3"],
        ["staff-time", "anytown", "--set", "review_hours=lots"],
        ["pool-plan"],
        ["pool-plan", "anytown", "--reliability", "1"],
        ["pool-plan", "anytown", "--line", "supported_living"],
        ["pool-plan", "anytown", "--weekly", "no_such_file.csv"],
        ["pool-plan", "anytown", "--set", "planned_reliability_share=nan"],
    ],
    ids=" ".join,
)
def test_refusals_on_the_command_line(command, tmp_path, monkeypatch, capsys):
    """Exit status 1, what to do said, nothing written."""
    monkeypatch.chdir(tmp_path)
    assert run(command) == 1
    assert "what to do" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


RUNS = (
    ("workforce", "anytown", "--day", "2025-04-01", "--offer", "13.5"),
    ("staff-time", "anytown"),
    ("pool-plan", "anytown"),
)


@pytest.mark.parametrize("command", RUNS, ids=lambda one: one[0])
def test_workbook_read_by_a_second_library(command, tmp_path, capsys):
    """Every sheet of the result is there with as many rows and the same sums; a second run writes the same findings."""
    for folder in ("a", "b"):
        assert run([*command, "--out", str(tmp_path / folder), "--json"]) == 0
    said = json.loads(capsys.readouterr().out.splitlines()[0])
    [book] = (tmp_path / "a").glob("*.xlsx")
    sheets = openpyxl.load_workbook(book, read_only=True)
    for sheet in said["sheets"]:
        cells = list(sheets[sheet["name"]].iter_rows(values_only=True))
        for place, (name, column) in enumerate(sheet["columns"].items()):
            if column["kind"] in ("pounds", "hours", "number") and sheet["rows"]:
                heading = next(
                    number for number, row in enumerate(cells) if row[place] and column["label"] in str(row[place])
                )
                found = [row[place] for row in cells[heading + 1 : heading + 1 + len(sheet["rows"])]]
                meant = [row[name] for row in sheet["rows"]]
                assert sum(n or 0 for n in found) == pytest.approx(sum(n or 0 for n in meant)), (sheet["name"], name)
    one, other = ((tmp_path / folder / "findings.csv").read_bytes() for folder in ("a", "b"))
    assert one == other

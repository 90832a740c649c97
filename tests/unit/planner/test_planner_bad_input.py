"""What a team's files should not hold, through the command line: told in plain words, and the rest is planned."""

import csv

import pytest
from planner.teams import DAY, sample, write_team

from insource.cli.main import run

pytestmark = pytest.mark.worked
GOOD = ("good-1", "good-2")


def _folder(tmp_path, bad, people=(), carers=2):
    """Two visits that can be made, the bad ones, one or two carers on duty all morning."""
    window = {"days": "daily", "earliest": "09:00", "latest": "11:00", "minutes": "20", "priority": "9"}
    good = [sample("visits", 2, **window, visit=name) for name in GOOD]
    who = [sample("people", 0, usual="", gender=""), sample("people", 1, disliked=""), *people]
    staff = [sample("carers", 0, carer=f"C{k + 1}", last_minute="") for k in range(carers)]
    roster = [{"date": DAY, "carer": f"C{k + 1}", "start": "07:00", "end": "13:00"} for k in range(carers)]
    return write_team(tmp_path / "team", people=who, carers=staff, roster=roster, visits=[*good, *bad])


def _planned(folder, moves="60"):
    """The visits that are made, and why the others are not."""
    out = folder.parent / "out"
    assert run(["pool", "routes", str(folder), "--moves", moves, "--out", str(out)]) == 0
    rows = []
    for name in ("plan", "unserved"):
        with (out / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            rows.append(list(csv.DictReader(file)))
    return {row["Visit"] for row in rows[0]}, {row["visit"]: row["reason"] for row in rows[1]}


BAD = {
    "longer than any shift": ({"minutes": "600"}, "no_shift", "0 of those who fit are on duty then, 1 needed"),
    "outside all shifts": (
        {"earliest": "16:00", "latest": "17:00"},
        "no_shift",
        "2 who fit are on duty at other times",
    ),
    "unknown skill": ({"skills": "hoyst"}, "no_skill", "it takes hoyst: 0 of 2 carers can, 1 needed"),
    "four of a team of two": ({"carers": "4"}, "too_few", "it asks for 4 carers at once, and the team has 2"),
}


@pytest.mark.parametrize("name", BAD)
def test_visits_that_cannot_be(tmp_path, capsys, name):
    """Listed with the reason; the other two visits are made."""
    cells, reason, words = BAD[name]
    bad = sample("visits", 2, **({"days": "daily"} | cells), visit="bad")
    made, lost = _planned(_folder(tmp_path, [bad]))
    assert made == set(GOOD)
    assert lost == {"bad": reason}
    with (tmp_path / "out/unserved.csv").open(encoding="utf-8-sig", newline="") as file:
        assert words in next(csv.DictReader(file))["said"]
    assert "1 visit that nobody makes" in capsys.readouterr().out


def test_two_carers_asked_of_a_team_of_one(tmp_path):
    made, lost = _planned(_folder(tmp_path, [sample("visits", 2, days="daily", visit="bad", carers="2")], carers=1))
    assert (made, lost) == (set(GOOD), {"bad": "too_few"})


def test_a_window_that_ends_before_it_begins(tmp_path, capsys):
    """The row is told with its number and not used."""
    bad = sample("visits", 2, days="daily", visit="bad", earliest="12:00", latest="08:00")
    made, lost = _planned(_folder(tmp_path, [bad]))
    assert (made, lost) == (set(GOOD), {})
    assert "visits.csv" in (said := capsys.readouterr().err)
    assert "1 row: 4" in said


def test_a_person_without_a_place(tmp_path, capsys):
    """The person's visits are counted as left out; nobody is sent to the middle of nowhere."""
    nowhere = sample("people", 1, person="P9", postcode="ZZ9 9ZZ", disliked="")
    made, _ = _planned(_folder(tmp_path, [sample("visits", 2, days="daily", visit="bad", person="P9")], [nowhere]))
    assert made == set(GOOD)
    told = capsys.readouterr()
    assert "no_place" in told.err
    assert "1 visit more cannot be planned: where the person lives is not known" in told.out


def test_identifiers_that_stand_twice(tmp_path, capsys):
    """The first row counts, the second is told."""
    again = sample("visits", 2, days="daily", visit="good-1", earliest="07:00", latest="07:10")
    made, lost = _planned(_folder(tmp_path, [again], [sample("people", 1, disliked="C1")]))
    assert (made, lost) == (set(GOOD), {})
    said = capsys.readouterr().err
    assert said.count("twice") >= 2 or said.count("duplicate") >= 2


def test_ten_thousand_visits_on_one_carer(tmp_path, capsys):
    """What fits is made, the urgent ones first, and every other visit is listed with the reason."""
    many = [sample("visits", 2, visit=f"v{number}", days="daily", minutes="15") for number in range(10_000)]
    made, lost = _planned(_folder(tmp_path, many, carers=1), moves="20")
    assert set(GOOD) <= made
    assert 5 <= len(made) <= 14
    assert len(made) + len(lost) == 10_002
    assert set(lost.values()) == {"no_room"}
    assert "9,99" in capsys.readouterr().out

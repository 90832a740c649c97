"""Continuity by hand: carers, main carer, new faces, the Swedish measure, and what may be shared."""

from datetime import date, timedelta

import pytest
from planner.teams import sample, write_team

from insource.cli.main import run
from insource.planner.continuity import continuity, visits_of_log
from insource.planner.team import read_team

pytestmark = pytest.mark.worked
FIRST = date(2026, 3, 2)


def _log(who, days, visits=("P1-morning", "P1-bed")):
    """Two visits a day, by the carer that `who` names for that day and visit."""
    return [
        {
            "date": str(FIRST + timedelta(days=day)),
            "visit": visit,
            "carer": who(day, visit),
            "checked_in": "08:00",
            "checked_out": "08:30",
        }
        for day in range(days)
        for visit in visits
    ]


def _team(folder, log, usual="", **changed):
    carers = [sample("carers", 0, carer=f"C{k}") for k in range(1, 6)]
    people = [sample("people", 0, usual=usual), sample("people", 1, usual="", disliked="")]
    return write_team(folder, **({"carers": carers, "people": people, "log": log} | changed))


def test_by_hand(tmp_path):
    """14 days: C1 every morning, C2 every evening but the last two, when C3 comes; C1 and C2 are the usual ones."""

    def who(day, visit):
        return "C1" if visit == "P1-morning" else "C3" if day >= 12 else "C2"

    team = read_team(_team(tmp_path, _log(who, 14), "C1; C2"))
    found = continuity(team, visits_of_log(team))
    rows = {row["days"]: row for row in found.people.to_dicts()}
    assert set(rows) == {7, 14}
    assert [rows[days]["carers"] for days in (7, 14)] == [3, 3]
    assert rows[14]["main_carer"] == "C1"
    assert rows[14]["main_share"] == pytest.approx(14 / 28)
    assert [rows[days]["new_faces"] for days in (7, 14)] == [1, 1]
    assert rows[14]["visits_a_day"] == 2.0
    assert (found.swedish_people, found.swedish_carers) == (1, 3.0)


def test_who_came_before_is_no_new_face(tmp_path):
    """Without a list of usual carers: over 7 days the week before tells, over 14 nobody can say."""
    team = read_team(_team(tmp_path, _log(lambda day, _: "C4" if day == 13 else "C1", 14)))
    rows = {row["days"]: row for row in continuity(team, visits_of_log(team)).people.to_dicts()}
    assert rows[7]["new_faces"] == 1
    assert rows[14]["new_faces"] is None


def test_two_carers_at_one_door_are_one_visit(tmp_path):
    """Two rows of a visit on a day: two carers seen, one visit a day, so not in the Swedish measure."""
    log = [row for name in ("C1", "C2") for row in _log(lambda *_, name=name: name, 14, ("P1-morning",))]
    team = read_team(_team(tmp_path, log))
    found = continuity(team, visits_of_log(team))
    row = found.people.filter(found.people["days"] == 14).to_dicts()[0]
    assert (row["visits"], row["carers"], row["main_share"]) == (14, 2, 0.5)
    assert found.swedish_carers is None


def test_what_may_be_shared_is_about_nobody(tmp_path, capsys):
    """One person: inside the council a row, in what is shared neither the row nor the figure."""
    folder = _team(tmp_path / "team", _log(lambda *_: "C1", 14))
    assert run(["pool", "continuity", str(folder), "--out", str(tmp_path / "out")]) == 0
    assert "The Swedish measure: 1.0" in capsys.readouterr().out
    assert run(["pool", "continuity", str(folder), "--publish", "--out", str(tmp_path / "out")]) == 0
    assert "withheld" in (said := capsys.readouterr().out)
    assert "a person saw" not in said
    page = (tmp_path / "out/pool_continuity_published.html").read_text(encoding="utf-8")
    assert "P1" not in page
    assert "C1" not in page


def test_too_few_days_is_said(tmp_path, capsys):
    assert run(["pool", "continuity", str(_team(tmp_path, _log(lambda *_: "C1", 3)))]) == 1
    assert "too_few_days" in capsys.readouterr().err

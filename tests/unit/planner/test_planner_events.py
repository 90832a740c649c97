"""Events change the day they are for and no other: hospital, absence, need, cancelled and moved visits."""

from datetime import date

import pytest
from planner.teams import sample, write_team

from insource.planner.day import day_problem, visits_on
from insource.planner.events import away_on, in_hospital, on_duty
from insource.planner.team import read_team

pytestmark = pytest.mark.worked
MONDAY = date(2026, 3, 2)
ROSTER = [
    {"date": f"2026-03-0{day}", "carer": carer, "start": "07:00", "end": "21:30"}
    for day in (2, 3, 4)
    for carer in ("C1", "C2")
]


def _team(folder, *events, **changed):
    visits = [sample("visits", 0), sample("visits", 1), sample("visits", 2, days="daily")]
    return read_team(write_team(folder, **({"roster": ROSTER, "visits": visits, "events": list(events)} | changed)))


def _names(team, day):
    return visits_on(team, date(2026, 3, day))["visit"].to_list()


def test_hospital_until_the_person_returns(tmp_path):
    """With a last day the stay ends by itself, without one it goes on until a return."""
    away = {"date": "2026-03-03", "event": "hospital", "person": "P1"}
    team = _team(tmp_path / "a", away, {"date": "2026-03-05", "event": "return", "person": "P1"})
    assert [len(_names(team, day)) for day in (2, 3, 4, 5)] == [3, 1, 1, 3]
    team = _team(tmp_path / "b", away | {"last_date": "2026-03-04"})
    assert [len(_names(team, day)) for day in (2, 3, 4, 5)] == [3, 1, 1, 3]
    assert in_hospital(team.events, date(2026, 3, 4)) == {"P1"}


def test_need_cancelled_and_moved(tmp_path):
    """Longer on its day only; cancelled is gone; a moved visit has its new window and the middle of it as preferred."""
    team = _team(
        tmp_path,
        {"date": "2026-03-02", "event": "need up", "visit": "P1-bed", "minutes": "55", "carers": "3"},
        {"date": "2026-03-02", "event": "visit cancelled", "visit": "P1-morning"},
        {"date": "2026-03-02", "event": "visit moved", "visit": "P2-bath", "earliest": "15:00", "latest": "16:00"},
    )
    now = {row["visit"]: row for row in visits_on(team, MONDAY).to_dicts()}
    assert set(now) == {"P1-bed", "P2-bath"}
    assert (now["P1-bed"]["minutes"], now["P1-bed"]["carers"]) == (55, 3)
    assert [now["P2-bath"][name] for name in ("earliest", "preferred", "latest")] == [900, 930, 960]
    then = {row["visit"]: row for row in visits_on(team, date(2026, 3, 3)).to_dicts()}
    assert then["P1-bed"]["minutes"] == 30
    assert then["P2-bath"]["earliest"] == 600


def test_who_is_away_is_not_on_duty(tmp_path):
    """A whole day takes the shift away, a time in the middle of the day cuts it; planned again, shifts stay barred."""
    team = _team(
        tmp_path,
        {"date": "2026-03-02", "event": "carer away", "carer": "C1"},
        {"date": "2026-03-03", "last_date": "2026-03-04", "event": "carer away", "carer": "C2", "from_time": "12:00"},
    )
    duty = {day: team.roster.filter(team.roster["date"] == date(2026, 3, day)) for day in (2, 3, 4)}
    left = {
        day: on_duty(duty[day], away_on(team.events, date(2026, 3, day))).select("carer", "end").rows() for day in duty
    }
    assert left == {2: [("C2", 1290)], 3: [("C1", 1290), ("C2", 720)], 4: [("C1", 1290)]}
    assert day_problem(team, MONDAY, team.roster).problem.shifts.carer.tolist() == [1]
    again = day_problem(team, MONDAY, team.roster, is_again=True).problem
    assert again.shifts.carer.tolist() == [0, 1]
    assert (again.barred[:, 0] == 4).all()
    tuesday = day_problem(team, date(2026, 3, 3), team.roster, is_again=True).problem
    assert (tuesday.barred[:2, 1] == 0).all(), "the morning is before C2 leaves"
    assert (tuesday.barred[2:4, 1] == 4).all()


def test_an_event_nobody_knows_is_told(tmp_path):
    """A word that is no event makes its row unusable, with the near one."""
    team = _team(tmp_path, {"date": "2026-03-02", "event": "carer sick", "carer": "C1"})
    (problem,) = [problem for log in team.logs for problem in log.each()]
    assert problem.code == "unknown_code"
    assert "carer away" in problem.todo or "carer away" in problem.allowed

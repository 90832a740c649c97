"""A day from the files to the printed sheets: the arrays say what the files say, and everybody is accounted for."""

import math
from datetime import date

import numpy as np
import polars as pl
import pytest
from planner.teams import sample, write_team

from insource.cli.main import run
from insource.errors import InputError
from insource.planner.day import day_problem, visits_on
from insource.planner.planned import metrics
from insource.planner.team import read_team
from insource.planner.week import plan_days
from insource.report.pool_calendar import calendar, file_name
from insource.report.pool_map import map_page
from insource.report.pool_runs import carer_sheets, person_sheets

MONDAY = date(2026, 3, 2)
ROSTER = [
    {"date": "2026-03-02", "carer": "C1", "start": "07:00", "end": "13:00"},
    {"date": "2026-03-02", "carer": "C1", "start": "17:00", "end": "21:30"},
    {"date": "2026-03-02", "carer": "C2", "start": "07:00", "end": "21:30"},
]


def _team(folder, **changed):
    return read_team(write_team(folder, **({"roster": ROSTER} | changed)))


@pytest.mark.worked
def test_the_arrays_say_what_the_files_say(tmp_path):
    """Two legs for two carers, a split shift as two shifts, a gap of four hours as a link, who may not as a reason."""
    visits = [sample("visits", 0), sample("visits", 1), sample("visits", 2, days="daily", skills="medication")]
    plan = [{"date": "2026-03-02", "visit": "P1-morning", "carer": "C1", "start": "08:00", "locked": "yes"}]
    day = day_problem(*(lambda team: (team, MONDAY, team.roster))(_team(tmp_path, visits=visits, plan=plan)))
    problem = day.problem
    assert problem.legs.visit.tolist() == [0, 0, 1, 1, 2]
    assert problem.legs.role.tolist() == [0, 1, 0, 1, 0]
    assert problem.shifts.carer.tolist() == [0, 0, 1]
    assert (problem.links.first.tolist(), problem.links.second.tolist()) == ([0], [2])
    assert (problem.links.least[0], problem.links.most[0]) == (240.0, math.inf)
    assert problem.barred[4].tolist() == [0, 4, 1], "medication: C1 in the morning; C2 has not the skill"
    assert problem.published.is_locked.tolist() == [True, False, False, False, False]
    assert problem.published.start[0] == 480.0
    assert problem.shifts.break_minutes.tolist() == [0.0, 0.0, 20.0]
    assert problem.pair_price[0].tolist() == [0.0, 10.0], "both are known to P1; C2 is not of the gender preferred"


@pytest.mark.worked
def test_patterns_of_days(tmp_path):
    """A visit on Tuesdays and Fridays is not there on Monday, nor after its last day."""
    visits = [sample("visits", 2), sample("visits", 2, visit="x", days="Mon", last_day="2026-03-02")]
    team = _team(tmp_path, visits=visits)
    names = [visits_on(team, date(2026, 3, day))["visit"].to_list() for day in (2, 3, 9)]
    assert names == [["x"], ["P2-bath"], []]
    with pytest.raises(InputError):
        day_problem(team, date(2026, 3, 9), team.roster)


@pytest.mark.property
def test_everybody_is_accounted_for(tmp_path):
    """Each visit is made by as many carers as it asks for, at once, in its window, or listed with a reason."""
    visits = [
        *(sample("visits", number) for number in range(2)),
        sample("visits", 2, visit="insulin", days="daily", skills="insulin"),
        sample("visits", 2, visit="three", days="daily", carers="3"),
        sample("visits", 2, visit="late", days="daily", earliest="21:15", latest="21:20"),
    ]
    team = _team(tmp_path, visits=visits)
    (made,) = plan_days(team, team.roster, [MONDAY], moves=200)
    assert made.visits["visit"].to_list().count("P1-morning") == 2
    assert dict(made.unserved.select("visit", "reason").iter_rows()) == {
        "insulin": "no_skill",
        "three": "too_few",
        "late": "no_shift",
    }
    rows = made.visits.join(team.visits.select("visit", "earliest", "latest"), on="visit")
    assert rows.filter(~pl.col("start").is_between(pl.col("earliest"), pl.col("latest"))).height == 0
    assert rows.group_by("visit").agg(pl.col("start").n_unique())["start"].to_list() == [1, 1]
    bed = rows.filter(pl.col("visit") == "P1-bed")["start"][0]
    assert bed - rows.filter(pl.col("visit") == "P1-morning")["start"][0] >= 240
    found = metrics([made])
    assert found["contact"] == 2 * (45 + 30)
    assert found["visits_asked"] == 5


@pytest.mark.worked
def test_a_locked_carer_whose_partner_lacks_is_told(tmp_path):
    """The carer who is locked still goes; sheet and list say that one more is asked for."""
    plan = [{"date": "2026-03-02", "visit": "P1-morning", "carer": "C1", "start": "08:00", "locked": "yes"}]
    team = _team(tmp_path, plan=plan, roster=ROSTER[:1], visits=[sample("visits", 0)])
    made = plan_days(team, team.roster, [MONDAY], moves=20)
    assert made[0].visits.select("carer", "start").rows() == [("C1", 480.0)]
    assert made[0].unserved["reason"].to_list() == ["no_shift"]
    assert "asks for 2 carers, 1 comes" in carer_sheets(team, made)


@pytest.mark.property
def test_a_shift_too_full_for_its_break_gives_up_its_last_visits(tmp_path):
    """Fifteen visits at fixed times leave no gap of 20 minutes in seven hours: the plan still keeps the break rule."""
    times = [f"{7 + number // 2:02d}:{30 * (number % 2):02d}" for number in range(1, 15)]
    visits = [
        sample("visits", 2, visit=f"v{time}", days="daily", earliest=time, latest=time, minutes="28") for time in times
    ]
    people = [sample("people", 0), sample("people", 1, disliked="", x="401000", y="300100")]
    roster = [{"date": "2026-03-02", "carer": "C1", "start": "07:00", "end": "15:30"}]
    team = _team(tmp_path, carers=[sample("carers", 0)], roster=roster, people=people, visits=visits)
    (made,) = plan_days(team, team.roster, [MONDAY], moves=50)
    assert made.unserved.height > 0
    assert made.visits.height >= 10
    span = made.visits["end"].max() - made.visits["start"].min()
    assert span <= 360 or made.shifts["pause"].sum() == 20


@pytest.mark.property
def test_sheets_maps_and_calendars_hold_every_visit(tmp_path):
    """Each visit is on its carer's sheet, on the person's, in the calendar; the pages ask nothing of a network."""
    team = _team(tmp_path)
    made = plan_days(team, team.roster, [MONDAY], moves=100)
    by_carer, by_person, page = carer_sheets(team, made), person_sheets(team, made), map_page(team, made)
    for visit, carer in made[0].visits.select("visit", "carer").iter_rows():
        assert visit in by_carer
        assert visit in by_person
        assert f"SUMMARY:{visit}" in calendar(carer, made)
    for text in (by_carer, by_person, page):
        assert "http" not in text.replace("http://www.w3.org", "")
    lines = calendar("C1", made).split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert all(len(line.encode()) <= 75 for line in lines)
    assert calendar("C1", made).count("BEGIN:VEVENT") == made[0].visits.filter(pl.col("carer") == "C1").height
    taken = set()
    assert [file_name(name, taken) for name in ("a/b", "A b", "a:b")] == ["a_b.ics", "A_b_2.ics", "a_b_3.ics"]


@pytest.mark.worked
def test_the_plan_can_be_published_and_read_again(tmp_path, capsys):
    """plan.csv goes back into the folder; planned again with nothing changed, nobody is sent elsewhere."""
    _team(tmp_path)
    command = ["pool", "routes", str(tmp_path), "--moves", "100"]
    assert run([*command, "--out", str(tmp_path)]) == 0
    first = (tmp_path / "plan.csv").read_bytes()
    assert run([*command, "--out", str(tmp_path)]) == 0
    assert (tmp_path / "plan.csv").read_bytes() == first
    assert "visits nobody makes: 0" in capsys.readouterr().out
    assert read_team(tmp_path).plan.height == 4
    assert run(["pool", "routes", str(tmp_path), "--date", "2026-03-02x"]) == 1


@pytest.mark.property
def test_a_week_shows_fewer_faces_than_days_alone(tmp_path):
    """Days planned together send fewer different carers to a person than days each by themselves, at the same moves."""
    people = [sample("people", 0, person=f"P{k}", usual="", gender="", x=f"{401000 + 90 * k}") for k in range(8)]
    visits = [
        sample("visits", 0, visit=f"v{k}", person=f"P{k}", carers="1", preferred="", earliest="07:30", latest="11:00")
        for k in range(8)
    ]
    carers = [sample("carers", 0, carer=f"C{k}") for k in range(5)]
    days = [date(2026, 3, day) for day in range(2, 6)]
    roster = [{"date": str(day), "carer": f"C{k}", "start": "07:00", "end": "13:00"} for day in days for k in range(5)]
    team = _team(tmp_path, people=people, visits=visits, carers=carers, roster=roster)
    together = metrics(plan_days(team, team.roster, days, moves=300))["faces_a_person"]
    alone = [plan_days(team, team.roster, [day], seed=number, moves=300)[0] for number, day in enumerate(days)]
    assert together < metrics(alone)["faces_a_person"]
    assert together >= 1.0
    assert np.isfinite(together)

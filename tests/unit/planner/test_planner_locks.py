"""A locked visit never moves and is never given up for somebody else; where it cannot be kept, that is told."""

import dataclasses
from datetime import date

import numpy as np
import pytest
from planner.teams import DAY, published_team, sample, write_team

from insource.planner.again import plan_again
from insource.planner.checking import check
from insource.planner.made_up import Town, made_up_day
from insource.planner.problem import Published
from insource.planner.replan import replan
from insource.planner.solving import solve
from insource.planner.team import read_team
from insource.planner.week import plan_days
from insource.report.pool_runs import carer_sheets

pytestmark = pytest.mark.property
MONDAY = date(2026, 3, 2)
LOCKED = ("v1", "v2", "v5")


def _full_shift(folder, locked):
    """Fourteen visits of 28 minutes at fixed times, half an hour apart: no gap holds a break of 20 minutes."""
    times = [f"{7 + number // 2:02d}:{30 * (number % 2):02d}" for number in range(1, 15)]
    fixed = {"days": "daily", "minutes": "28", "priority": "1"}
    visits = [sample("visits", 2, **fixed, visit=f"v{time}", earliest=time, latest=time) for time in times]
    people = [sample("people", 0), sample("people", 1, disliked="", x="401000", y="300100")]
    roster = [{"date": DAY, "carer": "C1", "start": "07:00", "end": "15:30"}]
    plan = [
        {"date": DAY, "visit": one["visit"], "carer": "C1", "start": one["earliest"], "locked": "yes"}
        for one in visits
        if one["earliest"] in locked(times)
    ]
    tables = {"carers": [sample("carers", 0)], "roster": roster, "people": people, "visits": visits, "plan": plan}
    team = read_team(write_team(folder, **tables))
    return team, plan_days(team, team.roster, [MONDAY], moves=50)[0]


def test_room_for_a_break_is_not_made_by_losing_what_is_locked(tmp_path):
    """The last three visits are locked: others are given up, as few as will do, and the shift has its break."""
    _, made = _full_shift(tmp_path, lambda times: times[-3:])
    assert made.unserved.height == 1
    assert {"v13:00", "v13:30", "v14:00"} <= set(made.visits["visit"])
    assert made.shifts["pause"].sum() == 20
    assert made.locked.height == 0


def test_locks_that_leave_no_room_for_the_break_are_told(tmp_path):
    """Every visit is locked: all are made, and the shift without its break is listed with the reason."""
    team, made = _full_shift(tmp_path, lambda times: times)
    assert made.unserved.height == 0
    assert made.locked["carer"].to_list() == ["C1"]
    assert made.locked["said"][0].startswith("the shift has no room for its break because v07:30 and v08:00 and")
    assert "The shift has no room for its break because" in carer_sheets(team, [made])


def test_locks_hold_when_the_day_is_planned_anew(tmp_path):
    """Locked to the carer who lives far away: still that carer at that minute, though another would be cheaper."""
    people = [sample("people", 0, usual="", gender=""), sample("people", 1, disliked="")]
    carers = [sample("carers", 0, x="402000"), sample("carers", 0, carer="C2", x="440000")]
    roster = [{"date": DAY, "carer": name, "start": "05:00", "end": "13:00"} for name in ("C1", "C2")]
    visits = [sample("visits", 0, carers="1"), sample("visits", 2, days="daily")]
    plan = [{"date": DAY, "visit": "P1-morning", "carer": "C2", "start": "08:17", "locked": "yes"}]
    tables = {"people": people, "carers": carers, "roster": roster, "visits": visits}
    team = read_team(write_team(tmp_path / "free", **tables))
    (free,) = plan_days(team, team.roster, [MONDAY], moves=50)
    team = read_team(write_team(tmp_path / "locked", **tables, plan=plan))
    (made,) = plan_days(team, team.roster, [MONDAY], moves=50)
    assert dict(free.visits.select("visit", "carer").iter_rows())["P1-morning"] == "C1"
    told = made.visits.filter(made.visits["visit"] == "P1-morning").select("carer", "start").rows()
    assert told == [("C2", 8 * 60 + 17)]


EVENTS = {
    "need up": {"visit": "v1", "minutes": "100"},
    "need up for two": {"event": "need up", "visit": "v1", "carers": "2"},
    "need down": {"visit": "v1", "minutes": "15"},
    "carer away": {"carer": "C1"},
    "carer away from noon": {"event": "carer away", "carer": "C1", "from_time": "09:30"},
    "hospital": {"person": "P1"},
    "return": {"person": "P1"},
    "new person": {"person": "P3"},
    "visit cancelled": {"visit": "v2"},
    "visit moved": {"visit": "v1", "earliest": "11:00", "latest": "12:00"},
    "another visit moved": {"event": "visit moved", "visit": "v0", "earliest": "09:00", "latest": "09:10"},
    "everybody away": {"event": "carer away", "carer": "C0; C1; C2; C3"},
}


@pytest.mark.parametrize("name", EVENTS)
def test_a_locked_visit_never_moves(tmp_path, name):
    """Whatever happens and however the day is planned: same carer, same minute, or not made and said why.

    A visit that is cancelled, or whose person is in hospital, is not asked for any more.
    """
    cells = EVENTS[name]
    events = [{"date": DAY, "event": name} | cells | {"carer": one} for one in cells.get("carer", "").split("; ")]
    team, before = published_team(tmp_path, locked=LOCKED, events=events)
    rows = before.visits.select("visit", "carer", "start").iter_rows()
    told = {visit: (carer, round(start)) for visit, carer, start in rows}
    plans = [plan_again(team, team.roster, MONDAY, moves=moves).planned for moves in (0, 200)]
    if name != "everybody away":
        plans += plan_days(team, team.roster, [MONDAY], moves=100)
    for made in plans:
        now = set(made.visits.select("visit", "carer", "start").iter_rows())
        assert all((visit, *told[visit]) in now for visit, _, _ in now if visit in LOCKED)
        lost = made.unserved.filter(made.unserved["visit"].is_in(LOCKED))
        assert set(lost["reason"]) <= ({"no_shift", "no_room"} if name == "need up for two" else {"locked"})
        asked = set(LOCKED) - ({"v1"} if name == "hospital" else {"v2"} if name == "visit cancelled" else set())
        assert asked == asked & (set(made.visits["visit"]) | set(lost["visit"]))


def test_two_locks_that_cannot_both_be_kept(tmp_path):
    """The first grew longer: it stays, the second is listed with what stands in its way, and nobody else goes there."""
    visits = [
        sample("visits", 2, visit=name, days="daily", earliest=time, latest=time, minutes=length)
        for name, time, length in (("first", "08:00", "60"), ("second", "08:45", "30"), ("third", "10:00", "30"))
    ]
    plan = [
        {"date": DAY, "visit": one["visit"], "carer": "C1", "start": one["earliest"], "locked": "yes"} for one in visits
    ]
    roster = [{"date": DAY, "carer": name, "start": "07:00", "end": "13:00"} for name in ("C1", "C2")]
    people = [sample("people", 0), sample("people", 1, disliked="", gender="")]
    team = read_team(write_team(tmp_path, people=people, visits=visits, plan=plan, roster=roster))
    made = plan_again(team, team.roster, MONDAY).planned
    assert made.visits["visit"].to_list() == ["first", "third"]
    assert made.unserved["said"].to_list() == [
        "it is locked to C1 at 08:45, and so is first before it, which leaves no time for it"
    ]


def test_a_lock_against_a_rule_is_kept_and_told(tmp_path):
    """The visit was moved to the afternoon after it was locked in the morning: it stays, and that is said."""
    events = [{"date": DAY, "event": "visit moved", "visit": "v1", "earliest": "11:00", "latest": "12:00"}]
    team, _ = published_team(tmp_path, locked=("v1",), events=events)
    made = plan_again(team, team.roster, MONDAY).planned
    assert len(made.locked) == 1
    assert made.locked["said"][0].startswith("v1 is locked at ")
    assert made.locked["said"][0].endswith(", although its window is another")


@pytest.mark.parametrize("seed", [35, 75, 191, 269, 272, 312])
def test_locks_anywhere_never_make_a_wrong_plan(seed):
    """Some or most legs locked, some at other minutes; a carer away, visits longer: the checker always agrees."""
    luck = np.random.default_rng(seed)
    people, carers, shift = int(luck.integers(6, 22)), int(luck.integers(3, 12)), float(luck.choice([420, 480, 600]))
    day = made_up_day(people, seed, Town(two_carers=0.3, medicine_gap=0.4, shift_minutes=shift), carers)
    plan = solve(day, seed, 60)
    ones, start = np.ones(len(day.legs.visit)), plan.leg_start.copy()
    locked = (luck.random(len(ones)) < luck.choice([0.1, 0.5, 0.9])) & (plan.leg_shift >= 0)
    moved = (luck.random(len(ones)) < 0.1) & locked
    start[moved] = np.round(start[moved] + luck.normal(0, 20, int(moved.sum())))
    barred, minutes = day.barred.copy(), day.visits.minutes.copy()
    barred[:, int(luck.integers(carers))] = 4
    minutes[luck.random(len(minutes)) < 0.1] *= 2
    told = Published(plan.leg_shift, start, ones * 30, ones * 15, ones * 10, ones * 0.3, locked)
    visits = dataclasses.replace(day.visits, minutes=minutes)
    problem = dataclasses.replace(day, barred=barred, visits=visits, published=told)
    for found in (replan(problem, seed, moves=40, most_seconds=None).plan, solve(problem, seed, 40)):
        assert check(problem, found).faults == ()
        made = locked & (found.leg_shift >= 0)
        assert found.leg_shift[made].tolist() == plan.leg_shift[made].tolist()
        assert np.allclose(found.leg_start[made], start[made], atol=1e-6)

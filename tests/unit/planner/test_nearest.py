"""The nearest that would let a visit be made: the least there is, against a search of every minute and every place."""

import csv
import dataclasses

import numpy as np
import pytest
from planner.teams import DAY, sample, write_team

from insource.cli.main import run
from insource.planner.made_up import Town, made_up_day
from insource.planner.nearest import FITS, MOST_MINUTES, OVERTIME, WINDOW, Hours, nearest
from insource.planner.problem import DayPlan, DayProblem
from insource.planner.routes import plan_day

SINGLE = Town(two_carers=0.0, medicine_gap=0.0, break_minutes=0.0)
GRID = 1.0


def _end_of(problem: DayProblem, shift: int, order: list[int], windows: dict[int, tuple[float, float]]) -> float:
    """When a round in this order is back, everything as soon as it may be; infinite if something is too late."""
    travel, place = problem.travel[0] / 1000, problem.visits.place
    now, here = float(problem.shifts.start[shift]), int(problem.shifts.start_place[shift])
    for leg in order:
        visit = int(problem.legs.visit[leg])
        earliest, latest = windows.get(leg, (problem.visits.earliest[visit], problem.visits.latest[visit]))
        now = max(now + travel[here, place[visit]], earliest)
        if now > latest + 1e-6:
            return float("inf")
        now, here = now + problem.visits.minutes[visit], int(place[visit])
    return float(now + travel[here, problem.shifts.end_place[shift]])


def _by_trying(problem: DayProblem, plan: DayPlan, leg: int) -> float:
    """The least price over every round, every place in it and every minute, by moving the window or by overtime."""
    visit, best = int(problem.legs.visit[leg]), float("inf")
    visits, place, travel = problem.visits, problem.visits.place, problem.travel[0] / 1000
    earliest, latest = float(visits.earliest[visit]), float(visits.latest[visit])
    for shift, route in enumerate(plan.routes):
        if problem.barred[leg, shift]:
            continue
        ends = [int(problem.shifts.start_place[shift]), int(problem.shifts.end_place[shift])]
        for k in range(len(route) + 1):
            order = [*route[:k].tolist(), leg, *route[k:].tolist()]
            a = int(place[problem.legs.visit[route[k - 1]]]) if k else ends[0]
            b = int(place[problem.legs.visit[route[k]]]) if k < len(route) else ends[1]
            road = travel[a, place[visit]] + travel[place[visit], b] - (travel[a, b] if len(route) else 0)
            pair = problem.pair_price[visits.person[visit], problem.shifts.carer[shift]]
            for at in np.arange(earliest - MOST_MINUTES, latest + MOST_MINUTES + 1, GRID):
                back = _end_of(problem, shift, order, {leg: (at, at)})
                off = max(earliest - at, 0, at - latest)
                over = max(back - problem.shifts.end[shift], 0)
                if (off and over) or over > MOST_MINUTES:
                    continue
                price = off * visits.beyond_price[visit] + over * problem.shifts.overtime_price[shift]
                best = min(best, float(road + pair + price))
    return best


@pytest.mark.property
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_is_nearer(seed):
    """Too many visits for two carers: what is found is as cheap as anything a grid of minutes finds, to one minute."""
    problem = made_up_day(14, seed=seed, town=SINGLE, carers=2)
    plan = plan_day(problem, seed=1, moves=100)
    hours = dataclasses.replace(Hours.of(problem), least_start=problem.shifts.start)
    found = nearest(problem, plan, plan.unserved.tolist(), hours)
    assert len(found) >= 5
    for visit in plan.unserved.tolist()[:10]:
        leg = int(np.flatnonzero(problem.legs.visit == visit)[0])
        least = _by_trying(problem, plan, leg)
        if visit not in found:
            assert least == float("inf")
            continue
        one = found[visit]
        assert not problem.barred[leg, one.shifts[0]]
        assert one.kind in (WINDOW, OVERTIME, FITS)
        assert one.price <= least + 1e-6
        assert one.price >= least - GRID * problem.visits.beyond_price[visit] - 1e-6


def _team(folder, visits, plan=None, carers=1, end="10:00"):
    people = [sample("people", 0, usual="", gender=""), sample("people", 1, disliked="", x="401000", y="300000")]
    staff = [sample("carers", 0, carer=f"C{k + 1}", last_minute="") for k in range(carers)]
    roster = [{"date": DAY, "carer": f"C{k + 1}", "start": "07:00", "end": end} for k in range(carers)]
    tables = {"people": people, "carers": staff, "roster": roster, "visits": visits}
    return write_team(folder, **(tables | ({"plan": plan} if plan else {})))


def _told(folder, capsys, *more):
    assert run(["pool", "routes", str(folder), "--moves", "20", "--out", str(folder / "out"), *more]) == 0
    capsys.readouterr()
    with (folder / "out/unserved.csv").open(encoding="utf-8-sig", newline="") as file:
        return [row["nearest"] for row in csv.DictReader(file)]


@pytest.mark.worked
def test_another_start_is_told(tmp_path, capsys):
    """Two visits of 40 minutes that must begin at 07:30 and one carer: the other could begin when the first is done."""
    cells = {"days": "daily", "earliest": "07:30", "latest": "07:30", "minutes": "40"}
    visits = [
        sample("visits", 2, **cells, visit="a", priority="5"),
        sample("visits", 2, **cells, visit="b", priority="2"),
    ]
    (told,) = _told(_team(tmp_path, visits), capsys)
    assert told == "C1 could come at 08:11, 41 minutes later than the window"
    assert told in (tmp_path / "out/run_sheets.html").read_text(encoding="utf-8")


@pytest.mark.worked
def test_overtime_is_told(tmp_path, capsys):
    """The shift ends at 10:00 and a visit of 30 minutes may begin at 09:50 at the earliest."""
    visits = [sample("visits", 2, visit="a", days="daily", earliest="09:50", latest="10:00", minutes="30")]
    (told,) = _told(_team(tmp_path, visits), capsys)
    assert told.startswith("C1 could come at 09:50 with ")
    assert told.endswith(" minutes of overtime")


@pytest.mark.worked
def test_a_lock_lifted_is_told(tmp_path, capsys):
    """A locked visit at 08:30 stands where a fixed one at 08:20 should be; without the lock it could go to 09:30."""
    cells = {"days": "daily", "minutes": "40"}
    visits = [
        sample("visits", 2, **cells, visit="locked", earliest="08:00", latest="09:30"),
        sample("visits", 2, **cells, visit="fixed", earliest="08:20", latest="08:20"),
    ]
    plan = [{"date": DAY, "visit": "locked", "carer": "C1", "start": "08:30", "locked": "yes"}]
    assert _told(_team(tmp_path, visits, plan, end="14:00"), capsys) == [
        "C1 could come at 08:20 if locked were not locked"
    ]


@pytest.mark.worked
def test_two_carers_at_once_and_nobody_who_must_not_come(tmp_path, capsys):
    """Two are asked for; both are free at 09:01. Where a skill lacks nothing is proposed, for no minute helps."""
    cells = {"days": "daily", "earliest": "08:00", "latest": "08:00", "minutes": "60"}
    visits = [
        sample("visits", 2, **cells, visit="a", carers="2", priority="5"),
        sample("visits", 2, **cells, visit="b", carers="2", priority="4"),
        sample("visits", 2, **cells, visit="c", skills="insulin", priority="3"),
    ]
    told = _told(_team(tmp_path, visits, carers=2, end="12:00"), capsys)
    assert told == ["C1 and C2 could come at 09:01, 61 minutes later than the window", ""]

"""Planned against actual, by hand."""

import pytest
from planner.teams import sample, write_team

from insource.cli.main import run
from insource.planner.actual import compare_log
from insource.planner.team import read_team

pytestmark = pytest.mark.worked
DAY = "2026-03-02"


def _planned(visit, carer, start):
    return {"date": DAY, "visit": visit, "carer": carer, "start": start}


def _logged(visit, carer, came, left):
    return {"date": DAY, "visit": visit, "carer": carer, "checked_in": came, "checked_out": left}


def test_matched_by_visit_and_carer_then_by_visit(tmp_path):
    """Two came as planned (one 20 minutes late and short), one was stood in for, one missed, one not planned."""
    plan = [
        _planned("P1-morning", "C1", "08:00"),
        _planned("P1-morning", "C2", "08:00"),
        _planned("P1-bed", "C1", "20:00"),
        _planned("P1-bed", "C2", "20:00"),
    ]
    log = [
        _logged("P1-morning", "C1", "08:20", "08:40"),
        _logged("P1-morning", "C3", "08:01", "08:46"),
        _logged("P1-bed", "C1", "20:00", "20:30"),
        _logged("P2-bath", "C2", "10:00", "10:30"),
    ]
    carers = [sample("carers", 0), sample("carers", 1), sample("carers", 0, carer="C3")]
    found = compare_log(read_team(write_team(tmp_path, plan=plan, log=log, carers=carers)))
    one = found.figures
    assert (one["planned"], one["logged"], one["unplanned"]) == (4, 3, 1)
    assert one["missed_share"] == pytest.approx(1 / 4)
    assert one["other_carer_share"] == pytest.approx(1 / 3)
    assert one["late_15_share"] == pytest.approx(1 / 3)
    assert one["short_share"] == pytest.approx(1 / 3)
    assert one["minutes_ratio"] == pytest.approx((20 + 45 + 30) / (45 + 45 + 30))


def test_who_regularly_takes_longer(tmp_path, capsys):
    """Six visits of 40 minutes where 30 are ordered: told inside the council, and not in what may be shared."""
    plan = [_planned("P2-bath", "C1", "10:00") | {"date": f"2026-03-{day:02d}"} for day in range(2, 8)]
    log = [_logged("P2-bath", "C1", "10:00", "10:40") | {"date": f"2026-03-{day:02d}"} for day in range(2, 8)]
    folder = write_team(tmp_path / "team", plan=plan, log=log)
    told = compare_log(read_team(folder)).people
    assert told.select("person", "is_told").row(0) == ("P2", True)
    assert told["more"][0] == pytest.approx(1 / 3)
    assert run(["pool", "actual", str(folder), "--publish", "--out", str(tmp_path / "out")]) == 0
    page = (tmp_path / "out/pool_actual_published.html").read_text(encoding="utf-8")
    assert "P2" not in page
    assert "longer than ordered for 1" not in capsys.readouterr().out


def test_nothing_in_common_is_said(tmp_path, capsys):
    """No plan, no log, or no day that both have: one plain problem."""
    assert run(["pool", "actual", str(write_team(tmp_path / "a"))]) == 1
    log = [_logged("P2-bath", "C1", "10:00", "10:30") | {"date": "2026-04-01"}]
    folder = write_team(tmp_path / "b", plan=[_planned("P2-bath", "C1", "10:00")], log=log)
    assert run(["pool", "actual", str(folder)]) == 1
    said = capsys.readouterr().err
    assert "nothing_to_compare" in said
    assert "no_day_in_common" in said

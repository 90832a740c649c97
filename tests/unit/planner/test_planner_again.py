"""A published day planned again: minimal changes, each with its reason; nothing that needs none is touched."""

import pytest
from planner.teams import DAY, published_team

from insource.cli.main import run
from insource.planner.again import plan_again, times_met

pytestmark = pytest.mark.property


def test_without_an_event_nothing_changes(tmp_path):
    """The plan stays as it was published."""
    team, made = published_team(tmp_path)
    found = plan_again(team, team.roster, made.date)
    assert found.changes.height == 0
    before, after = (one.visits.select("visit", "carer").sort("visit") for one in (made, found.planned))
    assert before.equals(after)


def test_a_carer_who_is_away(tmp_path):
    """All their visits go to others, nobody else's move to another carer, and each change says how often they met."""
    events = [{"date": DAY, "event": "carer away", "carer": "C1"}]
    log = [{"date": "2026-02-02", "visit": "v0", "carer": "C2", "checked_in": "08:00", "checked_out": "08:40"}]
    team, made = published_team(tmp_path, events=events, log=log)
    lost = set(made.visits.filter(made.visits["carer"] == "C1")["visit"])
    found = plan_again(team, team.roster, made.date)
    assert "C1" not in set(found.planned.visits["carer"])
    assert set(found.planned.visits["visit"]) == set(made.visits["visit"])
    others = found.changes.filter(found.changes["new_carer"] != found.changes["old_carer"])
    assert set(others["visit"]) == lost
    assert times_met(team).sum() == 1
    assert all("there" in said for said in others["said"])


def test_a_cancelled_visit_and_a_longer_one(tmp_path):
    """The cancelled visit is gone, the longer one is made whole, at most one visit changes hands, none is given up."""
    events = [
        {"date": DAY, "event": "visit cancelled", "visit": "v0"},
        {"date": DAY, "event": "need up", "visit": "v1", "minutes": "60"},
    ]
    team, made = published_team(tmp_path, events=events)
    found = plan_again(team, team.roster, made.date)
    assert sorted(found.planned.visits["visit"]) == [f"v{k}" for k in range(1, 8)]
    assert found.planned.unserved.height == 0
    before, after = (dict(one.visits.select("visit", "carer").iter_rows()) for one in (made, found.planned))
    assert sum(before[visit] != carer for visit, carer in after.items()) <= 1
    longer = found.planned.visits.filter(found.planned.visits["visit"] == "v1")
    assert (longer["end"] - longer["start"]).to_list() == [60.0]


def test_the_command(tmp_path, capsys):
    """Changes are written beside the new plan; without a published plan it says what to do."""
    published_team(tmp_path / "team", events=[{"date": DAY, "event": "carer away", "carer": "C2"}])
    command = ["pool", "replan", str(tmp_path / "team")]
    assert run([*command, "--out", str(tmp_path / "new")]) == 0
    assert "C2" not in (tmp_path / "new/plan.csv").read_text(encoding="utf-8")
    assert (tmp_path / "new/changes.csv").exists()
    (tmp_path / "team/plan.csv").unlink()
    assert run(command) == 1
    assert "nothing_published" in capsys.readouterr().err

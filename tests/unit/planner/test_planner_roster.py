"""The weekly roster: working-time rules hold by a check of its own, cover is as asked for; planted faults show."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from planner.teams import sample, write_team

from insource.cli.main import run
from insource.planner.demand import BAND_MINUTES, demand, load, rostered
from insource.planner.mix import mixes
from insource.planner.roster import cover_of, make_roster
from insource.planner.roster_check import check_roster, short_hours
from insource.planner.team import read_team

MONDAY = date(2026, 3, 2)


def _team(folder, **changed):
    carers = [sample("carers", 0, carer=f"C{number}", hours="30", weekends="every") for number in range(1, 9)]
    cells = {"carers": "1", "person": "P1"}
    visits = [
        sample("visits", 0, **cells, visit=f"v{number}", preferred=hour, earliest=hour, latest=f"{hour[:2]}:30")
        for number, hour in enumerate(("08:00", "08:00", "09:00", "12:00", "18:00", "19:00"))
    ]
    return read_team(write_team(folder, **({"carers": carers, "visits": visits} | changed)))


@pytest.mark.closed_form
def test_load_adds_up_to_care(tmp_path):
    """Whatever the windows, the area under the load is the minutes of care; a visit with no leeway is a block."""
    team = _team(tmp_path)
    total = float((team.visits["minutes"] * team.visits["carers"]).sum())
    assert load(team.visits, 15.0).sum() * BAND_MINUTES == pytest.approx(total)
    fixed = load(team.visits.head(1).with_columns(pl.lit(480).cast(pl.Int32).alias("latest")), 0.0)
    assert fixed[16] == pytest.approx(1.0)
    assert fixed[17] == pytest.approx(0.5)
    assert np.count_nonzero(fixed > 1e-9) == 2


@pytest.mark.property
def test_a_roster_keeps_every_rule_and_covers(tmp_path):
    """Checked by separate code; the solver's own count of hours that lack is that of counting minute by minute."""
    team = _team(tmp_path)
    wanted = rostered(demand(team, MONDAY), 0.8)
    made = make_roster(team, wanted)
    assert check_roster(team, made.frame, MONDAY) == []
    assert made.short_hours == pytest.approx(short_hours(made.frame, wanted.care.tolist(), MONDAY))
    assert made.short_hours < 1.0
    assert np.allclose(cover_of(made.frame, MONDAY), made.cover)


@pytest.mark.property
@pytest.mark.parametrize(
    ("code", "rows"),
    [
        ("rest", [(0, 840, 1320), (1, 420, 840)]),
        ("overlap", [(0, 420, 840), (0, 800, 900)]),
        ("days_off", [(day, 540, 720) for day in range(7)]),
        ("hours", [(day, 420, 900) for day in range(6)]),
        ("split", [(0, 420, 500), (0, 600, 700), (0, 900, 960)]),
    ],
)
def test_planted_faults_show(tmp_path, code, rows):
    """A roster that breaks a rule is told so."""
    team = _team(tmp_path)
    frame = pl.DataFrame(
        [(MONDAY + timedelta(days=day), "C1", start, end, "x") for day, start, end in rows],
        schema=["date", "carer", "start", "end", "shift"],
        orient="row",
    )
    assert code in {breach.code for breach in check_roster(team, frame, MONDAY)}


@pytest.mark.property
def test_what_carers_cannot_work_is_never_rostered(tmp_path):
    """Days, times, absences, weekends: nobody is put on duty then."""
    carers = [
        sample("carers", 0, days="Mon-Thu", hours="20"),
        sample("carers", 0, carer="C2", last_minute="15:00", weekends="never", hours="20"),
        sample("carers", 0, carer="C3", hours="30", split="no", weekends="every"),
    ]
    events = [{"date": "2026-03-02", "last_date": "2026-03-04", "event": "carer away", "carer": "C3"}]
    people = [sample("people", 0, usual=""), sample("people", 1)]
    team = _team(tmp_path, carers=carers, events=events, people=people)
    made = make_roster(team, rostered(demand(team, MONDAY), 0.8))
    assert check_roster(team, made.frame, MONDAY) == []
    days = {carer: set() for carer in ("C1", "C2", "C3")}
    for day, carer in made.frame.select("date", "carer").iter_rows():
        days[carer].add(day.weekday())
    assert days["C1"] <= {0, 1, 2, 3}
    assert days["C2"] <= {0, 1, 2, 3, 4}
    assert days["C3"] <= {3, 4, 5, 6}
    assert made.short_hours > 0


@pytest.mark.property
def test_more_kinds_of_shift_never_cost_more(tmp_path):
    """The advice on the mix of contracts: a longer menu takes no more paid hours, and none fewer than are wanted."""
    team = _team(tmp_path)
    found = mixes(team, rostered(demand(team, MONDAY), 0.8))
    paid = [one.paid_hours for one in found]
    assert len(paid) == 3
    assert paid[0] >= paid[1] - 1e-6
    assert min(paid) >= max(one.wanted_hours for one in found) - 1e-6


@pytest.mark.worked
def test_the_command_writes_what_it_can_read_again(tmp_path, capsys):
    """roster.csv goes back into the folder and is read without a problem; nonsense options are refused plainly."""
    _team(tmp_path)
    assert run(["pool", "roster", str(tmp_path), "--out", str(tmp_path)]) == 0
    assert "kept (checked apart)" in capsys.readouterr().out
    assert "<script src" not in (tmp_path / "rota.html").read_text(encoding="utf-8")
    again = read_team(tmp_path)
    assert check_roster(again, again.roster, MONDAY) == []
    assert run(["pool", "roster", str(tmp_path), "--week", "soon"]) == 1
    assert run(["pool", "roster", str(tmp_path), "--reserve", "7"]) == 1

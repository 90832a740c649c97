"""Travel: the formula, times of one's own, and speeds found again from a log whose speeds are known."""

from datetime import date

import numpy as np
import pytest
from planner.teams import write_table, write_team

from insource.cli.main import run
from insource.place import open_place
from insource.planner.calibration import calibrate, line
from insource.planner.example import example
from insource.planner.files import samples, table_writers
from insource.planner.formats import MODES
from insource.planner.made_up_log import TRUE_FIXED, TRUE_KMH, made_up_log
from insource.planner.numbers import numbers
from insource.planner.team import read_team
from insource.planner.travel import matrix, minutes


@pytest.mark.worked
def test_minutes_by_the_formula():
    """2 km by car: detour 1.25 + 0.25 / e = 1.342, 2.684 km by road, 6.19 min at 26 km an hour, and 3 for parking."""
    rules = numbers()
    assert minutes(rules, "car", np.array([2.0]))[0] == pytest.approx(3 + 60 * 2 * (1.25 + 0.25 / np.e) / 26)
    assert minutes(rules, "walk", np.array([0.0]))[0] == rules["same_door_minutes"]


@pytest.mark.worked
def test_own_times_stand_before_the_formula(tmp_path):
    """Times of travel.csv are taken one way and for the mode given; a blank mode is every mode."""
    folder = write_team(tmp_path)
    rows = [*samples()["travel"], {"from_place": "P2", "to_place": "C1", "minutes": "11"}]
    write_table(folder / "travel.csv", "travel", rows)
    team = read_team(folder)
    places = team.people.select("x", "y").vstack(team.carers.select("x", "y")).to_numpy()
    times = matrix(team.rules, places, ["P1", "P2", "C1", "C2"], team.travel)
    assert times[MODES.index("car"), 0, 1] == 6.5
    assert times[MODES.index("car"), 1, 0] != 6.5
    assert times[MODES.index("walk"), 0, 1] != 6.5
    assert (times[:, 1, 2] == 11).all()


@pytest.mark.property
def test_the_line_is_not_moved_by_waits():
    """A third of the journeys with waits of up to an hour: the robust line stays within 3% and half a minute."""
    luck = np.random.Generator(np.random.PCG64(3))
    road = luck.random(600) * 8
    taken = 4 + 60 / 24 * road + luck.random(600) - 0.5
    waits = taken + np.where(luck.random(600) < 1 / 3, 60 * luck.random(600), 0)
    fixed, per_km, weight = line(road, waits)
    assert 60 / per_km == pytest.approx(24, rel=0.03)
    assert fixed == pytest.approx(4, abs=0.5)
    straight = np.polyfit(road, waits, 1)
    assert abs(straight[1] - 4) > 3, "least squares is moved: the test can fail"
    assert weight[np.argmax(waits - taken)] == 0


@pytest.mark.property
def test_known_speeds_are_found_again(tmp_path, capsys):
    """In a made-up log speed and fixed minutes are known; the fit finds them within 4% and 0.4 minutes."""
    made = example(open_place("synthetic:120"), seed=2)
    for path, write in table_writers(tmp_path, made.tables).items():
        write(path)
    team = read_team(tmp_path)
    log = made_up_log(team, date(2026, 3, 2), 6)
    for path, write in table_writers(tmp_path, {"log": log}).items():
        write(path)
    fits = calibrate(read_team(tmp_path))
    car = next(one for one in fits if one.mode == "car")
    assert car.kmh == pytest.approx(TRUE_KMH["car"], rel=0.04)
    assert car.fixed == pytest.approx(TRUE_FIXED["car"], abs=0.4)
    assert car.kmh_low < car.kmh < car.kmh_high
    assert run(["pool", "travel", str(tmp_path), "--write", str(tmp_path / "rules.yaml")]) == 0
    capsys.readouterr()
    assert read_team(tmp_path).rules["car_kmh"] == pytest.approx(car.kmh, abs=0.01)


@pytest.mark.worked
def test_too_short_a_log_is_said_to_be(tmp_path, capsys):
    """One visit makes no line; no log at all is a plain problem."""
    folder = write_team(tmp_path, log=samples()["log"])
    assert run(["pool", "travel", str(folder), "--write", str(tmp_path / "x.yaml")]) == 1
    (folder / "log.csv").unlink()
    assert run(["pool", "travel", str(folder)]) == 1
    assert "no_log" in capsys.readouterr().err

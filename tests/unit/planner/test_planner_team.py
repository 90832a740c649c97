"""A care team's files: read strictly, every problem told, and whatever can be planned is kept."""

import numpy as np
import polars as pl
import pytest
from planner.teams import sample, write_table, write_team

from insource.cli.main import run
from insource.errors import InputError
from insource.place import open_place
from insource.planner import cells
from insource.planner.example import example
from insource.planner.files import samples, templates
from insource.planner.fitting import fit
from insource.planner.formats import TABLES
from insource.planner.grid import on_the_grid
from insource.planner.numbers import defaults, numbers
from insource.planner.team import read_team

pytestmark = pytest.mark.worked


def _codes(team):
    return {count.code: count.count for log in team.logs for count in log.counts()}


def test_the_templates_are_a_team(tmp_path):
    """What the template shows can be read as it stands, as CSV files and as one workbook."""
    for is_workbook in (False, True):
        folder = tmp_path / str(is_workbook)
        templates(folder, is_workbook)
        team = read_team(folder)
        assert _codes(team) == {}
        sizes = {name: getattr(team, name).height for name in TABLES if name != "postcodes"}
        assert sizes == {name: len(samples()[name]) for name in sizes}
        assert team.people["x"].to_list() == [401200.0, 401800.0]


@pytest.mark.parametrize(
    ("text", "minute"),
    [("07:30", 450), ("7.05", 425), ("2026-03-02 18:15:00", 1095), ("0.3125", 450), ("24:00", 1440)],
)
def test_times_of_day(text, minute):
    """As people and spreadsheets write them."""
    assert pl.DataFrame({"t": [text]}).select(cells.minute("t")).item() == minute


@pytest.mark.parametrize("text", ["25:00", "7:60", "half past", "-1:00", ""])
def test_what_is_no_time(text):
    """Nothing is guessed."""
    assert pl.DataFrame({"t": [text]}).select(cells.minute("t")).item() is None


@pytest.mark.parametrize(
    ("text", "days"),
    [("daily", 127), ("Mon Wed", 5), ("mon-fri", 31), ("Sat to Mon", 97), ("1000001", 65), ("Weekends", 96)],
)
def test_days_of_the_week(text, days):
    """Patterns become bits, and back the same days."""
    assert cells.days_of(text) == days
    assert cells.days_of(cells.said_days(days)) == days


def test_what_are_no_days():
    """Nothing is guessed."""
    assert [cells.days_of(text) for text in ("often", "Mo", "Mon-Wed-Fri", "0000000")] == [None] * 4


def test_degrees_on_the_national_grid():
    """Worked example of the Ordnance Survey's guide, in GPS degrees: Caister water tower."""
    east, north = on_the_grid(np.array([52.658007833]), np.array([1.716073973]))
    assert east[0] == pytest.approx(651_409.8, abs=10)
    assert north[0] == pytest.approx(313_177.3, abs=10)


def test_bad_rows_are_told_and_the_rest_is_kept(tmp_path):
    """Duplicate references, impossible windows and dates, strangers, bad cells: told once; the good visit stays."""
    bad = [
        sample("visits", 2),
        sample("visits", 2),
        sample("visits", 2, visit="a", earliest="12:00", latest="11:00"),
        sample("visits", 2, visit="b", first_day="2026-03-09", last_day="2026-03-02"),
        sample("visits", 2, visit="c", person="P9"),
        sample("visits", 2, visit="d", minutes="half an hour"),
        sample("visits", 2, visit="e", days="sometimes"),
        sample("visits", 2, visit="f", latest="late"),
        sample("visits", 2, visit="g", after="P1-morning"),
        sample("visits", 2, visit="h", preferred="06:00"),
        sample("visits", 2, visit="", minutes="30"),
    ]
    team = read_team(write_team(tmp_path, visits=bad))
    assert _codes(team) == {
        "twice": 1,
        "window_backwards": 1,
        "dates_backwards": 1,
        "unknown_person": 1,
        "unreadable_number": 1,
        "needed_number": 1,
        "unreadable_days": 1,
        "unreadable_time": 1,
        "no_such_visit_before": 1,
        "preferred_outside": 1,
        "missing_value": 1,
    }
    assert team.visits["visit"].to_list() == ["P2-bath", "g", "h"]
    assert team.visits["after"].null_count() == 3
    assert team.visits["preferred"].to_list()[2] == 600


def test_problems_hold_nobodys_reference(tmp_path):
    """A reference may be a name: no problem shows one."""
    people = [sample("people", 0, person="Joan Smith"), sample("people", 0, person="Joan Smith", x="", y="")]
    visits = [sample("visits", 0, person="Joan Smyth", carers="Mary", days="Harriet")]
    team = read_team(write_team(tmp_path, people=people, visits=visits))
    said = " ".join(problem.text() for log in team.logs for problem in log.each())
    assert "unknown_person" in said or "unreadable_days" in said
    assert not any(name in said for name in ("Joan", "Smith", "Smyth", "Mary", "Harriet"))


def test_who_has_no_place_is_told_and_listed(tmp_path):
    """Visits of people whose place is not known are listed with the reason; the others are planned."""
    people = [sample("people", 0), sample("people", 1, postcode="ZZ9 9ZZ")]
    carers = [sample("carers", 0, x="", y=""), sample("carers", 1)]
    team = read_team(write_team(tmp_path, people=people, carers=carers))
    assert _codes(team) == {"no_place": 1, "no_home": 1}
    assert team.left_out.rows() == [("P2-bath", "P2", "no_place")]
    assert team.people["person"].to_list() == ["P1"]
    assert set(team.visits["person_index"]) == {0}


@pytest.mark.parametrize(
    ("visit", "reason"),
    [
        ({"skills": "insulin"}, "no_skill"),
        ({"skills": "hoist", "carers": "3"}, "too_few"),
        ({"skills": "medication", "carers": "2"}, "no_skill"),
        ({"earliest": "22:30", "latest": "22:45", "carers": "2"}, "too_few"),
    ],
)
def test_why_nobody_can_come(tmp_path, visit, reason):
    """Each reason in plain words with its numbers; the other visits fit."""
    team = read_team(write_team(tmp_path, visits=[sample("visits", 0), sample("visits", 0, visit="x", **visit)]))
    lacking = fit(team).lacking
    assert lacking.select("visit", "reason").rows() == [("x", reason)]
    assert lacking["said"][0][-1] != " "


def test_gender_and_dislike(tmp_path):
    """A must is a must; who is not to be sent is not sent; times outside every carer's day fit nobody."""
    people = [sample("people", 0, gender="female", disliked="C1"), sample("people", 1, disliked="C1; C2")]
    visits = [sample("visits", 0, carers="1"), sample("visits", 2), sample("visits", 0, carers="2", visit="z")]
    lacking = fit(read_team(write_team(tmp_path, people=people, visits=visits))).lacking
    assert dict(lacking.select("visit", "reason").iter_rows()) == {
        "P1-morning": "disliked",
        "P2-bath": "disliked",
        "z": "no_gender",
    }
    late = [sample("carers", 0, last_minute="21:30")]
    visits = [sample("visits", 2, earliest="21:20", latest="22:30")]
    lacking = fit(read_team(write_team(tmp_path, carers=late, visits=visits))).lacking
    assert lacking["reason"].to_list() == ["no_time"]


def test_a_skill_that_nobody_has_names_the_near_one(tmp_path):
    """A slip of the pen in a skill is told with the skill that was probably meant."""
    team = read_team(write_team(tmp_path, visits=[sample("visits", 0, skills="hosit")]))
    said = [problem.text() for log in team.logs for problem in log.each()]
    assert "write 'hoist'" in said[0]


def test_missing_and_strange_files(tmp_path, capsys):
    """Files that lack are named with the near miss; the command ends with 1 and no traceback."""
    folder = write_team(tmp_path / "team", carers=None)
    write_table(folder / "carer.csv", "carers", list(samples()["carers"]))
    with pytest.raises(InputError) as caught:
        read_team(folder)
    assert "is 'carer' meant?" in str(caught.value)
    assert run(["pool", "check", str(folder)]) == 1
    assert run(["pool", "check", str(tmp_path / "nowhere")]) == 1
    assert "no_team_folder" in capsys.readouterr().err


def test_rules_of_ones_own(tmp_path):
    """rules.yaml replaces numbers; unknown names and values that cannot be are told together."""
    folder = write_team(tmp_path)
    (folder / "rules.yaml").write_text("car_kmh: 31\n", encoding="utf-8")
    assert read_team(folder).rules["car_kmh"] == 31.0
    with pytest.raises(InputError) as caught:
        numbers({"car_kph": 30, "walk_kmh": 90})
    assert [problem.code for problem in caught.value.problems] == ["unknown_rule", "rule_range"]
    assert all(one.low <= one.value <= one.high and one.where for one in defaults().values())


def test_the_example_is_a_team_and_repeats(tmp_path):
    """No problem in it, every visit fits carers, care is close to the packages; the same seed gives the same bytes."""
    place = open_place("synthetic:60")
    made = example(place, seed=4)
    again, other = example(place, seed=4), example(place, seed=5)
    assert all(made.tables[name].equals(again.tables[name]) for name in made.tables)
    assert not made.tables["people"].equals(other.tables["people"])
    assert run(["pool", "example", str(tmp_path), "--from", "synthetic:60", "--seed", "4"]) == 0
    assert run(["pool", "check", str(tmp_path)]) == 0
    team = read_team(tmp_path)
    assert team.visits.height == made.visits
    each = team.visits.select((pl.col("minutes") * pl.col("carers") * pl.col("days").bitwise_count_ones()).sum()).item()
    packages = place.donors["package_minutes"][place.donors["line"] == 0].sum()
    assert each / packages == pytest.approx(1.0, abs=0.25)

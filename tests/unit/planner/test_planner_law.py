"""The law of travel: found again where it is known, refused where one size tells nothing, held against the planner."""

import math
from dataclasses import replace
from datetime import date

import pytest

from insource import strict_yaml
from insource.parameters import read_overrides
from insource.place import open_place
from insource.planner.example import example
from insource.planner.files import table_writers
from insource.planner.law import Law, Solved, checked, fitted, land_km2
from insource.planner.team import Team, read_team
from insource.report.pool_law import law_result, values_for_the_model

MONDAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def team(tmp_path_factory) -> Team:
    """A made-up team of some 80 people."""
    folder = tmp_path_factory.mktemp("law")
    for path, write in table_writers(folder, example(open_place("synthetic:100"), seed=3).tables).items():
        write(path)
    return read_team(folder)


def days_under(law: Law, size: float, people: float) -> Solved:
    """Days that follow a law exactly: 100 visits of 30 minutes."""
    travel = 100 * law.travel_a_visit(people)
    return Solved(size, 1, people, 100, 3000.0, travel, 0.0, 3000.0 * (1 + law.gaps) + travel)


@pytest.mark.worked
def test_a_known_law_is_found_again(team):
    """Door 3.5 minutes, reach 1.2 and gaps 0.3 come back from three sizes; other sizes then agree to the last digit."""
    apart = (land_km2(team) / 80) ** 0.5
    law = Law(land_km2(team), 3.5, 1.2, 0.3, 26.0, 1.25 + 0.25 * math.exp(-apart / 2.0))
    found = fitted(team, [days_under(law, s, 80 * s) for s in (0.3, 0.6, 1.0)])
    assert (found.door_minutes, found.reach, found.gaps) == pytest.approx((3.5, 1.2, 0.3), rel=1e-6)
    [seen] = checked(found, [days_under(law, 0.45, 36)])
    assert seen.travel_off == pytest.approx(0.0, abs=1e-9)
    assert seen.holds


@pytest.mark.worked
def test_a_wrong_law_is_found_out(team):
    """Travel a tenth longer, or gaps that take three points, and the law does not hold."""
    law = Law(land_km2(team), 3.0, 1.1, 0.4, 26.0, 1.4)
    days = days_under(law, 1.0, 80)
    assert checked(law, [days])[0].holds
    assert not checked(replace(law, reach=1.1 * 1.4, door_minutes=3.3), [days])[0].holds
    assert not checked(replace(law, gaps=0.5), [days])[0].holds


@pytest.mark.worked
def test_one_size_tells_nothing(team):
    """The door and the way cannot be told apart from days of one size."""
    law = Law(20.0, 3.0, 1.1, 0.4, 26.0, 1.4)
    with pytest.raises(ValueError, match="one size"):
        fitted(team, [days_under(law, 1.0, 80), days_under(law, 1.0, 81)])


@pytest.mark.worked
def test_the_values_are_figures_that_a_comparison_takes(team):
    """The file holds parameters of the model, each with a reason, and together they give the law's travel."""
    law = Law(20.0, 3.0, 1.1, 0.25, 26.0, 1.4)
    content = strict_yaml.read_text(values_for_the_model(law), "values.yaml")
    given = {one.name: one.value for one in read_overrides(content, "values.yaml")}
    assert given["door_minutes"] == 3.0
    assert given["shift_idle_ratio"] == 0.25
    assert given["travel_window_term"] == pytest.approx(1.1 - 0.88)
    days = [days_under(law, 0.5, 40), days_under(law, 1.0, 80)]
    said = law_result(team, law, checked(law, days), checked(law, days), 100).summary
    assert "NOT" not in " ".join(said)
    wrong = replace(law, reach=2.0)
    assert "NOT within" in " ".join(law_result(team, law, checked(law, days), checked(wrong, days), 100).summary)

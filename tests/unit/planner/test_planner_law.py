"""The law of travel: found again where it is known, refused where one size tells nothing, held against the planner."""

import math
from dataclasses import replace
from datetime import date

import pytest
from planner.teams import made_up_team

from insource import strict_yaml
from insource.errors import InputError
from insource.parameters import read_overrides
from insource.planner.law import (
    FITTED_AT,
    SHARE_TOLERANCE,
    TRAVEL_TOLERANCE,
    Law,
    Solved,
    checked,
    fitted,
    holds_from,
    land_km2,
    solve_parts,
)
from insource.planner.team import Team
from insource.report.pool_law import law_result, values_for_the_model

MONDAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def team(tmp_path_factory) -> Team:
    """A made-up team of some 80 people."""
    return made_up_team(tmp_path_factory.mktemp("law"), 100, 3)


def days_under(law: Law, size: float, people: float) -> Solved:
    """Days that follow a law exactly: 100 visits of 30 minutes."""
    travel = 100 * law.travel_a_visit(people)
    return Solved(size, 1, people, 100, 3000.0, travel, 0.0, 3000.0 * (1 + law.gaps(people)) + travel)


@pytest.mark.worked
def test_a_known_law_is_found_again(team):
    """Door, reach and both parts of gaps come back from three sizes; other sizes then agree to the last digit."""
    apart = (land_km2(team) / 80) ** 0.5
    law = Law(land_km2(team), 3.5, 1.2, 0.3, 2.5, 26.0, 1.25 + 0.25 * math.exp(-apart / 2.0))
    found = fitted(team, [days_under(law, s, 80 * s) for s in (0.3, 0.6, 1.0)])
    numbers = (found.door_minutes, found.reach, found.gaps_of_many, found.gaps_of_few)
    assert numbers == pytest.approx((3.5, 1.2, 0.3, 2.5), rel=1e-6)
    assert found.gaps(100) == pytest.approx(0.3 + 2.5 / 10)
    [seen] = checked(found, [days_under(law, 0.45, 36)])
    assert seen.travel_off == pytest.approx(0.0, abs=1e-9)
    assert seen.holds


@pytest.mark.worked
def test_a_wrong_law_is_found_out(team):
    """Travel a tenth longer, or gaps that take three points, and the law does not hold."""
    law = Law(land_km2(team), 3.0, 1.1, 0.4, 0.0, 26.0, 1.4)
    days = days_under(law, 1.0, 80)
    assert checked(law, [days])[0].holds
    assert not checked(replace(law, reach=1.1 * 1.4, door_minutes=3.3), [days])[0].holds
    assert not checked(replace(law, gaps_of_many=0.5), [days])[0].holds


@pytest.mark.worked
def test_one_size_tells_nothing(team):
    """The door and the way cannot be told apart from days of one size."""
    law = Law(20.0, 3.0, 1.1, 0.4, 0.0, 26.0, 1.4)
    with pytest.raises(ValueError, match="one size"):
        fitted(team, [days_under(law, 1.0, 80), days_under(law, 1.0, 81)])


@pytest.mark.worked
def test_the_values_are_figures_that_a_comparison_takes(team):
    """The file holds parameters of the model, each with a reason, and together they give the law's travel."""
    law = Law(20.0, 3.0, 1.1, 0.25, 4.0, 26.0, 1.4)
    content = strict_yaml.read_text(values_for_the_model(law, 64), "values.yaml")
    given = {one.name: one.value for one in read_overrides(content, "values.yaml")}
    assert given["door_minutes"] == 3.0
    assert given["shift_idle_ratio"] == pytest.approx(0.25 + 4.0 / 8)
    assert given["travel_window_term"] == pytest.approx(1.1 - 0.88)
    days = [days_under(law, 0.5, 40), days_under(law, 1.0, 80)]
    said = law_result(team, law, checked(law, days), checked(law, days), 9, 0.8).summary
    assert "NOT" not in " ".join(said)
    wrong = replace(law, reach=2.0)
    said = law_result(team, law, checked(law, days), checked(wrong, days), 9, 0.8).summary
    assert "NOT within" in " ".join(said)
    assert "does not hold for the largest part" in " ".join(said)


@pytest.mark.worked
def test_the_page_says_from_which_size_on_the_law_holds(team):
    """Right from 40 people on and wrong with 16: the page says both; one number for gaps is found out by it."""
    law = Law(20.0, 3.0, 0.5, 0.6, 2.0, 26.0, 1.4)
    days = [days_under(law, 0.2, 16), days_under(law, 0.5, 40), days_under(law, 1.0, 80)]
    one_number = replace(law, gaps_of_many=law.gaps(55), gaps_of_few=0.0)
    tested = checked(one_number, days)
    assert [one.holds for one in tested] == [False, True, True]
    assert holds_from(tested) == 40
    said = " ".join(law_result(team, law, checked(law, days), tested, 9, 0.8).summary)
    assert "It holds from 40 people visited a day on; NOT within these limits at 16." in said


@pytest.mark.property
def test_law_and_planner_agree_on_held_out_weeks(team):
    """Within 5% of travel and 2 points of the share of time with people, on weeks that had no say in the law.

    Ten days of the whole team, and of parts as many as give as many visits. The share does not hang on how well rounds
    are solved. Its standard error is some 0.8 points a size, that of travel some 2%: a law that is right passes on most
    seeds and not on all (of 15 sizes tried with five seeds one was off by 5.5% of travel), which is why the seed is
    given. One number for gaps at all sizes does not pass.
    """
    solved = solve_parts(team, MONDAY, FITTED_AT, 10, seed=5, effort=4)
    others = solve_parts(team, MONDAY, (0.4, 0.75, 1.0), 10, seed=6, effort=4)
    law = fitted(team, solved)
    assert law.gaps_of_few > 1
    for one in checked(law, others):
        assert abs(one.travel_off) <= TRAVEL_TOLERANCE
        assert abs(one.share_off) <= SHARE_TOLERANCE
    whole = max(one.people for one in solved)
    one_number = replace(law, gaps_of_many=law.gaps(whole), gaps_of_few=0.0)
    assert not all(one.holds for one in checked(one_number, others))


@pytest.mark.worked
def test_parts_without_visits_are_drawn_again_or_told(tmp_path):
    """Two people a day in a part of a fifth find a day; a team that nobody is to visit is refused in plain words."""
    small = made_up_team(tmp_path, 60, 2, most_people=10)
    [found] = solve_parts(small, MONDAY, (0.2,), 1, effort=1)
    assert found.days == 5
    assert found.legs > 0
    nobody = small.with_visits(small.visits.clear())
    with pytest.raises(InputError, match="small parts of this team have no day"):
        solve_parts(nobody, MONDAY, (0.5,), 1, effort=1)

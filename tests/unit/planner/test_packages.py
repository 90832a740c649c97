"""Packages on the round: minutes that move beside orders that stay, by a closed form and where need stands still."""

import math
from dataclasses import replace
from datetime import date, timedelta

import pytest
from planner.teams import made_up_team

from insource.planner.arrangements import arrangements
from insource.planner.compared import try_out
from insource.planner.numbers import Numbers
from insource.planner.packages import AT_MEAN, FOR_PEAKS, MOVING, OnTheRound, on_the_round
from insource.planner.team import Team

MONDAY, EFFORT = date(2026, 3, 2), 20


@pytest.fixture(scope="module")
def team(tmp_path_factory) -> Team:
    """A made-up team of some 50 people."""
    return made_up_team(tmp_path_factory.mktemp("packages"), 60, 2)


def rounds(team: Team, days: int, **rules: float) -> dict[str, OnTheRound]:
    """The three ways on so many days, under these rules."""
    ruled = replace(team, rules=Numbers(team.rules.values | rules))
    every = [MONDAY + timedelta(days=number) for number in range(days)]
    [pool] = try_out(ruled, every, arrangements(ruled, (), ()), effort=EFFORT)
    return {one.name: one for one in on_the_round(ruled, pool, effort=EFFORT)}


@pytest.mark.property
def test_where_need_stands_still_nothing_is_lost(team):
    """Nobody away and no week unlike another: all three are the same rounds of the same minutes."""
    found = rounds(team, 1, need_variation=0.0, away_share=0.0)
    assert {one.met for one in found.values()} == {found[MOVING].met}
    for one in found.values():
        assert one.met == pytest.approx(one.need * (1 - one.unserved_share), rel=0.05)
        assert one.paid == pytest.approx(found[MOVING].paid, rel=0.02)


@pytest.mark.closed_form
def test_what_fixed_minutes_leave_is_the_mean_of_what_goes_beyond(team):
    """Of normal need with spread cv the mean beyond its mean is cv / sqrt(2 pi); fixed minutes leave that."""
    spread = 0.3
    found = rounds(team, 4, need_variation=spread, need_correlation=0.0, away_share=0.0)
    beyond = spread / math.sqrt(2 * math.pi)
    at_mean = found[AT_MEAN].unmet_share - found[AT_MEAN].unserved_share
    assert at_mean == pytest.approx(beyond, abs=0.035)
    assert found[MOVING].unmet_share < at_mean / 2
    for one in found.values():
        assert 0 < one.met <= one.need == found[MOVING].need
    assert found[MOVING].paid_per_minute_met < found[AT_MEAN].paid_per_minute_met < found[FOR_PEAKS].paid_per_minute_met

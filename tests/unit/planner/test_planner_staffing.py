"""Staffing level: both closed forms against what they solve and against drawn weeks."""

from datetime import date
from itertools import pairwise
from statistics import NormalDist

import numpy as np
import pytest
from planner.teams import sample, write_team

from insource.planner.numbers import numbers
from insource.planner.staffing import FULL_TIME_HOURS, levels, need, rota_for, spread_of
from insource.planner.team import read_team
from insource.rules.pooling import pooled_variation

MONDAY = date(2026, 3, 2)


@pytest.mark.closed_form
def test_spread_of_equal_people_is_eppens():
    """n equal needs with correlation r: n x sd x sqrt(r + (1 - r) / n), the rule of the simulation."""
    for people, common in ((1, 0.3), (50, 0.0), (50, 0.05), (400, 1.0)):
        ours = float(spread_of(np.full(people, 0.25), common))
        assert ours == pytest.approx(people * pooled_variation(0.25, common, people))


@pytest.mark.closed_form
def test_the_rota_covers_in_the_share_of_weeks():
    """Drawn need and illness: covered in 95% of 40,000 weeks, within 1 point (standard error 0.1 points)."""
    luck = np.random.Generator(np.random.PCG64(5))
    mean, spread, sick, busy = np.array([60.0]), np.array([6.0]), 0.05, 0.8
    number = float(rota_for(mean, spread, 0.95, sick, busy)[0])
    wanted = (60.0 + 6.0 * np.array([NormalDist().inv_cdf(u) for u in luck.random(40_000)])) / busy
    whole = round(number)
    here = whole - (luck.random((40_000, whole)) < sick).sum(axis=1)
    shift = number - whole
    assert (here + shift * (1 - sick) >= wanted).mean() == pytest.approx(0.95, abs=0.01)


@pytest.mark.closed_form
def test_half_of_weeks_takes_the_mean():
    """At 50% nothing is held for fluctuation; nobody is wanted where nothing is asked for."""
    found = rota_for(np.array([19.0, 0.0]), np.array([5.0, 0.0]), 0.5, 0.05, 0.8)
    assert found == pytest.approx([19.0 / 0.8 / 0.95, 0.0])


@pytest.mark.property
def test_levels_rise_and_add_up(tmp_path):
    """More weeks covered never takes fewer hours; mean need is the care asked for less those away; posts follow."""
    visits = [sample("visits", 0, visit=f"v{k}", person=f"P{1 + k % 2}", carers="1") for k in range(6)]
    team = read_team(write_team(tmp_path, visits=visits))
    found = need(team, MONDAY)
    rules = numbers()
    assert found.hours == pytest.approx((1 - rules["away_share"]) * 6 * 7 * 45 / 60)
    assert found.mean.sum() / 2 == pytest.approx(found.hours)
    curve = levels(team, found)
    for low, high in pairwise(curve):
        assert low.by_week < high.by_week
        assert low.by_half_hour.paid_hours <= high.by_half_hour.paid_hours
    middle = curve[0]
    assert middle.care_held == pytest.approx(found.hours)
    by_hand = found.hours / rules["productive_share"] / (1 - rules["sickness_share"])
    assert middle.posts == pytest.approx(by_hand / (1 - rules["leave_share"]) / FULL_TIME_HOURS)

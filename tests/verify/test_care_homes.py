"""Care homes alone: how many live there, how long they stay, and what they cost, against Little's law."""

import math

import numpy as np
import pytest
from alone import World, caught, planted

from insource.mechanisms import care_homes
from insource.rules.care_homes import council_pounds_a_week, mean_stay_weeks, still_there_share

pytestmark = pytest.mark.closed_form

STAYS = (0.24, 18.0, 150.0)
NUMBERS = dict(zip(("care_home_short_share", "care_home_short_weeks", "care_home_long_weeks"), STAYS, strict=True))


def test_published_stays():
    """The two kinds of stay give the published 55% after a year, 27% after three, and a mean of 801 days within 4%."""
    assert still_there_share(52.0, *STAYS) == pytest.approx(0.55, abs=0.005)
    assert still_there_share(156.0, *STAYS) == pytest.approx(0.27, abs=0.005)
    assert mean_stay_weeks(*STAYS) * 7.0 == pytest.approx(801.0, rel=0.04)
    weeks = np.arange(0.0, 5000.0, 0.05)
    there = [float(still_there_share(week, *STAYS)) for week in weeks]
    assert np.trapezoid(there, weeks) == pytest.approx(mean_stay_weeks(*STAYS), rel=1e-4)


def check_little(mechanism):
    """With 5 moves a week 5 times the mean stay live there; to the person, those who came have died or are there."""
    world = World(weeks=2600, numbers=NUMBERS)
    area = world.bind(mechanism)
    world.council.moved_people[0] = 5
    for week in range(2600):
        area.step(week)
    there = world.book("care_home_weeks")
    assert there[-1] == pytest.approx(5.0 * mean_stay_weeks(*STAYS), abs=1.0), "residents"
    assert world.ledger.total("care_home_deaths") == 5 * 2600 - there[-1]
    assert (world.book("care_home_deaths") >= 0).all()
    net = world.numbers
    pounds = council_pounds_a_week(net.care_home_week_pounds, net.council_funded_share, net.care_home_charge_share)
    assert pounds == pytest.approx(1185.55 * 0.75 * 0.72)
    assert world.book("care_home_pence")[-1] == pytest.approx(there[-1] * pounds * 100.0, abs=1.0)
    assert world.council.care_home_spend_pence[0] == world.book("care_home_pence")[-1]


def test_residents_are_moves_times_stay():
    """Little's law, for both kinds of stay together."""
    check_little(care_homes)


def test_little_fails_if_short_stays_are_long():
    """A mechanism that forgets the short stays is found out."""
    fault = planted(care_homes, "numbers.care_home_short_weeks\n    )", "numbers.care_home_long_weeks\n    )")
    caught(check_little, fault, "residents")


def check_start(mechanism):
    """The run begins with the residents that the moves of people like those recorded would keep."""
    world = World(weeks=520, donors=4000, numbers={**NUMBERS, "care_home_rate_65_plus": 0.13})
    world.donors.age_band[:] = 2
    area = world.bind(mechanism)
    area.start()
    moves = 4000 * 0.13 / 52.0
    assert moves == 10.0
    world.council.moved_people[0] = 10
    for week in range(520):
        area.step(week)
    there = world.book("care_home_weeks")
    assert there.max() - there.min() <= 1, "it stays as it begins"
    assert there[0] == pytest.approx(10.0 * mean_stay_weeks(*STAYS), abs=1.0)


def test_it_begins_at_rest():
    """Nothing drifts if as many move as before."""
    check_start(care_homes)
    caught(check_start, planted(care_homes, "moves += by_age(", "moves += 2.0 * by_age("), "as it begins")


def test_a_single_cohort_dies_away():
    """Of 1,000 who move in together, the published shares are there after one and three years (weeks, not years)."""
    world = World(weeks=200, numbers=NUMBERS)
    area = world.bind(care_homes)
    world.council.moved_people[0] = 1000
    area.step(0)
    world.council.moved_people[0] = 0
    for week in range(1, 200):
        area.step(week)
    there = world.book("care_home_weeks")
    for weeks in (52, 156):
        expected = 0.24 * (1.0 - 1.0 / 18.0) ** weeks + 0.76 * (1.0 - 1.0 / 150.0) ** weeks
        assert there[weeks] == pytest.approx(1000.0 * expected, abs=1.0)
        assert expected == pytest.approx(float(still_there_share(float(weeks), *STAYS)), abs=0.003)
    assert math.isclose(world.ledger.total("care_home_deaths"), 1000 - there[-1])

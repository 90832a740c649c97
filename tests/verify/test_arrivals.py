"""People ask for help: the number of people, and who they are like, against theory.md section 14 (MGI-1)."""

import math

import numpy as np
import pytest
from alone import World, caught, near, near_mean, planted, share_error

from insource.mechanisms import arrivals

pytestmark = pytest.mark.closed_form

LEAVING = 0.01
A_YEAR = -52.0 * math.log(1.0 - LEAVING)
"""A rate a year at which one in a hundred leaves in a week."""
OFF = {
    "usual_reablement_share": 0.0,
    "demand_growth_rate": 0.0,
    "death_rate_18_64": A_YEAR,
    "death_rate_65_plus": A_YEAR,
    "care_home_rate_18_64": 0.0,
    "care_home_rate_65_plus": 0.0,
    "support_ends_rate": 0.0,
}


def _world(people, donors, weeks, draw=0, **numbers):
    world = World(weeks=weeks, numbers={**OFF, **numbers}, draw=draw, people=people, donors=donors)
    world.donors.person[:] = np.arange(1, donors + 1)
    return world


def check_mgi_1(mechanism):
    """With 3 newcomers expected a week and a chance to leave of .01, people here are Poisson with mean 300."""
    weeks, settle, runs = 2600, 600, 24
    means, variances, tails = np.empty(runs), np.empty(runs), np.empty(runs)
    for run in range(runs):
        world = _world(600, 300, weeks, draw=run)
        week_of = world.bind(mechanism)
        week_of.start()
        people, rng = world.people, np.random.default_rng(run)
        people.is_here[:300] = 1
        here = np.empty(weeks)
        for week in range(weeks):
            week_of.step(week)
            stays = rng.random(600) >= LEAVING
            people.is_here[:] = np.where(people.is_new == 1, 1, people.is_here & stays)
            here[week] = people.is_here.sum()
        kept = here[settle:]
        means[run], variances[run], tails[run] = kept.mean(), np.mean((kept - 300.0) ** 2), np.mean(kept > 330)
        assert world.council.is_full[0] == 0
    assert world.council.arrivals_a_week[0] == pytest.approx(3.0, rel=1e-9)
    near_mean(means, 300.0, "mean")
    near_mean(variances, 300.0, "variance")
    near_mean(tails, 0.040776, "share of weeks above 330")


def test_mgi_1():
    """MGI-1. Each of 24 runs gives one mean, variance and tail; their spread gives the error.

    4 standard errors; with 24 runs a correct program fails 6 of 10,000 such checks.
    """
    check_mgi_1(arrivals)


def test_mgi_1_fails_if_arrivals_do_not_vary():
    """The same number of newcomers every week gives half the variance, and is found out."""
    caught(
        check_mgi_1,
        planted(arrivals, "poisson(expected, luck, DRAWS.number, 0, week)", "int(expected)"),
        "variance",
    )


def check_likeness(mechanism):
    """Newcomers are like the younger donors, who leave at half the rate, half as often as there are of them."""
    world = _world(60_000, 200, 1, death_rate_18_64=A_YEAR / 2.0)
    world.donors.age_band[100:] = 2
    week_of = world.bind(mechanism)
    week_of.start()
    world.council.arrivals_a_week[0] = 50_000.0
    week_of.step(0)
    new = world.people.is_new == 1
    young_chance, old_chance = -math.expm1(-A_YEAR / 104.0), LEAVING
    expected = young_chance / (young_chance + old_chance)
    near(np.mean(world.people.age_band[new] == 0), expected, share_error(expected, new.sum()), "young newcomers")
    assert len(np.unique(world.people.person[new])) == new.sum(), "two newcomers have one number"
    assert (world.people.donor[new] >= 0).all()


def test_newcomers_are_like_those_who_leave():
    """Section 14: for the mix to last, newcomers follow the outflow. Binomial error, 4 standard errors."""
    check_likeness(arrivals)


def test_likeness_fails_if_the_first_is_always_taken():
    """Newcomers who are all like the first recorded person are found out."""
    fault = planted(arrivals, "np.searchsorted(donors.inflow_share, u)", "0")
    caught(check_likeness, fault, "young newcomers")


def check_growth(mechanism):
    """After a year the expected number of newcomers is (1 + growth) times that of the first week."""
    counts = np.empty(400)
    for draw in range(400):
        world = _world(300, 1, 53, draw=draw, demand_growth_rate=0.25)
        week_of = world.bind(mechanism)
        week_of.start()
        world.council.arrivals_a_week[0] = 100.0
        week_of.step(52)
        counts[draw] = world.book("people_arrived")[52]
    near(counts.mean(), 125.0, math.sqrt(125.0 / 400), "newcomers in week 53")


def test_demand_grows():
    """Poisson counts over 400 draws of luck: error sqrt(mean / 400), 4 standard errors."""
    check_growth(arrivals)


def test_growth_fails_at_half_its_rate():
    """Growth at half its rate is found out."""
    caught(
        check_growth, planted(arrivals, "* week / WEEKS_A_YEAR", "* week / WEEKS_A_YEAR / 2.0", rule="rates"), "week 53"
    )


def test_rows_wait_for_the_last_order_to_run_out():
    """A row is used again only when nothing more is paid for whoever left; too few rows are owned up to."""
    world = _world(3, 3, 3)
    week_of = world.bind(arrivals)
    week_of.start()
    people = world.people
    world.council.arrivals_a_week[0] = 1000.0
    people.is_here[:] = (0, 0, 1)
    people.run_on_weeks[:] = (0, 1, 0)
    week_of.step(0)
    assert people.is_new.tolist() == [1, 0, 0]
    assert people.person.tolist()[1:] == [2, 3]
    assert world.council.is_full[0] == 1

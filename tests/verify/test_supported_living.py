"""Two lines of service side by side: who leaves, who comes, how far staff travel, what an hour costs."""

import math

import numpy as np
import pytest
from alone import World, caught, near, planted, share_error

from insource.layout import line_columns
from insource.mechanisms import arrivals, care, needs
from insource.terms import LINE

pytestmark = pytest.mark.closed_form

STAY = ("death_rate_18_64", "death_rate_65_plus", "care_home_rate_18_64", "care_home_rate_65_plus")
NOBODY_DIES = dict.fromkeys(STAY, 0.0) | {"hospital_admission_rate": 0.0}


def check_leaving(mechanism):
    """Ends at .52 a year in home care and .104 in supported living take .00995 and .00200 of people in a week."""
    numbers = {**NOBODY_DIES, "support_ends_rate": 0.52, "supported_living_ends_rate": 0.104}
    world = World(numbers=numbers, people=400_000, donors=1)
    world.donors.package_minutes[0] = 600.0
    world.people.is_open[:] = 1
    world.people.donor[:] = 0
    world.people.line[::2] = LINE.supported_living
    bound = world.bind(mechanism)
    bound.start()
    bound.step(0)
    gone = world.people.is_here == 0
    for line, rate in ((LINE.home_care, 0.52), (LINE.supported_living, 0.104)):
        expected = -math.expm1(-rate / 52.0)
        found = gone[world.people.line == line].mean()
        near(found, expected, share_error(expected, 200_000), f"share who leave line {line}")
    assert world.book("support_endings")[0] == gone.sum()


def test_people_stay_longer_in_supported_living():
    """1 - exp(-rate / 52) on each line. Binomial error, 4 standard errors."""
    check_leaving(needs)


def test_leaving_fails_if_lines_are_alike():
    """The planted fault: everybody leaves as from home care."""
    caught(check_leaving, planted(needs, "if line == SUPPORTED_LIVING else", "if line > 5 else"), "line 1")


def _arrivals(mechanism, people=60_000, **numbers):
    numbers = {**NOBODY_DIES, "support_ends_rate": 0.52, "supported_living_ends_rate": 0.104, **numbers}
    world = World(numbers={"demand_growth_rate": 0.0, **numbers}, people=people, donors=200, parts=3)
    world.parts.line[:] = (LINE.home_care, LINE.supported_living, LINE.reablement)
    world.donors.person[:] = np.arange(1, 201)
    world.donors.line[100:] = LINE.supported_living
    bound = world.bind(mechanism)
    bound.start()
    return world, bound


def check_arrivals(mechanism):
    """As many come as leave, line by line; to home care those who soon need nothing more come on top."""
    home, shared = (-math.expm1(-rate / 52.0) for rate in (0.52, 0.104))
    world, _ = _arrivals(mechanism, people=200, usual_reablement_share=0.0)
    assert world.council.arrivals_a_week[0] == pytest.approx(100.0 * (home + shared), rel=1e-12)
    reabled = {"usual_reablement_share": 0.5, "reablement_hours_ratio": 0.5, "reablement_ending_share": 1.0}
    world, bound = _arrivals(mechanism, **reabled)
    coming = 100.0 * (home / 0.75 + shared)
    assert world.council.arrivals_a_week[0] == pytest.approx(coming, rel=1e-12)
    world.council.arrivals_a_week[0] = 50_000.0
    bound.step(0)
    new = world.people.is_new == 1
    like = world.donors.line[world.people.donor[new]]
    expected = 100.0 * shared / coming
    near((like == LINE.supported_living).mean(), expected, share_error(expected, new.sum()), "newcomers who share")
    began = world.people.line[new]
    assert set(began[like == LINE.supported_living]) == {LINE.supported_living}, "reablement before supported living"
    helped = (began == LINE.reablement)[like == LINE.home_care]
    near(helped.mean(), 0.5, share_error(0.5, len(helped)), "newcomers to home care who have reablement")


def test_who_comes_to_which_line():
    """Flows by line in closed form; reablement goes before home care and not before supported living."""
    check_arrivals(arrivals)


def test_arrivals_fail_if_reablement_goes_before_everything():
    """The planted fault."""
    caught(check_arrivals, planted(arrivals, "parts.reablement_ratio[part] * (line == HOME_CARE)", "1.0"), "reablement")


def check_travel(mechanism):
    """The same streets and people: travel for each minute of support falls as the stretch of work gets longer."""
    world = World(people=80, providers=2, parts=2, zones=1)
    world.parts.line[:] = (LINE.home_care, LINE.supported_living)
    for name, values in line_columns(world.parts.line, world.numbers).items():
        world.tables["parts"][name][:] = values
    world.providers.patch_km2[:] = 80.0
    world.providers.part[:] = (0, 1)
    world.providers.pool[:] = (0, 1)
    world.providers.present_posts[:] = 10
    world.people.is_here[:] = world.people.is_in_care[:] = 1
    world.people.provider[:] = world.people.part[:] = np.arange(80) % 2
    world.people.ordered_minutes[:] = 60
    bound = world.bind(mechanism)
    bound.start()
    bound.step(0)
    at_home, shared = world.providers.travel_ratio
    n = world.numbers
    assert shared / at_home == pytest.approx(n.visit_minutes / n.supported_living_visit_minutes, rel=1e-12), "travel"
    assert world.providers.capacity_minutes[1] > 1.1 * world.providers.capacity_minutes[0]


def test_less_travel_where_staff_work_shifts():
    """Travel a stretch is that of the law of travel on either line (same people, same streets)."""
    check_travel(care)


def test_travel_fails_if_every_visit_is_as_long():
    """The planted fault."""
    fault = planted(care, "travel_ratio(minutes, parts.visit_minutes[part])", "travel_ratio(minutes, 35.0)")
    caught(check_travel, fault, "travel")

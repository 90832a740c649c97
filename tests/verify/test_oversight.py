"""Officers' hours, what they find out, and the loop from oversight to quality and back (L6)."""

import math

import numpy as np
import pytest
from alone import World, caught, planted

from insource.mechanisms import oversight, quality
from insource.rules.oversight import detection_share, hours_after_concerns, hours_for_detection, oversight_outcome

pytestmark = pytest.mark.closed_form

HOURS, TO_DETECT = 70.0, 200.0


def _service(weeks=1, people=100, **numbers):
    plain = {"quality_spread": 0.0, "hours_to_detect": TO_DETECT, "concern_response_hours": 0.0, **numbers}
    world = World(weeks=weeks, numbers=plain, people=people, providers=1)
    world.set_terms({"monitoring_hours": HOURS})
    world.people.provider[:] = 0
    world.providers.people_in_care[:] = people
    return world


def check_without_response(mechanism):
    """Where concerns add nothing, hours are those of the terms and detection stays 1 - exp(-70 / 200)."""
    world = _service(8)
    bound = world.bind(mechanism)
    bound.start()
    rng = np.random.default_rng(1)
    for week in range(8):
        world.providers.concerns[0] = rng.integers(0, 9)
        bound.step(week)
        assert world.providers.detection_share[0] == pytest.approx(-math.expm1(-0.35), rel=1e-12), "detection"
        assert world.book("monitoring_minutes")[week] == int(70.0 * 60.0 / 52.0), "hours"


def test_without_response():
    """Limiting case of the docstring, exactly."""
    check_without_response(oversight)


def test_without_response_fails_if_hours_are_not_read():
    """Officers who spend an hour whatever the terms say are found out."""
    fault = planted(oversight, "hours, response = parts.monitoring_hours[part],", "hours, response = 1.0,")
    caught(check_without_response, fault, "detection")


def check_response(mechanism):
    """Two concerns every week are 104 a year, 97 beyond the usual 7: at half an hour each, 48.5 hours more are watched.

    Where they take time away instead, watching falls to 21.5 hours and the council pays for 70 all the same.
    """
    for response, watched, paid in ((0.5, 118.5, 118.5), (-0.5, 21.5, 70.0)):
        world = _service(2000, concern_response_hours=response, concern_memory_weeks=13.0, usual_concern_rate=0.07)
        world.providers.concerns[0] = 2
        bound = world.bind(mechanism)
        bound.start()
        assert world.providers.concerns_a_year[0] == pytest.approx(7.0, rel=1e-12), "at the start"
        for week in range(2000):
            bound.step(week)
        assert world.providers.concerns_a_year[0] == pytest.approx(104.0, rel=1e-9)
        expected = -math.expm1(-watched / TO_DETECT)
        assert world.providers.detection_share[0] == pytest.approx(expected, rel=1e-9), f"watching at {response}"
        assert world.providers.monitoring_minutes[0] == pytest.approx(paid * 60.0 / 52.0, rel=1e-9), "paid"


def test_response():
    """The equations of the docstring, once the running mean has settled."""
    check_response(oversight)


def test_response_fails_if_usual_concerns_count():
    """A response to every concern, not to those beyond the usual, is found out."""
    fault = planted(oversight, "(concerns - usual_concerns) * response", "concerns * response", rule="oversight")
    caught(check_response, fault, "watching")


CUT, PEOPLE, RATE = 0.5, 4000, 0.5


def _loop(mechanism, response, deterred_at, is_skeleton, weeks=400):
    """Quality and oversight in a chain, with a service that cuts staff unless detection deters it.

    Cutting lowers quality by CUT. Returns the share of the last 250 weeks in which the service was cut to a skeleton.
    """
    numbers = {"concern_response_hours": response, "usual_concern_rate": RATE, "concern_effect": 1.0}
    world = _service(weeks, PEOPLE, memory_weeks=4.0, concern_memory_weeks=13.0, **numbers)
    numbers = {"usual_experienced_share": 0.0, "vacancy_share": 0.0, "guaranteed_effect": 0.0, "continuity_effect": 0.0}
    world.numbers = world.numbers._replace(**numbers)
    world.providers.pay_pence[:] = world.numbers.market_pay_pence
    world.people.is_here[:], world.people.scheduled_minutes[:] = 1, 60
    chain = [world.bind(quality), world.bind(mechanism)]
    for bound in chain:
        bound.start()
    world.providers.lasting_quality[0] = world.providers.quality[0] = -CUT * is_skeleton
    excess = PEOPLE * RATE * (math.exp(CUT) - 1.0) * is_skeleton
    world.providers.concerns_a_year[0] = PEOPLE * RATE + excess
    world.providers.detection_share[0] = detection_share(HOURS + response * excess, TO_DETECT)
    cut = np.zeros(weeks)
    for week in range(weeks):
        cut[week] = world.providers.detection_share[0] < deterred_at
        world.providers.lasting_quality[0] = -CUT * cut[week]
        for bound in chain:
            bound.step(week)
    return float(cut[-250:].mean())


def check_loop_6(mechanism):
    """The loop ends as `oversight_outcome` says, from either start."""
    excess = PEOPLE * RATE * (math.exp(CUT) - 1.0)
    for response, deterred_at, expected in (
        (0.02, 0.25, 0),
        (0.02, 0.45, 1),
        (0.02, 0.33, -1),
        (-0.02, 0.25, 2),
        (0.0, 0.25, 0),
        (0.0, 0.33, 1),
    ):
        needed = hours_for_detection(deterred_at, TO_DETECT)
        hours_if_skeleton = hours_after_concerns(HOURS, PEOPLE * RATE + excess, PEOPLE * RATE, response)
        assert oversight_outcome(HOURS, hours_if_skeleton, needed) == expected
        ends = [_loop(mechanism, response, deterred_at, start) for start in (0, 1)]
        name = f"response {response}, deterred at {deterred_at}: {ends}"
        if expected == -1:
            assert min(ends) > 0.1, name
            assert max(ends) < 0.9, name
        else:
            assert ends == {0: [0.0, 0.0], 1: [1.0, 1.0], 2: [0.0, 1.0]}[expected], name


def test_loop_6():
    """L6 alone. 4,000 people: luck moves watching by 2 hours (one standard error), the switches are 10 or more away."""
    check_loop_6(oversight)


def test_loop_6_fails_if_officers_do_not_respond():
    """Officers whose time concerns neither add to nor take from settle the loop one way, and are found out."""
    fault = planted(oversight, "numbers.concern_response_hours", "0.0 * numbers.concern_response_hours")
    caught(check_loop_6, fault, "response")

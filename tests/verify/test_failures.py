"""Services that give up, alone: how often, what lapses, and what step-in changes."""

import math

import numpy as np
import pytest
from alone import World, caught, near, planted, share_error

from insource.mechanisms import failures

pytestmark = pytest.mark.closed_form

RATE = 0.52


def _world(services, terms, weeks=1, parts=1, **numbers):
    world = World(weeks=weeks, numbers={"hand_back_rate": RATE, **numbers}, providers=services, parts=parts)
    world.set_terms({"is_hand_back_allowed": "yes", **terms})
    return world


def check_hand_back(mechanism):
    """Services that may hand back do so with chance 1 - exp(-rate / 52) a week, and take nobody for some weeks."""
    services = 100_000
    world = _world(services, {"is_hand_back_allowed": ["no", "yes"]}, parts=2)
    world.providers.part[services // 2 :] = 1
    world.bind(mechanism).step(0)
    gone = world.providers.is_handing_back == 1
    assert not gone[: services // 2].any(), "terms"
    assert (world.providers.closed_weeks == gone * int(world.numbers.closed_weeks)).all()
    expected = -math.expm1(-RATE / 52.0)
    near(gone[services // 2 :].mean(), expected, share_error(expected, services // 2), "services handing back")
    assert world.ledger.accounts["hand_backs"][0].tolist() == [0, gone.sum()]


def test_hand_back():
    """Rate to chance as in theory.md section 12; binomial error over 50,000 services, 4 standard errors."""
    check_hand_back(failures)


def test_hand_back_fails_if_the_terms_are_not_read():
    """Services that hand back although their terms do not allow it are found out."""
    fault = planted(failures, "parts.is_hand_back_allowed[part] == 1.0", "parts.is_hand_back_allowed[part] >= 0.0")
    caught(check_hand_back, fault, "terms")


def check_step_in(mechanism):
    """With step-in the same services give up in the same week, but stay open, run by the council for so many weeks."""
    runs = []
    for is_step_in in ("no", "yes"):
        world = _world(20_000, {"is_step_in": is_step_in}, weeks=12, step_in_weeks=10.0)
        bound = world.bind(mechanism)
        bound.step(0)
        runs.append((world, bound, world.providers.is_handing_back == 1, world.providers.step_in_weeks.copy()))
    (_, _, gone, none), (world, bound, stayed, weeks) = runs
    assert gone.any(), "nobody gave up"
    assert not none.any()
    assert not stayed.any(), "people sent away although the council steps in"
    assert (weeks == 10 * gone).all(), "weeks run by the council"
    assert world.book("step_ins")[0] == world.book("hand_backs")[0] == gone.sum()
    for week in range(1, 10):
        bound.step(week)
    assert (world.providers.step_in_weeks[gone] == 1).all(), "weeks run by the council"
    assert np.sum(world.providers.closed_weeks) == 0


def test_step_in():
    """Equation: run by the council = step_in_weeks, counted down week by week, and no service is closed."""
    check_step_in(failures)


def test_step_in_fails_if_the_service_closes_all_the_same():
    """Step-in that closes the service is found out."""
    fault = planted(failures, "gives_up & (not is_kept_open)", "gives_up")
    caught(check_step_in, fault, "people sent away")

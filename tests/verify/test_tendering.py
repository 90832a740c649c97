"""Tendering alone."""

import numpy as np
import pytest
from alone import World, caught, planted

from insource.mechanisms import tendering

pytestmark = pytest.mark.closed_form


def _fees(mechanism):
    world = World(providers=3, parts=2, numbers={"external_price_pounds": 25.0})
    world.set_terms({"employer": ["provider", "council"], "payment_basis": ["hour_ordered", "salary"]})
    world.providers.part[:] = (0, 1, 0)
    bound = world.bind(mechanism)
    bound.start()
    assert np.array_equal(world.providers.price_pence, (2500.0, 0.0, 2500.0))


def test_a_fee_that_is_set_is_the_price_of_every_service():
    """25 pounds an hour for whoever is outside the council."""
    _fees(tendering)


def test_fails_if_the_council_bills_itself():
    """The planted fault."""
    caught(_fees, planted(tendering, "0.0 if is_own else", "1.0 if is_own else"))

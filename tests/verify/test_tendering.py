"""Tendering alone."""

import numpy as np
import pytest
from alone import World, caught, planted

from insource.layout import line_columns
from insource.mechanisms import tendering
from insource.terms import LINE

pytestmark = pytest.mark.closed_form


def _fees(mechanism):
    world = World(providers=3, parts=2, numbers={"external_price_pounds": 25.0})
    world.set_terms({"employer": ["provider", "council"], "payment_basis": ["hour_ordered", "salary"]})
    world.providers.part[:] = (0, 1, 0)
    bound = world.bind(mechanism)
    bound.start()
    assert np.array_equal(world.providers.price_pence, (2500.0, 0.0, 2500.0))


def _fees_by_line(mechanism):
    world = World(providers=2, parts=2, numbers={"external_price_pounds": 25.0, "supported_living_price_pounds": 21.5})
    world.parts.line[:] = (LINE.home_care, LINE.supported_living)
    world.parts.fee_pence[:] = line_columns(world.parts.line, world.numbers)["fee_pence"]
    world.providers.part[:] = (0, 1)
    world.bind(mechanism).start()
    assert np.array_equal(world.providers.price_pence, (2500.0, 2150.0))


def test_each_line_has_its_fee():
    """21.50 pounds an hour in supported living beside 25 in home care."""
    _fees_by_line(tendering)


def test_fails_if_every_line_has_the_same_fee():
    """The planted fault."""
    caught(_fees_by_line, planted(tendering, "parts.fee_pence[providers.part[j]]", "parts.fee_pence[0]"))


def test_a_fee_that_is_set_is_the_price_of_every_service():
    """25 pounds an hour for whoever is outside the council."""
    _fees(tendering)


def test_fails_if_the_council_bills_itself():
    """The planted fault."""
    caught(_fees, planted(tendering, "0.0 if is_own else", "1.0 if is_own else"))

"""Whatever is switched off, the area goes on: every number is one, and people who wait find a service."""

import numpy as np
import pytest

from insource import delivery
from insource.draws import luck
from insource.place import synthetic
from insource.simulate import simulate
from insource.switches import ALL, chosen, without

pytestmark = pytest.mark.property

WEEKS, RUNNING_IN = 52, 26
FEWEST_LEFT = 0.5
"""Switching one thing off may change how many find a service, not halve it."""


@pytest.fixture(scope="module")
def town():
    """A town of one zone."""
    return synthetic(700, seed=2)


@pytest.mark.parametrize("name", ["status_quo", "in_house"])
def test_no_switch_stops_the_area(town, numbers, name):
    """Each switch by itself, and all together."""
    model = delivery.read(name)

    def run(off):
        values = {parameter: value for one in off for parameter, value in one.parameters.items()}
        return simulate(town, without(model, off), numbers._replace(**values), luck(1, 0), WEEKS, RUNNING_IN)

    usual = run([]).ledger.total("placements")
    assert usual > 0
    every = chosen([ALL])
    for off in [*([one] for one in every), every]:
        words = f"{name} without {', '.join(one.name for one in off)}"
        made = run(off)
        for table, columns in made.tables.items():
            for column, values in columns.items():
                if values.dtype.kind == "f":
                    assert not np.isnan(values).any(), f"{words}: {table}.{column}"
        assert made.ledger.total("placements") > FEWEST_LEFT * usual, words

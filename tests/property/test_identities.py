"""Nothing and nobody is lost, whatever the parameters, the place and the delivery model."""

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from insource import delivery, parameters
from insource.draws import luck
from insource.identities import broken, cash_gap, out_of_domain
from insource.place import synthetic
from insource.simulate import prepare, simulate

pytestmark = pytest.mark.property


def test_identities_hold_every_week(town, numbers, some_luck, model):
    """Week by week, for each model at central parameters."""
    simulation = prepare(town, model, numbers, some_luck, weeks=60, burn_in=0)
    for week in range(60):
        simulation.advance(1)
        assert broken(simulation.ledger, week + 1) == []
        assert out_of_domain(simulation.tables) == []
        assert cash_gap(simulation.ledger, simulation.tables) == 0


@settings(max_examples=40, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate))
@given(
    people=st.integers(1, 300),
    seed=st.integers(0, 2**32),
    draw=st.integers(0, 1000),
    name=st.sampled_from(sorted(delivery.bundled())),
)
def test_identities_hold_anywhere(people, seed, draw, name):
    """Random places and random parameters from their whole ranges."""
    run = simulate(synthetic(people, seed), delivery.read(name), parameters.draw(seed, draw), luck(seed, draw), 40, 0)
    assert broken(run.ledger) == []
    assert out_of_domain(run.tables) == []
    assert cash_gap(run.ledger, run.tables) == 0

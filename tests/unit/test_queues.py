"""First come, first served: exactly as many as there are places, whatever the order of rows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insource.compiled import compiled
from insource.draws import decision_number, luck, uniform
from insource.queues import LONGEST_WAIT, is_seen, queue_cut

pytestmark = pytest.mark.property

DECISION = decision_number("test.queue")


@compiled
def served(waits, who, places, key, decision, week, out):
    """Who is seen, as a mechanism would find out."""
    weeks, draw, seen, left = queue_cut(waits, who, places, key, decision, week)
    for i in range(waits.shape[0]):
        out[i] = is_seen(waits[i], who[i], weeks, draw, key, decision, week)
    return seen, left


def _served(waits, who, places, week=3):
    out = np.zeros(len(waits), np.int8)
    seen, left = served(np.array(waits, np.int32), np.array(who, np.int64), places, luck(1, 0), DECISION, week, out)
    return out.astype(bool), seen, left


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    waits=st.lists(st.integers(-1, 12), min_size=1, max_size=60),
    places=st.integers(0, 70),
    seed=st.integers(0, 1000),
)
def test_exactly_as_many_as_there_are_places(waits, places, seed):
    """As many as fit; nobody who waited less before somebody who waited longer; rows in any order, the same people."""
    waits = np.array(waits)
    who = np.arange(1, len(waits) + 1)
    out, seen, left = _served(waits, who, places)
    queue = waits >= 0
    assert seen == out.sum() == min(places, queue.sum())
    assert left == queue.sum() - seen
    assert not out[~queue].any()
    if out.any() and (queue & ~out).any():
        assert waits[out].min() >= waits[queue & ~out].max()
    order = np.random.default_rng(seed).permutation(len(waits))
    shuffled, _, _ = _served(waits[order], who[order], places)
    assert (shuffled == out[order]).all()


def test_equal_waits_are_decided_by_each_ones_own_draw():
    """Those with the smallest draws are seen, another lot in another week."""
    who = np.arange(1, 1001)
    out, seen, left = _served(np.zeros(1000), who, 300)
    draws = np.array([uniform(luck(1, 0), DECISION, one, 3) for one in who])
    assert (seen, left) == (300, 700)
    assert draws[out].max() < draws[~out].min()
    other, _, _ = _served(np.zeros(1000), who, 300, week=4)
    assert 40 < (out & other).sum() < 140


def test_waits_beyond_the_longest_are_held_there():
    """Waits of twenty years and more count as equally long."""
    out, _, _ = _served([LONGEST_WAIT + 5, LONGEST_WAIT + 500, 3], [1, 2, 3], 2)
    assert out.tolist() == [True, True, False]
    assert _served([LONGEST_WAIT, LONGEST_WAIT + 900], [1, 2], 1)[1:] == (1, 1)


def test_no_places_and_no_queue():
    """Nobody is seen without a place; without a queue places stay free."""
    assert _served([4, 4], [1, 2], 0)[1:] == (0, 2)
    assert _served([-1, -1], [1, 2], 5)[1:] == (0, 0)

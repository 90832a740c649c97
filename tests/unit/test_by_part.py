"""Sums by part, of which all but the first are added up one by one: the same as NumPy's."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import example, given, settings

from insource.by_part import complete, under_others
from insource.compiled import compiled


@compiled
def summed(values, part, n_parts):
    """A column's sums by part, as an engine's loop works them out."""
    sums = np.zeros(n_parts, np.int64)
    for i in under_others(part):
        sums[part[i]] += values[i]
    return complete(sums, values)


@pytest.mark.property
@pytest.mark.parametrize("kind", [np.int8, np.int32, np.int64])
@settings(max_examples=60, deadline=None, derandomize=True)
@example([])
@example([(0, 5)])
@example([(3, 5)])
@example([(0, 1)] * 9 + [(2, -1)] * 7)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-128, 127)), max_size=80))
def test_sums_are_those_of_each_part(kind, rows):
    """Whoever is under which part, in any order, with values of any sign."""
    part, values = (np.array([row[k] for row in rows], np.int64) for k in range(2))
    expected = [int(values[part == k].sum()) for k in range(4)]
    assert summed(values.astype(kind), part.astype(np.int8), 4).tolist() == expected


@pytest.mark.worked
def test_sums_do_not_run_over():
    """Values that fill their type add up in one that holds the sum."""
    values = np.full(1000, np.iinfo(np.int32).max, np.int32)
    part = np.repeat(np.array([0, 1], np.int8), [900, 100])
    top = int(np.iinfo(np.int32).max)
    assert summed(values, part, 2).tolist() == [900 * top, 100 * top]

"""Rows that are listed: those whose flag is set, in order, whatever the length of the column and its type."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import example, given, settings

from insource.compiled import compiled
from insource.rare import listed


@compiled
def rows_of(flags):
    """`listed` as an engine's loop calls it."""
    return listed(flags)


@pytest.mark.property
@pytest.mark.parametrize("kind", [np.int8, np.int64])
@settings(max_examples=60, deadline=None, derandomize=True)
@example([])
@example([1])
@example([0] * 16 + [1])
@example([1] * 8 + [0] * 8 + [1] * 3)
@example([0] * 32 + [1])
@example([0] * 31 + [1])
@example([1] + [0] * 63 + [1] + [0] * 31)
@given(st.lists(st.integers(0, 1), max_size=140))
def test_listed_are_those_with_a_flag(kind, flags):
    """The same as NumPy's own list; many flags are passed over at once only if none of them is set."""
    assert rows_of(np.array(flags, dtype=kind)).tolist() == np.flatnonzero(flags).tolist()

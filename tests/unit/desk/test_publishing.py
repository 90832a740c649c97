"""Which rows of a table must be withheld so that no small number of people can be seen or worked out."""

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from insource.desk.publishing import withheld


@pytest.mark.worked
@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([[3], [8], [20]], [True, True, False]),
        ([[1], [2], [20], [9]], [True, True, False, True]),
        ([[0], [5], [6]], [False, False, False]),
        ([[3], [None], [20]], [True, False, True]),
        ([[3], [4], [20], [30]], [True, True, True, False]),
        ([[4]], [True]),
        ([[10, 2], [10, 0], [10, 9]], [True, False, True]),
        ([], []),
    ],
)
def test_withheld_by_hand(counts, expected):
    """A small row takes the next smallest with it; 1 and 2 may be the same people, so 9 go too; none stays 0."""
    assert withheld(counts) == expected


tables = st.lists(st.lists(st.integers(0, 30), min_size=2, max_size=2), max_size=9)


@pytest.mark.property
@settings(max_examples=200, deadline=None, derandomize=True)
@given(tables)
def test_nothing_small_can_be_had_by_subtraction(counts):
    """Whatever the table: no small count is shown, and the largest withheld of a column is never 1 to 4, unless all
    is withheld."""
    hidden = withheld(counts)
    shown = [row for row, is_hidden in zip(counts, hidden, strict=True) if not is_hidden]
    assert all(count == 0 or count >= 5 for row in shown for count in row)
    if any(hidden) and shown:
        gone = [row for row, is_hidden in zip(counts, hidden, strict=True) if is_hidden]
        assert len(gone) >= 2
        assert all(largest == 0 or largest >= 5 for largest in map(max, zip(*gone, strict=True)))
    if not any(0 < count < 5 for row in counts for count in row):
        assert not any(hidden)

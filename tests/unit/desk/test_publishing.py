"""Which rows of a table must be withheld so that no small number of people can be seen or worked out."""

from collections import defaultdict

import hypothesis.strategies as st
import polars as pl
import pytest
from hypothesis import given, settings

from insource.desk.publishing import SHARES_NOTE, publish_sheet, withheld
from insource.desk.result import Column, Sheet


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


def published(pairs):
    """A table of shares, each of a number of people: the rows (people, share) as they are published."""
    columns = {"people": Column("People", kind="count", is_count_of_people=True)}
    columns["share"] = Column("Better off", "share of people", "share", share_of="people")
    rows = [(of, number / of) for number, of in pairs]
    frame = pl.DataFrame(rows, schema={"people": pl.Int64, "share": pl.Float64}, orient="row")
    return publish_sheet(Sheet("s", "S", frame, columns))


@pytest.mark.worked
@pytest.mark.parametrize(
    ("number", "of", "shown"),
    [
        (2, 23, None),
        (5, 33, 0.15),
        (10, 21, 0.5),
        (24, 58, 0.41),
        (4, 58, None),
        (5, 58, 0.09),
        (54, 58, None),
        (53, 58, 0.91),
        (0, 23, 0.0),
        (23, 23, 1.0),
        (31, 200, 0.16),
        (6, 2000, 0.01),
        (1994, 2000, 0.99),
    ],
)
def test_published_shares_by_hand(number, of, shown):
    """Of so few, or all but so few: withheld. Else near the truth: 10 of 21 to 5%, 24 of 58 (60, rounded) to 1%."""
    sheet = published([(number, of)])
    assert sheet.frame["share"].to_list() == [shown]
    assert SHARES_NOTE in sheet.note


@pytest.mark.property
def test_no_number_of_people_can_be_had_from_a_share():
    """For every number of up to 300 people: a share that is shown is of 5 or more and leaves so many, or is of none or
    all; it is wrong by half a step at most; and beside the people as rounded it fits at least two pairs of numbers,
    unless one of them is 5, which counts rounded to 5 tell too."""
    pairs = [(number, of) for of in range(5, 301) for number in range(of + 1)]
    fits = defaultdict(list)
    for pair, row in zip(pairs, published(pairs).frame.rows(), strict=True):
        fits[row].append(pair)
    for (people, share), found in fits.items():
        few = [min(number, of - number) in range(1, 5) for number, of in found]
        assert few == [share is None] * len(found)
        if share is not None:
            off = max(abs(share - number / of) for number, of in found)
            assert off <= (0.025 if people < 60 else 0.005) + 1e-9
            assert len(found) > 1 or 5 in (found[0][0], found[0][1] - found[0][0])


@pytest.mark.worked
def test_a_share_is_of_those_it_is_known_of():
    """3 of the 10 workers of 30 of whom it is known are withheld, though 30% of 30 would be nine."""
    columns = {"staff": Column("Staff", kind="count", is_count_of_people=True)}
    columns["new"] = Column("New", kind="share", share_of="known")
    sheet = Sheet("s", "S", pl.DataFrame({"staff": [30], "known": [10], "new": [0.3]}), columns)
    assert publish_sheet(sheet).frame.to_dicts() == [{"staff": 30, "new": None}]

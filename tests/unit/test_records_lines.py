"""Blocks of bytes are cut into the same records however they are cut into blocks, and only clean records pass."""

import csv
import io

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insource.records import lines

pytestmark = pytest.mark.property

SEPARATOR, FIELDS = ord(","), 3
pieces = st.sampled_from(["a", "b c", '"', '""', ",", ",", "\n", "\r\n", '"p,q"', '"x\ny"', ",,\n", "é", "\0"])
texts = st.lists(pieces, max_size=60).map(lambda parts: "".join(parts).encode())


def cut_in_blocks(text: bytes, size: int) -> tuple[bytes, list[int]]:
    """The clean records and the fates, reading `size` bytes at a time as the reader does."""
    clean, fates, rest, position = b"", [], b"", 0
    while True:
        more = text[position : position + size]
        position += size
        records = lines.cut(rest + more, SEPARATOR, FIELDS, not more)
        rest = (rest + more)[records.used :]
        clean += records.clean
        fates += records.fates.tolist()
        if not more:
            return clean, fates


@settings(max_examples=400, deadline=None, derandomize=True)
@given(text=texts, size=st.integers(1, 50))
def test_blocks_do_not_matter(text, size):
    """Any cut of the file gives the same records as the whole."""
    whole = lines.cut(text, SEPARATOR, FIELDS, True)
    assert cut_in_blocks(text, size) == (whole.clean, whole.fates.tolist())


@settings(max_examples=400, deadline=None, derandomize=True)
@given(text=texts)
def test_what_passes_is_clean(text):
    """Two other readers find just as many records in it, of the right number of fields and the same content."""
    records = lines.cut(text, SEPARATOR, FIELDS, True)
    good = int((records.fates == lines.GOOD).sum())
    rows = list(csv.reader(io.StringIO(records.clean.decode(), newline=""), strict=True))
    assert [len(row) for row in rows] == [FIELDS] * good
    if good:
        table = pl.read_csv(records.clean, has_header=False, infer_schema=False)
        assert [[cell or "" for cell in row] for row in table.rows()] == rows


FATES = {
    "a,b,c\n": [lines.GOOD],
    "a,b,c": [lines.GOOD],
    "a,b\nd,e,f\n": [lines.SHORT, lines.GOOD],
    "a,b,c,d\nd,e,f\n": [lines.LONG, lines.GOOD],
    "a,b,c\n\n,,\n,\nd,e,f\n": [lines.GOOD, lines.BLANK, lines.BLANK, lines.BLANK, lines.GOOD],
    "a,b,c\nd,e": [lines.GOOD, lines.CUT_SHORT],
    'a,"b\nc",d\ne,f,g\n': [lines.GOOD, lines.GOOD],
    'a,"b,c\nd,e,f\n': [lines.OPEN_QUOTE, lines.GOOD],
    'a,5" pipe,c\nd,e,f\n': [lines.GOOD, lines.GOOD],
    'a,12 "Rose, Cottage",c\n': [lines.MISPLACED_QUOTE],
    'a,12 "Rose" Cottage,c\n': [lines.GOOD],
    "a,\0,c\nd,e,f\n": [lines.DAMAGED, lines.GOOD],
}


@pytest.mark.parametrize(("text", "fates"), FATES.items())
def test_fates(text, fates):
    """Each kind of damage, and that the rest stays usable."""
    assert lines.cut(text.encode(), SEPARATOR, FIELDS, True).fates.tolist() == fates


def test_a_line_without_end_is_not_waited_for():
    """200 MB without a line end must not pile up in memory."""
    block = b"x" * (lines.MOST_BYTES_IN_A_RECORD + 1)
    records = lines.cut(block, SEPARATOR, FIELDS, False)
    assert records.used == len(block)
    assert records.fates.tolist() == [lines.DAMAGED]

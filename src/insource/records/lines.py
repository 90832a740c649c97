"""Cut a block of bytes into the records of a CSV file, and set aside the damaged ones.

Whole columns of bytes are compared at once (NumPy); only lines whose quotes are out of the ordinary are looked at one
by one. What is handed on is clean: every record has the right number of fields and well-formed quotes (RFC 4180).
"""

import csv
import io
from dataclasses import dataclass

import numpy as np

NEW_LINE, RETURN, QUOTE = ord("\n"), ord("\r"), ord('"')
MOST_LINES_IN_A_FIELD = 200
MOST_BYTES_IN_A_RECORD = 1 << 20
MOST_IN_A_BYTE = 255

GOOD, BLANK, SHORT, LONG, OPEN_QUOTE, MISPLACED_QUOTE, DAMAGED, CUT_SHORT, INSIDE = range(9)
"""What became of a line: a good record; nothing in it; too few or too many fields; a quote that never closes; quotes in
places where they mean nothing; bytes that are no characters; the last line, ending early; or the inside of a record
that began above."""


@dataclass(frozen=True)
class Records:
    """The records of one block. `fates` has one entry for each record, in order; `clean` holds the good ones."""

    clean: bytes
    fates: np.ndarray
    used: int


def cut(block: bytes, separator: int, fields: int, is_last: bool) -> Records:
    """Cut a block that starts at the start of a record.

    `used` says how many bytes were dealt with; the rest (an unfinished record) belongs to the next block. Fates of
    blank records are kept, so that rows can be numbered as a spreadsheet numbers them.
    """
    data = np.frombuffer(block, np.uint8)
    ends = np.flatnonzero(data == NEW_LINE)
    if is_last and len(data) and (len(ends) == 0 or ends[-1] != len(data) - 1):
        ends = np.append(ends, len(data))
    if len(ends) == 0:
        if len(data) <= MOST_BYTES_IN_A_RECORD:
            return Records(b"", np.zeros(0, np.uint8), 0)
        ends = np.array([len(data)])  # a line without end: rubbish
    starts = np.concatenate(([0], ends[:-1] + 1))
    fates, odd = _fates(data, block.find(0) >= 0, starts, ends, separator, fields)
    mended: dict[int, bytes] = {}
    lines = len(starts)
    if len(odd):
        lines = _look_closely(block, starts, ends, odd, separator, fields, is_last, fates, mended)
    if is_last and lines and fates[lines - 1] == SHORT and ends[lines - 1] == len(data):
        fates[lines - 1] = CUT_SHORT
    used = int(min(ends[lines - 1] + 1, len(data))) if lines else 0
    fates = fates[:lines]
    clean = _join(block, starts, ends, fates, mended, used)
    return Records(clean, fates[fates != INSIDE], used)


def _fates(
    data: np.ndarray, holds_nothings: bool, starts: np.ndarray, ends: np.ndarray, separator: int, fields: int
) -> tuple[np.ndarray, np.ndarray]:
    """The fate of each line taken by itself, and which lines have quotes that need a closer look.

    `holds_nothings`: there are bytes in the block that are no characters.
    """
    has_return = data[np.maximum(ends - 1, 0)] == RETURN
    length = ends - starts - (has_return & (ends > starts))
    quotes = np.flatnonzero(data[: ends[-1]] == QUOTE)
    counted = _separators_in_lines(data[: ends[-1]] == separator, quotes, starts)
    odd = np.flatnonzero(_are_odd(data, quotes, starts, ends, separator)) if len(quotes) else np.zeros(0, np.int64)
    fates = np.full(len(starts), GOOD, np.uint8)
    fates[counted < fields - 1] = SHORT
    fates[counted > fields - 1] = LONG
    fates[length == counted] = BLANK  # nothing but separators, if those
    fates[length > MOST_BYTES_IN_A_RECORD] = DAMAGED
    if holds_nothings:
        fates[_in_lines(np.flatnonzero(data == 0), starts, ends) > 0] = DAMAGED
    return fates, odd


def _separators_in_lines(is_separator: np.ndarray, quotes: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """How many separators of each line stand outside quotes: those from a quote to the next count if the quotes so far
    in the line are even.

    Pieces are so short that their sums are bytes, which NumPy adds up many at a time.
    """
    if len(is_separator) == 0:
        return np.zeros(len(starts), np.int64)
    everywhere = np.arange(0, len(is_separator), MOST_IN_A_BYTE)
    pieces = np.sort(np.concatenate((starts, quotes, everywhere)), kind="stable")
    pieces = pieces[: np.searchsorted(pieces, len(is_separator))]
    sizes = np.add.reduceat(is_separator.view(np.uint8), pieces, dtype=np.uint8)
    sizes[:-1][np.diff(pieces) == 0] = 0  # a place named twice
    line = np.searchsorted(starts, pieces, side="right") - 1
    if len(quotes):
        so_far = np.searchsorted(quotes, pieces, side="right") - np.searchsorted(quotes, starts)[line]
        sizes[so_far % 2 == 1] = 0
    return np.bincount(line, weights=sizes, minlength=len(starts)).astype(np.int64)


def _are_odd(data: np.ndarray, quotes: np.ndarray, starts: np.ndarray, ends: np.ndarray, separator: int) -> np.ndarray:
    """True for lines with an odd number of quotes, or with quotes in places where they mean nothing."""
    in_line = _in_lines(quotes, starts, ends)
    line_of_quote = np.repeat(np.arange(len(starts)), in_line)
    is_opening = (np.arange(len(quotes)) - np.searchsorted(quotes, starts)[line_of_quote]) % 2 == 0
    is_odd = in_line % 2 == 1
    is_odd[line_of_quote[_misplaced(data, quotes, is_opening, separator)]] = True
    return is_odd


def _in_lines(places: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """How many of the places (in order) lie in each line."""
    return np.searchsorted(places, ends) - np.searchsorted(places, starts)


def _misplaced(data: np.ndarray, quotes: np.ndarray, is_opening: np.ndarray, separator: int) -> np.ndarray:
    """Quotes that neither open a field, nor close one, nor are one of a doubled pair inside a field."""
    last = len(data) - 1
    previous = np.where(quotes == 0, NEW_LINE, data[np.maximum(quotes - 1, 0)])
    following = np.where(quotes == last, NEW_LINE, data[np.minimum(quotes + 1, last)])
    may_open = (previous == separator) | (previous == NEW_LINE) | (previous == QUOTE)
    may_close = (following == separator) | (following == NEW_LINE) | (following == RETURN) | (following == QUOTE)
    return np.where(is_opening, ~may_open, ~may_close)


def _look_closely(
    block: bytes,
    starts: np.ndarray,
    ends: np.ndarray,
    odd: np.ndarray,
    separator: int,
    fields: int,
    is_last: bool,
    fates: np.ndarray,
    mended: dict[int, bytes],
) -> int:
    """Mend or condemn the lines with unusual quotes, one by one; returns how many lines were dealt with.

    A line may hold quotes that are just characters; or open a field that runs over several lines; or be damaged.
    """
    lines = len(starts)
    after = -1
    for position, line in enumerate(odd):
        if line <= after or fates[line] == DAMAGED:
            continue
        record = _well_formed(block[starts[line] : ends[line]], separator, fields)
        if record is not None:
            mended[int(line)], fates[line] = record, GOOD
            continue
        last, record = _over_several_lines(block, starts, ends, odd, position, separator, fields)
        if record is not None:
            mended[int(line)], fates[line] = record, GOOD
            fates[line + 1 : last + 1] = INSIDE
            after = last
        elif not is_last and last >= lines and (line > 0 or len(block) <= MOST_BYTES_IN_A_RECORD):
            return int(line)  # it may close in the next block
        else:
            quotes = block.count(b'"', starts[line], ends[line])
            fates[line] = OPEN_QUOTE if quotes % 2 else MISPLACED_QUOTE
    return lines


def _over_several_lines(
    block: bytes, starts: np.ndarray, ends: np.ndarray, odd: np.ndarray, position: int, separator: int, fields: int
) -> tuple[int, bytes | None]:
    """The last line of the record that starts at odd[position], and the record; None if it never closes.

    The last line is given as the number of lines if the block ends before that can be known.
    """
    line = int(odd[position])
    for closing in odd[position + 1 : position + 3]:
        if closing - line > MOST_LINES_IN_A_FIELD:
            return line, None
        record = _well_formed(block[starts[line] : ends[closing]], separator, fields)
        if record is not None:
            return int(closing), record
    return (len(starts) if len(starts) - line <= MOST_LINES_IN_A_FIELD else line), None


def _well_formed(text: bytes, separator: int, fields: int) -> bytes | None:
    """The record with its quotes put right, or None if it cannot be read as one record of that many fields."""
    source = io.StringIO(text.decode("latin-1"), newline="")
    try:
        rows = list(csv.reader(source, delimiter=chr(separator), strict=True))
    except csv.Error:
        return None
    if len(rows) != 1 or len(rows[0]) != fields:
        return None
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=chr(separator), lineterminator="\n").writerow(rows[0])
    return target.getvalue().encode("latin-1")


def _join(
    block: bytes, starts: np.ndarray, ends: np.ndarray, fates: np.ndarray, mended: dict[int, bytes], used: int
) -> bytes:
    """The good records one after another, each with its line end."""
    is_plain = fates == GOOD
    is_plain[list(mended)] = False
    if is_plain.all():
        whole = block[:used]
        return whole if whole.endswith(b"\n") or not whole else whole + b"\n"
    pieces: list[tuple[int, bytes]] = [(line, record) for line, record in mended.items() if line < len(fates)]
    edges = np.flatnonzero(np.diff(np.concatenate(([False], is_plain, [False])).astype(np.int8)))
    for first, beyond in zip(edges[::2], edges[1::2], strict=True):
        pieces.append((int(first), block[starts[first] : ends[beyond - 1]] + b"\n"))
    return b"".join(piece for _, piece in sorted(pieces))

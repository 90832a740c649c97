"""How wide the columns of a table are on paper, in Word and on a printed page, and how small its print is."""

import re

from insource.report.papers.model import Table

SHORT_PAGE, LONG_PAGE = 21.0, 29.7
SMALL, LEAST = 8.5, 7.5
MANY_COLUMNS = 6
"""From so many columns on the print is smaller."""
BREAKS = re.compile(r"\s+|(?<=[\w/])[-/](?=\w)")
"""Where a line may end inside a cell: at a space, after a hyphen or a stroke."""
LETTER_CM, BOLD_CM = 0.58 * 2.54 / 72, 0.64 * 2.54 / 72
"""A letter's mean width in centimetres for a point of its size, and that of a bold one."""
CELL_MARGINS, LONGEST_WORD_CM = 0.4, 3.4
"""What a cell keeps free at its sides; what a word may ask at most, its margins with it."""


def print_size(table: Table) -> float:
    """Points of the print in a table."""
    return LEAST if len(table.columns) >= MANY_COLUMNS else SMALL


def widths(table: Table, width: float, size: float) -> tuple[float, ...]:
    """Centimetres for each column of a table, in all `width`, in print of `size` points.

    As the table asks, or by the length of what stands in a column; but no column so narrow that a word is broken
    (a word of more than `LONGEST_WORD_CM` may be), as long as the others have the room.
    """
    asked = table.widths or tuple(_wanted(table, number) for number in range(len(table.columns)))
    least = [_least(table, number, size) for number in range(len(table.columns))]
    if sum(least) >= width:
        return tuple(one * width / sum(least) for one in least)
    short: set[int] = set()
    while True:
        left = width - sum(least[number] for number in short)
        scale = left / sum(one for number, one in enumerate(asked) if number not in short)
        more = {number for number, one in enumerate(asked) if number not in short and one * scale < least[number]}
        if not more:
            return tuple(least[number] if number in short else one * scale for number, one in enumerate(asked))
        short |= more


def _wanted(table: Table, number: int) -> float:
    """Room by the length of what stands in a column, within reason."""
    lengths = [len(row[number]) for row in table.rows] or [0]
    typical = sum(lengths) / len(lengths)
    return float(min(max(typical, 9.0 if number not in table.to_fill else 12.0), 40.0))


def _least(table: Table, number: int, size: float) -> float:
    """Centimetres that the longest word of a column takes, its margins with it."""
    cells = (row[number] for row in table.rows[: table.most_rows])
    letters = max((len(word) for text in cells for word in BREAKS.split(text)), default=1)
    bold = max(len(word) for word in BREAKS.split(table.columns[number]))
    return min(max(letters * LETTER_CM, bold * BOLD_CM) * size + CELL_MARGINS, LONGEST_WORD_CM)

"""What a paper is made of: headings, paragraphs, tables, pictures, and blanks for people to fill in.

One document is turned into a Word file, a page or a workbook (word.py, page.py, book.py), so that they cannot say
different things. Nothing here is ever filled into a blank.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from altair import Chart, LayerChart

from insource.desk.result import Sheet

TO_FILL = "to be filled in"
UNDER_A_QUESTION = ("What the run shows: ", "Assumptions behind it: ")
"""How titles of tables begin that stand under a question and are named after it."""


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is a part of the paper."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """A paragraph. A note stands out: it says how something must be read."""

    text: str
    is_note: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list of sentences."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Blank:
    """Something people decide or write: a label and room for so many lines, always empty."""

    label: str
    lines: int = 2


@dataclass(frozen=True)
class Table:
    """A table of text. Columns in `to_fill` are blanks: their cells are empty, whatever stands beside them.

    `sheet` holds the same as numbers, with live formulas, and takes the table's place in a workbook; `workings` are
    sheets that its formulas look at. The first column heads its row. `most_rows`: in Word only so many are printed, the
    most important first.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    to_fill: tuple[int, ...] = ()
    sheet: Sheet | None = None
    most_rows: int | None = None
    widths: tuple[float, ...] = ()
    workings: tuple[Sheet, ...] = ()

    @property
    def short_title(self) -> str:
        """The title without the question it stands under, which is printed above it."""
        return self.title.split(": ")[0] if self.title.startswith(UNDER_A_QUESTION) else self.title

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"a row of '{self.title}' does not fit its columns")
        if any(row[number] for row in self.rows for number in self.to_fill):
            raise ValueError(f"'{self.title}' fills in what is left to people")


@dataclass(frozen=True)
class Picture:
    """A chart with its title and what it shows in words."""

    title: str
    alt: str
    spec: Chart | LayerChart = field(repr=False)


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a new page of a printed paper."""


Block = Heading | Paragraph | Bullets | Blank | Table | Picture | PageBreak


@dataclass(frozen=True)
class Document:
    """A paper. `run_line` says which run every figure is from; `annexes` are sheets that only a workbook has."""

    name: str
    title: str
    about: str
    status: str
    run_line: str
    blocks: tuple[Block, ...]
    annexes: tuple[Sheet, ...] = ()
    is_wide: bool = False
    is_tight: bool = False

    def tables(self) -> Iterator[Table]:
        """The tables in order."""
        return (block for block in self.blocks if isinstance(block, Table))

    def blanks(self) -> Iterator[Blank]:
        """The blanks outside tables in order."""
        return (block for block in self.blocks if isinstance(block, Blank))

    def text(self) -> str:
        """Every word of it, for searching."""
        return "\n".join((self.title, self.about, self.status, self.run_line, *_words(self.blocks)))


def _words(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Heading() | Paragraph():
                yield block.text
            case Bullets():
                yield from block.items
            case Blank():
                yield block.label
            case Table():
                yield from (block.title, block.note, *block.columns, *(cell for row in block.rows for cell in row))
            case Picture():
                yield from (block.title, block.alt)

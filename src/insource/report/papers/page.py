"""A paper as one page that works offline, with a keyboard, on a phone and on paper."""

from importlib.resources import files
from typing import Any

import jinja2

from insource.report.charts import picture
from insource.report.papers.columns import LEAST, LONG_PAGE, SHORT_PAGE, print_size, widths
from insource.report.papers.model import Document, Heading, Picture, Table

MARGIN = 1.5
"""Centimetres at every side of a printed page, as paper.css says."""


def render(paper: Document) -> str:
    """The page as text."""
    room = (LONG_PAGE if paper.is_wide else SHORT_PAGE) - 2 * MARGIN
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    template = environment.from_string(_read("paper.html"))
    return template.render(
        style=_read("report.css") + _read("desk.css") + _read("paper.css"),
        paper=paper,
        page="tight" if paper.is_tight else "long" if paper.is_wide else "",
        blocks=[
            _block(number, block, before, room)
            for number, (before, block) in enumerate(zip((None, *paper.blocks), paper.blocks, strict=False))
        ],
        parts=[
            (f"part-{number}", block.text)
            for number, block in enumerate(paper.blocks)
            if isinstance(block, Heading) and block.level == 1
        ],
    )


def _block(number: int, block: Any, before: Any, room: float) -> dict[str, Any]:
    """A block for the template; a table under a heading of the same words shows its title to screen readers only.

    `room` is the width of a printed page in centimetres: on paper a table has columns of fixed width, as in Word.
    """
    kind = type(block).__name__
    is_repeated = isinstance(block, Table) and isinstance(before, Heading) and before.text == block.title
    drawn = picture(block.spec, block.alt) if isinstance(block, Picture) else ("", "")
    return {
        "kind": kind,
        "of": block,
        "id": f"part-{number}",
        "wide": drawn[0],
        "narrow": drawn[1],
        "is_repeated": is_repeated,
        "widths": [f"{one:.2f}cm" for one in widths(block, room, print_size(block))] if kind == "Table" else [],
        "print": "least" if kind == "Table" and print_size(block) == LEAST else "",
    }


def _read(name: str) -> str:
    return files("insource").joinpath(f"data/templates/{name}").read_text(encoding="utf-8")

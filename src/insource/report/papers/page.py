"""A paper as one page that works offline, with a keyboard, on a phone and on paper."""

from importlib.resources import files
from typing import Any

import jinja2

from insource.report.charts import picture
from insource.report.papers.model import Document, Heading, Picture, Table


def render(paper: Document) -> str:
    """The page as text."""
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    template = environment.from_string(_read("paper.html"))
    return template.render(
        style=_read("report.css") + _read("desk.css") + _read("paper.css"),
        paper=paper,
        page="tight" if paper.is_tight else "long" if paper.is_wide else "",
        blocks=[
            _block(number, block, before)
            for number, (before, block) in enumerate(zip((None, *paper.blocks), paper.blocks, strict=False))
        ],
        parts=[
            (f"part-{number}", block.text)
            for number, block in enumerate(paper.blocks)
            if isinstance(block, Heading) and block.level == 1
        ],
    )


def _block(number: int, block: Any, before: Any) -> dict[str, Any]:
    """A block for the template; a table under a heading of the same words shows its title to screen readers only."""
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
    }


def _read(name: str) -> str:
    return files("insource").joinpath(f"data/templates/{name}").read_text(encoding="utf-8")

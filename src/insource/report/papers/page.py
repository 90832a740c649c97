"""A paper as one page that works offline, with a keyboard, on a phone and on paper."""

from importlib.resources import files
from typing import Any

import jinja2

from insource.report.charts import picture
from insource.report.papers.model import Document, Heading, Picture


def render(paper: Document) -> str:
    """The page as text."""
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    template = environment.from_string(_read("paper.html"))
    return template.render(
        style=_read("report.css") + _read("desk.css") + _read("paper.css"),
        paper=paper,
        blocks=[_block(number, block) for number, block in enumerate(paper.blocks)],
        parts=[
            (f"part-{number}", block.text)
            for number, block in enumerate(paper.blocks)
            if isinstance(block, Heading) and block.level == 1
        ],
    )


def _block(number: int, block: Any) -> dict[str, Any]:
    kind = type(block).__name__
    drawn = picture(block.spec, block.alt) if isinstance(block, Picture) else ("", "")
    return {"kind": kind, "of": block, "id": f"part-{number}", "wide": drawn[0], "narrow": drawn[1]}


def _read(name: str) -> str:
    return files("insource").joinpath(f"data/templates/{name}").read_text(encoding="utf-8")

"""What the planner's pages have in common: a template each, the style of every other page, nothing from a network."""

from importlib.resources import files
from typing import Any

import jinja2

from insource.planner.cells import said_minute

INSIDE = "For use inside the council: it is about single people and carers."


def render(template: str, **content: Any) -> str:
    """The page as text."""
    loader = jinja2.FunctionLoader(read)
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined, loader=loader
    )
    environment.filters["time"] = said_minute
    style = read("report.css") + read("desk.css") + read("pool.css")
    return environment.get_template(template).render(style=style, inside=INSIDE, **content)


def read(name: str) -> str:
    """A file of the templates' folder."""
    return files("insource").joinpath(f"data/templates/{name}").read_text(encoding="utf-8")

"""What the planner's pages have in common: a template each, the style of every other page, nothing from a network."""

from collections.abc import Iterable
from importlib.resources import files
from typing import Any

import jinja2

from insource.desk.result import Setting
from insource.planner.cells import said_minute
from insource.planner.numbers import defaults
from insource.planner.team import Team

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


def rules_used(team: Team, names: Iterable[str]) -> tuple[Setting, ...]:
    """Numbers of the team's rules, each with its unit and where it is from."""
    return tuple(Setting(name, team.rules[name], defaults()[name].unit, team.rules.source(name)) for name in names)


def option_used(name: str, value: float, unit: str, default: float) -> Setting:
    """What an option of the command line was, and whether anybody gave it."""
    source = "the command's default, a judgement" if value == default else "given on the command line"
    return Setting(name, value, unit, source)

"""The numbers of a desk tool that only it needs: `data/desk/TOOL.yaml`, each with its papers, replaceable by the user.

A number that the simulation has too is a parameter and is taken from there (`of_parameter`).
"""

from collections.abc import Mapping

from insource.defaults import YOURS, Default, defaults_in
from insource.desk.result import Setting
from insource.errors import InputError, Problem, unknown
from insource.parameters import parameters
from insource.sources import sources


def defaults(tool: str) -> dict[str, Default]:
    """The numbers of a tool by name."""
    return defaults_in(f"data/desk/{tool}.yaml")


def settings(tool: str, given: Mapping[str, float] | None = None) -> dict[str, Setting]:
    """The numbers that a tool uses: its defaults, with those that the user gave in their place.

    Raises InputError for a name that the tool does not have, and for a value that cannot be.
    """
    known, given = defaults(tool), given or {}
    problems = [unknown("setting", name, known, where="--set") for name in given if name not in known]
    problems += [
        Problem(
            "setting_range",
            f"'{name}' cannot be {value:g}",
            "give a value that can be",
            column="--set",
            found=f"{value:g}",
            allowed=f"{known[name].low:g} to {known[name].high:g} {known[name].unit}",
        )
        for name, value in given.items()
        if name in known and not known[name].low <= value <= known[name].high
    ]
    if problems:
        raise InputError(problems)
    return {
        name: Setting(name, given.get(name, one.value), one.unit, YOURS if name in given else one.text())
        for name, one in known.items()
    }


def of_parameter(name: str, given: float | None = None, day: str | None = None) -> Setting:
    """A parameter of the simulation at its central value (of a day, if prices change), or the user's own value."""
    parameter = parameters()[name]
    central = parameter.central(day) if day else parameter.central()
    source = f"{sources()[parameter.source.key].text()}. {parameter.source.where}"
    return Setting(name, central if given is None else given, parameter.unit, source if given is None else YOURS)

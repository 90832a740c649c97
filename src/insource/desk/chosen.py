"""The numbers a tool uses: its own defaults and parameters of the simulation, any of them replaced by the user."""

from collections.abc import Mapping, Sequence

from insource.desk.result import Setting
from insource.desk.settings import defaults, of_parameter, settings
from insource.errors import InputError, unknown
from insource.parameters import Override, check_override


def chosen(tool: str, of_simulation: Sequence[str], given: Mapping[str, float], day: str) -> dict[str, Setting]:
    """Every number of a tool by name, in force on a day (ISO date). Raises InputError listing all that cannot be."""
    own = defaults(tool)
    known = [*own, *of_simulation]
    problems = [unknown("setting", name, known, where="--set") for name in given if name not in known]
    for name in of_simulation:
        if name in given:
            problems += check_override(Override(name, given[name], "given with --set"))
    if problems:
        raise InputError(problems)
    mine = settings(tool, {name: value for name, value in given.items() if name in own})
    return mine | {name: of_parameter(name, given.get(name), day) for name in of_simulation}


def values(found: Mapping[str, Setting]) -> dict[str, float]:
    """The numbers alone."""
    return {name: float(setting.value) for name, setting in found.items()}

"""A scenario: what happens to the council from outside, year by year, the same under every delivery model.

It may set a budget that money has to keep to, terms of the group `money` (the ring-fence), and paths of parameters as
ratios to what a draw says. Year 1 is the first year of the comparison; the last value of a path holds from then on.
"""

import functools
import inspect
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from insource import strict_yaml
from insource.errors import InputError, Problem, unknown
from insource.parameters import parameters
from insource.terms import TERMS
from insource.units import WEEKS_A_YEAR
from insource.views import parameters_of
from insource.week import MECHANISMS

KEYS = ("title", "stands_for", "budget_ratio", "terms", "parameters")
GROUP = "money"
"""Terms of this group say what a council does with its money, whoever delivers care."""
DEFAULT = "budget_meets_need"
MOST_RATIO = 10.0


@dataclass(frozen=True)
class Scenario:
    """One scenario. An empty `budget_ratio` is a budget without limit."""

    name: str
    title: str
    stands_for: str
    budget_ratio: tuple[float, ...] = ()
    terms: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    parameters: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    @property
    def is_neutral(self) -> bool:
        """Whether it changes nothing."""
        return not (self.budget_ratio or self.terms or self.parameters)

    @property
    def years(self) -> int:
        """Years after which nothing changes any more."""
        return max((len(path) for path in self._paths()), default=0)

    def weeks_of_change(self, burn_in: int) -> list[int]:
        """Weeks of a run at whose start something may change."""
        return [burn_in + year * WEEKS_A_YEAR for year in range(self.years)]

    def columns(self, week: int, burn_in: int) -> dict[str, float]:
        """The council's columns in a week: whether money is limited, and the budget over that of the year before."""
        is_limited = bool(self.budget_ratio) and week >= burn_in
        ratio = _at(self.budget_ratio, week - burn_in) if is_limited else 1.0
        return {"is_budget_limited": float(is_limited), "settlement_ratio": ratio}

    def terms_at(self, week: int, burn_in: int) -> dict[str, float]:
        """Terms in force in a week, for every part of every model; none during the running-in."""
        return {name: _at(path, week - burn_in) for name, path in self.terms.items()} if week >= burn_in else {}

    def numbers_at(self, numbers: Any, week: int, burn_in: int) -> Any:
        """The parameters of a draw as they are in a week."""
        if not self.parameters or week < burn_in:
            return numbers
        moved = {name: getattr(numbers, name) * _at(path, week - burn_in) for name, path in self.parameters.items()}
        return numbers._replace(**moved)

    def _paths(self) -> list[tuple[float, ...]]:
        return [self.budget_ratio, *self.terms.values(), *self.parameters.values()]


def _at(path: tuple[float, ...], weeks: int) -> float:
    return path[min(weeks // WEEKS_A_YEAR, len(path) - 1)]


def bundled() -> dict[str, str]:
    """The scenarios that come with the product: name -> text."""
    folder = files("insource").joinpath("data/scenarios")
    return {
        path.name.removesuffix(".yaml"): path.read_text(encoding="utf-8")
        for path in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if path.name.endswith(".yaml")
    }


def read(name_or_path: str = DEFAULT) -> Scenario:
    """A bundled scenario by name, or one from a YAML file; raises InputError listing everything wrong."""
    known = bundled()
    if name_or_path in known:
        return parse(name_or_path, strict_yaml.read_text(known[name_or_path], f"{name_or_path}.yaml"))
    if name_or_path.endswith((".yaml", ".yml")):
        path = Path(name_or_path)
        return parse(path.stem, strict_yaml.read_file(path))
    problem = unknown("scenario", name_or_path, known)
    raise InputError(replace(problem, todo=f"{problem.todo}, or give the path of a .yaml file"))


def text_of(name_or_path: str = DEFAULT) -> str:
    """The file behind a scenario, for the manifest of a run."""
    known = bundled()
    return known[name_or_path] if name_or_path in known else Path(name_or_path).read_text(encoding="utf-8-sig")


def parse(name: str, content: Mapping[str, Any]) -> Scenario:
    """A scenario from what a YAML file holds; raises InputError listing everything wrong."""
    file = f"{name}.yaml"
    problems = [unknown("key", key, KEYS, file=file) for key in content if key not in KEYS]
    problems += [
        Problem("missing", f"'{key}' is missing", f"add '{key}:' and a sentence", file=file)
        for key in ("title", "stands_for")
        if not str(content.get(key, "")).strip()
    ]
    budget = _ratios("budget_ratio", content["budget_ratio"], file, problems) if "budget_ratio" in content else ()
    terms = {
        str(key): _term_path(str(key), value, file, problems)
        for key, value in _mapping("terms", content, file, problems).items()
    }
    paths = {
        str(key): _parameter_path(str(key), value, file, problems)
        for key, value in _mapping("parameters", content, file, problems).items()
    }
    if problems:
        raise InputError(problems)
    title, stands_for = (" ".join(str(content[key]).split()) for key in ("title", "stands_for"))
    return Scenario(name, title, stands_for, budget, terms, paths)


def _mapping(key: str, content: Mapping[str, Any], file: str, problems: list[Problem]) -> Mapping[str, Any]:
    found = content.get(key, {})
    if isinstance(found, dict):
        return found
    todo = "write lines such as 'name: [1, 0.9]' under it"
    problems.append(Problem("scenario_paths", f"'{key}' should hold names and paths", todo, file=file, column=key))
    return {}


def _years(name: str, value: object, file: str, problems: list[Problem]) -> list[Any]:
    """A path as a list with an entry for each year; one value stands for every year."""
    found = value if isinstance(value, list) else [value]
    if not found:
        todo = "give a value for each year, the first year first"
        problems.append(Problem("scenario_path", "a path holds no year", todo, file=file, column=name))
    return found


def _ratios(name: str, value: object, file: str, problems: list[Problem]) -> tuple[float, ...]:
    """A path of ratios, from 0 to ten times."""
    found = []
    for year, one in enumerate(_years(name, value, file, problems), start=1):
        is_number = isinstance(one, int | float) and not isinstance(one, bool) and math.isfinite(one)
        if not is_number or not 0.0 <= one <= MOST_RATIO:
            problems.append(
                Problem(
                    "scenario_ratio",
                    f"year {year} has no usable ratio",
                    "give each year over the year before the comparison, such as 0.92",
                    file=file,
                    column=name,
                    found=repr(one)[:40],
                    allowed=f"0 to {MOST_RATIO:g}",
                )
            )
            continue
        found.append(float(one))
    return tuple(found)


def _term_path(name: str, value: object, file: str, problems: list[Problem]) -> tuple[float, ...]:
    known = [term.name for term in TERMS.values() if term.group == GROUP]
    if name not in known:
        problem = unknown("term", name, known, file=file, where="terms")
        if name in TERMS:
            problem = replace(problem, what=f"'{name}' is for a delivery model to set, not for a scenario")
        problems.append(problem)
        return ()
    found = [TERMS[name].number(one, file) for one in _years(name, value, file, problems)]
    problems += [one for one in found if isinstance(one, Problem)]
    return tuple(one for one in found if not isinstance(one, Problem))


def _parameter_path(name: str, value: object, file: str, problems: list[Problem]) -> tuple[float, ...]:
    if name not in parameters():
        problems.append(unknown("parameter", name, parameters(), file=file, where="parameters"))
        return ()
    if name not in weekly_parameters():
        todo = "leave it out; an override (--override) sets it for the whole run"
        what = f"'{name}' is looked at only before the first week, so it cannot follow a path"
        problems.append(Problem("scenario_parameter", what, todo, file=file, column=name))
        return ()
    path = _ratios(name, value, file, problems)
    low, high = parameters()[name].limits()
    central = parameters()[name].central()
    if any(not low <= ratio * central <= high for ratio in path):
        todo = "give ratios that leave it possible"
        what = f"'{name}' would become impossible, in {parameters()[name].unit}"
        allowed = f"{low:g} to {high:g}" if math.isfinite(high) else f"{low:g} or more"
        problems.append(Problem("scenario_parameter", what, todo, file=file, column=name, allowed=allowed))
    return path


@functools.cache
def weekly_parameters() -> frozenset[str]:
    """Parameters that some mechanism looks at every week, not only in its `start`."""
    found: set[str] = set()
    for mechanism in MECHANISMS.values():
        text = inspect.getsource(mechanism).replace(inspect.getsource(mechanism.start), "")
        found |= set(re.findall(r"\bnumbers\.([a-z_0-9]+)", text)) & set(parameters_of(mechanism))
    return frozenset(found)

"""The numbers of the planner: `data/planner/team.yaml`, each with its papers, replaceable in a team's rules.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from insource import strict_yaml
from insource.defaults import YOURS, Default, defaults_in
from insource.errors import InputError, Problem, unknown


@dataclass(frozen=True)
class Numbers:
    """The numbers in use; `given` are the user's own."""

    values: dict[str, float]
    given: frozenset[str] = frozenset()

    def __getitem__(self, name: str) -> float:
        return self.values[name]

    def source(self, name: str) -> str:
        """Where the number in use is from."""
        return YOURS if name in self.given else defaults()[name].text()


def defaults() -> dict[str, Default]:
    """Every number by name."""
    return defaults_in("data/planner/team.yaml")


def numbers(given: Mapping[str, object] | None = None, file: str = "") -> Numbers:
    """The defaults, with those that the user gave in their place; raises InputError for what cannot be used."""
    known, given = defaults(), given or {}
    problems = [unknown("rule", name, known, file=file) for name in given if name not in known]
    taken = {}
    for name, value in given.items():
        if name not in known:
            continue
        one = known[name]
        if isinstance(value, bool) or not isinstance(value, int | float) or not one.low <= value <= one.high:
            problems.append(
                Problem(
                    "rule_range",
                    f"'{name}' cannot be this ({one.what})",
                    "give a value that can be",
                    file=file,
                    found=f"{value}"[:40],
                    allowed=f"{one.low:g} to {one.high:g} {one.unit}",
                )
            )
            continue
        taken[name] = float(value)
    if problems:
        raise InputError(problems)
    return Numbers({name: taken.get(name, one.value) for name, one in known.items()}, frozenset(taken))


def read_numbers(path: Path) -> Numbers:
    """The numbers with those of a rules.yaml, a mapping of names to values."""
    return numbers(strict_yaml.read_file(path), path.name)

"""The numbers of the planner: `data/planner/team.yaml`, each with its papers, replaceable in a team's rules.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from insource import strict_yaml
from insource.errors import InputError, Problem, unknown
from insource.sources import sources

YOURS = "given by the user"


@dataclass(frozen=True)
class Number:
    """A number with its papers. `where` is the page of the source, or the reason of a judgement."""

    name: str
    what: str
    unit: str
    value: float
    low: float
    high: float
    source: str
    where: str

    def text(self) -> str:
        """Where the number is from, as it is printed."""
        title = "A judgement" if self.source == "judgement" else sources()[self.source].text()
        return f"{title}. {self.where}"


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


@cache
def defaults() -> dict[str, Number]:
    """Every number by name."""
    name = "data/planner/team.yaml"
    content = strict_yaml.read_text(files("insource").joinpath(name).read_text(encoding="utf-8"), name)
    return {
        key: Number(
            key,
            entry["what"],
            entry["unit"],
            float(entry["value"]),
            float(entry["range"][0]),
            float(entry["range"][1]),
            entry["source"]["key"],
            entry["source"]["where"],
        )
        for key, entry in content.items()
    }


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

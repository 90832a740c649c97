"""Every number, with its papers: unit, value by date, range, distribution, source to the page, how sure we are.

The defaults are in `data/parameters/*.yaml`. A council's records may replace those of scope "area"; a user may override
any, with a reason that is kept with the run. `draw` gives the numbers of one of the paired draws: the same parameter
doubt for every delivery model.
"""

import functools
import math
import re
from collections import namedtuple
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from insource import strict_yaml
from insource.distributions import chosen, quantile
from insource.draws import decision_number, luck, uniform
from insource.errors import InputError, Problem, unknown
from insource.sources import sources

Sureness = Literal["read", "second_hand", "calculated", "recalled", "calibrated", "judgement"]
SURENESS_WORDS = {
    "read": "read in the source itself",
    "second_hand": "read in somebody else's report of the source",
    "calculated": "calculated from figures read",
    "recalled": "known from the literature, not seen again",
    "calibrated": "set so that the status quo meets a published figure",
    "judgement": "a judgement; no figure was found",
}
BASE_DATE = "2025-04-01"
"""Prices, pay and rates are those in force on this date unless the place says otherwise."""


class SourceOf(BaseModel):
    """Which source, where in it, and for a judgement who signs it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    key: str
    where: str = Field(min_length=10)
    signed: str = ""


class Distribution(BaseModel):
    """The shape of our doubt; it is cut off at the ends of the range."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: Literal["fixed", "uniform", "triangular", "normal", "lognormal", "choice"] = "fixed"
    sd: float | None = Field(default=None, gt=0)
    weights: tuple[float, ...] = ()
    """For a choice between rival findings, numbered from the lower end of the range: how likely each is."""


Dated = dict[str, float]
NUMBER_OF_A_PERSON = re.compile(r"\d{3}[ -]?\d{3}[ -]?\d{4}")

POSSIBLE = {
    "share": (0.0, 1.0),
    "minutes": (0.01, math.inf),
    "hours": (0.01, math.inf),
    "weeks": (0.01, math.inf),
    "km/h": (0.01, math.inf),
    "people": (1.0, math.inf),
    "number": (-math.inf, math.inf),
}
"""What a value in a unit can be at all, whatever is believed; other units are not below nothing."""


class Parameter(BaseModel):
    """One number and its papers."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    group: str
    what: str = Field(min_length=10)
    unit: str
    scope: Literal["national", "area", "term", "assumption"]
    value: float | Dated
    range: tuple[float, float] | dict[str, tuple[float, float]] | None = None
    possible: tuple[float, float] | None = None
    distribution: Distribution = Distribution()
    sureness: Sureness
    source: SourceOf

    def central(self, date: str = BASE_DATE) -> float:
        """The value in force on a date (the earliest known for dates before it)."""
        return float(in_force(self.value, date)) if isinstance(self.value, dict) else self.value

    def ends(self, date: str = BASE_DATE) -> tuple[float, float]:
        """The range in force on a date; the value twice where there is no doubt."""
        if self.range is None:
            return self.central(date), self.central(date)
        low, high = in_force(self.range, date) if isinstance(self.range, dict) else self.range
        return float(low), float(high)

    def limits(self) -> tuple[float, float]:
        """What an override may be: with a value outside, no week could be run."""
        return self.possible or POSSIBLE.get(self.unit, (0.0, math.inf))

    def at(self, u: float, date: str = BASE_DATE) -> float:
        """The value below which our belief puts the share u (0 to 1)."""
        low, high = self.ends(date)
        if self.distribution.kind == "choice":
            return chosen(low, self.distribution.weights, u)
        return quantile(self.distribution.kind, self.central(date), low, high, self.distribution.sd, u)


@functools.cache
def dates_covered() -> tuple[str, str]:
    """The first and the last day for whose prices every dated figure is known, a year counted from the latest."""
    dated = [parameter.value for parameter in parameters().values() if isinstance(parameter.value, dict)]
    latest = max(max(values) for values in dated)
    return max(min(values) for values in dated), f"{int(latest[:4]) + 1}-03-31"


def in_force(dated: Mapping[str, Any], date: str) -> Any:
    """Of values by the date they start, the one in force on `date`; ISO dates sort as text."""
    started = [start for start in dated if start <= date]
    return dated[max(started)] if started else dated[min(dated)]


@functools.cache
def parameters() -> dict[str, Parameter]:
    """Every parameter by its name, in the order of the files."""
    found: dict[str, Parameter] = {}
    problems: list[Problem] = []
    folder = files("insource").joinpath("data/parameters")
    for path in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not path.name.endswith(".yaml"):
            continue
        content = strict_yaml.read_text(path.read_text(encoding="utf-8"), path.name)
        for name, entry in content.items():
            if name in found:
                problems.append(Problem("parameter_twice", f"'{name}' is defined twice", "keep one", file=path.name))
            try:
                found[name] = Parameter(name=name, group=path.name.removesuffix(".yaml"), **entry)
            except (ValidationError, TypeError) as error:
                problems += _refusals(name, path.name, error)
    for parameter in found.values():
        problems += _doubts(parameter)
    if problems:
        raise InputError(problems)
    return found


def _refusals(name: str, file: str, error: Exception) -> list[Problem]:
    if not isinstance(error, ValidationError):
        return [Problem("parameter", f"'{name}' is not a mapping", "give it keys and values", file=file)]
    return [
        Problem(
            "parameter",
            f"'{name}': {line['msg']}",
            "mend the entry",
            file=file,
            column=".".join(str(part) for part in line["loc"]),
        )
        for line in error.errors()
    ]


def _doubts(parameter: Parameter) -> list[Problem]:
    """What makes a parameter unfit to stand: no known source, an unsigned judgement, a value outside its range."""
    file = f"{parameter.group}.yaml"
    found = []
    if parameter.source.key not in sources():
        found.append(unknown("source", parameter.source.key, sources(), file=file, where=parameter.name))
    if parameter.source.key == "judgement" and not parameter.source.signed:
        found.append(Problem("unsigned", f"the judgement '{parameter.name}' is not signed", "add 'signed:'", file=file))
    weights = parameter.distribution.weights
    low, high = parameter.ends()
    is_choice = parameter.distribution.kind == "choice"
    if is_choice and (len(weights) != high - low + 1.0 or abs(sum(weights) - 1.0) > 1e-9 or min(weights) < 0.0):
        todo = "give one weight for each whole number of the range; they add up to 1"
        found.append(
            Problem("weights", f"the weights of '{parameter.name}' are no weights of choices", todo, file=file)
        )
    dates = list(parameter.value) if isinstance(parameter.value, dict) else [BASE_DATE]
    for date in dates:
        low, high = parameter.ends(date)
        if not low <= parameter.central(date) <= high:
            found.append(
                Problem(
                    "outside_range",
                    f"'{parameter.name}' lies outside its own range",
                    "mend value or range",
                    file=file,
                    found=f"{parameter.central(date):g}",
                    allowed=f"{low:g} to {high:g}",
                )
            )
    return found


Numbers: Any = namedtuple("Numbers", list(parameters()))  # type: ignore[misc]
"""What mechanisms see: every parameter's value in one draw, by name."""


@dataclass(frozen=True)
class Override:
    """A value that replaces a default in a run, and why. `by` is the user, the place's records or a swap run."""

    name: str
    value: float
    reason: str
    by: str = "user"


def check_override(override: Override, file: str = "") -> list[Problem]:
    """What is wrong with an override: an unknown name, no reason, a value that cannot be."""
    known = parameters()
    if override.name not in known:
        return [unknown("parameter", override.name, known, file=file)]
    if NUMBER_OF_A_PERSON.search(override.reason):
        return [
            Problem(
                "personal",
                f"the reason for '{override.name}' holds what could be somebody's NHS number, and reasons are printed",
                "take it out",
                file=file,
                column=override.name,
            )
        ]
    if not override.reason.strip():
        return [
            Problem(
                "no_reason",
                f"the override of '{override.name}' gives no reason",
                "add 'reason:' and say why",
                file=file,
                column=override.name,
            )
        ]
    low, high = known[override.name].limits()
    if not (math.isfinite(override.value) and low <= override.value <= high):
        return [
            Problem(
                "impossible",
                f"'{override.name}' cannot have this value, in {known[override.name].unit}",
                f"give a value that can be; 'insource explain {override.name}' says what is believed",
                file=file,
                column=override.name,
                found=f"{override.value:g}",
                allowed=f"{low:g} to {high:g}" if math.isfinite(high) else f"{low:g} or more",
            )
        ]
    return []


def read_overrides(content: Mapping[str, Any], file: str, by: str = "user") -> tuple[Override, ...]:
    """Overrides from a mapping of name to {value, reason}; raises InputError listing everything wrong."""
    problems: list[Problem] = []
    overrides = []
    for name, entry in content.items():
        keys = ("value", "reason")
        if isinstance(entry, dict) and set(entry) > set(keys):
            problems += [unknown("key", key, keys, file=file, where=str(name)) for key in entry if key not in keys]
            continue
        is_entry = isinstance(entry, dict) and set(entry) == set(keys)
        if not is_entry or isinstance(entry["value"], bool) or not isinstance(entry["value"], int | float):
            problems.append(
                Problem(
                    "override",
                    f"the override of '{name}' has no number" if is_entry else f"'{name}' needs a value and a reason",
                    "write 'value:' (a number, in digits) and 'reason:' under the name",
                    file=file,
                    column=str(name),
                    found=repr(entry)[:80],
                    allowed="{value: number, reason: text}",
                )
            )
            continue
        override = Override(name, float(entry["value"]), str(entry["reason"]), by)
        problems += check_override(override, file)
        overrides.append(override)
    if problems:
        raise InputError(problems)
    return tuple(overrides)


def central(overrides: tuple[Override, ...] = (), date: str = BASE_DATE) -> Any:
    """Every parameter at its central value, overrides applied."""
    values = {name: parameter.central(date) for name, parameter in parameters().items()}
    values.update({override.name: override.value for override in overrides})
    return Numbers(**values)


def draw(seed: int, number: int, overrides: tuple[Override, ...] = (), date: str = BASE_DATE) -> Any:
    """Every parameter as believed possible in draw `number`; overrides are not doubted.

    Keyed by the parameter's own name, so that adding a parameter moves no other's draw.
    """
    values = draw_some(tuple(parameters()), seed, number, date)
    values.update({override.name: override.value for override in overrides})
    return Numbers(**values)


def draw_some(names: tuple[str, ...], seed: int, number: int, date: str = BASE_DATE) -> dict[str, float]:
    """The same for a few parameters: what each is believed to be in draw `number`."""
    key = luck(seed, number)
    return {
        name: parameters()[name].at(float(uniform(key, decision_number(f"parameter.{name}"), 0, 0)), date)
        for name in names
    }

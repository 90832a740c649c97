"""Switches: each turns one thing the articles speak of off, by values at which it changes nothing.

A switch sets parameters, terms, or both (data/switches.yaml), the same for every delivery model. So what a difference
is made of can be found by switching its causes off, one by one or all at once.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from insource import strict_yaml
from insource.delivery import Delivery
from insource.errors import InputError, Problem, unknown
from insource.parameters import Override, parameters
from insource.terms import TERMS

ALL = "all"


@dataclass(frozen=True)
class Switch:
    """One switch: what is off when it is used, in which mechanism, and by which parameters and terms."""

    name: str
    what: str
    mechanism: str
    parameters: dict[str, float]
    terms: dict[str, Any]


@cache
def switches() -> dict[str, Switch]:
    """Every switch by name."""
    text = files("insource").joinpath("data/switches.yaml").read_text(encoding="utf-8")
    found = {}
    for name, entry in strict_yaml.read_text(text, "switches.yaml").items():
        own, terms = entry.get("parameters", {}), entry.get("terms", {})
        assert set(own) <= set(parameters()), f"{name}: {set(own) - set(parameters())}"
        assert set(terms) <= set(TERMS), f"{name}: {set(terms) - set(TERMS)}"
        numbers = {parameter: float(value) for parameter, value in own.items()}
        found[name] = Switch(name, entry["what"], entry["mechanism"], numbers, terms)
    return found


def chosen(names: list[str]) -> list[Switch]:
    """The switches of these names ('all': every one); raises InputError for a name there is not."""
    known = switches()
    problems: list[Problem] = [unknown("switch", name, [*known, ALL]) for name in names if name not in (*known, ALL)]
    if problems:
        raise InputError(problems)
    return list(known.values()) if ALL in names else [known[name] for name in dict.fromkeys(names)]


def overrides_of(off: list[Switch]) -> tuple[Override, ...]:
    """The parameters of switches as overrides; a later switch wins where two set one."""
    values = {name: (value, one.name) for one in off for name, value in one.parameters.items()}
    return tuple(
        Override(name, value, f"switched off: {switch.replace('_', ' ')}", "switch")
        for name, (value, switch) in values.items()
    )


def without(model: Delivery, off: list[Switch]) -> Delivery:
    """The model under the terms of switches."""
    terms = {name: value for one in off for name, value in one.terms.items()}
    return model.with_terms(**terms) if terms else model

"""Rival findings crossed: every combination of what studies say that contradict one another, none of them averaged.

The list stands in data/appraisal/rivals.csv: switches with their levels, and what each level sets. Every combination is
run on the same draws, so that combinations differ by their settings alone. What is asked is whether the order of the
models stays what it is. Findings that change nothing in a run try nothing: combinations that differ by them alone count
once.
"""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product

import numpy as np

from insource.appraise.designed import Changes, Design, Point
from insource.units import PENCE_A_POUND

FEWEST_DRAWS = 10
"""A judgement: from fewer draws it is not said that an order does not turn on rival findings."""
A_PENNY = 1 / PENCE_A_POUND


@dataclass(frozen=True)
class Level:
    """One of the findings of a switch, and the parameters it sets."""

    label: str
    settings: Changes
    why: str


@dataclass(frozen=True)
class Switch:
    """A question on which findings contradict one another."""

    name: str
    about: str
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class Combination:
    """One level of every switch, and what came out: `benefit`, shape (draws, models)."""

    levels: tuple[int, ...]
    benefit: np.ndarray

    @property
    def order(self) -> tuple[int, ...]:
        """The models by mean net benefit, the best first; ties by their order in the run."""
        return tuple(int(one) for one in np.argsort(-self.benefit.mean(axis=0), kind="stable"))


@cache
def switches() -> tuple[Switch, ...]:
    """Every switch in the order of the file."""
    text = files("insource").joinpath("data/appraisal/rivals.csv").read_text(encoding="utf-8")
    found: dict[str, tuple[str, list[Level]]] = {}
    for row in csv.DictReader(text.splitlines()):
        pairs = (pair.strip().split("=", 1) for pair in row["settings"].split(";"))
        level = Level(row["label"], tuple((name, float(value)) for name, value in pairs), row["why"])
        found.setdefault(row["switch"], (row["about"], []))[1].append(level)
    return tuple(Switch(name, about, tuple(levels)) for name, (about, levels) in found.items())


def combinations() -> list[tuple[int, ...]]:
    """Every combination of levels."""
    return list(product(*(range(len(one.levels)) for one in switches())))


def crossed_design(draws: int) -> Design:
    """Every combination on the first draws of the run."""
    points = []
    for levels in combinations():
        settings = tuple(
            pair for one, level in zip(switches(), levels, strict=True) for pair in one.levels[level].settings
        )
        points += [Point(draw, draw, settings) for draw in range(draws)]
    return Design("crossed", tuple(points), {"draws": draws, "switches": [one.name for one in switches()]})


def results(benefit: np.ndarray, draws: int) -> list[Combination]:
    """The net benefit at the points of the design, shape (points, models), by combination."""
    return [
        Combination(levels, benefit[number * draws : (number + 1) * draws])
        for number, levels in enumerate(combinations())
    ]


def idle(found: Sequence[Combination]) -> tuple[str, ...]:
    """The switches that change no net benefit of any draw by a penny, whatever the others are."""
    of = {one.levels: one.benefit for one in found}
    names = []
    for number, switch in enumerate(switches()):
        first = ((*levels[:number], 0, *levels[number + 1 :]) for levels in of)
        if all(np.abs(of[levels] - of[other]).max() < A_PENNY for levels, other in zip(of, first, strict=True)):
            names.append(switch.name)
    return tuple(names)


def distinct(found: Sequence[Combination]) -> list[Combination]:
    """The combinations that differ by more than findings that change nothing."""
    still = [number for number, switch in enumerate(switches()) if switch.name in idle(found)]
    return [one for one in found if not any(one.levels[number] for number in still)]


def orders(found: Sequence[Combination]) -> list[tuple[tuple[int, ...], int]]:
    """Every order of the models that comes out and the number of combinations in which it does, commonest first."""
    return sorted(Counter(one.order for one in found).items(), key=lambda pair: (-pair[1], pair[0]))


def turned_by(found: Sequence[Combination]) -> dict[str, int]:
    """For each switch in how many settings of the others another level of it makes another model the best."""
    best = {one.levels: one.order[0] for one in found}
    turned = {}
    for number, switch in enumerate(switches()):
        of_others: dict[tuple[int, ...], set[int]] = {}
        for levels, model in best.items():
            of_others.setdefault((*levels[:number], *levels[number + 1 :]), set()).add(model)
        turned[switch.name] = sum(len(models) > 1 for models in of_others.values())
    return turned

"""Care that must be held so that need is covered in a share of weeks: package by package, provider by provider, pooled.

A package that may not lend minutes to another must hold its own peak; a book of people shares theirs. Held for a group
is M + z(q) sqrt(V) with the formulas of staffing.py; what groups hold adds up.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from insource.planner.arrangements import Arrangement, care_minutes
from insource.planner.numbers import Numbers
from insource.planner.staffing import spread_of
from insource.planner.team import Team

PACKAGES = "packages one by one"


@dataclass(frozen=True)
class Held:
    """What an arrangement must hold, over mean need (ratio), by closed form and by drawing weeks."""

    name: str
    groups: int
    by_formula: float
    by_drawing: float
    unmet_share: float
    """Of need, where each group holds just its mean: what one group lacks another has to spare and may not lend."""


def held(
    team: Team, tried: Sequence[Arrangement], reliability: float = 0.95, weeks: int = 2000, seed: int = 1
) -> list[Held]:
    """Held over mean need: each person's package by itself, and each arrangement with its groups."""
    care, rules = care_minutes(team), team.rules
    has_care = care > 0
    care = care[has_care]
    drawn = _drawn(care, rules, weeks, seed)
    alone = Arrangement(PACKAGES, len(care), np.arange(len(care)), np.zeros(0, int))
    groups = [(alone.name, alone.parts, alone.people)]
    groups += [(one.name, one.parts, one.people[has_care]) for one in tried]
    return [
        Held(
            name,
            parts,
            _formula(care, of, rules, reliability),
            _drawing(care, of, drawn, rules, reliability),
            _unmet(of, drawn),
        )
        for name, parts, of in groups
    ]


def _formula(care: np.ndarray, of: np.ndarray, rules: Numbers, reliability: float) -> float:
    home = 1.0 - rules["away_share"]
    factor = math.sqrt(max(home * (1.0 + rules["need_variation"] ** 2) - home**2, 0.0))
    z = NormalDist().inv_cdf(reliability)
    total = 0.0
    for group in np.unique(of):
        mine = care[of == group]
        total += home * float(mine.sum()) + z * float(spread_of(mine * factor, rules["need_correlation"]))
    return total / (home * float(care.sum()))


def _drawing(care: np.ndarray, of: np.ndarray, drawn: np.ndarray, rules: Numbers, reliability: float) -> float:
    """The same from drawn weeks: the quantile of each group's need, added up."""
    total = sum(float(np.quantile(drawn[:, of == group].sum(axis=1), reliability)) for group in np.unique(of))
    return total / ((1.0 - rules["away_share"]) * float(care.sum()))


def _unmet(of: np.ndarray, drawn: np.ndarray) -> float:
    """Share of need that goes unmet where each group holds its mean and lends nothing."""
    lacking = 0.0
    for group in np.unique(of):
        week = drawn[:, of == group].sum(axis=1)
        lacking += float(np.maximum(week - week.mean(), 0.0).mean())
    return lacking / float(drawn.sum(axis=1).mean())


def _drawn(care: np.ndarray, rules: Numbers, weeks: int, seed: int) -> np.ndarray:
    """Need by week and person: [week, person]."""
    luck = np.random.Generator(np.random.PCG64(seed))
    common = rules["need_correlation"]
    quantile = np.vectorize(NormalDist().inv_cdf)
    shared = quantile(np.clip(luck.random((weeks, 1)), 1e-9, 1 - 1e-9))
    own = quantile(np.clip(luck.random((weeks, len(care))), 1e-9, 1 - 1e-9))
    moved = 1.0 + rules["need_variation"] * (math.sqrt(common) * shared + math.sqrt(1.0 - common) * own)
    is_home = luck.random((weeks, len(care))) >= rules["away_share"]
    return np.asarray(care * np.maximum(moved, 0.0) * is_home)

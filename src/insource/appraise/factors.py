"""Designs over a few parameters: both ends one at a time (a tornado), Morris's screening, Sobol's shares of variance.

Each parameter is moved through what is believed of it, by its own distribution. In the design of Sobol *everything else
doubted* and *luck* are factors like the others (a draw is picked for each), so the shares are of all the variance there
is and what is left over is interaction. In that of Morris each path keeps the parameters and the luck of one draw.

Sobol 2001 and Saltelli and others 2010 (estimators), Morris 1991 and Campolongo and others 2007, by SALib (Iwanaga,
Usher & Herman 2022).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from insource.appraise.designed import Changes, Design, Point
from insource.appraise.sensitivity import Swing, noise_level
from insource.parameters import parameters

OTHERS, LUCK = "everything else doubted", "luck"
POOL = 1_000
"""So many draws stand behind the factors that are draws."""
LOW, HIGH = 0.05, 0.95
NEARLY_ALL = 0.999
LEVELS = 4
RESAMPLES = 200
Names = Sequence[str]


def ends_design(names: Names, draws: int, date: str) -> Design:
    """The first draws as they are, and with each parameter by itself at its low and at its high end."""
    known, points = parameters(), [Point(draw, draw) for draw in range(draws)]
    for name in names:
        for u in (LOW, HIGH):
            changes = ((name, known[name].at(u, date)),)
            points += [Point(draw, draw, changes) for draw in range(draws)]
    return Design("ends", tuple(points), {"names": list(names), "draws": draws})


def swings_by_ends(difference: np.ndarray, design: Design) -> list[Swing]:
    """The swings of a design of ends, from the difference at each of its points; the largest first."""
    names, draws = design.about["names"], design.about["draws"]
    noise, found = noise_level(len(names)), []
    blocks = difference.reshape(-1, draws)[1:].reshape(len(names), 2, draws)
    for number, name in enumerate(names):
        low, high = blocks[number]
        ends = [dict(design.points[(1 + 2 * number + end) * draws].changes)[name] for end in (0, 1)]
        low_error, high_error, error = (
            float(one.std(ddof=1)) / math.sqrt(draws) if draws > 1 else math.nan for one in (low, high, high - low)
        )
        means = float(low.mean()), float(high.mean())
        found.append(Swing(name, ends[0], ends[1], means[0], means[1], low_error, high_error, error, noise, True))
    return sorted(found, key=lambda one: (-abs(one.size), one.parameter))


def problem_of(factors: Names) -> dict[str, Any]:
    """What SALib calls a problem: every factor on the scale from 0 to 1."""
    return {"num_vars": len(factors), "names": list(factors), "bounds": [[0.0, 1.0]] * len(factors)}


def sobol_sample(factors: Names, size: int, seed: int) -> np.ndarray:
    """Points of the design, shape (size x (factors + 2), factors)."""
    from SALib.sample import sobol  # takes a second to import, so only where it is used

    return np.asarray(sobol.sample(problem_of(factors), size, calc_second_order=False, seed=seed))


def morris_sample(factors: Names, paths: int, seed: int) -> np.ndarray:
    """Points of the paths, shape (paths x (factors + 1), factors)."""
    from SALib.sample import morris

    return np.asarray(morris.sample(problem_of(factors), paths, num_levels=LEVELS, seed=seed))


def sobol_design(names: Names, size: int, seed: int, date: str) -> Design:
    """`size` is a power of two; size x (parameters + 4) points."""
    factors = [*names, OTHERS, LUCK]
    points = []
    for row in sobol_sample(factors, size, seed):
        numbers_from, luck = (min(int(u * POOL), POOL - 1) for u in row[-2:])
        points.append(Point(numbers_from, luck, _set(names, row[:-2], date)))
    return Design("sobol", tuple(points), {"names": list(names), "size": size})


def morris_design(names: Names, paths: int, seed: int, date: str) -> Design:
    """paths x (parameters + 1) points; path k keeps the parameters and the luck of draw k."""
    sample = morris_sample(names, paths, seed)
    points = [
        Point(number // (len(names) + 1), number // (len(names) + 1), _set(names, row, date))
        for number, row in enumerate(sample)
    ]
    return Design("morris", tuple(points), {"names": list(names), "paths": paths, "sample": sample.tolist()})


def _set(names: Names, row: np.ndarray, date: str) -> Changes:
    """The parameters at so many parts of what is believed of them; the very ends are left to nobody."""
    known = parameters()
    return tuple(
        (name, known[name].at(float(np.clip(u, 1.0 - NEARLY_ALL, NEARLY_ALL)), date))
        for name, u in zip(names, row, strict=True)
    )


@dataclass(frozen=True)
class Index:
    """Sobol's indices of one factor: alone, and with all its interactions; the errors are half-widths at 95%."""

    factor: str
    alone: float
    alone_error: float
    total: float
    total_error: float


def sobol_indices(difference: np.ndarray, factors: Names, seed: int = 0) -> list[Index]:
    """From the difference at every point of a design of Sobol; the largest in total first."""
    from SALib.analyze import sobol

    if np.ptp(difference) == 0.0:
        return []
    found = sobol.analyze(problem_of(factors), difference, calc_second_order=False, num_resamples=RESAMPLES, seed=seed)
    rows = zip(factors, found["S1"], found["S1_conf"], found["ST"], found["ST_conf"], strict=True)
    indices = [Index(name, *(float(one) for one in numbers)) for name, *numbers in rows]
    return sorted(indices, key=lambda one: -one.total)


@dataclass(frozen=True)
class Effect:
    """Morris's measures of one factor: mean effect, mean of its size, spread over the space (interaction or bend)."""

    factor: str
    mean: float
    size: float
    size_error: float
    spread: float


def morris_effects(difference: np.ndarray, factors: Names, sample: np.ndarray, seed: int = 0) -> list[Effect]:
    """From the difference at every point of the paths; effects are for the whole way from end to end."""
    from SALib.analyze import morris

    found = morris.analyze(
        problem_of(factors), np.asarray(sample), difference, num_levels=LEVELS, num_resamples=RESAMPLES, seed=seed
    )
    rows = zip(factors, found["mu"], found["mu_star"], found["mu_star_conf"], found["sigma"], strict=True)
    effects = [Effect(name, *(float(one) for one in numbers)) for name, *numbers in rows]
    return sorted(effects, key=lambda one: -one.size)

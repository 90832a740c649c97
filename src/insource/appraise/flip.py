"""What would reverse a ranking: the smallest changes of parameters at which the other model comes out ahead.

Parameters stand at their central values; only luck differs between draws. Every parameter is first moved to both ends
of the range in which it is believed to lie. Those that move the difference most towards nought are then moved by
themselves (on beyond the range if need be) and several together, each the same part of its way, and the point at which
the mean difference over draws changes sign is found by halving.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from insource.appraise.outcomes import outcomes
from insource.appraise.trials import Study, Totals, Trial, run_trials
from insource.compare.keeping import LOST, Tell
from insource.compare.plan import Plan
from insource.compare.pool import Workers
from insource.errors import InputError, Problem
from insource.parameters import parameters
from insource.tables import ACCOUNTS

FIRST, SECOND = "first", "second"
BEYOND = 3.0
"""A parameter alone is tried up to so many times the way from its central value to the end of its range."""
HALVINGS = 6
SIZES = (2, 3, 5)
"""How many parameters are moved together, besides all that are looked at closely."""
Changes = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Screened:
    """The difference in the first draw with one parameter at the low and at the high end of its range."""

    name: str
    at_low: float
    at_high: float


@dataclass(frozen=True)
class Move:
    """Parameters moved together towards one end each; `part` of the way at which the ranking reverses, if it does.

    1 is the end of the range. `at_end`: the mean difference there. None where nothing up to the furthest tried does it.
    """

    names: tuple[str, ...]
    ends: tuple[float, ...]
    at_end: float
    part: float | None
    values: tuple[float, ...]

    @property
    def is_inside(self) -> bool:
        """Whether the ranking reverses with every parameter inside the range believed."""
        return self.part is not None and self.part <= 1.0


@dataclass(frozen=True)
class Flips:
    """What was found. `base` is the mean difference at central values and `error` its standard error over luck."""

    outcome: str
    base: float
    error: float
    screened: tuple[Screened, ...]
    alone: tuple[Move, ...]
    together: tuple[Move, ...]
    left_out: tuple[str, ...]
    """Parameters that the user, the records or a switch have set: they are not doubted."""


def candidates(plan: Plan) -> tuple[list[str], list[str]]:
    """Parameters with a range, and those of them that are set and so not moved."""
    ranged = [name for name, one in parameters().items() if _range(name, plan)[0] < _range(name, plan)[1]]
    fixed = {override.name for override in plan.all_overrides()}
    return [name for name in ranged if name not in fixed], [name for name in ranged if name in fixed]


def most_runs(plan: Plan, most: int) -> int:
    """No more runs than this are needed."""
    moves = most + len(SIZES) + 1
    return 2 * (2 * len(candidates(plan)[0]) + 1) + 2 * plan.draws * (1 + moves + most + HALVINGS * moves)


def find_flips(
    plan: Plan,
    outcome: str,
    most: int = 8,
    folder: Path | None = None,
    workers: Workers = 1,
    tell: Tell = lambda done, of: None,
) -> Flips:
    """Look for them; raises InputError if the two models do not differ in the outcome."""
    study = Study(plan, dict(zip((FIRST, SECOND), plan.models, strict=True)), tuple(ACCOUNTS), True, True)
    of, done = most_runs(plan, most), 0

    def differences(wanted: Iterable[Changes], draws: int) -> dict[Changes, np.ndarray]:
        """Second less first, draw by draw, for each set of changes."""
        nonlocal done
        asked = list(dict.fromkeys(wanted))
        trials = [Trial(side, d, one) for one in asked for d in range(draws) for side in (FIRST, SECOND)]
        before = done
        totals = run_trials(study, trials, folder, workers, lambda one, _: tell(min(before + one, of), of))
        done += len(trials)
        return {one: _differences(study, totals, outcome, one, draws) for one in asked}

    names, left_out = candidates(plan)
    ends = {name: _range(name, plan) for name in names}
    screened = _screen(names, ends, differences)
    base = differences([()], plan.draws)[()]
    mean = float(base.mean())
    if mean == 0.0 or not np.isfinite(mean):
        todo = "choose another --outcome, or models that differ in it ('insource delivery FIRST SECOND')"
        what = "the two models come out the same, so there is no ranking to reverse"
        raise InputError(Problem("no_ranking", what, todo, column="--outcome", found=outcome))
    chosen = _strongest(screened, ends, mean, most)
    order = list(chosen)
    sets: list[tuple[str, ...]] = [(name,) for name in order]
    sets += [tuple(order[:size]) for size in (*SIZES, len(order)) if 1 < size <= len(order)]
    ways = [Way(plan.place.base_date, names, tuple(chosen[name] for name in names)) for names in dict.fromkeys(sets)]
    moves = search(ways, mean, lambda asked: _means(differences(asked, plan.draws)))
    tell(of, of)
    return Flips(
        outcome,
        mean,
        float(base.std(ddof=1) / np.sqrt(len(base))) if len(base) > 1 else float("nan"),
        screened,
        tuple(one for one in moves if len(one.names) == 1),
        tuple(one for one in moves if len(one.names) > 1),
        tuple(left_out),
    )


def _range(name: str, plan: Plan) -> tuple[float, float]:
    return parameters()[name].ends(plan.place.base_date)


def _differences(study: Study, totals: Totals, outcome: str, changes: Changes, draws: int) -> np.ndarray:
    formula, weeks = outcomes()[outcome], study.plan.weeks
    found = []
    for draw in range(draws):
        rows = [totals[Trial(side, draw, changes)] for side in (FIRST, SECOND)]
        if any((row == LOST).any() for row in rows):
            found.append(np.nan)
            continue
        first, second = (
            formula.value(dict(zip(study.accounts, (int(one) for one in row), strict=True)), weeks) for row in rows
        )
        found.append(second - first)
    return np.array(found)


Differences = Callable[[Iterable[Changes], int], dict[Changes, np.ndarray]]
Means = Callable[[Iterable[Changes]], dict[Changes, float]]


def _means(found: dict[Changes, np.ndarray]) -> dict[Changes, float]:
    return {one: float(values.mean()) for one, values in found.items()}


def _screen(
    names: Sequence[str], ends: dict[str, tuple[float, float]], differences: Differences
) -> tuple[Screened, ...]:
    """Every parameter at both ends, in the first draw."""
    found = differences([(), *(((name, end),) for name in names for end in ends[name])], 1)
    base = float(found[()][0])
    rows = [
        Screened(name, *(float(found[((name, end),)][0]) - base for end in ends[name]))  # how far it moves
        for name in names
    ]
    return tuple(sorted(rows, key=lambda one: -np.nan_to_num(max(abs(one.at_low), abs(one.at_high)))))


def _strongest(
    screened: Sequence[Screened], ends: dict[str, tuple[float, float]], base: float, most: int
) -> dict[str, float]:
    """The parameters that move the difference most towards nought and past it, each with the end that does."""
    against = -np.sign(base)
    found = []
    for one in screened:
        for moved, end in zip((one.at_low, one.at_high), ends[one.name], strict=True):
            if np.isfinite(moved) and moved * against > 0.0:
                found.append((-moved * against, one.name, end))
    best: dict[str, float] = {}
    for _, name, end in sorted(found):
        best.setdefault(name, end)
    return dict(list(best.items())[:most])


@dataclass(frozen=True)
class Way:
    """Parameters and the ends that they are moved towards, all the same part of their way."""

    date: str
    names: tuple[str, ...]
    ends: tuple[float, ...]

    def values(self, part: float) -> tuple[float, ...]:
        """Their values after a part of the way: 0 central, 1 the ends; never what cannot be."""
        found = []
        for name, end in zip(self.names, self.ends, strict=True):
            one = parameters()[name]
            centre = one.central(self.date)
            low, high = one.limits()
            value = end if part == 1.0 else min(max(centre + part * (end - centre), low), high)
            found.append(float(round(value)) if one.distribution.kind == "choice" else value)
        return tuple(found)

    def changes(self, part: float) -> Changes:
        """The same as changes of a trial."""
        return tuple(sorted(zip(self.names, self.values(part), strict=True)))


def search(ways: Sequence[Way], base: float, means: Means) -> list[Move]:
    """For each way the part of it at which the mean difference reaches nought, by halving; None where it never does.

    All ways go through a round together, so that their runs are shared out to processes at once.
    """
    at_end = means([way.changes(1.0) for way in ways])
    alone = [way for way in ways if len(way.names) == 1]
    unmoved = [way for way in alone if not _is_reversed(at_end[way.changes(1.0)], base)]
    at_far = means([way.changes(BEYOND) for way in unmoved]) if unmoved else {}
    brackets: dict[Way, tuple[float, float]] = {}
    for way in ways:
        if _is_reversed(at_end[way.changes(1.0)], base):
            brackets[way] = (0.0, 1.0)
        elif way in unmoved and _is_reversed(at_far[way.changes(BEYOND)], base):
            brackets[way] = (1.0, BEYOND)
    for _ in range(HALVINGS if brackets else 0):
        middle = {way: (low + high) / 2.0 for way, (low, high) in brackets.items()}
        found = means([way.changes(part) for way, part in middle.items()])
        for way, part in middle.items():
            low, high = brackets[way]
            brackets[way] = (low, part) if _is_reversed(found[way.changes(part)], base) else (part, high)
    return [
        Move(
            way.names,
            way.ends,
            at_end[way.changes(1.0)],
            brackets[way][1] if way in brackets else None,
            way.values(brackets[way][1] if way in brackets else 1.0),
        )
        for way in ways
    ]


def _is_reversed(difference: float, base: float) -> bool:
    """Whether the other model is at least as good; a run that was lost reverses nothing."""
    return bool(difference * base <= 0.0)


def belief_beyond(name: str, value: float, date: str) -> float | None:
    """The share of our belief about a parameter that is at least as far out as a value; None if it is not drawn."""
    one = parameters()[name]
    if one.distribution.kind in ("fixed", "choice"):
        return None
    low, high = one.ends(date)
    if not low <= value <= high:
        return 0.0
    below, above = 0.0, 1.0
    for _ in range(40):
        middle = (below + above) / 2.0
        below, above = (middle, above) if one.at(middle, date) < value else (below, middle)
    return 1.0 - below if value >= one.central(date) else below

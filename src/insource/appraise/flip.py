"""What would reverse a ranking: the smallest changes of parameters at which the other model comes out ahead.

Parameters stand at their central values; only luck differs between draws. Every parameter is first screened: moved to
both ends of the range in which it is believed to lie, in the first few draws. All that would reverse the ranking there
are followed over all draws, up to so many, and the strongest if they are fewer: by themselves (on beyond the range if
need be) and the strongest several together, each the same part of its way. The point at which the mean difference over
draws changes sign is found by halving. A parameter that was not followed is never said to be unable to reverse it.
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
"""How many parameters are moved together, besides the strongest that were asked for."""
SCREENED_DRAWS = 4
"""Every parameter is screened in the first so many draws, or in all if there are no more."""
MOST_FOLLOWED = 30
"""No more parameters are followed over all draws than this, unless more of the strongest are asked for."""
Changes = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Screened:
    """How far one parameter at the low and at the high end of its range moves the mean difference where screened."""

    name: str
    at_low: float
    at_high: float

    def reverses(self, base: float) -> bool:
        """Whether either of the two takes a difference to nought or past it."""
        return any(_is_reversed(base + moved, base) for moved in (self.at_low, self.at_high))


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
    draws: int
    """In so many draws every parameter was screened."""
    screened: tuple[Screened, ...]
    alone: tuple[Move, ...]
    together: tuple[Move, ...]
    left_out: tuple[str, ...]
    """Parameters that the user, the records or a switch have set: they are not doubted."""

    @property
    def reversing(self) -> tuple[str, ...]:
        """Parameters that reverse the ranking at an end of their range, as far as the draws screened show."""
        return tuple(one.name for one in self.screened if one.reverses(self.base))

    @property
    def not_followed(self) -> tuple[str, ...]:
        """Those of them that were not followed, because there were too many."""
        followed = {move.names[0] for move in self.alone}
        return tuple(name for name in self.reversing if name not in followed)

    @property
    def lost(self) -> tuple[str, ...]:
        """Parameters at one end of which, or both, the area emptied or ran away in a draw screened."""
        return tuple(one.name for one in self.screened if not np.isfinite(one.at_low + one.at_high))


def candidates(plan: Plan) -> tuple[list[str], list[str]]:
    """Parameters with a range, and those of them that are set and so not moved."""
    ranged = [name for name, one in parameters().items() if _range(name, plan)[0] < _range(name, plan)[1]]
    fixed = {override.name for override in plan.all_overrides()}
    return [name for name in ranged if name not in fixed], [name for name in ranged if name in fixed]


def most_runs(plan: Plan, strongest: int) -> int:
    """No more runs than this are needed."""
    number, screened = len(candidates(plan)[0]), _screened_draws(plan)
    alone, together = min(number, max(strongest, MOST_FOLLOWED)), len(SIZES) + 1
    closely = alone + together + HALVINGS * (alone + together)
    return 2 * (screened * (2 * number + 1) + (plan.draws - screened) * (1 + alone) + plan.draws * closely)


def _screened_draws(plan: Plan) -> int:
    return min(plan.draws, SCREENED_DRAWS)


def find_flips(
    plan: Plan,
    outcome: str,
    strongest: int = 8,
    folder: Path | None = None,
    workers: Workers = 1,
    tell: Tell = lambda done, of: None,
) -> Flips:
    """Look for them, following at least the `strongest`; raises InputError if the two models come out the same."""
    study = Study(plan, dict(zip((FIRST, SECOND), plan.models, strict=True)), tuple(ACCOUNTS), True, True)
    of = most_runs(plan, strongest)
    known: Totals = {}

    def differences(wanted: Iterable[Changes], draws: int) -> dict[Changes, np.ndarray]:
        """Second less first, draw by draw, for each set of changes."""
        asked = list(dict.fromkeys(wanted))
        trials = [Trial(side, d, one) for one in asked for d in range(draws) for side in (FIRST, SECOND)]
        new, before = [trial for trial in trials if trial not in known], len(known)
        known.update(run_trials(study, new, folder, workers, lambda one, _: tell(min(before + one, of), of)))
        return {one: _differences(study, known, outcome, one, draws) for one in asked}

    names, left_out = candidates(plan)
    ends = {name: _range(name, plan) for name in names}
    screened = _screen(names, ends, lambda asked: _means(differences(asked, _screened_draws(plan))))
    base = differences([()], plan.draws)[()]
    mean = float(base.mean())
    if mean == 0.0 or not np.isfinite(mean):
        todo = "choose another --outcome, or models that differ in it ('insource delivery FIRST SECOND')"
        what = "the two models come out the same, so there is no ranking to reverse"
        raise InputError(Problem("no_ranking", what, todo, column="--outcome", found=outcome))
    chosen = _followed(screened, ends, mean, strongest)
    order = list(chosen)
    sets: list[tuple[str, ...]] = [(name,) for name in order]
    sets += [tuple(order[:size]) for size in (*SIZES, min(strongest, len(order))) if 1 < size <= len(order)]
    ways = [Way(plan.place.base_date, names, tuple(chosen[name] for name in names)) for names in dict.fromkeys(sets)]
    moves = search(ways, mean, lambda asked: _means(differences(asked, plan.draws)))
    tell(of, of)
    return Flips(
        outcome,
        mean,
        float(base.std(ddof=1) / np.sqrt(len(base))) if len(base) > 1 else float("nan"),
        _screened_draws(plan),
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


Means = Callable[[Iterable[Changes]], dict[Changes, float]]


def _means(found: dict[Changes, np.ndarray]) -> dict[Changes, float]:
    return {one: float(values.mean()) for one, values in found.items()}


def _screen(names: Sequence[str], ends: dict[str, tuple[float, float]], means: Means) -> tuple[Screened, ...]:
    """Every parameter at both ends; the one that moves the difference furthest first."""
    found = means([(), *(((name, end),) for name in names for end in ends[name])])
    rows = [Screened(name, *(found[((name, end),)] - found[()] for end in ends[name])) for name in names]
    return tuple(sorted(rows, key=lambda one: -np.abs(np.nan_to_num((one.at_low, one.at_high))).max()))


def _followed(
    screened: Sequence[Screened], ends: dict[str, tuple[float, float]], base: float, strongest: int
) -> dict[str, float]:
    """The parameters to follow, each with the end that moves the difference most towards nought and past it.

    All that would reverse the ranking, up to MOST_FOLLOWED; and at least the strongest.
    """
    against = -np.sign(base)
    found = []
    for one in screened:
        for moved, end in zip((one.at_low, one.at_high), ends[one.name], strict=True):
            if np.isfinite(moved) and moved * against > 0.0:
                found.append((-moved * against, one.name, end))
    best: dict[str, float] = {}
    for _, name, end in sorted(found):
        best.setdefault(name, end)
    reversing = sum(one.reverses(base) for one in screened)
    return dict(list(best.items())[: max(strongest, min(reversing, MOST_FOLLOWED))])


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

"""Set the few parameters without direct evidence so that a place, bought for as now, shows the published levels.

Each parameter has one figure it is set by (data/validation/calibration.csv). The figures are matched together, since
each parameter moves several: Newton steps on the logarithms of the parameters, with the same people and the same luck
throughout, so that what is left between two runs is the parameter's doing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from insource import parameters
from insource.assurance.figures import Figure, figures_in, rows_of, runs_of
from insource.draws import luck
from insource.errors import InputError, Problem, unknown
from insource.parameters import Override
from insource.place import Place

YEARS, LUCK_DRAWS = 3, 6
MOST_ROUNDS = 6
NUDGE = 0.05
LONGEST_STEP = 0.7
CLOSE_ENOUGH = 0.02
"""A figure is reached when it is this close, in halves of its tolerance."""
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Setting:
    """One parameter and the figure that sets it: published, before and after; its value before and after, its range."""

    parameter: str
    target: str
    published: float
    before: float
    achieved: float
    value_before: float
    value: float
    low: float
    high: float
    unit: str
    target_unit: str

    @property
    def is_reached(self) -> bool:
        """Whether the figure came out as published, to what a reader would print."""
        return abs(self.achieved - self.published) <= 0.02 * max(abs(self.published), 0.05)

    @property
    def is_believable(self) -> bool:
        """Whether the value lies in the range believed before."""
        return self.low <= self.value <= self.high


def calibrate(
    place: Place,
    targets: dict[str, float] | None = None,
    seed: int = 1,
    processors: int = 1,
    tell: Tell = lambda done, of: None,
) -> list[Setting]:
    """Match the figures of calibration.csv in a place; `targets` replaces published values by name.

    Raises InputError for a target that no parameter is set by.
    """
    known_here = figures_in(place)
    pairs = {row["parameter"]: row["target"] for row in rows_of("calibration")}
    pairs = {name: known_here[target] for name, target in pairs.items() if target in known_here}
    wanted = _wanted(pairs, targets or {})
    known = parameters.parameters()
    start = parameters.central(place.records, place.base_date)
    values = np.array([getattr(start, name) for name in pairs])
    limits = np.array([known[name].limits() for name in pairs])
    scale = np.array([(figure.high - figure.low) / 2.0 for figure in pairs.values()])
    rounds = _Rounds(place, pairs, start, seed, processors, tell)
    first = achieved = rounds.figures_at([values])[0]
    best = (np.abs((wanted - achieved) / scale).max(), values, achieved)
    for _ in range(MOST_ROUNDS):
        if best[0] <= CLOSE_ENOUGH:
            break
        nudged = [np.where(np.arange(len(values)) == k, values * (1.0 + NUDGE), values) for k in range(len(values))]
        slopes = (np.array(rounds.figures_at(nudged)) - achieved) / scale / np.log(1.0 + NUDGE)
        steps = np.linalg.lstsq(slopes.T, (wanted - achieved) / scale, rcond=None)[0]
        values = values * np.exp(np.clip(steps, -LONGEST_STEP, LONGEST_STEP))
        values = np.clip(values, limits[:, 0], limits[:, 1])
        achieved = rounds.figures_at([values])[0]
        distance = np.abs((wanted - achieved) / scale).max()
        if distance < best[0]:
            best = (distance, values, achieved)
    _, values, achieved = best
    return [
        Setting(
            parameter=name,
            target=figure.name,
            published=float(wanted[k]),
            before=float(first[k]),
            achieved=float(achieved[k]),
            value_before=float(getattr(start, name)),
            value=float(f"{values[k]:.4g}"),
            low=known[name].ends(place.base_date)[0],
            high=known[name].ends(place.base_date)[1],
            unit=known[name].unit,
            target_unit=figure.unit,
        )
        for k, (name, figure) in enumerate(pairs.items())
    ]


def overrides(settings: list[Setting], place: str) -> tuple[Override, ...]:
    """The calibrated values as figures of one's own, each with the published figure it was set by as the reason."""
    return tuple(
        Override(
            one.parameter,
            one.value,
            f"calibrated in {place}: {one.target} {one.published:g} (achieved {one.achieved:.4g})",
            "calibration",
        )
        for one in settings
    )


def _wanted(pairs: dict[str, Figure], targets: dict[str, float]) -> np.ndarray:
    names = [figure.name for figure in pairs.values()]
    problems: list[Problem] = [unknown("target", name, names) for name in targets if name not in names]
    if problems:
        raise InputError(problems)
    return np.array([targets.get(figure.name, figure.published) for figure in pairs.values()])


@dataclass(frozen=True)
class _Rounds:
    """The runs behind a calibration: the same place, people and luck for every set of values."""

    place: Place
    pairs: dict[str, Figure]
    start: Any
    seed: int
    processors: int
    tell: Tell

    def figures_at(self, sets: list[np.ndarray]) -> list[np.ndarray]:
        """The figures (mean over draws of luck) for each set of values of the parameters."""
        jobs = [
            ("status_quo", self.start._replace(**dict(zip(self.pairs, values, strict=True))), luck(self.seed, draw))
            for values in sets
            for draw in range(LUCK_DRAWS)
        ]
        runs = runs_of(self.place, jobs, YEARS, self.processors, self.tell)
        found = np.array([[figure.of(run) for figure in self.pairs.values()] for run in runs])
        return list(found.reshape(len(sets), LUCK_DRAWS, len(self.pairs)).mean(axis=1))

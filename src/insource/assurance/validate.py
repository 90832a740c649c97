"""Published figures against the model: simulated interval, published range, verdict. What fails stays in the list."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from insource import parameters
from insource.assurance.figures import Figure, figures, runs_of
from insource.draws import luck
from insource.place import Place

YEARS = 5
VERDICTS = ("met", "within doubt", "missed")


@dataclass(frozen=True)
class Verdict:
    """One figure: the model's value with central parameters, and the middle 90% of its values over draws of them."""

    figure: Figure
    value: float
    low: float
    high: float

    @property
    def verdict(self) -> str:
        """met: the central value lies where the published figure is; within doubt: some of the 90% do; or missed."""
        if self.figure.is_met_by(self.value):
            return VERDICTS[0]
        return VERDICTS[1] if self.high >= self.figure.low and self.low <= self.figure.high else VERDICTS[2]


def validate(
    place: Place,
    draws: int,
    seed: int = 1,
    processors: int = 1,
    tell: Callable[[int, int], None] = lambda done, of: None,
) -> list[Verdict]:
    """Every published figure against runs of a place: one with central parameters, then `draws` with drawn ones."""
    wanted = figures().values()
    models = list(dict.fromkeys(figure.model for figure in wanted))
    sets: list[Any] = [parameters.central(), *(parameters.draw(seed, draw) for draw in range(draws))]
    jobs = [(model, numbers, luck(seed, draw)) for model in models for draw, numbers in enumerate(sets)]
    values: dict[str, list[float]] = {figure.name: [] for figure in wanted}
    for (model, _, _), run in zip(jobs, runs_of(place, jobs, YEARS, processors, tell), strict=True):
        for figure in wanted:
            if figure.model == model:
                values[figure.name].append(figure.of(run))
    found = []
    for figure in wanted:
        central, *drawn = values[figure.name]
        ends = np.nanquantile(drawn, (0.05, 0.95)) if drawn else (central, central)
        found.append(Verdict(figure, central, float(ends[0]), float(ends[1])))
    return found

"""Published figures against the model: simulated interval, published range, verdict. What fails stays in the list."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from insource import parameters
from insource.assurance.figures import Figure, figures_in, runs_of
from insource.draws import luck
from insource.place import Place
from insource.simulate import Run

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
    """Every figure about lines of a place against its runs: one with central parameters, `draws` with drawn ones."""
    wanted = figures_in(place).values()
    models = list(dict.fromkeys(name for figure in wanted for name in figure.models))
    sets: list[Any] = [parameters.central(), *(parameters.draw(seed, draw) for draw in range(draws))]
    jobs = [(model, numbers, luck(seed, draw)) for draw, numbers in enumerate(sets) for model in models]
    values: dict[str, list[float]] = {figure.name: [] for figure in wanted}
    runs: dict[str, Run] = {}
    for (model, _, _), run in zip(jobs, runs_of(place, jobs, YEARS, processors, tell), strict=True):
        runs[model] = run
        if len(runs) == len(models):
            for figure in wanted:
                values[figure.name].append(figure.of(*(runs[name] for name in figure.models)))
            runs = {}
    found = []
    for figure in wanted:
        central, *drawn = values[figure.name]
        ends = np.nanquantile(drawn, (0.05, 0.95)) if drawn else (central, central)
        found.append(Verdict(figure, central, float(ends[0]), float(ends[1])))
    return found

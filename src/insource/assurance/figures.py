"""Published figures (data/validation/targets.csv) and what the model says in their place.

A figure that set a parameter cannot validate it. The column `used` says which is which: "calibration" set a parameter;
"adds up" is a total of the same body of evidence that the parameters come from, so that it shows that the parts fit and
no more; "held out" was used for nothing.
"""

import csv
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from insource import delivery
from insource.appraise.outcomes import Outcome
from insource.draws import Luck
from insource.place import Place
from insource.simulate import Run, simulate
from insource.terms import LINES
from insource.units import WEEKS_A_YEAR

USES = ("calibration", "adds up", "held out")


@dataclass(frozen=True)
class Figure:
    """One published figure: what of the books it stands beside, under which delivery model, and what counts as met."""

    name: str
    used: str
    model: str
    over_model: str
    line: str
    """The line of service it is about, or "all"."""
    outcome: Outcome
    unit: str
    published: float
    low: float
    high: float
    source: str
    where: str

    @property
    def models(self) -> tuple[str, ...]:
        """The models it needs runs of: its own, and the one it is set over, if any."""
        return (self.model, self.over_model) if self.over_model else (self.model,)

    def of(self, *runs: Run) -> float:
        """The model's own figure, from the books of one run of each of `models` after its running-in."""
        first, *others = (self._in(run) for run in runs)
        return first / others[0] if others else first

    def _in(self, run: Run) -> float:
        is_of_line = np.isin(run.tables["parts"]["line"], lines_of(self.line))
        accounts = {name: run.ledger.accounts[name][run.burn_in :, is_of_line] for name in self.outcome.accounts()}
        return self.outcome.value({name: int(weeks.sum()) for name, weeks in accounts.items()}, run.weeks)

    def is_met_by(self, value: float) -> bool:
        """Whether a value lies where the published figure and its doubt are."""
        return self.low <= value <= self.high


def lines_of(line: str) -> list[int]:
    """The numbers of the lines a figure is about: one by its name, or "all"."""
    return [LINES.index(name) for name in LINES if line in (name, "all")]


@cache
def figures() -> dict[str, Figure]:
    """Every published figure by name, in the order of the file."""
    found = {}
    for row in rows_of("targets"):
        name, unit = row["target"], row["unit"]
        of_books = (row["numerator"], row["denominator"], float(row["scale"]))
        found[name] = Figure(
            name=name,
            used=row["used"],
            model=row["model"],
            over_model=row["over_model"],
            line=row["line"],
            outcome=Outcome(name, "", name, unit, "", *of_books, ""),
            unit=unit,
            published=float(row["published"]),
            low=float(row["low"]),
            high=float(row["high"]),
            source=row["source"],
            where=row["where"],
        )
    return found


def figures_in(place: Place) -> dict[str, Figure]:
    """The published figures about lines on which the place has anybody."""
    here = {"all", "reablement", *place.lines()} if "home_care" in place.lines() else {"all", *place.lines()}
    return {name: one for name, one in figures().items() if one.line in here}


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of one file of data/validation."""
    text = files("insource").joinpath(f"data/validation/{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


Job = tuple[str, Any, Luck]
"""One run to make: the delivery model's name, parameters, luck."""


def runs_of(
    place: Place, jobs: list[Job], years: int, processors: int, tell: Callable[[int, int], None]
) -> Iterator[Run]:
    """The runs of some jobs in their order; several at once, since the weeks are compiled and hold no lock."""
    models = {name: delivery.read(name) for name, _, _ in jobs}

    def one(job: Job) -> Run:
        name, numbers, luck = job
        return simulate(place, models[name], numbers, luck, years * WEEKS_A_YEAR)

    with ThreadPoolExecutor(processors) as pool:
        for done, run in enumerate(pool.map(one, jobs), start=1):
            tell(done, len(jobs))
            yield run

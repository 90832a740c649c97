"""Many single runs over the same people and luck: what a study needs beyond paired draws of whole models.

A trial is one delivery model in one draw, with some parameters set. What is kept of it are totals of a few accounts in
their own whole units. Trials are keyed, so that a study that was stopped goes on where it was, and one that asks for
more runs only what is new. The same trial gives the same bits whichever process runs it.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from insource import parameters
from insource.compare.plan import Plan
from insource.compare.pool import shared_out
from insource.delivery import Delivery
from insource.draws import luck
from insource.errors import InputError, StoppedError
from insource.files import make_folder, write_atomically
from insource.identities import refuse_broken_books
from insource.simulate import simulate

A_PIECE = 8
"""Trials in one file: few enough that little is lost when a study is stopped."""
RUN_AWAY = ("runaway", "no_room")
LOST = np.iinfo(np.int64).min
"""Stands for every total of a run that ran away."""
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Trial:
    """One run: a model of the study by its key, a draw, and parameters that are set in it."""

    model: str
    draw: int
    changes: tuple[tuple[str, float], ...] = ()

    @property
    def key(self) -> str:
        """What it is called in files."""
        return json.dumps([self.model, self.draw, [list(one) for one in self.changes]])


@dataclass(frozen=True)
class Study:
    """What all trials have in common. `is_central`: parameters at central values, so that draws are luck alone."""

    plan: Plan
    models: Mapping[str, Delivery]
    accounts: tuple[str, ...]
    is_central: bool = False
    is_lenient: bool = False
    """A run that runs away counts as lost instead of stopping the study."""

    def fingerprint(self) -> str:
        """Trials of the same fingerprint may be used again."""
        models = {name: [repr(one.parts), repr(one.changes)] for name, one in self.models.items()}
        content = [replace(self.plan, draws=1).manifest(), models, self.accounts, self.is_central, self.is_lenient]
        return hashlib.blake2s(json.dumps(content, sort_keys=True).encode(), digest_size=8).hexdigest()

    def numbers(self, draw: int) -> Any:
        """The parameters of a draw."""
        overrides, date = self.plan.all_overrides(), self.plan.place.base_date
        if self.is_central:
            return parameters.central(overrides, date)
        return parameters.draw(self.plan.seed, draw, overrides, date)


Totals = dict[Trial, np.ndarray]
"""Totals of the study's accounts, running-in left out, by trial."""


def measure(study: Study, trial: Trial) -> np.ndarray:
    """Run one trial."""
    plan, model = study.plan, study.models[trial.model]
    numbers = study.numbers(trial.draw)._replace(**dict(trial.changes))
    where = f"draw {trial.draw}, {trial.model}" + "".join(f", {name} = {value:g}" for name, value in trial.changes)
    try:
        chance = luck(plan.seed, trial.draw)
        result = simulate(plan.place, model, numbers, chance, plan.weeks, plan.burn_in, plan.scenario)
    except InputError as error:
        if study.is_lenient and all(one.code in RUN_AWAY for one in error.problems):
            return np.full(len(study.accounts), LOST, np.int64)
        raise InputError([replace(one, file=where) for one in error.problems]) from error
    refuse_broken_books(result.ledger, result.tables, where)
    return np.array([result.ledger.total(name, result.burn_in) for name in study.accounts], np.int64)


def run_trials(
    study: Study,
    wanted: Sequence[Trial],
    folder: Path | None = None,
    workers: int = 1,
    tell: Tell = lambda done, of: None,
) -> Totals:
    """Totals of every trial wanted; those that stand in `folder` already are not run again.

    Ctrl-C raises StoppedError; what was done is kept in the folder, if there is one.
    """
    home = None if folder is None else folder / "trials" / study.fingerprint()
    if home is not None:
        make_folder(home)
    found = {} if home is None else _kept(study, home)
    wanted = list(dict.fromkeys(wanted))
    todo = [trial for trial in wanted if trial not in found]
    pieces = [tuple(todo[n : n + A_PIECE]) for n in range(0, len(todo), A_PIECE)]
    done = len(wanted) - len(todo)
    tell(done, len(wanted))
    try:
        for part in shared_out(_run_piece, (study, home), pieces, workers):
            assert isinstance(part, dict)
            found |= part
            done += len(part)
            tell(done, len(wanted))
    except KeyboardInterrupt:
        kept = "the same command goes on from here" if home is not None else "give --out, and what was done is kept"
        raise StoppedError(f"stopped after {done} of {len(wanted)} runs; {kept}") from None
    return {trial: found[trial] for trial in wanted}


def _run_piece(common: tuple[Study, Path | None], piece: tuple[Trial, ...]) -> Totals:
    study, home = common
    found = {trial: measure(study, trial) for trial in piece}
    if home is not None:
        name = hashlib.blake2s("".join(trial.key for trial in piece).encode(), digest_size=12).hexdigest()
        frame = frame_of(study, found)
        write_atomically(home / f"{name}.parquet", lambda path: frame.write_parquet(path))
    return found


def frame_of(study: Study, totals: Totals) -> pl.DataFrame:
    """One row for each trial: its model, draw and changes, and the total of every account in its own whole units."""
    columns = {name: [int(row[k]) for row in totals.values()] for k, name in enumerate(study.accounts)}
    return pl.DataFrame({"trial": [trial.key for trial in totals], **columns})


def _kept(study: Study, home: Path) -> Totals:
    found: Totals = {}
    for path in sorted(home.glob("*.parquet")):
        for key, *values in pl.read_parquet(path).select("trial", *study.accounts).iter_rows():
            model, draw, changes = json.loads(key)
            found[Trial(model, draw, tuple((name, value) for name, value in changes))] = np.array(values, np.int64)
    return found

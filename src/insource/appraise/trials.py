"""Many single runs over the same people and luck: what a study needs beyond paired draws of whole models.

A trial is one delivery model in one draw, with some parameters set. What is kept of it are totals of a few accounts in
their own whole units. Trials are keyed, so that a study that was stopped goes on where it was, and one that asks for
more runs only what is new. The same trial gives the same bits whichever process runs it.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from insource import parameters
from insource.compare.keeping import LOST, StoppedRunsError, Tell, run_kept
from insource.compare.plan import Plan
from insource.compare.pool import Workers
from insource.delivery import Delivery
from insource.draws import luck
from insource.errors import InputError
from insource.identities import refuse_broken_books
from insource.simulate import simulate

RUN_AWAY = ("runaway", "no_room")


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

    def to_send(self) -> "Study":
        """What a worker needs (see `Plan.to_send`)."""
        return replace(self, plan=self.plan.to_send())

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
    workers: Workers = 1,
    tell: Tell = lambda done, of: None,
) -> Totals:
    """Totals of every trial wanted; those that stand in `folder` already are not run again.

    Equal runs are made once. Ctrl-C raises StoppedRunsError; what was done is kept in the folder, if there is one.
    """
    home = None if folder is None else folder / "trials" / study.fingerprint()
    stands_for = _same(study, wanted)
    try:
        found = run_kept(_run_piece, study.to_send(), list(stands_for.values()), study.accounts, home, workers, tell)
    except StoppedRunsError as stop:
        made = {trial: stop.found[one] for trial, one in stands_for.items() if one in stop.found}
        raise StoppedRunsError(str(stop), made) from None
    return {trial: found[one] for trial, one in stands_for.items()}


def _same(study: Study, wanted: Sequence[Trial]) -> dict[Trial, Trial]:
    """For each trial the first that is the same run: the same terms under another name, numbers set to what they are.

    So a set of causes that changes nothing in one of the models is not run again.
    """
    numbers = cache(study.numbers)
    content = {name: repr((one.parts, one.changes)) for name, one in study.models.items()}
    first: dict[tuple[object, ...], Trial] = {}
    return {
        trial: first.setdefault(
            (content[trial.model], trial.draw, numbers(trial.draw)._replace(**dict(trial.changes))), trial
        )
        for trial in wanted
    }


def _run_piece(study: Study, piece: tuple[Trial, ...]) -> Totals:
    return {trial: measure(study, trial) for trial in piece}

"""Run claims: every parameter drawn over its whole published range, both sides on the same people and the same luck.

The draws are even over each range, not as believed: the question is in what part of what is plausible a claim holds,
and not how likely we think that part is. Runs that several claims need are made once.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from insource import delivery, parameters, scenario
from insource.claims.files import Claim, Measure, Side, World
from insource.compare.keeping import LOST, Tell, run_kept
from insource.compare.plan import bare
from insource.compare.pool import Workers
from insource.compiled import package_hash
from insource.delivery import Delivery
from insource.draws import decision_number, luck, uniform
from insource.errors import InputError
from insource.place import Place
from insource.simulate import simulate
from insource.units import WEEKS_A_YEAR

Totals = dict[str, int]
WIDE_SEED = 0x57494445
"""Parameters and luck come from different numbers, so that no draw of the one goes with a draw of the other."""


@dataclass(frozen=True)
class Tried:
    """What the runs of one pair of sides say: one row for each draw, one column for each measure; NaN where a run ran
    away or nothing divides the outcome."""

    title: str
    one: np.ndarray
    other: np.ndarray


@dataclass(frozen=True)
class Experiment:
    """A claim's runs: the pairs in the order of the claim, and what was drawn (draws x parameters)."""

    claim: Claim
    pairs: tuple[Tried, ...]
    names: tuple[str, ...]
    drawn: np.ndarray


def numbers_over_ranges(seed: int, draw: int, place: Place) -> Any:
    """Every parameter drawn evenly between the ends of its range; the place's own records are taken as they are.

    What is fixed by its papers stays so: these say why (a failure of a service is in the hand-back rate already).
    """
    known, key = parameters.parameters(), luck(seed ^ WIDE_SEED, draw)
    values = {}
    for name, one in known.items():
        if one.distribution.kind == "fixed":
            values[name] = one.central(place.base_date)
            continue
        low, high = one.ends(place.base_date)
        u = float(uniform(key, decision_number(f"parameter.{name}"), 0, 0))
        is_choice = one.distribution.kind == "choice"
        values[name] = low + min(int(u * (high - low + 1.0)), high - low) if is_choice else low + u * (high - low)
    values |= {record.name: record.value for record in place.records}
    return parameters.Numbers(**values)


def run_claims(
    claims: Sequence[Claim],
    place: Place,
    draws: int,
    years: int,
    seed: int = 1,
    workers: Workers = 1,
    tell: Tell = lambda done, of: None,
    folder: Path | None = None,
) -> list[Experiment]:
    """Every claim's experiment. The same arguments give the same bits wherever they run.

    With a folder, runs that stand in it are not made again. Ctrl-C raises StoppedRunsError; `so_far` makes of what was
    run by then the experiments of the first draws.
    """
    common = _common(claims, place, years, seed)
    jobs = [Job(key, draw) for draw in range(draws) for key in common.sides]
    home = None if folder is None else folder / "claim_runs" / common.fingerprint()
    found = run_kept(_run_jobs, common, jobs, common.accounts, home, workers, tell)
    return _experiments(claims, common, draws, found)


def so_far(
    claims: Sequence[Claim], place: Place, draws: int, years: int, seed: int, found: dict[Any, np.ndarray]
) -> tuple[int, list[Experiment]]:
    """Of how many draws, counted from the first, every run was found, and the experiments of these."""
    common = _common(claims, place, years, seed)
    lacking = (draw for draw in range(draws) if any(Job(key, draw) not in found for key in common.sides))
    made = next(lacking, draws)
    return made, _experiments(claims, common, made, found) if made else []


@dataclass(frozen=True)
class Job:
    """One run: a side by its key, and a draw."""

    side: str
    draw: int

    @property
    def key(self) -> str:
        """What it is called in files."""
        return json.dumps([self.side, self.draw])


@dataclass(frozen=True)
class Common:
    """What all runs have in common."""

    place: Place
    sides: dict[str, Side]
    accounts: tuple[str, ...]
    years: int
    seed: int

    def fingerprint(self) -> str:
        """Runs of the same fingerprint may be used again: any draw, any side, as long as its books are all there."""
        content = [package_hash(), self.place.fingerprint(), self.accounts, self.years, self.seed]
        return hashlib.blake2s(json.dumps(content).encode(), digest_size=8).hexdigest()


def _common(claims: Sequence[Claim], place: Place, years: int, seed: int) -> Common:
    sides = {_key(side): side for claim in claims for pair in claim.pairs for side in (pair.one, pair.other)}
    measures = [measure for claim in claims for pair in claim.pairs for measure in pair.measures]
    accounts = sorted({name for one in measures for name in one.of_books().accounts()})
    return Common(bare(place), sides, tuple(accounts), years, seed)


def _run_jobs(common: Common, jobs: Sequence[Job]) -> dict[Job, np.ndarray]:
    found = {}
    for job in jobs:
        numbers = numbers_over_ranges(common.seed, job.draw, common.place)
        chance = luck(common.seed, job.draw)
        totals = totals_of(common.place, common.sides[job.side], numbers, chance, common.years, list(common.accounts))
        amounts = [LOST] * len(common.accounts) if totals is None else list(totals.values())
        found[job] = np.array(amounts, np.int64)
    return found


def _experiments(claims: Sequence[Claim], common: Common, draws: int, runs: dict[Any, np.ndarray]) -> list[Experiment]:
    found: dict[tuple[str, int], Totals | None] = {}
    for key, draw in ((key, draw) for draw in range(draws) for key in common.sides):
        amounts = [int(one) for one in runs[Job(key, draw)]]
        found[key, draw] = None if LOST in amounts else dict(zip(common.accounts, amounts, strict=True))
    sets = [numbers_over_ranges(common.seed, draw, common.place) for draw in range(draws)]
    fields: tuple[str, ...] = parameters.Numbers._fields
    names = tuple(name for name in fields if len({getattr(one, name) for one in sets}) > 1)
    drawn = np.array([[getattr(one, name) for name in names] for one in sets])
    return [_experiment(claim, found, draws, common.years, names, drawn) for claim in claims]


def _experiment(
    claim: Claim,
    found: dict[tuple[str, int], Totals | None],
    draws: int,
    years: int,
    names: tuple[str, ...],
    drawn: np.ndarray,
) -> Experiment:
    def values(side: Side, measures: Sequence[Measure]) -> np.ndarray:
        rows = [values_of(measures, found[_key(side), draw], years) for draw in range(draws)]
        return np.array(rows)

    pairs = tuple(
        Tried(pair.title, values(pair.one, pair.measures), values(pair.other, pair.measures)) for pair in claim.pairs
    )
    return Experiment(claim, pairs, names, drawn)


def run_planted(claim: Claim, world: World, place: Place, years: int, lucks: int, seed: int = 1) -> Tried:
    """The claim's own pair in a planted world, means over some lucks; what is not planted is at its central value."""
    accounts = sorted({name for one in claim.measures for name in one.of_books().accounts()})
    numbers = parameters.central((), place.base_date)._replace(**world.parameters)
    rows = []
    for side, terms in ((claim.one, world.one), (claim.other, world.other)):
        planted = side.model_copy(update={"terms": {**side.terms, **terms}})
        totals = [totals_of(place, planted, numbers, luck(seed, draw), years, accounts) for draw in range(lucks)]
        rows.append(np.array([values_of(claim.measures, one, years) for one in totals]))
    one, other = (rows_of.mean(axis=0, keepdims=True) for rows_of in rows)
    return Tried(claim.title, one, other)


def totals_of(place: Place, side: Side, numbers: Any, chance: Any, years: int, accounts: list[str]) -> Totals | None:
    """The totals of some accounts after the running-in; None where the run ran away."""
    own = {name: getattr(numbers, one) if isinstance(one, str) else one for name, one in side.parameters.items()}
    try:
        run = simulate(
            place,
            model_of(side),
            numbers._replace(**own),
            chance,
            years * WEEKS_A_YEAR,
            scenario=scenario.read(side.scenario),
        )
    except InputError as error:
        if all(problem.code == "runaway" for problem in error.problems):
            return None
        raise
    return {name: run.ledger.total(name, run.burn_in) for name in accounts}


def model_of(side: Side) -> Delivery:
    """The delivery model of a side under its terms."""
    model = delivery.read(side.model)
    return model.with_terms(**side.terms) if side.terms else model


def values_of(measures: Sequence[Measure], totals: Totals | None, years: int) -> list[float]:
    """Each measure's outcome."""
    if totals is None:
        return [float("nan")] * len(measures)
    return [one.of_books().value(totals, years * WEEKS_A_YEAR) for one in measures]


def _key(side: Side) -> str:
    return json.dumps(side.model_dump(exclude={"what"}), sort_keys=True)

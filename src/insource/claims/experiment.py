"""Run claims: every parameter drawn over its whole published range, both sides on the same people and the same luck.

The draws are even over each range, not as believed: the question is in what part of what is plausible a claim holds,
and not how likely we think that part is. Runs that several claims need are made once.
"""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from insource import delivery, parameters, scenario
from insource.claims.files import Claim, Measure, Side, World
from insource.delivery import Delivery
from insource.draws import decision_number, luck, uniform
from insource.errors import InputError
from insource.place import Place
from insource.simulate import simulate
from insource.units import WEEKS_A_YEAR

Tell = Callable[[int, int], None]
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
    """Every parameter drawn evenly between the ends of its range; the place's own records are taken as they are."""
    known, key = parameters.parameters(), luck(seed ^ WIDE_SEED, draw)
    values = {}
    for name, one in known.items():
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
    processors: int = 1,
    tell: Tell = lambda done, of: None,
) -> list[Experiment]:
    """Every claim's experiment. The same arguments give the same bits for any number of processors."""
    sides = {_key(side): side for claim in claims for pair in claim.pairs for side in (pair.one, pair.other)}
    measures = [measure for claim in claims for pair in claim.pairs for measure in pair.measures]
    accounts = sorted({name for one in measures for name in one.of_books().accounts()})
    sets = [numbers_over_ranges(seed, draw, place) for draw in range(draws)]
    jobs = [(key, draw) for draw in range(draws) for key in sides]

    def run(job: tuple[str, int]) -> Totals | None:
        key, draw = job
        return totals_of(place, sides[key], sets[draw], luck(seed, draw), years, accounts)

    found: dict[tuple[str, int], Totals | None] = {}
    with ThreadPoolExecutor(processors) as pool:
        for done, (job, totals) in enumerate(zip(jobs, pool.map(run, jobs), strict=True), start=1):
            found[job] = totals
            tell(done, len(jobs))
    fields: tuple[str, ...] = parameters.Numbers._fields
    names = tuple(name for name in fields if len({getattr(one, name) for one in sets}) > 1)
    drawn = np.array([[getattr(one, name) for name in names] for one in sets])
    return [_experiment(claim, found, draws, years, names, drawn) for claim in claims]


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

"""Why two delivery models differ: the difference shared out to groups of terms, and to causes that can be switched off.

Two games over the same people, luck and doubt. *Terms*: models between the two, with some groups of terms of the
second; shares add up to the difference. *Causes*: both models with some causes switched off; shares add up to the
difference less what is left of it with all of them off, which is said too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path

import numpy as np

from insource import switches
from insource.appraise import attribution as shapley
from insource.appraise import interplay
from insource.appraise.between import Between, between
from insource.appraise.outcomes import Outcome, outcomes
from insource.appraise.trials import Study, Totals, Trial, run_trials
from insource.compare.keeping import Tell
from insource.compare.plan import Plan
from insource.compare.pool import Workers
from insource.delivery import Delivery
from insource.draws import luck
from insource.errors import InputError, Problem
from insource.switches import Switch
from insource.tables import ACCOUNTS

MOST_EXACT = 7
"""Up to so many causes every set of them is run (128 sets of 7)."""
MOST_EXACT_ASKED = 12
FIRST, SECOND = "first", "second"
Set = frozenset[str]


@dataclass(frozen=True)
class Cause:
    """What a share goes to: a group of terms, or switches that are turned together. `alike`: it changes nothing."""

    name: str
    detail: tuple[str, ...]
    switches: tuple[str, ...] = ()


@dataclass(frozen=True)
class Game:
    """Causes and what it takes to run any set of them."""

    kind: str
    plan: Plan
    causes: tuple[Cause, ...]
    nothing: tuple[str, ...]
    """Names of what cannot have a share: groups of terms that are alike, causes that are off in any case."""
    pairs: int
    is_exact: bool
    middle: Between | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The causes by name."""
        return tuple(one.name for one in self.causes)

    def orders(self, draw: int) -> list[tuple[int, ...]]:
        """The orders of a draw, where not every set is run."""
        return shapley.orders(self.names, self.pairs, luck(self.plan.seed, draw))

    def sets(self, draw: int) -> list[int]:
        """Every set of causes that is run in a draw."""
        if self.is_exact:
            return shapley.every_set(len(self.causes))
        return sorted({one for order in self.orders(draw) for one in shapley.sets_of(order)})

    def signed_trials(self, draw: int, chosen: int) -> dict[Trial, int]:
        """The trials whose totals, with these signs, are the game's value for a set."""
        here = self._chosen(chosen)
        if self.kind == "terms":
            return {Trial(self._between_key(here), draw): 1}
        off = self._off(here)
        changes = tuple(sorted((one.name, one.value) for one in switches.overrides_of(off)))
        return {Trial(_off_key(side, off), draw, changes): sign for side, sign in ((SECOND, 1), (FIRST, -1))}

    def models(self, sets: Sequence[int]) -> dict[str, Delivery]:
        """The delivery models of the trials of some sets, by key."""
        found = {}
        for chosen in sets:
            here = self._chosen(chosen)
            if self.middle is not None:
                found[self._between_key(here)] = self.middle.model(here)
                continue
            off = self._off(here)
            for side, model in zip((FIRST, SECOND), self.plan.models, strict=True):
                found[_off_key(side, off)] = switches.without(model, off)
        return found

    def _chosen(self, chosen: int) -> Set:
        return frozenset(one.name for k, one in enumerate(self.causes) if chosen >> k & 1)

    def _off(self, chosen: Set) -> list[Switch]:
        known = switches.switches()
        return [known[name] for one in self.causes if one.name not in chosen for name in one.switches]

    def _between_key(self, chosen: Set) -> str:
        return FIRST if not chosen else SECOND if len(chosen) == len(self.causes) else f"first with {sorted(chosen)}"


def _off_key(side: str, off: Sequence[Switch]) -> str:
    """Only switches that set terms make another model."""
    names = sorted(one.name for one in off if one.terms)
    return f"{side} without {names}" if names else side


def game_of_terms(plan: Plan, pairs: int, exact: bool | None = None) -> Game:
    """The game whose causes are the groups of terms in which two models differ; raises InputError if none does."""
    middle = between(*plan.models)
    if not middle.groups:
        todo = "compare models that differ; 'insource delivery FIRST SECOND' shows in what two of them do"
        what = "these two delivery models are the same, so there is no difference to explain"
        names = " and ".join(model.name for model in plan.models)
        raise InputError(Problem("no_difference", what, todo, column="--to", found=names))
    causes = tuple(Cause(group, middle.terms(group)) for group in middle.groups)
    return Game("terms", plan, causes, middle.alike, pairs, _is_exact(len(causes), exact), middle)


def game_of_causes(
    plan: Plan, names: Sequence[str], pairs: int, is_each: bool = False, exact: bool | None = None
) -> Game:
    """The game whose causes are switches: those named one by one, or all of them, mechanism by mechanism.

    What the plan has switched off in any case has no share.
    """
    known = [one for one in switches.chosen(list(names) or [switches.ALL]) if one.name not in plan.off]
    if not known:
        todo = "leave out --off, or name a cause that is not off"
        raise InputError(Problem("all_off", "everything that could have a share is switched off", todo, column="--off"))
    grouped: dict[str, list[Switch]] = {}
    for one in known:
        grouped.setdefault(one.name if names or is_each else one.mechanism, []).append(one)
    causes = tuple(
        Cause(name.replace("_", " "), tuple(one.what for one in group), tuple(one.name for one in group))
        for name, group in grouped.items()
    )
    return Game(
        "causes", plan, causes, tuple(name.replace("_", " ") for name in plan.off), pairs, _is_exact(len(causes), exact)
    )


def _is_exact(causes: int, asked: bool | None) -> bool:
    if asked and causes > MOST_EXACT_ASKED:
        what = f"every set of {causes} causes would be {2**causes:,} of them"
        todo = "leave out --exact: orders are drawn then, and the error is stated; or name fewer causes with --cause"
        raise InputError(
            Problem(
                "too_many_sets", what, todo, column="--exact", found=str(causes), allowed=f"up to {MOST_EXACT_ASKED}"
            )
        )
    return causes <= MOST_EXACT if asked is None else asked


@dataclass(frozen=True)
class Share:
    """One cause's share of a difference a year. `whole`: in whole units of the books; the others in the unit shown."""

    cause: Cause
    whole: int
    mean: float
    low: float
    high: float
    order_error: float
    by_draw: tuple[float, ...]


@dataclass(frozen=True)
class Together:
    """What two causes do together beyond what they do one by one, a year; the error is that of the mean over draws."""

    one: str
    other: str
    mean: float
    error: float
    line: float
    """Standard errors it must pass to be more than luck makes of the clearest of all pairs."""
    smallest: float
    """Half a whole unit of the books: less is nothing."""

    @property
    def is_clear(self) -> bool:
        """Whether it stands out; never with one draw, which has no error."""
        return abs(self.mean) > self.smallest and abs(self.mean) > self.line * self.error


@dataclass(frozen=True)
class Explained:
    """One outcome's difference, shared out. `left`: what is left with every cause off (0 for terms), whole units."""

    outcome: Outcome
    game: Game
    first: float
    second: float
    left: int
    total: int
    shares: tuple[Share, ...]
    together: tuple[Together, ...]
    left_by_draw: tuple[float, ...]
    total_by_draw: tuple[float, ...]
    """In the unit shown, shape (draws,)."""

    @cached_property
    def adds_up(self) -> bool:
        """To the last whole unit."""
        return self.left + sum(one.whole for one in self.shares) == self.total


def trials_of(games: Sequence[Game]) -> list[Trial]:
    """Every run that some games need, each once."""
    return [trial for draw in range(games[0].plan.draws) for trial in trials_of_draw(games, draw)]


def trials_of_draw(games: Sequence[Game], draw: int) -> list[Trial]:
    """The runs of one draw, each once."""
    return list(
        dict.fromkeys(trial for game in games for one in game.sets(draw) for trial in game.signed_trials(draw, one))
    )


def whole_draws(games: Sequence[Game], totals: Totals) -> int:
    """Of how many draws, counted from the first, every run has been made."""
    draws = range(games[0].plan.draws)
    return next((draw for draw in draws if not totals.keys() >= set(trials_of_draw(games, draw))), len(draws))


def of_first_draws(games: Sequence[Game], draws: int) -> list[Game]:
    """The same games with no more than the first draws."""
    return [replace(game, plan=replace(game.plan, draws=draws)) for game in games]


def study_of(games: Sequence[Game]) -> Study:
    """What all runs of the games have in common."""
    models: dict[str, Delivery] = {}
    for game in games:
        models |= game.models(sorted({one for draw in range(game.plan.draws) for one in game.sets(draw)}))
    return Study(games[0].plan, models, tuple(ACCOUNTS))


def run_games(
    games: Sequence[Game], folder: Path | None = None, workers: Workers = 1, tell: Tell = lambda done, of: None
) -> tuple[Study, Totals]:
    """Run everything the games need."""
    study = study_of(games)
    return study, run_trials(study, trials_of(games), folder, workers, tell)


def explain(game: Game, name: str, study: Study, totals: Totals) -> Explained:
    """One outcome's difference between the two models, shared out to the causes of a game."""
    outcome, plan = outcomes()[name], game.plan
    weights = np.array([outcome.signs().get(account, 0) for account in study.accounts], np.int64)
    played = [_played(game, draw, totals, weights) for draw in range(plan.draws)]
    full = (1 << len(game.causes)) - 1
    shares = [_shares(game, draw, one) for draw, one in enumerate(played)]
    means, pairs, errors = shapley.mean_of(shares)
    years, unit = plan.years, outcome.whole_unit()
    left = sum((Fraction(one[0]) for one in played), Fraction(0)) / plan.draws if game.kind == "causes" else Fraction(0)
    whole = shapley.in_whole_units([part / years for part in (left, *means)])
    rows = []
    for k, cause in enumerate(game.causes):
        by_draw = [float(one.values[k] / years) * unit for one in shares]
        low, high = (float(end) for end in np.quantile(by_draw, (0.05, 0.95)))
        rows.append(
            Share(
                cause, whole[k + 1], float(means[k] / years) * unit, low, high, errors[k] / years * unit, tuple(by_draw)
            )
        )
    sides = [
        sum(int(weights @ totals[Trial(side, draw)]) for draw in range(plan.draws)) / plan.draws / years * unit
        for side in (FIRST, SECOND)
    ]
    if game.is_exact:
        found = {pair: (float(mean), _error(shares, pair)) for pair, mean in pairs.items() if mean}
    else:
        orders = [game.orders(draw) for draw in range(plan.draws)]
        found = interplay.from_orders(played, orders, len(game.causes))
    line = interplay.line(len(found), plan.draws)
    together = [
        Together(game.names[one], game.names[other], mean / years * unit, error / years * unit, line, unit / 2)
        for (one, other), (mean, error) in found.items()
    ]
    lefts = [one[0] if game.kind == "causes" else 0 for one in played]
    totals_by_draw = [one[full] - (0 if game.kind == "causes" else one[0]) for one in played]
    total = round(Fraction(sum(totals_by_draw), plan.draws * years))
    together.sort(key=lambda one: -abs(one.mean))
    ends = [tuple(amount / years * unit for amount in amounts) for amounts in (lefts, totals_by_draw)]
    return Explained(outcome, game, sides[0], sides[1], whole[0], total, tuple(rows), tuple(together), ends[0], ends[1])


def by_account(game: Game, name: str, study: Study, totals: Totals) -> list[tuple[str, str, float]]:
    """The same shares account by account: (cause, account, amount a year); accounts that do not differ are left out."""
    outcome, plan = outcomes()[name], game.plan
    found = []
    for k, account in enumerate(study.accounts):
        sign = outcome.signs().get(account, 0)
        if not sign:
            continue
        weights = np.zeros(len(study.accounts), np.int64)
        weights[k] = sign
        shares = [_shares(game, draw, _played(game, draw, totals, weights)) for draw in range(plan.draws)]
        for cause, mean in zip(game.names, shapley.mean_of(shares)[0], strict=True):
            if mean:
                found.append((cause, account, float(mean / plan.years) * outcome.whole_unit()))
    return found


def _played(game: Game, draw: int, totals: Totals, weights: np.ndarray) -> dict[int, int]:
    """The value of every set that was run in a draw."""
    return {
        chosen: sum(sign * int(weights @ totals[trial]) for trial, sign in game.signed_trials(draw, chosen).items())
        for chosen in game.sets(draw)
    }


def _shares(game: Game, draw: int, played: dict[int, int]) -> shapley.Shares:
    if game.is_exact:
        return shapley.shares_from_all(played, len(game.causes))
    return shapley.shares_from_orders(played, game.orders(draw))


def _error(shares: Sequence[shapley.Shares], pair: shapley.Pair) -> float:
    """The standard error of an interaction over draws; not a number with one draw."""
    values = np.array([float(one.interactions[pair]) for one in shares])
    return float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else float("nan")

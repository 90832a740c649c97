"""What two causes do together where not every set of causes was run, and how large that must be to be named.

The index is that of attribution.together: what both add beyond what each adds, averaged over orders of the others.
It is a weighted sum over all sets. An order drawn at random passes through one set of each size, each with the same
chance, so the weighted sum over the sets of orders has the index as its mean, whatever causes do in twos, threes or
more. What a fit (least squares, two by two) to the *other* draws tells is taken off before and added after: it cancels
most of what chance does and cannot bend the mean, because the orders of a draw played no part in it.

Fumagalli and others 2023 (SHAP-IQ) for the weighted sum.
"""

import math
from collections.abc import Sequence
from itertools import combinations

import numpy as np
from scipy.stats import t as student

from insource.appraise.attribution import Game, Pair, added, sets_of
from insource.appraise.sensitivity import ONE_IN

FEWEST_DRAWS = 4
"""With fewer, nothing is said about what causes do together unless every set was run."""
Orders = Sequence[Sequence[int]]


def from_orders(games: Sequence[Game], orders: Sequence[Orders], causes: int) -> dict[Pair, tuple[float, float]]:
    """Each pair's index and its standard error over draws; `games` and `orders` by draw.

    A cause that changed nothing wherever it was tried does nothing together with another and is left out. Nothing is
    returned with fewer than four draws.
    """
    if len(games) < FEWEST_DRAWS:
        return {}
    at_work = _at_work(games, orders, causes)
    walks = [[_walk(game, order, at_work) for order in chosen] for game, chosen in zip(games, orders, strict=True)]
    pairs = list(combinations(range(len(at_work)), 2))
    if not pairs:
        return {}
    found = _by_draw(walks, len(at_work), pairs)
    means, errors = found.mean(axis=0), found.std(axis=0, ddof=1) / math.sqrt(len(games))
    return {(at_work[one], at_work[other]): (float(means[k]), float(errors[k])) for k, (one, other) in enumerate(pairs)}


def line(pairs: int, draws: int) -> float:
    """Standard errors that the clearest of so many pairs which do nothing together passes one time in twenty.

    Student's t with a degree of freedom less than draws (Bonferroni over pairs); infinite with one draw.
    """
    return float(student.ppf(1.0 - ONE_IN / (2.0 * max(pairs, 1)), draws - 1)) if draws > 1 else math.inf


def _at_work(games: Sequence[Game], orders: Sequence[Orders], causes: int) -> list[int]:
    moved = np.zeros(causes, bool)
    for game, chosen in zip(games, orders, strict=True):
        for order in chosen:
            moved |= np.array(added(game, order)) != 0
    return [int(cause) for cause in np.flatnonzero(moved)]


def _walk(game: Game, order: Sequence[int], at_work: Sequence[int]) -> dict[int, int]:
    """The value of each set of the causes at work that an order passes through, less that of nothing."""
    return {
        sum(1 << k for k, cause in enumerate(at_work) if chosen >> cause & 1): game[chosen] - game[0]
        for chosen in sets_of(order)
    }


def _by_draw(walks: Sequence[Sequence[dict[int, int]]], causes: int, pairs: Sequence[Pair]) -> np.ndarray:
    """Each draw's estimate of each pair, shape (draws, pairs)."""
    weights = _weights(causes)
    sets = [np.array([chosen for walk in own for chosen in walk]) for own in walks]
    values = [np.array([float(value) for walk in own for value in walk.values()]) for own in walks]
    sides = [_columns(own, causes, pairs) for own in sets]
    found = []
    for draw, own in enumerate(walks):
        others = [n for n in range(len(walks)) if n != draw]
        a, b = np.concatenate([sides[n] for n in others]), np.concatenate([values[n] for n in others])
        fit = np.linalg.lstsq(a, b, rcond=None)[0]
        here = sides[draw][:, :causes]
        overlap = np.column_stack([here[:, one] + here[:, other] for one, other in pairs]).astype(int)
        each = weights[here.sum(axis=1).astype(int)[:, None], overlap]
        rest = values[draw] - sides[draw] @ fit
        found.append(fit[causes:] + rest @ each / len(own))
    return np.array(found)


def _weights(causes: int) -> np.ndarray:
    """By size of a set and how many of the pair are in it: what its value counts, times the sets of that size."""
    found = np.zeros((causes + 1, 3))
    for size in range(causes + 1):
        for inside, sign in enumerate((1.0, -1.0, 1.0)):
            if 0 <= size - inside <= causes - 2:
                rest = (causes - 1) * math.comb(causes - 2, size - inside)
                found[size, inside] = sign * math.comb(causes, size) / rest
    return found


def _columns(sets: np.ndarray, causes: int, pairs: Sequence[Pair]) -> np.ndarray:
    here = (sets[:, None] >> np.arange(causes) & 1).astype(float)
    return np.column_stack([here, *(here[:, one] * here[:, other] for one, other in pairs)])

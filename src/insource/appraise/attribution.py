"""What a difference is made of: each cause's fair share of it (Shapley 1953), in whole units of the books.

A *game* says, for every set of causes that are at work, how large the difference is then. A cause's share is what it
adds when causes are put to work one after the other, averaged over every order. Shares add up to the whole difference;
a cause that changes nothing gets nothing; causes that do the same get the same; shares of a sum are sums of shares.
Games here are whole numbers and shares are fractions of whole numbers, so that nothing is lost to rounding.

With few causes every set is run. With many, orders are drawn, each with its reverse (which cancels much of what an
order does by chance), and the error that leaves is stated. Sets are numbers: bit k is set where cause k is at work.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import combinations

from insource.draws import Luck, decision_number, uniform

Game = Mapping[int, int]
Pair = tuple[int, int]


def every_set(causes: int) -> list[int]:
    """All sets of so many causes."""
    return list(range(1 << causes))


def exact(game: Game, causes: int) -> list[Fraction]:
    """Every cause's share, from all sets. Shares add up to game[everything] - game[nothing]."""
    return [
        sum(
            (
                _weight(rest.bit_count(), causes - 1) * (game[rest | 1 << k] - game[rest])
                for rest in _without(k, causes)
            ),
            Fraction(0),
        )
        for k in range(causes)
    ]


def together(game: Game, causes: int) -> dict[Pair, Fraction]:
    """What each two causes do together beyond what they do one by one, averaged over all orders of the others.

    This is the interaction index of Grabisch and Roubens: 0 for two causes whose effects simply add up.
    """
    found = {}
    for one, other in combinations(range(causes), 2):
        both = 1 << one | 1 << other
        total = Fraction(0)
        for rest in (rest for rest in every_set(causes) if not rest & both):
            extra = game[rest | both] - game[rest | 1 << one] - game[rest | 1 << other] + game[rest]
            total += _weight(rest.bit_count(), causes - 2) * extra
        found[one, other] = total
    return found


def orders(names: Sequence[str], pairs: int, chance: Luck) -> list[tuple[int, ...]]:
    """Orders in which causes are put to work, each followed by its reverse; keyed by the causes' own names."""
    found = []
    for pair in range(pairs):
        keys = [float(uniform(chance, decision_number(f"attribution.{name}"), pair, 0)) for name in names]
        order = tuple(sorted(range(len(names)), key=lambda k, keys=keys: keys[k]))  # type: ignore[misc]
        found += [order, order[::-1]]
    return found


def sets_of(order: Sequence[int]) -> list[int]:
    """The sets passed through when causes are put to work in an order: nothing first, everything last."""
    sets = [0]
    for cause in order:
        sets.append(sets[-1] | 1 << cause)
    return sets


def added(game: Game, order: Sequence[int]) -> list[int]:
    """What each cause adds when its turn comes, by cause; the sum is game[everything] - game[nothing]."""
    found = [0] * len(order)
    for cause, before in zip(order, sets_of(order), strict=False):
        found[cause] = game[before | 1 << cause] - game[before]
    return found


@dataclass(frozen=True)
class Shares:
    """Shares of one game; `of_pairs` are those from each order and its reverse (none where every set was run).

    `interactions` are there only where every set was run.
    """

    values: tuple[Fraction, ...]
    interactions: dict[Pair, Fraction]
    of_pairs: tuple[tuple[Fraction, ...], ...] = ()

    @property
    def variances(self) -> tuple[float, ...]:
        """The variance that the choice of orders leaves in each share: none where every set was run."""
        n = len(self.of_pairs)
        if n < 2:
            return (0.0,) * len(self.values)
        found = []
        for k, mean in enumerate(self.values):
            squares = sum(((one[k] - mean) ** 2 for one in self.of_pairs), Fraction(0))
            found.append(float(squares) / (n - 1) / n)
        return tuple(found)


def shares_from_all(game: Game, causes: int) -> Shares:
    """Shares and interactions from every set."""
    return Shares(tuple(exact(game, causes)), together(game, causes))


def shares_from_orders(game: Game, chosen: Sequence[Sequence[int]]) -> Shares:
    """Shares from orders that stand in pairs: an order, then its reverse."""
    steps = [added(game, order) for order in chosen]
    of_pairs = tuple(
        tuple(Fraction(first + second, 2) for first, second in zip(steps[n], steps[n + 1], strict=True))
        for n in range(0, len(steps), 2)
    )
    values = tuple(sum(column, Fraction(0)) / len(of_pairs) for column in zip(*of_pairs, strict=True))
    return Shares(values, {}, of_pairs)


def mean_of(shares: Sequence[Shares]) -> tuple[list[Fraction], dict[Pair, Fraction], list[float]]:
    """Over draws: mean shares, mean interactions, and the standard error that the choice of orders leaves."""
    n = len(shares)
    values = [sum(column, Fraction(0)) / n for column in zip(*(one.values for one in shares), strict=True)]
    pairs = {pair: sum((one.interactions[pair] for one in shares), Fraction(0)) / n for pair in shares[0].interactions}
    errors = [math.sqrt(sum(column)) / n for column in zip(*(one.variances for one in shares), strict=True)]
    return values, pairs, errors


def in_whole_units(parts: Sequence[Fraction]) -> list[int]:
    """The parts as whole numbers that add up to their rounded sum: each is rounded down or up, largest rests first."""
    low = [math.floor(part) for part in parts]
    missing = round(sum(parts, Fraction(0))) - sum(low)
    by_rest = sorted(range(len(parts)), key=lambda k: (low[k] - parts[k], k))
    for k in by_rest[:missing]:
        low[k] += 1
    return low


@cache
def _weight(before: int, others: int) -> Fraction:
    """The share of orders in which exactly a given set of so many of the others comes before."""
    return Fraction(math.factorial(before) * math.factorial(others - before), math.factorial(others + 1))


def _without(cause: int, causes: int) -> list[int]:
    return [rest for rest in every_set(causes) if not rest >> cause & 1]

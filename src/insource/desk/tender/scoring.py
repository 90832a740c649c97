"""Who wins, by how much, and what decides it: one lot's bids under every formula and every weight of price.

Everything here is worked out from prices and marks by the rules of `rules/award.py`; the workbook and the page show it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from insource.rules import award
from insource.terms import CHOICES, TERMS
from insource.units import FULL_MARKS

FORMULAS: dict[str, int] = {name: int(getattr(CHOICES.award_formula, name)) for name in TERMS["award_formula"].choices}
FORMULA_WORDS = {
    "against_lowest": "price against the lowest price",
    "within_range": "price within the range of prices",
    "against_mean": "price against the mean price",
    "price_a_point": "price for each mark",
    "priced_quality": "price less what the marks are worth",
}
WEIGHTED = ("against_lowest", "within_range", "against_mean")
"""Formulas in which price has a weight; the other two have none."""
WEIGHTS = np.linspace(0.0, 1.0, FULL_MARKS + 1)
SAME = 1e-9
"""Scores closer than this are equal, and the tender does not say who wins."""
HALVINGS = 60
MOST_TIMES_DEARER = 10.0


@dataclass(frozen=True)
class Rule:
    """How bids are scored: a formula by name, the weight of price, the worth of a mark in pounds an hour."""

    formula: str
    price_weight: float
    point_pounds: float

    def of(self, formula: str = "", price_weight: float | None = None) -> "Rule":
        """The same rule with another formula or weight."""
        weight = self.price_weight if price_weight is None else price_weight
        return Rule(formula or self.formula, weight, self.point_pounds)

    def words(self) -> str:
        """The rule as it is said."""
        words = FORMULA_WORDS[self.formula]
        if self.formula in WEIGHTED:
            return f"{words}, price {self.price_weight:.0%}"
        return f"{words}, £{self.point_pounds:.2f} a mark" if self.formula == "priced_quality" else words


@dataclass(frozen=True)
class Bids:
    """The scored bids of one lot, in the order of the file."""

    names: tuple[str, ...]
    prices: np.ndarray
    marks: np.ndarray

    def __len__(self) -> int:
        return len(self.names)

    def without(self, place: int) -> "Bids":
        """The same bids had this one not been made."""
        keep = np.arange(len(self)) != place
        names = tuple(name for number, name in enumerate(self.names) if number != place)
        return Bids(names, self.prices[keep], self.marks[keep])


@dataclass(frozen=True)
class Outcome:
    """Who wins and what the winner has over the second. `margin` is in the unit of the score; tied: it is nothing."""

    winner: int
    second: int | None
    margin: float
    is_tied: bool


def scores(bids: Bids, rule: Rule) -> np.ndarray:
    """The score of each bid; the highest wins under every formula."""
    everybody = np.ones(len(bids), np.int8)
    number = FORMULAS[rule.formula]
    return award.bid_scores(bids.prices, bids.marks, everybody, number, rule.price_weight, rule.point_pounds)


def outcome(bids: Bids, rule: Rule) -> Outcome:
    """The winner (the first of those that score alike) and its margin over the second."""
    scored = scores(bids, rule)
    order = np.argsort(-scored, kind="stable")
    winner = int(order[0])
    if len(bids) == 1:
        return Outcome(winner, None, 0.0, False)
    margin = float(scored[winner] - scored[order[1]])
    margin = 0.0 if np.isnan(margin) else margin
    return Outcome(winner, int(order[1]), margin, margin <= SAME * max(abs(float(scored[winner])), 1.0))


def outcomes_by_weight(bids: Bids, rule: Rule, formula: str) -> list[Outcome]:
    """The outcome at each of WEIGHTS under a formula that has a weight."""
    return [outcome(bids, rule.of(formula, float(weight))) for weight in WEIGHTS]


def ranges(winners: Sequence[str]) -> str:
    """ "A 0 to 40%, B 41 to 100%": who wins at which of WEIGHTS, in words."""
    parts, start = [], 0
    for place in range(1, len(winners) + 1):
        if place == len(winners) or winners[place] != winners[start]:
            last = place - 1
            span = f"at {start}%" if last == start else f"{start} to {last}%"
            parts.append(f"{winners[start]} {span}")
            start = place
    return ", ".join(parts)


def deciders(bids: Bids, rule: Rule) -> dict[int, int]:
    """Losing bids that decide: place of the loser -> place of who would have won without it."""
    if len(bids) <= 2:  # without one of two bids the other wins whatever the formula
        return {}
    number = FORMULAS[rule.formula]
    decides = award.deciding_losers(bids.prices, bids.marks, number, rule.price_weight, rule.point_pounds)
    found: dict[int, int] = {}
    for place in np.flatnonzero(decides):
        other = outcome(bids.without(int(place)), rule).winner
        found[int(place)] = other + int(other >= place)
    return found


def deciding_weights(bids: Bids, rule: Rule, formula: str) -> np.ndarray:
    """For each of WEIGHTS whether some losing bid decides who wins."""
    return np.array([bool(deciders(bids, rule.of(formula, float(weight)))) for weight in WEIGHTS])


def turning_point(bids: Bids, rule: Rule, one: int, other: int) -> float | None:
    """The lowest, highest or mean price of all bids at which two bids score alike, if there is one above nothing.

    Which of them depends on the formula: against the lowest, the lowest price; within the range, the highest (with the
    lowest as it is); against the mean, the mean. None for formulas that look at one bid at a time.
    """
    weight, p, q = rule.price_weight, bids.prices, bids.marks
    if not 0.0 < weight < 1.0 or p[one] == p[other] or q[one] == q[other]:
        return None
    if rule.formula == "against_lowest":
        found = award.flip_lowest(p[one], q[one], p[other], q[other], weight)
    elif rule.formula == "against_mean":
        found = award.flip_mean(p[one], q[one], p[other], q[other], weight)
    elif rule.formula == "within_range":
        worth = (1.0 - weight) * (q[other] - q[one])
        found = p.min() + FULL_MARKS * weight * (p[other] - p[one]) / worth
    else:
        return None
    return float(found) if found > 0.0 else None


def could_have_asked(bids: Bids, rule: Rule, place: int) -> float | None:
    """The highest price at which the winner would still have won, others as they are; None where no price loses."""
    if len(bids) < 2:
        return None

    def wins(price: float) -> bool:
        prices = bids.prices.copy()
        prices[place] = price
        return outcome(Bids(bids.names, prices, bids.marks), rule).winner == place

    low, high = float(bids.prices[place]), float(bids.prices.max()) * MOST_TIMES_DEARER
    if wins(high):
        return None
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        low, high = (middle, high) if wins(middle) else (low, middle)
    return low


def price_of_a_mark(bids: Bids, rule: Rule) -> np.ndarray:
    """What the formula pays for one more mark of quality at each bid, in pounds an hour."""
    p = bids.prices
    rest = (rule.price_weight, float(p.min()), float(p.max()), float(p.mean()), rule.point_pounds)
    pairs = zip(p, bids.marks, strict=True)
    number = FORMULAS[rule.formula]
    worth = [float(award.implied_point_value(number, float(a), float(b), *rest)) for a, b in pairs]
    return np.array([one if np.isfinite(one) else np.nan for one in worth])


def effective_weight(bids: Bids, rule: Rule) -> float | None:
    """The share of price in the spread of scores; None where neither price nor quality tells bids apart.

    Under price for each mark, which multiplies, it is the share in the spread of logarithms.
    """
    if len(bids) < 2 or (rule.formula == "price_a_point" and bids.marks.min() <= 0.0):
        return None
    if rule.formula == "against_lowest":
        price_spread = np.std(FULL_MARKS * rule.price_weight * bids.prices.min() / bids.prices)
        if price_spread + np.std((1.0 - rule.price_weight) * bids.marks) <= 0.0:
            return None
        return float(award.effective_price_weight(bids.prices, bids.marks, rule.price_weight))
    if rule.formula == "price_a_point":
        price_spread, quality_spread = np.std(np.log(bids.prices)), np.std(np.log(bids.marks))
    elif rule.formula == "priced_quality":
        price_spread, quality_spread = np.std(bids.prices), np.std(rule.point_pounds * bids.marks)
    else:
        price_part = scores(Bids(bids.names, bids.prices, np.zeros(len(bids))), rule)
        price_spread, quality_spread = np.std(price_part), np.std((1.0 - rule.price_weight) * bids.marks)
    whole = price_spread + quality_spread
    return float(price_spread / whole) if whole > 0.0 else None

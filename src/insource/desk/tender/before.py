"""Test an evaluation model before it is published: what it would do to plausible tenders.

Honest prices are normal about what honest bids are expected to be, marks are normal about a usual bid's, and the two do
not go together: dear is not good and cheap is not bad unless somebody shows it. Then the same tenders again with one
low bid among them: how often does it win?
"""

from dataclasses import dataclass, replace

import numpy as np

from insource.desk.tender import scoring
from insource.desk.tender.even import even_normals
from insource.desk.tender.scoring import FORMULAS, WEIGHTED, Bids, Rule
from insource.units import FULL_MARKS

LOWEST_PRICE_SHARE = 0.1
"""No price is taken to lie below a tenth of the mean."""
WEIGHTS_TRIED = np.linspace(0.0, 1.0, 21)
FEWER_TENDERS = 200
"""Of these the chart over every weight is drawn."""


@dataclass(frozen=True)
class Expected:
    """What is expected of honest bids, and the low bid that is put among them."""

    bidders: int
    mean: float
    spread: float
    marks_mean: float
    marks_spread: float
    low_bid: float
    tenders: int
    quality_floor: float = 0.0


@dataclass(frozen=True)
class Tried:
    """What a rule did: shares of tenders, the mean effective weight of price, the middle price of a mark in pounds."""

    rule: Rule
    cheapest_wins: float
    best_wins: float
    loser_decides: float
    effective_weight: float | None
    price_of_a_mark: float
    low_bid_wins: float


def tenders(expected: Expected) -> list[Bids]:
    """Plausible tenders; every bid reaches the quality floor (others would not be scored)."""
    drawn = even_normals(expected.tenders, 2 * expected.bidders)
    prices = expected.mean + expected.spread * drawn[:, 0::2]
    prices = np.maximum(prices, LOWEST_PRICE_SHARE * expected.mean)
    marks = expected.marks_mean + expected.marks_spread * drawn[:, 1::2]
    marks = np.clip(marks, max(expected.quality_floor, 1.0), FULL_MARKS)
    names = tuple(str(number) for number in range(1, expected.bidders + 1))
    return [Bids(names, row, mark) for row, mark in zip(prices, marks, strict=True)]


def with_low_bid(made: list[Bids], expected: Expected) -> list[Bids]:
    """The same tenders with the first bid's price cut to the low one; its marks stay, since writing costs little."""
    changed = []
    for bids in made:
        prices = bids.prices.copy()
        prices[0] = min(expected.low_bid, prices[0])
        changed.append(Bids(bids.names, prices, bids.marks))
    return changed


def try_rule(made: list[Bids], low: list[Bids], rule: Rule) -> Tried:
    """Run one rule over the tenders."""
    winners = [scoring.outcome(bids, rule).winner for bids in made]
    weights = [weight for bids in made if (weight := scoring.effective_weight(bids, rule)) is not None]
    marks = [float(np.nanmean(scoring.price_of_a_mark(bids, rule))) for bids in made]
    pairs = list(zip(made, winners, strict=True))
    return Tried(
        rule,
        cheapest_wins=_share([winner == int(bids.prices.argmin()) for bids, winner in pairs]),
        best_wins=_share([winner == int(bids.marks.argmax()) for bids, winner in pairs]),
        loser_decides=_share([bool(scoring.deciders(bids, rule)) for bids in made]),
        effective_weight=float(np.mean(weights)) if weights else None,
        price_of_a_mark=float(np.median(marks)),
        low_bid_wins=_share([scoring.outcome(bids, rule).winner == 0 for bids in low]),
    )


def with_spread(expected: Expected, rule: Rule, times: float) -> Tried:
    """What the rule does where honest prices are spread so many times as much."""
    other = replace(expected, spread=times * expected.spread)
    made = tenders(other)
    return try_rule(made, with_low_bid(made, other), rule)


def try_all(made: list[Bids], low: list[Bids], rule: Rule) -> list[Tried]:
    """Every formula at the stated weight and worth of a mark."""
    return [try_rule(made, low, rule.of(formula)) for formula in FORMULAS]


def low_bid_by_weight(low: list[Bids], rule: Rule) -> dict[str, list[float]]:
    """For each formula that has a weight: how often the low bid wins at each of WEIGHTS_TRIED."""
    return {
        formula: [
            _share([scoring.outcome(bids, rule.of(formula, float(weight))).winner == 0 for bids in low])
            for weight in WEIGHTS_TRIED
        ]
        for formula in WEIGHTED
    }


def _share(said: list[bool]) -> float:
    return sum(said) / len(said)

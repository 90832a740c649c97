"""What one lot's bids and its rule come to: everything that is said of a tender after bids are in."""

from dataclasses import dataclass

import numpy as np

from insource.desk.tender import low_bids, scoring
from insource.desk.tender.choices import Chosen
from insource.desk.tender.lots import Lot
from insource.desk.tender.low_bids import ErrorRates, Gap, Threshold
from insource.desk.tender.questions import Question, draft
from insource.desk.tender.scoring import FORMULAS, WEIGHTED, Outcome, Rule


@dataclass(frozen=True)
class UnderFormula:
    """One formula at the stated weight: who wins, losing bids that decide, and the same at every weight."""

    outcome: Outcome
    deciders: dict[int, int]
    by_weight: list[Outcome]
    deciding_weights: np.ndarray
    turning_point: float | None
    """The lowest, highest or mean price of all bids at which winner and second score alike, by the formula."""


@dataclass(frozen=True)
class LowBid:
    """One bid's price against costs and tests."""

    bidder: str
    row: str
    price: float
    gap: Gap | None
    asked_by: tuple[str, ...]
    declared: dict[str, float]
    questions: list[Question]


@dataclass(frozen=True)
class LotResult:
    """Everything about one lot. Places are those of `lot.bids`."""

    lot: Lot
    rule: Rule
    scores: np.ndarray
    formulas: dict[str, UnderFormula]
    marks_pounds: np.ndarray
    effective_weight: float | None
    could_have_asked: float | None
    thresholds: list[Threshold]
    rates: list[ErrorRates]
    low_bids: list[LowBid]

    @property
    def main(self) -> UnderFormula:
        """What the rule of the tender comes to."""
        return self.formulas[self.rule.formula]

    def name(self, place: int | None) -> str:
        """The bidder at a place."""
        return "" if place is None else self.lot.bids.names[place]


def analyse(lot: Lot, chosen: Chosen) -> LotResult:
    """Work out one lot."""
    rule = chosen.rule
    if lot.price_weight is not None and not chosen.is_weight_given:
        rule = rule.of(price_weight=lot.price_weight)
    bids = lot.bids
    has_bids = len(bids) > 0
    formulas = {formula: _under(lot, rule, formula) for formula in FORMULAS} if has_bids else {}
    main = formulas[rule.formula].outcome if has_bids else None
    prices = lot.all_prices()
    reference = chosen.built.price() if lot.is_hourly else float("nan")
    margin = chosen.number("abnormal_margin_share")
    thresholds = low_bids.thresholds(prices, reference, margin) if len(prices) else []
    thresholds = [one for one in thresholds if np.isfinite(one.reference)]
    return LotResult(
        lot,
        rule,
        scoring.scores(bids, rule) if has_bids else np.array([]),
        formulas,
        scoring.price_of_a_mark(bids, rule) if has_bids else np.array([]),
        scoring.effective_weight(bids, rule) if has_bids else None,
        scoring.could_have_asked(bids, rule, main.winner) if main else None,
        thresholds,
        _rates(prices, chosen, lot) if len(prices) else [],
        [_low_bid(line, lot, chosen, thresholds) for line in lot.priced().iter_rows(named=True)],
    )


def _under(lot: Lot, rule: Rule, formula: str) -> UnderFormula:
    own = rule.of(formula)
    has_weight = formula in WEIGHTED
    won = scoring.outcome(lot.bids, own)
    return UnderFormula(
        won,
        scoring.deciders(lot.bids, own),
        scoring.outcomes_by_weight(lot.bids, own, formula) if has_weight else [],
        scoring.deciding_weights(lot.bids, own, formula) if has_weight else np.array([], bool),
        None if won.second is None else scoring.turning_point(lot.bids, own, won.winner, won.second),
    )


def _rates(prices: np.ndarray, chosen: Chosen, lot: Lot) -> list[ErrorRates]:
    """Error rates for as many bids as there are, honest prices being about the should-cost, and the lowest price here.

    Where prices are not of an hour there is no should-cost: the mean of the bids stands in its place.
    """
    mean = chosen.mean_price if lot.is_hourly else float(prices.mean())
    cost = chosen.built.price() if lot.is_hourly else mean
    spread, margin = chosen.number("price_spread_share") * mean, chosen.number("abnormal_margin_share")
    error = chosen.number("should_cost_error_share")
    bidders = min(max(len(prices), 2), low_bids.MOST_BIDDERS)
    return low_bids.error_rates(mean, spread, margin, bidders, float(prices.min()), cost, error)


def _low_bid(line: dict[str, object], lot: Lot, chosen: Chosen, thresholds: list[Threshold]) -> LowBid:
    price = float(line["price"])  # type: ignore[arg-type]
    asked_by = tuple(one.test for one in thresholds if one.is_usable and price < one.threshold)
    said = {name: float(line[name]) for name in ("pay", "travel", "running", "surplus") if line[name] is not None}  # type: ignore[arg-type]
    bidder, row = str(line["bidder"]), f"{line['file']}:{line['row']}"
    if not lot.is_hourly:
        return LowBid(bidder, row, price, None, asked_by, said, [])
    declared = {key: said[name] for name, key in (("pay", "pay_pounds"), ("travel", "travel_minutes")) if name in said}
    gap = low_bids.gap(price, chosen.built, declared, said.get("running"), said.get("surplus"))
    is_asked = bool(asked_by) or gap.floor_short < 0.0 or _is_pay_too_low(said, chosen)
    questions = draft(lot.name, bidder, price, gap, lot.hours, frozenset(said)) if is_asked else []
    return LowBid(bidder, row, price, gap, asked_by, said, questions)


def _is_pay_too_low(said: dict[str, float], chosen: Chosen) -> bool:
    return "pay" in said and said["pay"] < chosen.built.legal_pay

"""Is a price abnormally low, how often does each test err, and what would have to give for the price to hold?

Three tests: against a should-cost made beforehand, the mean of the bids, and their mean without both ends. A test can
only start a question: the Procurement Act 2023, section 19, lets a council disregard an abnormally low tender after the
supplier has been told and has had a reasonable chance to show that it can do the work at that price; if it shows that,
the tender stays in.
"""

from dataclasses import dataclass

import numpy as np

from insource.desk.tender.even import even_normals
from insource.desk.tender.should_cost import LEGAL_MINIMUM, Inputs, ShouldCost, build
from insource.numeric import normal_below
from insource.rules import abnormal
from insource.terms import CHOICES
from insource.units import MINUTES_AN_HOUR

TESTS = {
    "should_cost": int(CHOICES.abnormal_test.should_cost),
    "mean": int(CHOICES.abnormal_test.mean),
    "trimmed_mean": int(CHOICES.abnormal_test.trimmed_mean),
}
TEST_WORDS = {
    "should_cost": "the should-cost",
    "mean": "the mean of the bids",
    "trimmed_mean": "the mean without lowest and highest",
}
FEWEST = {"should_cost": 1, "mean": 3, "trimmed_mean": 4}
"""Bids without which a test says nothing: a judgement."""
TRIED = 4096
MOST_BIDDERS = 30
"""Error rates for more bidders are taken to be those of so many."""


@dataclass(frozen=True)
class Threshold:
    """What a test compares with, the price below which it asks, and whether there are enough bids for it."""

    test: str
    reference: float
    threshold: float
    is_usable: bool


@dataclass(frozen=True)
class ErrorRates:
    """How often a test errs: it questions an honest bidder; it finds one low bid, or each of two or three alike."""

    test: str
    false_alarm: float
    found: tuple[float, float, float]


@dataclass(frozen=True)
class Gap:
    """One bid against what the work costs at the legal minimum, with what the bidder declared in its place.

    Pounds for an hour of care. `short` is price less cost: below nothing, money is missing. `lean_cost`: the same with
    no surplus and running costs at the low end. `floor`: care workers at the legal minimum with this bidder's travel.
    Each `*_alone` is what would have to give if nothing else did: pay an hour, minutes of care of each hour paid for,
    minutes of travel not paid (more than there are: travel cannot do it).
    """

    cost: float
    floor: float
    floor_without_travel: float
    lean_cost: float
    short: float
    lean_short: float
    floor_short: float
    pay_alone: float | None
    minutes_alone: float | None
    travel_alone: float | None
    travel_minutes: float
    pay: float
    legal_pay: float


def thresholds(prices: np.ndarray, should_cost: float, margin: float) -> list[Threshold]:
    """Each test's reference and threshold for these prices."""
    everybody = np.ones(len(prices), np.int8)
    found = []
    for test, number in TESTS.items():
        reference = float(abnormal.reference_price(prices, everybody, number, should_cost))
        is_usable = len(prices) >= FEWEST[test]
        found.append(Threshold(test, reference, float(abnormal.low_bid_threshold(reference, margin)), is_usable))
    return found


def error_rates(
    mean: float,
    spread: float,
    margin: float,
    bidders: int,
    low_bid: float,
    should_cost: float,
    should_cost_error: float,
) -> list[ErrorRates]:
    """How often each test errs where honest prices are normal with this mean and standard deviation.

    Closed forms for the mean and the should-cost (whose own error is normal); the mean without both ends has none and
    is counted over an even spread of 4,096 tenders, which is right to about one in a hundred.
    """
    rates = []
    for test in TESTS:
        if test == "should_cost":
            error = should_cost * should_cost_error * (1.0 - margin)
            threshold = should_cost * (1.0 - margin)
            alarm = _below(threshold - mean, (spread**2 + error**2) ** 0.5)
            found = (_below(threshold - low_bid, error),) * 3
        elif test == "mean":
            alarm = float(abnormal.false_alarm_chance(mean, spread, margin, bidders - 1))
            found = tuple(_found_by_mean(mean, spread, margin, bidders, low, low_bid) for low in (1, 2, 3))  # type: ignore[assignment]
        else:
            alarm = _trimmed(mean, spread, margin, bidders, 0, low_bid)
            found = tuple(_trimmed(mean, spread, margin, bidders, low, low_bid) for low in (1, 2, 3))  # type: ignore[assignment]
        rates.append(ErrorRates(test, alarm, found))
    return rates


def _below(distance: float, spread: float) -> float:
    if spread <= 0.0:
        return 1.0 if distance > 0.0 else 0.0
    return float(normal_below(distance / spread))


def _found_by_mean(mean: float, spread: float, margin: float, bidders: int, low: int, low_bid: float) -> float:
    honest = bidders - low
    return float(abnormal.detection_chance(mean, spread, margin, honest, low, low_bid)) if honest > 0 else np.nan


def _trimmed(mean: float, spread: float, margin: float, bidders: int, low: int, low_bid: float) -> float:
    """Share of tenders in which the first bid (a low one where `low` > 0, else an honest one) is questioned."""
    if bidders < FEWEST["trimmed_mean"] or low >= bidders:
        return float("nan")
    prices = mean + spread * even_normals(TRIED, bidders)
    prices[:, :low] = low_bid
    ordered = np.sort(prices, axis=1)
    return float((prices[:, 0] < ordered[:, 1:-1].mean(axis=1) * (1.0 - margin)).mean())


def gap(price: float, built: ShouldCost, declared: Inputs, running: float | None, surplus: float | None) -> Gap:
    """What one bid is short of, and what would have to give. `declared` replaces pay and travel where it says so.

    Running costs and surplus that the bidder declared stand in pounds; others are shares of the should-cost price.
    """
    inputs = built.inputs[LEGAL_MINIMUM] | declared
    lines = build(inputs)
    care = lines["care_worker_costs"]
    cost = care + _declared(running, lines["running_costs"]) + _declared(surplus, lines["surplus"])
    lean = care + _declared(running, care / (1.0 - built.lean_share) * built.lean_share)
    at_legal_pay = inputs | {"pay_pounds": built.inputs[LEGAL_MINIMUM]["pay_pounds"]}
    floor = build(at_legal_pay)["care_worker_costs"]
    contact = (care - lines["mileage"] - lines["ppe"]) * lines["direct_care"] / _worked(lines)
    short = price - cost
    missing = max(-short, 0.0)
    return Gap(
        cost=cost,
        floor=floor,
        floor_without_travel=build(at_legal_pay | {"travel_minutes": 0.0})["care_worker_costs"],
        lean_cost=lean,
        short=short,
        lean_short=price - lean,
        floor_short=price - floor,
        pay_alone=_pay_alone(inputs, care, missing) if missing else None,
        minutes_alone=MINUTES_AN_HOUR * missing / contact if missing else None,
        travel_alone=_travel_alone(inputs, care, missing) if missing else None,
        travel_minutes=inputs["travel_minutes"],
        pay=inputs["pay_pounds"],
        legal_pay=built.legal_pay,
    )


def _worked(lines: dict[str, float]) -> float:
    return lines["direct_care"] + lines["travel_time"] + lines["paid_gaps"]


def _declared(pounds: float | None, otherwise: float) -> float:
    return otherwise if pounds is None else pounds


def _pay_alone(inputs: Inputs, care: float, missing: float) -> float:
    """The pay an hour at which care workers would cost so much less, by halving; nothing if no pay is low enough."""
    low, high = 0.01, inputs["pay_pounds"]
    if build(inputs | {"pay_pounds": low})["care_worker_costs"] > care - missing:
        return 0.0
    for _ in range(60):
        middle = (low + high) / 2.0
        if build(inputs | {"pay_pounds": middle})["care_worker_costs"] > care - missing:
            high = middle
        else:
            low = middle
    return low


def _travel_alone(inputs: Inputs, care: float, missing: float) -> float:
    """Minutes of travel an hour of care that would have to go unpaid (more than there are: travel cannot do it)."""
    a_minute = (care - build(inputs | {"travel_minutes": 0.0})["care_worker_costs"]) / max(
        inputs["travel_minutes"], 1e-9
    )
    return missing / a_minute if a_minute > 0.0 else float("inf")

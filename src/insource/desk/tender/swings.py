"""How far the should-cost moves as one number at a time moves over what it may be: how sure floor and price are.

Only numbers with a range of their own in the evidence are moved; the law's are exact.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from insource.desk.result import Setting
from insource.desk.tender.should_cost import INPUTS, LEGAL_MINIMUM, ShouldCost, build
from insource.parameters import parameters

OF_PARAMETER = {
    "contract_hours": "contract_hours",
    "sickness_days": "statutory_sickness_days",
    "mileage_pounds": "mileage_pounds",
    "surplus_share": "negotiated_margin_share",
}
"""Inputs whose range is that of a parameter of the simulation."""


@dataclass(frozen=True)
class Swing:
    """One input at both ends of its range, and the floor and the price that follow."""

    name: str
    title: str
    unit: str
    low: float
    high: float
    floor_low: float
    floor_high: float
    price_low: float
    price_high: float


def swings(built: ShouldCost, chosen: Mapping[str, Setting], day: str) -> list[Swing]:
    """Every input that has a range, the one that moves the price most first."""
    ends = {name: parameters()[parameter].ends(day) for name, parameter in OF_PARAMETER.items()}
    ends["travel_minutes"] = (float(chosen["travel_low_minutes"].value), float(chosen["travel_high_minutes"].value))
    most = parameters()["full_overhead_share"].ends(day)[1]
    ends["running_share"] = (built.lean_share, most - built.inputs[LEGAL_MINIMUM]["surplus_share"])
    found = [_swing(built, name, low, high) for name, (low, high) in ends.items()]
    return sorted(found, key=lambda one: -abs(one.price_high - one.price_low))


def _swing(built: ShouldCost, name: str, low: float, high: float) -> Swing:
    at = [build(built.inputs[LEGAL_MINIMUM] | {name: value}) for value in (low, high)]
    floors = [lines["care_worker_costs"] for lines in at]
    prices = [lines["price"] for lines in at]
    return Swing(name, *INPUTS[name], low, high, floors[0], floors[1], prices[0], prices[1])

"""How a tender will be, or was, evaluated: a short YAML file (`evaluation.yaml`). Unknown keys are errors."""

import datetime
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from insource import strict_yaml
from insource.errors import InputError, Problem, unknown
from insource.terms import TERMS

FORMULA = "formula"
DATE = "prices_from"
SHOULD_COST = "should_cost"
NUMBERS = {
    "price_weight": (0.0, 1.0, "share of the marks that are for price"),
    "point_pounds": (0.0, 5.0, "what one mark of quality is worth in the price of an hour"),
    "quality_floor": (0.0, 100.0, "marks below which a bid is refused"),
    "hours_a_year": (1.0, 1e9, "hours of care bought in a year"),
    "abnormal_margin_share": (0.0, 0.9, "how far below its reference a price is questioned"),
    "bidders": (2.0, 30.0, "how many bids are expected"),
    "marks_mean": (0.0, 100.0, "marks that a usual bid gets"),
    "marks_spread": (0.0, 40.0, "standard deviation of marks"),
    "price_spread_share": (0.001, 0.5, "standard deviation of honest prices as a share of their mean"),
    "mean_price_pounds": (1.0, 200.0, "what honest bids are expected to be on average"),
}
KEYS = (FORMULA, DATE, SHOULD_COST, *NUMBERS)
FIRST_DATE = "2024-04-01"


@dataclass(frozen=True)
class Evaluation:
    """What the file says; a key it does not have is not in `numbers`. `should_cost`: line -> (value, reason)."""

    file: str = ""
    formula: str = ""
    prices_from: str = ""
    numbers: dict[str, float] = field(default_factory=dict)
    should_cost: dict[str, tuple[float, str]] = field(default_factory=dict)


def read(path: Path, name: str = "") -> Evaluation:
    """Read the file; raises InputError with every problem in it."""
    name = name or path.name
    content = strict_yaml.read_file(path)
    problems = [unknown("key", str(key), KEYS, file=name) for key in content if key not in KEYS]
    formula = content.get(FORMULA, "")
    formulas = TERMS["award_formula"].choices
    if formula and formula not in formulas:
        problems.append(unknown("scoring formula", str(formula), formulas, file=name, where=FORMULA))
    prices_from = str(content.get(DATE, ""))
    problems += _date_problem(prices_from, name)
    numbers = {}
    for key, (low, high, what) in NUMBERS.items():
        if key in content:
            value = _number(content[key])
            if value is None or not low <= value <= high:
                problems.append(_refused(key, content[key], f"{low:g} to {high:g} ({what})", name))
            else:
                numbers[key] = value
    should_cost, more = _should_cost(content.get(SHOULD_COST, {}), name)
    problems += more
    if problems:
        raise InputError(problems)
    return Evaluation(name, str(formula), prices_from, numbers, should_cost)


def _should_cost(content: Any, name: str) -> tuple[dict[str, tuple[float, str]], list[Problem]]:
    """Lines of the should-cost that the council knows better: a value and the reason for each."""
    if not isinstance(content, dict):
        return {}, [_refused(SHOULD_COST, content, "lines such as 'travel_minutes: {value: 9, reason: ...}'", name)]
    found, problems = {}, []
    for key, entry in content.items():
        value = _number(entry.get("value")) if isinstance(entry, dict) else None
        reason = str(entry.get("reason", "")).strip() if isinstance(entry, dict) else ""
        extra = set(entry) - {"value", "reason"} if isinstance(entry, dict) else set()
        if value is None or value < 0.0 or len(reason) < SHORTEST_REASON or extra:
            allowed = "{value: a number, reason: where it comes from}"
            problems.append(_refused(f"{SHOULD_COST}.{key}", entry, allowed, name))
        else:
            found[str(key)] = (value, reason)
    return found, problems


SHORTEST_REASON = 5


def _number(value: Any) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    try:
        return float(value) if is_number and math.isfinite(float(value)) else None
    except OverflowError:
        return None


def _date_problem(text: str, name: str) -> list[Problem]:
    if not text:
        return []
    try:
        if datetime.date.fromisoformat(text).isoformat() == text and text >= FIRST_DATE:
            return []
    except ValueError:
        pass
    return [_refused(DATE, text, f"a date such as 2025-04-01, not before {FIRST_DATE}", name)]


def _refused(key: str, value: object, allowed: str, name: str) -> Problem:
    found = str(value)[:40]
    return Problem(
        "evaluation", f"'{key}' cannot be this", "correct it", file=name, column=key, found=found, allowed=allowed
    )

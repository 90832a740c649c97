"""What was chosen for an evaluation: the scoring rule and the numbers, from the file, the command line and defaults."""

from collections.abc import Mapping
from dataclasses import dataclass

from insource.defaults import YOURS
from insource.desk.result import Setting
from insource.desk.settings import of_parameter, settings
from insource.desk.tender.scoring import FORMULAS, Rule
from insource.desk.tender.should_cost import ShouldCost, should_cost
from insource.desk.tender.swings import Swing, swings
from insource.errors import InputError, Problem, unknown
from insource.parameters import BASE_DATE, dates_covered
from insource.records.evaluation_file import Evaluation
from insource.terms import TERMS

TOOL = "tender"
IN_SETTINGS = ("abnormal_margin_share", "bidders", "price_spread_share")
"""Keys of an evaluation file that are settings of the tool."""


@dataclass(frozen=True)
class Chosen:
    """The rule, whether its weight (or any of it) was chosen, the numbers by name, and the should-cost."""

    rule: Rule
    is_weight_given: bool
    is_rule_given: bool
    numbers: Mapping[str, Setting]
    quality_floor: float
    hours: float | None
    mean_price: float
    marks_mean: float
    marks_spread: float
    built: ShouldCost
    swings: tuple[Swing, ...]
    settings: tuple[Setting, ...]

    def number(self, name: str) -> float:
        """A setting of the tool."""
        return float(self.numbers[name].value)


def choose(
    evaluation: Evaluation,
    formula: str = "",
    price_weight: float | None = None,
    point_pounds: float | None = None,
    hours: float | None = None,
    day: str = "",
    given: Mapping[str, float] | None = None,
) -> Chosen:
    """Put together what was chosen: the command line before the file before the defaults.

    Raises InputError with every choice that cannot be.
    """
    said = evaluation.numbers
    problems = []
    said_formula = formula
    formula = formula or evaluation.formula or TERMS["award_formula"].base
    if formula not in FORMULAS:
        problems.append(unknown("scoring formula", formula, FORMULAS, where="--formula"))
    numbers = {
        "price_weight": _first(price_weight, said.get("price_weight"), TERMS["price_weight"].base),
        "point_pounds": _first(point_pounds, said.get("point_pounds"), TERMS["point_pounds"].base),
    }
    for name, value in numbers.items():
        low, high = (float(end) for end in TERMS[name].allowed.split(" to "))
        if not low <= value <= high:
            problems.append(_out_of_range(f"--{name.split('_')[1 if name == 'price_weight' else 0]}", value, low, high))
    hours = hours if hours is not None else said.get("hours_a_year")
    if hours is not None and not 1.0 <= hours <= 1e9:
        problems.append(_out_of_range("--hours", hours, 1, 1e9))
    day = day or evaluation.prices_from or BASE_DATE
    first, last = dates_covered()
    if not first <= day <= last:
        what = "prices, wages and rates of this day are not known"
        problems.append(
            Problem("date", what, "give another day", column="--date", found=day, allowed=f"{first} to {last}")
        )
    if problems:
        raise InputError(problems)
    chosen = settings(TOOL, {name: said[name] for name in IN_SETTINGS if name in said} | dict(given or {}))
    built = should_cost(chosen, day, evaluation.should_cost)
    marks_mean = of_parameter("usual_marks", said.get("marks_mean"))
    marks_spread = of_parameter("marks_spread", said.get("marks_spread"))
    rule = Rule(formula, numbers["price_weight"], numbers["point_pounds"])
    is_weight_given = price_weight is not None or "price_weight" in said
    mean_price = said.get("mean_price_pounds")
    floor = said.get("quality_floor", float(TERMS["quality_floor"].base))
    basis = f"Given by the user ({evaluation.file or 'command line'}), or the usual value of the term of that name."
    listed = (
        Setting("formula", formula, "", basis),
        Setting("price_weight", rule.price_weight, "share", basis if is_weight_given else TERMS["price_weight"].basis),
        Setting("point_pounds", rule.point_pounds, "pounds an hour", basis),
        Setting("quality_floor", floor, "score", basis),
        Setting("prices_from", day, "", "Wages and rates in force on this day."),
        Setting("hours_a_year", "as in the file of bids" if hours is None else hours, "hours", YOURS),
        Setting(
            "mean_price_pounds",
            built.price() if mean_price is None else mean_price,
            "pounds",
            "The should-cost at the legal minimum." if mean_price is None else YOURS,
        ),
        marks_mean,
        marks_spread,
        *chosen.values(),
    )
    is_rule_given = is_weight_given or point_pounds is not None or bool(said_formula or evaluation.file)
    return Chosen(
        rule,
        is_weight_given,
        is_rule_given,
        chosen,
        floor,
        hours,
        built.price() if mean_price is None else mean_price,
        float(marks_mean.value),
        float(marks_spread.value),
        built,
        tuple(swings(built, chosen, day)),
        listed,
    )


def _first(*values: float | str | None) -> float:
    return float(next(value for value in values if value is not None))


def _out_of_range(option: str, value: float, low: float, high: float) -> Problem:
    allowed = f"{low:g} to {high:g}"
    return Problem(
        "setting_range", f"{option} cannot be this", "correct it", column=option, found=f"{value:g}", allowed=allowed
    )

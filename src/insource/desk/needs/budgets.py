"""Budgets set beside the costs of plans: which budgets, for whom, how well they foretell, who is short.

Three cases. The council's own indicative budgets, where they are on file. Else what points or bands *would* give: each
person's prediction from everybody else's costs, so that the sums are right and only the pattern can be wrong. Else,
with the return alone, what its own facts (reason, age, unpaid carer) foretell: it holds no budgets and no points.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from insource.desk.needs.fit import Fit, fit, group_means, indicators, least_squares, redrawn_fits
from insource.desk.needs.groups import NOT_RECORDED, Asked, by_group
from insource.desk.needs.other_ways import Ways, other_ways
from insource.errors import InputError, Problem
from insource.rules.allocation import under_funded_share_at

OWN, POINTS, BANDS, FACTS_ONLY = "indicative budgets", "points", "bands", "recorded facts"
FEWEST = 10
"""With fewer people nothing is said: a judgement."""
FACTS = ("reason", "age_band", "carer")
DIMENSIONS = {
    "reason": "reason for support",
    "age_band": "age",
    "carer": "has an unpaid carer",
    "area": "area",
    "ethnicity": "ethnicity",
    "assessment_age": "age of the assessment",
}
NEED = "need as assessed"
FIFTHS = 5


@dataclass(frozen=True)
class Compared:
    """Everything about one caseload. `basis` is one of the four above; `unit` is "pounds" or "hours" (a week).

    `people` has budget, cost and gap of everybody looked at; `beyond` are those who could not be: how many, and why.
    """

    basis: str
    unit: str
    people: pl.DataFrame
    fit: Fit
    ends: dict[str, tuple[float, float]]
    by_group: pl.DataFrame
    by_cost: pl.DataFrame
    ways: pl.DataFrame
    same_share: float
    beyond: tuple[tuple[str, int], ...]
    package_only_cost: float

    @property
    def is_set(self) -> bool:
        """True if the budgets are the council's own."""
        return self.basis == OWN


def compare(caseload: pl.DataFrame, asked: Asked, ways: Ways) -> Compared:
    """Set budgets beside costs; raises InputError if there are too few people with both."""
    unit = (
        "pounds"
        if caseload["cost"].drop_nulls().len() >= min(FEWEST, caseload["hours"].drop_nulls().len())
        else "hours"
    )
    amount = "cost" if unit == "pounds" else "hours"
    with_cost = caseload.filter(pl.col(amount).is_not_null()).with_columns(pl.col(amount).alias("cost"))
    basis, people = _basis(with_cost, unit)
    if people.height < FEWEST:
        raise _too_few(people.height, caseload)
    cost = people["cost"].to_numpy()
    refits = _refits(people, cost)
    budget = people["budget"].to_numpy() if basis == OWN else refits.pop(basis)
    people = people.with_columns(budget=pl.Series(budget), gap=pl.Series(cost - budget))
    dimensions = _dimensions(people, basis)
    return Compared(
        basis,
        unit,
        people,
        fit(cost, budget, asked.tolerance),
        redrawn_fits(cost, budget, asked.times, asked.seed),
        by_group(cost, budget, dimensions, asked),
        by_cost(cost, budget, asked),
        other_ways(cost, budget, refits, ways, is_set=basis == OWN),
        float((np.abs(cost - budget) < 0.005).mean()),
        _beyond(caseload, with_cost, people, unit),
        float(with_cost.filter(~pl.col("where").is_in(people["where"].implode()))["cost"].sum()),
    )


def _basis(with_cost: pl.DataFrame, unit: str) -> tuple[str, pl.DataFrame]:
    """What the budgets are, and the people who have one."""
    if unit == "pounds" and (own := with_cost.filter(pl.col("budget").is_not_null())).height >= FEWEST:
        return OWN, own
    for name, column in ((POINTS, "points"), (BANDS, "band")):
        if (scored := with_cost.filter(pl.col(column).is_not_null())).height >= FEWEST:
            return name, scored
    if with_cost.filter(pl.any_horizontal("budget", "points").is_not_null() | pl.col("band").is_not_null()).height:
        return OWN, with_cost.filter(pl.col("budget").is_not_null())
    return FACTS_ONLY, with_cost


def _refits(people: pl.DataFrame, cost: np.ndarray) -> dict[str, np.ndarray]:
    """Budgets that other rules would give, each person's from everybody else, where everybody has what it needs."""
    found: dict[str, np.ndarray] = {}
    if people["points"].null_count() == 0:
        points = people["points"].to_numpy()
        line = least_squares(np.column_stack([np.ones(len(points)), points]), cost)
        found[POINTS] = np.maximum(line, 0.0)
    if people["band"].null_count() == 0:
        found[BANDS] = group_means(cost, people["band"].rank("dense").to_numpy().astype(int) - 1)
    facts = [people[name].fill_null(NOT_RECORDED).rank("dense").to_numpy() for name in FACTS]
    found[FACTS_ONLY] = np.maximum(least_squares(indicators(*facts), cost), 0.0)
    return found


def _dimensions(people: pl.DataFrame, basis: str) -> dict[str, pl.Series]:
    """By what people are told apart: the score itself, and every fact that is recorded of some of them.

    Where the facts themselves are the rule, they are no question: only what the rule does not know is asked.
    """
    found = {}
    if people["band"].null_count() < people.height:
        found[NEED] = people["band"]
    elif people["points"].null_count() < people.height:
        found[NEED] = _fifths(people["points"])
    names = [name for name in DIMENSIONS if basis != FACTS_ONLY or name not in FACTS]
    found |= {DIMENSIONS[name]: people[name] for name in names if people[name].null_count() < people.height}
    return found


def _fifths(amounts: pl.Series) -> pl.Series:
    """Five groups of about equal size, named by the least and the most in each; equal amounts stay together."""
    known = amounts.drop_nulls()
    fifth = ((amounts.rank("min") - 1) * FIFTHS / len(known)).floor().clip(0, FIFTHS - 1)
    frame = pl.DataFrame({"amount": amounts, "fifth": fifth})
    low, high = pl.col("amount").min().over("fifth"), pl.col("amount").max().over("fifth")
    name = pl.format("{}. points {} to {}", (pl.col("fifth") + 1).cast(pl.Int64), _short(low), _short(high))
    return frame.select(pl.when(pl.col("amount").is_not_null()).then(name).alias("name"))["name"]


def _short(amount: pl.Expr) -> pl.Expr:
    return amount.round(1).cast(pl.String).str.strip_suffix(".0")


def by_cost(cost: np.ndarray, budget: np.ndarray, asked: Asked) -> pl.DataFrame:
    """Fifths of people by what their plan costs, and what *any* fair score as good as this one would do to each fifth.

    A score that is not perfect pulls everybody towards the mean, so dear plans are short and cheap ones have to spare
    even where the score is fair: a gap of (1 - R)(cost - mean). Only what goes beyond that is this rule's own doing.
    """
    found = fit(cost, budget, asked.tolerance)
    order = np.argsort(cost, kind="stable")
    rows = []
    for number, places in enumerate(np.array_split(order, FIFTHS)):
        mean = float(cost[places].mean())
        gap = cost[places] - budget[places]
        away = (mean - found.mean_cost) / cost.std() if cost.std() > 0 else 0.0
        has_share = 0.0 < found.reliability < 1.0
        rows.append(
            {
                "fifth": ("cheapest", "second", "middle", "fourth", "dearest")[number],
                "people": len(places),
                "mean_cost": mean,
                "mean_budget": float(budget[places].mean()),
                "mean_gap": float(gap.mean()),
                "fair_gap": (1.0 - found.reliability) * (mean - found.mean_cost) + found.mean_gap,
                "short_people": int((gap > asked.tolerance).sum()),
                "short_people_share": float((gap > asked.tolerance).mean()),
                "fair_short_share": under_funded_share_at(away, found.reliability) if has_share else None,
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)


def _beyond(
    caseload: pl.DataFrame, with_cost: pl.DataFrame, people: pl.DataFrame, unit: str
) -> tuple[tuple[str, int], ...]:
    what = "cost" if unit == "pounds" else "hours"
    reasons = (
        (f"the {what} of the plan is not known (no open service in the community, or one without a cost)",
         caseload.height - with_cost.height),
        ("there is a package, and no budget, points or band on file", with_cost.height - people.height),
    )  # fmt: skip
    return tuple((why, count) for why, count in reasons if count)


def _too_few(found: int, caseload: pl.DataFrame) -> InputError:
    return InputError(
        Problem(
            "too_few_people",
            "there are too few people with both a budget (or points, or a band) and the cost of a plan",
            "check that the assessments carry the same NHS numbers or LA Person Unique Identifiers as the return, or "
            "give "
            "'Package Cost a Week' in the file of assessments",
            found=f"{found} of {caseload.height:,} people",
            allowed=f"{FEWEST} or more",
        )
    )

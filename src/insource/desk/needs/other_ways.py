"""What other ways of setting budgets would leave: the same people, the same costs, other budgets.

Ways marked *worked out* are worked out person by person. Those *by formula* stand on the theory of
`rules/allocation.py` (needs spread normally about the budget); they are shown where nothing in the files could tell.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from insource.desk.needs.fit import fit
from insource.rules.allocation import (
    best_uplift,
    expected_shortfall,
    residual_of,
    shared_shortfall,
    under_funded_share,
)
from insource.rules.information import combined_correlation
from insource.units import WEEKS_A_YEAR

WORKED_OUT, BY_FORMULA = "worked out", "by formula"


@dataclass(frozen=True)
class Ways:
    """What the ways need to know. `short_to_spare_cost`: how many pounds to spare a pound short counts for.

    `costing_hours`: a social worker's hours more to cost a plan than to score it. `sharing_people`: among how many a
    shared sum is moved. `costed_share`: share of people, those with the largest budgets, whose plans alone are costed.
    """

    short_to_spare_cost: float
    costing_hours: float
    sharing_people: float
    costed_share: float
    tolerance: float


def other_ways(
    cost: np.ndarray, budget: np.ndarray, refits: dict[str, np.ndarray], ways: Ways, *, is_set: bool
) -> pl.DataFrame:
    """A row for each way: budgets in all, people short, pounds (or hours) short and to spare a year, hours of work.

    `refits` are budgets that other rules would give (a line through the points, the mean of each band, ...). `is_set`:
    the budgets are ones that the council gave; otherwise they are only what a rule foretells, and add up already.
    """
    rows = [_worked_out("the budgets as they are" if is_set else "budgets by this rule", cost, budget, ways)]
    scaled = budget * (cost.sum() / budget.sum()) if budget.sum() > 0 else np.full_like(cost, cost.mean())
    if is_set:
        rows.append(_worked_out("all raised or cut alike until they add up to the costs", cost, scaled, ways))
    rows += [_worked_out(name, cost, other, ways) for name, other in refits.items()]
    spread = float(cost.std())
    now = fit(cost, scaled, ways.tolerance)
    residual = residual_of(now.reliability, spread)
    uplift = best_uplift(residual, ways.short_to_spare_cost)
    rows += [
        _by_formula("the same by formula, if needs are spread normally", cost, residual, 0.0),
        _worked_out(
            f"the same with {uplift:,.2f} a week more for everybody, best if a pound short counts for "
            f"{ways.short_to_spare_cost:g} to spare",
            cost,
            scaled + uplift,
            ways,
        ),
    ]
    both = combined_correlation(np.sqrt(now.reliability), np.sqrt(now.reliability))
    rows.append(
        _by_formula("two independent assessments, each as good as this", cost, residual_of(both * both, spread), 0.0)
    )
    rows.append(_shared(cost, residual, ways.sharing_people))
    rows += [_costed_at_the_top(cost, scaled if not is_set else budget, ways), _costed(cost, ways)]
    return pl.DataFrame(rows, schema_overrides={"work_hours": pl.Float64}, infer_schema_length=None)


def _worked_out(name: str, cost: np.ndarray, budget: np.ndarray, ways: Ways) -> dict[str, object]:
    found = fit(cost, budget, ways.tolerance)
    return {
        "way": name,
        "how": WORKED_OUT,
        "budgets_a_year": float(budget.sum()) * WEEKS_A_YEAR,
        "short_people": found.short_people,
        "short_a_year": found.short * found.people * WEEKS_A_YEAR,
        "spare_a_year": found.spare * found.people * WEEKS_A_YEAR,
        "explained_share": found.explained_share,
        "work_hours": 0.0,
    }


def _by_formula(name: str, cost: np.ndarray, residual: float, uplift: float) -> dict[str, object]:
    people, year = len(cost), WEEKS_A_YEAR
    is_spread = residual > 0
    short = expected_shortfall(residual, uplift) if is_spread else 0.0
    explained = 1.0 - (residual / float(cost.std())) ** 2 if cost.std() > 0 else float("nan")
    return {
        "way": name,
        "how": BY_FORMULA,
        "budgets_a_year": (float(cost.sum()) + uplift * people) * year,
        "short_people": round(people * under_funded_share(residual, uplift)) if is_spread else 0,
        "short_a_year": short * people * year,
        "spare_a_year": (short + uplift) * people * year,
        "explained_share": explained,
        "work_hours": 0.0,
    }


def _shared(cost: np.ndarray, residual: float, sharing_people: float) -> dict[str, object]:
    """Budgets of a team's people may be moved among them: what one is short of meets what another has to spare."""
    row = _by_formula(f"the same, if sums may be moved among {sharing_people:g} people", cost, residual, 0.0)
    short = shared_shortfall(residual, sharing_people) if residual > 0 else 0.0
    row["short_a_year"] = row["spare_a_year"] = short * len(cost) * WEEKS_A_YEAR
    return row | {"short_people": None, "explained_share": None}


def _costed(cost: np.ndarray, ways: Ways) -> dict[str, object]:
    row = _worked_out("the budget is the cost of the plan, for everybody", cost, cost, ways)
    return row | {"work_hours": len(cost) * ways.costing_hours}


def _costed_at_the_top(cost: np.ndarray, budget: np.ndarray, ways: Ways) -> dict[str, object]:
    """Plans are costed only where the budget is large, because there the gaps are large too."""
    count = round(len(cost) * ways.costed_share)
    largest = np.argsort(-budget, kind="stable")[:count]
    mixed = budget.copy()
    mixed[largest] = cost[largest]
    name = f"the cost of the plan for the {ways.costed_share:.0%} with the largest budgets, the others as they are"
    return _worked_out(name, cost, mixed, ways) | {"work_hours": count * ways.costing_hours}

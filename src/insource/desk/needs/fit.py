"""How well budgets foretell what plans of care cost: explained share, errors, and predictions to compare them with.

Everything here is in one unit (pounds a week, or hours a week). A *budget* is what was foretold for a person, a *cost*
what the plan of their care came to. `gap` = cost - budget: what the person is short of; less than nothing is to spare.
"""

from dataclasses import dataclass

import numpy as np

from insource.desk.resampling import interval, resampled_sums

Floats = np.ndarray
FACTOR_OF_TWO = 2
NEAR_SHARE = 0.25
"""A budget within a quarter of the cost is called near: a judgement, for show."""


@dataclass(frozen=True)
class Fit:
    """How well one set of budgets foretells costs. Amounts are means over all people, in the unit of the costs.

    `explained_share` is 1 - sum of squared gaps / sum of squares of costs about their mean: 1 is perfect, 0 no better
    than the same budget for everybody, less than 0 worse than that. `reliability` is the squared correlation: what the
    same budgets would explain once the line through them is put right.
    """

    people: int
    mean_budget: float
    mean_cost: float
    explained_share: float
    reliability: float
    mean_gap: float
    mean_absolute_gap: float
    residual: float
    short: float
    spare: float
    short_people: int
    spare_people: int
    near_share: float
    beyond_two_share: float


def fit(cost: Floats, budget: Floats, tolerance: float) -> Fit:
    """Compare budgets with costs, person by person. Gaps of up to `tolerance` count as no gap in counts of people."""
    gap = cost - budget
    total = float(((cost - cost.mean()) ** 2).sum())
    with np.errstate(over="ignore"):  # a budget of next to nothing
        ratio = np.divide(cost, budget, out=np.full_like(cost, np.inf), where=budget > 0)
    return Fit(
        people=len(cost),
        mean_budget=float(budget.mean()),
        mean_cost=float(cost.mean()),
        explained_share=1.0 - float((gap**2).sum()) / total if total > 0 else float("nan"),
        reliability=squared_correlation(cost, budget),
        mean_gap=float(gap.mean()),
        mean_absolute_gap=float(np.abs(gap).mean()),
        residual=float(gap.std()),
        short=float(np.maximum(gap, 0.0).mean()),
        spare=float(np.maximum(-gap, 0.0).mean()),
        short_people=int((gap > tolerance).sum()),
        spare_people=int((gap < -tolerance).sum()),
        near_share=float((np.abs(gap) <= NEAR_SHARE * cost).mean()),
        beyond_two_share=float(((ratio > FACTOR_OF_TWO) | (ratio < 1 / FACTOR_OF_TWO)).mean()),
    )


def squared_correlation(first: Floats, second: Floats) -> float:
    """Squared correlation of two columns; 0 where one of them is the same for everybody."""
    a, b = first - first.mean(), second - second.mean()
    below = float((a**2).sum() * (b**2).sum())
    return float((a * b).sum()) ** 2 / below if below > 0 else 0.0


def group_means(cost: Floats, group: np.ndarray) -> Floats:
    """For each person the mean cost of everybody *else* in their group (of all others, for somebody alone in one).

    Leaving the person out is what a budget set in advance does. Without it small groups would seem to foretell well.
    """
    sums, counts = np.bincount(group, weights=cost), np.bincount(group)
    others = counts[group] - 1
    alone = (cost.sum() - cost) / max(len(cost) - 1, 1)
    return np.where(others > 0, (sums[group] - cost) / np.maximum(others, 1), alone)


def least_squares(columns: Floats, outcome: Floats) -> Floats:
    """For each person what ordinary least squares on `columns` foretells for them from everybody *else*.

    Leaving one out needs no second fit: the error grows by 1 / (1 - leverage) (Allen 1974).
    """
    q, is_kept = orthogonal(columns)
    error = outcome - q @ (q.T @ outcome)
    leverage = np.minimum((q**2).sum(axis=1), 1.0 - 1e-9) if is_kept else np.zeros(len(outcome))
    return outcome - error / (1.0 - leverage)


def orthogonal(columns: Floats) -> tuple[Floats, bool]:
    """An orthogonal base of the space the columns span (columns that say nothing new dropped), and if there is one."""
    u, size, _ = np.linalg.svd(columns, full_matrices=False)
    keep = size > (size.max(initial=0.0) * 1e-10)
    return u[:, keep], bool(keep.any())


def indicators(*groups: np.ndarray) -> Floats:
    """A column of ones, and for each group of each grouping but the first a column that is 1 for its members."""
    rows = len(groups[0])
    columns = [np.ones(rows)]
    for group in groups:
        columns += [(group == number).astype(float) for number in np.unique(group)[1:]]
    return np.column_stack(columns)


def redrawn_fits(cost: Floats, budget: Floats, times: int, seed: int) -> dict[str, tuple[float, float]]:
    """95% intervals, by redrawing people, of the figures of `Fit` that are shares or means over people."""
    gap = cost - budget
    columns = np.column_stack(
        [np.ones(len(cost)), cost, cost**2, budget, budget**2, cost * budget, gap**2, np.maximum(gap, 0.0)]
    )
    sums = resampled_sums(columns, [np.arange(len(cost))], times, seed)[:, 0]
    people, y, yy, b, bb, yb, gg, short = sums.T
    with np.errstate(invalid="ignore", divide="ignore"):
        about = yy - y**2 / people
        figures = {
            "explained_share": 1.0 - gg / about,
            "reliability": (yb - y * b / people) ** 2 / (about * (bb - b**2 / people)),
            "mean_gap": (y - b) / people,
            "short": short / people,
            "spare": (short - (y - b)) / people,
        }
    return {name: interval(values) for name, values in figures.items()}

"""The same outcomes for each line of service by itself, where the books of a line tell them."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from insource.appraise.outcomes import Outcome, outcomes
from insource.appraise.summary import QUANTILES, account_totals
from insource.delivery import Delivery
from insource.terms import LINES
from insource.units import WEEKS_A_YEAR

BY_LINE = (
    *("ordered_hours", "delivered_hours", "used_hours", "unmet_hours", "idle_hours"),
    *("care_cost_a_delivered_hour", "waiting_for_care", "care_workers", "turnover"),
)
"""Outcomes whose accounts are all posted to the part a person or a worker belongs to. What the whole area has in common
(social workers, the NHS, people who come and go) is posted once and belongs to no line."""


@dataclass(frozen=True)
class LineRow:
    """One outcome of one line: for each model the mean over draws and the ends of the range that holds 90% of them."""

    line: str
    outcome: Outcome
    spreads: dict[str, tuple[float, float, float]]


def by_line(ledger: pl.LazyFrame, models: tuple[Delivery, ...], years: int) -> list[LineRow]:
    """Every outcome of `BY_LINE` for each line on which any model gave care, models side by side.

    `ledger` has columns model, draw, part (from 1, in the order of the model's parts), account, amount.
    """
    lines = pl.DataFrame(
        [(model.name, number, part.line) for model in models for number, part in enumerate(model.parts, start=1)],
        schema={"model": pl.String, "part": pl.Int8, "line": pl.String},
        orient="row",
    )
    accounts = sorted({account for name in BY_LINE for account in outcomes()[name].accounts()})
    of_lines = ledger.filter(pl.col("account").is_in(accounts)).join(lines.lazy(), on=["model", "part"])
    totals = account_totals(of_lines, "model", "line", "draw")
    found = []
    for line in LINES:
        of_line = totals.filter(pl.col("line") == line)
        if not of_line.height or not of_line["delivered_minutes"].sum():
            continue
        of_model = {model.name: of_line.filter(pl.col("model") == model.name) for model in models}
        for name in BY_LINE:
            spreads = {model: _spread(outcomes()[name], rows, years) for model, rows in of_model.items()}
            found.append(LineRow(line, outcomes()[name], spreads))
    return found


def _spread(outcome: Outcome, totals: pl.DataFrame, years: int) -> tuple[float, float, float]:
    values = outcome.values(totals, years * WEEKS_A_YEAR)
    values = values[~np.isnan(values)]
    if not len(values):
        return float("nan"), float("nan"), float("nan")
    low, high = (float(np.quantile(values, q)) for q in (QUANTILES[0], QUANTILES[-1]))
    return float(values.mean()), low, high

"""From the books of every draw to what a reader needs: each outcome, its range, how models differ on the same luck."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from insource.appraise.outcomes import outcomes
from insource.files import write_atomically
from insource.tables import ACCOUNTS
from insource.units import WEEKS_A_YEAR

QUANTILES = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Summary:
    """`draws`: one row for each model and draw, one column for each outcome. `table`: the rows of summary.csv."""

    models: tuple[str, ...]
    draws: pl.DataFrame
    table: pl.DataFrame

    def row(self, outcome: str, model: str) -> dict[str, Any]:
        """The summary of one outcome under one model."""
        return self._rows[outcome, model]

    def differences(self, outcome: str, model: str) -> np.ndarray:
        """The paired differences of an outcome from the first model, draw by draw (NaN left out)."""
        values = self.values(outcome, model) - self.values(outcome, self.models[0])
        return values[~np.isnan(values)]

    def values(self, outcome: str, model: str) -> np.ndarray:
        """An outcome under a model, draw by draw."""
        return self._of_model[model][outcome].to_numpy()

    @cached_property
    def _rows(self) -> dict[tuple[str, str], dict[str, Any]]:
        return {(row["outcome"], row["model"]): row for row in self.table.iter_rows(named=True)}

    @cached_property
    def _of_model(self) -> dict[str, pl.DataFrame]:
        """The draws of each model, in their order."""
        return {model: self.draws.filter(pl.col("model") == model).sort("draw") for model in self.models}


def summarise(ledger: pl.LazyFrame, models: tuple[str, ...], years: int) -> Summary:
    """Work out every outcome of every draw from the ledger (columns model, draw, account, amount) and sum up.

    Differences are paired: draw by draw, from the first model.
    """
    totals = account_totals(ledger, "model", "draw")
    columns = {name: outcome.values(totals, years * WEEKS_A_YEAR) for name, outcome in outcomes().items()}
    return sum_up(totals.select("model", "draw").with_columns(**columns), models)


def account_totals(ledger: pl.LazyFrame, *by: str) -> pl.DataFrame:
    """One row for each of `by` (columns of the ledger), in their order, and one column for each account's total.

    The columns are in the order of the chart of accounts, so the same books give the same frame.
    """
    totals = ledger.group_by(*by, "account").agg(pl.col("amount").sum()).collect(engine="streaming")
    table = totals.pivot("account", index=list(by), values="amount").sort(*by)
    return table.select(*by, *(name for name in ACCOUNTS if name in table.columns))


def sum_up(draws: pl.DataFrame, models: tuple[str, ...]) -> Summary:
    """Means, ranges and paired differences of outcomes already worked out: columns model, draw and one for each."""
    partial = Summary(models, draws, pl.DataFrame())
    table = pl.DataFrame(
        [_row(partial, name, model) for name in outcomes() for model in models], infer_schema_length=None
    )
    return Summary(models, draws, table)


def _row(summary: Summary, name: str, model: str) -> dict[str, object]:
    outcome = outcomes()[name]
    values = summary.values(name, model)
    differences = summary.differences(name, model)
    row: dict[str, object] = {
        "outcome": name,
        "label": outcome.label,
        "unit": outcome.unit,
        "better": outcome.better,
        "model": model,
        **_spread(values[~np.isnan(values)], ""),
    }
    if model == summary.models[0]:
        empty = _spread(np.array([]), "difference_")
        nothing = dict.fromkeys(("difference_from", "probability_above_zero", "probability_below_zero"))
        return {**row, **empty, **nothing, "draws_compared": len(differences)}
    is_compared = len(differences) > 0
    return {
        **row,
        **_spread(differences, "difference_"),
        "difference_from": summary.models[0],
        "probability_above_zero": float((differences > 0).mean()) if is_compared else None,
        "probability_below_zero": float((differences < 0).mean()) if is_compared else None,
        "draws_compared": len(differences),
    }


def _spread(values: np.ndarray, prefix: str) -> dict[str, float | None]:
    names = [f"{prefix}{name}" for name in ("mean", "p05", "p50", "p95")]
    if not len(values):
        return dict.fromkeys(names, None)
    return dict(zip(names, [float(values.mean()), *(float(q) for q in np.quantile(values, QUANTILES))], strict=True))


def write(summary: Summary, folder: Path) -> None:
    """summary.csv and outcomes.parquet (every draw), atomically."""
    write_atomically(folder / "summary.csv", lambda path: summary.table.write_csv(path))
    write_atomically(folder / "outcomes.parquet", lambda path: summary.draws.write_parquet(path))

"""Which assumptions move a difference most: rank correlation over the paired draws."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from insource.appraise.summary import Summary

FEWEST_DRAWS = 30
NOISE_LEVEL = 2.6
"""A rank correlation below this many times 1/sqrt(draws) could be luck (about 1 chance in 100 for each)."""


@dataclass(frozen=True)
class Driver:
    """One parameter and how it goes with a difference: rank correlation, and the difference at its low and high."""

    parameter: str
    correlation: float
    at_low: float
    at_high: float


def drivers(summary: Summary, parameters: pl.DataFrame, outcome: str, model: str, most: int = 6) -> list[Driver]:
    """The parameters that go most with the paired difference of an outcome, strongest first.

    `parameters` has columns draw, parameter, value. `at_low` and `at_high` are mean differences over the draws in which
    the parameter was in its lowest and highest third. Empty when there are too few draws to tell.
    """
    difference = summary.values(outcome, model) - summary.values(outcome, summary.models[0])
    if len(difference) < FEWEST_DRAWS or np.isnan(difference).any() or np.ptp(difference) == 0.0:
        return []
    found = []
    for name, group in parameters.sort("draw").group_by("parameter", maintain_order=True):
        values = group["value"].to_numpy()
        if np.ptp(values) == 0.0:
            continue
        correlation = float(np.corrcoef(_ranks(values), _ranks(difference))[0, 1])
        if abs(correlation) > NOISE_LEVEL / np.sqrt(len(values)):
            low, high = np.quantile(values, (1 / 3, 2 / 3))
            found.append(
                Driver(
                    str(name[0]),
                    correlation,
                    float(difference[values <= low].mean()),
                    float(difference[values >= high].mean()),
                )
            )
    return sorted(found, key=lambda driver: -abs(driver.correlation))[:most]


def _ranks(values: np.ndarray) -> np.ndarray:
    return np.argsort(np.argsort(values, kind="stable"), kind="stable").astype(float)

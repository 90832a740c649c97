"""Which assumptions move a difference most: rank correlation over the paired draws."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

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


def drivers(summary: Summary, drawn: Mapping[str, np.ndarray], outcome: str, model: str, most: int = 6) -> list[Driver]:
    """The parameters that go most with the paired difference of an outcome, strongest first.

    `drawn` holds each parameter's values, shape (draws,). `at_low` and `at_high` are mean differences over the draws in
    which the parameter was in its lowest and highest third. Empty when there are too few draws to tell.
    """
    difference = summary.values(outcome, model) - summary.values(outcome, summary.models[0])
    if len(difference) < FEWEST_DRAWS or np.isnan(difference).any() or np.ptp(difference) == 0.0:
        return []
    names, values = list(drawn), np.column_stack(list(drawn.values()))
    correlations = _ranks(difference) @ _ranks(values)
    is_loud = (np.ptp(values, axis=0) > 0.0) & (np.abs(correlations) > NOISE_LEVEL / np.sqrt(len(values)))
    found = [
        Driver(names[k], float(correlations[k]), *_thirds(values[:, k], difference)) for k in np.flatnonzero(is_loud)
    ]
    return sorted(found, key=lambda driver: -abs(driver.correlation))[:most]


def _ranks(values: np.ndarray) -> np.ndarray:
    """Ranks along the first axis, about their mean and scaled so that their product with others is the correlation."""
    ranks = np.argsort(np.argsort(values, axis=0, kind="stable"), axis=0, kind="stable") - (len(values) - 1) / 2.0
    scaled: np.ndarray = ranks / np.sqrt((ranks**2).sum(axis=0))
    return scaled


def _thirds(values: np.ndarray, difference: np.ndarray) -> tuple[float, float]:
    """The mean difference where a value is in its lowest third, and in its highest."""
    low, high = np.quantile(values, (1 / 3, 2 / 3))
    return float(difference[values <= low].mean()), float(difference[values >= high].mean())

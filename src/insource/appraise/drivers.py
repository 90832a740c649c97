"""Which assumptions move a difference most: rank correlation over the paired draws.

Of hundreds of assumptions that do nothing one goes with a difference by luck alone, so each must pass what the luckiest
of all of them, in all differences that are looked at, passes one time in twenty.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from insource.appraise.sensitivity import noise_level
from insource.appraise.summary import Summary

FEWEST_DRAWS = 30


@dataclass(frozen=True)
class Driver:
    """One parameter and how it goes with a difference: rank correlation, and the difference at its low and high."""

    parameter: str
    correlation: float
    at_low: float
    at_high: float


def drivers(
    summary: Summary, drawn: Mapping[str, np.ndarray], outcome: str, model: str, most: int = 6, looked_at: int = 1
) -> list[Driver]:
    """The parameters that go most with the paired difference of an outcome, strongest first.

    `looked_at`: differences (outcomes times models) that are told side by side; the more, the more luck could give.

    `drawn` holds each parameter's values, shape (draws,). `at_low` and `at_high` are mean differences over the draws in
    which the parameter was in its lowest and highest third. Empty when there are too few draws to tell.
    """
    difference = summary.values(outcome, model) - summary.values(outcome, summary.models[0])
    if len(difference) < FEWEST_DRAWS or np.isnan(difference).any() or np.ptp(difference) == 0.0:
        return []
    names, values = list(drawn), np.column_stack(list(drawn.values()))
    correlations = _ranks(difference) @ _ranks(values)
    is_varied = np.ptp(values, axis=0) > 0.0
    noise = noise_level(int(is_varied.sum()) * looked_at) / np.sqrt(len(values) - 1)  # luck's spread is that of ranks
    is_loud = is_varied & (np.abs(correlations) > noise)
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

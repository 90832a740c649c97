"""Exponential, logarithm and the normal distribution, and shapes of belief, against scipy's own."""

import math

import numpy as np
import pytest
from scipy import stats

from insource.compiled import on_columns
from insource.distributions import quantile
from insource.numeric import exp, log, normal_below, normal_loss, normal_point, normal_quantile, normal_share_below

pytestmark = pytest.mark.closed_form

RNG = np.random.default_rng(1)
RANKS = np.linspace(0.001, 0.999, 999)


def test_exp():
    """To 1 part in 10^15 over the whole range, and held at plus and minus 700 beyond."""
    x = np.concatenate([RNG.uniform(-700.0, 700.0, 100_000), RNG.uniform(-1.0, 1.0, 100_000)])
    assert np.abs(on_columns(exp)(x) / np.exp(x) - 1.0).max() < 1e-15
    assert exp(0.0) == 1.0
    assert exp(900.0) == exp(700.0)
    assert exp(-900.0) == exp(-700.0) > 0.0


def test_log():
    """To 1 part in 10^15, near 1 as well; the inverse of exp."""
    x = np.concatenate([10.0 ** RNG.uniform(-300.0, 300.0, 100_000), 1.0 + RNG.uniform(-1e-6, 1e-6, 100_000)])
    assert np.abs(on_columns(log)(x) - np.log(x)).max() < 1.2e-13
    assert (np.abs(on_columns(log)(x) - np.log(x)) <= 1e-15 * np.abs(np.log(x)) + 1e-300).all()
    assert log(1.0) == 0.0
    y = RNG.uniform(-600.0, 600.0, 1000)
    assert on_columns(log)(on_columns(exp)(y)) == pytest.approx(y, abs=1e-12)


def test_normal_quantile():
    """To 1.3 parts in 10^7 from 1 in 16 million to its mirror; within .003 at the rarest draw there is (2^-33)."""
    u = np.concatenate([2.0 ** RNG.uniform(-24.0, -1.0, 100_000), 1.0 - 2.0 ** RNG.uniform(-24.0, -1.0, 100_000)])
    u = u[np.abs(u - 0.5) > 0.01]
    assert np.abs(on_columns(normal_quantile)(u) / stats.norm.ppf(u) - 1.0).max() < 1.3e-7
    ends = np.array([2.0**-33, 1.0 - 2.0**-33])
    assert on_columns(normal_quantile)(ends) == pytest.approx(stats.norm.ppf(ends), abs=0.003)
    assert normal_quantile(0.5) == 0.0


def test_normal_quantile_rises():
    """A draw keeps its rank: at every multiple of 2^-20, and but for a step of 2 in 10^7 where two polynomials meet."""
    u = (np.arange(2**20 - 1) + 1.0) / 2**20
    assert (np.diff(on_columns(normal_quantile)(u)) > 0.0).all()
    join = (1.0 - math.sqrt(1.0 - math.exp(-5.0))) / 2.0
    steps = np.diff(on_columns(normal_quantile)(join + np.arange(-500, 500) * 2.0**-33))
    assert (steps > 0.0).sum() >= len(steps) - 1
    assert steps.min() > -2e-7


def test_normal_share_below():
    """To 1 in 10^7 of the whole, everywhere."""
    z = RNG.uniform(-8.0, 8.0, 200_000)
    assert np.abs(on_columns(normal_share_below)(z) - stats.norm.cdf(z)).max() < 1e-7


def _belief(kind, centre, low, high, sd):
    if kind == "uniform":
        return stats.uniform(low, high - low)
    if kind == "triangular":
        return stats.triang((centre - low) / (high - low), low, high - low)
    if kind == "normal":
        return stats.truncnorm((low - centre) / sd, (high - centre) / sd, centre, sd)
    logs = stats.truncnorm((math.log(low / centre)) / sd, math.log(high / centre) / sd, math.log(centre), sd)
    return type("LogNormal", (), {"ppf": staticmethod(lambda u: np.exp(logs.ppf(u)))})


@pytest.mark.parametrize(
    ("kind", "centre", "low", "high", "sd"),
    [
        ("uniform", 0.3, 0.1, 0.7, None),
        ("triangular", 0.2, 0.1, 0.7, None),
        ("triangular", 0.1, 0.1, 0.7, None),
        ("triangular", 0.7, 0.1, 0.7, None),
        ("normal", 1.0, 0.3, 2.0, 0.25),
        ("normal", 0.0, -0.1, 5.0, 1.0),
        ("lognormal", 0.22, 0.15, 0.32, 0.2),
        ("lognormal", 24.1, 21.0, 27.7, 0.05),
    ],
)
def test_beliefs(kind, centre, low, high, sd):
    """Quantiles of every shape against scipy's, the last two cut off at the ends; all rise and stay in the range."""
    found = np.array([quantile(kind, centre, low, high, sd, float(u)) for u in RANKS])
    expected = _belief(kind, centre, low, high, sd).ppf(RANKS)
    assert found == pytest.approx(expected, rel=2e-6, abs=2e-6)
    assert (np.diff(found) > 0.0).all()
    ends = [quantile(kind, centre, low, high, sd, u) for u in (2.0**-33, 1e-6, 1.0 - 1e-6, 1.0 - 2.0**-33)]
    assert low <= min(*ends, *found) <= max(*ends, *found) <= high


def test_fixed_beliefs():
    """No doubt, or no range to doubt in, gives the centre; a spread that is missing or a shape unknown is refused."""
    assert quantile("fixed", 3.0, 1.0, 5.0, None, 0.9) == 3.0
    assert quantile("triangular", 3.0, 3.0, 3.0, None, 0.9) == 3.0
    with pytest.raises(ValueError, match="standard deviation"):
        quantile("normal", 3.0, 1.0, 5.0, None, 0.5)
    with pytest.raises(ValueError, match="not a kind"):
        quantile("cauchy", 3.0, 1.0, 5.0, 1.0, 0.5)


def test_normal_for_closed_forms():
    """The exact distribution, quantile and loss agree with SciPy to 1 part in 10^12, in both tails."""
    z = np.linspace(-9.0, 9.0, 721)
    assert on_columns(normal_below)(z) == pytest.approx(stats.norm.cdf(z), rel=1e-11, abs=0.0)
    u = stats.norm.cdf(np.linspace(-5.0, 5.0, 241))
    assert on_columns(normal_point)(u) == pytest.approx(stats.norm.ppf(u), abs=1e-9)
    assert on_columns(normal_loss)(z[400:]) == pytest.approx(
        stats.norm.pdf(z[400:]) - z[400:] * stats.norm.sf(z[400:]), abs=1e-12
    )
    assert normal_below(np.inf) == 1.0
    assert normal_below(-np.inf) < 1e-290

"""Keyed luck: known answers, evenness, independence across keys, and the same numbers in any order."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scipy import stats

from insource.draws import (
    FIRST_NEWCOMER,
    LARGEST_SEED,
    decision_number,
    fill_normal,
    fill_uniform,
    luck,
    normal,
    philox,
    poisson,
    uniform,
)

pytestmark = pytest.mark.closed_form

N = 200_000
RARE = 1e-5
"""A correct generator fails one of these checks once in 100,000; there are about 20 of them."""
ONES = 0xFFFFFFFF
PI = (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0)


@pytest.mark.parametrize(
    ("counter", "key", "answer"),
    [
        ((0,) * 4, (0,) * 2, (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((ONES,) * 4, (ONES,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (*PI, (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)),
    ],
)
def test_known_answers(counter, key, answer):
    """Philox4x32-10: the three vectors that come with Random123 (file kat_vectors)."""
    words = philox(*(np.uint64(word) for word in (*counter, *key)))
    assert tuple(int(word) for word in words) == answer


def _along(dimension):
    """N uniforms that differ in one part of the key only."""
    steps = range(N)
    key, decision = luck(11, 3), decision_number("needs.shock")
    if dimension == "people":
        out = np.empty(N)
        fill_uniform(key, decision, np.arange(1, N + 1), 5, out)
        return out
    if dimension == "newcomers":
        out, who = np.empty(N), np.arange(N)
        fill_uniform(key, decision, (who // 50 + 1) * FIRST_NEWCOMER + who % 50, 5, out)
        return out
    one = {
        "weeks and ranks": lambda i: uniform(key, decision, 7, i % 60_000, i // 60_000),
        "decisions": lambda i: uniform(key, i, 7, 5),
        "draws": lambda i: uniform(luck(11, i), decision, 7, 5),
        "seeds": lambda i: uniform(luck(i, 3), decision, 7, 5),
        "high halves of seeds": lambda i: uniform(luck(i << 32, 3), decision, 7, 5),
    }[dimension]
    return np.array([one(i) for i in steps])


DIMENSIONS = ("people", "newcomers", "weeks and ranks", "decisions", "draws", "seeds", "high halves of seeds")


@pytest.fixture(scope="module", params=DIMENSIONS)
def numbers(request):
    """Uniforms along one part of the key."""
    return _along(request.param)


def test_even(numbers):
    """Chi-square of 256 classes along each part of the key, and the Kolmogorov-Smirnov distance."""
    counts = np.bincount((numbers * 256).astype(int), minlength=256)
    assert stats.chisquare(counts).pvalue > RARE
    assert stats.kstest(numbers, "uniform").pvalue > RARE
    assert numbers.min() > 0.0
    assert numbers.max() < 1.0


def test_neighbours_are_independent(numbers):
    """Chi-square of 16 by 16 classes for pairs one and two apart: no part of the key leaks into the next."""
    classes = (numbers * 16).astype(int)
    for lag in (1, 2):
        counts = np.bincount(classes[:-lag] * 16 + classes[lag:], minlength=256)
        assert stats.chisquare(counts).pvalue > RARE


def test_low_bits_are_even(numbers):
    """The last eight bits of each word are as even as the first."""
    words = np.round(numbers * 2.0**32 - 0.5).astype(np.int64)
    assert stats.chisquare(np.bincount(words & 255, minlength=256)).pvalue > RARE


def test_neighbours_in_two_parts_are_independent():
    """The same person's luck in two decisions, weeks and draws, over 200,000 people: correlation within 4 / sqrt(n)."""
    who = np.arange(1, N + 1)
    first, second = np.empty(N), np.empty(N)
    fill_uniform(luck(1, 0), decision_number("needs.hospital"), who, 9, first)
    for key, name, week in (
        (luck(1, 0), "needs.leaving", 9),
        (luck(1, 0), "needs.hospital", 10),
        (luck(1, 1), "needs.hospital", 9),
        (luck(2, 0), "needs.hospital", 9),
    ):
        fill_uniform(key, decision_number(name), who, week, second)
        assert abs(np.corrcoef(first, second)[0, 1]) < 4.0 / np.sqrt(N)


def test_a_check_that_can_fail():
    """The checks above find out a generator that multiplies once and stops."""
    weak = (np.arange(N, dtype=np.uint64) * np.uint64(0xD2511F53) & np.uint64(0xFFFFFFFF)) / 2.0**32
    classes = (weak * 16).astype(int)
    assert stats.chisquare(np.bincount(classes[:-1] * 16 + classes[1:], minlength=256)).pvalue < RARE


def test_normal_numbers():
    """Standard normal, rising with the uniform of the same key; Kolmogorov-Smirnov and four moments."""
    out, u, who = np.empty(N), np.empty(N), np.arange(1, N + 1)
    fill_normal(luck(3, 1), 17, who, 2, out)
    fill_uniform(luck(3, 1), 17, who, 2, u)
    assert stats.kstest(out, "norm").pvalue > RARE
    assert abs(out.mean()) < 4.0 / np.sqrt(N)
    assert abs(out.var() - 1.0) < 4.0 * np.sqrt(2.0 / N)
    assert abs(stats.skew(out)) < 4.0 * np.sqrt(6.0 / N)
    assert abs(stats.kurtosis(out)) < 4.0 * np.sqrt(24.0 / N)
    assert (np.argsort(out) == np.argsort(u)).all()
    assert normal(luck(3, 1), 17, 1, 2) == out[0]


@pytest.mark.parametrize("mean", [0.05, 3.0, 15.9, 16.0, 16.1, 300.0])
def test_poisson(mean):
    """Mean and variance of counts over 20,000 keys within 4 standard errors, and chi-square against the law."""
    n = 20_000
    counts = np.array([poisson(mean, luck(8, 0), 4, who, 1) for who in range(n)])
    assert abs(counts.mean() - mean) < 4.0 * np.sqrt(mean / n)
    assert abs(counts.var() - mean) < 4.0 * np.sqrt((mean + 2.0 * mean * mean) / n)
    edges = np.unique(stats.poisson.ppf(np.linspace(0.02, 0.98, 15), mean))
    shares = np.diff(np.concatenate([[0.0], stats.poisson.cdf(edges, mean), [1.0]]))
    found = np.bincount(np.searchsorted(edges, counts), minlength=len(shares))
    assert stats.chisquare(found, shares * n).pvalue > RARE


def test_poisson_of_nothing():
    """A mean of zero is nobody; a larger mean with the same luck is never fewer."""
    assert poisson(0.0, luck(8, 0), 4, 1, 1) == 0
    for who in range(200):
        counts = [poisson(mean, luck(8, 0), 4, who, 1) for mean in (1.0, 2.0, 7.5, 15.0)]
        assert counts == sorted(counts)


def test_any_order_and_any_threads():
    """Forwards, backwards, in pieces and in four threads: everybody has the same number."""
    who = np.arange(1, N + 1)
    forwards, backwards, pieces = np.empty(N), np.empty(N), np.empty(N)
    fill_uniform(luck(1, 0), 5, who, 3, forwards)
    fill_uniform(luck(1, 0), 5, who[::-1].copy(), 3, backwards)
    assert (forwards == backwards[::-1]).all()
    cuts = [slice(first, first + N // 8) for first in range(0, N, N // 8)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda cut: fill_uniform(luck(1, 0), 5, who[cut], 3, pieces[cut]), cuts))
    assert (forwards == pieces).all()
    assert uniform(luck(1, 0), 5, 77, 3) == forwards[76]


def test_keys_that_do_not_exist_are_refused():
    """Seeds are 0 to 2^64 - 1, draws 0 to 2^32 - 1."""
    for seed, draw in ((-1, 0), (LARGEST_SEED + 1, 0), (0, -1), (0, 2**32)):
        with pytest.raises(ValueError, match="seed must be"):
            luck(seed, draw)
    assert luck(LARGEST_SEED, 2**32 - 1).seed_high == 2**32 - 1


def test_newcomers_have_numbers_of_their_own():
    """A newcomer of one week is never a newcomer of another, and never somebody recorded."""
    numbers = {(week + 1) * FIRST_NEWCOMER + j for week in range(50) for j in range(200)}
    assert len(numbers) == 50 * 200
    assert min(numbers) == FIRST_NEWCOMER

"""Luck: every random number is a pure function of (seed, draw, decision, who, week).

Nothing is drawn "next". A person's luck in one decision in one week is the same number whatever else the model does,
in whatever order, on however many processors. So two delivery models run over the same people *and the same luck*,
and what differs between them is what the models do. (Stout & Goldie 2008; Klein et al. 2024: misaligned draws are the
dominant noise in models of individuals.)

The generator is Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"):
the counter is (who, week and rank, decision, draw), the key is the seed. It is a bijection, so two different counters
can never give the same block.
"""

import hashlib
from collections import namedtuple
from typing import Any

import numpy as np

from insource.compiled import compiled, rule
from insource.numeric import depth_in_tail, exp, normal_quantile, quantile_at_depth

MULTIPLY_A = np.uint64(0xD2511F53)
MULTIPLY_B = np.uint64(0xCD9E8D57)
STEP_A = np.uint64(0x9E3779B9)
STEP_B = np.uint64(0xBB67AE85)
LOW_32 = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
ROUNDS = 10
RANK_SHIFT = np.uint64(16)
PER_WORD = 1.0 / 4294967296.0
POISSON_CHUNK = 16.0

FIRST_NEWCOMER = 1 << 20
"""People recorded at the start are numbered from 1 to below this; the j-th newcomer of week w (both from 0) has number
(w + 1) * FIRST_NEWCOMER + j. So one newcomer more in one week renumbers nobody in another."""

LARGEST_SEED = 2**64 - 1
LARGEST_WHO = 2**32 - 1
LARGEST_WEEK = 2**16 - 1

Luck = namedtuple("Luck", ["seed_low", "seed_high", "draw"])
"""The key of one run: two halves of the seed, and which of the paired draws this is."""


def luck(seed: int, draw: int) -> Luck:
    """The luck of draw number `draw` (0, 1, 2, ...) under `seed` (0 to 2^64 - 1)."""
    if not 0 <= seed <= LARGEST_SEED or not 0 <= draw <= LARGEST_WHO:
        raise ValueError(f"seed must be 0 to {LARGEST_SEED} and draw 0 to {LARGEST_WHO}; found {seed} and {draw}")
    return Luck(np.uint64(seed & 0xFFFFFFFF), np.uint64(seed >> 32), np.uint64(draw))


def decision_number(name: str) -> int:
    """A decision's own number, from its name alone: adding a decision renumbers nobody's."""
    return int.from_bytes(hashlib.blake2s(name.encode(), digest_size=4).digest(), "little")


def decisions(owner: str, *names: str) -> Any:
    """The decisions of one mechanism: a named tuple of their numbers, `DRAWS.hospital` and so on."""
    numbers = [decision_number(f"{owner}.{name}") for name in names]
    return namedtuple("Draws", names)(*numbers)  # type: ignore[misc]


@rule
def philox(c0, c1, c2, c3, k0, k1):
    """Four random 32-bit words (held in 64 bits) from a counter of four words and a key of two."""
    for _ in range(ROUNDS):  # only low halves are multiplied, so the others are cleared there, where it costs nothing
        product_a = MULTIPLY_A * (c0 & LOW_32)
        product_b = MULTIPLY_B * (c2 & LOW_32)
        c0 = (product_b >> HALF) ^ c1 ^ k0
        c1 = product_b
        c2 = (product_a >> HALF) ^ c3 ^ k1
        c3 = product_a
        k0 = (k0 + STEP_A) & LOW_32
        k1 = (k1 + STEP_B) & LOW_32
    return c0 & LOW_32, c1 & LOW_32, c2 & LOW_32, c3 & LOW_32


@rule
def block(luck, decision, who, week, rank):
    """The four words of one key."""
    when = np.uint64(week) | (np.uint64(rank) << RANK_SHIFT)
    return philox(np.uint64(who), when, np.uint64(decision), luck.draw, luck.seed_low, luck.seed_high)


@rule
def as_uniform(word):
    """A word of 32 bits as a number evenly spread over (0, 1)."""
    return (np.float64(np.int64(word)) + 0.5) * PER_WORD


@rule
def uniform(luck, decision, who, week, rank=0):
    """A number evenly spread over (0, 1) for this decision, person (or worker, or provider) and week.

    `rank` tells apart several draws of one decision in one week (one for each provider considered, say): 0 to 65,535.
    The result is never exactly 0 or 1.
    """
    word, _, _, _ = block(luck, decision, who, week, rank)
    return as_uniform(word)


@rule
def normal(luck, decision, who, week, rank=0):
    """A standard normal number, rising with the uniform of the same key."""
    return normal_quantile(uniform(luck, decision, who, week, rank))


@rule
def poisson(mean, luck, decision, who, week):
    """A Poisson count with this mean (0 to about 10^6), rising with its draws.

    Sums independent counts of mean 16 or less, each by inversion of its distribution function.
    """
    total = 0
    left = mean
    rank = 0
    while left > 0.0:
        part = min(left, POISSON_CHUNK)
        u = uniform(luck, decision, who, week, rank)
        chance = exp(-part)
        below = chance
        count = 0
        while u > below and count < 200:
            count += 1
            chance = chance * part / count
            below += chance
        total += count
        left -= part
        rank += 1
    return total


@compiled
def fill_uniform(luck, decision, who, week, out):
    """Fill `out` with each one's uniform; `who` and `out` are columns of equal length."""
    for i in range(who.shape[0]):
        out[i] = uniform(luck, decision, who[i], week)


@compiled
def fill_two(luck, decision, who, week, first, second):
    """Fill two columns with each one's uniforms of one decision: two words of the same block, as good as unrelated."""
    for i in range(who.shape[0]):
        one, two, _, _ = block(luck, decision, who[i], week, 0)
        first[i] = as_uniform(one)
        second[i] = as_uniform(two)


@compiled
def fill_three(luck, decision, who, week, first, second, third):
    """Fill three columns with each one's uniforms of one decision: three words of the same block."""
    for i in range(who.shape[0]):
        one, two, three, _ = block(luck, decision, who[i], week, 0)
        first[i] = as_uniform(one)
        second[i] = as_uniform(two)
        third[i] = as_uniform(three)


@compiled
def fill_normal(luck, decision, who, week, out):
    """Fill `out` with each one's standard normal; `who` and `out` are columns of equal length."""
    fill_uniform(luck, decision, who, week, out)
    to_normal(out)


@compiled
def to_normal(column):
    """Turn a column of uniforms into standard normals; in two passes, as one is too long to overlap with the next."""
    depths = np.empty(column.shape[0], np.float64)
    for i in range(column.shape[0]):
        depths[i] = depth_in_tail(column[i])
    for i in range(column.shape[0]):
        column[i] = quantile_at_depth(column[i], depths[i])

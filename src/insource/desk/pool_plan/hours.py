"""Hours to hold so that need is covered in a share of weeks: one pool, several, or every package by itself.

For packages that differ in size Eppen's formula (theory, section 4) holds with the number of equal packages that would
fluctuate as much: n = (sum of spreads)^2 / sum of squared spreads.

    spread of a pool = sum of spreads * sqrt(correlation + (1 - correlation) / n)
    hours held       = mean + z(reliability) * spread
    idle             = spread * (phi(z) + z Phi(z)),   unmet = spread * (phi(z) - z (1 - Phi(z)))     a week
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from insource.numeric import normal_density, normal_loss, normal_point
from insource.rules.pooling import all_covered_share, banked_variance_share, cover_for_reliability, pooled_variation

STEPS = 200


@dataclass(frozen=True)
class Pool:
    """People whose hours may be moved between them: how many, their mean hours a week together, and their spread."""

    people: float
    mean: float
    spread: float


@dataclass(frozen=True)
class Held:
    """Hours a week held, of which so many are idle, and hours of need that go unmet, over all pools."""

    pools: int
    people_a_pool: float
    mean: float
    hours: float
    idle: float
    unmet: float
    spread: float
    """Square root of the summed squared spreads of the pools: what posts are planned against, pool by pool."""


def pool_of(means: np.ndarray, variation: float, correlation: float) -> Pool:
    """One pool of packages with these mean hours, each with this coefficient of variation."""
    total, squares = float(means.sum()), float((means**2).sum())
    if total <= 0.0:
        return Pool(0.0, 0.0, 0.0)
    equal = total * total / squares
    return Pool(float(len(means)), total, total * float(pooled_variation(variation, correlation, equal)))


def split(means: np.ndarray, pools: int, variation: float, correlation: float) -> list[Pool]:
    """The same people shared out among so many pools, of which none helps another: dealt out by size, so that pools are
    as alike as can be."""
    order = np.argsort(-means, kind="stable")
    ranks = np.arange(len(means))
    lap = ranks // pools
    dealt = np.where(lap % 2 == 0, ranks % pools, pools - 1 - ranks % pools)
    return [pool_of(means[order[dealt == number]], variation, correlation) for number in range(pools)]


def held(pools: Sequence[Pool], reliability: float) -> Held:
    """What to hold so that each pool has enough in this share of weeks."""
    there = [pool for pool in pools if pool.mean > 0.0]
    z = max(float(normal_point(reliability)), 0.0)
    hours = sum(pool.mean * float(cover_for_reliability(reliability, pool.spread / pool.mean)) for pool in there)
    spread = sum(pool.spread for pool in there)
    unmet = spread * float(normal_loss(z))
    people = sum(pool.people for pool in there)
    return Held(
        len(there),
        people / len(there) if there else 0.0,
        sum(pool.mean for pool in there),
        hours,
        unmet + z * spread,
        unmet,
        math.sqrt(sum(pool.spread**2 for pool in there)),
    )


def separate(means: np.ndarray, variation: float, reliability: float) -> Held:
    """What to hold if every package covers its own need in this share of weeks."""
    return held([Pool(1.0, float(mean), float(mean) * variation) for mean in means], reliability)


def banked(means: np.ndarray, variation: float, persistence: float, weeks: float, reliability: float) -> Held:
    """The same where hours saved in one week may be used in another of so many weeks."""
    kept = math.sqrt(float(banked_variance_share(persistence, weeks)))
    return separate(means, variation * kept, reliability)


def all_covered(people: float, reliability: float) -> float:
    """Share of weeks in which every one of separate packages is enough, if needs are independent."""
    return float(all_covered_share(reliability, people))


def reliability_for(unmet: float, mean: float, spread: float) -> float:
    """The reliability at which spreads that add up to `spread` leave this many hours unmet: for like against like."""
    low, high = 0.5, 1.0 - 1e-9
    if spread <= 0.0 or spread * float(normal_loss(0.0)) <= unmet:
        return low
    for _ in range(STEPS):
        middle = (low + high) / 2.0
        if spread * float(normal_loss(normal_point(middle))) > unmet:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0


def cheapest(mean: float, spread: float, price: float, penalty: float) -> tuple[float, float]:
    """Hours to hold at least cost where a held hour costs `price` and an unmet one `penalty`; and that cost a week.

    Newsvendor: mean + spread * z, z the quantile at 1 - price / penalty; cost price * mean + penalty * spread * phi(z).
    """
    z = float(normal_point(1.0 - price / penalty))
    return mean + spread * z, price * mean + penalty * spread * float(normal_density(z))

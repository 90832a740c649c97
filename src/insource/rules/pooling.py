"""What a pool of people saves: fluctuations that are one's own cancel, fluctuations that are everybody's do not."""

import math

from insource.compiled import rule
from insource.numeric import exp, log, normal_density, normal_point, normal_quantile


@rule
def pooled_variation(variation, correlation, people):
    """Coefficient of variation of the sum over `people` equal needs, each with `variation`, pairwise correlated.

    Eppen (1979): variation * sqrt(correlation + (1 - correlation) / people).
    """
    return variation * math.sqrt(correlation + (1.0 - correlation) / max(people, 1.0))


@rule
def cover_for_reliability(reliability, variation):
    """Capacity over mean need so that need is covered in this share of weeks (normal sums): 1 + z * variation."""
    return 1.0 + max(normal_quantile(reliability), 0.0) * variation


@rule
def share_served(scheduled, capacity):
    """Share of what is scheduled that capacity can serve, from 0 to 1; 1 when nothing is scheduled."""
    if scheduled <= capacity:
        return 1.0
    return max(capacity, 0.0) / scheduled


@rule
def separate_hours(people, mean, spread, reliability_share):
    """Hours that cover each of `people` needs on its own in this share of weeks: people * (mean + z * spread)."""
    return people * (mean + normal_point(reliability_share) * spread)


@rule
def pooled_hours(people, mean, spread, correlation, reliability_share):
    """Hours that cover the sum of `people` needs in this share of weeks (normal sums).

    Eppen (1979): people * mean + z * spread * sqrt(people * (1 + (people - 1) * correlation)).
    """
    together = math.sqrt(people * (1.0 + (people - 1.0) * correlation))
    return people * mean + normal_point(reliability_share) * spread * together


@rule
def split_hours(people, mean, spread, pools, reliability_share):
    """The same for independent needs shared equally by `pools` that do not help one another.

    Safety grows with the root of both: people * mean + z * spread * sqrt(people * pools).
    """
    return people * mean + normal_point(reliability_share) * spread * math.sqrt(people * pools)


@rule
def all_covered_share(reliability_share, people):
    """Share of weeks in which every one of `people` separate packages is enough: reliability^people."""
    return exp(log(reliability_share) * people)


@rule
def stocking_cost(people, spread, spare_cost, short_cost):
    """Cost of spare and short hours where each of `people` has the best stock of their own (Eppen 1979, decentral).

    people * (spare + short) * spread * phi(z), z the quantile at short / (spare + short). Kept together for
    independent needs the same costs 1 / sqrt(people) of this: put 1 for people and spread * sqrt(people) for spread.
    """
    z = normal_point(short_cost / (spare_cost + short_cost))
    return people * (spare_cost + short_cost) * spread * normal_density(z)


@rule
def banked_variance_share(persistence, weeks):
    """Share of a weekly variance left in the mean of `weeks` weeks: what banking hours does without any pool.

    For an AR(1) need with weekly autocorrelation p: (1 + 2 * sum over k < T of (1 - k / T) p^k) / T.
    """
    total = 1.0
    kept = 1.0
    for k in range(1, int(weeks)):
        kept *= persistence
        total += 2.0 * (1.0 - k / weeks) * kept
    return total / max(weeks, 1.0)

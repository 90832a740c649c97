"""What a pool of people saves: fluctuations that are one's own cancel, fluctuations that are everybody's do not."""

import math

from insource.compiled import rule
from insource.numeric import normal_quantile


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

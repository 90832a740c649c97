"""Demand that failure creates: each failed unit brings further units, those bring more, and so on (Leontief's inverse).

With one kind of work and a chance p that a unit fails and must be done again, all demand is 1 / (1 - p) times the
first. With two kinds, a unit of one may create units of both. Theory.md section 3, COST-2 and COST-3.
"""

import math

from insource.compiled import rule


@rule
def demand_multiple(failing_share):
    """All units for each one first asked for, when this share of units fails and comes back."""
    return 1.0 / (1.0 - failing_share) if failing_share < 1.0 else math.inf


@rule
def cost_of_a_success(unit_cost, failing_share):
    """What a unit that works costs, when this share fails and has to be done again."""
    return unit_cost * demand_multiple(failing_share)


@rule
def failing_share_at_which_equal(unit_cost, other_unit_cost, other_failing_share):
    """The share of failures at which the first supplier's successes cost what those of the other do."""
    return 1.0 - unit_cost * (1.0 - other_failing_share) / other_unit_cost


@rule
def growth_of_failure(aa, ab, ba, bb):
    """Spectral radius of what units of kinds a and b create (ab: units of b for each of a); below 1 it dies out."""
    half_trace = (aa + bb) / 2.0
    return half_trace + math.sqrt(max(half_trace * half_trace - aa * bb + ab * ba, 0.0))


@rule
def all_demand(first_a, first_b, aa, ab, ba, bb):
    """(all of a, all of b): (I - M')^-1 times what is first asked for; infinite where failure breeds failure."""
    if growth_of_failure(aa, ab, ba, bb) >= 1.0:
        return math.inf, math.inf
    size = (1.0 - aa) * (1.0 - bb) - ab * ba
    return (first_a * (1.0 - bb) + first_b * ba) / size, (first_b * (1.0 - aa) + first_a * ab) / size

"""Who should own a service when a contract cannot say everything (Hart, Shleifer & Vishny 1997), and when to buy.

Whoever runs the service can cut cost, which saves `saving` * 2 sqrt(e) and does damage `damage` * 2 sqrt(e), or improve
quality, worth `benefit` * 2 sqrt(i); neither effort can be written into a contract. An owner outside keeps the whole
saving and bargains for half the worth of an improvement, and does not feel the damage. A public manager feels both, but
only with the weight `stake` / 2, since the council can replace them and go on with what they have begun. The best
conceivable weighs all of it in full. Theory.md section 3, HSV-1, HSV-2, TCE-1.
"""

import math

from insource.compiled import rule


@rule
def _squared(x):
    return x * x


@rule
def best_efforts(saving, damage, benefit):
    """(cost cutting, improvement) that are best for everybody together."""
    return _squared(max(saving - damage, 0.0)), _squared(benefit)


@rule
def outside_owner_efforts(saving, benefit):
    """(cost cutting, improvement) of an owner outside: the whole saving is theirs, half of the benefit, no damage."""
    return _squared(saving), _squared(benefit / 2.0)


@rule
def public_manager_efforts(saving, damage, benefit, stake):
    """(cost cutting, improvement) of a public manager who gets half of a share `stake` (0 to 1) of each."""
    return _squared(stake / 2.0 * max(saving - damage, 0.0)), _squared(stake / 2.0 * benefit)


@rule
def surplus(cutting, improving, saving, damage, benefit):
    """What both efforts are worth to everybody together, less what they take."""
    cut = 2.0 * (saving - damage) * math.sqrt(cutting) - cutting
    return cut + 2.0 * benefit * math.sqrt(improving) - improving


@rule
def damage_at_which_public_wins(saving, benefit, stake):
    """The damage of cost cutting above which a public owner does better: the root of a quadratic.

    K b^2 + 2 (1 - K) c b - (1 - K) c^2 - (3/4 - K) B^2 = 0 with K = stake - stake^2 / 4. At stake 1 it is a third of
    the saving, whatever an improvement is worth. Infinite if a public manager feels nothing.
    """
    weight = stake - stake * stake / (2.0 * 2.0)
    if weight <= 0.0:
        return math.inf
    three_quarters = 1.0 - 1.0 / (2.0 * 2.0)
    half_slope = (1.0 - weight) * saving
    rest = (1.0 - weight) * _squared(saving) + (three_quarters - weight) * _squared(benefit)
    return (math.sqrt(max(_squared(half_slope) + weight * rest, 0.0)) - half_slope) / weight


@rule
def specificity_at_which_own_wins(buying_fixed, buying_slope, own_fixed, own_slope, saving_by_buying):
    """How special a service must be for running it oneself to be cheaper (Riordan & Williamson 1985).

    Governing a purchase costs `buying_fixed` + `buying_slope` * k, one's own service `own_fixed` + `own_slope` * k, and
    buying saves `saving_by_buying` in production: buy while k is less than this.
    """
    return (own_fixed - buying_fixed + saving_by_buying) / (buying_slope - own_slope)

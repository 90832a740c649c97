"""Choosing a service by what is known of its quality, among those with room (Thurstone 1927; McFadden 1974).

Quality is normal among services; what somebody sees of it is correlated with it by `correlation`. Each service has
room with the chance `room_share`, whatever its quality.
"""

import math

import numpy as np

from insource.compiled import compiled, rule
from insource.numeric import GRID_END, GRID_STEPS, exp, log, normal_below, normal_density


@rule
def better_of_two_share(correlation):
    """Chance to pick the better of two services: 1/2 + asin(r) / pi (orthant probability of two normals)."""
    return 1.0 / 2.0 + math.asin(correlation) / math.pi


@rule
def mean_of_best(services, room_share):
    """Mean quality, in spreads, of the best of so many services that have room (0 where none has).

    The integral of z d(1 - a + a Phi(z))^k, which for a = 1 is m_k, the mean of the largest of k normals.
    """
    step = 2.0 * GRID_END / GRID_STEPS
    total = 0.0
    for i in range(GRID_STEPS + 1):
        z = i * step - GRID_END
        at_most = exp((services - 1.0) * log(1.0 - room_share + room_share * normal_below(z)))
        total += z * normal_density(z) * at_most
    return total * step * services * room_share


@rule
def mean_of_pick(services, room_share, correlation, quality_spread):
    """Mean quality of the service picked by what is seen of it: r * spread * mean of the best."""
    return correlation * quality_spread * mean_of_best(services, room_share)


@rule
def nobody_share(services, room_share):
    """Chance that none of so many services has room: (1 - a)^k."""
    return exp(services * log(1.0 - room_share))


@rule
def no_choice_share(services, room_share):
    """Chance that at most one has room, so that there is nothing to choose: (1 - a)^k + k a (1 - a)^(k - 1)."""
    return nobody_share(services, room_share) + services * room_share * nobody_share(services - 1.0, room_share)


@rule
def expected_calls(services, room_share):
    """Services asked, one after the other and each at most once, until one has room: (1 - (1 - a)^k) / a."""
    return (1.0 - nobody_share(services, room_share)) / room_share


@rule
def expected_rounds(services, room_share):
    """Weeks until some service has room, if all are asked once a week: 1 / (1 - (1 - a)^k)."""
    return 1.0 / (1.0 - nobody_share(services, room_share))


@rule
def quality_chosen(margin, quality_cost, sensitivity, services):
    """The quality rivals choose at a fixed fee when people choose by it (logit demand, Nash; after Gaynor 2006).

    margin / quality_cost - n / (sensitivity (n - 1)), never below 0: with no rival, or where people cannot see or
    cannot act on quality (sensitivity 0), nobody gains from providing any.
    """
    if services <= 1.0 or sensitivity <= 0.0:
        return 0.0
    return max(margin / quality_cost - services / (sensitivity * (services - 1.0)), 0.0)


@compiled
def rationed(shares, room, people):
    """How many people each service takes if they choose in these shares until rooms are full (water filling).

    Those for whom the service of their choice is full choose among the others in proportion to the others' shares;
    those for whom nothing is left are not placed. Nobody's choice depends on the order in which people come.
    """
    taken = np.zeros(shares.shape[0])
    left = people
    while left > 0.0:
        wanted = 0.0
        for j in range(shares.shape[0]):
            wanted += shares[j] * (taken[j] < room[j])
        if wanted <= 0.0:
            break
        fits = left
        for j in range(shares.shape[0]):
            if shares[j] > 0.0 and taken[j] < room[j]:
                fits = min(fits, (room[j] - taken[j]) * wanted / shares[j])
        for j in range(shares.shape[0]):
            if shares[j] > 0.0 and taken[j] < room[j]:
                is_full = (room[j] - taken[j]) * wanted <= fits * shares[j]
                taken[j] = room[j] if is_full else taken[j] + fits * shares[j] / wanted
        left -= fits
    return taken

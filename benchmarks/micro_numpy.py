"""The micro-model in plain NumPy, one stream of random numbers, as an analyst would write it."""

import numpy as np

from benchmarks.micro import (
    ADMITTED,
    FILLS,
    LEAVES,
    MEAN_MINUTES,
    MINUTES_A_POST,
    MOVES,
    PATIENCE,
    PEOPLE_A_SERVICE,
    PERSISTENCE,
    POSTS_A_PERSON,
    QUITS,
    RETURNS,
    SHORT_BELOW,
    SPREAD,
    Totals,
)


def run(people: int, weeks: int, seed: int) -> Totals:
    """Run the micro-model."""
    rng = np.random.Generator(np.random.SFC64(seed))
    services, posts = max(people // PEOPLE_A_SERVICE, 1), int(people * POSTS_A_PERSON)
    level, innovation = np.log(MEAN_MINUTES) - SPREAD**2 / 2, SPREAD * np.sqrt(1 - PERSISTENCE**2)
    deviation, away, short = np.zeros(people), np.zeros(people, bool), np.zeros(people, np.int32)
    service, owner = np.arange(people) % services, np.arange(posts) % services
    filled = np.ones(posts, bool)
    totals = Totals.of(weeks)
    for week in range(weeks):
        shock = rng.standard_normal(people)
        is_gone = rng.random(people) < LEAVES
        deviation = np.where(is_gone, SPREAD * shock, PERSISTENCE * deviation + innovation * shock)
        stay = rng.random(people)
        away = np.where(away, stay >= RETURNS, stay < ADMITTED)
        minutes = np.rint(np.exp(level + deviation)) * ~away
        change = rng.random(posts)
        filled = np.where(filled, change >= QUITS, change < FILLS)
        demand = np.bincount(service, minutes, services)
        capacity = np.bincount(owner, filled * MINUTES_A_POST, services)
        served = np.minimum(1.0, capacity / np.maximum(demand, 1.0))
        mine = served[service]
        short = np.where((mine < SHORT_BELOW) & ~away, short + 1, 0)
        movers = np.flatnonzero((short > PATIENCE) & (rng.random(people) < MOVES))
        service[movers] = rng.integers(0, services, len(movers))
        short[movers] = 0
        totals.needed[week], totals.delivered[week] = minutes.sum(), (minutes * mine).sum()
        totals.moves[week], totals.filled[week] = len(movers), filled.sum()
    return totals

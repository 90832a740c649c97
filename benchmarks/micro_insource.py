"""The micro-model with insource's own rules, keyed draws and compiler."""

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
from insource.compiled import compiled
from insource.draws import decisions, fill_normal, fill_uniform, luck, uniform
from insource.rules.needs import level_for_mean, minutes_at_home, next_deviation
from insource.rules.pooling import share_served

DRAWS = decisions("micro", "shock", "hospital", "leaving", "post", "move", "target")


def run(people: int, weeks: int, seed: int) -> Totals:
    """Run the micro-model; the first call compiles it."""
    services, posts = max(people // PEOPLE_A_SERVICE, 1), int(people * POSTS_A_PERSON)
    who = np.arange(people, dtype=np.int64)
    state = (
        who,
        np.zeros(people),
        np.zeros(people, np.int8),
        (who % services).astype(np.int32),
        np.zeros(people, np.int32),
        np.zeros(people, np.int32),
        np.arange(posts, dtype=np.int64),
        np.ones(posts, np.int8),
        np.empty(people),
        np.empty(people),
        np.empty(people),
        np.empty(posts),
    )
    totals = np.zeros((4, weeks))
    _weeks(weeks, services, luck(seed, 0), totals, *state)
    return Totals(*totals)


@compiled
def _weeks(
    weeks,
    services,
    key,
    totals,
    who,
    deviation,
    away,
    service,
    short,
    minutes,
    post,
    filled,
    shock,
    stay,
    leave,
    change,
):
    level = level_for_mean(MEAN_MINUTES, SPREAD)
    demand = np.zeros(services)
    capacity = np.zeros(services)
    served = np.zeros(services)
    for week in range(weeks):
        fill_normal(key, DRAWS.shock, who, week, shock)
        fill_uniform(key, DRAWS.hospital, who, week, stay)
        fill_uniform(key, DRAWS.leaving, who, week, leave)
        fill_uniform(key, DRAWS.post, post, week, change)
        for i in range(who.shape[0]):
            is_gone = leave[i] < LEAVES
            kept = next_deviation(deviation[i], PERSISTENCE, SPREAD, shock[i])
            deviation[i] = SPREAD * shock[i] if is_gone else kept
            away[i] = ((away[i] == 1) & (stay[i] >= RETURNS)) | ((away[i] == 0) & (stay[i] < ADMITTED))
            minutes[i] = minutes_at_home(level, deviation[i], 0.0, 0.0) * (1 - away[i])
        demand[:] = 0.0
        capacity[:] = 0.0
        for i in range(who.shape[0]):
            demand[service[i]] += minutes[i]
        for k in range(post.shape[0]):
            filled[k] = ((filled[k] == 1) & (change[k] >= QUITS)) | ((filled[k] == 0) & (change[k] < FILLS))
            capacity[k % services] += filled[k] * MINUTES_A_POST
        for j in range(services):
            served[j] = share_served(demand[j], capacity[j])
        moves = 0
        delivered = needed = 0.0
        for i in range(who.shape[0]):
            given = minutes[i] * served[service[i]]
            needed += minutes[i]
            delivered += given
            short[i] = (short[i] + 1) * ((served[service[i]] < SHORT_BELOW) & (away[i] == 0))
            if short[i] > PATIENCE and uniform(key, DRAWS.move, i, week) < MOVES:
                service[i] = int(uniform(key, DRAWS.target, i, week) * services)
                short[i] = 0
                moves += 1
        totals[0, week], totals[1, week], totals[2, week], totals[3, week] = needed, delivered, moves, filled.sum()

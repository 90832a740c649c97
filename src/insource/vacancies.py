"""Which vacancies somebody takes this week, and from where: the area's pool of job seekers, or beyond it."""

import numpy as np

from insource.compiled import inlined, inner
from insource.rare import listed


@inlined
def place_in_pool(u, fills, beyond):
    """A vacancy that fills (u < fills): its place, 0 to 1, among those filled from the pool; below 0 from beyond."""
    return (u / fills - beyond) / (1.0 - beyond) if beyond < 1.0 else -1.0


@inner
def vacancies_taken(workers, providers, beyond, rows_in_use):
    """The vacancies somebody would take this week: (where each service's begin in the list, rows, places in the pool).

    `rows_in_use` are two columns: the first row of each service's posts, and one past the last; services lie one after
    the other. Rows beyond the posts wanted are vacant without being vacancies: the first vacant rows count.
    """
    n = providers.part.shape[0]
    flags = np.zeros(workers.post.shape[0], np.int8)
    for j in range(n):
        fills = providers.fill_chance[j]
        open_posts = max(providers.wanted_posts[j] - providers.filled_posts[j], 0)
        first, stop = rows_in_use[0][j], rows_in_use[1][j]
        vacant = 0
        for k in range(first, stop if open_posts > 0 else first):
            flags[k] = (workers.is_filled[k] == 0) & (workers.change_draw[k] < fills)
        for k in range(first, stop if open_posts > 0 else first):
            vacant += workers.is_filled[k] == 0
        if vacant > open_posts:
            strike_last(flags, workers.is_filled, first, stop, open_posts)
    rows = listed(flags)
    first_taken, places = np.zeros(n + 1, np.int64), np.empty(rows.shape[0], np.float64)
    count = 0
    for j in range(n):
        while count < rows.shape[0] and rows[count] < np.int64(rows_in_use[1][j]):
            u = workers.change_draw[rows[count]]
            places[count] = place_in_pool(u, providers.fill_chance[j], beyond)
            count += 1
        first_taken[j + 1] = count
    return first_taken, rows, places


@inlined
def strike_last(flags, is_filled, first, stop, open_posts):
    """Take back the flags of vacant rows beyond the first `open_posts` of a service."""
    vacant = 0
    for k in range(first, stop):
        vacant += is_filled[k] == 0
        flags[k] &= vacant <= open_posts


@inner
def highest_place(places, seekers):
    """The place below which vacancies are filled from the pool: all, unless fewer people look than would be taken."""
    from_pool = 0
    for place in places:
        from_pool += place >= 0.0
    if from_pool <= seekers:
        return 1.0
    return np.sort(places)[places.shape[0] - from_pool + seekers]

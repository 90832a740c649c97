"""Which vacancies somebody takes this week, and from where: the area's pool of job seekers, or beyond it."""

import numpy as np

from insource.compiled import inlined, inner


@inlined
def place_in_pool(u, fills, beyond):
    """A vacancy that fills (u < fills): its place, 0 to 1, among those filled from the pool; below 0 from beyond."""
    return (u / fills - beyond) / (1.0 - beyond) if beyond < 1.0 else -1.0


@inner
def vacancies_taken(workers, providers, beyond, rows_in_use):
    """The vacancies somebody would take this week: (where each service's begin in the list, rows, places in the pool).

    `rows_in_use` are two columns: the first row of each service's posts, and one past the last. Rows beyond the posts
    wanted are vacant without being vacancies: of a service's vacant rows the first count.
    """
    n = providers.part.shape[0]
    first_taken = np.zeros(n + 1, np.int64)
    most = 0
    for j in range(n):
        most += max(providers.wanted_posts[j] - providers.filled_posts[j], 0)
    rows, places = np.empty(most + 1, np.int64), np.empty(most + 1, np.float64)
    count = 0
    for j in range(n):
        fills = providers.fill_chance[j]
        open_posts = max(providers.wanted_posts[j] - providers.filled_posts[j], 0)
        first, stop = rows_in_use[0][j], rows_in_use[1][j]
        vacant = 0
        for k in range(first, stop if open_posts > 0 else first):  # without a branch: the next overwrites what is not
            is_vacant = workers.is_filled[k] == 0
            vacant += is_vacant
            rows[count] = np.int64(k)
            count += is_vacant & (workers.change_draw[k] < fills) & (vacant <= open_posts)
        for c in range(first_taken[j], count):
            places[c] = place_in_pool(workers.change_draw[rows[c]], fills, beyond)
        first_taken[j + 1] = count
    return first_taken, rows[:count], places[:count]


@inner
def highest_place(places, seekers):
    """The place below which vacancies are filled from the pool: all, unless fewer people look than would be taken."""
    from_pool = 0
    for place in places:
        from_pool += place >= 0.0
    if from_pool <= seekers:
        return 1.0
    return np.sort(places)[places.shape[0] - from_pool + seekers]

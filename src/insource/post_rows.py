"""The rows of posts a week visits, and what chance says for each of them."""

import numpy as np

from insource.compiled import inner
from insource.draws import as_uniform, block


@inner
def rows_in_use(first_post, wanted_posts, used_posts):
    """The rows of each service's posts that are wanted or in use: the first, and one past the last.

    Without a sign: over rows that might be counted from the end, the compiler takes one post at a time.
    """
    n = first_post.shape[0]
    first, stop = np.empty(n, np.uint64), np.empty(n, np.uint64)
    for j in range(n):
        first[j] = first_post[j]
        stop[j] = first_post[j] + max(wanted_posts[j], used_posts[j])
    return first, stop


@inner
def draw(week, workers, rows, luck, decision):
    """Each post's two numbers this week: what changes there, and sickness."""
    post, change, sickness = workers.post, workers.change_draw, workers.sickness_draw
    for j in range(rows[0].shape[0]):
        for k in range(rows[0][j], rows[1][j]):
            one, two, _, _ = block(luck, decision, post[k], week, 0)
            change[k] = as_uniform(one)
            sickness[k] = as_uniform(two)

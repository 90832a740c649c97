"""Rows for people and for posts.

How many rows a table has changes nothing else: luck goes by the number of a person or a post, never by the row. Rows
for people start small and are added between weeks, since every week visits all of them; rows for posts are laid out
once and amply, since a week visits only those in use. A run for which that was not enough is made again with more.
"""

import math

import numpy as np

from insource.tables import COLUMNS, Tables

ROOMS = tuple(4.0**power for power in range(8))
"""What spare rows are multiplied by: a run that is cramped is made again with the next."""
CHECK_WEEKS = 8
"""Room for people is looked at this often."""
PEOPLE_SHARE, PEOPLE_ROOTS, PEOPLE_LEAST = 0.01, 1.5, 8
"""Rows kept spare: a share of those in use, so many times their square root (chance), and a few."""
POST_SHARE, POST_ROOTS, POSTS_LEAST = 0.5, 4.0, 20
"""The same for the posts of one service, which may be asked to take all the people of another."""
POST_NUMBERS = 1 << 15
"""A post's number is its service's times this, plus its place there, however many rows there are."""


def people_rows(used: int, room: float) -> int:
    """Rows for `used` people, with twice those kept spare."""
    return used + math.ceil(2.0 * room * _spare(used, PEOPLE_SHARE, PEOPLE_ROOTS, PEOPLE_LEAST))


def post_rows(posts: np.ndarray, room: np.ndarray) -> np.ndarray:
    """Rows for each service that begins with so many posts; `room` multiplies what is spare, service by service."""
    spare = np.array([_spare(wanted, POST_SHARE, POST_ROOTS, POSTS_LEAST) for wanted in posts])
    return np.minimum(np.ceil(posts + room * spare).astype(np.int64), POST_NUMBERS)


def _spare(used: float, share: float, roots: float, least: float) -> float:
    return share * used + roots * math.sqrt(used) + least


def post_numbers(rows: np.ndarray) -> np.ndarray:
    """The numbers of all posts in the order of rows, where service j has rows[j]."""
    first = np.cumsum(rows) - rows
    services = np.repeat(np.arange(len(rows)), rows)
    return services * POST_NUMBERS + np.arange(int(rows.sum())) - first[services]


def make_room(tables: Tables, room: float) -> bool:
    """Add rows for people where less than what should be spare is left; says whether the table is new."""
    people = tables["people"]
    used, rows = int(people["is_open"].sum()), len(people["is_open"])
    if rows - used >= room * _spare(used, PEOPLE_SHARE, PEOPLE_ROOTS, PEOPLE_LEAST):
        return False
    more = people_rows(used, room) - rows
    tables["people"] = {
        name: np.concatenate([column, np.full(more, COLUMNS["people"][name].start, dtype=column.dtype)])
        for name, column in people.items()
    }
    return True


def is_cramped(tables: Tables) -> bool:
    """Whether somebody found no row, or a service wanted more posts than it has rows."""
    council = tables["council"]
    return bool(council["is_full"][0] or council["is_short_of_posts"][0])

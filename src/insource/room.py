"""Rows for people and for posts.

How many rows a table has changes nothing else: luck goes by the number of a person or a post, never by the row. Rows
for people start small and are added between weeks; every week visits those in use and some spare. Rows for posts are
laid out once and amply, since a week visits only those in use. A run for which that was not enough is made again with
more.
"""

import math

import numpy as np

from insource.compiled import compiled
from insource.tables import COLUMNS, Tables
from insource.units import WEEKS_A_QUARTER

ROOMS = tuple(4.0**power for power in range(8))
"""What spare rows are multiplied by: a run that is cramped is made again with the next."""
CHECK_WEEKS = WEEKS_A_QUARTER
"""Room is looked at this often, and whether an area has emptied or exploded."""
NEARLY_ALL = 0.8
"""A service that wants more than this share of its rows for posts gets more of them."""
PEOPLE_SHARE, PEOPLE_ROOTS, PEOPLE_LEAST = 0.01, 1.5, 8
"""Rows kept spare: a share of those in use, so many times their square root (chance), and a few."""
POST_SHARE, POST_ROOTS, POSTS_LEAST = 1.0, 4.0, 40
"""The same for the posts of one service, which may be asked to take all the people of another."""
POST_NUMBERS = 1 << 15
"""A post's number is its service's times this, plus its place there, however many rows there are."""


def people_rows(used: int, room: float) -> int:
    """Rows for `used` people, with three times those kept spare: enough, mostly, for rows never to be added."""
    return used + math.ceil(3.0 * room * _spare(used, PEOPLE_SHARE, PEOPLE_ROOTS, PEOPLE_LEAST))


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


def make_room(tables: Tables, room: float) -> tuple[bool, int]:
    """Add rows for people and for posts where little is left.

    Returns whether a table is new, and how many rows for people are enough to visit until room is looked at again.
    """
    people, services = tables["people"], tables["providers"]
    used, last, are_posts_short = look(
        people["is_open"], services["first_post"], services["last_post"], services["wanted_posts"]
    )
    needed = used + math.ceil(room * _spare(used, PEOPLE_SHARE, PEOPLE_ROOTS, PEOPLE_LEAST))
    are_people_short = needed > len(people["is_open"])
    if are_people_short:
        _add_people(tables, room, used)
    if are_posts_short:
        _add_posts(tables, room)
    return are_people_short or are_posts_short, max(needed, last + 1)


@compiled
def look(is_open, first_post, last_post, wanted_posts):  # type: ignore[no-untyped-def]
    """How many rows for people are in use, the last that is (or -1), and whether services are short of rows for posts.

    Those are that could have more.
    """
    used, is_short = 0, False
    for i in range(is_open.shape[0]):
        used += is_open[i]
    last = is_open.shape[0] - 1
    while last >= 0 and is_open[last] == 0:
        last -= 1
    for j in range(first_post.shape[0]):
        rows = last_post[j] - first_post[j]
        is_short |= (wanted_posts[j] > NEARLY_ALL * rows) & (rows < POST_NUMBERS)
    return used, last, is_short


def _add_people(tables: Tables, room: float, used: int) -> None:
    people, rows = tables["people"], len(tables["people"]["is_open"])
    more = people_rows(used, room) - rows
    tables["people"] = {
        name: np.concatenate([column, np.full(more, COLUMNS["people"][name].start, dtype=column.dtype)])
        for name, column in people.items()
    }


def _add_posts(tables: Tables, room: float) -> None:
    """Where a service needs more rows all behind it are moved; posts keep their numbers, luck and holders."""
    services, workers = tables["providers"], tables["workers"]
    first, last, wanted = services["first_post"], services["last_post"], services["wanted_posts"]
    rows = (last - first).astype(np.int64)
    is_short = (wanted > NEARLY_ALL * rows) & (rows < POST_NUMBERS)
    more = np.where(is_short, np.maximum(post_rows(wanted, np.full(len(rows), room)), rows), rows)
    to = np.cumsum(more) - more
    moved = np.arange(int(rows.sum())) + np.repeat(to - first, rows)
    fresh = {"post": post_numbers(more)}
    for name, column in workers.items():
        if name != "post":
            fresh[name] = np.full(int(more.sum()), COLUMNS["workers"][name].start, dtype=column.dtype)
            fresh[name][moved] = column
    tables["workers"] = {name: fresh[name] for name in workers}
    services["first_post"][:], services["last_post"][:] = to, to + more


def is_cramped(tables: Tables) -> bool:
    """Whether somebody found no row, or a service wanted more posts than it has rows."""
    council = tables["council"]
    return bool(council["is_full"][0] or council["is_short_of_posts"][0])

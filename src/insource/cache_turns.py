"""Processes that compile at once take turns in keeping what they compiled.

The compiler keeps what it made of one function, for several kinds of arguments, in files with numbers, and a list of
them. Two processes that keep something of the same function at once take the same number, and one is then handed the
other's code: a run stops with an error that nobody can make sense of. So whoever keeps something holds a lock beside
the list.
"""

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

MOST_SECONDS, PAUSE_SECONDS = 20.0, 0.005
"""A lock is held for milliseconds: one that is older was left by a process that was killed, and is not heeded."""

Keep = Callable[[Any, Any, Any], None]


def in_turn(keep: Keep) -> Keep:
    """The method of the compiler's cache that keeps one function's code for one kind of arguments, one at a time."""

    @functools.wraps(keep)
    def one_at_a_time(kept: Any, key: Any, data: Any) -> None:
        lock = Path(f"{kept._index_path}.turn")
        _wait_for(lock)
        try:
            keep(kept, key, data)
        finally:
            lock.unlink(missing_ok=True)

    return one_at_a_time


def _wait_for(lock: Path) -> None:
    """Take the lock, as soon as nobody else has it."""
    for _ in range(round(MOST_SECONDS / PAUSE_SECONDS)):
        try:
            lock.touch(exist_ok=False)
        except FileExistsError:  # somebody else has it
            Event().wait(PAUSE_SECONDS)
        except OSError as error:
            if not (isinstance(error, PermissionError) and sys.platform == "win32"):
                return  # nothing can be written here: the compiler says so itself
            Event().wait(PAUSE_SECONDS)  # Windows: somebody is letting go of it
        else:
            return

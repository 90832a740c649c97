"""Work shared out to processes of this machine or to a cluster, in pieces that are each done whole or not at all.

Whoever works is handed what all pieces have in common and a piece, and hands back a result; only the one who asked
writes files. So a worker needs no disk in common with anybody, and losing one loses no more than the pieces it was at.
"""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from typing import Any

from insource.errors import InputError, Problem

AHEAD = 3
"""Pieces asked for at once, for each worker: enough to keep it busy, and no more, however many there are."""
MOST_RESTARTS = 3
STARTING_SECONDS = 3.0
"""What it takes to start a process and read in what it needs: less work than this is sooner done without."""


@dataclass(frozen=True)
class Cluster:
    """A Dask cluster, by the address of its scheduler, such as tcp://10.0.0.5:8786."""

    address: str


Workers = int | Cluster
"""So many processes of this machine (0: as many as pay), or a cluster."""
Do = Callable[[Any, Any], object]
Keep = Callable[[Any], None]


def shared_out(do: Do, common: Any, pieces: Sequence[Any], workers: Workers, keep: Keep) -> None:
    """`keep(do(common, piece))` for every piece, in whatever order they are finished; `common` is sent only once.

    `do` is a function of a module. Ctrl-C raises KeyboardInterrupt after keeping what was under way. When a process is
    ended from outside, others are started and do what it was at; raises InputError if that goes on.
    """
    if isinstance(workers, Cluster):
        from insource.compare.cluster import on_cluster  # only who asks for a cluster needs what it takes

        on_cluster(do, common, pieces, workers.address, keep)
        return
    if workers == 0:
        pieces, workers = _here_for_a_while(do, common, pieces, keep), os.cpu_count() or 1
    if workers <= 1 or len(pieces) <= 1:
        for piece in pieces:
            keep(do(common, piece))
        return
    for _ in range(1 + MOST_RESTARTS):
        pieces = _in_processes(do, common, pieces, min(workers, len(pieces)), keep)
        if not pieces:
            return
    todo = "run the same command again; it goes on from what was done (fewer --workers need less memory)"
    raise InputError(Problem("worker_lost", "worker processes were ended from outside, again and again", todo))


def _here_for_a_while(do: Do, common: Any, pieces: Sequence[Any], keep: Keep) -> Sequence[Any]:
    """Do pieces in this process while starting others would not pay; returns those that are left."""
    began = time.monotonic()
    for done, piece in enumerate(pieces, 1):
        keep(do(common, piece))
        left = len(pieces) - done
        if (time.monotonic() - began) / done * left > STARTING_SECONDS:
            return pieces[done:]
    return ()


def _in_processes(do: Do, common: Any, pieces: Sequence[Any], workers: int, keep: Keep) -> list[Any]:
    """Do the pieces; returns those that were not done because a process was ended from outside."""
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _set_up, (do, common))
    left = iter(enumerate(pieces))
    undone = dict(enumerate(pieces))
    waiting: dict[Future[object], int] = {}
    try:
        with _one_thread_each(), _deaf_to_ctrl_c():  # processes are started when they are first asked
            _ask(pool, left, waiting, workers)
        while waiting:
            finished, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for one in finished:
                result, number = one.result(), waiting.pop(one)
                del undone[number]
                keep(result)
            _ask(pool, left, waiting, workers)
    except BrokenProcessPool:
        pass
    except KeyboardInterrupt:
        pool.shutdown(wait=True, cancel_futures=True)
        for one in waiting:
            if one.done() and not one.cancelled() and one.exception() is None:
                keep(one.result())
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    return list(undone.values())


def _ask(
    pool: ProcessPoolExecutor, left: Iterator[tuple[int, Any]], waiting: dict[Future[object], int], workers: int
) -> None:
    while len(waiting) < AHEAD * workers and (piece := next(left, None)) is not None:
        waiting[pool.submit(_one, piece[1])] = piece[0]


@contextlib.contextmanager
def _one_thread_each() -> Iterator[None]:
    """Workers are one to a processor, so libraries inside them get one thread."""
    before = os.environ.get("POLARS_MAX_THREADS")
    os.environ["POLARS_MAX_THREADS"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["POLARS_MAX_THREADS"]
        else:
            os.environ["POLARS_MAX_THREADS"] = before


@contextlib.contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """While workers are started: what the parent ignores they ignore from their first moment."""
    if threading.current_thread() is not threading.main_thread():  # only the main thread hears signals
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


_HERE: dict[str, Any] = {}


def _set_up(do: Do, common: Any) -> None:
    """In a worker: leave Ctrl-C to the parent, which lets running pieces finish; end when the parent has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _HERE.update(do=do, common=common)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _one(piece: Any) -> object:
    return _HERE["do"](_HERE["common"], piece)

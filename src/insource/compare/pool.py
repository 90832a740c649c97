"""Work shared out to processes of this machine or to a cluster, in pieces that are each done whole or not at all.

Whoever works is handed what all pieces have in common and a piece, and hands back a result; only the one who asked
writes files. So a worker needs no disk in common with anybody, and losing one loses no more than the pieces it was at.
"""

import contextlib
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from typing import Any

from insource.errors import InputError, Problem

AHEAD = 2
"""Pieces asked for at once, for each worker: enough to keep it busy, and no more, however many there are."""
MOST_RESTARTS = 3
STARTING_SECONDS = 3.0
"""What it takes to start a process and read in what it needs: less work than this is sooner done without."""
LONG_SECONDS = 10.0
"""More than this is surely worth others: they are started at once."""


@dataclass(frozen=True)
class Cluster:
    """A Dask cluster, by the address of its scheduler, such as tcp://10.0.0.5:8786."""

    address: str


Workers = int | Cluster
"""So many at once on this machine (0: as many as pay), or a cluster."""
Do = Callable[[Any, Any], object]
Keep = Callable[[Any], None]


def nothing() -> None:
    """What is to be done meanwhile where nothing is said, or when it has been done."""


def shared_out(
    do: Do,
    common: Any,
    pieces: Sequence[Any],
    workers: Workers,
    keep: Keep,
    seconds: float | None = None,
    meanwhile: Callable[[], object] = nothing,
) -> None:
    """`keep(do(common, piece))` for every piece, in whatever order they are finished; `common` is sent only once.

    `do` is a function of a module. One of the workers is a thread of this process. Ctrl-C raises KeyboardInterrupt
    after keeping what was under way. When a process is ended from outside, others are started and do what it was at;
    raises InputError if that goes on. `seconds`: what it is likely to take one worker, if that is known. `meanwhile`
    is done once, while other processes of this machine are at work; not where there are none.
    """
    if isinstance(workers, Cluster):
        from insource.compare.cluster import on_cluster  # only who asks for a cluster needs what it takes

        on_cluster(do, common, pieces, workers.address, keep)
        return
    if workers == 0:
        workers = os.cpu_count() or 1
        if seconds is None or seconds < LONG_SECONDS:
            pieces = _here_for_a_while(do, common, pieces, keep)
    for _ in range(1 + MOST_RESTARTS):
        if min(workers, len(pieces)) <= 1:
            for piece in pieces:
                keep(do(common, piece))
            return
        pieces = _side_by_side(do, common, pieces, min(workers, len(pieces)), keep, meanwhile)
        if not pieces:
            return
        meanwhile = nothing
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


def _side_by_side(
    do: Do, common: Any, pieces: Sequence[Any], workers: int, keep: Keep, meanwhile: Callable[[], object]
) -> list[Any]:
    """Do the pieces, in a thread here and in processes; returns those not done because a process was ended."""
    processes = ProcessPoolExecutor(workers - 1, get_context("spawn"), _set_up, (do, common))
    here = ThreadPoolExecutor(1)
    left = deque(enumerate(pieces))
    undone = dict(left)
    waiting: dict[Future[Any], tuple[int, bool]] = {}

    def ask() -> None:
        """Give everybody enough to do, and towards the end nobody more than one piece."""
        ahead = AHEAD if len(left) > AHEAD * workers else 1
        is_free = not any(is_here for _, is_here in waiting.values())
        if left and is_free:
            number, piece = left.popleft()
            waiting[here.submit(do, common, piece)] = (number, True)
        while left and sum(not is_here for _, is_here in waiting.values()) < ahead * (workers - 1):
            number, piece = left.popleft()
            waiting[processes.submit(_one, piece)] = (number, False)

    def kept(one: Future[Any]) -> None:
        result, (number, _) = one.result(), waiting.pop(one)
        del undone[number]
        keep(result)

    def stop() -> None:
        """Let everybody finish what they are at."""
        processes.shutdown(wait=True, cancel_futures=True)
        here.shutdown(wait=True, cancel_futures=True)

    try:
        with _one_thread_each(), _deaf_to_ctrl_c():  # processes are started when they are first asked
            ask()
        meanwhile()
        while waiting:
            for one in wait(waiting, return_when=FIRST_COMPLETED)[0]:
                kept(one)
            ask()
    except (BrokenProcessPool, KeyboardInterrupt) as ended:
        stop()
        for one in [one for one in waiting if one.done() and not one.cancelled() and one.exception() is None]:
            kept(one)
        if isinstance(ended, KeyboardInterrupt):
            raise
    finally:
        stop()
    return list(undone.values())


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

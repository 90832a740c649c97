"""Work shared out to processes of this machine, in pieces that are each done whole or not at all."""

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from typing import Any

from insource.errors import InputError, Problem


def shared_out(
    do: Callable[[Any, Any], object], common: Any, pieces: Sequence[Any], workers: int = 1
) -> Iterator[object]:
    """`do(common, piece)` for every piece, in whatever order they are finished; `common` is sent to a process once.

    `do` is a function of a module. Ctrl-C lets pieces under way finish.
    """
    if workers <= 1 or len(pieces) <= 1:
        for piece in pieces:
            yield do(common, piece)
        return
    with _one_thread_each():
        pool = ProcessPoolExecutor(min(workers, len(pieces)), get_context("spawn"), _set_up, (do, common))
    try:
        with _deaf_to_ctrl_c():
            waiting = [pool.submit(_one, piece) for piece in pieces]
        for finished in as_completed(waiting):
            yield finished.result()
    except BrokenProcessPool:
        todo_text = "run the same command again; it goes on from what was done (fewer --workers need less memory)"
        raise InputError(Problem("worker_lost", "a worker process was ended from outside", todo_text)) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


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


def _set_up(do: Callable[[Any, Any], object], common: Any) -> None:
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

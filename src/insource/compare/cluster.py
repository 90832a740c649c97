"""Work shared out to a Dask cluster: the same pieces, the same bits, as on processes of this machine.

What is sent: what the pieces have in common, once for each worker that needs it, and the pieces. Code is not: each
worker has its own insource, and one that has another version is refused. What is under way when a worker is lost is
done by another. The one who asked keeps results as they come, so that its own end loses nothing either.
"""

import asyncio
import contextlib
import logging
import time
import uuid
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from insource.compare.pool import AHEAD, Do, Keep
from insource.compiled import package_hash
from insource.errors import InputError, Problem

CONNECT_SECONDS, LOOK_SECONDS, NOBODY_SECONDS = 10, 2, 60
"""How long the scheduler may take to answer, how often it is looked at, and how long there may be no worker."""
MOST_NAMED = 5
OPTION = "--cluster"
ADDRESS_TODO = "see that 'dask scheduler' runs there and that this machine may reach it, or leave out --cluster"


def on_cluster(do: Do, common: Any, pieces: Sequence[Any], address: str, keep: Keep) -> None:
    """As `shared_out`; raises InputError if the cluster cannot be used or no longer answers."""
    with _quiet(), _connected(address) as client:
        from distributed import wait  # `_connected` has said so if there is none

        refuse_other_code(client)
        code = package_hash()
        given = client.submit(_given, common, key=f"insource-{uuid.uuid4().hex}")
        left, seen = iter(pieces), time.monotonic()
        waiting: set[Any] = set()
        try:
            while True:
                threads = sum(client.nthreads().values())
                seen = time.monotonic() if threads else seen
                while len(waiting) < AHEAD * max(threads, 1) and (piece := next(left, None)) is not None:
                    waiting.add(client.submit(_piece, code, do, given, piece, pure=False))
                if not waiting:
                    return
                with client.as_current(), contextlib.suppress(TimeoutError):
                    wait(waiting, timeout=LOOK_SECONDS, return_when="FIRST_COMPLETED")
                for one in [one for one in waiting if one.done()]:
                    waiting.remove(one)
                    keep(_result(one, address))
                if client.status != "running":
                    raise _lost(address, "the cluster no longer answers")
                if time.monotonic() - seen > NOBODY_SECONDS:
                    raise _lost(address, "the cluster has no workers left")
        except KeyboardInterrupt:
            for one in waiting:
                if one.status == "finished":
                    keep(one.result())
            raise
        except OSError:
            raise _lost(address, "the cluster no longer answers") from None
        finally:
            with contextlib.suppress(Exception):  # the scheduler may be gone
                client.cancel([*waiting, given])


def refuse_unusable(address: str) -> None:
    """Raise InputError if the cluster at this address cannot be used: to be asked before anything is written."""
    with _quiet(), _connected(address) as client:
        refuse_other_code(client)


def refuse_other_code(client: Any) -> None:
    """Raise InputError if there are no workers, or if one has another insource than this machine, or none."""
    with contextlib.suppress(TimeoutError):
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)

    def code_there() -> str:  # sent as it stands, so that a worker without insource can say so
        try:
            from insource.compiled import package_hash as code
        except ImportError:
            return "none"
        return code()

    found = client.run(code_there, on_error="return")
    if not found:
        what, todo = "the cluster has no workers", "start some: dask worker ADDRESS (see docs/how-to/large-runs.md)"
        raise InputError(Problem("no_workers", what, todo, column=OPTION, found=client.scheduler.address))
    others = {worker: code for worker, code in found.items() if code != package_hash()}
    if others:
        raise _other_code(", ".join(f"{worker}: {code}" for worker, code in list(others.items())[:MOST_NAMED]))


def _other_code(found: str) -> InputError:
    what = "a worker has another version of insource than this machine, so figures could differ"
    todo = "install the same version there and here, and start the workers again"
    return InputError(Problem("other_version", what, todo, column=OPTION, found=found, allowed=package_hash()))


def _given(common: Any) -> Any:
    return common


def _piece(code: str, do: Do, common: Any, piece: Any) -> object:
    if code != package_hash():
        raise _other_code(package_hash())  # said by the worker, so found and allowed change places
    return do(common, piece)


def _result(one: Any, address: str) -> object:
    """What a piece came to; raises what stopped it in words of ours where it was not of our own making."""
    from distributed import KilledWorker
    from distributed.client import FutureCancelledError

    try:
        return one.result()
    except KilledWorker:
        what = "one piece of work lost every worker that took it"
        todo = "look at what ends the workers (their memory?); the same command goes on from what was done"
        raise InputError(Problem("worker_lost", what, todo, column=OPTION, found=address)) from None
    except (FutureCancelledError, TimeoutError):
        raise _lost(address, "the cluster no longer answers") from None


def _lost(address: str, what: str) -> InputError:
    todo = "start it again; with --out the same command then goes on from what was done"
    return InputError(Problem("cluster_lost", what, todo, column=OPTION, found=address))


@contextlib.contextmanager
def _connected(address: str) -> Iterator[Any]:
    try:
        from distributed import Client
    except ImportError:
        what, todo = "a cluster needs Dask, which is not installed", "pip install 'insource[cluster]', here and there"
        raise InputError(Problem("no_dask", what, todo, column=OPTION, found=address)) from None
    _refuse_no_scheduler(address)
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as fault:
        raise _no_cluster(address, fault) from None
    try:
        yield client
    finally:
        with contextlib.suppress(Exception):
            client.close(timeout=LOOK_SECONDS)


def _refuse_no_scheduler(address: str) -> None:
    """Raise InputError unless a scheduler answers in time.

    Asked before there is a client: a client waits for ever for one who says nothing, and half a minute for its own end
    where something else than Dask answers. Whoever answers may send anything, and any fault of reading it means that it
    is no scheduler. In a thread of its own, so that it may be asked from a notebook too.
    """
    with ThreadPoolExecutor(1) as aside:
        try:
            who = aside.submit(lambda: asyncio.run(_who_is_there(address))).result()
        except Exception as fault:
            raise _no_cluster(address, fault) from None
    if who != "Scheduler":
        raise _no_cluster(address, who)


async def _who_is_there(address: str) -> str:
    """What kind of Dask server answers there."""
    from distributed import Security
    from distributed.core import rpc

    async def ask() -> str:
        certificates = Security().get_connection_args("client")
        async with rpc(address, timeout=CONNECT_SECONDS, connection_args=certificates) as there:
            return str((await there.identity())["type"])

    return await asyncio.wait_for(ask(), CONNECT_SECONDS)


def _no_cluster(address: str, found: Exception | str) -> InputError:
    kind = found if isinstance(found, str) else type(found).__name__
    if isinstance(found, ValueError):
        what = f"this cannot be the address of a cluster ({kind})"
    elif isinstance(found, OSError | TimeoutError):
        what = f"no cluster answers at this address ({kind})"
    else:
        what = f"what answers at this address is not a Dask scheduler, or cannot be spoken to from here ({kind})"
    allowed = "such as tcp://host:8786"
    return InputError(Problem("no_cluster", what, ADDRESS_TODO, column=OPTION, found=address, allowed=allowed))


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """What goes wrong is said in our own words, not in those of the library's log."""
    logger = logging.getLogger("distributed")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(before)

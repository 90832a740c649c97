"""Run a comparison: draws shared out to processes, each leaving whole files, so that it can be stopped and resumed."""

import contextlib
import json
import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Any

import polars as pl

from insource.compare.parts import KINDS, is_done, part_path, run_draw
from insource.compare.plan import Plan
from insource.errors import InputError, Problem, StoppedError
from insource.files import make_folder, plain_faults, write_atomically, write_text

Tell = Callable[[int, int], None]
RESULTS = (*(f"{kind}.parquet" for kind in KINDS), "summary.csv", "outcomes.parquet", "report.html")


def run(
    plan: Plan, folder: Path, workers: int = 1, overwrite: bool = False, tell: Tell = lambda done, of: None
) -> bool:
    """Leave ledger.parquet, weeks.parquet, parameters.parquet, stability.parquet and run.json in `folder`.

    `tell(done, of)` is called as draws are finished. Stopped with Ctrl-C it raises StoppedError; the same call goes on
    where it stopped. A folder that holds another run is refused unless `overwrite`. Returns False if all was there
    already. The files are the same to the last bit for any number of workers.
    """
    prepare_folder(plan, folder, overwrite)
    if is_complete(folder):
        tell(plan.draws, plan.draws)
        return False
    todo = [draw for draw in range(plan.draws) if not is_done(folder, draw)]
    done = plan.draws - len(todo)
    tell(done, plan.draws)
    try:
        for _ in _draws(plan, folder, todo, workers):
            done += 1
            tell(done, plan.draws)
    except KeyboardInterrupt:
        raise StoppedError(f"stopped after {done} of {plan.draws} draws; the same command goes on from here") from None
    gather(plan, folder)
    return True


def prepare_folder(plan: Plan, folder: Path, overwrite: bool) -> None:
    """Make the folder ready for this plan; raises InputError if it holds anything else."""
    make_folder(folder)
    manifest = folder / "run.json"
    if manifest.exists() and _fingerprint(manifest) == plan.fingerprint():
        if not is_complete(folder):
            make_folder(folder / "parts")
        return
    others = [path.name for path in folder.iterdir() if not path.name.startswith(".")]
    if others and not overwrite:
        what = "holds the results of another comparison" if manifest.exists() else "is not empty"
        todo = "give another --out, or add --overwrite to replace the results in it"
        raise InputError(Problem("folder_in_use", what, todo, file=str(folder), found=", ".join(sorted(others)[:5])))
    with plain_faults(folder):
        for name in (*RESULTS, "run.json"):
            (folder / name).unlink(missing_ok=True)
        shutil.rmtree(folder / "parts", ignore_errors=True)
    make_folder(folder / "parts")
    _write_manifest(plan, folder, "under way")


def is_complete(folder: Path) -> bool:
    """Whether the comparison in a folder has been finished."""
    manifest = folder / "run.json"
    return manifest.exists() and read_manifest(folder).get("status") == "complete"


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a run; raises InputError if there is none."""
    path = folder / "run.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        todo = "give the folder that 'insource compare ... --out' wrote"
        raise InputError(
            Problem("no_run", "there is no finished run here (run.json)", todo, file=str(folder))
        ) from None
    if not isinstance(content, dict):
        raise InputError(Problem("no_run", "run.json is not a manifest", "run the comparison again", file=str(path)))
    return content


def _fingerprint(manifest: Path) -> object:
    with contextlib.suppress(OSError, ValueError, AttributeError):
        return json.loads(manifest.read_text(encoding="utf-8")).get("fingerprint")
    return None


def _write_manifest(plan: Plan, folder: Path, status: str) -> None:
    content = {"fingerprint": plan.fingerprint(), "status": status, **plan.manifest()}
    write_text(folder / "run.json", json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def _draws(plan: Plan, folder: Path, todo: list[int], workers: int) -> Iterator[int]:
    if workers <= 1 or len(todo) <= 1:
        for draw in todo:
            yield run_draw(plan, folder, draw)
        return
    with _one_thread_each():
        pool = ProcessPoolExecutor(min(workers, len(todo)), get_context("spawn"), _set_up, (plan, folder))
    try:
        with _deaf_to_ctrl_c():
            waiting = [pool.submit(_one, draw) for draw in todo]
        for finished in as_completed(waiting):
            yield finished.result()
    except BrokenProcessPool:
        todo_text = "run the same command again; it goes on from the last whole draw (fewer --workers need less memory)"
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


_HERE: dict[str, object] = {}


def _set_up(plan: Plan, folder: Path) -> None:
    """In a worker: leave Ctrl-C to the parent, which lets running draws finish; end when the parent has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _HERE.update(plan=plan, folder=folder)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _one(draw: int) -> int:
    plan, folder = _HERE["plan"], _HERE["folder"]
    assert isinstance(plan, Plan)
    assert isinstance(folder, Path)
    return run_draw(plan, folder, draw)


def gather(plan: Plan, folder: Path) -> None:
    """Put the parts together in the order of the draws, and remove them."""
    for kind in KINDS:
        paths = [part_path(folder, kind, draw) for draw in range(plan.draws)]
        write_atomically(
            folder / f"{kind}.parquet",
            lambda temporary, paths=paths: pl.scan_parquet(paths).sink_parquet(temporary, maintain_order=True),  # type: ignore[misc]
        )
    _write_manifest(plan, folder, "complete")
    shutil.rmtree(folder / "parts", ignore_errors=True)

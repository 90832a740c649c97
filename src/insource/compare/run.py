"""Run a comparison: draws shared out to workers, each kept in whole files, so that it can be stopped and resumed."""

import contextlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from insource.compare.parts import KINDS, is_done, keep_draw, part_path, run_draw
from insource.compare.plan import Plan
from insource.compare.pool import Workers, nothing, shared_out
from insource.compare.results import faults, read_told
from insource.errors import InputError, Problem, StoppedError
from insource.files import make_folder, plain_faults, write_atomically, write_text
from insource.place import folder_of

Tell = Callable[[int, int], None]
PARTIAL = "partial"
WRITTEN: dict[str, Any] = {"row_group_size": 32_768, "compression": "zstd", "compression_level": 1, "statistics": False}
"""How files are written. Rows that are written together are in memory together: with the default of 122,880 some
hundred megabytes. Higher levels take twice as long for files as large."""
RESULTS = (*(f"{kind}.parquet" for kind in KINDS), "summary.csv", "outcomes.parquet", "report.html")


def run(
    plan: Plan,
    folder: Path,
    workers: Workers = 1,
    overwrite: bool = False,
    tell: Tell = lambda done, of: None,
    meanwhile: Callable[[], object] = nothing,
) -> bool:
    """Leave ledger.parquet, weeks.parquet, parameters.parquet, stability.parquet and run.json in `folder`.

    `tell(done, of)` is called as draws are finished. Stopped with Ctrl-C it raises StoppedError; the same call goes on
    where it stopped. A folder that holds another run is refused unless `overwrite`. Returns False if all was there
    already. The files are the same to the last bit for any number of workers, here or in a cluster. `meanwhile`: what
    else there is to do, while other processes here are at it.
    """
    prepare_folder(plan, folder, overwrite)
    if is_complete(folder):
        tell(plan.draws, plan.draws)
        return False
    todo = [draw for draw in range(plan.draws) if not is_done(folder, draw)]
    done = plan.draws - len(todo)
    tell(done, plan.draws)

    def keep(made: tuple[int, dict[str, bytes]]) -> None:
        nonlocal done
        keep_draw(folder, made)
        done += 1
        tell(done, plan.draws)

    try:
        seconds = plan.seconds(len(todo) * len(plan.models))
        shared_out(run_draw, plan.to_send(), todo, workers, keep, seconds, meanwhile)
    except KeyboardInterrupt:
        raise StoppedError(f"stopped after {done} of {plan.draws} draws; the same command goes on from here") from None
    gather(plan, folder)
    return True


def prepare_folder(plan: Plan, folder: Path, overwrite: bool) -> None:
    """Make the folder ready for this plan; raises InputError if it holds anything else.

    A run that was finished and has lost something since, or holds something damaged, is to be made again.
    """
    make_folder(folder)
    manifest = folder / "run.json"
    if manifest.exists() and _fingerprint(manifest) == plan.fingerprint():
        if is_complete(folder) and not is_made(plan, folder):
            _write_manifest(plan, folder, "under way")
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
    return manifest.exists() and read_manifest(folder)["status"] == "complete"


def is_made(plan: Plan, folder: Path) -> bool:
    """Whether this very comparison has been finished in a folder and its files are whole, so that nothing is to run."""
    is_this = _fingerprint(folder / "run.json") == plan.fingerprint()
    return is_this and is_complete(folder) and not faults(folder, read_manifest(folder))


def refuse_unusable(folder: Path) -> None:
    """Raise InputError if there are no whole results in a folder: neither of all draws nor of the first of them."""
    manifest = read_manifest(folder)
    if manifest["status"] not in ("complete", PARTIAL):
        todo = "run the same 'insource compare' again: it goes on where it stopped (with --so-far: shows what there is)"
        raise InputError(Problem("not_complete", "the comparison is not complete", todo, file=str(folder)))
    if problems := faults(folder, manifest):
        raise InputError(problems)


def of_draws(manifest: dict[str, Any]) -> str:
    """What to say where not all draws asked for are there yet, or nothing."""
    made, asked = manifest["draws"], manifest["draws_asked"]
    return "" if made == asked else f"Made of the first {made:,} of {asked:,} draws: it was stopped, and can go on."


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a run; raises InputError if there is none that can be used.

    `draws` are those the results are made of, `draws_asked` all that were asked for.
    """
    path = folder / "run.json"
    if not path.exists():
        todo = "give the folder that 'insource compare ... --out' wrote"
        raise InputError(Problem("no_run", "there is no finished run here (run.json)", todo, file=str(folder)))
    content = read_told(path)
    asked = content["draws"]
    made = content.get("draws_made", asked) if content["status"] == PARTIAL else asked
    return {**content, "draws": made, "draws_asked": asked}


def _fingerprint(manifest: Path) -> object:
    with contextlib.suppress(OSError, ValueError, AttributeError):
        return json.loads(manifest.read_text(encoding="utf-8")).get("fingerprint")
    return None


def _write_manifest(plan: Plan, folder: Path, status: str, draws_made: int | None = None) -> None:
    made = {} if draws_made is None else {"draws_made": draws_made}
    content = {"fingerprint": plan.fingerprint(), "status": status, **made, **plan.manifest()}
    content["place"] |= _seen_from(folder, plan.place_text)
    write_text(folder / "run.json", json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def _seen_from(folder: Path, place_text: str) -> dict[str, str]:
    """Where the place's folder is as seen from the run's, so that it is found wherever the two are moved together.

    No part of what a run is known by: the same comparison in another folder is the same. Nothing where no way leads
    from one to the other (two drives), or where there is no folder.
    """
    if place := folder_of(place_text):
        with contextlib.suppress(ValueError):
            return {"folder": Path(os.path.relpath(place.resolve(), folder.resolve())).as_posix()}
    return {}


def gather(plan: Plan, folder: Path) -> None:
    """Put the parts together in the order of the draws, and remove them."""
    _put_together(folder, plan.draws)
    _write_manifest(plan, folder, "complete")
    shutil.rmtree(folder / "parts", ignore_errors=True)


def gather_so_far(plan: Plan, folder: Path) -> int:
    """Put together the first draws, up to one that is missing; the parts stay, so that the run can go on.

    Returns how many there are. Draws after one that is missing are left out, so that how long a draw takes does not
    choose which are shown.
    """
    made = next((draw for draw in range(plan.draws) if not is_done(folder, draw)), plan.draws)
    if made:
        _put_together(folder, made)
        _write_manifest(plan, folder, PARTIAL, made)
    return made


def _put_together(folder: Path, draws: int) -> None:
    """Draw by draw, so that no more than some rows are in memory however many draws there are."""
    for kind in KINDS:
        rows = pl.scan_parquet([part_path(folder, kind, draw) for draw in range(draws)])
        write_atomically(
            folder / f"{kind}.parquet",
            lambda path, rows=rows: rows.sink_parquet(path, maintain_order=True, **WRITTEN),  # type: ignore[misc]
        )

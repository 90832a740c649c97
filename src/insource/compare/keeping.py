"""Many small runs whose totals are kept as they come, so that a study that was stopped goes on where it was."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import polars as pl

from insource.compare.pool import Do, Workers, shared_out
from insource.errors import StoppedError
from insource.files import columns_of, make_folder, write_atomically

A_PIECE = 8
"""Runs in one file: few enough that little is lost when a study is stopped."""
LOST = np.iinfo(np.int64).min
"""Stands for every total of a run that ran away."""
Tell = Callable[[int, int], None]


class Keyed(Protocol):
    """Something to run: `key` is what it is called in files."""

    @property
    def key(self) -> str: ...


class StoppedRunsError(StoppedError):
    """The user stopped a study; `found` is what had been run of it."""

    def __init__(self, text: str, found: dict[Any, np.ndarray]):
        super().__init__(text)
        self.found = found


def run_kept(
    do: Do,
    common: Any,
    jobs: Sequence[Any],
    columns: Sequence[str],
    home: Path | None = None,
    workers: Workers = 1,
    tell: Tell = lambda done, of: None,
) -> dict[Any, np.ndarray]:
    """The totals (whole numbers, one for each of `columns`) of every job; what stands in `home` is not run again.

    `do(common, jobs)`, a function of a module, returns the totals of some jobs by job. Ctrl-C raises StoppedRunsError;
    what was done is kept in the folder, if there is one.
    """
    named = {job.key: job for job in jobs}
    found: dict[Any, np.ndarray] = {}
    if home is not None:
        make_folder(home)
        found = {named[key]: totals for key, totals in _kept(home, columns) if key in named}
    todo = [job for job in named.values() if job not in found]
    pieces = [tuple(todo[n : n + A_PIECE]) for n in range(0, len(todo), A_PIECE)]
    tell(len(found), len(named))

    def keep(made: dict[Any, np.ndarray]) -> None:
        if home is not None:
            name = hashlib.blake2s("".join(job.key for job in made).encode(), digest_size=12).hexdigest()
            frame = frame_of(made, columns)
            write_atomically(home / f"{name}.parquet", lambda path: frame.write_parquet(path))
        found.update(made)
        tell(len(found), len(named))

    try:
        shared_out(do, common, pieces, workers, keep)
    except KeyboardInterrupt:
        kept = "the same command goes on from here" if home is not None else "give --out, and what was done is kept"
        raise StoppedRunsError(f"stopped after {len(found)} of {len(named)} runs; {kept}", found) from None
    return found


def frame_of(totals: Mapping[Any, np.ndarray], columns: Sequence[str]) -> pl.DataFrame:
    """One row for each job: its key, and every total in its own whole units."""
    amounts = {name: [int(row[k]) for row in totals.values()] for k, name in enumerate(columns)}
    return pl.DataFrame({"trial": [job.key for job in totals], **amounts})


def _kept(home: Path, columns: Sequence[str]) -> Iterator[tuple[str, np.ndarray]]:
    for path in sorted(home.glob("*.parquet")):
        if not {"trial", *columns} <= (columns_of(path) or {}).keys():  # cut short: what it held is run again
            continue
        for key, *values in pl.read_parquet(path).select("trial", *columns).iter_rows():
            yield key, np.array(values, np.int64)

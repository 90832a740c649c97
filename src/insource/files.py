"""Write a file whole or not at all, and say plainly when it cannot be written."""

import contextlib
import os
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
from polars.exceptions import ComputeError, PolarsError

from insource.errors import InputError, Problem


@contextlib.contextmanager
def plain_faults(path: Path) -> Iterator[None]:
    """Turn what the system says about disks and permissions into one plain message."""
    try:
        yield
    except (OSError, ComputeError) as fault:  # polars reports a full disk as an error of its own
        reason = getattr(fault, "strerror", None) or "the disk did not take it and is probably full"
        raise InputError(
            Problem(
                "cannot_write",
                f"cannot be written: {reason}",
                "check that the folder is there, that you may write to it and that the disk has room; nothing was "
                "left half written",
                file=str(path),
            )
        ) from None


def write_atomically(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a temporary file beside `path`, then put it in place at once.

    Raises InputError if it cannot be written; the temporary file is removed and an older file stays as it was.
    """
    with plain_faults(path):
        temporary = path.with_name(f".{uuid.uuid4().hex}-{path.name}")
        try:
            write(temporary)
            os.replace(temporary, path)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise


def write_together(writers: dict[Path, Callable[[Path], object]]) -> None:
    """Write several files, all or none: each is filled beside its place first, then all are put in place.

    Raises InputError if one cannot be written; then those that were there before stand as they were.
    """
    some = uuid.uuid4().hex
    new = {path: path.with_name(f".{some}-new-{path.name}") for path in writers}
    old = {path: path.with_name(f".{some}-old-{path.name}") for path in writers}
    moved: list[Path] = []
    try:
        for path, write in writers.items():
            with plain_faults(path):
                write(new[path])
        for path in writers:
            with plain_faults(path):
                if path.exists():
                    os.replace(path, old[path])
                moved.append(path)
                os.replace(new[path], path)
    except BaseException:
        for path in moved:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
                os.replace(old[path], path)
        raise
    finally:
        for left in (*new.values(), *old.values()):
            with contextlib.suppress(OSError):
                left.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text atomically, with line ends as they are in `text`."""
    write_atomically(path, lambda temporary: temporary.write_bytes(text.encode("utf-8")))


def columns_of(path: Path) -> dict[str, pl.DataType] | None:
    """The columns of a Parquet file; None if there is none, or no whole one (what is at its end is written last)."""
    try:
        return dict(pl.read_parquet_schema(path)) if path.is_file() else None
    except (OSError, PolarsError):
        return None


def make_folder(path: Path) -> None:
    """Make a folder and those above it; raises InputError if that cannot be done or a file is in the way."""
    with plain_faults(path):
        if path.exists() and not path.is_dir():
            todo = "give another folder"
            raise InputError(Problem("not_a_folder", "is a file, and a folder is needed", todo, file=str(path)))
        path.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".insource-", dir=path)
        os.close(handle)
        os.unlink(name)

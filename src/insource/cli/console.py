"""Printing: results to standard output, progress and problems to standard error."""

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

OUT = Console(highlight=False, soft_wrap=True, emoji=False)
ERR = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)
Tell = Callable[[int, int], None]


def out(text: str = "") -> None:
    """A line of result, as it is."""
    OUT.print(text, markup=False)


def err(text: str) -> None:
    """A line about how things go, or what went wrong."""
    ERR.print(text, markup=False)


def table(header: tuple[str, ...], rows: Sequence[Sequence[str]], title: str = "") -> None:
    """A plain table; wraps where the screen is narrow."""
    grid = Table(*header, title=title or None, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for row in rows:
        grid.add_row(*(Text(cell) for cell in row))
    width = None if sys.stdout.isatty() else 140
    Console(highlight=False, width=width, markup=False, emoji=False).print(grid)


@contextlib.contextmanager
def progress(what: str) -> Iterator[Tell]:
    """A bar with the time left on standard error; `tell(done, of)` moves it."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("time left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=ERR, transient=not ERR.is_terminal) as bar:
        task = bar.add_task(what, total=None)
        printed = 0

        def tell(done: int, of: int) -> None:
            nonlocal printed
            bar.update(task, completed=done, total=of)
            if not ERR.is_terminal and of and done * 10 // of > printed:
                printed = done * 10 // of
                ERR.print(f"{what}: {done} of {of}", markup=False)

        yield tell

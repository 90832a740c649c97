"""A new workbook to write into; a disk that does not take it is a fault of the disk, as with any other file."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False}
"""Text stays text."""


@contextlib.contextmanager
def new_workbook(path: Path) -> Iterator[Any]:
    """A workbook that is written when its block ends; raises OSError if it cannot be."""
    try:
        with xlsxwriter.Workbook(path, OPTIONS) as book:
            yield book
    except FileCreateError as fault:
        raise fault.args[0] from None

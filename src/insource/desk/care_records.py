"""Open the care records that a desk tool is given: "anytown", a folder, or a file of the Client Level Data return."""

from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

import polars as pl

from insource.desk.result import Input, input_of
from insource.errors import InputError, Problem
from insource.records.checking import Checked, check

BUNDLED = ("anytown",)


@dataclass(frozen=True)
class CareRecords:
    """The usable rows of all files together (`events`, with `file`, the place of its file in `names`, and `row`)."""

    events: pl.DataFrame = field(repr=False)
    names: tuple[str, ...]
    inputs: tuple[Input, ...]
    notices: tuple[str, ...]


def path_of(text: str) -> Path:
    """Where the records of "anytown", or of a folder or file of one's own, are."""
    if text in BUNDLED and not Path(text).exists():
        return Path(str(files("insource").joinpath(f"data/places/{text}")))
    return Path(text)


def open_care_records(text: str) -> CareRecords:
    """Read and check the records; raises InputError if no row of them can be used.

    The key of the pseudonyms is for this run alone: people are numbered in the order of the rows (`numbered`), so
    nothing in a result can be traced to a person but through the rows of the file itself.
    """
    path = path_of(text)
    if not path.exists():
        raise InputError(
            Problem("no_such_file", "there is no such file or folder", "check the path, or use anytown", file=text)
        )
    checked = check(path)
    returns = [file for file in checked.files if file.format == "client_level_data"]
    events = checked.client_level_data.filter("is_usable")
    if events.is_empty():
        raise InputError(
            Problem(
                "no_care_records",
                "there is no usable row of the Client Level Data return here",
                f"run: insource check {text}",
                file=text,
                found=", ".join(file.format or file.file for file in checked.files) or "nothing",
            )
        )
    folder = path if path.is_dir() else path.parent
    inputs = tuple(input_of(folder / Path(file.file).name, file.rows, file.usable_rows) for file in returns)
    names = tuple(Path(file.file).name for file in returns)
    return CareRecords(numbered(events), names, inputs, _notices(checked))


def numbered(events: pl.DataFrame) -> pl.DataFrame:
    """With `who`: "person 1" for the person of the first row, and so on."""
    order = (
        events.sort("file", "row").select(pl.col("pseudonym").unique(maintain_order=True)).with_row_index("number", 1)
    )
    who = order.select("pseudonym", pl.format("person {}", "number").alias("who"))
    return events.join(who, on="pseudonym", how="left", maintain_order="left")


def _notices(checked: Checked) -> tuple[str, ...]:
    lost = checked.rows - checked.usable_rows
    said = [f"{lost:,} of {checked.rows:,} rows cannot be used; 'insource check' says why"] if lost else []
    return (*checked.notices, *said)

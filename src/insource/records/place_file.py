"""`place.yaml`: which file of a folder is what, and the council's own numbers. Strict: nothing unknown passes.

name: Anytown
base_date: 2025-04-01        # prices of this date
files:
  - path: client_level_data.csv
    format: client_level_data
numbers:                     # optional
  external_price_pounds: {value: 22.48, reason: "our 2025-26 framework rate"}
"""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from insource import strict_yaml
from insource.errors import InputError, Problem, near_miss, unknown
from insource.parameters import BASE_DATE, NUMBER_OF_A_PERSON, Override, dates_covered, read_overrides
from insource.records import scottish_census
from insource.records.cld_format import cld_format

FILE_NAME = "place.yaml"
KEYS = ("name", "base_date", "files", "numbers")
FILE_KEYS = ("path", "format", "council")
FORMATS = {"client_level_data": cld_format(), scottish_census.NAME: scottish_census.FORMAT}
"""The formats that can be read, by the name they have in place.yaml."""


@dataclass(frozen=True)
class NamedFile:
    """A file of the folder: its path in the folder, its format, and for a census the code of the council."""

    path: str
    format: str
    council: str = ""


@dataclass(frozen=True)
class PlaceFile:
    """What a place.yaml says."""

    folder: Path
    name: str
    files: tuple[NamedFile, ...]
    base_date: str = BASE_DATE
    numbers: tuple[Override, ...] = ()


def _wrong(code: str, what: str, todo: str, column: str, found: str = "", allowed: str = "") -> Problem:
    return Problem(code, what, todo, file=FILE_NAME, column=column, found=found, allowed=allowed)


def has_place_file(folder: Path) -> bool:
    """True if the folder holds a place.yaml."""
    return (folder / FILE_NAME).is_file()


def require_folder(folder: Path) -> None:
    """Raise InputError if there is no such folder."""
    if not folder.exists():
        raise InputError(Problem("no_such_folder", "there is no such folder", "check the path", file=str(folder)))
    if not folder.is_dir():
        raise InputError(
            Problem("not_a_folder", "this is a file, not a folder", "give the folder it is in", file=str(folder))
        )


def read_place_file(folder: Path) -> PlaceFile:
    """The place.yaml of a folder; raises InputError listing everything wrong with it."""
    require_folder(folder)
    path = folder / FILE_NAME
    if not path.is_file():
        raise InputError(
            Problem(
                "no_place_file",
                f"the folder has no {FILE_NAME}, which says which file is what",
                f"run: insource place new {folder}",
                file=str(folder),
            )
        )
    content = strict_yaml.read_file(path)
    problems = [unknown("key", key, KEYS, file=FILE_NAME) for key in content if key not in KEYS]
    name = _name(content.get("name"), problems)
    base_date = _base_date(content.get("base_date", BASE_DATE), problems)
    files = _files(content.get("files"), folder, problems)
    numbers = _numbers(content.get("numbers"), problems)
    if problems:
        raise InputError(problems)
    return PlaceFile(folder, name, files, base_date, numbers)


def _name(value: Any, problems: list[Problem]) -> str:
    if isinstance(value, str) and value.strip() and not NUMBER_OF_A_PERSON.search(value):
        return value.strip()
    what = "the place has no name" if value is None else "this is no name for a place"
    problems.append(_wrong("missing", what, "write it in quotes, such as name: 'Anytown'", "name"))
    return ""


def _base_date(value: Any, problems: list[Problem]) -> str:
    text = str(value)
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            day = date.fromisoformat(text).isoformat()
            first, last = dates_covered()
            if first <= day <= last:
                return day
            what, todo = "prices of this day are not known", "choose a day for which they are"
            problems.append(_wrong("base_date", what, todo, "base_date", day, f"{first} to {last}"))
            return BASE_DATE
    except ValueError:
        pass  # such as 2025-02-30: said below
    todo, allowed = "write the day whose prices are meant", "a date such as 2025-04-01"
    problems.append(_wrong("base_date", "this is not a date", todo, "base_date", repr(text[:40]), allowed))
    return BASE_DATE


def _files(value: Any, folder: Path, problems: list[Problem]) -> tuple[NamedFile, ...]:
    if not isinstance(value, list) or not value:
        todo = f"list them under 'files:', or run: insource place new {folder} --overwrite"
        problems.append(_wrong("no_files", "no files are named, so there is nobody in this place", todo, "files"))
        return ()
    found = [_named_file(entry, folder, problems) for entry in value]
    named = [file for file in found if file is not None]
    paths = [file.path for file in named]
    problems += [
        _wrong("file_twice", f"'{path}' is named twice", "name it once", "files")
        for path in dict.fromkeys(paths)
        if paths.count(path) > 1
    ]
    formats = sorted({file.format for file in named})
    if len(formats) > 1:
        what = "a place is made from files of one format"
        problems.append(_wrong("formats_together", what, "make a folder for each", "files", ", ".join(formats)))
    elif formats == [scottish_census.NAME] and len(named) > 1:
        what = "a place is made from one census file"
        problems.append(_wrong("several_censuses", what, "make a folder for each", "files"))
    return tuple(named)


def _named_file(entry: Any, folder: Path, problems: list[Problem]) -> NamedFile | None:
    if not isinstance(entry, dict):
        todo = "write '- path: ...' and 'format: ...' under it"
        problems.append(_wrong("file_entry", "a file needs a path and a format", todo, "files", repr(entry)[:60]))
        return None
    before = len(problems)
    problems += [unknown("key", key, FILE_KEYS, file=FILE_NAME, where="files") for key in entry if key not in FILE_KEYS]
    path, layout = str(entry.get("path") or ""), str(entry.get("format") or "")
    if not path or _leads_outside(path):
        what, todo = "a file needs a path inside this folder", "write its name, such as 'path: records.csv'"
        problems.append(_wrong("file_path", what, todo, "path", repr(path)[:80]))
    elif not (folder / path).exists():
        problems.append(_missing_file(path, folder))
    if layout not in FORMATS:
        problems.append(unknown("format", layout, FORMATS, file=FILE_NAME, where="format"))
    council = "" if entry.get("council") is None else str(entry["council"])
    if council and layout != scottish_census.NAME:
        what = "'council' is only for the census, which holds many"
        problems.append(_wrong("council", what, "take the line out", "council", council[:20]))
    return NamedFile(path, layout, council) if len(problems) == before else None


def _leads_outside(path: str) -> bool:
    parts = (*PurePosixPath(path).parts, *PureWindowsPath(path).parts)
    return ".." in parts or PurePosixPath(path).is_absolute() or bool(PureWindowsPath(path).anchor)


def _missing_file(path: str, folder: Path) -> Problem:
    there = sorted(entry.name for entry in folder.iterdir() if entry.is_file() and entry.name != FILE_NAME)
    close = near_miss(path, there)
    todo = (
        f"write '{close}' if that is what was meant" if close else "put the file into the folder, or take the entry out"
    )
    what = f"there is no file '{path}' in this folder"
    return _wrong("no_such_file", what, todo, "path", f"'{path}'", ", ".join(there))


def _numbers(value: Any, problems: list[Problem]) -> tuple[Override, ...]:
    if value is None:
        return ()
    if not isinstance(value, dict):
        todo = "write lines such as 'external_price_pounds: {value: 22.48, reason: \"our framework rate\"}'"
        problems.append(_wrong("numbers", "'numbers' should hold names, values and reasons", todo, "numbers"))
        return ()
    try:
        return read_overrides(value, FILE_NAME)
    except InputError as error:
        problems += error.problems
        return ()

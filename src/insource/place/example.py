"""Write a synthetic council out in the real file formats, so that readers and users see what they look like."""

import csv
import hashlib
from functools import partial
from pathlib import Path
from typing import Literal

from insource import parameters
from insource.errors import InputError, Problem
from insource.files import make_folder, write_atomically, write_text
from insource.place.folder import place_yaml
from insource.place.synthetic import synthetic
from insource.records import client_level_data, example_rows
from insource.records.cld_format import cld_format
from insource.records.place_file import FILE_NAME
from insource.records.pseudonym import KEY_BYTES, KEY_FILE, write_key

README = "README.txt"
README_TEXT = """This council does not exist, and nobody in these files does.

{people:,} invented people with home care or supported living, and others around them, written by `insource example`
(seed {seed}) in the format of the Adult Social Care Client Level Data return, {release}: one file for each submission.
NHS numbers are from the test range that begins with 999, postcodes are of areas that do not exist, everybody is called
Example.

  client_level_data_*.csv   the two submissions, one row for each event of one person
  place.yaml                says which file is what
  pseudonym.key             makes the pseudonyms that link a person's rows; for real records it is a secret

Check the files:   insource check FOLDER
Use them:          insource compare FOLDER --models status_quo in_house --out RESULT
"""
RELEASES = {"R1": "Release 1", "R2": "Release 2"}


def write_example(
    folder: Path | str, people: int, seed: int, release: Literal["R1", "R2"] = "R2", overwrite: bool = False
) -> list[Path]:
    """Write the people of `synthetic(people, seed)` as a council's submissions, with place.yaml and a README.

    The key of the pseudonyms comes from the seed, so that the same call gives the same place anywhere. Returns the
    files written. Raises InputError for a folder with something in it (unless `overwrite`), for too many people, and
    where the disk will not have it; then nothing new is left.
    """
    folder = Path(folder)
    _check(folder, people, seed, release, overwrite)
    make_folder(folder)
    donors = synthetic(people, seed).donors
    numbers = parameters.central()
    prices = (numbers.external_price_pounds, numbers.supported_living_price_pounds)
    cast = example_rows.invent(donors, seed, prices)
    old = set(folder.iterdir())
    names = {f"client_level_data_{end.year}.csv": (start, end) for start, end in example_rows.PERIODS}
    try:
        for name, period in names.items():
            write_atomically(folder / name, partial(_write_rows, cast, period, release))
        _write_example_key(folder / KEY_FILE, seed)
        readme = README_TEXT.format(people=people, seed=seed, release=RELEASES[release])
        write_text(folder / README, readme)
        base_date = parameters.BASE_DATE
        formats = dict.fromkeys(names, client_level_data.NAME)
        write_text(folder / FILE_NAME, place_yaml(f"Example council of {people:,} people", base_date, formats))
    except BaseException:
        for path in set(folder.iterdir()) - old:
            path.unlink()
        raise
    return [folder / name for name in (*names, KEY_FILE, README, FILE_NAME)]


def _check(folder: Path, people: int, seed: int, release: str, overwrite: bool) -> None:
    problems = []
    if not 1 <= people <= example_rows.MOST_PEOPLE:
        allowed = f"1 to {example_rows.MOST_PEOPLE:,}"
        what = "so many people cannot be written"
        problems.append(Problem("people", what, "choose another number", found=f"{people:,}", allowed=allowed))
    if not 0 <= seed < 1 << 64:
        problems.append(
            Problem("seed", "this is no seed", "choose a whole number", found=str(seed), allowed="0 upwards")
        )
    if release not in RELEASES:
        what = "there is no such release of the Client Level Data return"
        problems.append(
            Problem("release", what, "choose one of them", found=repr(release), allowed=", ".join(RELEASES))
        )
    if folder.is_dir() and any(folder.iterdir()) and overwrite and not _is_example(folder):
        what = "the folder holds more than an example, and nothing in it was changed"
        problems.append(Problem("not_an_example", what, "name a new folder", file=str(folder)))
    if folder.is_dir() and any(folder.iterdir()) and not overwrite:
        what = "the folder is not empty, and nothing in it was changed"
        todo = "name a new folder, or add --overwrite"
        problems.append(Problem("folder_not_empty", what, todo, file=str(folder)))
    if problems:
        raise InputError(problems)


def _is_example(folder: Path) -> bool:
    """Whether everything in the folder was written by `write_example`, so that nobody's records or key are lost."""
    known = {f"client_level_data_{end.year}.csv" for _, end in example_rows.PERIODS} | {KEY_FILE, README, FILE_NAME}
    names = {path.name for path in folder.iterdir()}
    try:
        is_ours = (folder / README).read_text(encoding="utf-8").splitlines()[0] == README_TEXT.splitlines()[0]
    except (OSError, ValueError, IndexError):
        return False
    return is_ours and names <= known


def _write_rows(cast: example_rows.Cast, period: example_rows.Period, release: str, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([column.heading for column in cld_format().columns])
        writer.writerows(example_rows.rows(cast, period, release))


def _write_example_key(path: Path, seed: int) -> None:
    path.unlink(missing_ok=True)
    write_key(path, hashlib.blake2b(f"insource example {seed}".encode(), digest_size=KEY_BYTES).digest())

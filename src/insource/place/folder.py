"""Open a place by its name, and write the place.yaml of a folder by looking at the files in it."""

from dataclasses import dataclass
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

from insource.errors import InputError, Problem, near_miss
from insource.files import write_text
from insource.parameters import BASE_DATE
from insource.place.from_records import from_records
from insource.place.model import Place
from insource.place.synthetic import synthetic
from insource.records import scottish_census
from insource.records.checking import candidates, no_files
from insource.records.dates import read_dates
from insource.records.place_file import FILE_NAME, FORMATS, has_place_file, require_folder
from insource.records.reading import open_table

BUNDLED = ("anytown",)
SYNTHETIC = "synthetic"
MOST_PEOPLE = (1 << 20) - 1
PERIOD_END = "reporting_period_end_date"
ALLOWED = "anytown, synthetic:PEOPLE or synthetic:PEOPLE:SEED (such as synthetic:5000:7), or the path of a folder"


@dataclass(frozen=True)
class NewPlace:
    """What `new_place` wrote: the files it recognised (name -> format) and those it did not."""

    path: Path
    text: str
    recognised: dict[str, str]
    not_recognised: tuple[str, ...]


def open_place(text: str) -> Place:
    """The place that a user asks for: "anytown", "synthetic:5000", "synthetic:5000:7" or the path of a folder.

    Raises InputError for anything else, with what is allowed and what was probably meant.
    """
    name, _, rest = text.partition(":")
    if name == SYNTHETIC:
        return _synthetic(text, rest)
    if folder := folder_of(text):
        return from_records(folder)
    if text in BUNDLED:
        return from_records(Path(str(files("insource").joinpath("data", "places", text))))
    close = near_miss(name, [*BUNDLED, SYNTHETIC])
    raise InputError(
        Problem(
            "unknown_place",
            f"'{text}' is neither a place nor a folder",
            f"write '{close}' if that is what was meant" if close else "check the path",
            found=f"'{text}'",
            allowed=ALLOWED,
        )
    )


def is_ours(text: str) -> bool:
    """Whether a place's text stands for one that comes with insource, wherever that is run."""
    return text.partition(":")[0] == SYNTHETIC or (text in BUNDLED and not Path(text, FILE_NAME).is_file())


def folder_of(text: str) -> Path | None:
    """The folder of the user's own that a place's text stands for; None for one of ours, and where there is none."""
    return None if not text or is_ours(text) or not Path(text).exists() else Path(text)


def _synthetic(text: str, rest: str) -> Place:
    parts = rest.split(":")
    if len(parts) > 2 or not all(part.isascii() and part.isdigit() for part in parts):
        raise _not_synthetic(text)
    people, seed = int(parts[0]), int(parts[1]) if len(parts) == 2 else 1
    if not 1 <= people <= MOST_PEOPLE or seed >= 1 << 64:
        raise _not_synthetic(text)
    return synthetic(people, seed)


def _not_synthetic(text: str) -> InputError:
    return InputError(
        Problem(
            "synthetic_place",
            "a synthetic place needs a number of people, and may have a seed",
            "write it such as synthetic:5000 or synthetic:5000:7",
            found=f"'{text}'",
            allowed=f"1 to {MOST_PEOPLE:,} people, a whole number as seed",
        )
    )


def new_place(folder: Path | str, council: str | None = None, overwrite: bool = False) -> NewPlace:
    """Write the place.yaml of a folder by looking at the files there; nothing is written if anything is wrong.

    `council` is the code of the council whose people are meant, for a census. Raises InputError if there is no file
    of a known format, if there are several formats, or if there is a place.yaml already and `overwrite` is false.
    """
    folder = Path(folder)
    require_folder(folder)
    if has_place_file(folder) and not overwrite:
        raise InputError(
            Problem(
                "place_file_exists",
                f"the folder has a {FILE_NAME} already, and it was left as it is",
                "use it, or add --overwrite to write it anew",
                file=str(folder),
            )
        )
    recognised, others = _look(folder)
    formats = sorted(set(recognised.values()))
    if len(formats) > 1:
        raise InputError(
            Problem(
                "formats_together",
                "the folder holds files of several formats, and a place is made from one",
                "move them to a folder for each",
                file=str(folder),
                found="; ".join(f"{name}: {layout}" for name, layout in recognised.items()),
            )
        )
    if formats == [scottish_census.NAME]:
        council = _council(folder, list(recognised), council or "")
        base_date = BASE_DATE
    else:
        council = None
        base_date = _day_after_latest_period(folder, list(recognised))
    text = place_yaml(folder.resolve().name or "place", base_date, recognised, council)
    path = folder / FILE_NAME
    write_text(path, text)
    return NewPlace(path, text, recognised, tuple(others))


def place_yaml(name: str, base_date: str, formats: dict[str, str], council: str | None = None) -> str:
    """The text of a place.yaml. `formats`: name of file -> format."""
    lines = [f"name: {_quoted(name)}", f"base_date: {base_date}        # prices of this date", "files:"]
    for file, layout in formats.items():
        lines += [f"  - path: {_quoted(file)}", f"    format: {layout}"]
        if council:
            lines.append(f'    council: "{council}"')
    lines += [
        "# The council's own figures, replacing defaults (see: insource list parameters), each with a reason:",
        "# numbers:",
        '#   external_price_pounds: {value: 22.48, reason: "our framework rate"}',
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Text as YAML: quoted, so that no name is taken for a number or a comment."""
    return "'" + text.replace("'", "''") + "'"


def _look(folder: Path) -> tuple[dict[str, str], list[str]]:
    """Which files are of a known format, and which are not."""
    tables, others = candidates(folder)
    recognised: dict[str, str] = {}
    problems: list[Problem] = []
    for name in tables:
        try:
            recognised[name] = open_table(folder / name, list(FORMATS.values()), name).format.name
        except InputError as error:
            problems += error.problems
            others.append(name)
    if recognised:
        return recognised, sorted(others)
    raise InputError(problems) if problems else no_files(folder, others)


def _council(folder: Path, names: list[str], council: str) -> str:
    if len(names) > 1:
        raise InputError(
            Problem(
                "several_censuses",
                "the folder holds several census files, and a place is made from one",
                "move them to a folder for each",
                file=str(folder),
                found=", ".join(names),
            )
        )
    known = scottish_census.councils(folder / names[0])
    if council not in known:
        raise scottish_census.no_such_council(names[0], council, known)
    return council


def _day_after_latest_period(folder: Path, names: list[str]) -> str:
    """The day after the latest reporting period in the files; the usual base date if none can be read."""
    ends = [
        block.select(read_dates(PERIOD_END)[0].max()).item()
        for name in names
        for block in open_table(folder / name, [FORMATS["client_level_data"]], name).blocks([PERIOD_END])
    ]
    known = [end for end in ends if end is not None]
    return (max(known) + timedelta(days=1)).isoformat() if known else BASE_DATE

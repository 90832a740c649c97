"""Open what a user names: files of assessments, the Client Level Data return, or the Scottish census of home care."""

from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from pathlib import Path

import polars as pl

from insource.errors import InputError, Problem
from insource.records import assessments, client_level_data, pseudonym, scottish_census
from insource.records.assessments import AssessmentFile
from insource.records.checking import candidates, no_files
from insource.records.cld_format import cld_format
from insource.records.client_level_data import CldFile
from insource.records.place_file import has_place_file
from insource.records.problem_log import ProblemLog
from insource.records.reading import Opened, open_table
from insource.records.scottish_census import CensusFile

BUNDLED = ("anytown",)
OTHER_KINDS = ("wrong_file", "missing_column")
"""A file of a folder that is refused for one of these is a file of another kind."""
FORMATS = [assessments.FORMAT, cld_format(), scottish_census.FORMAT]


@dataclass(frozen=True)
class Records:
    """What was read. Files by name; `events`: all rows of the returns; `notices`: what to tell."""

    assessed: dict[str, AssessmentFile]
    returns: dict[str, CldFile]
    censuses: dict[str, CensusFile]
    paths: dict[str, Path]
    events: pl.DataFrame = field(repr=False)
    notices: tuple[str, ...]

    def logs(self) -> list[ProblemLog]:
        """The problems of every file."""
        files: list[AssessmentFile | CldFile | CensusFile] = [*self.assessed.values(), *self.returns.values()]
        return [file.opened.log for file in [*files, *self.censuses.values()]]

    def usable(self, name: str) -> tuple[int, int]:
        """Rows of a file, and how many of them were used."""
        if name in self.assessed:
            return self.assessed[name].opened.rows, self.assessed[name].people().height
        if name in self.censuses:
            census = self.censuses[name]
            return census.opened.rows, int(census.frame["is_usable"].sum())
        number = list(self.returns).index(name)
        usable = (
            self.events.filter(pl.col("is_usable") & (pl.col("file") == number)).height if self.events.height else 0
        )
        return self.returns[name].opened.rows, usable


def read(named: list[str], today: date | None = None) -> Records:
    """Read files or folders. Files of a folder that are of no known kind are left alone, with a notice.

    Raises InputError for a file that cannot be used, for a census together with other records, and for nothing at all.
    """
    opened, notices = _open(named)
    key = pseudonym.new_key()
    returns = {
        name: client_level_data.read(one, key, today) for name, one in opened.items() if one.format is cld_format()
    }
    events = client_level_data.together(list(returns.values())) if returns else pl.DataFrame()
    councils = events["la_code"].drop_nulls().unique().to_list() if "la_code" in events.columns else []
    la_code = str(councils[0]) if len(councils) == 1 else ""
    censuses = {
        name: scottish_census.read(one, key) for name, one in opened.items() if one.format is scottish_census.FORMAT
    }
    assessed = {
        name: assessments.read(one, key, la_code) for name, one in opened.items() if one.format is assessments.FORMAT
    }
    if censuses and (assessed or returns or len(censuses) > 1):
        what = "a census of home care is looked at by itself, one file at a time"
        raise InputError(Problem("formats_together", what, "name the census file alone", found=", ".join(opened)))
    paths = {name: one.beginning.path for name, one in opened.items()}
    return Records(assessed, returns, censuses, paths, events, tuple(notices))


def _open(named: list[str]) -> tuple[dict[str, Opened], list[str]]:
    opened: dict[str, Opened] = {}
    notices: list[str] = []
    left: list[str] = []
    for text in named:
        path = Path(text)
        if text in BUNDLED and not path.exists():
            path = Path(str(files("insource").joinpath("data", "places", text)))
        if not path.is_dir():
            opened[path.name if path.name not in opened else str(path)] = open_table(path, FORMATS, path.name)
            continue
        tables, others = candidates(path)
        if not tables and not has_place_file(path):
            raise no_files(path, others)
        for name in tables:
            try:
                opened[name if name not in opened else str(path / name)] = open_table(path / name, FORMATS, name)
            except InputError as error:
                if any(problem.code not in OTHER_KINDS for problem in error.problems):
                    raise
                left.append(name)
    if left and opened:
        notices.append(f"left alone, because this tool does not read such files: {', '.join(left)}")
    if not opened:
        what = "none of these files is of a kind this tool reads"
        allowed = "; ".join(layout.title for layout in FORMATS)
        raise InputError(Problem("no_records", what, "name the files", found=", ".join(named), allowed=allowed))
    return opened, notices

"""Files of a run as they are found again: refused in plain words where they are lost, cut short or of something else.

Whoever opens a run asks once (`refuse_unusable` in run.py, and the readers of what further runs have left); whatever
reads the files after that trusts them. What is looked at: that a file can be read to its end, that its columns are
there and filled, and that it has the models and draws that run.json names. Not looked at: whether a figure was changed.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from insource.compiled import package_hash
from insource.errors import InputError, Problem
from insource.files import columns_of
from insource.parameters import parameters
from insource.tables import ACCOUNTS
from insource.units import WEEKS_A_YEAR

AGAIN = "run the same 'insource compare' again: it makes its results anew (with --overwrite if it asks for that)"
FURTHER_AGAIN = "run the same 'insource doubt' again: it makes this anew from the runs that are there"
MOST_NAMED = 5
MANIFEST: dict[str, type] = {
    "fingerprint": str,
    "status": str,
    "insource": str,
    "engine": str,
    "place": dict,
    "models": list,
    "years": int,
    "draws": int,
    "seed": int,
    "burn_in_weeks": int,
    "switched_off": list,
    "overrides": list,
}
"""What run.json must tell, and as what (a scenario only since there are any)."""
OF_PLACE: dict[str, type] = {
    **dict.fromkeys(("given", "name", "fingerprint", "base_date"), str),
    **dict.fromkeys(("lines", "notes", "origins"), list),
    "people": int,
    "usable_share": float,
}
OF_MODEL: dict[str, type] = dict.fromkeys(("name", "title", "file"), str)
OF_OVERRIDE: dict[str, type] = {**dict.fromkeys(("name", "reason", "by"), str), "value": float}


@dataclass(frozen=True)
class Shape:
    """What a file must hold: columns of words and of numbers, and what is true of all rows of a model and draw.

    `each(kinds)` is told how many different words there are in the column `kinds_in`; `names` must be among them.
    """

    words: tuple[str, ...]
    numbers: tuple[str, ...]
    each: Callable[[int], pl.Expr] = lambda kinds: pl.len() >= kinds
    kinds_in: str = ""
    names: tuple[str, ...] = ()

    @property
    def by(self) -> list[str]:
        """What its rows are counted by."""
        return ["model", "draw"] if "model" in self.words else ["draw"]


def shapes(manifest: Mapping[str, Any]) -> dict[str, Shape]:
    """The files that a run leaves, without their ending, and what each must hold."""
    years, year, part = manifest["years"], pl.col("year"), pl.col("part")
    weeks = manifest["burn_in_weeks"] + years * WEEKS_A_YEAR
    drawn = tuple(parameters()) if manifest.get("code") == package_hash() else ()
    return {
        "ledger": Shape(
            ("model", "account"),
            ("draw", "year", "part", "amount"),
            lambda kinds: (pl.len() == kinds * years * part.max().cast(pl.Int64)) & (year.max() == years),
            "account",
            tuple(ACCOUNTS),
        ),
        "weeks": Shape(("model",), ("draw", "week", *ACCOUNTS), lambda _: pl.len() == weeks),
        "parameters": Shape(("parameter",), ("draw", "value"), lambda kinds: pl.len() == kinds, "parameter", drawn),
        "stability": Shape(("model",), ("draw", "posts", "fold_posts", "quit_rate", "slope"), lambda _: pl.len() == 1),
    }


def models_of(manifest: Mapping[str, Any]) -> list[str]:
    """The names of the models of a run, in their order."""
    return [model["name"] for model in manifest["models"]]


def faults(folder: Path, manifest: Mapping[str, Any]) -> list[Problem]:
    """One problem for each file of a run that cannot be used."""
    asked = manifest["draws"], models_of(manifest), AGAIN
    found = [fault(folder / f"{kind}.parquet", shape, *asked) for kind, shape in shapes(manifest).items()]
    return [problem for problem in found if problem]


def fault(path: Path, shape: Shape, draws: int, models: Sequence[str], todo: str) -> Problem | None:
    """What is wrong with a file that should hold so many draws of these models, if anything."""
    if not path.exists():
        return Problem("run_file_lost", "is not there", todo, file=str(path))
    there = columns_of(path)
    if there is None:
        return _damaged(path, todo)
    wanted = {**dict.fromkeys(shape.words, False), **dict.fromkeys(shape.numbers, True)}
    wrong = [name for name, is_number in wanted.items() if name not in there or there[name].is_numeric() != is_number]
    if wrong:
        what, found = "does not have the columns of a run", ", ".join(there)[:100]
        lacking = ", ".join(wrong[:MOST_NAMED])
        return Problem("run_file_other", what, todo, file=str(path), found=found, allowed=f"with {lacking}")
    rows = pl.scan_parquet(path)
    try:
        empty = rows.select(pl.col(list(wanted)).null_count()).collect(engine="streaming").row(0)
        kinds = (
            set(rows.select(shape.kinds_in).unique().collect(engine="streaming").to_series())
            if shape.kinds_in
            else set()
        )
        each = (shape.each(len(kinds)) & pl.lit(kinds >= set(shape.names))).alias("is_right")
        groups = rows.group_by(shape.by).agg(each).collect(engine="streaming")
    except (OSError, PolarsError):
        return _damaged(path, todo)
    of_models = sorted(models) if "model" in shape.by else []
    expected: set[tuple[object, ...]] = {(draw,) for draw in range(draws)}
    if of_models:
        expected = {(name, draw) for name in of_models for draw in range(draws)}
    if not any(empty) and set(groups.select(shape.by).rows()) == expected and groups["is_right"].all():
        return None
    found = _counted(groups["draw"].n_unique(), sorted(groups["model"].unique()) if of_models else [])
    found += "" if groups["is_right"].all() and not any(empty) else ", with rows too few, too many or not filled"
    what = "does not hold what run.json says"
    return Problem("run_file_other", what, todo, file=str(path), found=found, allowed=_counted(draws, of_models))


def _counted(draws: int, models: Sequence[str]) -> str:
    return f"{draws:,} draws" + (f" of {', '.join(models[:MOST_NAMED])}" if models else "")


def _damaged(path: Path, todo: str) -> Problem:
    return Problem("run_file_damaged", "cannot be read: it is empty, cut short or damaged", todo, file=str(path))


def read_further(path: Path, shape: Shape, draws: int, models: Sequence[str]) -> pl.DataFrame:
    """A table that 'insource doubt' has left; raises InputError if it cannot be used."""
    if problem := fault(path, shape, draws, models, FURTHER_AGAIN):
        raise InputError(problem)
    return pl.read_parquet(path)


def read_json(path: Path, needed: Mapping[str, type], todo: str) -> dict[str, Any]:
    """What a file beside the results tells; raises InputError if it cannot be read or does not tell what it must."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        raise InputError(_damaged(path, todo)) from None
    wrong = lacking(content, needed)
    if wrong:
        raise not_told(path, wrong, todo)
    return dict(content)


def lacking(content: object, needed: Mapping[str, type]) -> list[str]:
    """What an entry does not tell, or tells as something else; a whole number will do for any number."""
    told = content if isinstance(content, dict) else {}
    kinds = {name: (float, int) if kind is float else kind for name, kind in needed.items()}
    return [name for name, kind in kinds.items() if not isinstance(told.get(name), kind)]


def not_told(path: Path, wrong: Sequence[str], todo: str) -> InputError:
    """The refusal of a file that does not tell what it must."""
    found = f"nothing usable for {', '.join(wrong[:MOST_NAMED])}"
    return InputError(Problem("run_file_other", "does not tell what it must", todo, file=str(path), found=found))


def read_told(path: Path) -> dict[str, Any]:
    """What run.json tells, as it stands there; raises InputError if it is damaged or tells something else."""
    content = read_json(path, MANIFEST, AGAIN)
    wrong = [f"place: {name}" for name in lacking({"folder": "", **content["place"]}, {**OF_PLACE, "folder": str})]
    for kind, needed in (("models", OF_MODEL), ("overrides", OF_OVERRIDE)):
        for number, entry in enumerate(content[kind], 1):
            wrong += [f"{kind} {number}: {name}" for name in lacking(entry, needed)]
    wrong += [name for name in ("years", "draws") if content[name] < 1]
    wrong += ["models"] if len(content["models"]) < 2 else []
    wrong += ["draws_made"] if not isinstance(content.get("draws_made", 1), int) else []
    if wrong:
        raise not_told(path, wrong, AGAIN)
    return content

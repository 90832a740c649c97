"""Runs made on purpose to find out where a difference comes from: parameters of one draw with the luck of another.

A *point* is whose parameters, whose luck, and what is set besides; every model of the comparison is run at it, so that
differences stay paired. What is kept is the ledger of a point by year. Points are files of their own, so a design that
was stopped goes on where it was, and designs share the points they have in common. The bits do not depend on the number
of processes.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from insource import parameters
from insource.appraise.outcomes import outcomes
from insource.appraise.value import MEASURES, Value, value_of
from insource.compare.keeping import Tell
from insource.compare.plan import Plan
from insource.compare.pool import shared_out
from insource.compare.results import FURTHER_AGAIN, Shape, models_of, not_told, read_further, read_json
from insource.compare.run import read_manifest
from insource.draws import luck
from insource.errors import InputError, StoppedError
from insource.files import columns_of, make_folder, write_atomically, write_text
from insource.identities import refuse_broken_books
from insource.simulate import simulate
from insource.units import WEEKS_A_YEAR

FOLDER = "doubt"
A_PIECE = 4
"""Points to a piece of work."""
ACCOUNTS = sorted({account for outcome in MEASURES.values() for account in outcomes()[outcome].accounts()})
Changes = tuple[tuple[str, float], ...]
TOLD = {"run": str, "accounts": list, "about": dict, "points": list}
SHAPE = Shape(("model", "account"), ("draw", "year", "amount"))


@dataclass(frozen=True)
class Point:
    """Parameters of draw `numbers_from`, the luck of draw `luck`, and parameters that are set."""

    numbers_from: int
    luck: int
    changes: Changes = ()

    @property
    def name(self) -> str:
        """What its file is called."""
        text = json.dumps([self.numbers_from, self.luck, [list(one) for one in self.changes]])
        return hashlib.blake2s(text.encode(), digest_size=12).hexdigest()


@dataclass(frozen=True)
class Design:
    """Points, and what they are for. `about` is kept with them: what a reader of the results must know."""

    kind: str
    points: tuple[Point, ...]
    about: dict[str, Any]


@dataclass(frozen=True)
class Designed:
    """A design with its results: a ledger whose draw is the number of the point."""

    design: Design
    ledger: pl.DataFrame

    def value(self, like: Value) -> Value:
        """What each model is worth at every point: discounted as another value is."""
        return value_of(self.ledger.lazy(), like.models, like.edition, like.timing)


def runs(plan: Plan, design: Design) -> int:
    """How many runs a design takes."""
    return len(set(design.points)) * len(plan.models)


def run_design(
    plan: Plan, design: Design, folder: Path, workers: int = 1, tell: Tell = lambda done, of: None
) -> Designed:
    """Run every point that is not there yet, and leave the design and its ledger in the folder of the comparison."""
    home = folder / FOLDER / f"points-{_fingerprint(plan)}"
    make_folder(home)
    wanted = list(dict.fromkeys(design.points))
    todo = [point for point in wanted if not columns_of(home / f"{point.name}.parquet")]
    done = len(wanted) - len(todo)
    tell(done, len(wanted))
    pieces = [tuple(todo[n : n + A_PIECE]) for n in range(0, len(todo), A_PIECE)]

    def count(ready: int) -> None:
        nonlocal done
        done += ready
        tell(done, len(wanted))

    try:
        shared_out(_run_piece, (plan, home), pieces, workers, count)
    except KeyboardInterrupt:
        raise StoppedError(f"stopped after {done} of {len(wanted)} points; the same command goes on") from None
    ledger = pl.concat(
        pl.read_parquet(home / f"{point.name}.parquet").with_columns(pl.lit(number, pl.Int32).alias("draw"))
        for number, point in enumerate(design.points)
    )
    points = [asdict(point) for point in design.points]
    content = {
        "run": read_manifest(folder)["fingerprint"],
        "kind": design.kind,
        "accounts": ACCOUNTS,
        "about": design.about,
        "points": points,
    }
    write_atomically(folder / FOLDER / f"{design.kind}.parquet", lambda path: ledger.write_parquet(path))
    write_text(folder / FOLDER / f"{design.kind}.json", json.dumps(content))
    return Designed(design, ledger)


def read_design(folder: Path, kind: str, fingerprint: str) -> Designed | None:
    """A design that was run for the comparison in a folder; None if there is none, or if it was for another."""
    told = folder / FOLDER / f"{kind}.json"
    if not told.exists():
        return None
    content = read_json(told, TOLD, FURTHER_AGAIN)
    if content["run"] != fingerprint or content["accounts"] != ACCOUNTS:
        return None
    try:
        points = tuple(_point(one) for one in content["points"])
    except (KeyError, TypeError, ValueError):
        raise not_told(told, ["points"], FURTHER_AGAIN) from None
    models = models_of(read_manifest(folder))
    ledger = read_further(told.with_suffix(".parquet"), SHAPE, len(points), models)
    return Designed(Design(kind, points, content["about"]), ledger)


def _point(told: dict[str, Any]) -> Point:
    return Point(told["numbers_from"], told["luck"], tuple((name, value) for name, value in told["changes"]))


def _fingerprint(plan: Plan) -> str:
    """Points of plans that differ only in the number of draws are the same."""
    content = json.dumps([replace(plan, draws=1).manifest(), ACCOUNTS], sort_keys=True)
    return hashlib.blake2s(content.encode(), digest_size=8).hexdigest()


def _run_piece(common: tuple[Plan, Path], piece: tuple[Point, ...]) -> int:
    plan, home = common
    for point in piece:
        frame = run_point(plan, point)
        write_atomically(home / f"{point.name}.parquet", lambda path, frame=frame: frame.write_parquet(path))  # type: ignore[misc]
    return len(piece)


def run_point(plan: Plan, point: Point) -> pl.DataFrame:
    """Every model at one point: model, year, account, amount (in whole units of the account)."""
    overrides, date = plan.all_overrides(), plan.place.base_date
    numbers = parameters.draw(plan.seed, point.numbers_from, overrides, date)._replace(**dict(point.changes))
    chance, rows = luck(plan.seed, point.luck), []
    for model in plan.models:
        where = f"parameters of draw {point.numbers_from}, luck of draw {point.luck}, {model.name}"
        try:
            result = simulate(plan.place, model, numbers, chance, plan.weeks, plan.burn_in, plan.scenario)
        except InputError as error:
            raise InputError([replace(one, file=where) for one in error.problems]) from error
        refuse_broken_books(result.ledger, result.tables, where)
        for account in ACCOUNTS:
            weeks = result.ledger.by_week(account)[plan.burn_in :]
            by_year = weeks.reshape(plan.years, WEEKS_A_YEAR).sum(axis=1)
            rows += [(model.name, year + 1, account, int(amount)) for year, amount in enumerate(by_year)]
    schema = {"model": pl.String, "year": pl.Int16, "account": pl.String, "amount": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")

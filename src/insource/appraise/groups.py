"""Who gains and who loses by group: totals of every group, and the same people set against themselves.

*Totals* of a group differ because its people fare differently and because more or fewer of them are there. *Pairs* are
people who are there under both models, newcomers included (they carry the same number): for each the mean over the
weeks they are there is compared, so that nobody counts as better off for being there longer.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from insource import parameters
from insource.appraise.gathering import (
    EMPLOYERS,
    MEASURES,
    PAY_BANDS,
    STAFF,
    Gathered,
    Grouping,
    gather,
    groupings,
    settings,
)
from insource.compare.keeping import Tell
from insource.compare.plan import Plan
from insource.compare.pool import shared_out
from insource.compare.results import FURTHER_AGAIN, Shape, models_of, read_further, read_json
from insource.compare.run import read_manifest
from insource.errors import StoppedError
from insource.files import columns_of, make_folder, write_atomically, write_text
from insource.units import MICRO, MINUTES_AN_HOUR, WEEKS_A_YEAR

FOLDER = "doubt"
FELT = 0.01
"""A judgement: quality of life that differs by less than a hundredth of its scale counts as the same."""
SCHEMA = {
    "table": pl.String,
    "model": pl.String,
    "draw": pl.Int32,
    "grouping": pl.String,
    "group": pl.String,
    "measure": pl.String,
    "amount": pl.Float64,
}
SHAPE = Shape(("table", "model", "grouping", "group", "measure"), ("draw", "amount"))
PAIRS = ("people", "better", "worse", "quality_of_life", "unmet_hours", "used_hours", "one_only")
"""Of the people of a group who are there under both models; the last counts those there under one of them only."""
KEPT = (*MEASURES, *STAFF, *PAIRS)
Row = tuple[str, str, int, str, str, str, float]


def run_groups(plan: Plan, draws: int, folder: Path, workers: int = 1, tell: Tell = lambda done, of: None) -> None:
    """Gather the first draws of a run and leave what was found in its folder; goes on where it was stopped."""
    home = folder / FOLDER / f"groups-{_fingerprint(plan)}"
    make_folder(home)
    todo = [draw for draw in range(draws) if not columns_of(home / f"{draw:06d}.parquet")]
    done = draws - len(todo)
    tell(done, draws)

    def count(_: object) -> None:
        nonlocal done
        done += 1
        tell(done, draws)

    try:
        shared_out(_run_draw, (plan, home), todo, workers, count)
    except KeyboardInterrupt:
        raise StoppedError(f"stopped after {done} of {draws} draws; the same command goes on from here") from None
    frame = pl.concat(pl.read_parquet(home / f"{draw:06d}.parquet") for draw in range(draws))
    write_atomically(folder / FOLDER / "groups.parquet", lambda path: frame.write_parquet(path))
    write_text(
        folder / FOLDER / "groups.json",
        json.dumps({"run": read_manifest(folder)["fingerprint"], "draws": draws, "kept": KEPT}),
    )


def read_groups(folder: Path, fingerprint: str) -> pl.DataFrame | None:
    """What was gathered for the run in a folder; None if nothing was, or for another run."""
    told = folder / FOLDER / "groups.json"
    if not told.exists():
        return None
    content = read_json(told, {"run": str, "draws": int, "kept": list}, FURTHER_AGAIN)
    if content["run"] != fingerprint or content["kept"] != list(KEPT):
        return None
    return read_further(told.with_suffix(".parquet"), SHAPE, content["draws"], models_of(read_manifest(folder)))


def _fingerprint(plan: Plan) -> str:
    content = json.dumps([replace(plan, draws=1).manifest(), KEPT], sort_keys=True)
    return hashlib.blake2s(content.encode(), digest_size=8).hexdigest()


def _run_draw(common: tuple[Plan, Path], draw: int) -> int:
    plan, home = common
    frame = pl.DataFrame(list(rows_of(plan, draw)), schema=SCHEMA, orient="row")
    write_atomically(home / f"{draw:06d}.parquet", lambda path: frame.write_parquet(path))
    return draw


def rows_of(plan: Plan, draw: int) -> Iterator[Row]:
    """Everything gathered in one draw, as rows."""
    numbers = parameters.draw(plan.seed, draw, plan.all_overrides(), plan.place.base_date)
    ways = groupings(plan.place)
    first: Gathered | None = None
    for model in plan.models:
        found = gather(plan.place, model, numbers, plan.seed, draw, plan.weeks, plan.burn_in, plan.scenario)
        if wrong := {name: pair for name, pair in found.check_against().items() if pair[0] != pair[1]}:
            raise RuntimeError(f"{model.name}, draw {draw}: what was gathered is not what stands in the books: {wrong}")
        for way in ways:
            totals = by_group(way.of_donor[found.donors], found.totals, len(way.groups))
            yield from _rows("people", model.name, draw, way.name, way.groups, MEASURES, totals)
        yield from _rows("people", model.name, draw, "setting in the week", settings(), MEASURES, found.setting)
        zones = next(way.groups for way in ways if way.name == "area")
        for name, labels in (("employer", EMPLOYERS), ("pay", PAY_BANDS), ("area", zones)):
            yield from _rows("staff", model.name, draw, name, labels, STAFF, found.staff[name])
        if first is None:
            first = found
            continue
        for way in ways:
            measures, amounts = pairs(first, found, way)
            yield from _rows("pairs", model.name, draw, way.name, way.groups, measures, amounts)


def by_group(group: np.ndarray, totals: np.ndarray, groups: int) -> np.ndarray:
    """Sums of every column over each group, shape (groups, columns)."""
    columns = [np.bincount(group, weights=column, minlength=groups) for column in totals.T]
    return np.column_stack(columns)


def pairs(first: Gathered, second: Gathered, way: Grouping) -> tuple[tuple[str, ...], np.ndarray]:
    """People who are there under both models: how many, how many fare better or worse, mean differences over them."""
    _, one, other = np.intersect1d(first.persons, second.persons, assume_unique=True, return_indices=True)
    life_one, life_other = _life(first.totals[one]), _life(second.totals[other])
    more = life_other - life_one
    unmet, used = (_weekly_hours(second.totals[other], k) - _weekly_hours(first.totals[one], k) for k in _HOURS)
    columns = np.column_stack([np.ones(len(one)), more >= FELT, more <= -FELT, more, unmet, used])
    groups = len(way.groups)
    sums = by_group(way.of_donor[first.donors[one]], columns, groups)
    of_each = [np.bincount(way.of_donor[found.donors], minlength=groups) for found in (first, second)]
    one_only = of_each[0] + of_each[1] - 2 * sums[:, 0]
    return PAIRS, np.column_stack([sums, one_only])


_HOURS = (MEASURES.index("unmet_minutes"), MEASURES.index("used_minutes"))


def _life(totals: np.ndarray) -> np.ndarray:
    """Mean quality of life over the weeks somebody was there."""
    return totals[:, MEASURES.index("quality_of_life")] * WEEKS_A_YEAR / MICRO / totals[:, 0]


def _weekly_hours(totals: np.ndarray, measure: int) -> np.ndarray:
    return totals[:, measure] / MINUTES_AN_HOUR / totals[:, 0]


def _rows(
    table: str,
    model: str,
    draw: int,
    way: str,
    groups: tuple[str, ...],
    measures: tuple[str, ...],
    amounts: np.ndarray,
) -> Iterator[Row]:
    for number, group in enumerate(groups):
        for k, measure in enumerate(measures):
            yield table, model, draw, way, group, measure, float(amounts[number, k])

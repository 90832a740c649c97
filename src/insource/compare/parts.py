"""One draw's work: every model on the same people, parameters and luck; and the files it leaves."""

import io
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl

from insource import parameters
from insource.compare.plan import Plan
from insource.draws import luck
from insource.errors import InputError
from insource.files import columns_of, write_atomically
from insource.identities import refuse_broken_books
from insource.simulate import Run, simulate
from insource.stability import load_loop
from insource.tables import ACCOUNTS
from insource.units import WEEKS_A_YEAR

KINDS = ("ledger", "weeks", "parameters", "stability")


def part_path(folder: Path, kind: str, draw: int) -> Path:
    """Where one draw leaves one kind of result until all are there."""
    return folder / "parts" / f"{kind}-{draw:06d}.parquet"


def is_done(folder: Path, draw: int) -> bool:
    """Whether a draw has left everything. One file is put in place after the other; one cut short is made again."""
    return all(columns_of(part_path(folder, kind, draw)) for kind in KINDS)


def run_draw(plan: Plan, draw: int) -> tuple[int, dict[str, bytes]]:
    """Run every model for one draw. Returns its number and what is to stand in its files, by kind."""
    numbers = parameters.draw(plan.seed, draw, plan.all_overrides(), plan.place.base_date)
    chance = luck(plan.seed, draw)
    ledgers, results, loops = [], [], []
    for model in plan.models:
        try:
            result = simulate(plan.place, model, numbers, chance, plan.weeks, plan.burn_in, plan.scenario)
        except InputError as error:
            raise InputError(
                [replace(one, file=f"draw {draw}, {one.file or model.name}") for one in error.problems]
            ) from error
        refuse_broken_books(result.ledger, result.tables, f"draw {draw}, {model.name}")
        ledgers.append(_by_year(result, model.name, draw))
        results.append((model.name, result))
        loops.append({"model": model.name, "draw": draw, **vars(load_loop(result, numbers))})
    values = pl.DataFrame({"draw": [draw] * len(numbers), "parameter": list(numbers._fields), "value": list(numbers)})
    frames = {"parameters": values, "weeks": _by_week(results, draw), "ledger": pl.concat(ledgers)}
    frames["stability"] = pl.DataFrame(loops, schema_overrides={"draw": pl.Int32})
    return draw, {kind: _as_parquet(frame) for kind, frame in frames.items()}


def keep_draw(folder: Path, done: tuple[int, dict[str, bytes]]) -> None:
    """Leave the files of a draw, one after the other, each whole."""
    draw, contents = done
    for kind in reversed(KINDS):
        content = contents[kind]
        write_atomically(part_path(folder, kind, draw), lambda path, content=content: path.write_bytes(content))  # type: ignore[misc]


def _as_parquet(frame: pl.DataFrame) -> bytes:
    """Not compressed: parts are read once and removed."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="uncompressed", statistics=False)
    return buffer.getvalue()


@cache
def _chart() -> pl.DataFrame:
    """The chart of accounts, one row for each in the order of the books, as the rows of a ledger name them."""
    accounts = ACCOUNTS.values()
    return pl.DataFrame(
        {
            "account": list(ACCOUNTS),
            "unit": [account.unit for account in accounts],
            "mechanism": [account.owner for account in accounts],
            "payer": [account.payer or None for account in accounts],
            "payee": [account.payee or None for account in accounts],
        }
    )


def _by_year(result: Run, model: str, draw: int) -> pl.DataFrame:
    """The books by year and part, running-in left out: one row for each account, year and part, in that order."""
    books = result.ledger.together[:, result.burn_in :]
    parts = books.shape[-1]
    years = np.einsum("aywp->ayp", books.reshape(len(books), -1, WEEKS_A_YEAR, parts))
    account, year, part = (index.ravel() for index in np.indices(years.shape))
    return _chart()[account].select(
        pl.lit(model).alias("model"),
        pl.lit(draw, pl.Int32).alias("draw"),
        pl.Series("year", year + 1, pl.Int16),
        pl.Series("part", part + 1, pl.Int8),
        "account",
        pl.Series("amount", years.ravel(), pl.Int64),
        "unit",
        "mechanism",
        "payer",
        "payee",
    )


def _by_week(results: list[tuple[str, Run]], draw: int) -> pl.DataFrame:
    """Every account week by week over all parts; weeks of the running-in are numbered 0 and below."""
    weeks = [np.arange(1 - one.burn_in, one.weeks + 1, dtype=np.int16) for _, one in results]
    books = np.concatenate([np.einsum("awp->aw", one.ledger.together) for _, one in results], axis=1)
    return pl.DataFrame(
        {
            "model": [model for (model, _), of_model in zip(results, weeks, strict=True) for _ in of_model],
            "draw": np.full(books.shape[1], draw, np.int32),
            "week": np.concatenate(weeks),
            **dict(zip(ACCOUNTS, books, strict=True)),
        }
    )

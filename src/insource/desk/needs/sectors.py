"""Hours of people served by one sector against those of people served by another, with other things held fixed.

Least squares of the logarithm of hours on the sector, with a constant for every council and for every group of the
things held fixed. The ratio is e to the coefficient: how many times the hours (geometric mean) of people alike in
all of these. Two intervals: redrawing people says how sure the figure is for *these* councils; redrawing councils says
how sure it would be for others like them, and is the wider and the honest one for any use elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from insource.desk.needs.fit import indicators, orthogonal
from insource.desk.resampling import interval, summed_by
from insource.numeric import normal_quantile

SURE = normal_quantile(0.975)
FEWEST_IN_A_SECTOR = 30
"""From so many people in each sector on a council has a ratio of its own: a judgement."""
RIDGE = 1e-9


@dataclass(frozen=True)
class Ratio:
    """Hours in the second sector for 1 in the first. `low` and `high`: 95%, people redrawn; `_elsewhere`: councils."""

    held_fixed: str
    ratio: float
    low: float
    high: float
    low_elsewhere: float
    high_elsewhere: float
    people: int
    in_second: int
    councils: int


def ratio(frame: pl.DataFrame, fixed: Sequence[str], name: str, times: int, seed: int) -> Ratio:
    """The ratio in `frame`: columns hours (above 0), is_second, council and those of `fixed`, none of them null.

    The council is always held fixed. `name` says what is.
    """
    council = frame["council"].rank("dense").to_numpy().astype(int) - 1
    groups = [frame[column].rank("dense").to_numpy() for column in fixed]
    columns = np.column_stack(
        [frame["is_second"].to_numpy().astype(float), indicators(*groups)[:, 1:]]
        if groups
        else [frame["is_second"].to_numpy().astype(float)]
    )
    within = _within(np.column_stack([columns, np.log(frame["hours"].to_numpy())]), council)
    x, y = within[:, :-1], within[:, -1]
    slope, spread = _slope(x, y)
    low, high = _over_councils(x, y, council, times, seed)
    return Ratio(
        name,
        float(np.exp(slope)),
        float(np.exp(slope - SURE * spread)),
        float(np.exp(slope + SURE * spread)),
        float(np.exp(low)),
        float(np.exp(high)),
        frame.height,
        int(frame["is_second"].sum()),
        int(frame.group_by("council").agg(pl.col("is_second").n_unique() > 1)["is_second"].sum()),
    )


def by_council(frame: pl.DataFrame, fixed: Sequence[str]) -> pl.DataFrame:
    """The ratio in each council by itself that has enough people in both sectors."""
    rows = []
    for (council,), own in sorted(frame.group_by("council"), key=lambda part: str(part[0][0])):
        second = int(own["is_second"].sum())
        if min(second, own.height - second) < FEWEST_IN_A_SECTOR:
            continue
        groups = [own[column].rank("dense").to_numpy() for column in fixed]
        rest, _ = orthogonal(indicators(*groups))
        both = np.column_stack([own["is_second"].to_numpy().astype(float), np.log(own["hours"].to_numpy())])
        both = both - rest @ (rest.T @ both)
        slope, spread = _slope(both[:, :1], both[:, 1])
        rows.append(
            {
                "council": str(council),
                "in_house_people": own.height - second,
                "private_people": second,
                "ratio": float(np.exp(slope)),
                "low": float(np.exp(slope - SURE * spread)),
                "high": float(np.exp(slope + SURE * spread)),
            }
        )
    return pl.DataFrame(rows)


def ratio_of_means(frame: pl.DataFrame, fixed: Sequence[str], name: str, times: int, seed: int) -> Ratio:
    """The same question without logarithms or a model: in each cell of people alike in council and all of `fixed`
    the mean hours of both sectors, weighted by how many people of the second sector are in the cell.

    Cells with one sector only say nothing and are left out. The interval redraws councils only.
    """
    cells = frame.group_by("council", *fixed).agg(
        pl.col("hours").filter("is_second").mean().alias("second"),
        pl.col("hours").filter(~pl.col("is_second")).mean().alias("first"),
        pl.col("is_second").sum().alias("weight"),
        pl.len().alias("people"),
    )
    cells = cells.drop_nulls(["first", "second"]).sort("council", *fixed)
    if cells.is_empty():
        nothing = float("nan")
        return Ratio(name, nothing, nothing, nothing, nothing, nothing, 0, 0, 0)
    council = cells["council"].rank("dense").to_numpy().astype(int) - 1
    weight = cells["weight"].to_numpy()
    sums = summed_by(
        np.column_stack([weight * cells["second"].to_numpy(), weight * cells["first"].to_numpy()]), council
    )
    luck = np.random.Generator(np.random.PCG64(seed))
    drawn = luck.integers(0, len(sums), size=(times, len(sums)))
    redrawn = sums[drawn].sum(axis=1)
    low, high = interval(redrawn[:, 0] / redrawn[:, 1])
    value = float(sums[:, 0].sum() / sums[:, 1].sum())
    people, second = int(cells["people"].sum()), int(weight.sum())
    return Ratio(name, value, float("nan"), float("nan"), low, high, people, second, len(sums))


def _within(columns: np.ndarray, council: np.ndarray) -> np.ndarray:
    """Columns less their mean in each council: the same as a constant for every council."""
    counts = np.bincount(council)
    means = summed_by(columns, council) / counts[:, None]
    return columns - means[council]


def _slope(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """The coefficient of the first column and its standard error, which allows for unequal spread (White 1980)."""
    square = x.T @ x
    inverse = np.linalg.pinv(square)
    coefficients = inverse @ (x.T @ y)
    error = y - x @ coefficients
    meat = (x * error[:, None]).T @ (x * error[:, None])
    variance = float((inverse @ meat @ inverse)[0, 0])
    return float(coefficients[0]), float(np.sqrt(max(variance, 0.0)))


def _over_councils(x: np.ndarray, y: np.ndarray, council: np.ndarray, times: int, seed: int) -> tuple[float, float]:
    """The interval of the first coefficient when whole councils are redrawn; each fit is exact, from councils' sums."""
    width = x.shape[1]
    products = (x[:, :, None] * np.column_stack([x, y])[:, None, :]).reshape(len(x), -1)
    sums = summed_by(products, council)
    luck = np.random.Generator(np.random.PCG64(seed))
    drawn = luck.integers(0, len(sums), size=(times, len(sums)))
    slopes = np.empty(times)
    for number, places in enumerate(drawn):
        both = sums[places].sum(axis=0).reshape(width, width + 1)
        square = both[:, :width] + RIDGE * np.eye(width)
        slopes[number] = np.linalg.solve(square, both[:, width])[0] if square[0, 0] > 1e-6 else np.nan
    return interval(slopes)

"""Who is funded below the cost of meeting their needs, and who above it: group by group, with how sure it is.

A gap is given in two ways. *Together*: sum of gaps over sum of costs, in the group. *Against the others*: that share
less the same share of everybody else. A group stands out if the second is further from nothing than luck explains,
allowing for how many groups were looked at (Bonferroni: the more groups, the further it must be).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from insource.desk.needs.fit import indicators, orthogonal
from insource.desk.resampling import interval, resampled_sums
from insource.numeric import normal_quantile
from insource.units import WEEKS_A_YEAR

LEVEL = 0.05
"""A group is said to stand out where luck alone would make any group do so in at most 1 of 20 caseloads."""
SURE = normal_quantile(1.0 - LEVEL / 2.0)
NOT_RECORDED = "not recorded"
SMALL = "groups too small to tell"
NO_GROUPS = (NOT_RECORDED, SMALL)
COLUMNS = ("cost", "gap", "is_short", "short", "spare", "one")


@dataclass(frozen=True)
class Asked:
    """What is asked of the groups: how many redraws from which seed, and from how many people on a group is told of."""

    times: int = 1000
    seed: int = 1
    smallest: int = 10
    tolerance: float = 0.0


def by_group(cost: np.ndarray, budget: np.ndarray, dimensions: Mapping[str, pl.Series], asked: Asked) -> pl.DataFrame:
    """A row for each group of each dimension (a column of texts, null where not recorded).

    Groups of fewer than `asked.smallest` people are put together. `gap_share` is sum of gaps / sum of costs;
    `against_others` the same less that of everybody else; `held_fixed` the difference in a person's gap (pounds or
    hours a week) between the group and people alike in all other dimensions. Each with a 95% interval.
    """
    gap = cost - budget
    measures = np.column_stack(
        [cost, gap, gap > asked.tolerance, np.maximum(gap, 0.0), np.maximum(-gap, 0.0), np.ones(len(cost))]
    ).astype(float)
    labels = {name: _merged(series, asked.smallest) for name, series in dimensions.items()}
    groups = [
        (name, label, (series == label).to_numpy()) for name, series in labels.items() for label in _ordered(series)
    ]
    if not groups:
        return pl.DataFrame()
    everybody = np.arange(len(cost))
    members = [*(np.flatnonzero(member) for _, _, member in groups), everybody]
    redrawn = resampled_sums(measures, members, asked.times, asked.seed)
    observed = np.array([measures[places].sum(axis=0) for places in members])
    tested = sum(_is_tested(name, label, labels) for name, label, _ in groups)
    far = normal_quantile(1.0 - LEVEL / 2.0 / max(tested, 1))
    rows = []
    for number, (name, label, member) in enumerate(groups):
        row: dict[str, object] = {"dimension": name, "group": label, **_figures(observed, redrawn, number)}
        draws = _against_others(redrawn, number)
        spread = float(draws[np.isfinite(draws)].std()) if np.isfinite(draws).any() else 0.0
        is_known = _is_tested(name, label, labels) and spread > 0
        row["stands_out"] = bool(is_known and abs(float(_against_others(observed[None], number)[0])) > far * spread)
        row |= _held_fixed(gap, name, member, labels) if is_known else NOT_HELD_FIXED
        rows.append({key: value if _is_said(value) else None for key, value in row.items()})
    return pl.DataFrame(rows, schema_overrides=FLOATS, infer_schema_length=None)


def _is_said(value: object) -> bool:
    return not isinstance(value, float) or bool(np.isfinite(value))


FLOATS = dict.fromkeys(
    (
        *("gap_share", "gap_share_low", "gap_share_high", "short_people_share_low", "short_people_share_high"),
        *("against_others", "against_others_low", "against_others_high"),
        *("held_fixed", "held_fixed_low", "held_fixed_high"),
    ),
    pl.Float64,
)
NOT_HELD_FIXED: dict[str, float | None] = {"held_fixed": None, "held_fixed_low": None, "held_fixed_high": None}


def _figures(observed: np.ndarray, redrawn: np.ndarray, number: int) -> dict[str, float | int]:
    cost, gap, short_people, short, spare, people = observed[number]
    found: dict[str, float | int] = {
        "people": round(people),
        "mean_budget": (cost - gap) / people,
        "mean_cost": cost / people,
        "mean_gap": gap / people,
        "short_people": round(short_people),
        "short_people_share": short_people / people,
        "short_a_year": short * WEEKS_A_YEAR,
        "spare_a_year": spare * WEEKS_A_YEAR,
        "net_a_year": gap * WEEKS_A_YEAR,
    }
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = {
            "gap_share": (_gap_share(observed[None], number), _gap_share(redrawn, number)),
            "short_people_share": (
                np.array([short_people / people]),
                redrawn[:, number, 2] / redrawn[:, number, 5],
            ),
            "against_others": (_against_others(observed[None], number), _against_others(redrawn, number)),
        }
    for name, (value, draws) in shares.items():
        found[name] = float(value[0])
        found[f"{name}_low"], found[f"{name}_high"] = interval(draws)
    return found


def _gap_share(sums: np.ndarray, number: int) -> np.ndarray:
    return sums[:, number, 1] / sums[:, number, 0]


def _against_others(sums: np.ndarray, number: int) -> np.ndarray:
    """The group's gap as a share of its costs, less that of everybody else (the last row of the sums is everybody)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        others = (sums[:, -1, 1] - sums[:, number, 1]) / (sums[:, -1, 0] - sums[:, number, 0])
        difference: np.ndarray = sums[:, number, 1] / sums[:, number, 0] - others
    return difference


def _held_fixed(
    gap: np.ndarray, name: str, member: np.ndarray, labels: Mapping[str, pl.Series]
) -> dict[str, float | None]:
    """Least squares of the gap on belonging to the group and on every other dimension; the interval allows for gaps
    that vary more in some groups than in others (White 1980)."""
    others = [series.rank("dense").to_numpy() for other, series in labels.items() if other != name]
    rest, _ = orthogonal(indicators(*others) if others else np.ones((len(gap), 1)))
    own = member.astype(float)
    own = own - rest @ (rest.T @ own)
    outcome = gap - rest @ (rest.T @ gap)
    size = float((own**2).sum())
    if size < 1e-6:
        return NOT_HELD_FIXED
    slope = float((own * outcome).sum()) / size
    free = max(len(gap) - rest.shape[1] - 1, 1)
    error = outcome - slope * own
    spread = float(np.sqrt((own**2 * error**2).sum() * len(gap) / free)) / size
    return {"held_fixed": slope, "held_fixed_low": slope - SURE * spread, "held_fixed_high": slope + SURE * spread}


def _merged(series: pl.Series, smallest: int) -> pl.Series:
    """The labels of a dimension, those of fewer than `smallest` people put together."""
    named = series.cast(pl.String).fill_null(NOT_RECORDED)
    frame = pl.DataFrame({"label": named}).with_columns(pl.len().over("label").alias("people"))
    is_small = (pl.col("people") < smallest) & (pl.col("label") != NOT_RECORDED)
    return frame.select(pl.when(is_small).then(pl.lit(SMALL)).otherwise("label").alias("label"))["label"]


def _ordered(series: pl.Series) -> list[str]:
    """The groups in the order of their names, those that are no groups of their own last."""
    return sorted(series.unique().to_list(), key=lambda label: (label in NO_GROUPS, label))


def _is_tested(name: str, label: str, labels: Mapping[str, pl.Series]) -> bool:
    """Whether a group is looked at for standing out: a real group, with somebody outside of it."""
    return label not in NO_GROUPS and labels[name].n_unique() > 1

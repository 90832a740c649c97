"""How far the figures of staff time could be out: each number moved over its range, and which of them decides.

Hours of one are judgements or survey figures. A figure is worked out again with one number at a time at its low and at
its high end. Doubts about different numbers are taken to be independent, so their effects are added as squares; the
number that moves a figure most is named, with what the figure would be at its ends alone.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from insource.desk.settings import defaults
from insource.desk.staff_time import hours
from insource.desk.staff_time.year import Year, year_of
from insource.parameters import parameters

FIGURES: dict[str, Callable[[Year], float]] = {
    "total": lambda year: year.total_hours,
    "bought_share": lambda year: year.bought_hours / year.total_hours if year.total_hours else 0.0,
    "casework_share": lambda year: year.load.share_of_time,
    "direct_work": lambda year: year.load.direct_work,
    "overdue": lambda year: year.load.overdue,
    "one_contract": lambda year: year.fewer[0].hours,
    "one_provider": lambda year: year.fewer[1].hours,
    "one_each": lambda year: year.fewer[2].hours,
    "management": lambda year: year.management[0],
}
SHARES = ("bought_share", "casework_share", "direct_work", "overdue")


@dataclass(frozen=True)
class Doubt:
    """A figure from `low` to `high`. `decides` is the number that moves it most: its value and ends, and the figure at
    each of these ends."""

    low: float
    high: float
    decides: str
    value: float
    ends: tuple[float, float]
    at_ends: tuple[float, float]


def doubts(year: Year, social_workers: float | None, brokers: float | None) -> dict[str, Doubt]:
    """How far each of FIGURES could be out."""
    others = {
        name: tuple(year_of(year.work, social_workers, brokers, {**year.values, name: end}) for end in ends)
        for name, ends in hours.ends_of(year.values).items()
        if ends[0] != ends[1]
    }
    return {what: _doubt(what, figure, year, others) for what, figure in FIGURES.items()}


def _doubt(what: str, figure: Callable[[Year], float], year: Year, others: Mapping[str, tuple[Year, ...]]) -> Doubt:
    middle = figure(year)
    moved = {name: (figure(pair[0]), figure(pair[1])) for name, pair in others.items()}
    below = math.sqrt(sum(max(middle - min(pair), 0.0) ** 2 for pair in moved.values()))
    above = math.sqrt(sum(max(max(pair) - middle, 0.0) ** 2 for pair in moved.values()))
    most = 1.0 if what in SHARES else math.inf
    decides = max(moved, key=lambda name: abs(moved[name][1] - moved[name][0]), default="")
    return Doubt(
        max(middle - below, 0.0),
        min(middle + above, most),
        decides,
        year.values.get(decides, 0.0),
        hours.ends_of(year.values).get(decides, (0.0, 0.0)),
        moved.get(decides, (middle, middle)),
    )


def in_words(name: str) -> str:
    """What a number is, as its papers say, without the full stop."""
    known = defaults(hours.TOOL).get(name) or parameters()[name]
    words = known.what.rstrip(".")
    return words[0].lower() + words[1:]


def unit_of(name: str) -> str:
    """Its unit."""
    return (defaults(hours.TOOL).get(name) or parameters()[name]).unit


def is_judgement(name: str) -> bool:
    """True if nobody has measured it."""
    known = defaults(hours.TOOL).get(name)
    return (known.source if known else parameters()[name].source.key) == "judgement"

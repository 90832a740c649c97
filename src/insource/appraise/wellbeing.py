"""Rival findings on what care does for people: how much a year of full quality of life costs at the margin.

The run reckons with a root of the hours that met a need (Forder and others 2014): an hour more does little for whoever
has many and much for whoever has few. Longo and others (2021) found a seventh of that for people who have care already,
in proportion to what is spent. Both are worked out from the books, so that no run has to be made again. Under the
second only hours that met a need count; that people are there longer or shorter is left out of it.
"""

import csv
from functools import cache
from importlib.resources import files

import numpy as np

from insource.appraise.value import Purse, Value

ROOT, LINEAR = "a root of the hours", "in proportion to the hours"
FUNCTIONS = {
    ROOT: "Forder and others 2014, as in the run: the more hours somebody has, the less one more does",
    LINEAR: "Longo and others 2021: every hour that meets a need does the same, and little",
}
THOUSAND = 1_000


@cache
def figures() -> dict[str, float]:
    """The numbers of the rival, from data/appraisal/wellbeing.csv."""
    text = files("insource").joinpath("data/appraisal/wellbeing.csv").read_text(encoding="utf-8")
    return {row["name"]: float(row["value"]) for row in csv.DictReader(text.splitlines())}


def gain_an_hour() -> float:
    """SC-QALYs for an hour that meets a need, in proportion: 0.0030 for each 1,000 pounds of them."""
    return figures()["gain_a_thousand_pounds"] * figures()["pounds_an_hour"] / THOUSAND


def gains(value: Value, function: str) -> np.ndarray:
    """SC-QALYs more than under the first model at present value, shape (models, draws)."""
    present = value.present("wellbeing") if function == ROOT else gain_an_hour() * value.present("hours met")
    more: np.ndarray = present - present[:1]
    return more


def benefit(value: Value, function: str, threshold: float, purse: Purse) -> np.ndarray:
    """Net monetary benefit less that of the first model, shape (models, draws)."""
    costs = value.costs(purse)
    net: np.ndarray = threshold * gains(value, function) - (costs - costs[:1])
    return net

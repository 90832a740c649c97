"""Outcomes of each line of service: they add up to those of all lines, and say nothing of lines without anybody."""

import polars as pl
import pytest

from insource import delivery
from insource.appraise.by_line import BY_LINE, by_line
from insource.appraise.outcomes import outcomes
from insource.appraise.summary import summarise
from insource.compare import Plan, run
from insource.place import synthetic
from insource.place.model import LineOf

pytestmark = pytest.mark.worked

MODELS = ("status_quo", "in_house")


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    """The books of two models in a place of two lines, one year, two draws."""
    folder = tmp_path_factory.mktemp("lines")
    models = tuple(delivery.read(name) for name in MODELS)
    texts = {name: delivery.text_of(name) for name in MODELS}
    run(Plan("synthetic:80", synthetic(80), models, texts, years=1, draws=2, burn_in=26), folder)
    return pl.scan_parquet(folder / "ledger.parquet"), models


def test_lines_add_up_to_the_whole(ledger):
    """Hours, people and staff of the lines are those of the area; so nothing of them is posted outside a line."""
    books, models = ledger
    rows = by_line(books, models, 1)
    summary = summarise(books, MODELS, 1)
    assert {"home_care", "supported_living"} <= {row.line for row in rows}
    for name in BY_LINE:
        if outcomes()[name].denominator not in ("years", "weeks"):
            continue
        for model in MODELS:
            of_lines = sum(row.spreads[model][0] for row in rows if row.outcome.name == name)
            assert of_lines == pytest.approx(summary.row(name, model)["mean"], rel=1e-9), (name, model)


def test_each_line_has_its_own_figures(ledger):
    """Supported living at its own price beside home care at its own; the mean lies in the range of the draws."""
    books, models = ledger
    rows = by_line(books, models, 1)
    cost = {row.line: row.spreads["status_quo"] for row in rows if row.outcome.name == "care_cost_a_delivered_hour"}
    assert cost["supported_living"] != cost["home_care"]
    assert all(low <= mean <= high for mean, low, high in cost.values())


def test_few_people_are_not_described():
    """Of fewer than five people on a line neither their number nor their hours are shared."""
    few = LineOf(3, 61.5, 0.2).shown("supported_living")
    assert few == {
        "line": "supported_living", "people": "fewer than 5", "mean_hours": None, "share_of_hours": None,
    }  # fmt: skip
    assert LineOf(1200, 14.381, 0.8).shown("home_care")["mean_hours"] == 14.38

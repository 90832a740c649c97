"""Payback and break-even of a run: by hand, from the books a second way, and in words where there is no number."""

import math

import numpy as np
import polars as pl
import pytest

from insource import delivery
from insource.appraise.payback import payback_of, years_at
from insource.appraise.value import Question, Value, value_of
from insource.compare import Plan, run
from insource.place import synthetic
from insource.report.payback_sheet import payback_chart, payback_sentences, payback_sheets, years_in_words

pytestmark = pytest.mark.worked
MODELS = ("status_quo", "in_house", "block_zones")
TITLES = {"now": "Now", "other": "Other"}
ASKED = Question(30_000, "council", "none", "end")


def planted(other, edition="none", timing="end"):
    """A model against one that costs the council 100 a year; `other` by draw and year. The NHS pays 10 under both."""
    other = np.asarray(other, float)
    council = np.array([np.full(other.shape, 100.0), other])
    return Value(("now", "other"), {"council": council, "nhs": np.full(council.shape, 10.0)}, edition, timing)


def test_four_draws_by_hand():
    """Paid back in the fourth year; saved from the first; dearer every year; paid back and then spent again."""
    draws = [[160, 90, 60, 60], [90, 90, 90, 90], [110, 110, 110, 110], [110, 80, 130, 100]]
    found = payback_of(planted(draws), 1, "council")
    assert found.more_so_far.tolist() == [[60, 50, 10, -30], [-10, -20, -30, -40], [10, 20, 30, 40], [10, -10, 20, 20]]
    assert found.years.tolist() == [3.25, 0.0, math.inf, math.inf]
    assert found.outlay.tolist() == [60.0, 0.0, 40.0, 20.0]
    assert found.saving_needed == pytest.approx([20.0, math.nan, math.nan, 20.0], nan_ok=True)
    assert found.saving_made == pytest.approx([30.0, math.nan, math.nan, 0.0], nan_ok=True)
    assert found.is_still_spending.tolist() == [False, False, True, False]
    assert found.even_a_year.tolist() == [-7.5, -10.0, 10.0, 5.0]
    assert found.even_share == pytest.approx([-30 / 370, -40 / 360, 40 / 440, 20 / 420])
    assert payback_of(planted(draws), 1, "council_and_nhs").even_share[0] == pytest.approx(-30 / 410)


def test_discounted_by_hand():
    """1,035,000 more in the first year is a million now; 500,000 a year saved from then on, at 3.5%."""
    more = np.array([1_035_000.0, -500_000.0, -500_000.0, -500_000.0])
    found = payback_of(planted([100.0 + more], "green_book_2026"), 1, "council")
    second, third, fourth = 500_000 / 1.035**2, 500_000 / 1.035**3, 500_000 / 1.035**4
    assert found.outlay[0] == pytest.approx(1_000_000.0)
    assert (second, third, fourth) == pytest.approx((466_755.35, 450_971.36, 435_721.12), abs=0.01)
    assert found.years[0] == pytest.approx(3 + 82_273.29 / 435_721.12, abs=1e-6)
    assert found.saving_needed[0] == pytest.approx(369_426.60, abs=0.5)
    assert found.saving_made[0] == pytest.approx(500_000.0)
    assert found.even_a_year[0] == pytest.approx((1_000_000 - second - third - fourth) / 3.673079, abs=0.1)


def test_the_same_sum_a_year_makes_it_even():
    """Taken off the cost of every year it leaves nothing between the two; so does the share of its own cost."""
    draws = np.array([[160.0, 90.0, 60.0, 95.0], [130.0, 120.0, 110.0, 140.0]])
    found = payback_of(planted(draws, "green_book_2026", "middle"), 1, "council")
    less = payback_of(planted(draws - found.even_a_year[:, None], "green_book_2026", "middle"), 1, "council")
    assert less.more_so_far[:, -1] == pytest.approx(0.0, abs=1e-9)
    scaled = payback_of(planted(draws * (1 - found.even_share[:, None]), "green_book_2026", "middle"), 1, "council")
    assert scaled.more_so_far[:, -1] == pytest.approx(0.0, abs=1e-9)


def test_what_is_no_number_is_said_in_words():
    """Percentiles are of all draws, free ones first and those that never pay back last."""
    years = np.array([0.0, 0.0, 2.5, 3.5, math.inf])
    told = [years_in_words(years_at(years, share), 4) for share in (0.05, 0.5, 0.7, 0.95)]
    assert years_in_words(math.inf, 1) == "not within 1 year"
    assert told == ["never spent more", "2.5 years", "3.5 years", "not within 4 years"]
    draws = [[160, 90, 60, 60], [90, 90, 90, 90], [110, 110, 110, 110], [110, 80, 130, 100]]
    row = payback_sheets(planted(draws), TITLES)[0].frame.row(0, named=True)
    assert (row["purse"], row["model"]) == ("The council", "Other")
    assert (row["never_more"], row["within"], row["never"], row["mean"]) == (0.25, 0.25, 0.5, 3.25)
    even = payback_sheets(planted(draws), TITLES)[1].frame.row(0, named=True)
    assert (even["some"], even["still"], even["needed"], even["made"]) == (0.5, 0.25, 20.0, 15.0)
    assert (row["low"], row["middle"], row["high"]) == ("never spent more", "3.2 years", "not within 4 years")


@pytest.mark.parametrize(
    ("draws", "said"),
    [
        ([[90.0] * 4] * 3, "never costs the council more in sum than 'Now' in any draw, so there is nothing to pay"),
        ([[110.0] * 4] * 3, "is not paid back within 4 years in any draw. It would have to cost £10.00 a year less (£"),
        (
            [[160, 90, 60, 60], [90] * 4, [110] * 4],
            "In 1 of 3 draws what 'Other' costs the council more than 'Now' is not paid back within 4 years; "
            "in 1 it is, after 3.2 years; in 1 'Other' never costs more in sum. It ",
        ),
        ([[160, 90, 60, 60], [110] * 4, [110] * 4], "within 4 years; in 1 it is, after 3.2 years. It "),
        ([[160, 90, 60, 60]] * 2, "'Now' is paid back within 4 years, after 3.2 years on average. It "),
        ([[90] * 4, [110] * 4, [110] * 4], "within 4 years; in 1 'Other' never costs more in sum. It "),
        ([[100.0] * 4] * 3, "there is nothing to pay back. It could cost £0.00 a year more"),
    ],
)
def test_a_sentence_for_every_case(draws, said):
    """Saves from the first year, dearer in every year, some of each, the same."""
    (sentence,) = payback_sentences(planted(draws), TITLES, ASKED)
    assert said in sentence
    row = payback_sheets(planted(draws), TITLES)[0].frame.row(0, named=True)
    assert row["never_more"] + row["within"] + row["never"] == pytest.approx(1.0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A tiny comparison of three models over three years."""
    path = tmp_path_factory.mktemp("payback") / "run"
    models = tuple(delivery.read(name) for name in MODELS)
    texts = {name: delivery.text_of(name) for name in MODELS}
    run(Plan("synthetic:60", synthetic(60), models, texts, years=3, draws=12, burn_in=13), path)
    return path


@pytest.mark.parametrize(("purse", "payers"), [("The council", {"council"}), ("The council and the NHS", None)])
def test_sheets_by_a_second_route(folder, purse, payers):
    """Every figure of a tiny run from the raw ledger: payer by payer, year by year, discounted and added up by hand."""
    payers = payers or {"council", "nhs"}
    ledger = pl.read_parquet(folder / "ledger.parquet").filter(pl.col("payer").is_in(payers))
    sums = ledger.group_by("model", "draw", "year").agg(pl.col("amount").sum())
    pence = {(model, draw, year): amount for model, draw, year, amount in sums.iter_rows()}
    value = value_of(pl.scan_parquet(folder / "ledger.parquet"), MODELS)
    titles = {name: name for name in MODELS}
    years, even, yearly = (sheet.frame.filter(pl.col("purse") == purse) for sheet in payback_sheets(value, titles))
    for model in MODELS[1:]:
        more = np.array(
            [[(pence[model, d, y] - pence["status_quo", d, y]) / 100 / 1.035**y for y in (1, 2, 3)] for d in range(12)]
        )
        rows = yearly.filter(pl.col("model") == model)
        assert rows["more"].to_list() == pytest.approx(more.mean(axis=0), abs=0.01)
        assert rows["so_far"].to_list() == pytest.approx(more.cumsum(axis=1).mean(axis=0), abs=0.01)
        assert rows["so_far_high"].to_list() == pytest.approx(np.quantile(more.cumsum(axis=1), 0.95, axis=0), abs=0.01)
        behind = [[max(sum(draw[:y]), 0.0) for y in (1, 2, 3)] for draw in more]
        row = even.row(by_predicate=pl.col("model") == model, named=True)
        assert row["outlay"] == pytest.approx(np.mean([max(one) for one in behind]), abs=0.01)
        assert row["even"] == pytest.approx(more.sum(axis=1).mean() / 2.801637, rel=1e-6)
        counted = years.row(by_predicate=pl.col("model") == model, named=True)
        free, late = (np.mean([one == [0.0] * 3 for one in behind]), np.mean([one[-1] > 0.0 for one in behind]))
        assert (counted["never_more"], counted["never"]) == pytest.approx((free, late))
        assert counted["within"] == pytest.approx(1.0 - free - late)


def test_the_picture_is_of_the_purse_asked_about(folder):
    """One line for each model, in million pounds."""
    value = value_of(pl.scan_parquet(folder / "ledger.parquet"), MODELS)
    sheet = payback_sheets(value, {name: name for name in MODELS})[2]
    drawn = payback_chart("council").spec(sheet.frame).to_dict()
    rows = drawn["layer"][0]["data"]["values"] if "data" in drawn["layer"][0] else drawn["data"]["values"]
    wanted = sheet.frame.filter(pl.col("purse") == "The council")
    assert [row["so_far"] * 1e6 for row in rows] == pytest.approx(wanted["so_far"].to_list())

"""The appraisal of a comparison: figures worked out a second way from the books, sentences, files, refusals."""

import json
from itertools import pairwise

import fastexcel
import numpy as np
import polars as pl
import pytest

from insource import delivery
from insource.appraise.value import Question, paid_by_residents, pounds_for_a_qaly, quadrants, value_of
from insource.appraise.wellbeing import LINEAR, ROOT, gain_an_hour, gains
from insource.appraise.wellbeing import benefit as worth
from insource.cli import main as cli
from insource.compare import Plan, run
from insource.place import synthetic
from insource.report.papers.facts import facts_of
from insource.report.papers.showing import payers
from insource.report.value_words import pounds_in_words
from insource.units import show

pytestmark = pytest.mark.worked
MODELS = ("status_quo", "in_house", "framework")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A small comparison of three models."""
    path = tmp_path_factory.mktemp("value") / "run"
    models = tuple(delivery.read(name) for name in MODELS)
    texts = {name: delivery.text_of(name) for name in MODELS}
    run(Plan("synthetic:60", synthetic(60), models, texts, years=2, draws=35, burn_in=13), path)
    return path


def test_the_headline_by_a_second_route(folder):
    """Net benefit from the raw ledger, without the product: payer by payer, year by year, discounted by hand."""
    ledger = pl.read_parquet(folder / "ledger.parquet")
    net = {}
    for model in MODELS:
        rows = ledger.filter(pl.col("model") == model)
        total = np.zeros(35)
        for year in (1, 2):
            here = rows.filter(pl.col("year") == year)
            for payer in ("council", "nhs"):
                pence = here.filter(pl.col("payer") == payer).group_by("draw").agg(pl.col("amount").sum()).sort("draw")
                paid = dict(zip(pence["draw"], pence["amount"], strict=True))
                total -= np.array([paid.get(draw, 0) for draw in range(35)]) / 100 / 1.035**year
            life = here.filter(pl.col("account") == "quality_of_life").group_by("draw").agg(pl.col("amount").sum())
            total += 30_000 * life.sort("draw")["amount"].to_numpy() / 1e6 / 1.015**year
        net[model] = total
    found = value_of(pl.scan_parquet(folder / "ledger.parquet"), MODELS).benefit(30_000.0)
    for number, model in enumerate(MODELS):
        assert found[:, number] == pytest.approx(net[model] - net["status_quo"], rel=1e-9, abs=0.01)


def test_penalties_by_a_second_route(folder):
    """All that anybody pays the council, year by year from the raw ledger, in `insource value` and in the paper."""
    paid = pl.read_parquet(folder / "ledger.parquet").filter(pl.col("payee") == "council")
    worth = sum(row["amount"] / 100 / 1.035 ** row["year"] for row in paid.iter_rows(named=True)) / 35
    value = value_of(pl.scan_parquet(folder / "ledger.parquet"), MODELS)
    assert value.present("penalties").mean(axis=1).sum() == pytest.approx(worth)
    assert worth > 0.0
    (table,) = payers(facts_of(folder, Question(30_000, "council_and_nhs", "green_book_2026", "end")))
    (row,) = [row for row in table.rows if row[0] == "The council is paid in penalties"]
    assert row[1].startswith(show(float(value.present("penalties")[0].mean()), "pounds"))


def test_no_discounting_is_cash_as_it_falls(folder):
    """With no rates the present value is the sum of the years, whenever in the year sums fall."""
    value = value_of(pl.scan_parquet(folder / "ledger.parquet"), MODELS, "none", "middle")
    assert value.present("council") == pytest.approx(value.flows["council"].sum(axis=2))


def test_from_the_command_line(folder, tmp_path, capsys):
    """Sentences say what the workbook says; page, workbook and JSON are written."""
    assert cli.run(["value", str(folder), "--out", str(tmp_path / "v"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["summary"]) >= 3 * (len(MODELS) - 1) + 1
    sheets = {sheet["name"]: sheet["rows"] for sheet in told["sheets"]}
    value = value_of(pl.scan_parquet(folder / "ledger.parquet"), MODELS)
    more = value.costs()[1] - value.costs()[0]
    assert sheets["value"][1]["more"] == pytest.approx(more.mean())
    assert f"{abs(more.mean()) / 1e6:,.1f} million pounds" in told["summary"][0]
    assert len(sheets["draws"]) == 35 * (len(MODELS) - 1)
    best = [row["share"] for row in sheets["acceptability"] if row["threshold"] == 30_000]
    assert sum(best) == pytest.approx(1.0)
    book = fastexcel.read_excel(tmp_path / "v" / "value.xlsx")
    assert {"value", "acceptability", "worth knowing", "rival findings", "draws enough", "tornado"} <= set(
        book.sheet_names
    )
    page = (tmp_path / "v" / "value.html").read_text(encoding="utf-8")
    assert "Costs and wellbeing, draw by draw" in page


def test_what_cannot_be_used_is_said(folder, tmp_path, capsys):
    """A folder without a run, an unknown table of rates: one message, status 1, nothing written."""
    assert cli.run(["value", str(tmp_path / "nowhere"), "--out", str(tmp_path / "v")]) == 1
    assert cli.run(["value", str(folder), "--discounting", "green_book"]) == 1
    said = capsys.readouterr().err
    assert "green_book_2026" in said
    assert not (tmp_path / "v").exists()


@pytest.mark.parametrize(
    ("amount", "said"),
    [(0.0, "0 pounds"), (1234.5, "1,234 pounds"), (9999.9, "10,000 pounds"), (12_345.0, "0.01 million pounds")],
)
def test_what_is_little_money_is_in_pounds(amount, said):
    """No sum is told as 0.00 million."""
    assert pounds_in_words(amount) == said


def test_quadrants_and_the_price_of_a_qaly():
    """By hand: four draws in four quadrants; a price only where more is paid for more or less for less."""
    shares = quadrants(np.array([1.0, 1.0, -1.0, -1.0]), np.array([-5.0, 5.0, -5.0, 5.0]))
    assert set(shares.values()) == {0.25}
    assert pounds_for_a_qaly(np.array([2.0, 4.0]), np.array([60.0, 120.0])) == 30.0
    assert pounds_for_a_qaly(np.array([-2.0]), np.array([-60.0])) == 30.0
    assert np.isnan(pounds_for_a_qaly(np.array([2.0]), np.array([-60.0])))
    assert Question(30_000, "council", "none", "end").threshold == 30_000


def test_every_rate_has_a_source():
    """Tables of rates: no year left out, and each source stands among the sources."""
    from insource.appraise.discounting import editions
    from insource.sources import sources

    for name, bands in editions().items():
        for kind in ("money", "wellbeing"):
            ends = [(band.from_year, band.to_year) for band in bands if band.kind == kind]
            assert ends[0][0] == 1, name
            assert all(after[0] == before[1] + 1 for before, after in pairwise(ends)), name
        assert all(band.source in sources() for band in bands)


def test_rival_findings_on_wellbeing_by_a_second_route(folder):
    """In proportion: hours that met a need, 0.0030 for each 1,000 pounds at 16.50 an hour, from the raw ledger."""
    assert gain_an_hour() == pytest.approx(0.003 * 16.5 / 1000)
    value = value_of(pl.scan_parquet(folder / "ledger.parquet"), MODELS)
    assert gains(value, ROOT) == pytest.approx(value.present("wellbeing") - value.present("wellbeing")[:1])
    used = pl.read_parquet(folder / "ledger.parquet").filter(pl.col("account") == "used_minutes")
    sums = used.group_by("model", "year").agg(pl.col("amount").sum())
    totals = {(model, year): amount for model, year, amount in sums.select("model", "year", "amount").iter_rows()}
    for number, model in enumerate(MODELS):
        mean = sum(
            (totals[model, year] - totals["status_quo", year]) / 60 / 35 * 0.0000495 / 1.015**year for year in (1, 2)
        )
        assert gains(value, LINEAR)[number].mean() == pytest.approx(mean, abs=1e-9)
    costs = value.costs("council")
    net = worth(value, LINEAR, 20_000, "council")
    assert net == pytest.approx(20_000 * gains(value, LINEAR) - costs + costs[:1])


def test_what_people_in_care_homes_pay_by_a_second_route(folder):
    """From resident weeks and prices instead of the council's bill: the same but for pennies."""
    drawn = pl.read_parquet(folder / "parameters.parquet").pivot("parameter", index="draw", values="value").sort("draw")
    drawn = {name: drawn[name].to_numpy() for name in drawn.columns}
    value = value_of(pl.scan_parquet(folder / "ledger.parquet"), MODELS, "none")
    funded, charge = drawn["council_funded_share"], drawn["care_home_charge_share"]
    weeks = pl.read_parquet(folder / "ledger.parquet").filter(pl.col("account") == "care_home_weeks")
    for number, model in enumerate(MODELS):
        here = weeks.filter(pl.col("model") == model).group_by("draw").agg(pl.col("amount").sum()).sort("draw")
        price = drawn["care_home_week_pounds"]
        paid = here["amount"].to_numpy() * price * (funded * charge + 1.0 - funded)
        assert paid_by_residents(value, drawn)[number] == pytest.approx(paid, rel=1e-3)

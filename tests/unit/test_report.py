"""The report: one page, offline, every link inside it leads somewhere, every figure from the summary, nobody in it."""

import json
import re
from html.parser import HTMLParser

import numpy as np
import polars as pl
import pytest

from insource import delivery
from insource.appraise.drivers import drivers
from insource.appraise.outcomes import Outcome, outcomes
from insource.appraise.summary import Summary, sum_up, summarise
from insource.compare import Plan, run
from insource.compare.run import read_manifest
from insource.parameters import parameters
from insource.place import synthetic
from insource.report import words
from insource.report.charts import PURSES
from insource.report.comparison import write_report
from insource.sources import sources
from insource.tables import ACCOUNTS
from insource.units import PENCE_A_POUND, WEEKS_A_YEAR

pytestmark = pytest.mark.property
BARS = {
    *("council", "care_workers", "state_and_pensions", "council_staff", "suppliers", "agencies"),
    *("care_homes", "housing_support_services", "providers", "budget_holders"),
}
MODELS = ("status_quo", "in_house", "framework")


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A report of three models: its text, and the summary behind it."""
    folder = tmp_path_factory.mktemp("report")
    models = tuple(delivery.read(name) for name in MODELS)
    texts = {name: delivery.text_of(name) for name in MODELS}
    run(Plan("synthetic:80", synthetic(80), models, texts, years=1, draws=31, burn_in=26), folder)
    summary = summarise(pl.scan_parquet(folder / "ledger.parquet"), MODELS, 1)
    return write_report(folder, summary, models, read_manifest(folder)).read_text(encoding="utf-8"), summary


class Reader(HTMLParser):
    """Collects tags, ids and links, and checks that tags close in order."""

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.links, self.loads = [], [], [], []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "a":
            self.links.append(values["href"])
        if tag in ("img", "script", "link", "iframe", "video", "use"):
            self.loads.append(tag)
        if tag not in ("meta", "br", "path", "line", "rect"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in ("path", "line", "rect"):
            return
        assert self.open.pop() == tag, f"{tag} closed out of order"


def test_the_page_is_whole_and_loads_nothing(page):
    """Tags close in order; no script, picture, style sheet or frame is fetched from anywhere."""
    reader = Reader()
    reader.feed(page[0])
    assert reader.open == []
    assert reader.loads == []
    assert "url(" not in page[0]
    assert "@import" not in page[0]


def test_what_the_council_spends_is_what_the_bars_say_others_get():
    """With a pound more in every account, the other bars add up to what the council pays less what it gets back."""
    inside = {name: one for name, one in ACCOUNTS.items() if one.payer in BARS and one.payee in BARS}
    amounts = {name: 100 * position for position, name in enumerate(sorted(inside), start=1)}
    row = {name: amounts.get(name, 0) for name in ACCOUNTS}
    bars = [
        Outcome("", "", label, "pounds a year", "neither", formula, "years", 1.0, "").value(row, WEEKS_A_YEAR)
        for label, formula in PURSES
    ]
    back = sum(amounts[name] for name, one in inside.items() if one.payee == "council") / PENCE_A_POUND
    assert bars[0] - back == pytest.approx(sum(bars[1:]))
    left_out = {(one.payer, one.payee) for name, one in ACCOUNTS.items() if one.payer and name not in inside}
    assert left_out == {("nhs", "hospitals")}, "purses that no bar shows"


def test_every_link_inside_the_page_leads_somewhere(page):
    """Each assumption named links to its papers, each source key to its source."""
    reader = Reader()
    reader.feed(page[0])
    inside = [link[1:] for link in reader.links if link.startswith("#")]
    assert len(inside) > 100
    assert set(inside) <= set(reader.ids)
    outside = {link for link in reader.links if not link.startswith("#")}
    assert outside <= {source.address for source in sources().values()}


def test_every_parameter_is_in_the_page_with_its_source(page):
    """An opponent can look up any number."""
    for name, parameter in parameters().items():
        assert f'id="p-{name}"' in page[0]
        assert f'href="#s-{parameter.source.key}"' in page[0]


def test_every_outcome_and_model_is_shown(page):
    """All outcomes for all models, with the description of each."""
    for name in outcomes():
        assert f'id="outcome-{name}"' in page[0]
    for model in MODELS:
        assert delivery.read(model).title.replace("'", "&#39;") in page[0]


def test_the_sentences_say_what_the_summary_says(page):
    """The numbers of the first sentence are those of the summary, and the sign is in the word."""
    text, summary = page
    for model in MODELS[1:]:
        titles = {name: delivery.read(name).title for name in MODELS}
        answer = words.answer(summary, model, titles)
        mean = summary.row("council_cost", model)["difference_mean"]
        assert ("more" if mean >= 0 else "less") in answer.money
        number, million = re.search(r"spend £([\d.,]+)(m?) a year", answer.money).groups()
        said = float(number.replace(",", "")) * (1e6 if million else 1)
        assert said == pytest.approx(abs(mean), rel=0.01)
        assert answer.money.replace("'", "&#39;") in text


def test_verdicts_need_agreement():
    """'Better' and 'worse' only where at least 95 of 100 draws agree; the side comes from the outcome."""

    def summary_with(differences):
        draws = pl.DataFrame(
            {
                "model": ["a"] * len(differences) + ["b"] * len(differences),
                "draw": [*range(len(differences))] * 2,
                **{name: [0.0] * len(differences) + list(differences) for name in outcomes()},
            }
        )
        return sum_up(draws, ("a", "b"))

    mostly = summary_with([1.0] * 99 + [-1.0])
    half = summary_with([1.0] * 60 + [-1.0] * 40)
    assert words.verdict(mostly, "council_cost", "b") == "worse"
    assert words.verdict(mostly, "quality_of_life", "b") == "better"
    assert words.verdict(mostly, "needed_hours", "b") == ""
    assert words.verdict(half, "council_cost", "b") == "unclear"
    assert words.sureness(half, "council_cost", "b") == "unclear (more in 60 of 100)"


def test_drivers_find_what_moves_a_difference_and_nothing_else():
    """A planted driver is found with its sign; noise mostly is not; too few draws find nothing."""
    n = 200
    values = [(i * 37) % n / n for i in range(n)]
    noise = [(i * 91) % n / n for i in range(n)]
    drawn = {"moves": np.array(values), "noise": np.array(noise), "fixed": np.full(n, 0.5)}
    draws = pl.DataFrame(
        {
            "model": ["a"] * n + ["b"] * n,
            "draw": [*range(n)] * 2,
            "council_cost": [0.0] * n + [-3.0 * v for v in values],
        }
    )
    found = drivers(Summary(("a", "b"), draws, pl.DataFrame()), drawn, "council_cost", "b")
    assert [driver.parameter for driver in found] == ["moves"]
    assert found[0].correlation == pytest.approx(-1.0)
    assert found[0].at_low > found[0].at_high
    few = Summary(("a", "b"), draws.filter(pl.col("draw") < 20), pl.DataFrame())
    assert drivers(few, drawn, "council_cost", "b") == []


def test_drivers_of_a_difference_that_nothing_drives():
    """250 assumptions, 100 draws, nothing moves anything: 2 or 3 goes of 50 name one; 9 or more would be 1 in 1,000."""
    rng, named = np.random.default_rng(8), 0
    for _ in range(50):
        drawn = {f"nothing {number}": rng.normal(size=100) for number in range(250)}
        cost = [0.0] * 100 + list(rng.normal(size=100))
        draws = pl.DataFrame({"model": ["a"] * 100 + ["b"] * 100, "draw": [*range(100)] * 2, "council_cost": cost})
        named += bool(drivers(Summary(("a", "b"), draws, pl.DataFrame()), drawn, "council_cost", "b"))
    assert named <= 8


def test_nothing_personal_in_the_page(page):
    """No row of a person: numbers of people only, and no column of one."""
    assert "pseudonym" not in page[0].lower()
    assert json.dumps({"person": 1})[1:-1] not in page[0]


def test_draws_that_do_not_differ_count_for_neither_side():
    """Of 40 draws 30 are alike and 10 less: not '100 of 100', and no verdict."""
    same = dict.fromkeys(outcomes(), 1.0)
    rows = [{"model": model, "draw": draw, **same} for model in ("a", "b") for draw in range(40)]
    for row in rows[40:50]:
        row["turnover"] = 0.9
    summary = sum_up(pl.DataFrame(rows), ("a", "b"))
    assert words.sureness(summary, "turnover", "b") == "unclear (less in 10 of 40)"
    assert words.verdict(summary, "turnover", "b") == "unclear"
    assert words.spread(summary, "turnover", "b", "difference_") == "-2.5 points (-10.0 to 0.0)"
    assert words.sureness(summary, "vacancies", "b") == "no difference"

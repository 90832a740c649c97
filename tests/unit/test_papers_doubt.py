"""Papers show what 'insource doubt' has found in the same run, and say how to find it where it has not."""

import shutil

import openpyxl
import polars as pl
import pytest

from insource import delivery
from insource.appraise.designed import read_design, run_design
from insource.appraise.factors import ends_design
from insource.appraise.groups import read_groups, run_groups
from insource.appraise.rivals import crossed_design
from insource.appraise.value import Question
from insource.compare import Plan, run
from insource.place import synthetic
from insource.report.papers import assuring, book, evidence, tried
from insource.report.papers.compose import compose, read_form
from insource.report.papers.facts import facts_of
from insource.report.papers.model import Bullets, Table
from insource.tables import ACCOUNTS
from insource.units import show

pytestmark = pytest.mark.worked
MODELS = ("status_quo", "in_house")
ASKED = Question(30_000, "council_and_nhs", "green_book_2026", "end")
TITLE = "The council's own home care team"
DRAWS = 2
WEEKS = 52


@pytest.fixture(scope="module")
def plan():
    """A small comparison: some groups of its 60 people are too small to be told."""
    models = tuple(delivery.read(name) for name in MODELS)
    texts = {name: delivery.text_of(name) for name in MODELS}
    return Plan("synthetic:60", synthetic(60), models, texts, years=1, draws=8, burn_in=13)


@pytest.fixture(scope="module")
def bare(plan, tmp_path_factory):
    """The run by itself."""
    path = tmp_path_factory.mktemp("bare") / "run"
    run(plan, path)
    return path


@pytest.fixture(scope="module")
def grouped(plan, bare, tmp_path_factory):
    """The same run after 'insource doubt --groups'."""
    path = tmp_path_factory.mktemp("grouped") / "run"
    shutil.copytree(bare, path)
    run_groups(plan, DRAWS, path)
    return path


@pytest.fixture(scope="module")
def moved(plan, bare, tmp_path_factory):
    """The same run after 'insource doubt --ends --crossed': overhead, and marks that nobody gives here."""
    path = tmp_path_factory.mktemp("moved") / "run"
    shutil.copytree(bare, path)
    run_design(plan, ends_design(["council_overhead_share", "marks_spread"], 3, plan.place.base_date), path)
    run_design(plan, crossed_design(1), path)
    return path


@pytest.fixture(scope="module")
def paper(grouped):
    """The options appraisal of that."""
    return compose(read_form("green_book"), facts_of(grouped, ASKED))


def gained(paper):
    """The rows of the table of groups by their first cell."""
    table = next(one for one in paper.tables() if one.title.startswith("Who gains and who loses: "))
    return {row[0]: row for row in table.rows}


def test_without_groups_the_command_is_said(bare):
    """A run that nobody has followed person by person tells nothing by group, and says what to do."""
    facts = facts_of(bare, ASKED)
    found = compose(read_form("green_book"), facts)
    assert "insource doubt RUN --groups 10" in found.text()
    assert not [one for one in found.tables() if one.title.startswith("Who gains")]
    assert assuring.NOT_BY_GROUP in assuring.limits(facts)[0].items


def test_with_groups_they_are_shown(grouped, paper):
    """By age, reason, need, area and carer, each with the mean over draws worked out here from what was gathered."""
    rows, raw = gained(paper), read_groups(grouped, facts_of(grouped, ASKED).manifest["fingerprint"])
    raw = raw.filter(pl.col("table") == "people")
    for way in ("Age", "Reason for support", "Hours of care at the start", "Area", "Unpaid carer"):
        assert any(label.startswith(f"{way}: ") for label in rows)
    life = raw.filter((pl.col("grouping") == "everybody") & (pl.col("measure") == "quality_of_life"))
    total = dict(life.group_by("model").agg(pl.col("amount").sum()).iter_rows())
    more = (total["in_house"] - total["status_quo"]) / DRAWS / 1e6
    assert rows["Everybody"][3].startswith(f"{more:+.3g}"[:5])
    assert assuring.NOT_BY_GROUP not in paper.text()
    assert "insource doubt RUN --groups" not in paper.text()
    assert "have a better quality of life with" in paper.text()
    brief = compose(read_form("members_brief"), facts_of(grouped, ASKED)).text()
    assert "have a better quality of life with" in brief
    assert any(one.title == "Care workers by employer, pay and area" for one in paper.tables())


def test_small_groups_are_withheld_in_paper_and_workbook(grouped, paper, tmp_path):
    """Where fewer than five people are at a time nothing is told of them, in the table or in a sheet behind it."""
    raw = read_groups(grouped, facts_of(grouped, ASKED).manifest["fingerprint"])
    here = raw.filter((pl.col("table") == "people") & (pl.col("measure") == "people_here"))
    means = here.group_by("grouping", "group", "model").agg((pl.col("amount").mean() / WEEKS).round().alias("people"))
    small = means.filter(pl.col("people").is_between(1, 4)).select("grouping", "group").unique().rows()
    assert small, "a test without a small group tests nothing"
    rows = gained(paper)
    for way, group in small:
        assert rows[f"{way.capitalize()}: {group}"][1:5] == (evidence.WITHHELD, "-", "-", "-")
    path = tmp_path / "paper.xlsx"
    book.write(path, paper)
    sheet = openpyxl.load_workbook(path)["who gains"]
    told = {(row[0], row[1]): row[3:] for row in sheet.iter_rows(min_row=5, values_only=True)}
    for key in small:
        assert set(told[key]) == {None}


def test_a_withheld_group_is_named_by_no_sentence(paper):
    """The sentence on who gains most and least speaks of groups that the table shows."""
    hidden = {label.split(": ", 1)[1] for label, row in gained(paper).items() if row[1] == evidence.WITHHELD}
    sentences = [
        one for block in paper.blocks if isinstance(block, Bullets) for one in block.items if "By group it does" in one
    ]
    assert hidden
    assert sentences
    assert not [group for group in hidden for sentence in sentences if f"'{group}'" in sentence]


def test_a_sentence_on_shares_is_the_row_of_everybody(grouped, paper):
    """How many fare better and worse is told as the table of the same paper has it, withheld or rounded."""
    row = gained(paper)["Everybody"]
    better, worse = ("a share that is withheld" if one == evidence.WITHHELD else one for one in row[5:7])
    assert f"Of the people there under both, {better} have a better quality of life with '{TITLE}'" in paper.text()
    assert f" and {worse} a worse one" in paper.text()
    sheet = facts_of(grouped, ASKED).published.sheet("same people").frame.row(0, named=True)
    shown = [evidence.WITHHELD if sheet[name] is None else f"{sheet[name]:.0%}" for name in ("better", "worse")]
    assert list(row[5:7]) == shown


def test_both_ends_are_in_the_brief(bare, moved):
    """What would change the answer has the sentence on overhead, and that the other does nothing; else neither."""
    facts = facts_of(moved, ASKED)
    text = compose(read_form("members_brief"), facts).text()
    assert "Running and corporate costs of a council service as a share of its direct costs: set against" in text
    assert "(Tried in 3 draws; " in text
    assert "Tried too, with no more effect than luck has: marks spread." in text
    idle = next(one for one in tried.swings(facts)[TITLE] if one.parameter == "marks_spread")
    assert idle.size == 0.0, "nothing is tendered under either model, so marks do nothing"
    assert "Which of all other assumptions move the answer most cannot be told" in text
    without = compose(read_form("members_brief"), facts_of(bare, ASKED)).text()
    assert "Tried" not in without
    assert "Which assumptions move the answer most cannot be told" in without


def test_swings_in_papers_by_a_second_route(plan, moved):
    """Net benefit at both ends of overhead from the raw ledger of the design, and the row of the options appraisal."""
    facts = facts_of(moved, ASKED)
    (found,) = (one for one in tried.swings(facts)[TITLE] if "overhead" in one.parameter)
    designed = read_design(moved, "ends", facts.manifest["fingerprint"])
    paying = [name for name, one in ACCOUNTS.items() if one.payer in ("council", "nhs") and one.unit == "pence"]
    for end, mean in (("low", found.at_low), ("high", found.at_high)):
        value = dict.fromkeys(MODELS, 0.0)
        for model in MODELS:
            points = [
                number
                for number, one in enumerate(designed.design.points)
                if dict(one.changes) == {"council_overhead_share": getattr(found, end)}
            ]
            rows = designed.ledger.filter((pl.col("model") == model) & pl.col("draw").is_in(points))
            life = rows.filter(pl.col("account") == "quality_of_life")["amount"].sum() / 1e6 / 1.015
            paid = rows.filter(pl.col("account").is_in(paying))["amount"].sum() / 100 / 1.035
            value[model] = (30_000 * life - paid) / len(points)
        assert mean == pytest.approx(value["in_house"] - value["status_quo"], rel=1e-9)
    table = next(one for one in tried.tried_ends(facts) if isinstance(one, Table))
    row = next(one for one in table.rows if "council_overhead_share" in one[1])
    assert row[4:7] == (show(found.at_low, "pounds"), show(found.at_high, "pounds"), "moves it")


def test_crossed_findings_are_in_the_brief(moved, bare):
    """In how many combinations which model is the best, those counted that differ: not by prevention, which this run
    has none of. One draw does not show that it turns on none; without them the paper says how to try."""
    said = tried.crossed_told(facts_of(moved, ASKED))
    assert "of 9 combinations of them, in this one draw, '" in said
    assert "Findings on what prevention saves change no difference between the models in this run" in said
    assert "What fewer than 10 draws show of rival findings need not hold in others." in said
    assert "does not turn" not in said
    assert said in compose(read_form("members_brief"), facts_of(moved, ASKED)).text()
    assert tried.crossed_told(facts_of(bare, ASKED)) == ""
    assert [one.text for one in tried.tried_ends(facts_of(bare, ASKED))] == [tried.NOT_TRIED]

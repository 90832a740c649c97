"""Papers: every figure is the run's own, blanks stay blank, small numbers are withheld, nobody is in them."""

import math
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from html.parser import HTMLParser

import docx
import fastexcel
import formulas
import openpyxl
import polars as pl
import pytest

from insource import delivery
from insource.appraise import summary as appraisal
from insource.appraise.outcomes import outcomes
from insource.appraise.summary import sum_up
from insource.appraise.value import Question
from insource.cli import main as cli
from insource.compare import Plan, run
from insource.errors import InputError
from insource.place import open_place
from insource.report.papers import book, checking, columns, evidence, forms, page, word
from insource.report.papers.compose import SHOWN, compose, read_form, scores_table
from insource.report.papers.facts import facts_of
from insource.report.papers.model import Blank, Table
from insource.units import bare

pytestmark = pytest.mark.worked
MODELS = ("status_quo", "in_house", "mixed")
ASKED = Question(30_000, "council_and_nhs", "green_book_2026", "end")
FORMS = forms.bundled()
BRIEF = "members_brief"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A small run of three models on the example everybody knows."""
    path = tmp_path_factory.mktemp("papers") / "run"
    models = tuple(delivery.read(name) for name in MODELS)
    texts = {name: delivery.text_of(name) for name in MODELS}
    run(Plan("anytown", open_place("anytown"), models, texts, years=1, draws=31, burn_in=26), path)
    return path


@pytest.fixture(scope="module")
def facts(folder):
    """What that run tells."""
    return facts_of(folder, ASKED)


@pytest.fixture(scope="module")
def papers(facts):
    """Every paper from that run."""
    return {name: compose(read_form(name), facts) for name in FORMS}


def cells_of(paper):
    """Every row of every table by its first cell."""
    return {row[0]: (table, row) for table in paper.tables() for row in table.rows}


def test_there_are_six_forms_and_each_says_whose_it_is():
    """Source, date and status stand in each; the two whose official wording was not read say so."""
    assert [
        *("assurance_pack", "delivery_model_assessment", "green_book"),
        *("members_brief", "public_interest_test", "should_cost"),
    ] == FORMS
    for name in FORMS:
        form = read_form(name)
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", form.date)
        assert form.source.address.startswith("https://")
        assert form.date in form.status_line()
    assert "not an official wording" in read_form("public_interest_test").status_line()


@pytest.mark.parametrize("name", FORMS)
def test_figures_are_the_runs_own(name, papers, facts):
    """Each outcome row is worked out here again from outcomes by draw: mean and both ends, and says its run."""
    rows = cells_of(papers[name])
    found = 0
    for outcome in outcomes().values():
        for label in (outcome.label, f"{outcome.label} ({outcome.unit})"):
            if label not in rows or len(rows[label][1]) != len(MODELS) + 2 or "run" not in rows[label][1][-1]:
                continue
            _, (_, *cells, source) = rows[label]
            assert facts.run in source
            for model, cell in zip(MODELS, cells, strict=True):
                values = facts.summary.draws.filter(pl.col("model") == model)[outcome.name].to_numpy()
                has_all = not any(math.isnan(value) for value in values)
                if has_all and cell not in (evidence.FEW, evidence.WITHHELD, "-") and evidence.FEW not in cell:
                    low, high = pl.Series(values).quantile(0.05, "linear"), pl.Series(values).quantile(0.95, "linear")
                    expected = f"{bare(float(values.mean()), outcome.unit)} ({bare(low, outcome.unit)} to"
                    assert cell.startswith(f"{expected} {bare(high, outcome.unit)})"), (outcome.name, cell)
                    found += 1
    assert found >= (0 if name == "members_brief" else 3)
    assert facts.run in papers[name].run_line


def test_payback_and_break_even_are_in_the_options_appraisal(papers, facts):
    """Counts of draws add up, an end that is no number is in words, and the figures are those of the appraisal."""
    tables = {table.title: table for table in papers["green_book"].tables()}
    paid = tables["Years until what a model costs more is paid back"]
    assert [row[:2] for row in paid.rows] == [
        (payer, title)
        for payer in ("The council", "The council and the NHS")
        for title in list(facts.titles.values())[1:]
    ]
    for row in paid.rows:
        assert sum(int(cell.split(" of ")[0]) for cell in row[2:5]) == 31
        assert re.search(r"not within 1 year|never spent more|\d years", row[5])
    even = tables["What would make a model come out even"]
    flows = facts.value.flows["council"]
    less = float((flows[1] - flows[0])[:, 0].mean())
    way = "less" if less > 0 else "more"
    assert even.rows[0][2].startswith(f"{bare(abs(less), 'pounds')} a year {way} (")


def test_the_brief_holds_the_runs_spending(papers, facts):
    """A reader finds what was compared, what it costs, what might be wrong and what would change the answer."""
    text = papers["members_brief"].text()
    for heading in ("What was compared", "What the run found", "What might be wrong", "What would change the answer"):
        assert heading in text
    assert "would be worth its cost on average if it cost" in text or "is worth its cost on average until" in text
    assert "made up from national figures" in text
    raw = facts.ledger.filter(pl.col("payer") == "council").group_by("model").agg(pl.col("amount").sum()).collect()
    for model, pence in raw.iter_rows():
        assert bare(pence / 100 / 31, "pounds") in text, model


@pytest.mark.parametrize("name", FORMS)
def test_blanks_stay_blank(name, papers, tmp_path):
    """In Word a box is empty; in the workbook its cell; on the page its element."""
    paper = papers[name]
    labels = [one.label for one in paper.blanks()]
    assert labels
    written = docx.Document(write(word.write, tmp_path / "a.docx", paper))
    boxes = [table for table in written.tables if len(table.rows) == 1 and len(table.columns) == 1]
    assert len(boxes) == len(labels)
    assert all(box.cell(0, 0).text == "" for box in boxes)
    text = page.render(paper)
    assert text.count('class="blank"') == len(re.findall(r'class="blank"[^>]*></div>', text)) == len(labels)
    sheet = openpyxl.load_workbook(write(book.write, tmp_path / "a.xlsx", paper))["Paper"]
    rows = [row for row in sheet.iter_rows(min_row=5, values_only=True) if row[0] == "To be filled in"]
    assert [row[1] for row in rows] == [label.strip() for label in labels]
    assert all(row[2] is None for row in rows)


def write(writer, path, paper):
    """Write a paper and return where."""
    writer(path, paper)
    return path


def test_a_table_cannot_fill_in_a_blank():
    """A planted fault: a cell of a column that is left to people is refused."""
    with pytest.raises(ValueError, match="left to people"):
        Table("Scores", ("Criterion", "Weight"), (("Cost", "5"),), to_fill=(1,))


def test_a_long_line_about_the_run_stands_whole_in_word(papers, tmp_path):
    """A place with a long name, or a run of which only a part is there: a property of the file holds 255 characters."""
    line = f"{papers['members_brief'].run_line} {'Only a part of the draws is there. ' * 9}".strip()
    made = docx.Document(write(word.write, tmp_path / "long.docx", replace(papers["members_brief"], run_line=line)))
    assert line in [one.text.replace("\N{NON-BREAKING HYPHEN}", "-") for one in made.paragraphs]
    assert len(made.core_properties.comments) <= word.MOST_PROPERTY


def test_columns_fill_the_page_and_break_no_word():
    table = Table("A table", ("Where it is low", "Reason"), (("+£14.3m", "very long words in a row " * 12),) * 3)
    longest = len("+£14.3m") * 7.5 * columns.LETTER_CM + columns.CELL_MARGINS
    narrow, wide = columns.widths(table, 17.0, 7.5)
    assert narrow + wide == pytest.approx(17.0)
    assert longest <= narrow < wide / 4, "the rest goes to whoever has more to say"
    narrow, wide = columns.widths(replace(table, widths=(1.0, 99.0)), 17.0, 7.5)
    assert narrow == pytest.approx(longest), "whatever widths are asked, no word is broken"
    assert narrow + wide == pytest.approx(17.0)
    crowded = columns.widths(replace(table, widths=(1.0, 1.0)), 2.0, 7.5)
    assert sum(crowded) == pytest.approx(2.0), "nothing leaves the page, however little room there is"


def test_weights_and_scores_are_blank_until_a_council_gives_them(papers, facts, tmp_path):
    """No score is filled in; a form of the council's own may hold them, and the workbook then adds them up."""
    table = next(one for one in papers["delivery_model_assessment"].tables() if one.title == "Weights and scores")
    assert table.to_fill == (1, 2, 3, 4, 5)
    assert all(not cell for row in table.rows for cell in row[1:])
    form = read_form("delivery_model_assessment")
    criteria = tuple(
        one.model_copy(update={"weight": 10.0 + n, "scores": {"status_quo": 2.0, "in_house": 3.0, "mixed": n % 5.0}})
        for n, one in enumerate(form.sections[6].criteria)
    )
    own = scores_table(criteria, facts)
    paper = replace(papers["delivery_model_assessment"], blocks=(own,), annexes=())
    path = write(book.write, tmp_path / "scores.xlsx", paper)
    worked = formulas.ExcelModel().loads(str(path)).finish().calculate()
    last = len(criteria) + 6
    values = {
        key.split("!")[1]: cell.value[0, 0]
        for key, cell in worked.items()
        if "SCORES" in key and "!" in key and key.split("!")[1] in (f"C{last}", f"D{last}", f"E{last}")
    }
    weights = [10.0 + n for n in range(len(criteria))]
    mixed = sum(weight * (n % 5.0) for n, weight in enumerate(weights)) / sum(weights)
    assert values == pytest.approx({f"C{last}": 2.0, f"D{last}": 3.0, f"E{last}": mixed})


def test_the_should_cost_workbook_is_live(papers, tmp_path):
    """Lines are formulas, and their stored values are those worked out here."""
    path = write(book.write, tmp_path / "cost.xlsx", papers["should_cost"])
    made = openpyxl.load_workbook(path)
    live = [
        cell.value
        for row in made["Should-cost"].iter_rows(min_row=5)
        for cell in row
        if str(cell.value).startswith("=")
    ]
    assert len(live) == 45
    moved = [[str(cell.value) for cell in row[4:8]] for row in made["Should-cost range"].iter_rows(min_row=5)]
    assert len(moved) == 6
    assert all(text.startswith("='Should-cost range, workings'!") for row in moved for text in row)
    assert fastexcel.read_excel(path).sheet_names[0] == "Paper"


def test_mixed_economy_is_considered_or_said_to_be_missing(facts, papers):
    """With a mixed model its shares are shown; without one the paper says how to try it."""
    text = papers["delivery_model_assessment"].text()
    assert "Mixed models compared" in text
    narrowed = {**facts.manifest, "models": facts.manifest["models"][:2]}
    without = SHOWN["mixed_economy"](replace(facts, manifest=narrowed))
    assert "a mixed economy was not compared" in without[0].text


def test_small_numbers_are_withheld(facts):
    """A planted count of three people under one model hides it, and every difference from it."""
    draws = facts.summary.draws.with_columns(
        pl.when(pl.col("model") == "in_house").then(3.0).otherwise(9.0).alias("handed_back")
    )
    planted = replace(facts)
    planted.__dict__["summary"] = sum_up(draws, MODELS)
    _, *cells, _ = evidence.outcome_row(planted, "handed_back")
    assert cells[1] == evidence.FEW
    assert not any("difference" in cell for cell in cells)
    assert cells[0].startswith("9")


def test_checks_find_planted_faults(facts, folder):
    """Books with a row taken out, and a run of other people, do not pass."""
    whole = {what: result for what, result, _ in checking.check_results(facts)}
    assert whole["Every draw of every model is in the books"] == checking.PASSES
    assert whole["The same people come under every model in every draw"] == checking.PASSES
    assert whole["Council spending, added up again from the raw books, is that of the summary"] == checking.PASSES
    hurt = replace(facts)
    table = facts.ledger.collect()
    is_gone = (pl.col("draw") == 3) & (pl.col("model") == "mixed")
    hurt.__dict__["ledger"] = table.filter(~is_gone).lazy()
    hurt.__dict__["summary"] = facts.summary
    assert checking.CHECKS["Every draw of every model is in the books"](hurt)[0] == checking.FAILS
    other = replace(facts)
    is_one = (pl.col("account") == "people_arrived") & (pl.col("model") == "mixed")
    more = table.with_columns(pl.when(is_one).then(pl.col("amount") + 1).otherwise(pl.col("amount")).alias("amount"))
    other.__dict__["ledger"] = more.lazy()
    assert checking.CHECKS["The same people come under every model in every draw"](other)[0] == checking.FAILS


def test_a_missed_figure_stays_in_the_list(facts, papers):
    """Every published figure about the run's models and services is in the pack, with its verdict."""
    found = checking.verdicts(facts)
    assert found
    table = next(one for one in papers["assurance_pack"].tables() if one.title == "Published figures against this run")
    assert [(row[0], row[4]) for row in table.rows] == [(one.name, one.verdict) for one in found]
    first = found[0]
    low, high = first.figure.low, first.figure.high
    assert replace(first, low=high + 1, middle=high + 2, high=high + 3).verdict == checking.MISSED
    assert replace(first, low=low, middle=(low + high) / 2, high=high).verdict == "met"


class Pages(HTMLParser):
    """Collects ids, links, and what a page loads."""

    def __init__(self):
        super().__init__()
        self.ids, self.links, self.loads = [], [], []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.ids += [values["id"]] if "id" in values else []
        self.links += [values["href"]] if tag == "a" else []
        self.loads += [tag] if tag in ("img", "script", "link", "iframe") else []


@pytest.mark.parametrize("name", FORMS)
def test_pages_work_offline_and_hold_nobody(name, papers):
    """Nothing is loaded, every link inside leads somewhere, no id twice; no key of a person is in any paper."""
    text = page.render(papers[name])
    reader = Pages()
    reader.feed(text)
    assert reader.loads == []
    assert len(set(reader.ids)) == len(reader.ids)
    assert all(link[1:] in reader.ids for link in reader.links)
    assert not re.search(r"\b\d{3}[ -]\d{3}[ -]\d{4}\b", papers[name].text())


def test_pages_are_laid_out_for_paper(papers):
    """A4; the brief in small print, papers of many columns across; what is laid out for a phone is for screens only."""
    for name, paper in papers.items():
        text = page.render(paper)
        assert "@page { size: A4; margin: 1.5cm; }" in text
        assert re.findall(r"@media \((.*?)\)", text) == []
        kind = "tight" if name == "members_brief" else "long" if paper.is_wide else ""
        assert f'<body class="{kind}">' in text if kind else "<body>" in text
        assert not kind or f"body.{kind} {{" in text


@pytest.mark.skipif(CHROMIUM is None, reason="there is no browser to print with")
def test_the_brief_is_two_printed_pages(papers, tmp_path):
    """It says that it is; a browser counts them."""
    path = write(lambda to, paper: to.write_text(page.render(paper), "utf-8"), tmp_path / "a.html", papers[BRIEF])
    printed = tmp_path / "a.pdf"
    asked = [str(CHROMIUM), "--headless", "--no-sandbox", f"--print-to-pdf={printed}", path.as_uri()]
    subprocess.run(asked, check=True, capture_output=True, timeout=120)
    assert len(re.findall(rb"/Type\s*/Page\b", printed.read_bytes())) == 2


def test_the_same_paper_is_the_same_file(papers, tmp_path):
    """No time of day goes into a file."""
    paper = papers["green_book"]
    assert word.as_bytes(paper) == word.as_bytes(paper)
    with zipfile.ZipFile(write(word.write, tmp_path / "a.docx", paper)) as made:
        assert {entry.date_time[0] for entry in made.infolist()} == {2000}


def test_from_the_command_line(folder, tmp_path, capsys):
    """Every ending is written; a form of one's own is read back; what cannot be is said."""
    appraisal.write(facts_of(folder, ASKED).summary, folder)
    for ending in ("docx", "html", "xlsx"):
        path = tmp_path / f"brief.{ending}"
        assert cli.run(["report", str(folder), "--form", "members_brief", "--out", str(path)]) == 0
        assert path.stat().st_size > 1000
    own = tmp_path / "mine.yaml"
    assert cli.run(["report", "--form", "members_brief", "--to", "yaml", "--out", str(own)]) == 0
    assert cli.run(["report", str(folder), "--form", str(own), "--out", str(tmp_path / "mine.html")]) == 0
    capsys.readouterr()
    own.write_text(own.read_text().replace("brief_doubts", "brief_douts").replace("working", "certain"))
    for arguments, said in (
        (["--form", str(own), "--out", "a.docx"], "status"),
        (["--form", "green_bok", "--out", "a.docx"], "green_book"),
        (["--form", "green_book", "--out", "a.pdf"], ".docx"),
        (["--form", "green_book", "--out", "a.docx", "--discounting", "x"], "green_book_2026"),
    ):
        assert cli.run(["report", str(folder), *arguments]) == 1
        assert said in capsys.readouterr().err
    assert cli.run(["report", str(tmp_path), "--form", "green_book", "--out", str(tmp_path / "a.docx")]) == 1
    assert not (tmp_path / "a.docx").exists()


def test_an_ending_that_contradicts_the_kind_is_refused(folder, tmp_path, capsys, monkeypatch):
    """A file that says .docx is no page; an ending that says nothing contradicts nothing."""
    monkeypatch.chdir(tmp_path)
    for name, kind, found in (("a.docx", "html", "--to html with a.docx"), ("a.XLSX", "yaml", "--to yaml with a.XLSX")):
        assert cli.run(["report", str(folder), "--form", "members_brief", "--out", name, "--to", kind]) == 1
        said = capsys.readouterr().err
        assert "[kind_contradicted]" in said
        assert found in said
        assert list(tmp_path.iterdir()) == []
    for name in ("a.v2", "a.html"):
        assert cli.run(["report", str(folder), "--form", "members_brief", "--out", name, "--to", "html"]) == 0
        assert (tmp_path / name).read_text(encoding="utf-8").startswith("<!doctype html>")


def test_everything_wrong_with_a_form_is_said_together():
    """Unknown outcomes, tables and a score outside the scale: one problem for each."""
    content = {
        "title": "Mine",
        "about": "mine",
        "status": "own",
        "date": "2026-01-01",
        "source": {"title": "A form", "publisher": "us", "address": "https://example.org"},
        "sections": [
            {
                "show": ["nothing"],
                "criteria": [
                    {"criterion": "Cost", "group": "cost", "outcomes": ["council_costs"], "scores": {"in_house": 9}}
                ],
            }
        ],
    }
    with pytest.raises(InputError) as caught:
        forms.parse("mine", content, "mine.yaml", ("whole_life_cost",), ("run",))
    assert {one.code for one in caught.value.problems} == {"unknown_outcome", "unknown_table_of_a_paper", "score"}


def test_a_blank_has_no_words_of_its_own():
    """There is no way to put an answer into a blank: it has a label and room, and nothing else."""
    assert set(Blank.__dataclass_fields__) == {"label", "lines"}

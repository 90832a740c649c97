"""What was stopped is shown from the first draws on, marked; the same command goes on to the same result."""

import contextlib
import json

import pytest

from insource.appraise.value import Question
from insource.cli import main as cli
from insource.compare.parts import part_path
from insource.report.papers import checking
from insource.report.papers.facts import facts_of

pytestmark = pytest.mark.property


def stopping_after(runs):
    """A progress bar that is interrupted as by Ctrl-C when so many runs are done."""

    @contextlib.contextmanager
    def progress(*_, **__):
        def tell(done, of):
            if runs <= done < of:
                raise KeyboardInterrupt

        yield tell

    return progress


COMPARE = ["compare", "synthetic:60:2", "--models", "status_quo", "in_house", "--draws", "4", "--years", "1"]


def test_a_comparison_that_was_stopped_is_shown_and_goes_on(tmp_path, monkeypatch, capsys):
    """Status 130; the report says of how many draws it is made; value takes it; finished, the bits are the same."""
    command = [*COMPARE, "--workers", "1", "--out", str(tmp_path / "out")]
    with monkeypatch.context() as stopped:
        stopped.setattr("insource.cli.compare.progress", stopping_after(3))
        assert cli.run(command) == 130
    mark = "Made of the first 3 of 4 draws"
    assert mark in capsys.readouterr().err
    assert mark in (tmp_path / "out/report.html").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "out/run.json").read_text())["status"] == "partial"
    part_path(tmp_path / "out", "weeks", 2).unlink()
    assert cli.run([*command, "--so-far"]) == 0
    assert "Made of the first 2 of 4 draws" in (tmp_path / "out/report.html").read_text(encoding="utf-8")
    facts = facts_of(tmp_path / "out", Question(30_000, "council_and_nhs", "green_book_2026", "end"))
    verdict, found = checking.CHECKS["Every draw of every model is in the books"](facts)
    assert verdict == checking.FAILS
    assert found == "2 of 4 draws: it was stopped; 4 of 8 runs (models x draws) are in the books"
    assert cli.run(["value", str(tmp_path / "out")]) == 0
    assert "Made of the first 2 of 4 draws" in capsys.readouterr().out
    assert cli.run(command) == 0
    assert "Made of the first" not in (tmp_path / "out/report.html").read_text(encoding="utf-8")
    assert cli.run([*COMPARE, "--workers", "1", "--out", str(tmp_path / "once")]) == 0
    for name in ("ledger.parquet", "weeks.parquet", "summary.csv", "run.json"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "once" / name).read_bytes(), name


def test_nothing_to_show_yet(tmp_path, capsys):
    """Without the first draw there is nothing to show: said, status 1."""
    assert cli.run([*COMPARE, "--out", str(tmp_path / "out"), "--so-far"]) == 1
    assert "[none_yet]" in capsys.readouterr().err


WHY = ["why", "synthetic:60:2", "--from", "status_quo", "--to", "in_house", "--by", "causes", "--cause", "load"]
WHY += ["--cause", "hospital", "--years", "1", "--draws", "2"]
CLAIM = ["claim", "12", "--place", "synthetic:60:2", "--draws", "8", "--years", "1"]


@pytest.mark.parametrize(
    ("command", "bar", "mark", "page"),
    [
        (WHY, "insource.cli.why.runs_told", "Made of the first 1 of 2 draws", "why.html"),
        (CLAIM, "insource.cli.claim.progress", "Made of the first 4 of 8 draws", "claim_12.html"),
    ],
)
def test_a_study_that_was_stopped_is_shown_and_goes_on(command, bar, mark, page, tmp_path, monkeypatch, capsys):
    """The page is made of the first draws and says so; then only the rest is run, and the figures are the same."""
    kept = [*command, "--workers", "1", "--out", str(tmp_path / "out")]
    with monkeypatch.context() as stopped:
        stopped.setattr(bar, stopping_after(8))
        assert cli.run(kept) == 130
    said = capsys.readouterr()
    assert mark in said.out
    assert "stopped after 8 of 16 runs; the same command goes on" in said.err
    assert mark in (tmp_path / "out" / page).read_text(encoding="utf-8")
    told = []
    with monkeypatch.context() as watched:
        watched.setattr(bar, watching(told))
        assert cli.run(kept) == 0
    assert told[0] == (8, 16), "what was done is not done again"
    assert mark not in (tmp_path / "out" / page).read_text(encoding="utf-8")
    capsys.readouterr()
    results = []
    for more in (["--out", str(tmp_path / "out")], []):
        assert cli.run([*command, "--workers", "1", "--json", *more]) == 0
        results.append(json.loads(capsys.readouterr().out))
    assert results[0] == results[1]


def watching(told):
    """A progress bar that writes down what it is told."""

    @contextlib.contextmanager
    def progress(*_, **__):
        yield lambda done, of: told.append((done, of))

    return progress

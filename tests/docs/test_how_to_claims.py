"""The page about claims is true: its commands run, made small."""

import re
from pathlib import Path

import pytest

from insource.cli.main import run

pytestmark = pytest.mark.worked
PAGE = (Path(__file__).parents[2] / "docs/how-to/try-a-claim.md").read_text(encoding="utf-8")
SMALLER = ["--draws", "1", "--years", "1", "--place", "synthetic:120"]


def test_the_page_runs(tmp_path, monkeypatch, capsys):
    """Every command in order; pages are written; planted worlds come out as planted."""
    monkeypatch.chdir(tmp_path)
    lines = [line.split() for line in re.findall(r"^    insource ([^#\n]+)", PAGE, flags=re.MULTILINE)]
    for line in lines:
        assert run([*line, *SMALLER]) == 0, capsys.readouterr().err
    assert len(lines) == 4
    assert (tmp_path / "claims/claims.html").exists()
    assert "so few draws" in capsys.readouterr().out.lower()

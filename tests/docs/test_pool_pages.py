"""The pages of the care team are true: each runs from top to bottom in an empty folder and says what it says."""

import re
from pathlib import Path

import pytest
from test_desk_pages import _squashed

from insource.cli.main import run

pytestmark = pytest.mark.worked
PAGES = sorted((Path(__file__).parents[2] / "docs" / "pool").glob("[a-z]*.md"))
STEP = re.compile(
    r"^    insource (?P<command>[^\n]+)$"
    r"|^```text\n(?P<shown>.*?)^```"
    r"|`(?P<name>[\w./-]+)`:\n+```csv\n(?P<content>.*?)^```",
    re.MULTILINE | re.DOTALL,
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_page_of_the_team_runs(page, tmp_path, monkeypatch, capsys):
    """Files that the page tells the reader to write are written, commands run, and lines shown are printed."""
    monkeypatch.chdir(tmp_path)
    said, done = "", 0
    for step in STEP.finditer(page.read_text(encoding="utf-8")):
        if step["name"]:
            (tmp_path / step["name"]).write_text(step["content"], encoding="utf-8")
        elif step["command"]:
            command = step["command"].partition("#")[0]
            status = run(command.split())
            printed = capsys.readouterr()
            assert status == 0, f"{command}: {printed.err}"
            said = _squashed(printed.out + printed.err)
            done += 1
        elif step["shown"]:
            for line in step["shown"].splitlines():
                assert _squashed(line) in said, f"not printed: {line}"
    assert done >= 2

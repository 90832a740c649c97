"""The pages of the desk tools are true: each command runs in order in an empty folder and says what the page says.

After a command a page may show, in a block marked `text`, lines of what it prints; each must be in what it prints.
A command that ends with exit status 1, as it should, is followed by `# exit status 1` in its line.
"""

import re
from pathlib import Path

import pytest

from insource.cli.main import run

pytestmark = pytest.mark.worked
PAGES = sorted((Path(__file__).parents[2] / "docs" / "desk").glob("[a-z]*.md"))
STEP = re.compile(
    r"^    insource (?P<command>[^\n]+)$"
    r"|^```text\n(?P<shown>.*?)^```"
    r"|`(?P<name>[\w.-]+)`:\n+```(csv|yaml|json)\n(?P<content>.*?)^```",
    re.MULTILINE | re.DOTALL,
)


def _squashed(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_page_runs_from_top_to_bottom(page, tmp_path, monkeypatch, capsys):
    """Files that the page tells the reader to write are written, commands run, and lines shown are printed."""
    monkeypatch.chdir(tmp_path)
    said, done = "", 0
    for step in STEP.finditer(page.read_text(encoding="utf-8")):
        if step["name"]:
            (tmp_path / step["name"]).write_text(step["content"], encoding="utf-8")
        elif step["command"]:
            command, _, comment = step["command"].partition("#")
            status = run(command.split())
            printed = capsys.readouterr()
            assert status == (1 if "exit status 1" in comment else 0), f"{command}: {printed.err}"
            said = _squashed(printed.out + printed.err)
            done += 1
        else:
            for line in step["shown"].splitlines():
                assert _squashed(line) in said, f"not printed: {line}"
    assert done >= 1

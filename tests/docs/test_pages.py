"""The pages are true: every command in them runs, every link leads somewhere, reference pages match the data."""

import re
import runpy
from pathlib import Path

import pytest

from insource import delivery, strict_yaml
from insource.cli.main import run
from insource.parameters import parameters

pytestmark = pytest.mark.worked
ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
SMALLER = ["--draws", "2", "--years", "1", "--workers", "1"]
"""Added to every comparison of the pages, so that they run in seconds: only their size is changed."""

STUDIES = {"why": ["--draws", "1", "--pairs", "2"], "flip": ["--draws", "1", "--strongest", "2"]}
"""Commands that run two models hundreds of times: made smaller still."""
FEWER = {"--luck": "1", "--ends": "2", "--crossed": "2", "--groups": "2", "--sobol": "4"}
"""Sizes of designs on the pages, and what they are run with here."""


def commands(text: str) -> list[list[str]]:
    """The insource commands of a page: indented lines, comments taken off."""
    found = re.findall(r"^    insource ([^#\n]+)", text, flags=re.MULTILINE)
    return [line.split() for line in found]


def yaml_files(text: str) -> dict[str, str]:
    """YAML blocks of a page, by the file name in the sentence before them."""
    pattern = r"`(\w+\.yaml)`:\s+```yaml\n(.*?)```"
    return dict(re.findall(pattern, text, flags=re.DOTALL))


def test_the_tutorial_runs_from_top_to_bottom(tmp_path, monkeypatch, capsys):
    """Every command in order, in an empty folder, with the files the page tells the reader to write."""
    text = (ROOT / "docs/tutorial/first-comparison.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name, content in yaml_files(text).items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    assert set(yaml_files(text)) == {"mine.yaml", "zones.yaml"}
    done = 0
    for arguments in commands(text):
        more = SMALLER if arguments[0] == "compare" else []
        smaller = [word if word != "1000" else "150" for word in arguments]
        status = run([*smaller, *more])
        said = capsys.readouterr()
        is_told = arguments[0] == "follow" and "was not there" in said.err
        assert status == 0 or is_told, f"{arguments}: {said.err}"
        done += 1
    assert done >= 9


@pytest.mark.parametrize(
    "name", ["value-and-doubt.md", "why-they-differ.md", "what-would-reverse-it.md", "papers.md", "large-runs.md"]
)
def test_pages_of_a_run_go_from_top_to_bottom(name, tmp_path, monkeypatch, capsys):
    """Every command of a page that makes a comparison and looks at it, in order, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for arguments in commands((ROOT / "docs/how-to" / name).read_text(encoding="utf-8")):
        is_study = arguments[0] in STUDIES
        smaller = [word.replace(":400", ":60") if is_study else word for word in arguments]
        more = [*SMALLER, *STUDIES[arguments[0]]] if is_study else SMALLER if arguments[0] == "compare" else []
        if name == "value-and-doubt.md":
            before = ["", *smaller]
            smaller = [FEWER.get(option, word) for option, word in zip(before, smaller, strict=False)]
            more = [*more, "--draws", "8"] if arguments[0] == "compare" else more
            smaller = [word.replace(":400", ":60") for word in smaller]
        assert run([*smaller, *more]) == 0, f"{arguments}: {capsys.readouterr().err}"


def test_readme_commands_are_known(tmp_path, monkeypatch, capsys):
    """The README's look-up commands run; those on a user's own files name commands that exist."""
    monkeypatch.chdir(tmp_path)
    for arguments in commands((ROOT / "README.md").read_text(encoding="utf-8")):
        if arguments[0] in ("explain", "list", "week", "delivery"):
            assert run(arguments) == 0, arguments
        else:
            assert run([*arguments[: 2 if arguments[0] in ("place", "follow") else 1], "--help"]) == 0, arguments
        capsys.readouterr()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    """Every link to a file of the project is to one that is there."""
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://")):
            assert (page.parent / target).exists(), target


def test_reference_pages_are_up_to_date():
    """docs/reference is written from the data; after a change: python docs/reference/generate.py."""
    pages = runpy.run_path(str(ROOT / "docs/reference/generate.py"))["pages"]()
    for name, text in pages.items():
        stored = (ROOT / "docs/reference" / name).read_text(encoding="utf-8")
        assert stored == text, f"{name} is out of date: python docs/reference/generate.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_names_in_pages_exist(page):
    """`insource explain NAME` in a page names a parameter that there is; YAML blocks can be read."""
    text = page.read_text(encoding="utf-8")
    for name in re.findall(r"insource explain (\w+)", text):
        assert name in parameters() or name == "NAME", name
    for block in re.findall(r"```yaml\n(.*?)```", text, flags=re.DOTALL):
        assert strict_yaml.read_text(block, page.name)


def test_the_tutorials_own_model_is_a_model():
    """The delivery model that the tutorial teaches is accepted and differs from the one it is like."""
    text = (ROOT / "docs/tutorial/first-comparison.md").read_text(encoding="utf-8")
    model = delivery.parse("zones", strict_yaml.read_text(yaml_files(text)["zones.yaml"], "zones.yaml"))
    assert delivery.differences(delivery.read("framework"), model)

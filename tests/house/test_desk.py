"""Rules of the house for desk tools: listed findings, a page for each, numbers with papers."""

import ast
import re
from importlib.resources import files

import pytest
from reading import PACKAGE, ROOT, tree, words

from insource.desk.findings import finding_kinds
from insource.desk.settings import defaults
from insource.sources import sources

pytestmark = pytest.mark.house

DESK = sorted((PACKAGE / "desk").rglob("*.py"))
COMMANDS = sorted((PACKAGE / "cli").glob("desk_*.py"))
HEADINGS = (
    "Question",
    "Method",
    "Worked example",
    "Why it matters",
    "Output",
    "Settings",
    "Exclusions",
    "Assumptions",
)
POUNDS_ARE = re.compile(r"none|pounds( a year| a week| an hour| once| in the period)?")


def _names_of_findings():
    """The code of every Finding that is made with its code written down."""
    for path in DESK:
        for node in ast.walk(tree(path)):
            is_made = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Finding"
            if is_made and node.args and isinstance(node.args[0], ast.Constant):
                yield path.name, node.args[0].value


def test_every_code_used_is_listed():
    """data/desk/findings.csv says what it means."""
    assert [found for found in _names_of_findings() if found[1] not in finding_kinds()] == []


def test_every_code_listed_is_used():
    """A code that no desk tool can find is no code."""
    said = {word for path in DESK for word in words(path)}
    assert [code for code in finding_kinds() if code not in said] == []


def test_the_list_of_findings_is_whole():
    """No code twice, nothing blank, codes in lower snake case, known units, of tools that there are."""
    text = files("insource").joinpath("data/desk/findings.csv").read_text(encoding="utf-8")
    assert len(text.splitlines()) == len(finding_kinds()) + 1
    tools = {path.stem.removeprefix("desk_") for path in COMMANDS}
    for code, kind in finding_kinds().items():
        assert re.fullmatch(r"[a-z][a-z0-9_]*", code)
        assert all(vars(kind).values()), code
        assert POUNDS_ARE.fullmatch(kind.pounds_are), (code, kind.pounds_are)
        assert kind.tool in tools, (code, kind.tool)


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: path.stem)
def test_every_tool_has_its_page(path):
    """docs/desk/NAME.md with all its headings, in order, none empty."""
    name = path.stem.removeprefix("desk_")
    page = ROOT / "docs" / "desk" / f"{name}.md"
    parts = re.split(r"^## (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    headings = [heading.strip() for heading in parts[1::2]]
    assert [heading for heading in headings if heading in HEADINGS] == list(HEADINGS)
    assert all(content.strip() for content in parts[2::2])


@pytest.mark.parametrize("path", sorted((PACKAGE / "data/desk").glob("*.yaml")), ids=lambda path: path.stem)
def test_settings_have_papers(path):
    """Value within its range, a source that there is, a place in it or a reason."""
    for name, one in defaults(path.stem).items():
        assert one.low <= one.value <= one.high, name
        assert one.source in sources(), name
        assert len(one.where) > 10, name
        assert one.what, name


def test_desk_tools_print_nothing():
    """They hand back a result."""
    for path in DESK:
        assert not {"print", "echo"} & words(path), path.name

"""Every mechanism has its lists, functions, files and headings, and uses all it declares."""

import ast
import re

import pytest
from reading import PACKAGE, ROOT, attributes, columns_read, path_of, rule_files, tree, words

from insource import parameters
from insource.tables import ACCOUNTS, COLUMNS, TABLES
from insource.views import parameters_of
from insource.week import MECHANISMS, order

pytestmark = pytest.mark.house

HEADINGS = ("What the articles say", "What happens", "Equations", "Limiting case", "Not modelled", "Numbers")
each = pytest.mark.parametrize("name", sorted(MECHANISMS))

NOT_READ = {
    "providers.kind": "read by reports",
    "providers.bid_marks": "looked at between weeks: what the winning bid promised",
    "donors.reason": "kept with the place; no mechanism depends on it yet",
}
"""Columns that no mechanism reads, and why they are there all the same."""


@each
def test_lists_and_functions(name):
    """Four lists and two functions, named so, each function with the arguments the week hands it."""
    mechanism = MECHANISMS[name]
    for table in (*mechanism.READS, *mechanism.WRITES):
        assert table in TABLES
    assert isinstance(mechanism.POSTS, tuple)
    assert isinstance(mechanism.DRAWS, tuple)
    functions = {node.name: node for node in tree(path_of(mechanism)).body if isinstance(node, ast.FunctionDef)}
    assert [argument.arg for argument in functions["start"].args.args] == ["area"]
    assert [argument.arg for argument in functions["step"].args.args] == ["week", "area"]


@each
def test_files_that_carry_its_name(name):
    """Its numbers, tables, accounts, chapter and verification."""
    data = PACKAGE / "data"
    for path in (
        data / "parameters" / f"{name}.yaml",
        data / "tables" / f"{name}.csv",
        data / "accounts" / f"{name}.csv",
        ROOT / "docs" / "book" / f"{name}.md",
        ROOT / "tests" / "verify" / f"test_{name}.py",
    ):
        assert path.exists(), f"{path.relative_to(ROOT)} is missing"


@each
def test_chapter_names_its_numbers(name):
    """A reader of the chapter can look up every number of the mechanism by its name."""
    text = (ROOT / "docs" / "book" / f"{name}.md").read_text(encoding="utf-8")
    own = [one.name for one in parameters.parameters().values() if one.group == name]
    assert [parameter for parameter in own if f"`{parameter}`" not in text] == []
    headings = ("What happens", "In symbols", "Numbers", "Limiting case", "Worked example", "Exercise", "Not modelled")
    for heading in (*headings, "Evidence"):
        assert f"\n## {heading}" in text, heading


@each
def test_headings(name):
    """The docstring is the methods note: a first line, then the six headings in order, none empty."""
    text = MECHANISMS[name].__doc__
    assert re.match(r"[^\n]+[.]\n\n", text), "the first line should say in a sentence what it is about"
    found = re.findall(r"^(\S[^\n]*)\n    \S", text, flags=re.MULTILINE)
    assert tuple(found) == HEADINGS
    assert f"tests/verify/test_{name}.py" in text
    assert f"data/parameters/{name}.yaml" in text


@each
def test_uses_all_it_declares(name):
    """Every declared column, draw and account is named in its code; nothing is declared twice."""
    mechanism = MECHANISMS[name]
    path = path_of(mechanism)
    for table in TABLES:
        declared = [*mechanism.READS.get(table, ()), *mechanism.WRITES.get(table, ())]
        assert len(declared) == len(set(declared)), f"{table}: declared twice"
        assert set(declared) == attributes(path, table), table
    assert set(mechanism.POSTS) == attributes(path, "books")
    assert set(getattr(mechanism.DRAWS, "_fields", ())) == attributes(path, "DRAWS") - {"_fields"}
    assert set(parameters_of(mechanism)) == attributes(path, "numbers")


@each
def test_writes_all_it_owns(name):
    """Every column and account of its files is written by it, and by nobody else."""
    mechanism = MECHANISMS[name]
    owned = {(table, column) for table, found in COLUMNS.items() for column in found if found[column].owner == name}
    assert owned == {(table, column) for table, found in mechanism.WRITES.items() for column in found}
    assert {account for account in ACCOUNTS if ACCOUNTS[account].owner == name} == set(mechanism.POSTS)


def test_one_owner():
    """Every column has one owner, a mechanism or the place; every account one mechanism."""
    owners = {column.owner for found in COLUMNS.values() for column in found.values()}
    assert owners == {*MECHANISMS, "place", "layout", "delivery"}
    posting = {name for name, mechanism in MECHANISMS.items() if mechanism.POSTS}
    assert {account.owner for account in ACCOUNTS.values()} == posting


def test_every_column_is_read():
    """Somebody uses what is written: a mechanism, or else a reason is given here."""
    read = {pair for mechanism in MECHANISMS.values() for pair in columns_read(path_of(mechanism))}
    before = {("zones", "people"), ("parts", "providers_per_zone")}
    before |= {("council", "is_full"), ("council", "is_short_of_posts")}
    unread = {
        f"{table}.{column}"
        for table, found in COLUMNS.items()
        for column in found
        if (table, column) not in read | before
    }
    assert unread == set(NOT_READ)


def test_every_parameter_is_used():
    """By a mechanism, or when the place or the services are made."""
    used = {name for mechanism in MECHANISMS.values() for name in parameters_of(mechanism)}
    for file in ("layout.py", *(f"place/{path.name}" for path in (PACKAGE / "place").glob("*.py"))):
        used |= attributes(PACKAGE / file, "numbers")
    assert set(parameters.parameters()) == used


def test_every_rule_is_used():
    """No rule is there for nothing: the product uses it, or a test holds it (and `insource formula` works it out)."""
    used = set().union(*(words(path) for path in PACKAGE.rglob("*.py") if path.parent.name != "rules"))
    used |= set().union(*(words(path) for path in (ROOT / "tests").rglob("test_*.py")))
    for path in rule_files():
        functions = [node for node in tree(path).body if isinstance(node, ast.FunctionDef)]
        others = set().union(*(words(other) for other in rule_files() if other != path))
        calls = {
            node.func.id for node in ast.walk(tree(path)) if isinstance(node, ast.Call) and hasattr(node.func, "id")
        }
        for function in functions:
            assert function.name in used | others | calls, f"{path.name}: {function.name} is used by nothing"


def test_the_week_prints_itself():
    """The printed order names every mechanism once, with what it is about and all it declares."""
    lines = order()
    assert [line.name for line in lines] == list(MECHANISMS)
    for line in lines:
        assert line.about
        mechanism = MECHANISMS[line.name]
        assert line.posts == tuple(mechanism.POSTS)
        assert len(line.reads) == sum(len(found) for found in mechanism.READS.values())
        assert line.parameters == parameters_of(mechanism)

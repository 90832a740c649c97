"""Rules of the house about files: their length, numbers in them, names in them, problems they report."""

import ast
import re

import pytest
from reading import PACKAGE, ROOT, mechanism_files, package_files, rule_files, tree, words

from insource import delivery

pytestmark = pytest.mark.house

LONGEST, LONGEST_MECHANISM = 400, 250
ALLOWED_NUMBERS = {0, 1, 2}
each_rule_and_mechanism = pytest.mark.parametrize(
    "path", [*rule_files(), *mechanism_files()], ids=lambda path: f"{path.parent.name}/{path.stem}"
)


def _lines(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_file_is_too_long():
    """400 lines of Python at most, in the package, its tests and its benchmarks."""
    files = [*package_files(), *(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")]
    assert {str(path.relative_to(ROOT)): _lines(path) for path in files if _lines(path) > LONGEST} == {}


def test_no_mechanism_is_too_long():
    """Longer than 250 lines: it is two mechanisms."""
    assert {path.name: _lines(path) for path in mechanism_files() if _lines(path) > LONGEST_MECHANISM} == {}


@each_rule_and_mechanism
def test_no_numbers_in_rules_and_mechanisms(path):
    """No number literals but 0, 1, 2 and -1: numbers are data with papers."""
    found = [
        (node.lineno, node.value)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and not isinstance(node.value, bool)
        and node.value not in ALLOWED_NUMBERS
    ]
    assert found == []


@each_rule_and_mechanism
def test_no_delivery_model_is_named(path):
    """Rules and mechanisms read terms; the name of a delivery model occurs in none of them."""
    text = " ".join(words(path))
    for name in delivery.bundled():
        assert not re.search(rf"\b{name}\b", text), f"'{name}' occurs in the code of {path.name}"


def test_mechanisms_import_no_mechanism_and_no_chance():
    """They meet in the columns, and draw only keyed luck."""
    for path in mechanism_files():
        for node in ast.walk(tree(path)):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            for module in modules:
                assert not module.startswith("insource.mechanisms"), path.name
                assert module.split(".")[0] not in ("random", "time", "os"), path.name
        assert not any("random" in word for word in words(path)), path.name


def test_problems_are_small_lessons():
    """Every problem the product reports has a stable code in lower snake case, says what, and says what to do."""
    for path in package_files():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Problem":
                given = dict(zip(("code", "what", "todo"), node.args, strict=False))
                given |= {keyword.arg: keyword.value for keyword in node.keywords}
                place = f"{path.relative_to(PACKAGE)}:{node.lineno}"
                assert {"code", "what", "todo"} <= set(given), f"{place}: a problem without a {set(given)}"
                assert re.fullmatch(r"[a-z][a-z0-9_]*", _text(given["code"])), f"{place}: code"
                assert _text(given["todo"]) != "", f"{place}: nothing to do"
                assert _text(given["what"]) != "", f"{place}: says nothing"


def _text(node):
    """The text of a node as far as it is written down; something that is put together counts as a word."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "x" for part in node.values)
    return "x"


def test_no_type_checking_imports():
    """What is imported is imported."""
    for path in package_files():
        assert "TYPE_CHECKING" not in words(path), path.name


def test_every_module_says_what_it_is():
    """A docstring at the head of every file with code in it."""
    for path in package_files():
        parsed = ast.parse(path.read_text(encoding="utf-8"))
        assert not parsed.body or ast.get_docstring(parsed), path.relative_to(PACKAGE)


def test_no_two_test_files_have_the_same_name():
    """Pytest would not read the second."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted({name for name in names if names.count(name) > 1}) == []

"""Reading our own source: what a module names, writes and imports, without running it."""

import ast
import inspect
from functools import cache
from pathlib import Path
from types import ModuleType

import insource
from insource.tables import TABLES
from insource.week import MECHANISMS

PACKAGE = Path(insource.__file__).parent
ROOT = Path(__file__).parents[2]
"""The folder with README, src, tests and docs."""

Pair = tuple[str, str]


@cache
def tree(path: Path) -> ast.Module:
    """The syntax of a file, without docstrings."""
    parsed = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(parsed):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return parsed


def path_of(mechanism: ModuleType) -> Path:
    """The file of a mechanism."""
    return Path(inspect.getfile(mechanism))


def package_files() -> list[Path]:
    """Every Python file of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def mechanism_files() -> list[Path]:
    """The files of all mechanisms of the week."""
    return [path_of(mechanism) for mechanism in MECHANISMS.values()]


def rule_files() -> list[Path]:
    """The files of all rules."""
    return sorted((PACKAGE / "rules").glob("*.py"))


def attributes(path: Path, base: str) -> set[str]:
    """Every `something` of `base.something` or `x.base.something` in a file."""
    return {name for table, name in _uses(path) if table == base}


def columns_read(path: Path) -> set[Pair]:
    """Columns of which a file uses the content: named other than as the target of an assignment."""
    return {pair for pair, is_target in _uses(path).items() if pair[0] in TABLES and not is_target}


def _uses(path: Path) -> dict[Pair, bool]:
    """Every `base.name` in a file, and whether it is only ever assigned to."""
    targets, found = set(), {}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Assign):
            targets |= {id(target.value) for target in node.targets if isinstance(target, ast.Subscript)}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
            base = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
            pair = (base, node.attr)
            found[pair] = found.get(pair, True) and id(node) in targets
    return found


def words(path: Path) -> set[str]:
    """Every name, attribute and text in the code of a file (not in docstrings or comments)."""
    found = set()
    for node in ast.walk(tree(path)):
        for field in ("id", "attr", "arg", "name"):
            value = getattr(node, field, None)
            if isinstance(value, str):
                found.add(value)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
    return found

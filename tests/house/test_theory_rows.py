"""Every row of the table of closed forms has a test with the row's id in its name."""

import ast

import pytest
from reading import ROOT

pytestmark = pytest.mark.house

ROWS = {
    "alloc": 7,
    "choice": 7,
    "cost": 4,
    "hsv": 2,
    "mtask": 2,
    "tce": 1,
    "pool": 12,
    "erl": 3,
    "mgi": 1,
    "lock": 3,
    "ind": 5,
    "frag": 4,
    "case": 3,
    "money": 5,
    "proc": 7,
    "entry": 1,
    "score": 5,
    "low": 5,
    "alt": 4,
    "work": 7,
    "need": 3,
    "crn": 2,
    "loop": 2,
    "appr": 5,
}
"""How many rows each group has."""


def _ids_in(name):
    """The rows a test's name speaks of: test_pool_1_and_2_covers is about pool_1 and pool_2."""
    words = name.removeprefix("test_").split("_")
    for group, count in ROWS.items():
        for place, word in enumerate(words):
            if word != group:
                continue
            for number in words[place + 1 :]:
                if number.isdigit() and int(number) <= count:
                    yield f"{group}_{number}"
                elif number not in ("and", "to"):
                    break


def test_every_row_is_a_test():
    """Names of all tests, against the table."""
    names = {
        node.name
        for path in (ROOT / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }
    tested = {row for name in names for row in _ids_in(name)}
    rows = {f"{group}_{number}" for group, count in ROWS.items() for number in range(1, count + 1)}
    assert rows - tested == set()

"""Adding a mechanism takes its own files and its lines in week.py, and changes nothing for the others."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from reading import PACKAGE

pytestmark = [pytest.mark.house, pytest.mark.slow]

TOY = '''"""Visitors drop in on people at home.

A toy.
"""

from insource.compiled import compiled
from insource.draws import decisions, uniform

READS = {"people": ("person", "is_here")}
WRITES = {"people": ("visitor_weeks",)}
DRAWS = decisions("visitors", "drops_in")
POSTS = ("visitors",)


def start(area):
    area.people.visitor_weeks[:] = 0


@compiled
def step(week, area):
    people = area.people
    for i in range(people.person.shape[0]):
        u = uniform(area.luck, DRAWS.drops_in, people.person[i], week)
        if people.is_here[i] == 1 and u < area.numbers.visitors_chance:
            people.visitor_weeks[i] += 1
            area.books.visitors[week, 0] += 1
'''
TABLE = "table,column,type,unit,start,description\npeople,visitor_weeks,int32,weeks,0,Weeks with a visitor\n"
ACCOUNT = "account,unit,payer,payee,description\nvisitors,events,,,Visits of visitors\n"
NUMBER = """visitors_chance:
  what: Chance a week that somebody drops in.
  unit: share
  scope: assumption
  value: 0.5
  sureness: judgement
  source: {key: judgement, where: A toy for a test., signed: "insource, tests"}
"""
PROGRAM = """
import hashlib, json, sys
from insource import delivery, parameters, week
from insource.draws import luck
from insource.place import synthetic
from insource.simulate import simulate
run = simulate(synthetic(60, 2), delivery.read("mixed"), parameters.draw(1, 2), luck(1, 2), 6, 2)
digest = hashlib.blake2s()
for name in sorted(set(run.ledger.accounts) - {"visitors"}):
    digest.update(name.encode() + run.ledger.accounts[name].astype("<i8").tobytes())
toy = int(run.ledger.accounts["visitors"].sum()) if "visitors" in run.ledger.accounts else None
print(json.dumps({"order": list(week.MECHANISMS), "hash": digest.hexdigest(), "toy": toy}))
"""
COMPILE = """
from insource import ledger, parameters, views, week
from insource.draws import luck
from insource.tables import TABLES, empty_tables
tables, books = empty_tables(dict.fromkeys(TABLES, 300)), ledger.empty(1, 1)
tables["people"]["person"][:] = range(300)
tables["people"]["is_here"][:] = 1
area = views.area_of("visitors", week.visitors, tables, parameters.central(), luck(0, 0), books)
week.visitors.step(0, views.View(*area))
print(int(books.accounts["visitors"][0, 0]))
"""


def _run(folder, home, program, compiled):
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONWARNINGS": "ignore"}
    environment |= {"XDG_CACHE_HOME": str(home), "LOCALAPPDATA": str(home)}
    environment |= {} if compiled else {"NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def with_visitors(tmp_path_factory):
    """A copy of the package with one mechanism more."""
    folder = tmp_path_factory.mktemp("with_visitors")
    package = folder / "insource"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    (package / "mechanisms" / "visitors.py").write_text(TOY, encoding="utf-8")
    (package / "data" / "tables" / "visitors.csv").write_text(TABLE, encoding="utf-8")
    (package / "data" / "accounts" / "visitors.csv").write_text(ACCOUNT, encoding="utf-8")
    (package / "data" / "parameters" / "visitors.yaml").write_text(NUMBER, encoding="utf-8")
    week = package / "week.py"
    text = week.read_text(encoding="utf-8")
    step = "        quality.step(week, area.quality)"
    assert text.count("    social_work,\n") == 1
    assert text.count(step) == 1
    text = text.replace("    social_work,\n", "    social_work,\n    visitors,\n")
    text = text.replace(step, f"        visitors.step(week, area.visitors)  # somebody drops in\n{step}")
    week.write_text(text, encoding="utf-8")
    return folder


def test_a_mechanism_more_changes_nothing_else(with_visitors, tmp_path):
    """The toy runs in its place in the week; all other books are the same to the last bit: nobody's luck moved."""
    before = _run(PACKAGE.parent, tmp_path, PROGRAM, compiled=False)
    after = _run(with_visitors, tmp_path, PROGRAM, compiled=False)
    assert before["toy"] is None
    assert "visitors" not in before["order"]
    assert after["order"].index("visitors") == after["order"].index("quality") - 1
    assert 100 < after["toy"] < 400
    assert after["hash"] == before["hash"]


def test_the_new_mechanism_compiles(with_visitors, tmp_path):
    """Its step compiles on its own view; about half of 300 people are visited (4 standard errors)."""
    visits = _run(with_visitors, tmp_path, COMPILE, compiled=True)
    assert abs(visits - 150) < 4 * (300 * 0.25) ** 0.5

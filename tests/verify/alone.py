"""One mechanism alone: its own columns set by hand, its own step, and nothing else of the week.

A `World` holds the tables and the books. `world.bind(mechanism)` gives that mechanism as the week would see it: a view
of just the columns, accounts and parameters it declares. Several can be bound to one world, in a chain.

`planted` writes a copy of a mechanism (or of a rule it uses) with one thing wrong. Every check in this folder is a
function of the mechanism, so that it can be run with the copy, and must then fail: `caught` sees to that.
"""

import ast
import hashlib
import importlib.util
import os
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from insource import ledger, parameters, views, week
from insource.compiled import CACHE_FOLDER, IS_COMPILED, source_hash
from insource.draws import luck
from insource.layout import line_columns
from insource.tables import TABLES, empty_tables
from insource.terms import TERMS

FOUR = 4.0
"""Standard errors allowed. For a normal estimate a correct program fails 6 of 100,000 such checks; the luck is keyed
to a seed, so a check that has passed once passes always."""


class World:
    """Empty tables, books, numbers and luck for mechanisms that run alone."""

    def __init__(self, weeks: int = 1, numbers: dict[str, float] | None = None, draw: int = 0, **rows: int):
        """`rows` gives the rows of each table (others have 1); `numbers` replaces central values of parameters."""
        self.tables = empty_tables(dict.fromkeys(TABLES, 1) | rows)
        self.numbers = parameters.central()._replace(**(numbers or {}))
        self.luck = luck(20260101, draw)
        self.ledger = ledger.empty(weeks, rows.get("parts", 1))
        for name, columns in self.tables.items():
            setattr(self, name, SimpleNamespace(**columns))
        self.set_terms({name: term.base for name, term in TERMS.items()})
        for name, values in line_columns(self.parts.line, self.numbers).items():
            self.tables["parts"][name][:] = values
        self.providers.price_pence[:] = self.parts.fee_pence[:] = self.parts.line_fee_pence[0]
        self.providers.overhead_pence[:] = self.parts.line_fee_pence[0] * self.parts.overhead_share[0]
        self.people.person[:] = np.arange(1, len(self.people.person) + 1)

    def set_terms(self, terms: dict[str, Any]) -> None:
        """Terms by name, as words or numbers of a delivery file; a list gives one value for each part."""
        for name, value in terms.items():
            values = value if isinstance(value, list) else [value]
            self.tables["parts"][name][:] = [_term(name, one) for one in values]

    def bind(self, mechanism: ModuleType) -> Any:
        """The mechanism's `start()` and `step(week)` on these tables, and all it may touch as `area`."""
        original = getattr(mechanism, "copy_of", mechanism)
        name = next(name for name, known in week.MECHANISMS.items() if known is original)
        area = views.area_of(name, original, self.tables, self.numbers, self.luck, self.ledger)
        view = views.View(*area)
        return SimpleNamespace(
            start=lambda: mechanism.start(area), step=lambda week: mechanism.step(week, view), area=area
        )

    def book(self, account: str) -> np.ndarray:
        """An account by week, over all parts."""
        return self.ledger.by_week(account)

    def services(self, count: int, zones: int = 1) -> None:
        """Lay out `count` services of part 0 in each zone, each its own pool, with one post each unless set later."""
        providers, j = self.providers, np.arange(len(self.providers.zone))
        providers.zone[:] = j // count
        providers.pool[:] = j
        providers.first_post[:] = np.minimum(j, len(self.workers.post) - 1)
        providers.last_post[:] = providers.first_post + 1
        self.parts.services_per_zone[:] = self.parts.services_to_next_zone[:] = count
        assert len(j) == count * zones


def _term(name: str, value: Any) -> float:
    number = TERMS[name].number(_plain(value))
    assert isinstance(number, float), number
    return number


def _plain(value: Any) -> Any:
    try:
        return value if isinstance(value, bool) else float(value)
    except ValueError:
        return value


def planted(mechanism: ModuleType, old: str, new: str, rule: str = "", count: int = 1) -> ModuleType:
    """A copy of a mechanism in which `old` has become `new`; with `rule`, in a copy of that module of rules it imports.

    The text must occur `count` times. Copies are kept beside the compiled engine under a name made of what they
    contain, so that a second run of the tests need not compile them again.
    """
    if rule:
        module = importlib.import_module(f"insource.rules.{rule}")
        faulty = _written(module, _replaced(_source(module), old, new, count))
        line = f"from insource.rules.{rule} import"
        text = _replaced(_source(mechanism), line, f"from {faulty.__name__} import", 1)
    else:
        text = _replaced(_source(mechanism), old, new, count)
    copy = _written(mechanism, text)
    copy.copy_of = mechanism
    return copy


def planted_rule(name: str, old: str, new: str) -> ModuleType:
    """A copy of a module of rules, to be tested by itself, in which `old` has become `new`."""
    module = importlib.import_module(f"insource.rules.{name}")
    return _written(module, _replaced(_source(module), old, new, 1))


def _source(module: ModuleType) -> str:
    return Path(str(module.__file__)).read_text(encoding="utf-8")


def _replaced(text: str, old: str, new: str, count: int) -> str:
    assert text.count(old) == count, f"{old!r} occurs {text.count(old)} times, not {count}: the fault cannot be planted"
    return text.replace(old, new)


def _written(module: ModuleType, text: str) -> ModuleType:
    folder = CACHE_FOLDER if IS_COMPILED else Path(tempfile.gettempdir())
    folder = folder / f"planted-{source_hash()}"
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.blake2s(text.encode(), digest_size=6).hexdigest()
    name = f"planted_{module.__name__.rsplit('.', 1)[-1]}_{digest}"
    if name in sys.modules:
        return sys.modules[name]
    path = folder / f"{name}.py"
    if not path.exists():
        part = folder / f"{name}.{os.getpid()}.part"
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    copy = importlib.util.module_from_spec(spec)
    sys.modules[name] = copy
    spec.loader.exec_module(copy)
    _share(module, copy, text)
    return copy


def _share(module: ModuleType, copy: ModuleType, text: str) -> None:
    """What the fault does not reach is the original's own: only what it reaches is compiled again.

    The fault reaches a function if its text differs, or if a name in it does: another function or a constant of the
    module that the fault reaches, or something imported that is not the original's.
    """
    ours, theirs = _parts(_source(module)), _parts(text)
    reached = {name for name, part in theirs.items() if name not in ours or ast.dump(ours[name]) != ast.dump(part)}
    reached |= {
        name for name, one in vars(copy).items() if name not in theirs and getattr(module, name, None) is not one
    }
    uses = {name: {one.id for one in ast.walk(part) if isinstance(one, ast.Name)} for name, part in theirs.items()}
    while further := {name for name, used in uses.items() if name not in reached and used & reached}:
        reached |= further
    for name, part in theirs.items():
        if isinstance(part, ast.FunctionDef) and name not in reached:
            setattr(copy, name, getattr(module, name))


def _parts(text: str) -> dict[str, ast.stmt]:
    """Functions, classes and constants of a module by name."""
    named: dict[str, ast.stmt] = {}
    for part in ast.parse(text).body:
        if isinstance(part, ast.FunctionDef | ast.ClassDef):
            named[part.name] = part
        elif isinstance(part, ast.Assign | ast.AnnAssign):
            targets = part.targets if isinstance(part, ast.Assign) else [part.target]
            named |= {one.id: part for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)}
    return named


def caught(check: Callable[..., None], faulty: Any, because: str = "") -> None:
    """The check must fail on what is faulty, and say `because`; a check that cannot fail proves nothing."""
    with pytest.raises(AssertionError, match=re.escape(because) if because else None):
        check(faulty)


def near(found: float, expected: float, error: float, what: str = "") -> None:
    """Assert that an estimate lies within four standard errors of what the theory says."""
    assert error > 0.0, "no standard error was given"
    distance = abs(found - expected) / error
    assert distance <= FOUR, f"{what}: found {found:.6g}, theory {expected:.6g}, {distance:.1f} standard errors apart"


def share_error(share: float, count: int) -> float:
    """Standard error of a share of `count` independent cases."""
    return float(np.sqrt(share * (1.0 - share) / count))


def mean_error(values: np.ndarray) -> float:
    """Standard error of the mean of independent values."""
    return float(np.std(values, ddof=1) / np.sqrt(len(values)))


def near_mean(values: np.ndarray, expected: float, what: str = "") -> None:
    """Assert that the mean of independent values lies within four of its own standard errors of the theory."""
    near(float(np.mean(values)), expected, mean_error(values), what)


def near_variance(values: np.ndarray, expected: float, what: str = "") -> None:
    """The same for their variance, whose standard error is that of the mean of squared departures."""
    squares = (values - np.mean(values)) ** 2
    near(float(np.mean(squares)), expected, mean_error(squares), what)


def near_correlation(a: np.ndarray, b: np.ndarray, expected: float, what: str = "") -> None:
    """The same for the correlation of two columns, whose standard error comes from its influence function."""
    a, b = (a - a.mean()) / a.std(), (b - b.mean()) / b.std()
    r = float((a * b).mean())
    near(r, expected, mean_error(a * b - r * (a * a + b * b) / 2.0), what)

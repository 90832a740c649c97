"""The mapping file of a council: which of its headings is what, and which payments are for which kind of care.

`insource market FILES --propose mapping.yaml` writes one; the user edits it. Unknown keys are errors.
"""

from collections.abc import Mapping as Keys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from insource import strict_yaml
from insource.errors import InputError, Problem, unknown
from insource.records import council_headings
from insource.records.headings import Column, Format, plain

TESTS = ("begins", "holds", "is")
TESTED = ("stream", "payment", "service", "purpose", "category", "code", "kind")
KEYS = ("payments", "suppliers", "contracts", "streams", "leave_out", "individuals", "organisations")
TITLES = {
    "payments": "published payments",
    "suppliers": "a list of suppliers",
    "contracts": "a contract register",
}


@dataclass(frozen=True)
class Condition:
    """One condition on a column: its text begins with, holds, or is `text` (case does not matter)."""

    column: str
    how: str
    text: str

    def matches(self) -> pl.Expr:
        """True for the rows that meet it; a blank cell meets none."""
        cell, text = pl.col(self.column).str.strip_chars().str.to_lowercase(), self.text.lower()
        found = {
            "begins": cell.str.starts_with(text),
            "holds": cell.str.contains(text, literal=True),
            "is": cell == text,
        }[self.how]
        return found.fill_null(False)


@dataclass(frozen=True)
class Mapping:
    """Headings by kind of file and role, tests by stream in their order, and what is left out."""

    headings: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    streams: dict[str, tuple[Condition, ...]] = field(default_factory=dict)
    leave_out: tuple[Condition, ...] = ()
    individuals: tuple[Condition, ...] = ()
    organisations: tuple[Condition, ...] = ()
    file: str = ""

    def format(self, kind: str, headings: Sequence[str]) -> Format:
        """The format of one file: of each role the first heading of the mapping that this file has."""
        present = {plain(heading) for heading in headings}
        chosen = {}
        for role, known in self.headings.get(kind, {}).items():
            chosen[role] = next((one for one in known if plain(one) in present), known[0])
        all_roles = council_headings.roles(kind)
        needed: list[tuple[str, ...]] = [(one.name,) for one in all_roles.values() if one.needed == "yes"]
        needed += [("supplier", "supplier_number")] if kind == "payments" else []
        unmapped = {name for group in needed for name in group} - set(chosen)  # named, if they are missed
        all_chosen = chosen | {name: all_roles[name].headings[0] for name in sorted(unmapped)}
        columns = [Column(role, heading) for role, heading in all_chosen.items()]
        return Format(f"market_{kind}", TITLES[kind], tuple(columns), tuple(needed))

    def stream(self) -> pl.Expr:
        """The stream of each row: the first whose tests it meets, else what the file itself says, else null.

        Null too for what is left out.
        """
        chain: Any = pl.when(any_of(self.leave_out)).then(pl.lit(None, pl.String))
        for name, tests in self.streams.items():
            chain = chain.when(any_of(tests)).then(pl.lit(name))
        return chain.otherwise(pl.col("stream").str.strip_chars()).alias("stream")


def any_of(tests: Sequence[Condition]) -> pl.Expr:
    """True for rows that meet one of the tests."""
    return pl.any_horizontal([test.matches() for test in tests]) if tests else pl.lit(False)


def read(path: Path) -> Mapping:
    """Read a mapping file; raises InputError listing everything wrong in it."""
    content = strict_yaml.read_file(path)
    problems: list[Problem] = [unknown("key", key, KEYS, path.name) for key in content if key not in KEYS]
    headings = {kind: _headings(kind, content.get(kind), path.name, problems) for kind in TITLES}
    streams: dict[str, tuple[Condition, ...]] = {}
    given = content.get("streams") or {}
    if not isinstance(given, dict):
        problems.append(_shape(path.name, "streams", "names of streams, each with a list of tests"))
        given = {}
    for name, tests in given.items():
        streams[str(name)] = _tests(tests, path.name, f"streams: {name}", problems)
    others = {key: _tests(content.get(key), path.name, key, problems) for key in KEYS[4:]}
    if problems:
        raise InputError(problems)
    return Mapping(headings, streams, others["leave_out"], others["individuals"], others["organisations"], path.name)


def _headings(kind: str, given: Any, file: str, problems: list[Problem]) -> dict[str, tuple[str, ...]]:
    if given is None:
        return {}
    if not isinstance(given, dict):
        problems.append(_shape(file, kind, "roles, each with a heading or a list of headings"))
        return {}
    known = council_headings.roles(kind)
    found: dict[str, tuple[str, ...]] = {}
    for role, wordings in given.items():
        if role not in known:
            problems.append(unknown("role of a column", role, known, file, kind))
            continue
        texts = wordings if isinstance(wordings, list) else [wordings]
        if not texts or not all(isinstance(text, str) and text.strip() for text in texts):
            problems.append(_shape(file, f"{kind}: {role}", "a heading, or a list of headings, in quotation marks"))
            continue
        found[role] = tuple(texts)
    return found


def _tests(given: Any, file: str, where: str, problems: list[Problem]) -> tuple[Condition, ...]:
    if given is None:
        return ()
    if not isinstance(given, list):
        problems.append(_shape(file, where, "a list of tests"))
        return ()
    tests = []
    for entry in given:
        test = _test(entry)
        if test is None:
            problems.append(
                _shape(
                    file,
                    where,
                    f"tests such as {{column: purpose, holds: home care}}; columns {', '.join(TESTED)}; "
                    f"tests {', '.join(TESTS)}",
                )
            )
        else:
            tests.append(test)
    return tuple(tests)


def _test(entry: Any) -> Condition | None:
    if not isinstance(entry, dict) or len(entry) != 2 or entry.get("column") not in TESTED:
        return None
    how = next(key for key in entry if key != "column")
    text = str(entry[how]).strip() if entry[how] is not None else ""
    return Condition(entry["column"], how, text) if how in TESTS and text else None


def _shape(file: str, where: str, allowed: str) -> Problem:
    return Problem(
        "mapping_shape",
        f"the entry '{where}' is not in its form",
        "correct it, or write a new mapping file with --propose",
        file=file,
        allowed=allowed,
    )


def as_yaml(mapping: Mapping, remarks: Keys[str, str]) -> str:
    """The text of a mapping file; `remarks` say beside each entry why it is proposed."""
    lines = [
        "# Which heading of this council's files is what, and which payments are for which kind of care.",
        "# Proposed by insource: check each line, correct it, and give the file back with --mapping.",
    ]
    for kind, by_role in mapping.headings.items():
        if by_role:
            lines += ["", f"{kind}:"]
            for role, texts in by_role.items():
                written = "[" + ", ".join(_quoted(text) for text in texts) + "]"
                lines.append(f"  {role}: {written}{_remark(remarks, f'{kind}.{role}')}")
    lines += ["", "# The first stream whose test a payment meets is its stream; payments that meet none are left out."]
    lines.append("streams:" if mapping.streams else "streams: {}")
    for name, tests in mapping.streams.items():
        lines.append(f"  {_quoted(name)}:")
        lines += _written(tests, "    ", remarks, name)
    for key, tests in (
        ("leave_out", mapping.leave_out),
        ("individuals", mapping.individuals),
        ("organisations", mapping.organisations),
    ):
        lines += ["", f"{key}:" if tests else f"{key}: []"]
        lines += _written(tests, "  ", remarks, key)
    return "\n".join(lines) + "\n"


def _written(tests: Sequence[Condition], indent: str, remarks: Keys[str, str], where: str) -> list[str]:
    return [
        f"{indent}- {{column: {test.column}, {test.how}: {_quoted(test.text)}}}"
        f"{_remark(remarks, f'{where}.{test.column}.{test.text}')}"
        for test in tests
    ]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''").replace("\n", " ") + "'"


def _remark(remarks: Keys[str, str], key: str) -> str:
    return f"  # {remarks[key]}" if key in remarks else ""

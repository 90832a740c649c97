"""Propose a mapping for a council's files: headings by their wording, streams by the words in them.

Streams are told in three ways, the surest first: a column that says the stream; a family of payment numbers that begin
alike and end in different kinds of care (XYZDOM..., XYZRES...); words such as "home care" in what was paid for. Each
line says why it is proposed, with the pounds it would catch. Nothing is hidden: the proposal stands
in the settings of every result made with it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from insource.errors import InputError, Problem
from insource.records import council_headings, payments, supplier_names
from insource.records.beginning import refuse
from insource.records.market_mapping import TITLES, Condition, Mapping

DESCRIBING = ("purpose", "category", "service")
FEWEST_IN_A_FAMILY = 2
SURE_PREFIX = 6
"""Letters in an ending (DIRPAY) long enough to be no chance, without a family of payment numbers round it."""
LONGEST_KIND = 40


@dataclass(frozen=True)
class Given:
    """The files of a run by their kind: (path, the name it is called by)."""

    payments: tuple[tuple[Path, str], ...]
    suppliers: tuple[tuple[Path, str], ...] = ()
    contracts: tuple[tuple[Path, str], ...] = ()


def propose(given: Given) -> tuple[Mapping, dict[str, str]]:
    """A mapping and, for each of its lines, why. Raises InputError if a needed column cannot be found in a file."""
    remarks: dict[str, str] = {}
    problems: list[Problem] = []
    kinds = {"payments": given.payments, "suppliers": given.suppliers, "contracts": given.contracts}
    headings = {kind: _headings(kind, files, remarks, problems) for kind, files in kinds.items()}
    if problems:
        raise InputError(problems)
    plain = Mapping(headings)
    seen = [_distinct(path, plain, name) for path, name in given.payments]
    texts = pl.concat(seen) if seen else pl.DataFrame()
    if not seen:
        return plain, remarks
    payees = [path_kinds for path, name in given.suppliers for path_kinds in _payees(path, plain, name)]
    payees += texts["kind"].drop_nulls().to_list()
    people, bodies = (
        tuple(Condition("kind", "is", kind) for kind in sorted(set(payees)) if kind in supplier_names.words(of))
        for of in ("individuals", "organisations")
    )
    return Mapping(headings, _streams(texts, remarks), _left_out(texts, remarks), people, bodies), remarks


def _headings(
    kind: str, files: Sequence[tuple[Path, str]], remarks: dict[str, str], problems: list[Problem]
) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, float]] = {}
    for path, name in files:
        present = payments.file_headings(path, name)
        here = council_headings.propose(kind, present)
        problems += [_not_found(kind, role, present, name) for role in council_headings.missing(kind, list(here))]
        for role_name, proposal in here.items():
            known = {heading.strip().lower() for heading in found.get(role_name, {})}
            if proposal.heading.strip().lower() not in known:
                found.setdefault(role_name, {})[proposal.heading] = proposal.likeness
    for role_name, by_heading in found.items():
        unsure = [f"'{text}' is {score:.0f}% like a known one" for text, score in by_heading.items() if score < 100]
        what = council_headings.roles(kind)[role_name].what
        remarks[f"{kind}.{role_name}"] = what + (f"; CHECK: {', '.join(unsure)}" if unsure else "")
    return {role: tuple(by_heading) for role, by_heading in found.items()}


def _not_found(kind: str, role: council_headings.Role, present: Sequence[str], file: str) -> Problem:
    return Problem(
        "role_not_found",
        f"no column of this file of {TITLES[kind]} is known to be {role.what}",
        f"write a mapping file with a line '{role.name}: [THE HEADING]' under '{kind}:' and give it with --mapping",
        file=file,
        column=role.name,
        found="the headings " + ", ".join(heading[:LONGEST_KIND] for heading in present if heading)[:300],
        allowed=", ".join(role.headings[:5]),
    )


def _distinct(path: Path, mapping: Mapping, name: str) -> pl.DataFrame:
    """The different texts that describe payments in one file, with their pounds."""
    columns = ["stream", "prefix", *DESCRIBING, "kind"]
    parts = [
        block.with_columns(
            pl.col("payment").str.strip_chars().str.extract(r"^([A-Za-z]{3,})").str.to_uppercase().alias("prefix"),
            *(pl.col(column).str.strip_chars().str.to_lowercase() for column in ("stream", *DESCRIBING, "kind")),
        )
        .group_by(columns)
        .agg(pl.col("pounds").sum())
        for block in payments.texts(path, mapping, name)
    ]
    if not parts:
        raise refuse(name, "no_usable_rows", "none of its rows can be read", "look at its rows, and export it again")
    return pl.concat(parts).group_by(columns).agg(pl.col("pounds").sum())


def _streams(texts: pl.DataFrame, remarks: dict[str, str]) -> dict[str, tuple[Condition, ...]]:
    tests: dict[str, list[Condition]] = {}
    said = _pounds_by(texts, "stream")
    for value, pounds in said.items():
        for stream, endings in supplier_names.keyed_words("prefix").items():
            if value.upper() in endings:
                tests.setdefault(stream, []).append(Condition("stream", "is", value.upper()))
                remarks[f"{stream}.stream.{value.upper()}"] = f"the file says so; £{pounds:,.0f}"
    if not said:
        for stream, prefix, pounds, family in _families(_pounds_by(texts, "prefix")):
            tests.setdefault(stream, []).append(Condition("payment", "begins", prefix))
            remarks[f"{stream}.payment.{prefix}"] = f"payment numbers ending so in {family}; £{pounds:,.0f}; CHECK"
        has_prefix = set(tests)
        for stream, words in supplier_names.keyed_words("stream").items():
            if stream not in has_prefix:
                _by_words(stream, words, texts, tests, remarks)
    order = [*supplier_names.keyed_words("stream")]
    return {stream: tuple(tests[stream]) for stream in sorted(tests, key=order.index)}


def _by_words(
    stream: str, words: Sequence[str], texts: pl.DataFrame, tests: dict[str, list[Condition]], remarks: dict[str, str]
) -> None:
    for column in DESCRIBING[:2]:
        by_text = _pounds_by(texts, column)
        for word in words:
            pounds = sum(amount for text, amount in by_text.items() if word in text)
            is_new = not any(test.column == column and test.text in word for test in tests.get(stream, ()))
            if is_new and any(word in text for text in by_text):
                tests.setdefault(stream, []).append(Condition(column, "holds", word))
                remarks[f"{stream}.{column}.{word}"] = f"£{pounds:,.0f}; CHECK"


def _families(prefixes: dict[str, float]) -> list[tuple[str, str, float, str]]:
    """Prefixes of payment numbers that end in a kind of care: (stream, prefix, pounds, what family they are of)."""
    found = [
        (stream, prefix, pounds, prefix.removesuffix(ending), ending)
        for prefix, pounds in prefixes.items()
        for stream, endings in supplier_names.keyed_words("prefix").items()
        for ending in endings
        if prefix.endswith(ending) and prefix != ending
    ]
    kept = []
    for stream, prefix, pounds, stem, ending in found:
        relatives = {other for other, _, _, other_stem, _ in found if other_stem == stem}
        if len(relatives) >= FEWEST_IN_A_FAMILY or len(ending) >= SURE_PREFIX:
            kept.append((stream, prefix, pounds, f"a family {stem}..."))
    return sorted(set(kept))


def _left_out(texts: pl.DataFrame, remarks: dict[str, str]) -> tuple[Condition, ...]:
    """What is no adult social care whatever its words: children and schools."""
    services = _pounds_by(texts, "service")
    left_out: list[Condition] = []
    for word in sorted(supplier_names.words("leave_out")):
        hits = [pounds for text, pounds in services.items() if re.search(rf"\b{word}\b", text)]
        if hits and not any(test.text in word for test in left_out):
            left_out.append(Condition("service", "holds", word))
            remarks[f"leave_out.service.{word}"] = f"not adult social care; £{sum(hits):,.0f}"
    return tuple(left_out)


def _payees(path: Path, mapping: Mapping, name: str) -> list[str]:
    """The kinds of payee in a list of suppliers."""
    layout = mapping.format("suppliers", payments.file_headings(path, name))
    blocks = payments.open_any(path, [layout], name).blocks(["kind"])
    kinds = [block.select(pl.col("kind").str.strip_chars().str.to_lowercase().unique()) for block in blocks]
    return pl.concat(kinds)["kind"].drop_nulls().to_list() if kinds else []


def _pounds_by(texts: pl.DataFrame, column: str) -> dict[str, float]:
    summed = texts.filter(pl.col(column).is_not_null() & (pl.col(column) != "")).group_by(column)
    return dict(summed.agg(pl.col("pounds").sum().round(2)).sort(column).iter_rows())

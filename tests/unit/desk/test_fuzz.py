"""No damaged file brings a traceback: every desk tool either works or says what is wrong, and names nobody.

Examples that come with the product are damaged, and, where they are at hand, real files: payments of a county in three
generations of headings, notices of Contracts Finder, the Scottish census of home care. `INSOURCE_FUZZ_CASES` sets how
many cases are tried (200 by default).
"""

import contextlib
import functools
import gzip
import io
import json
import os
import re
import tempfile
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from damage import kinds_for
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insource.cli.main import run

pytestmark = pytest.mark.property
CASES = int(os.environ.get("INSOURCE_FUZZ_CASES", "200"))
SHARED = Path(os.environ.get("INSOURCE_SHARED", Path(__file__).parents[3].parent / "shared")) / "data"
ANYTOWN = Path(str(files("insource").joinpath("data", "places", "anytown")))
EXAMPLES = ("anytown_bids.csv", "anytown_marks.csv", "anytown_ocds.json", "evaluation.yaml", "within_range.csv")
CHECKED = ("assessments.csv", "ascwds_worker.csv", "market_contracts.csv", "market_payments.csv")
MOST_LINES = 45
NHS_NUMBER = re.compile(r"(?<![\d-])(?<!\d\.)9990\d{6}(?!\d)")  # nor the decimals of a sum of money
FEW_REDRAWS = ("--set", "redraws=100")


@dataclass(frozen=True)
class Source:
    """A file to damage, others that lie beside it, and the command; FILE and FOLDER stand for where they are."""

    title: str
    name: str
    content: bytes
    beside: tuple[tuple[str, bytes], ...]
    command: tuple[str, ...]
    is_about_people: bool = False


def _lines(path: Path, most: int = MOST_LINES) -> bytes:
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        return b"".join(line for _, line in zip(range(most), file, strict=False))


def _about_care(path: Path) -> bytes:
    """The headings and the first payments for care: the county's other payments come before them."""
    heading, *rows = path.read_bytes().splitlines(keepends=True)
    return b"".join([heading, *[row for row in rows if b"Care" in row][:MOST_LINES]])


def _bundled(name: str) -> bytes:
    return _lines(ANYTOWN / name, 200)


@functools.cache
def sources() -> tuple[Source, ...]:
    """Every file to damage, with the command that reads it."""
    found = [*_people(), *_market(), *_tender(), *_real()]
    return tuple(found)


def _people() -> list[Source]:
    cld, assessed = _bundled("client_level_data_2025.csv"), _bundled("assessments.csv")
    few = _lines(ANYTOWN / "client_level_data_2025.csv", 40)
    workers, places = _bundled("ascwds_worker.csv"), _bundled("ascwds_workplace.csv")
    needs = ("needs", "FOLDER", *FEW_REDRAWS)
    day = ("--day", "2025-04-01", "--offer", "13.50")
    return [
        Source("return, contracts", "return.csv", few, (), ("contracts", "FILE"), True),
        Source("return, needs", "return.csv", cld, (("assessments.csv", assessed),), needs, True),
        Source("assessments", "assessments.csv", assessed, (("return.csv", cld),), needs, True),
        Source("workers", "worker.csv", workers, (("workplace.csv", places),), ("workforce", "FOLDER", *day), True),
        Source("workplaces", "workplace.csv", places, (("worker.csv", workers),), ("workforce", "FOLDER", *day), True),
        Source("return, staff time", "return.csv", few, (), ("staff-time", "FILE"), True),
        Source("weekly hours", "weekly.csv", _weekly_hours(), (), ("pool-plan", "anytown", "--weekly", "FILE")),
        Source("return, check", "return.csv", few, (), ("check", "FILE"), True),
        *(Source(f"check {name}", name, _bundled(name), (), ("check", "FILE"), True) for name in CHECKED),
    ]


def _weekly_hours() -> bytes:
    """Fifteen weeks of three people, with the headings of the template."""
    days = [date(2024, 4, 7) + timedelta(weeks=week) for week in range(15)]
    rows = [f"P{person},{day},{5 * person + day.day % 4}" for person in (1, 2, 3) for day in days]
    return "\n".join(["Person number,Week,Hours", *rows, ""]).encode()


def _market() -> list[Source]:
    pay, register, cqc = (_bundled(f"market_{name}.csv") for name in ("payments", "contracts", "cqc"))
    pay = b"".join(pay.splitlines(keepends=True)[:MOST_LINES])
    beside = (("payments.csv", pay), ("register.csv", register), ("cqc.csv", cqc))
    folder = "FOLDER/"
    whole = (
        "market",
        f"{folder}payments.csv",
        "--contracts",
        f"{folder}register.csv",
        "--providers",
        f"{folder}cqc.csv",
    )
    whole = (*whole, "--area", "Anytown", "--as-of", "2025-03-31")
    return [Source(f"market {name}", name, content, beside, whole) for name, content in beside]


def _tender() -> list[Source]:
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        assert run(["tender", "--examples", folder]) == 0
        held = {name: (Path(folder) / name).read_bytes() for name in EXAMPLES}
    rule = ("evaluation.yaml", held["evaluation.yaml"])
    bids = ("anytown_bids.csv", held["anytown_bids.csv"])
    releases = ("anytown_ocds.json", held["anytown_ocds.json"])
    with_rule = ("tender", "FILE", "FOLDER/evaluation.yaml")
    return [
        Source("bids", *bids, (rule,), with_rule),
        Source("bids, another formula", "within_range.csv", held["within_range.csv"], (), ("tender", "FILE")),
        Source("rule of a tender", *rule, (bids,), ("tender", "FOLDER/anytown_bids.csv", "FILE")),
        Source("releases", *releases, (), ("tender", "FILE", "--hours", "52000")),
        Source(
            "marks", "marks.csv", held["anytown_marks.csv"], (releases,), ("tender", "FOLDER/anytown_ocds.json", "FILE")
        ),
    ]


def _real() -> list[Source]:
    """Parts of real files, where they are at hand."""
    found = [
        Source(f"Devon {path.stem}", "payments.csv", _about_care(path), (), ("market", "FILE"))
        for path in sorted((SHARED / "devon_spending").glob("sample_*.csv"))
    ]
    monthly = SHARED / "devon_spending" / "devon_asc_monthly.csv.gz"
    if monthly.exists():
        named = _lines(SHARED / "devon_spending" / "devon_asc_suppliers.csv", 400)
        command = ("market", "FILE", "--suppliers", "FOLDER/suppliers.csv")
        found.append(Source("Devon monthly", "monthly.csv", _lines(monthly), (("suppliers.csv", named),), command))
    notices = SHARED / "contracts_finder_ocds" / "releases_2025_care.json"
    if notices.exists():
        package = json.loads(notices.read_text(encoding="utf-8"))
        held = package["releases"] if isinstance(package, dict) else package
        few = {"releases": held[:2]} if isinstance(package, dict) else held[:2]
        found.append(Source("Contracts Finder", "notices.json", json.dumps(few).encode(), (), ("tender", "FILE")))
    census = SHARED / "scotland_home_care_2010" / "home_care_census_2010.csv.gz"
    if census.exists():
        found.append(Source("census", "census.csv", _lines(census, 300), (), ("needs", "FILE", *FEW_REDRAWS), True))
    return found


def outcome(source: Source, content: bytes, folder: Path) -> tuple[int, str]:
    """Exit status and everything said when the command meets the damaged file."""
    for name, held in (*source.beside, (source.name, content)):
        (folder / name).write_bytes(held)
    file = str(folder / source.name)
    words = [word.replace("FILE", file).replace("FOLDER", str(folder)) for word in source.command]
    said, erred = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(erred):
        status = run([*words, *([] if source.command[0] == "check" else ["--json"])])
    return status, said.getvalue() + erred.getvalue()


STEP = st.tuples(st.integers(0, 60), st.integers(0, 1 << 16), st.integers(0, 1 << 16), st.integers(0, 1 << 16))


@settings(max_examples=CASES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(which=st.integers(0, 1 << 16), steps=st.lists(STEP, min_size=1, max_size=3))
def test_no_traceback_and_nobody_named(which, steps):
    """Exit status 0 or 1, never 2; where it is 1 a code in brackets; no NHS number in anything that is said."""
    source = sources()[which % len(sources())]
    content, kinds = source.content, kinds_for(source.name)
    for kind, a, b, c in steps:
        content = kinds[kind % len(kinds)](content, a, b, c)
    with tempfile.TemporaryDirectory() as folder:
        status, said = outcome(source, content, Path(folder))
    done = [kinds[kind % len(kinds)].__name__ for kind, *_ in steps]
    assert status in (0, 1), f"{source.title}, {done}: {said[-600:]}"
    if status == 1 and source.command[0] != "check":
        assert re.search(r"\[[a-z0-9_]+\]", said), f"{source.title}, {done}: no code in {said[-300:]}"
    if source.is_about_people:
        assert not NHS_NUMBER.search(said), f"{source.title}, {done}: {NHS_NUMBER.search(said)}"


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.title)
def test_undamaged_it_works(source, tmp_path):
    """Otherwise the fuzzing would try nothing but refusals. (The sample of 2026 holds no payments for care.)"""
    status, said = outcome(source, source.content, tmp_path)
    assert status == 0 or "no_streams" in said or (status == 1 and source.command[0] == "check"), said[-600:]

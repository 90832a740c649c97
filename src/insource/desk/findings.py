"""The kinds of finding: `data/desk/findings.csv`, one row for each code."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class FindingKind:
    """What a code stands for. `pounds_are` says what its pounds are: "pounds a year" and so on, or "none"."""

    code: str
    tool: str
    meaning: str
    pounds_are: str
    why_it_matters: str
    what_to_do: str


@cache
def finding_kinds() -> dict[str, FindingKind]:
    """Every kind of finding by its code."""
    text = files("insource").joinpath("data/desk/findings.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["code"]: FindingKind(**row) for row in rows}

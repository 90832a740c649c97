"""The headline of a comparison worked out again from ledger.parquet by plain Python, without our own arithmetic.

Which accounts are the council's spending is taken from the chart of accounts alone: whatever the council pays.
Penalties it is paid are an income, shown by themselves. An error in formulas, signs, units, pairs or means would show.
"""

import csv
import re
from pathlib import Path

import polars as pl
import pytest

from insource.cli.main import run

pytestmark = pytest.mark.property
DATA = Path(__file__).parents[2] / "src/insource/data"
PENCE_IN_A_POUND = 100


def chart() -> dict[str, tuple[str, str]]:
    """Every account: unit, and who pays."""
    found = {}
    for path in (DATA / "accounts").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                found[row["account"]] = (row["unit"], row["payer"])
    return found


def headline(ledger: Path, model: str, years: int) -> list[float]:
    """Pounds a year the council spends under a model, draw by draw, added up row by row."""
    accounts, spent = chart(), {}
    for row in pl.read_parquet(ledger).iter_rows(named=True):
        unit, payer = accounts[row["account"]]
        if row["model"] != model:
            continue
        spent.setdefault(row["draw"], 0)
        if unit == "pence":
            spent[row["draw"]] += row["amount"] * (payer == "council")
    return [spent[draw] / PENCE_IN_A_POUND / years for draw in sorted(spent)]


def test_the_headline_of_the_report_by_a_second_route(tmp_path):
    """Spending under both models, their difference, and what the page says of it."""
    out = tmp_path / "out"
    command = ["compare", "synthetic:120:3", "--models", "status_quo", "in_house", "--years", "2", "--draws", "3"]
    assert run([*command, "--workers", "1", "--out", str(out)]) == 0
    first, second = (headline(out / "ledger.parquet", name, 2) for name in ("status_quo", "in_house"))
    with (out / "summary.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["model"]: row for row in csv.DictReader(file) if row["outcome"] == "council_cost"}
    assert float(rows["status_quo"]["mean"]) == pytest.approx(sum(first) / 3, rel=1e-9)
    assert float(rows["in_house"]["mean"]) == pytest.approx(sum(second) / 3, rel=1e-9)
    differences = [after - before for before, after in zip(first, second, strict=True)]
    assert float(rows["in_house"]["difference_mean"]) == pytest.approx(sum(differences) / 3, rel=1e-9)
    page = (out / "report.html").read_text(encoding="utf-8")
    row = re.search(r'<tr id="outcome-council_cost">.*?</tr>', page, flags=re.DOTALL).group()
    shown = [float(number) for number in re.findall(r"<td[^>]*>[+-]?£([0-9.]+)m", row)]
    means = [sum(first) / 3, sum(second) / 3, abs(sum(differences) / 3)]
    assert shown == [float(f"{mean / 1e6:.3g}") for mean in means], "what a reader sees, to three figures"

"""Published payments as they are: fourteen years of one county, raw files, headings of seven councils.

The figures of the first were worked out before this tool was written (formats.md, section 3, by supplier number).
"""

import csv
import os
from pathlib import Path

import polars as pl
import pytest

from insource.desk.market import concentration, moves, reading, tool
from insource.desk.market.suppliers import together
from insource.desk.settings import settings
from insource.records import council_headings

pytestmark = pytest.mark.published
SHARED = Path(os.environ.get("INSOURCE_SHARED", Path(__file__).parents[2].parent / "shared"))
DATA = SHARED / "data" if (SHARED / "data").is_dir() else SHARED
DEVON = DATA / "devon_spending"
HEADERS = DATA / "codelists" / "council_file_headers.csv"
needs_devon = pytest.mark.skipif(not DEVON.exists(), reason="the published payments are not at hand")
needs_headers = pytest.mark.skipif(not HEADERS.exists(), reason="the councils' headings are not at hand")
PUBLISHED = {
    ("Home care", 2011): (19.9, 114, 487, 37, 12),
    ("Home care", 2014): (21.2, 130, 440, 38, 12),
    ("Home care", 2016): (24.9, 150, 318, 29, 23),
    ("Home care", 2017): (36.2, 138, 2493, 75, 19),
    ("Home care", 2019): (37.3, 139, 2035, 70, 13),
    ("Home care", 2020): (37.6, 161, 1148, 44, 9),
    ("Home care", 2021): (40.1, 187, 242, 27, 10),
    ("Home care", 2023): (44.5, 212, 140, 18, 31),
    ("Home care", 2024): (44.5, 154, 172, 19, None),
    ("Care homes", 2011): (62.9, 699, 47, None, None),
    ("Care homes", 2019): (132.8, 610, 49, None, None),
    ("Care homes", 2024): (250.3, 608, 49, None, None),
}
"""Spend in millions, suppliers, concentration index, five largest and paid this year but not next (per cent)."""


@pytest.fixture(scope="module")
def material():
    """The county's sums by month, read with the mapping that is proposed."""
    return reading.read_all(reading.Given((DEVON / "devon_asc_monthly.csv.gz",), (DEVON / "devon_asc_suppliers.csv",)))


@needs_devon
def test_fourteen_years(material):
    """Spend exactly; suppliers within 3% and the rest within rounding, because we join numbers of the same name."""
    paid = together(material.payments, material.lists, 4)
    years, moved = concentration.by_year(paid), moves.by_year(paid)
    for (stream, year), (millions, suppliers, index, five, gone) in PUBLISHED.items():
        row = years.filter((pl.col("stream") == stream) & (pl.col("year") == year)).row(0, named=True)
        went = moved.filter((pl.col("stream") == stream) & (pl.col("year") == year))["went_share"][0]
        assert row["pounds"] / 1e6 == pytest.approx(millions, abs=0.051), (stream, year)
        assert row["suppliers"] == pytest.approx(suppliers, rel=0.035), (stream, year)
        assert row["hhi"] == pytest.approx(index, rel=0.03), (stream, year)
        assert five is None or 100 * row["top_five_share"] == pytest.approx(five, abs=1), (stream, year)
        assert gone is None or 100 * went == pytest.approx(gone, abs=1.6), (stream, year)


@needs_devon
def test_what_happened_is_told(material):
    """From many suppliers to two main payees and back, with when, from the figures alone."""
    said = " ".join(tool.analyse(material, settings("market")).summary)
    assert "It was highest in 2017/18 at 2,493" in said
    assert "between 2016/17 and 2017/18 the five largest suppliers' share rose from 29% to 75%" in said
    assert "last paid December 2019" in said
    assert "last paid July 2021" in said
    assert "32% after 2019/20" in said


@needs_devon
def test_raw_files_of_three_generations():
    """Every row of each is read: dates and amounts in three ways, a byte order mark, spaces in a heading."""
    paths = tuple(DEVON / f"sample_{month}.csv" for month in ("201503", "202403", "202603"))
    result = reading.read_all(reading.Given(paths))
    assert [(one.rows, one.usable) for one in result.inputs] == [(7840, 7840), (8063, 8063), (267, 267)]
    assert not any(log.is_unusable() for log in result.logs)
    sums = {}
    for frame in result.payments:
        for stream, pounds in frame.group_by("stream").agg(pl.col("pounds").sum()).iter_rows():
            sums[stream] = sums.get(stream, 0) + pounds
    assert {"Home care", "Care homes", "Day and individual support"} <= set(sums)
    monthly = pl.read_csv(DEVON / "devon_asc_monthly.csv.gz", schema_overrides={"expense_code": pl.String}).filter(
        pl.col("month").is_in(["2015-03", "2024-03"]) & (pl.col("stream") == "DOM")
    )
    assert 0.9 < sums["Home care"] / monthly["net_gbp"].sum() <= 1.0, "people's rows were taken out of the samples"


@needs_headers
def test_headings_of_seven_councils():
    """All that is needed is found in each but Gateshead, whose file has no date and no name."""
    headings: dict[str, list[str]] = {}
    with HEADERS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            headings.setdefault(row["file"], []).append(row["column"])
    lacking = {}
    for name, present in headings.items():
        kind = "contracts" if "ontract" in name else "payments"
        found = council_headings.propose(kind, present)
        lacking[name] = [role.name for role in council_headings.missing(kind, list(found))]
    assert {name for name, roles in lacking.items() if roles} == {
        "Gateshead spend 2022-08",
        "Transparency Code 2015: contracts over GBP 5,000",  # it lists contents, not headings: three dates in one line
    }
    assert lacking["Gateshead spend 2022-08"] == ["date"]

"""insource needs on the public file of the Scottish census of home care, March 2010, where it is at hand."""

import os
from pathlib import Path

import polars as pl
import pytest

from insource.desk.needs import needs

SHARED = Path(os.environ.get("INSOURCE_SHARED", Path(__file__).parents[2].parent / "shared"))
FILES = [
    SHARED / folder / "home_care_census_2010.csv.gz"
    for folder in ("data/scotland_home_care_2010", "scotland_home_care_2010")
]
PUBLIC_FILE = next((path for path in FILES if path.exists()), FILES[0])
pytestmark = [
    pytest.mark.published,
    pytest.mark.skipif(not PUBLIC_FILE.exists(), reason="the public file is not at hand"),
]


@pytest.fixture(scope="module")
def result():
    """One run for all tests."""
    return needs([str(PUBLIC_FILE)], {"redraws": 400})


def test_what_a_need_group_explains(result):
    """evidence/people.md A01: 0.167 to 0.179 of hours, 0.152 to 0.213 of their logarithm; 1,489 people in 2010."""
    rows = result.sheet("explained").frame.filter(pl.col("known") == "the need group")
    hours, logs = rows.rows(named=True)
    assert hours["people"] == 1489
    assert hours["explained_share"] == pytest.approx(0.173, abs=0.008)
    assert 0.152 <= logs["explained_share"] <= 0.213
    assert hours["low"] < 0.173 < hours["high"]


def test_what_the_council_adds(result):
    """A01: with councils' own tariffs 0.45 of the logarithm in 2010, three councils (fitted to the same people)."""
    rows = result.sheet("explained").frame.filter(pl.col("hours") != "hours")
    both = rows.filter(pl.col("known") == "the need group and the council").row(0, named=True)
    assert both["in_sample"] == pytest.approx(0.42, abs=0.04)


def test_a_third_are_off_by_a_factor_of_two(result):
    """evidence/people.md section 12: a third of packages are off by more than a factor of two."""
    assert any("factor of two for 32% of people" in line for line in result.summary)


def test_private_packages_are_longer_with_the_four_held_fixed(result):
    """K17 found 1.45 in 2011 and 2012 (65 and over, two-staff visits held fixed too). 2010 is a year of its own: 1.81.

    The range over councils holds 1.45 only at its edge, for older people: the sign is the same, the size not settled.
    """
    rows = result.sheet("ratios").frame.filter(pl.col("sector") == "private")
    by_what = {row["held_fixed"]: row for row in rows.iter_rows(named=True)}
    main = by_what["council, age, client group, sex"]
    assert main["people"] == 57_612
    assert main["ratio"] == pytest.approx(1.810, abs=0.005)
    assert (main["low"], main["high"]) == pytest.approx((1.771, 1.851), abs=0.01)
    assert main["low_elsewhere"] < 1.62 < 2.0 < main["high_elsewhere"]
    older = by_what["council, age, client group, sex; 65 and over only"]
    assert older["low_elsewhere"] < 1.47


def test_it_is_no_accident_of_one_council(result):
    """25 of 26 councils by themselves."""
    ratios = result.sheet("councils").frame["ratio"]
    assert (int((ratios > 1).sum()), len(ratios)) == (25, 26)

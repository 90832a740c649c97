"""The check on published files: recognised, and as many rows as their publishers say."""

import os
from pathlib import Path

import pytest

from insource.records.checking import check

SHARED = Path(os.environ.get("INSOURCE_SHARED", Path(__file__).parents[2].parent / "shared"))
DATA = SHARED / "data"
pytestmark = [
    pytest.mark.published,
    pytest.mark.skipif(not DATA.exists(), reason=f"no published files in {DATA}; INSOURCE_SHARED may say where"),
]


@pytest.mark.parametrize(
    ("name", "kind", "rows"),
    [
        ("devon_spending/sample_202403.csv", "payments", 8063),
        ("devon_spending/sample_202603.csv", "payments", 267),
        ("contracts_finder_ocds/releases_2025_care.json", "ocds_releases", 22),
        ("contracts_finder_ocds/releases_2025_all.json", "ocds_releases", 200),
        ("scotland_home_care_2010/home_care_census_2010.csv.gz", "scottish_home_care_census", 76202),
    ],
)
def test_published_files_are_recognised(name, kind, rows):
    """Each of its kind; at least 99.9% of its rows can be used."""
    (file,) = check(DATA / name, everything=True).files
    assert (file.format, file.rows) == (kind, rows)
    assert file.usable_share > 0.999

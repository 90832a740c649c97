"""insource pool-plan on real packages: a Scottish council in the public home care census of March 2010."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from insource.desk.pool_plan.tool import pool_plan
from insource.place import from_records, new_place
from insource.records.scottish_census import councils

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
def place(tmp_path_factory):
    """The council with most clients."""
    folder = tmp_path_factory.mktemp("council")
    shutil.copy(PUBLIC_FILE, folder / PUBLIC_FILE.name)
    known = councils(PUBLIC_FILE)
    new_place(folder, max(known, key=lambda code: known[code]))
    return from_records(folder)


def test_the_largest_council(place):
    """Hours to hold, worked out anew from the packages; pooling matters little above a few hundred people."""
    result = pool_plan(place)
    table = {row["name"]: row for row in result.sheet("Arrangements").frame.iter_rows(named=True)}
    means = place.donors["package_minutes"][place.donors["line"] == 0] / 60
    away = 0.9 * 1.45 / 52
    variation = np.sqrt((0.2**2 + away) / (1 - away))
    spreads = means * variation
    z = stats.norm.ppf(0.95)
    total = np.sqrt(0.98 * (spreads**2).sum() + 0.02 * spreads.sum() ** 2)
    assert table["one team for the whole area"]["hours"] == pytest.approx(means.sum() + z * total, rel=1e-6)
    assert table["every package by itself"]["hours"] == pytest.approx(means.sum() + z * spreads.sum(), rel=1e-6)
    assert table["packages as ordered, nothing to spare"]["unmet"] == pytest.approx(spreads.sum() * stats.norm.pdf(0))
    one, zones = table["one team for the whole area"], table["one team for each zone"]
    assert 1.0 < zones["hours"] / one["hours"] < 1.02, "zones of some 500 people hold hardly more than one team"


def test_what_people_have_in_common_decides(place):
    """With nothing in common a pool of thousands holds under 2% over need; with a tenth in common it holds over 13%."""
    over = [
        pool_plan(place, given={"need_correlation": correlation}).sheet("Arrangements").frame["over"][0]
        for correlation in (0.0, 0.02, 0.1)
    ]
    assert over[0] < 0.02 < over[1] < over[2]
    assert over[2] > 0.13

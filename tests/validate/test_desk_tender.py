"""The tender laboratory on published releases (Contracts Finder) and the standard's own code lists, where at hand."""

import csv
import json
import os
from pathlib import Path

import pytest

from insource.desk.tender.choices import choose
from insource.desk.tender.tool import read_files, tender
from insource.records import ocds
from insource.records.bids_file import STATUSES
from insource.records.evaluation_file import Evaluation

pytestmark = pytest.mark.published
SHARED = Path(os.environ.get("INSOURCE_SHARED", Path(__file__).parents[2].parent / "shared"))
DATA = SHARED / "data" if (SHARED / "data").exists() else SHARED
CONTRACTS_FINDER = DATA / "contracts_finder_ocds"
needs_releases = pytest.mark.skipif(not CONTRACTS_FINDER.exists(), reason="the published releases are not at hand")
needs_schema = pytest.mark.skipif(not (DATA / "ocds_schema").exists(), reason="the standard's files are not at hand")


@needs_releases
def test_contracts_finder_by_a_plain_count():
    """200 releases, every one read without a doubt; values and suppliers as a plain reading of the JSON has them."""
    path = CONTRACTS_FINDER / "releases_2025_all.json"
    file = ocds.read(path)
    releases = json.loads(path.read_text(encoding="utf-8"))["releases"]
    assert (file.notices.height, file.bids.height, list(file.log.each())) == (200, 0, [])
    awards = [award for release in releases for award in release.get("awards", [])]
    assert file.notices["awarded_pounds"].sum() == pytest.approx(sum(award["value"]["amount"] for award in awards))
    stated = [release["tender"]["value"]["amount"] for release in releases if "value" in release["tender"]]
    assert file.notices["value_pounds"].sum() == pytest.approx(sum(stated))
    codes = [
        [release["tender"]["classification"]["id"]]
        + [one["id"] for one in release["tender"].get("additionalClassifications", [])]
        for release in releases
    ]
    assert file.notices["is_social_care"].sum() == sum(any(code[:2] == "85" for code in one) for one in codes) == 20


@needs_releases
def test_what_published_notices_do_not_say():
    """Of the care notices no award tells how many bids there were, and no tender its weights."""
    result = tender(read_files([CONTRACTS_FINDER / "releases_2025_care.json"]), choose(Evaluation()))
    (bids,), (weights,) = result.by_code()["bids_not_published"], result.by_code()["weights_not_published"]
    assert bids.reason.startswith("11 of 11 award notices")
    assert weights.reason.startswith("8 of 8 tender notices")


@needs_schema
def test_statuses_are_those_of_the_bids_extension():
    """Its code list, with `invited` taken as pending."""
    path = DATA / "ocds_schema" / "bids" / "codelists" / "bidStatus.csv"
    codes = {row["Code"] for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())}
    assert codes - {"invited"} == set(STATUSES)

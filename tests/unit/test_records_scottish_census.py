"""The Scottish home care census: bands of hours, codes, councils, and the public file itself where it is at hand."""

import os
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from insource.errors import InputError
from insource.place import from_records, new_place
from insource.place.model import REASONS
from insource.records import scottish_census
from insource.records.checking import check

pytestmark = pytest.mark.worked

HEADER = ",".join(scottish_census.HEADINGS)
SHARED = Path(os.environ.get("INSOURCE_SHARED", Path(__file__).parents[2].parent / "shared"))
PUBLIC_FILE = SHARED / "data" / "scotland_home_care_2010" / "home_care_census_2010.csv.gz"
if not PUBLIC_FILE.exists():  # INSOURCE_SHARED may name the folder of data itself
    PUBLIC_FILE = SHARED / "scotland_home_care_2010" / "home_care_census_2010.csv.gz"
needs_public_file = pytest.mark.skipif(not PUBLIC_FILE.exists(), reason="the public file is not at hand")


def row(council: str = "100", client: str = "AAAAA", age: str = "4", group: str = "4", **bands: str) -> str:
    """A line of the census: somebody of 85 with 3 hours from the council."""
    own, private, voluntary, every, is_client = (
        bands.get(name, default)
        for name, default in (("own", "3"), ("private", "0"), ("voluntary", "."), ("every", "3"), ("is_client", "1"))
    )
    return f"{council},{client},{age},{group},1,0,{own},{private},{voluntary},0,{every},{is_client},1,0,0,0,0,0,"


def write(folder: Path, *rows: str) -> Path:
    """A census file of these lines."""
    path = folder / "census.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n")
    return path


FAULTS = {
    "negative band": (row(own="-1"), {("unknown_band", "bandHRSLA")}),
    "unknown band": (row(every="13"), {("unknown_band", "bandHRSTT")}),
    "blank total": (row(every="."), {("unknown_band", "bandHRSTT")}),
    "no hours": (row(every="0"), {("no_hours", "bandHRSTT")}),
    "no council": (row(council=""), {("missing_value", "LAcode")}),
    "no person": (row(client=""), {("missing_value", "clientID")}),
    "not said whether": (row(is_client="2"), {("unknown_code", "HCclient")}),
    "twice": (row(client="FIRST"), {("duplicate_person", "clientID")}),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults(tmp_path, fault):
    """Each makes its row unusable, and only its own."""
    bad, problems = FAULTS[fault]
    result = check(write(tmp_path, row(client="FIRST"), bad))
    assert {(problem.code, problem.column, problem.row) for problem in result.each()} == {
        (code, column, 3) for code, column in problems
    }
    assert (result.rows, result.usable_rows, result.is_unusable) == (2, 1, True)


def test_unknown_groups_are_doubtful(tmp_path):
    """Nobody is lost for an age group that does not exist; "." is blank and "5" is not known."""
    result = check(write(tmp_path, row(client="A", age="7"), row(client="B", age="."), row(client="C", age="5")))
    assert [(problem.code, problem.row) for problem in result.each()] == [("unknown_code", 2)]
    assert result.usable_rows == 3


def test_the_same_person_in_two_councils_is_no_duplicate(tmp_path):
    """Client numbers are a council's own."""
    assert not list(check(write(tmp_path, row(council="100"), row(council="110"))).each())


def test_client_numbers_are_never_shown(tmp_path):
    """A client number is personal."""
    result = check(write(tmp_path, row(client="QWERT"), row(client="QWERT"), row(client="QWERT", every="x")))
    assert len(list(result.each())) == 3
    assert "QWERT" not in "".join(problem.text() for problem in result.each()) + repr(result)


def test_councils(tmp_path):
    """Home care clients that can be used, by council."""
    rows = [
        row(client="A"),
        row(client="B"),
        row("110", "C"),
        row("110", "D", is_client="0"),
        row(client="E", every="0"),
    ]
    assert scottish_census.councils(write(tmp_path, *rows)) == {"100": 2, "110": 1}


def test_a_council_becomes_a_place(tmp_path):
    """Hours are middles of bands, the council's own share is of hours, and what is not told is drawn."""
    rows = [
        row(client="A", own="3", private="0", every="3", age="4", group="1"),
        row(client="B", own="0", private="12", every="12", age="1", group="2"),
        row(client="C", own="5", private="0", every="5", age="1", group="1"),
        row(client="D", own="0", private="0", voluntary="9", every="9", age="2", group="99"),
        row("110", "E"),
    ]
    write(tmp_path, *rows, row(client="F", every="-1"))
    new_place(tmp_path, council="100")
    place = from_records(tmp_path)
    hours = [3.0, 65.0, 7.0, 25.0]
    assert sorted(place.donors["package_minutes"]) == sorted(hour * 60 for hour in hours)
    by_minutes = dict(zip(place.donors["package_minutes"], place.donors["reason"], strict=True))
    assert [REASONS[by_minutes[hour * 60]] for hour in hours[:3]] == [
        "memory and cognition",
        "learning disability",
        "mental health",
    ]
    known = {override.name: override.value for override in place.records}
    assert known["own_service_share"] == pytest.approx((3 + 7) / (3 + 65 + 7 + 25))
    assert known["home_care_hours"] == pytest.approx(sum(hours) / 4)
    assert place.usable_share == pytest.approx(4 / 5)
    origin = {origin.column: origin for origin in place.origins}
    assert origin["package_minutes"].derived == 1.0
    assert origin["age_band"].recorded == 1.0
    assert origin["reason"].derived == 0.75
    assert origin["is_with_carer"].assumed == 1.0
    assert any("2010" in note for note in place.notes)


@pytest.mark.parametrize(("council", "code"), [(None, "which_council"), ("101", "no_such_council")])
def test_a_census_needs_a_council(tmp_path, council, code):
    """The codes are listed with their clients, and nothing is written."""
    write(tmp_path, row(), row("110", "B"))
    with pytest.raises(InputError) as error:
        new_place(tmp_path, council=council)
    (problem,) = error.value.problems
    assert problem.code == code
    assert "100 (1 clients); 110 (1 clients)" in problem.allowed
    assert not (tmp_path / "place.yaml").exists()


@needs_public_file
def test_the_public_file():
    """76,202 rows, 32 councils; the six people who stand there twice are the only problems."""
    result = check(PUBLIC_FILE)
    assert result.rows == 76_202
    assert {(count.code, count.count) for count in result.counts()} == {
        ("duplicate_person", result.rows - result.usable_rows)
    }
    clients = scottish_census.clients_by_council(result.censuses[str(PUBLIC_FILE)])
    assert len(clients) == 32
    assert sum(clients.values()) == pytest.approx(65_515, abs=6)


@needs_public_file
@pytest.mark.parametrize("council", ["330", "100", "260"])
def test_real_councils(tmp_path, council):
    """A small, a middling and the largest council: mean hours as the evidence has them, and a share of 0 to 1."""
    (tmp_path / "census.csv.gz").write_bytes(PUBLIC_FILE.read_bytes())
    new_place(tmp_path, council=council)
    place = from_records(tmp_path)
    known = {override.name: override.value for override in place.records}
    older = place.donors["package_minutes"][place.donors["age_band"] > 0] / 60
    assert 4.0 < older.mean() < 16.0
    assert 0.0 < known["own_service_share"] <= 1.0
    assert np.array_equal(place.donors["person"], np.arange(1, place.people + 1))


@needs_public_file
def test_the_mean_hours_of_scotland():
    """The evidence file found 8.2 to 8.3 hours for people of 65 and over in 2010 and 2011, with middles of its own."""
    result = check(PUBLIC_FILE)
    frame = result.censuses[str(PUBLIC_FILE)].frame
    older = frame.filter("is_usable", "is_client", pl.col("AgeGRP").is_in(["2", "3", "4"]))
    assert older["all_hours"].mean() == pytest.approx(8.2, abs=0.15)

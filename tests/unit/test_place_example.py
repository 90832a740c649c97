"""The example council is written in the real format, has no problems, and reads back as the people it was made of."""

import csv
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from test_records_support import HEADINGS

from insource.errors import InputError
from insource.place import Place, from_records, open_place, synthetic, write_example
from insource.records.checking import check
from insource.records.example_rows import nhs_numbers

pytestmark = pytest.mark.worked

COLUMNS = ("line", "age_band", "reason", "is_with_carer", "package_minutes", "since_review_weeks")


def people_of(place: Place) -> list[tuple[tuple[float, ...], int]]:
    """Everybody: their columns, and their zone by a number that does not depend on how zones are numbered."""
    rows = np.column_stack([place.donors[name] for name in COLUMNS])
    order = np.lexsort(rows.T)
    zone = place.donors["zone"]
    likeness = {number: tuple(sorted(map(tuple, rows[zone == number].tolist()))) for number in np.unique(zone)}
    names = {likeness[number]: rank for rank, number in enumerate(sorted(likeness, key=lambda n: likeness[n]))}
    return sorted((tuple(rows[i].tolist()), names[likeness[zone[i]]]) for i in order)


@pytest.mark.parametrize("release", ["R1", "R2"])
@pytest.mark.parametrize(("people", "seed"), [(1, 5), (60, 2), (1700, 9)])
def test_round_trip(tmp_path, people, seed, release):
    """Age, reason, zone, carer, hours to the minute and weeks since review of everybody come back."""
    write_example(tmp_path / "council", people, seed, release)
    place = from_records(tmp_path / "council")
    assert people_of(place) == people_of(synthetic(people, seed))
    assert place.usable_share == 1.0
    assert {origin.column: origin.recorded for origin in place.origins} == dict.fromkeys((*COLUMNS, "zone"), 1.0)
    assert (np.unique(place.donors["zone"]).size > 1) == (people == 1700)


@pytest.mark.parametrize("release", ["R1", "R2"])
def test_the_files_are_as_the_return_is(tmp_path, release):
    """All 50 columns by their official headings, no problems, the right release, and every kind of event and client."""
    write_example(tmp_path / "council", 100, 1, release)
    result = check(tmp_path / "council")
    assert list(result.each()) == []
    assert {file.release for file in result.files} == {release}
    assert len(result.files) == 2
    with (tmp_path / "council" / "client_level_data_2025.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == HEADINGS
    assert {row["Event Type"] for row in rows} == {"Request", "Assessment", "Service", "Review"}
    assert len({row["Client Type"] for row in rows}) == 2
    assert len({row["Service Component"] for row in rows}) >= 6
    assert all(row["NHS Number"].startswith("999") for row in rows)
    assert {row["First Name"] for row in rows} == {"Example"}
    assert {row["Postcode"][0] for row in rows} == {"X"}
    assert "does not exist" in (tmp_path / "council" / "README.txt").read_text("utf-8")


def test_the_same_seed_writes_the_same_files(tmp_path):
    """Byte by byte, the key of the pseudonyms included, so that the place is the same anywhere."""
    first = write_example(tmp_path / "a", 50, 4)
    second = write_example(tmp_path / "b", 50, 4)
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert from_records(tmp_path / "a").fingerprint() == from_records(tmp_path / "b").fingerprint()
    other = write_example(tmp_path / "c", 50, 5)
    assert first[0].read_bytes() != other[0].read_bytes()


def test_anytown_is_what_the_writer_writes(tmp_path):
    """The bundled world is the example of 40 people with seed 1 (written anew with: write_example(folder, 40, 1))."""
    write_example(tmp_path / "a", 40, 1)
    bundled = Path(str(files("insource"))) / "data" / "places" / "anytown"
    for path in (tmp_path / "a").glob("*.csv"):
        assert path.read_bytes() == (bundled / path.name).read_bytes().replace(b"\r\n", b"\n")
    place = open_place("anytown")
    assert people_of(place) == people_of(synthetic(40, 1))
    assert (place.name, place.people) == ("Anytown", 40)
    assert place.services_per_zone == {"home_care": 4, "supported_living": 3}


def test_a_folder_with_something_in_it(tmp_path):
    """It is left alone; with --overwrite only an example is written over, so that no records and no key are lost."""
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InputError) as error:
        write_example(tmp_path, 10, 1)
    assert [problem.code for problem in error.value.problems] == ["folder_not_empty"]
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    with pytest.raises(InputError) as error:
        write_example(tmp_path, 10, 1, overwrite=True)
    assert [problem.code for problem in error.value.problems] == ["not_an_example"]
    assert (tmp_path / "mine.txt").read_text() == "mine"
    write_example(tmp_path / "a", 10, 1)
    write_example(tmp_path / "a", 12, 1, overwrite=True)
    assert from_records(tmp_path / "a").people == 12


def test_what_cannot_be_written(tmp_path):
    """Numbers out of range and an unknown release, together; a file where the folder should be."""
    with pytest.raises(InputError) as error:
        write_example(tmp_path / "a", 0, -1, "R3")  # type: ignore[arg-type]
    assert [problem.code for problem in error.value.problems] == ["people", "seed", "release"]
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError) as error:
        write_example(tmp_path / "file", 1, 1)
    assert len(error.value.problems) == 1


def test_a_full_disk_half_way_leaves_nothing(tmp_path, monkeypatch):
    """The first submission was written, the second was not: both are gone."""
    from insource.place import example

    write_rows = example._write_rows
    calls = []

    def full(cast, period, release, path):
        write_rows(cast, period, release, path)
        calls.append(path)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(example, "_write_rows", full)
    with pytest.raises(InputError) as error:
        write_example(tmp_path, 10, 1)
    assert "space" in str(error.value)
    assert len(error.value.problems) == 1
    assert list(tmp_path.iterdir()) == []


def test_nhs_numbers_are_of_the_test_range():
    """Ten digits, check digit by modulus 11, nobody's twice."""
    numbers = nhs_numbers(5000)
    assert len(set(numbers)) == 5000
    for number in numbers[:300]:
        assert number.startswith("999")
        total = sum(int(digit) * weight for digit, weight in zip(number[:9], range(10, 1, -1), strict=True))
        assert (11 - total % 11) % 11 == int(number[9])


@pytest.mark.parametrize("release", ["R1", "R2"])
def test_an_example_is_of_one_release(tmp_path, release):
    """The check tells which one, and finds nothing of the other in it."""
    write_example(tmp_path / release, 200, 1, release)
    notices = [notice for file in check(tmp_path / release).files for notice in file.notices]
    assert any(f"written for Release {release[1]}" in notice for notice in notices)
    assert not any("mixed" in notice for notice in notices)

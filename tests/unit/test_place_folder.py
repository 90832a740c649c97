"""place.yaml: written by looking at the files, read strictly; and places asked for by name."""

import errno
from pathlib import Path

import pytest
from test_records_support import person, service, write

from insource.errors import InputError
from insource.place import from_records, new_place, open_place, synthetic
from insource.records.place_file import read_place_file

pytestmark = pytest.mark.worked

GOOD = """name: Testshire
base_date: 2025-04-01
files:
  - path: a.csv
    format: client_level_data
"""
WRONG = {
    "no name": (GOOD.replace("name: Testshire\n", ""), ["missing"]),
    "unknown key": (GOOD + "nmae: x\n", ["unknown_key"]),
    "no date": (GOOD.replace("2025-04-01", "2025-02-30"), ["base_date"]),
    "no files": (GOOD.split("files:")[0], ["no_files"]),
    "empty files": (GOOD.split("files:")[0] + "files: []\n", ["no_files"]),
    "a file that is not there": (GOOD.replace("a.csv", "b.csv"), ["no_such_file"]),
    "a path that leads outside": (GOOD.replace("a.csv", "../a.csv"), ["file_path"]),
    "an absolute path": (GOOD.replace("a.csv", "C:\\a.csv"), ["file_path"]),
    "an unknown format": (GOOD.replace("format: client_level_data", "format: client_level_date"), ["unknown_format"]),
    "an unknown key of a file": (GOOD + "    encodign: utf-8\n", ["unknown_key"]),
    "a council for client level data": (GOOD + "    council: 260\n", ["council"]),
    "the same file twice": (GOOD + "  - path: a.csv\n    format: client_level_data\n", ["file_twice"]),
    "text for a file": (GOOD.split("files:")[0] + "files: [a.csv]\n", ["file_entry"]),
    "a number without a reason": (GOOD + "numbers:\n  external_price_pounds: 22.48\n", ["override"]),
    "an unknown number": (GOOD + "numbers:\n  external_prise_pounds: {value: 1, reason: why}\n", ["unknown_parameter"]),
    "numbers as a list": (GOOD + "numbers: [1]\n", ["numbers"]),
    "not YAML": ("name: [", ["yaml"]),
    "several at once": ("nmae: x\nfiles: []\n", ["unknown_key", "missing", "no_files"]),
}


def codes(error: pytest.ExceptionInfo[InputError]) -> list[str]:
    """The codes of all problems of an error."""
    return [problem.code for problem in error.value.problems]


@pytest.fixture
def folder(tmp_path) -> Path:
    """A folder with one file of one person."""
    write(tmp_path / "a.csv", [service()])
    return tmp_path


@pytest.mark.parametrize("fault", WRONG)
def test_place_files_that_are_wrong(folder, fault):
    """Everything wrong is said together, with what to do."""
    text, expected = WRONG[fault]
    (folder / "place.yaml").write_text(text)
    with pytest.raises(InputError) as error:
        read_place_file(folder)
    assert codes(error) == expected
    assert all(problem.todo for problem in error.value.problems)


def test_near_misses_of_keys_and_files(folder):
    """The word that was probably meant."""
    (folder / "place.yaml").write_text(GOOD.replace("a.csv", "a.cvs").replace("base_date", "basedate"))
    with pytest.raises(InputError) as error:
        read_place_file(folder)
    assert [problem.todo for problem in error.value.problems] == [
        "write 'base_date' if that is what was meant",
        "write 'a.csv' if that is what was meant",
    ]


def test_no_place_file_and_no_folder(folder):
    """The remedy is a command."""
    for path, code in ((folder, "no_place_file"), (folder / "x", "no_such_folder"), (folder / "a.csv", "not_a_folder")):
        with pytest.raises(InputError) as error:
            from_records(path)
        assert codes(error) == [code]
    with pytest.raises(InputError, match="insource place new"):
        from_records(folder)


def test_the_users_own_numbers_go_first(folder):
    """They replace what records say, and keep their reason."""
    (folder / "place.yaml").write_text(
        GOOD + 'numbers:\n  external_price_pounds: {value: 22.48, reason: "our framework rate"}\n'
    )
    records = {override.name: override for override in from_records(folder).records}
    assert (records["external_price_pounds"].value, records["external_price_pounds"].by) == (22.48, "user")
    assert records["home_care_hours"].by == "records"


def test_new_place_writes_what_it_sees(folder):
    """Recognised files, the others named, prices of the day after the latest period."""
    write(folder / "b.csv", [service(**person(2), reporting_period_end_date="2026-03-31")])
    (folder / "notes.docx").write_text("x")
    (folder / "spending.csv").write_text("Supplier,Amount\nA,1\n")
    new = new_place(folder)
    assert new.recognised == {"a.csv": "client_level_data", "b.csv": "client_level_data"}
    assert new.not_recognised == ("notes.docx", "spending.csv")
    place_file = read_place_file(folder)
    assert place_file.base_date == "2026-04-01"
    assert [file.path for file in place_file.files] == ["a.csv", "b.csv"]


def test_new_place_overwrites_only_when_told(folder):
    """A user's numbers are not lost."""
    (folder / "place.yaml").write_text(GOOD + "# mine\n")
    with pytest.raises(InputError) as error:
        new_place(folder)
    assert codes(error) == ["place_file_exists"]
    assert "# mine" in (folder / "place.yaml").read_text()
    new_place(folder, overwrite=True)
    assert "# mine" not in (folder / "place.yaml").read_text()


def test_new_place_of_awkward_names(tmp_path):
    """A name that YAML would take for something else stays a name."""
    folder = tmp_path / "2025: it's #1"
    folder.mkdir()
    write(folder / "records - it's #1.csv", [service()])
    new_place(folder)
    assert read_place_file(folder).name == "2025: it's #1"
    assert from_records(folder).people == 1


def test_new_place_of_nothing(tmp_path):
    """No folder, no file, no file of a known format, files of two formats."""
    for path, code in ((tmp_path / "x", "no_such_folder"), (tmp_path, "no_files")):
        with pytest.raises(InputError) as error:
            new_place(path)
        assert codes(error) == [code]
    (tmp_path / "spending.csv").write_text("Supplier,Amount\nA,1\n")
    with pytest.raises(InputError) as error:
        new_place(tmp_path)
    assert codes(error) == ["wrong_file"]
    write(tmp_path / "a.csv", [service()])
    (tmp_path / "census.csv").write_text("LAcode,clientID,bandHRSLA,bandHRSpri,bandHRSvol,bandHRSTT,HCclient\n")
    with pytest.raises(InputError) as error:
        new_place(tmp_path)
    assert codes(error) == ["formats_together"]
    assert not (tmp_path / "place.yaml").exists()


def test_a_full_disk_leaves_nothing_half_written(folder, monkeypatch):
    """The old file stays as it was and no temporary file is left."""
    (folder / "place.yaml").write_text(GOOD)
    before = sorted(folder.iterdir())

    def full(self, data):
        self.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError) as error:
        new_place(folder, overwrite=True)
    assert len(error.value.problems) == 1
    assert sorted(folder.iterdir()) == before
    assert (folder / "place.yaml").read_text() == GOOD


def test_a_folder_without_people(tmp_path):
    """It says what was looked for."""
    write(tmp_path / "a.csv", [service(event_end_date="2024-12-01", event_outcome="NFA: Other")])
    new_place(tmp_path)
    with pytest.raises(InputError) as error:
        from_records(tmp_path)
    assert codes(error) == ["nobody"]
    write(tmp_path / "a.csv", [service(event_type="?")])
    with pytest.raises(InputError) as error:
        from_records(tmp_path)
    assert codes(error) == ["nobody"]


def test_a_refused_file_stops_the_place(folder):
    """Half of the submissions would be a wrong place."""
    new_place(folder)
    (folder / "place.yaml").write_text(
        (folder / "place.yaml").read_text().split("#   ext")[0].replace("# numbers:", "")
        + "  - path: b.csv\n    format: client_level_data\n"
    )
    (folder / "b.csv").write_text("")
    with pytest.raises(InputError) as error:
        from_records(folder)
    assert codes(error) == ["empty_file"]


def test_places_by_name():
    """The bundled world and synthetic places."""
    assert open_place("anytown").people == 40
    assert open_place("synthetic:300").fingerprint() == synthetic(300, 1).fingerprint()
    assert open_place("synthetic:300:7").fingerprint() == synthetic(300, 7).fingerprint()


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ("anytwon", "unknown_place", "write 'anytown'"),
        ("syntetic:300", "unknown_place", "write 'synthetic'"),
        ("no/such/folder", "unknown_place", "check the path"),
        ("synthetic", "synthetic_place", "synthetic:5000"),
        ("synthetic:", "synthetic_place", "synthetic:5000"),
        ("synthetic:many", "synthetic_place", "synthetic:5000"),
        ("synthetic:0", "synthetic_place", "synthetic:5000"),
        ("synthetic:2000000", "synthetic_place", "synthetic:5000"),
        ("synthetic:300:7:1", "synthetic_place", "synthetic:5000"),
        ("synthetic:300:-1", "synthetic_place", "synthetic:5000"),
    ],
)
def test_places_that_do_not_exist(text, code, hint):
    """What is allowed, and what was probably meant."""
    with pytest.raises(InputError) as error:
        open_place(text)
    (problem,) = error.value.problems
    assert problem.code == code
    assert hint in problem.todo
    assert problem.allowed


def test_opening_a_folder(folder):
    """By its path."""
    new_place(folder)
    assert open_place(str(folder)).people == 1

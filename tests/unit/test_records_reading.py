"""Every file that cannot be used is refused at once with one clear message; every file that can be is read."""

import gzip
import io
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import polars as pl
import pytest
from test_records_support import HEADINGS, checked, found, person, review, service, write

from insource.errors import InputError
from insource.records import problem_log, reading
from insource.records.checking import check
from insource.records.cld_format import cld_format

pytestmark = pytest.mark.worked


def refusal(path: Path) -> str:
    """The code of the one problem for which a file is refused; the message names file, fault and remedy."""
    with pytest.raises(InputError) as error:
        check(path)
    (problem,) = error.value.problems
    assert problem.file
    assert problem.what
    assert problem.todo
    assert error.value.__cause__ is None
    return problem.code


def workbook() -> bytes:
    """The first bytes of what Excel saves."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return target.getvalue()


REFUSED = {
    "empty_file": b"",
    "empty_file ": b"\xef\xbb\xbf\r\n  \r\n",
    "no_rows": (",".join(HEADINGS) + "\n").encode(),
    "no_rows ": (",".join(HEADINGS) + "\n\n,,,\n").encode(),
    "wrong_file": b"Supplier Name,Amount,Payment Date\nA,1,2024-01-01\n",
    "not_text": workbook(),
    "not_text ": b"%PDF-1.7 ...",
    "not_text  ": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "not_text   ": b"<!DOCTYPE html><html>Please sign in</html>",
    "not_text    ": bytes(range(256)) * 50,
    "utf_16": "\ufeffLA Code,NHS Number\n".encode("utf-16-le"),
    "utf_16 ": (",".join(HEADINGS) + "\n").encode("utf-16-be"),
    "bad_gzip": gzip.compress(b"LA Code")[:9],
    "not_a_table": b"x" * 1_000_000,
}


@pytest.mark.parametrize("code", REFUSED)
def test_files_that_cannot_be_used(tmp_path, code):
    """One problem each."""
    path = tmp_path / "file.csv"
    path.write_bytes(REFUSED[code])
    assert refusal(path) == code.strip()


def test_a_wrong_file_is_told_what_was_looked_for(tmp_path):
    """Both formats are named, and the headings found as far as they are headings."""
    path = tmp_path / "spending.csv"
    path.write_text("Supplier Name,Amount,Payment Date\nA,1,2024-01-01\n")
    with pytest.raises(InputError) as error:
        check(path)
    (problem,) = error.value.problems
    assert "Client Level Data" in problem.allowed
    assert "Scottish home care census" in problem.allowed
    assert "Supplier Name" in problem.found


def test_no_file_and_a_folder(tmp_path):
    """A path that leads nowhere, and a folder without tables."""
    assert refusal(tmp_path / "nothing.csv") == "no_such_file"
    assert refusal(tmp_path) == "no_files"


@pytest.mark.parametrize("kind", ["zeros", "noise", "one_line"])
def test_200_mb_of_rubbish_is_refused_at_once(tmp_path, kind):
    """Looking at the beginning is enough: well under two seconds and a few megabytes."""
    path = tmp_path / "rubbish.csv"
    block = {"zeros": b"", "noise": os.urandom(1 << 20), "one_line": b"rubbish," * (1 << 17)}[kind]
    with path.open("wb") as file:
        for _ in range(200 if block else 0):
            file.write(block)
        file.truncate(200 << 20)
    start = time.perf_counter()
    assert refusal(path) in ("not_text", "not_a_table", "empty_file")
    assert time.perf_counter() - start < 1.0


@pytest.mark.skipif(not hasattr(os, "setuid"), reason="permissions of another kind")
def test_a_file_that_may_not_be_read():
    """Run as somebody without the right to read it (root may read everything, so a child gives up its rights)."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = write(Path(folder, "locked.csv"), [service()])
        assert read_by_somebody_else(path) == "read"
        path.chmod(0)
        assert read_by_somebody_else(path) == "no_permission"


AS_SOMEBODY_ELSE = """
import os, pathlib, sys
from insource.errors import InputError
from insource.records import problem_log, reading
from insource.records.checking import check
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
try:
    check(pathlib.Path(sys.argv[1]))
    print("read")
except InputError as error:
    print(*(problem.code for problem in error.problems))
"""


def read_by_somebody_else(path: Path) -> str:
    """What comes of checking the file in a child process without root's rights: the code of the refusal, or "read"."""
    child = subprocess.run([sys.executable, "-c", AS_SOMEBODY_ELSE, path], capture_output=True, text=True, check=True)
    return child.stdout.strip()


def same_as_clean(path: Path) -> None:
    """Assert that a file reads just as the clean rows do."""
    result = check(path)
    assert (found(result), result.rows, result.usable_rows) == (set(), 2, 2)


ROWS = [service(), review()]


def test_headings_in_any_order_and_spelling(tmp_path):
    """Processing names, capitals, spaces; columns in another order; unneeded columns left out."""
    layout = cld_format()
    headings = [heading for heading in reversed(HEADINGS) if "Impairment" not in heading]
    path = write(tmp_path / "a.csv", ROWS, headings)
    spelt = {heading: column.name.upper() for heading, column in zip(HEADINGS, layout.columns, strict=True)}
    text = path.read_text()
    for heading in headings:
        text = text.replace(f",{heading},", f",{spelt[heading]},", 1)
    path.write_text(text.replace("Planned units per week", " planned_Units  per WEEK ", 1))
    same_as_clean(path)


def test_unknown_columns_are_named_with_near_misses(tmp_path):
    """A misspelt heading is not used, but the user is told what it may be."""
    headings = [heading if heading != "Ethnicity" else "Ethnicty" for heading in HEADINGS] + ["Our notes"]
    result = check(write(tmp_path / "a.csv", [service()], headings))
    (notice,) = [notice for notice in result.files[0].notices if "not part of" in notice]
    assert "'Ethnicty' (is 'Ethnicity' meant?)" in notice
    assert "'Our notes'" in notice
    assert ("missing_column", "Ethnicity", None) in found(result)
    assert not result.is_unusable


def test_a_column_without_which_nothing_can_be_used(tmp_path):
    """All of them are named together, with the near miss."""
    headings = [heading.replace("Event Type", "Event Tpye").replace("Client Type", "Kind") for heading in HEADINGS]
    with pytest.raises(InputError) as error:
        check(write(tmp_path / "a.csv", [service()], headings))
    assert [problem.code for problem in error.value.problems] == ["missing_column"] * 2
    assert "'Event Tpye' meant" in str(error.value)


def test_a_column_twice(tmp_path):
    """Which of the two is meant is not guessed."""
    path = write(tmp_path / "a.csv", ROWS, [*HEADINGS, "gender"])
    assert refusal(path) == "column_twice"


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_other_separators(tmp_path, separator):
    """Found out from the headings, and said."""
    path = tmp_path / "a.csv"
    lines = [HEADINGS, *([row.get(heading, "") for heading in HEADINGS] for row in ROWS)]
    path.write_text("\n".join(separator.join(f'"{cell}"' for cell in line) for line in lines))
    same_as_clean(path)
    assert any("separated by" in notice for notice in check(path).files[0].notices)


def test_byte_order_mark_gzip_and_old_line_ends(tmp_path):
    """Three ways in which systems write the same table."""
    clean = write(tmp_path / "a.csv", ROWS).read_bytes()
    variants = {
        "mark.csv": b"\xef\xbb\xbf" + clean,
        "packed.csv.gz": gzip.compress(clean),
        "old.csv": clean.replace(b"\r\n", b"\r"),
        "blank_lines_above.csv": b"\r\n\r\n" + clean,
    }
    for name, content in variants.items():
        (tmp_path / name).write_bytes(content)
        same_as_clean(tmp_path / name)


def test_windows_1252_is_read_with_a_notice(tmp_path):
    """An accented letter or a pound sign from an old system."""
    path = write(tmp_path / "a.csv", [service(unit_cost="£24.00"), review()], encoding="cp1252")
    same_as_clean(path)
    assert any("Windows-1252" in notice for notice in check(path).files[0].notices)


def test_rows_are_numbered_as_a_spreadsheet_numbers_them(tmp_path):
    """Blank lines count; a field that runs over several lines is one row."""
    path = write(tmp_path / "a.csv", [service(event_description="one\ntwo"), service(**person(5), gender="?!")])
    content = path.read_bytes().replace(b"\r\n999,", b"\r\n\r\n999,")
    path.write_bytes(content)
    assert found(check(path)) == {("unknown_value", "Gender", 5)}


def test_a_file_cut_short(tmp_path):
    """The rows before stay usable."""
    path = write(tmp_path / "a.csv", [service(**person(number)) for number in range(1, 5)])
    path.write_bytes(path.read_bytes()[:-150])
    result = check(path)
    assert found(result) == {("cut_short", "", 5)}
    assert (result.rows, result.usable_rows, result.is_unusable) == (4, 3, True)


def test_a_quote_that_never_closes(tmp_path):
    """It takes only its own row with it."""
    path = write(tmp_path / "a.csv", [service(**person(number)) for number in range(1, 5)])
    path.write_text(path.read_text().replace("EX0000002,", '"EX0000002,'))
    result = check(path)
    assert found(result) == {("open_quote", "", 3)}
    assert result.usable_share == 3 / 4


def test_a_compressed_file_cut_short(tmp_path):
    """What could be unpacked is used, and the file is a problem."""
    rows = [service(**person(number), postcode=f"XA{number % 90 + 1} {number % 10}AB") for number in range(1, 3000)]
    content = gzip.compress(write(tmp_path / "a.csv", rows).read_bytes())
    path = tmp_path / "a.csv.gz"
    path.write_bytes(content[: len(content) // 2])
    result = check(path)
    codes = [problem.code for problem in result.each()]
    assert sorted(codes) == ["cut_short", "gzip_cut_short"]
    assert result.usable_rows == result.rows - 1
    assert 500 < result.rows < 2500
    assert result.is_unusable


def test_a_damaged_row(tmp_path):
    """Bytes that are no characters, in the middle of the file."""
    path = write(tmp_path / "a.csv", [service(**person(1)), service(**person(2), gender="@@"), service(**person(3))])
    path.write_bytes(path.read_bytes().replace(b"@@", b"\0\0"))
    # near the beginning this is taken for another kind of file; further down it is a damaged row
    assert refusal(path) == "not_text"
    path = write(tmp_path / "b.csv", [service(**person(number)) for number in range(1, 2001)])
    path.write_bytes(path.read_bytes().replace(b"EX0001990", b"EX\0\0\0\0990"))
    assert found(check(path)) == {("damaged_row", "", 1991)}


def test_the_file_is_named_as_the_user_knows_it(tmp_path):
    """In a folder by its name, else by its path."""
    result = checked(tmp_path, service(gender="Femal"))
    (problem,) = result.each()
    assert problem.file == str(tmp_path / "records.csv")
    assert problem.row == 2
    assert sys.maxsize > problem.row


def test_what_a_library_says_of_the_data_is_never_passed_on(tmp_path, monkeypatch):
    """Its messages quote what it read."""

    def fail(*arguments, **options):
        raise pl.exceptions.ComputeError("could not parse 'Quillfeather'")

    path = write(tmp_path / "a.csv", ROWS)
    monkeypatch.setattr(reading.pl, "read_csv", fail)
    with pytest.raises(InputError) as error:
        check(path)
    assert error.value.problems[0].code == "unreadable"
    assert error.value.__cause__ is None
    assert "Quillfeather" not in str(error.value)


def test_a_disk_that_fails_half_way(tmp_path, monkeypatch):
    """One message, not a traceback."""

    class Failing(io.BytesIO):
        def read(self, size=-1):
            if self.tell() > 0:
                raise OSError(5, "Input/output error")
            return super().read(size)

    path = write(tmp_path / "a.csv", ROWS)
    monkeypatch.setattr(reading, "open_binary", lambda path, is_gzip: Failing(path.read_bytes()))
    assert refusal(path) == "unreadable"


def test_problems_are_written_whole_or_not_at_all(tmp_path, monkeypatch):
    """To a folder that is not there, and to a disk that fills up half-way."""
    result = checked(tmp_path, *(service(**person(number), gender="?!") for number in range(20)))
    with pytest.raises(InputError) as error:
        result.write_csv(tmp_path / "nowhere" / "problems.csv")
    assert len(error.value.problems) == 1
    made_safe = []

    def fill_up(cell):
        made_safe.append(cell)
        if len(made_safe) > 50:
            raise OSError(28, "No space left on device")
        return cell

    monkeypatch.setattr(problem_log, "safe_cell", fill_up)
    with pytest.raises(InputError, match="space"):
        result.write_csv(tmp_path / "problems.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["records.csv"]

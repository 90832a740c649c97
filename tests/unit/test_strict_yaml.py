"""YAML without surprises."""

import pytest

from insource.errors import InputError
from insource.strict_yaml import read_file, read_text

pytestmark = pytest.mark.worked


def _problem(text):
    with pytest.raises(InputError) as caught:
        read_text(text, "terms.yaml")
    assert len(caught.value.problems) == 1
    return caught.value.problems[0]


def test_words_stay_words():
    """`no`, `off`, `y`, `NO`, dates, clock times and hexadecimal numbers are text; only plain numbers are numbers."""
    content = read_text(
        "a: no\nb: off\nc: y\nd: 2025-04-01\ne: 12:30\nf: 0x1A\ng: 1_000\nh: True\ni: 1e3\nj: .nan\nk: .inf\n", "x"
    )
    assert content == {
        "a": "no",
        "b": "off",
        "c": "y",
        "d": "2025-04-01",
        "e": "12:30",
        "f": "0x1A",
        "g": "1_000",
        "h": "True",
        "i": "1e3",
        "j": ".nan",
        "k": ".inf",
    }


def test_numbers_flags_and_nothing():
    """Numbers with their sign, true and false in small letters, null and empty."""
    content = read_text("a: 3\nb: -2.5\nc: +.5\nd: 1.5e-3\ne: true\nf: false\ng:\nh: null\ni: 010\nj: 1.\n", "x")
    assert content == {
        "a": 3,
        "b": -2.5,
        "c": 0.5,
        "d": 0.0015,
        "e": True,
        "f": False,
        "g": None,
        "h": None,
        "i": 10,
        "j": 1.0,
    }
    assert isinstance(content["a"], int)
    assert isinstance(content["b"], float)


def test_a_key_written_twice():
    """Refused with file and line, at any depth."""
    problem = _problem("a: 1\nb: 2\na: 3\n")
    assert (problem.code, problem.file, problem.row) == ("yaml", "terms.yaml", 3)
    assert "'a' is written twice" in problem.what
    assert _problem("terms:\n  x: 1\n  y: 2\n  x: 3\n").row == 4
    assert "'1' is written twice" in _problem("1: a\n'1': b\n").what


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("a: [1, 2\nb: 3\n", 2),
        ("a: 1\n b: 2\n", 2),
        ("a: 'x\n", 2),
        ("a: !!python/object:os.system x\n", 1),
        ("\tb: 2\n", 1),
    ],
)
def test_what_is_not_yaml(text, row):
    """One problem with file and line, and something to do; never an object of the program."""
    problem = _problem(text)
    assert problem.file == "terms.yaml"
    assert problem.row == row
    assert problem.todo


def test_keys_are_text():
    """Keys come out as text, whatever they looked like."""
    assert read_text("2025-04-01: 1\n7: 2\nno: 3\n", "x") == {"2025-04-01": 1, "7": 2, "no": 3}


def _refused(path):
    with pytest.raises(InputError) as caught:
        read_file(path)
    return caught.value.problems[0]


def test_files(tmp_path):
    """Missing, unreadable, not a mapping, empty: a lesson each; a byte order mark is no trouble."""
    assert _refused(tmp_path / "nothing.yaml").code == "no_such_file"
    path = tmp_path / "model.yaml"
    path.write_bytes(b"\xff\xfe\x00a")
    assert _refused(path).code == "unreadable"
    path.write_text("- a\n- b\n", encoding="utf-8")
    assert _refused(path).code == "not_a_mapping"
    path.write_text("", encoding="utf-8")
    assert _refused(path).code == "not_a_mapping"
    path.write_text("a: 1\n", encoding="utf-8-sig")
    assert read_file(path) == {"a": 1}
    assert _refused(tmp_path).code == "unreadable"

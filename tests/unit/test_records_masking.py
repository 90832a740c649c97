"""Personal values are only ever shown as shapes, and linked by pseudonyms that need a key."""

import stat
import sys

import polars as pl
import pytest
from test_records_support import PERSONAL, checked, person, review, service

from insource.errors import InputError
from insource.records import pseudonym
from insource.records.checking import check
from insource.records.masking import figure_of, pattern, pattern_of, word_of_list

pytestmark = pytest.mark.worked

SHAPES = {
    "AB1 2CD": "xx9 9xx",
    "9990000018": "9999999999",
    "O'Neill-Smythe": "x'xxxxx-xxxxxx",
    "Zoë": "xxx",
    "01/02/1934": "99/99/9999",
    "a name that goes on and on": "x xxxx xxxx xxxx xx ",
    "tab\tand\nline": "xxx xxx xxxx",
}


@pytest.mark.parametrize(("text", "shape"), SHAPES.items())
def test_a_personal_value_becomes_its_shape(text, shape):
    """One by one and as a column."""
    assert pattern(text) == shape
    assert pl.DataFrame({"a": [text]}).select(pattern_of(pl.col("a"))).item() == shape


def test_figures_keep_their_digits_unless_there_are_many():
    """A date may be shown, an NHS number that slipped into its column may not."""
    texts = ["31/02/2024", "12.5x", "Smith", "9990000018"]
    shown = pl.DataFrame({"a": texts}).select(figure_of(pl.col("a")))["a"].to_list()
    assert shown == ["31/02/2024", "12.5x", "xxxxx", "9999999999"]


def test_words_of_a_list_are_shown_only_if_they_are_slips():
    """A name in a shifted column is no slip."""
    allowed = ("Male", "Female", "Home support or domiciliary care", "Long term nursing care")
    shown = {text: word_of_list(text, allowed) for text in ("Femal", "Home Care", "F", "Joan", "Joan Smith", "Mason")}
    assert shown == {
        "Femal": "Femal",
        "Home Care": "Home Care",
        "F": "F",
        "Joan": "xxxx",
        "Joan Smith": "xxxx xxxxx",
        "Mason": "xxxxx",
    }


def test_nothing_personal_is_ever_shown(tmp_path):
    """Spoil every personal column, and put personal values into every other column of another row."""
    broken = service(
        nhs_number="999000001", postcode="XA1 2BC!", date_of_birth="1941-07-232", date_of_death="1941-02-30"
    )
    shifted = {heading: PERSONAL[number % len(PERSONAL)] for number, heading in enumerate(service())}
    twice = [service(**person(7), postcode="XA1 2BC", date_of_birth="1841-07-23")] * 2
    result = checked(tmp_path, broken, shifted, *twice, review(event_end_date="1941-07-23x"))
    result.write_csv(tmp_path / "problems.csv")
    shown = "\n".join(problem.text() + repr(problem) for problem in result.each())
    shown += repr(result) + repr(result.counts()) + str(result.files) + (tmp_path / "problems.csv").read_text("utf-8")
    assert len(list(result.each())) > 20
    dates_of_events = [
        value for value in PERSONAL if value != "1941-07-23"
    ]  # in an event's column it is an event's date
    assert [value for value in dates_of_events if value.replace(" ", "") in shown.replace(" ", "")] == []
    of_birth = [problem.found for problem in result.each() if problem.column in ("Date of Birth", "Date of Death")]
    assert of_birth
    assert all(set(text) <= set("9x/- ") for text in of_birth)


def test_a_file_of_data_without_headings_shows_nothing_personal(tmp_path):
    """Its first row is taken for headings, which an error quotes."""
    path = tmp_path / "no_headings.csv"
    path.write_text("999,9990000018,Xanthippe,Quillfeather,1941-07-23,XA1 2BC\n" * 3)
    with pytest.raises(InputError) as error:
        check(path)
    assert [problem.code for problem in error.value.problems] == ["wrong_file"]
    assert [value for value in PERSONAL if value in str(error.value)] == []


def test_a_pseudonym_depends_on_the_key_and_on_every_character():
    """The same person gets the same pseudonym under one key, and another under another."""
    key, other = bytes(32), bytes([1] * 32)
    assert pseudonym.pseudonym("9990000018", key) == pseudonym.pseudonym("9990000018", key)
    assert pseudonym.pseudonym("9990000018", key) != pseudonym.pseudonym("9990000018", other)
    assert pseudonym.pseudonym("9990000018", key) != pseudonym.pseudonym("9990000026", key)


def test_a_column_of_person_keys_becomes_pseudonyms():
    """Null stays null, and people are numbered by rank whatever the order of rows."""
    key = bytes(32)
    column = pl.Series(["b", None, "a", "b"])
    result = pseudonym.pseudonyms(column, key)
    assert result.to_list() == [pseudonym.pseudonym("b", key), None, pseudonym.pseudonym("a", key), result[0]]
    numbers = pseudonym.numbers_by_rank(result.drop_nulls())
    assert sorted(set(numbers)) == [1, 2]
    assert pseudonym.numbers_by_rank(result.drop_nulls().reverse()).to_list() == numbers.reverse().to_list()


def test_the_key_is_made_once_and_only_for_its_owner(tmp_path):
    """A second call reads the first one's key."""
    key, notice = pseudonym.folder_key(tmp_path)
    path = tmp_path / pseudonym.KEY_FILE
    assert notice == ""
    assert pseudonym.folder_key(tmp_path) == (key, "")
    assert len(key) == pseudonym.KEY_BYTES
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_damaged_key_is_not_replaced(tmp_path):
    """A new key would silently renumber everybody."""
    (tmp_path / pseudonym.KEY_FILE).write_text("not a key")
    with pytest.raises(InputError) as error:
        pseudonym.folder_key(tmp_path)
    assert error.value.problems[0].code == "pseudonym_key"
    assert (tmp_path / pseudonym.KEY_FILE).read_text() == "not a key"


def test_a_folder_that_cannot_be_written_to_gets_a_key_in_memory(tmp_path, monkeypatch):
    """With a notice, because people will have other numbers next time."""

    def refuse(path, key):
        raise PermissionError(13, "no")

    monkeypatch.setattr(pseudonym, "write_key", refuse)
    key, notice = pseudonym.folder_key(tmp_path)
    assert len(key) == pseudonym.KEY_BYTES
    assert "other numbers" in notice

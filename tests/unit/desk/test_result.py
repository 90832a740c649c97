"""What a desk tool hands back: refused where it makes no sense, and nothing small left in what is published."""

import json
import math
from dataclasses import replace

import polars as pl
import pytest
from made_up import known, result, services

from insource.desk.drawing import lines
from insource.desk.publishing import TOGETHER
from insource.desk.result import Chart, Column, Finding, Result, Sheet, input_of
from insource.desk.settings import of_parameter
from insource.parameters import parameters

pytestmark = pytest.mark.worked


@pytest.fixture(autouse=True)
def _known(monkeypatch):
    known(monkeypatch)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Finding("no_such_code", "x", "y"),
        lambda: Finding("dear", "x", "y", pounds=math.nan),
        lambda: Finding("dear", "x", "y", people=-1),
        lambda: Column("People", kind="number", is_count_of_people=True),
        lambda: Column("People", kind="words"),
        lambda: Column("People", kind="count", share_of="people"),
        lambda: replace(services(), columns={"share": Column("Share", kind="share", share_of="nobody")}),
        lambda: replace(services(), columns={"nothing": Column("Nothing")}),
        lambda: replace(services(), name="a/b"),
        lambda: replace(services(), name="x" * 32),
        lambda: replace(services(), columns={"price": Column("A"), "hours": Column("a")}),
        lambda: replace(result(), sheets=(services(), replace(services(), name="Services"))),
        lambda: replace(result(), sheets=(replace(services(), name="Findings"),)),
        lambda: Result("a", "b", "c", (), charts=(Chart("t", lines("x", "y", "£"), "", "", sheet="gone"),)),
    ],
)
def test_nonsense_is_refused(make):
    """A result that could not be written or read is never made."""
    with pytest.raises(ValueError, match=r"."):
        make()


def test_json_holds_everything_and_no_nan():
    """Numbers that are none become null, dates are written as dates."""
    frame = pl.DataFrame({"a": [1.0, math.nan, math.inf]})
    odd = Sheet("odd", "Odd", frame, {"a": Column("A", kind="number")})
    content = json.loads(replace(result(), sheets=(*result().sheets, odd)).to_json())
    assert [sheet["name"] for sheet in content["sheets"]] == ["services", "people", "odd"]
    assert content["sheets"][2]["rows"] == [{"a": 1.0}, {"a": None}, {"a": None}]
    assert content["sheets"][0]["rows"][0]["since"] == "2024-04-01"
    assert content["findings"][0]["rows"] == ["cld.csv:7", "cld.csv:9"]
    assert content["inputs"][0]["sha256"] == "ab" * 32


def test_small_numbers_go_and_what_would_give_them_away():
    """3 people are withheld; alone they could be had from the total, so the next smallest row (7) goes too."""
    sheet = result().published().sheet("services")
    assert sheet.frame["people"].to_list() == [120, None, None, 40]
    assert sheet.frame["hours"].to_list() == [900.0, None, None, None]
    assert sheet.frame["price"].to_list() == [22.5, None, None, 25.0]
    assert sheet.frame["share"].to_list() == [0.5, None, None, 0.0]
    assert sheet.formulas == {}
    assert "withheld" in sheet.note


def test_shares_of_other_things_are_rounded_only():
    """A share of money of 10 people is rounded to 5 per cent, one of 2,000 people to one, and none is withheld."""
    frame = pl.DataFrame({"people": [10, 2000, 10], "share": [0.32, 0.316, -0.02]})
    columns = {"people": Column("P", kind="count", is_count_of_people=True), "share": Column("S", kind="share")}
    shown = Result("a", "b", "c", (), sheets=(Sheet("s", "S", frame, columns),)).published().sheet("s").frame
    assert shown["share"].to_list() == pytest.approx([0.3, 0.32, 0.0])


def test_findings_are_put_together_rounded_and_lose_their_rows():
    """3 and 7 people become one finding, uncounted, as they may overlap; reasons hold counts and go."""
    found = {one.subject: one for one in result().published().findings}
    assert set(found) == {"Framework", "North", TOGETHER}
    assert (found[TOGETHER].people, found[TOGETHER].pounds, found[TOGETHER].hours) == (None, 6900.0, 80.0)
    assert (found["North"].people, found["North"].pounds) == (120, 100_000.0)
    assert found["North"].reason == "An hour costs more than elsewhere"
    assert found["Framework"].reason == "not about people"
    assert all(one.rows == () for one in found.values())


def test_a_few_people_alone_have_no_numbers_at_all():
    """Where all findings of a code together are about fewer than five people, that it was found is all that is said."""
    (one,) = replace(result(), findings=(Finding("dear", "x", "2 people", 50.0, 1.0, 2),)).published().findings
    assert (one.subject, one.pounds, one.hours, one.people) == (TOGETHER, None, None, None)


def test_the_same_few_people_in_several_findings_have_no_numbers():
    """Two, two and one person may be two people in all: their pounds are not said, though 2 + 2 + 1 = 5."""
    several = tuple(Finding("dear", name, "x", 50.0, 1.0, people) for name, people in (("a", 2), ("b", 2), ("c", 1)))
    (one,) = replace(result(), findings=several).published().findings
    assert (one.subject, one.pounds, one.hours, one.people) == (TOGETHER, None, None, None)


def test_single_people_leave_with_their_sheet():
    """Sheets of single people are left out, the summary is that for publication, twice is as good as once."""
    once = result().published()
    assert [sheet.name for sheet in once.sheets] == ["services"]
    assert once.summary == ("Some people have dear care.",)
    assert once.published() is once
    for word in ("cld.csv:7", "a1", "Three people", "+SUM(1)", "31.0"):
        assert word not in once.to_json()


def test_charts_follow_their_sheets():
    """A chart drawn from a sheet shows only what is left there; a ready-made one of counted people is left out."""
    whole = result()
    drawn = whole.drawn(whole.charts[0])
    ready = replace(whole, charts=(*whole.charts, Chart("Ready", drawn, "", "", sheet="services")))
    once = ready.published()
    assert [chart.title for chart in once.charts] == ["North has most people"]
    data = once.drawn(once.charts[0]).to_dict()["data"]["values"]
    assert [row["value"] for row in data] == [120, 40]


def test_a_total_is_kept_and_rounded():
    """The total of a table stays if it is of five or more people."""
    frame = pl.DataFrame({"who": ["a", "b", "c", "all"], "people": [2, 9, 50, 61]})
    columns = {"who": Column("Who"), "people": Column("P", kind="count", is_count_of_people=True)}
    sheet = Sheet("s", "S", frame, columns, has_total=True)
    shown = Result("a", "b", "c", (), sheets=(sheet,)).published().sheet("s").frame
    assert shown["people"].to_list() == [None, None, 50, 60]


def test_files_are_known_by_their_bytes(tmp_path):
    """The fingerprint is the SHA-256 of the file."""
    (tmp_path / "a.csv").write_bytes(b"abc")
    found = input_of(tmp_path / "a.csv", 1, 1)
    assert found.file == "a.csv"
    assert found.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_parameter_as_a_setting():
    """It carries the parameter's value, unit and source; the user's own value goes before it."""
    name = next(name for name, one in parameters().items() if not isinstance(one.value, dict))
    assert of_parameter(name).value == parameters()[name].central()
    assert of_parameter(name).unit == parameters()[name].unit
    assert (of_parameter(name, 7.0).value, of_parameter(name, 7.0).source) == (7.0, "given by the user")

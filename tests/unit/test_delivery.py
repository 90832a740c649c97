"""Delivery models: terms and nothing else; near misses, contradictions, shares, likeness, changes, differences."""

import numpy as np
import pytest

from insource import delivery
from insource.delivery import RECORDED, differences, parse, read, reading
from insource.errors import InputError
from insource.layout import share_columns
from insource.terms import CHOICES, LINES, TERMS

pytestmark = pytest.mark.worked

HEAD = {"title": "A model", "stands_for": "Some arrangement."}
OWN = {"employer": "council", "payment_basis": "salary"}


def _problems(**content):
    with pytest.raises(InputError) as caught:
        parse("mine", {**HEAD, **content})
    assert all(one.todo and one.code for one in caught.value.problems)
    return {one.code: one for one in caught.value.problems}


def test_terms_not_set_keep_their_base():
    """An empty model is the base of terms.csv; what is set is set."""
    terms = parse("mine", {**HEAD, "terms": {"notice_weeks": 3}}).parts[0].terms
    assert set(terms) == set(TERMS)
    assert terms["notice_weeks"] == 3.0
    assert terms["retainer_days"] == 7.0
    assert terms["employer"] == CHOICES.employer.provider
    assert terms["is_hand_back_allowed"] == 1.0


def test_unknown_terms_are_refused_with_a_suggestion():
    """A misspelt term, a term that is none, a misspelt key: all listed, near misses suggested."""
    found = _problems(terms={"notice_week": 3, "loyalty": 1})
    assert found["unknown_term"].file == "mine.yaml"
    with pytest.raises(InputError) as caught:
        parse("mine", {**HEAD, "terms": {"notice_week": 3, "loyalty": 1, "pay_scale": "counsil"}})
    todos = {one.found: one.todo for one in caught.value.problems}
    assert "notice_weeks" in todos["'notice_week'"]
    assert "council" in todos["'counsil'"]
    assert len(caught.value.problems) == 3
    assert "terms" in _problems(term={})["unknown_key"].todo


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("notice_weeks", 53),
        ("notice_weeks", -1),
        ("notice_weeks", "two"),
        ("notice_weeks", True),
        ("training_hours", None),
        ("pay_scale", 1),
        ("is_advice_allowed", "perhaps"),
        ("guaranteed_share", 1.01),
        ("guaranteed_share", float("nan")),
    ],
)
def test_values_that_are_refused(name, value):
    """Outside the range, of the wrong kind, not one of the words: with what is allowed."""
    problem = _problems(terms={name: value})["term_value"]
    assert problem.column == name
    assert problem.allowed


def test_flags_may_be_written_either_way():
    """yes and no, true and false."""
    for value, number in (("yes", 1.0), ("no", 0.0), (True, 1.0), (False, 0.0)):
        assert (
            parse("mine", {**HEAD, "terms": {"is_advice_allowed": value}}).parts[0].terms["is_advice_allowed"] == number
        )


def test_who_employs_and_what_is_paid_must_agree():
    """A council's own service is paid for by salary, an outside one never is."""
    assert "employer_and_payment" in _problems(terms={"employer": "council"})
    assert "employer_and_payment" in _problems(terms={"payment_basis": "salary"})
    assert parse("mine", {**HEAD, "terms": OWN}).parts[0].terms["employer"] == CHOICES.employer.council


def test_contradictions_by_a_change_are_refused_too():
    """A change in mid-run cannot make an outside service paid by salary."""
    content = {**HEAD, "changes": [{"from_week": 10, "terms": {"payment_basis": "salary"}}]}
    with pytest.raises(InputError, match="employer_and_payment"):
        parse("mine", content)


def test_title_and_meaning_are_needed():
    """A model says what it is and which arrangement it stands for."""
    with pytest.raises(InputError) as caught:
        parse("mine", {"title": " "})
    assert [one.code for one in caught.value.problems] == ["missing", "missing"]


def test_like():
    """A model like another has its terms but for those it sets itself."""
    model = parse("mine", {**HEAD, "like": "in_house", "terms": {"order_lead_weeks": 4}})
    own = read("in_house").parts[0].terms
    assert model.parts[0].terms == {**own, "order_lead_weeks": 4.0}
    assert "in_house" in _problems(like="in_hous")["unknown_delivery_model"].todo
    assert "circle" in str(_circle())


def _circle():
    with pytest.raises(InputError) as caught:
        reading._parse("in_house", {**HEAD, "like": "in_house"}, ())
    return caught.value


def test_parts():
    """Shares as numbers, the rest, or as recorded; each part like another or with terms of its own."""
    parts = [{"share": 0.25, "like": "in_house"}, {"share": "rest", "terms": {"notice_weeks": 5}}]
    model = parse("mine", {**HEAD, "parts": parts})
    assert [part.share for part in model.of_line("home_care")] == [0.25, None]
    assert model.shares(0.1).tolist() == [0.25, 0.75] * len(LINES)
    model = read("status_quo")
    assert [part.share for part in model.of_line("home_care")] == [None, RECORDED]
    assert model.shares(0.05)[:2] == pytest.approx([0.95, 0.05])
    assert model.parts[0].terms["providers_per_zone"] == RECORDED


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([{"share": 0.4}, {"share": 0.5}], "shares"),
        ([{"share": 0.7}, {"share": 0.5}], "shares"),
        ([{"share": "rest"}, {"share": "rest"}], "shares"),
        ([{"share": "half"}, {"share": "rest"}], "share"),
        ([{"share": -0.1}, {"share": "rest"}], "share"),
        ([{"share": True}], "share"),
        ([{"share": "rest", "employer": "council"}], "unknown_key"),
        ([{"share": "rest", "like": "mixed", "part": 3}], "part"),
        ([{"share": "rest", "like": "mixed", "part": 0}], "part"),
        ([], "parts"),
        ("in_house", "parts"),
        (["in_house"], "parts"),
        ([{"share": "recorded"}, {"share": 1.0}], "shares"),
    ],
)
def test_parts_that_are_refused(parts, code):
    """Parts must add up to everybody, be lists of shares, and hold nothing but shares, likeness and terms."""
    assert code in _problems(parts=parts)


def test_parts_and_terms_side_by_side():
    """Terms go under the parts."""
    assert "terms_and_parts" in _problems(parts=[{"share": "rest"}], terms={"notice_weeks": 3})


def test_changes():
    """From a week of the comparison on, for one part or for all."""
    entry = {"from_week": 53, "part": 1, "terms": {"notice_weeks": 8}}
    change = parse("mine", {**HEAD, "changes": [entry]}).changes[0]
    assert (change.from_week, change.part, change.terms) == (53, 0, {"notice_weeks": 8.0})
    assert parse("mine", {**HEAD, "changes": [{"from_week": 2, "terms": {}}]}).changes[0].part is None


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({"from_week": 0, "terms": {}}, "from_week"),
        ({"from_week": "spring", "terms": {}}, "from_week"),
        ({"terms": {}}, "from_week"),
        ({"from_week": True, "terms": {}}, "from_week"),
        ({"from_week": 5, "terms": {"employer": "provider"}}, "fixed_term"),
        ({"from_week": 5, "terms": {"providers_per_zone": 2}}, "fixed_term"),
        ({"from_week": 5, "terms": {"notice_week": 2}}, "unknown_term"),
        ({"from_week": 5, "until": 9, "terms": {}}, "unknown_key"),
        ("next year", "change"),
        ({"from_week": 5, "part": 7, "terms": {"notice_weeks": 2}}, "part"),
        ({"from_week": 5, "part": "first", "terms": {"notice_weeks": 2}}, "part"),
    ],
)
def test_changes_that_are_refused(entry, code):
    """Weeks count from 1, parts must exist, and what decides which services there are cannot change."""
    assert code in _problems(changes=[entry])


def test_models_that_come_with_the_product():
    """Each can be read, and names one arrangement; an unknown name is refused with a suggestion."""
    assert {"status_quo", "framework", "in_house", "mixed"} <= set(delivery.bundled())
    for name in delivery.bundled():
        model = read(name)
        assert model.name == name
        assert np.isclose(model.shares(0.05).sum(), len(LINES))
    with pytest.raises(InputError) as caught:
        read("in_huose")
    assert "in_house" in caught.value.problems[0].todo


def test_a_file_of_ones_own(tmp_path):
    """A path to a YAML file works like a name; `no` is a word."""
    path = tmp_path / "ours.yaml"
    path.write_text("title: Ours\nstands_for: Us.\nterms:\n  is_hand_back_allowed: no\n", encoding="utf-8")
    model = read(str(path))
    assert model.name == "ours"
    assert model.parts[0].terms["is_hand_back_allowed"] == 0.0


def test_differences():
    """Part, term, and the words of both models; nothing between a model and itself."""
    model = read("framework")
    assert differences(model, model) == []
    other = model.with_terms(notice_weeks=6, is_advice_allowed="yes", pay_scale="council")
    assert differences(model, other) == [
        ("part 1", "notice_weeks", "2", "6"),
        ("part 1", "pay_scale", "market", "council"),
        ("part 1", "is_advice_allowed", "no", "yes"),
    ]
    rows = differences(read("in_house"), read("mixed"))
    assert ("part 1", "share of people", "the rest", "0.5") in rows


def test_with_terms_refuses_what_a_file_may_not_say():
    """The same checks for swap runs and tests."""
    with pytest.raises(InputError, match="notice_weeks"):
        read("framework").with_terms(notice_weeks=99)
    with pytest.raises(InputError, match="employer_and_payment"):
        read("framework").with_terms(employer="council")


def test_lines_of_service():
    """What stands at the top holds for every line; a line may have terms, another model, or parts of its own."""
    own = {
        "supported_living": {"terms": {"notice_weeks": 12}},
        "reablement": {"like": "in_house"},
        "housing_support": {"parts": [{"share": 0.5}, {"share": "rest", "like": "in_house"}]},
    }
    model = parse("mine", {**HEAD, "like": "framework", "lines": own})
    notice = {line: [part.terms["notice_weeks"] for part in model.of_line(line)] for line in LINES}
    assert notice == {
        "home_care": [2.0],
        "supported_living": [12.0],
        "reablement": [0.0],
        "housing_support": [2.0, 0.0],
    }
    assert model.of_line("reablement")[0].terms == read("in_house").parts[0].terms
    assert [lines for lines, _ in model.groups()] == [(line,) for line in LINES]
    assert [lines for lines, _ in read("framework").groups()] == [LINES]
    rows = differences(read("framework"), model)
    assert ("supported living: part 1", "notice_weeks", "2", "12") in rows
    assert not [row for row in rows if row[0].startswith("home care")]


def test_lines_that_cannot_be():
    """A line that does not exist and a key that does not belong are named, with near misses."""
    found = _problems(lines={"home_car": {}})
    assert "home_care" in found["unknown_line_of_service"].todo
    assert "terms" in _problems(lines={"home_care": {"term": {}}})["unknown_key"].todo
    assert "lines" in _problems(lines=["home_care"])
    changes = [{"from_week": 4, "line": "reablment", "terms": {}}]
    assert "reablement" in _problems(changes=changes)["unknown_line_of_service"].todo


def test_change_of_one_line():
    """A change may be for one line; its parts are then those of that line."""
    changes = [{"from_week": 4, "line": "reablement", "part": 1, "terms": {"notice_weeks": 1}}]
    model = parse("mine", {**HEAD, "like": "framework", "changes": changes})
    assert [change.is_for("reablement", 0) for change in model.changes] == [True]
    assert [change.is_for("home_care", 0) for change in model.changes] == [False]


def test_shares_may_change():
    """Shares from a week on, for one line or all; services are laid out for the largest."""
    parts = [{"share": 0.75, "like": "framework"}, {"share": "rest", "like": "in_house"}]
    changes = [{"from_week": 10, "line": "home_care", "shares": [0.25, "rest"]}, {"from_week": 20, "shares": [1, 0]}]
    model = parse("mine", {**HEAD, "parts": parts, "changes": changes})
    assert model.shares(0.1, 9).tolist() == [0.75, 0.25] * len(LINES)
    assert model.shares(0.1, 10).tolist() == [0.25, 0.75] + [0.75, 0.25] * (len(LINES) - 1)
    assert model.shares(0.1, 25).tolist() == [1.0, 0.0] * len(LINES)
    assert model.largest_shares(0.1)[:4].tolist() == [1.0, 0.75, 1.0, 0.25]
    columns = share_columns(model, 0.1, 10)
    assert columns["leaving_share"].tolist() == pytest.approx([0.5 / 0.75] + [0.0] * (2 * len(LINES) - 1))
    assert columns["heir"][0] == 1.0
    assert not share_columns(model, 0.1, 11)["leaving_share"].any()


@pytest.mark.parametrize(
    "change",
    [
        {"shares": [0.5]},
        {"shares": [0.5, 0.6]},
        {"shares": "half"},
        {"shares": [0.5, 0.5], "part": 1},
        {"shares": [0.5, "most"]},
    ],
)
def test_changes_of_shares_that_are_refused(change):
    """One share for each part, adding up to everybody, and not for one part alone."""
    parts = [{"share": 0.75, "like": "framework"}, {"share": "rest", "like": "in_house"}]
    with pytest.raises(InputError, match="share"):
        parse("mine", {**HEAD, "parts": parts, "changes": [{"from_week": 10, **change}]})

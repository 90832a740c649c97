"""Whose names may be printed, how names are made alike, and what is a match."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insource.desk.market import matching
from insource.records import supplier_names
from insource.records.market_decisions import Decision

HIDDEN = supplier_names.INDIVIDUALS


@pytest.mark.worked
@pytest.mark.parametrize(
    "name",
    [
        *(
            "Mr John Smith",
            "MRS J SMITH",
            "SMITH J",
            "J & M Smith",
            "Smith RG/DDE",
            "JOHN SMITH",
            "O'NEILL MARY ANN",
            "Dr A Patel",
        ),
        *(
            "",
            "  ",
            "REDACTED UNDER DP ACT",
            "Redacted Personal Data",
            "Name withheld",
            "Private individual",
            "Service user",
        ),
        "Leonard Cheshire",
    ],
)
def test_names_of_people_and_names_withheld_are_hidden(name):
    """Also names of organisations that look like a person's: caution first."""
    assert supplier_names.shown(name) == HIDDEN


@pytest.mark.worked
@pytest.mark.parametrize(
    "name",
    [
        *("Oak Care Ltd", "AAA ELDERLY CARE LTD", "Northern Healthcare Trust", "Anytown Borough Council", "The Oaks"),
        *("BUPA", "Smith & Jones Solicitors", "Homelife Carers", "St Mary's Nursing Home", "Example Home Care 2"),
    ],
)
def test_names_of_organisations_are_shown(name):
    """One word, or a word of organisations, or a number."""
    assert supplier_names.shown(name) == name


@pytest.mark.worked
@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("SMITH J T/A ASH HOUSE", "ASH HOUSE"),
        ("Smith J trading as Ash House", "Ash House"),
        ("ASH CARE HOME/MAUREEN MARTIN", "ASH CARE HOME"),
        ("ASHDOWN CARE CENTRE (M.BUTLER)", "ASHDOWN CARE CENTRE"),
        ("HORIZON CARE (SOUTH WEST) LTD", "HORIZON CARE (SOUTH WEST) LTD"),
        ("OAK CARE LTD T/A ASH HOUSE", "OAK CARE LTD T/A ASH HOUSE"),
    ],
)
def test_the_part_of_a_person_is_taken_out(name, shown):
    """What is left is the name the business is known by."""
    assert supplier_names.shown(name) == shown


@pytest.mark.worked
def test_even_names():
    """Case, punctuation and legal form do not count; a name of nothing else is kept."""
    assert supplier_names.even("The Oak's Care Ltd.") == supplier_names.even("OAKS CARE LIMITED") == "oaks care"
    assert supplier_names.even("Limited") == "limited"


def register(*names, area="Here", people=()):
    """A register of providers with a location each; provider IDs P0, P1, ..."""
    rows = [
        {
            "row": number + 2,
            "location_id": f"L{number}",
            "location": name,
            "provider_id": f"P{number}",
            "provider": "" if name in people else name,
            "area": area,
        }
        for number, name in enumerate(names)
    ]
    return matching.Register(pl.DataFrame(rows), ("here",))


def found(name, catalogue, decisions=None, taken=92, shown=78):
    """The proposal for one supplier, or None."""
    table = matching.match(pl.DataFrame({"key": ["k"], "name": [name]}), catalogue, decisions or {}, taken, shown)
    return table.row(0, named=True) if table.height else None


@pytest.mark.worked
def test_likeness_by_hand():
    """The same: 100. "oak care" in "oak care north": all words shared, 8 of 11 letters in order: (72.7 + 100) / 2."""
    assert matching.likeness("oak care", "oak care") == 100
    assert matching.likeness("oak care", "oak care north") == pytest.approx((200 * 8 / 22 + 100) / 2, abs=0.06)
    assert matching.likeness("home care 2", "home care 3") == 0
    assert matching.likeness("example home care", "example care home") < 92


@pytest.mark.worked
def test_match_states():
    """Used if alike and alone; to decide if two are as like; nothing if nothing is near."""
    catalogue = register("Oak Care Limited", "Ash Lodge", "Elm Grove Home")
    assert found("OAK CARE LTD", catalogue)["state"] == matching.TAKEN
    assert found("OAK CARE LTD", catalogue)["likeness"] == 100
    twins = register("The Oaks", "Oaks Ltd")
    assert found("The Oaks", twins)["state"] == matching.SHOWN
    assert found("Quite Another Agency", catalogue) is None


@pytest.mark.worked
def test_decisions_come_first():
    """No refuses, yes takes, another provider's ID takes that one; an ID that is not there is not believed."""
    catalogue = register("Oak Care Limited", "Ash Lodge")
    refused = found("OAK CARE LTD", catalogue, {"k": Decision("no")})
    assert refused["state"] == matching.REFUSED
    other = found("OAK CARE LTD", catalogue, {"k": Decision("yes", "P1")})
    assert (other["state"], other["provider"]) == (matching.DECIDED, "Ash Lodge")
    assert found("OAK CARE LTD", catalogue, {"k": Decision("yes", "nobody")})["state"] == matching.TAKEN


@pytest.mark.property
@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_a_name(name):
    """Never a fault; hidden or a part of what was given; making a name even twice changes nothing."""
    shown = supplier_names.shown(name)
    assert shown == HIDDEN or set(shown) <= set(name)
    assert supplier_names.even(supplier_names.even(name)) == supplier_names.even(name)


@pytest.mark.property
@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(["Mr", "Mrs", "Miss", "Dr"]), st.from_regex(r"[A-Z][a-z]{2,9}( [A-Z][a-z]{2,9})?", fullmatch=True)
)
def test_a_title_always_hides(title, name):
    """Whatever the surname is."""
    assert supplier_names.shown(f"{title} {name}") == HIDDEN

"""Values of both releases are understood, whatever their case, spaces and dashes, and speak Release 2 afterwards."""

import pytest

from insource.records.cld_format import LISTS, cld_format
from insource.records.codelists import codelists, even, rows

pytestmark = pytest.mark.worked

MEANINGS = [
    ("Event Outcome", "NFA- Other", "NFA: Other"),
    ("Event Outcome", "nfa \u2013 other", "NFA: Other"),
    ("Event Outcome", "No change in package", "Continuation of support or services"),
    ("Client Type", "SERVICE USER ", "Service user"),
    ("Client Type", "Carer", "Unpaid carer"),
    ("Service Component", "Home Support", "Home support or domiciliary care"),
    ("Ethnicity", "White - Irish", "White: Irish"),
    (
        "Employment Status",
        "Not in Paid Employment (voluntary work only)",
        "Not in paid employment: Voluntary work only",
    ),
    (
        "Primary Support Reason",
        "Physical Support: Access & mobility only",
        "Physical support: Access and mobility only",
    ),
    ("Cost Frequency (Unit Type)", "Per hour", "Hourly"),
    ("Cost Frequency (Unit Type)", "4 Weekly", "4-weekly"),
    ("Cost Frequency (Unit Type)", "Fortnight", "Fortnightly"),
    ("Review Reason", "Unplanned: Something new", "Unplanned..."),
    ("Method of Review", "Service user and unpaid carer", "Service user and carer"),
    ("Client Type", "Servise user", None),
    ("Gender", "Femal", None),
]


@pytest.mark.parametrize(("heading", "text", "meaning"), MEANINGS)
def test_meanings(heading, text, meaning):
    """What a value of a file stands for."""
    assert codelists()[heading].match(text).value == meaning


def test_which_release_a_value_belongs_to():
    """A value of one list only tells; a spelling tells less; values of both tell nothing."""
    component, client = codelists()["Service Component"], codelists()["Client Type"]
    assert component.match("Home Support").belongs_to == "R1"
    assert component.match("Home support or domiciliary care").belongs_to == "R2"
    assert (client.match("Service User").belongs_to, client.match("Service User").spelt_as) == ("", "R1")
    assert codelists()["Event Type"].match("Review").belongs_to == ""
    assert codelists()["Cost Frequency (Unit Type)"].match("Weekly").belongs_to == ""  # only the R2 list is known


def test_near_misses():
    """For what was probably meant."""
    assert codelists()["Client Type"].near("Servise user") == "Service user"
    assert codelists()["Gender"].near("xyz") == ""


@pytest.mark.parametrize("release", ["R1", "R2"])
def test_every_allowed_value_is_understood(release):
    """No list has a value that its own matching does not know."""
    for codelist in codelists().values():
        for value in codelist.releases[release]:
            assert codelist.match(value).value in codelist.values, (codelist.heading, value)


def test_every_pair_of_the_mapping_is_used():
    """Release 1 values become what the mapping says."""
    for pair in rows("cld_r1_to_r2.csv"):
        assert codelists()[pair["field"]].match(pair["release_1"]).value == pair["release_2"]


def test_the_lists_belong_to_columns():
    """Every column with a list has one, and the status of every value is said."""
    headings = {cld_format().heading(name) for name in LISTS}
    assert headings == set(codelists())
    assert all(row["status"] and row["source"] for row in rows("cld_values.csv"))
    assert len(cld_format().columns) == 50


def test_even():
    """Case, spaces and the many dashes of word processors."""
    assert even(" NFA \u2014  Other ") == even("nfa-OTHER") == "nfa-other"

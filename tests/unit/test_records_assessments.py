"""The file of assessments: every fault is noted, nothing is guessed, nobody is shown."""

import pytest

from insource.errors import InputError
from insource.records import assessments, pseudonym
from insource.records.assessments import COLUMNS, FORMAT, write_template
from insource.records.reading import open_table

pytestmark = pytest.mark.worked
KEY = bytes(pseudonym.KEY_BYTES)
GOOD = "P1,2025-01-05,40,B,120,130.50,5,80,Learning disability support,North,White: Irish,Yes"
HEADER = (
    "Person,Assessed On,Points,Band,Indicative Budget,Package Cost,Package Hours,Age,Primary Support Reason,Area,"
    "Ethnicity,Has Unpaid Carer"
)


def read(tmp_path, *rows: str, header: str = HEADER) -> assessments.AssessmentFile:
    """A file of these rows, read."""
    path = tmp_path / "assessments.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return assessments.read(open_table(path, [FORMAT], path.name), KEY)


def test_a_good_row(tmp_path):
    """Each value where it belongs; the person is a number that says nothing."""
    row = read(tmp_path, GOOD).people().row(0, named=True)
    assert (row["points"], row["band"], row["indicative_budget"], row["package_cost"]) == (40, "B", 120, 130.5)
    assert (row["age"], row["area"], row["has_unpaid_carer"]) == (80, "North", "Yes")
    assert row["pseudonym"] == pseudonym.pseudonym("_P1", KEY)


FAULTS = {
    "nobody": (",2025-01-05,40,B,120,130,5,80,,North,,Yes", "no_person", False),
    "an NHS number as a cost": ("P2,,40,B,120,9990000018,5,80,,North,,Yes", "too_large", False),
    "budget below nothing": ("P2,,40,B,-120,130,5,80,,North,,Yes", "negative", False),
    "budget in words": ("P2,,40,B,a lot,130,5,80,,North,,Yes", "unreadable_number", True),
    "endless budget": ("P2,,40,B,inf,130,5,80,,North,,Yes", "unreadable_number", True),
    "very large": ("P2,,40,B," + "9" * 400 + ",130,5,80,,North,,Yes", "unreadable_number", True),
    "nobody's age": ("P2,,40,B,120,130,5,180,,North,,Yes", "age", True),
    "no such day": ("P2,2025-02-30,40,B,120,130,5,80,,North,,Yes", "unreadable_date", True),
    "another reason": ("P2,,40,B,120,130,5,80,Mary Smith,North,,Yes", "unknown_value", True),
    "neither yes nor no": ("P2,,40,B,120,130,5,80,,North,,Mary", "unknown_value", True),
    "again, and no date": (GOOD.replace("2025-01-05", ""), "person_twice", False),
    "an earlier one": (GOOD.replace("2025-01-05", "2024-01-05"), "earlier_assessment", False),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults(tmp_path, fault):
    """One problem for each, on its row; what it makes of the row; no word of a person in what is shown."""
    row, code, is_used = FAULTS[fault]
    file = read(tmp_path, GOOD, row)
    problems = list(file.opened.log.each())
    assert [(problem.code, problem.row) for problem in problems] == [(code, 3)]
    assert "Mary" not in problems[0].text()
    assert file.people().height == (2 if is_used else 1)


def test_the_latest_assessment_counts(tmp_path):
    """Whatever the order of the rows."""
    earlier = GOOD.replace("2025-01-05", "2023-06-01").replace(",40,", ",10,")
    for rows in ((GOOD, earlier), (earlier, GOOD)):
        assert read(tmp_path, *rows).people()["points"].to_list() == [40]


def test_a_column_of_names_is_no_column_of_areas(tmp_path):
    """More different texts than there can be areas: not used, and said so without showing one."""
    rows = [GOOD.replace("P1", f"P{number}").replace("North", f"Mary {number}") for number in range(250)]
    file = read(tmp_path, *rows)
    assert file.frame["area"].null_count() == 250
    (problem,) = file.opened.log.each()
    assert (problem.code, problem.found) == ("not_a_list", "250 different texts")


def test_without_points_band_or_budget_it_is_no_such_file(tmp_path):
    """The heading is missed by name."""
    with pytest.raises(InputError, match="Indicative Budget a Week or Points or Band"):
        read(tmp_path, "P1,12,3", header="Person,Package Cost,Package Hours")


def test_the_template_has_every_heading(tmp_path):
    """And is a file of this format without rows."""
    write_template(tmp_path / "new.csv")
    opened = open_table(tmp_path / "new.csv", [FORMAT])
    assert set(opened.header.positions) == {column.name for column in COLUMNS}
    with pytest.raises(InputError, match="no_rows"):
        assessments.read(opened, KEY)

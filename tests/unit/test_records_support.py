"""What the tests of records share: a clean row of Client Level Data to spoil, and the proof that it is clean."""

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest

from insource.records.checking import Checked, check
from insource.records.cld_format import cld_format

pytestmark = pytest.mark.worked

HEADINGS = [column.heading for column in cld_format().columns]
SERVICE = {
    "LA Code": "999",
    "Reporting Period Start Date": "2024-04-01",
    "Reporting Period End Date": "2025-03-31",
    "NHS Number": "9990000018",
    "LA Person Unique Identifier": "EX0000001",
    "First Name": "Xanthippe",
    "Last Name": "Quillfeather",
    "Gender": "Female",
    "Ethnicity": "White: Irish",
    "Date of Birth": "1941-07-23",
    "Client Type": "Service user",
    "Primary Support Reason": "Physical support: Personal care support",
    "Postcode": "XA1 2BC",
    "Accommodation Status": "Tenant: Private landlord",
    "Has Unpaid Carer": "Yes",
    "Client Funding Status": "Fully social care funded",
    "Event Type": "Service",
    "Event Start Date": "2024-06-13",
    "Service Type": "Long term support: Community",
    "Service Component": "Home support or domiciliary care",
    "Delivery Mechanism": "CASSR managed personal budget",
    "Provider CQC Location ID": "1-9990000001",
    "Unit Cost": "24.00",
    "Cost Frequency (Unit Type)": "Hourly",
    "Planned units per week": "14.00",
}
REVIEW = {
    **{heading: value for heading, value in SERVICE.items() if HEADINGS.index(heading) < HEADINGS.index("Event Type")},
    "Event Type": "Review",
    "Event Start Date": "2025-01-13",
    "Event End Date": "2025-01-20",
    "Event Outcome": "Continuation of support or services",
    "Review Reason": "Planned review of long term support",
    "Review Outcomes Achieved": "Fully Met",
    "Method of Review": "Service user only",
}
PERSONAL = ("9990000018", "EX0000001", "Xanthippe", "Quillfeather", "1941-07-23", "XA1 2BC")
"""None of these may turn up in anything that is shown."""


def service(**changes: str) -> dict[str, str]:
    """The clean row of home care with some cells changed; `event_start_date` stands for 'Event Start Date'."""
    return _changed(SERVICE, changes)


def review(**changes: str) -> dict[str, str]:
    """The clean row of a review with some cells changed."""
    return _changed(REVIEW, changes)


def person(number: int) -> dict[str, str]:
    """The cells that make somebody else of a row."""
    return {"nhs_number": f"999000{number:04d}", "la_person_unique_identifier": f"EX{number:07d}"}


def _changed(row: dict[str, str], changes: dict[str, str]) -> dict[str, str]:
    layout = cld_format()
    return {**row, **{layout.heading(name): value for name, value in changes.items()}}


def write(
    path: Path, rows: Sequence[dict[str, str]], headings: Sequence[str] = HEADINGS, encoding: str = "utf-8"
) -> Path:
    """A CSV file of rows with these headings."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        writer.writerows([row.get(heading, "") for heading in headings] for row in rows)
    return path


def checked(tmp_path: Path, *rows: dict[str, str]) -> Checked:
    """The result of checking a file of these rows."""
    return check(write(tmp_path / "records.csv", rows))


def found(result: Checked) -> set[tuple[str, str, int | None]]:
    """Code, column and row of every problem."""
    return {(problem.code, problem.column, problem.row) for problem in result.each()}


def test_clean_rows_have_no_problems(tmp_path):
    """Otherwise the tests of single faults would prove nothing."""
    result = checked(tmp_path, service(), review())
    assert found(result) == set()
    assert (result.rows, result.usable_rows, result.is_unusable) == (2, 2, False)

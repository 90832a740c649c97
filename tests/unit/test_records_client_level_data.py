"""Every single fault of a row of Client Level Data is found, named and answered, and nothing else is."""

from datetime import date

import pytest
from test_records_support import checked, found, person, review, service, write

from insource.records import client_level_data
from insource.records.checking import check
from insource.records.cld_format import cld_format
from insource.records.reading import open_table

pytestmark = pytest.mark.worked

UNUSABLE = {
    "no event type": (service(event_type=""), {("missing_value", "Event Type")}),
    "unknown event type": (service(event_type="Servce"), {("unknown_value", "Event Type")}),
    "unknown client type": (service(client_type="Pet"), {("unknown_value", "Client Type")}),
    "no start": (service(event_start_date=""), {("missing_value", "Event Start Date")}),
    "American start": (service(event_start_date="02/13/2024"), {("unreadable_date", "Event Start Date")}),
    "no such day": (service(event_start_date="2024-02-31"), {("unreadable_date", "Event Start Date")}),
    "two-digit year": (service(event_start_date="01/04/24"), {("unreadable_date", "Event Start Date")}),
    "long ago": (service(event_start_date="1824-06-13"), {("date_out_of_range", "Event Start Date")}),
    "far ahead": (service(event_start_date="2090-06-13"), {("date_out_of_range", "Event Start Date")}),
    "no period": (service(reporting_period_end_date=""), {("missing_value", "Reporting Period End Date")}),
    "ends before it starts": (
        service(event_end_date="2024-06-12", event_outcome="NFA: Other"),
        {("end_before_start", "Event End Date")},
    ),
    "period ends before it starts": (
        service(reporting_period_end_date="2024-03-31"),
        {("end_before_start", "Reporting Period End Date")},
    ),
    "unreadable end": (service(event_end_date="soon"), {("unreadable_date", "Event End Date")}),
    "no component": (service(service_component=""), {("missing_value", "Service Component")}),
    "unknown component": (service(service_component="Home Care"), {("unknown_value", "Service Component")}),
    "negative hours": (service(planned_units_per_week="-14"), {("negative_hours", "Planned units per week")}),
    "unreadable hours": (service(planned_units_per_week="14 h"), {("unreadable_number", "Planned units per week")}),
    "nobody": (
        service(nhs_number="", la_person_unique_identifier=""),
        {
            ("no_person", "NHS Number"),
            ("missing_value", "NHS Number"),
            ("missing_value", "LA Person Unique Identifier"),
        },
    ),
}
DOUBTFUL = {
    "unknown gender": (service(gender="Femal"), {("unknown_value", "Gender")}),
    "no gender": (service(gender=""), {("missing_value", "Gender")}),
    "NULL": (service(gender="NULL"), {("missing_value", "Gender")}),
    "unreadable birth": (service(date_of_birth="31/02/1941"), {("unreadable_date", "Date of Birth")}),
    "no NHS number": (service(nhs_number=""), {("missing_value", "NHS Number")}),
    "short NHS number": (service(nhs_number="999000001"), {("nhs_number", "NHS Number")}),
    "no postcode": (service(postcode="somewhere"), {("postcode", "Postcode")}),
    "negative cost": (service(unit_cost="-24"), {("negative_cost", "Unit Cost")}),
    "an NHS number as a cost": (service(unit_cost="9990000018"), {("unreadable_number", "Unit Cost")}),
    "unreadable cost": (service(unit_cost="tbc"), {("unreadable_number", "Unit Cost")}),
    "weekly cost by the hour": (service(unit_cost="336"), {("unlikely_price", "Unit Cost")}),
    "more hours than a week": (service(planned_units_per_week="169"), {("many_hours", "Planned units per week")}),
    "no cost": (service(unit_cost=""), {("missing_value", "Unit Cost")}),
    "no hours": (service(planned_units_per_week=""), {("missing_value", "Planned units per week")}),
    "review without end": (review(event_end_date=""), {("missing_value", "Event End Date")}),
    "review without outcome": (review(event_outcome=""), {("missing_value", "Event Outcome")}),
    "planned review without result": (
        review(review_outcomes_achieved=""),
        {("missing_value", "Review Outcomes Achieved")},
    ),
    "open service of somebody who died": (
        service(date_of_death="2025-01-05"),
        {("missing_value", "Event End Date")},
    ),
}
FINE = {
    "commissioned without cost": service(delivery_mechanism="CASSR commissioned support", unit_cost=""),
    "weekly cost without units": service(cost_frequency_unit_type="Weekly", unit_cost="336", planned_units_per_week=""),
    "unplanned review without result": review(review_reason="Unplanned: Provider failure", review_outcomes_achieved=""),
    "midnight": service(event_start_date="13/06/2024 00:00:00"),
    "day-month-year": service(event_start_date="13-06-2024"),
    "pounds and thousands": service(unit_cost="£1,024.00", cost_frequency_unit_type="Weekly"),
    "spaces": service(nhs_number=" 999 000 0018 ", gender=" female "),
    "request without reason": {
        **review(review_reason="", review_outcomes_achieved="", method_of_review="", client_funding_status=""),
        "Event Type": "Request",
        "Primary Support Reason": "",
        "Request: Route of Access": "Prison",
    },
    "carer known by association": review(
        client_type="Unpaid carer known by association",
        **dict.fromkeys(("event_type", "review_reason", "method_of_review", "event_outcome"), ""),
    ),
}


@pytest.mark.parametrize("fault", UNUSABLE)
def test_rows_that_cannot_be_used(tmp_path, fault):
    """The row is left out, with exactly these problems in exactly this row."""
    row, problems = UNUSABLE[fault]
    result = checked(tmp_path, service(**person(1)), row, service(**person(2)))
    assert found(result) == {(code, column, 3) for code, column in problems}
    assert (result.rows, result.usable_rows, result.is_unusable) == (3, 2, True)


@pytest.mark.parametrize("fault", DOUBTFUL)
def test_rows_that_are_doubtful(tmp_path, fault):
    """The row is used, with exactly these problems."""
    row, problems = DOUBTFUL[fault]
    result = checked(tmp_path, row)
    assert found(result) == {(code, column, 2) for code, column in problems}
    assert (result.usable_rows, result.is_unusable) == (1, False)


@pytest.mark.parametrize("case", FINE)
def test_rows_that_are_fine(tmp_path, case):
    """What the rules do not ask for is not asked for."""
    row = FINE[case]
    if case == "carer known by association":
        row["Event Type"] = "Review"  # the return has one on every row; what it says is not looked at
    assert found(checked(tmp_path, row)) == set()


def test_an_adult_with_a_learning_disability_needs_an_employment_status(tmp_path):
    """Aged 18 to 64 at the end of the period, and only then."""
    reason = {"primary_support_reason": "Learning disability support"}
    at_64 = service(**person(1), **reason, date_of_birth="1960-04-01")
    at_65 = service(**person(2), **reason, date_of_birth="1960-03-31")
    at_17 = service(**person(3), **reason, date_of_birth="2007-04-01")
    assert found(checked(tmp_path, at_64, at_65, at_17)) == {("missing_value", "Employment Status", 2)}


def test_every_problem_says_what_to_do(tmp_path):
    """What, where, what was found, what is allowed, what to do, and whether the row is used."""
    result = checked(tmp_path, *(row for row, _ in [*UNUSABLE.values(), *DOUBTFUL.values()]))
    for problem in result.each():
        assert problem.what
        assert problem.todo
        assert "row is" in problem.what
        assert problem.allowed or problem.code == "no_person"
    advice = {problem.todo for problem in result.each() if problem.found == "Femal"}
    assert advice == {"write 'Female' if that is what was meant"}


def test_mixed_dates_are_one_problem(tmp_path):
    """It says how many of each; dates whose day and month could have changed places are not used."""
    days = ["2024-06-13", "2024-06-14", "2024-06-15", "13/06/2024", "05/06/2024"]
    rows = [service(**person(number), event_start_date=day) for number, day in enumerate(days)]
    result = checked(tmp_path, *rows)
    mixed = [problem for problem in result.each() if problem.code == "mixed_dates"]
    assert [problem.found for problem in mixed] == ["Event Start Date: 3 like 2024-04-01, 2 like 01/04/2024"]
    assert found(result) == {("mixed_dates", "", None), ("ambiguous_date", "Event Start Date", 6)}
    assert (result.usable_rows, result.is_unusable) == (4, True)


def test_two_columns_with_mixed_dates_are_still_one_problem(tmp_path):
    """One for the file, naming both columns."""
    rows = [service(**person(1)), service(**person(2), event_start_date="13/06/2024", date_of_birth="23/07/1941")]
    (problem,) = checked(tmp_path, *rows).each()
    assert problem.code == "mixed_dates"
    assert "Event Start Date: 1 like" in problem.found
    assert "Date of Birth: 1 like" in problem.found


def test_the_same_row_twice(tmp_path):
    """The second cannot be used; a second provider makes it another service."""
    again = service(**person(1))
    other = service(**person(1), provider_cqc_location_id="1-9990000002")
    result = checked(tmp_path, service(**person(1)), other, again)
    assert found(result) == {("duplicate_event", "", 4)}


def test_of_two_rows_of_one_event_the_open_one_stays(tmp_path):
    """DHSC's preference: open before ended, whatever their order."""
    ended = service(event_end_date="2024-12-24", event_outcome="NFA: Other")
    assert found(checked(tmp_path, ended, service())) == {("duplicate_event", "", 2)}
    assert found(checked(tmp_path, service(), ended)) == {("duplicate_event", "", 3)}


EARLIER = {"reporting_period_start_date": "2023-04-01", "reporting_period_end_date": "2024-03-31"}


def events(path) -> list[tuple[date, date | None]]:
    """Start and end of each event as the latest submission tells it, in the order of starts."""
    file = client_level_data.read(open_table(path, [cld_format()]), bytes(32))
    rows = client_level_data.latest_rows(client_level_data.together([file])).sort("event_start_date")
    return list(rows.select("event_start_date", "event_end_date").iter_rows())


def test_an_event_in_two_submissions_is_that_of_the_latest(tmp_path):
    """No problem, and one row: ended in the meantime."""
    then = service(**EARLIER, event_start_date="2023-06-13", planned_units_per_week="10")
    now = service(event_start_date="2023-06-13", event_end_date="2024-12-24", event_outcome="NFA: Other")
    assert found(checked(tmp_path, then, now)) == set()
    assert events(tmp_path / "records.csv") == [(date(2023, 6, 13), date(2024, 12, 24))]


def test_an_open_service_that_is_gone_was_cut(tmp_path):
    """It ended with the period in which it was last seen; a death ends it before."""
    gone = service(**person(1), **EARLIER, event_start_date="2023-06-13")
    died = service(**person(2), event_start_date="2023-07-13", date_of_death="2024-11-11", event_end_date="2024-12-01")
    stays = service(**person(3), event_start_date="2023-08-13")
    write(tmp_path / "a.csv", [gone, died, stays])
    assert events(tmp_path / "a.csv") == [
        (date(2023, 6, 13), date(2024, 3, 31)),
        (date(2023, 7, 13), date(2024, 11, 11)),
        (date(2023, 8, 13), None),
    ]


def test_two_services_that_differ_only_in_hours_both_stay(tmp_path):
    """Across submissions neither replaces the other."""
    rows = [
        service(**period, event_start_date="2023-06-13", planned_units_per_week=hours)
        for period in (EARLIER, {})
        for hours in ("7", "3.5")
    ]
    assert found(checked(tmp_path, *rows)) == set()
    assert len(events(tmp_path / "records.csv")) == 2


RELEASE_1 = {
    "client_type": "Service User",
    "primary_support_reason": "Physical Support: Personal care support",
    "service_type": "Long Term Support: Community",
    "service_component": "Home Support",
    "delivery_mechanism": "CASSR Managed Personal Budget",
    "ethnicity": "White - Irish",
    "accommodation_status": "Tenant - private landlord",
}


def test_releases_are_told_apart(tmp_path):
    """By the values; a file that mixes them says so, and is understood all the same."""
    old, new = service(**RELEASE_1), service(**person(2))
    for rows, release, words in (
        ([old], "R1", "written for Release 1"),
        ([new], "R2", "written for Release 2"),
        ([new, service(**person(3)), old], "R2", "mixed"),
    ):
        result = checked(tmp_path, *rows)
        assert found(result) == set()
        assert result.files[0].release == release
        assert words in result.files[0].notices[0]


def test_both_releases_mean_the_same(tmp_path):
    """After reading, a Release 1 row and the same in Release 2 are alike."""
    frames = []
    for name, row in (("old.csv", service(**RELEASE_1)), ("new.csv", service())):
        file = client_level_data.read(open_table(write(tmp_path / name, [row]), [cld_format()]), bytes(32))
        frames.append(file.frame)
    assert frames[0].equals(frames[1])


def test_a_million_problems_are_counted_by_kind(tmp_path):
    """Counts, the commonest values found, and the CSV file of every one (formulas made safe)."""
    rows = [service(**person(number), gender="=Femal" if number % 3 else "Mle") for number in range(30)]
    result = checked(tmp_path, *rows)
    (count,) = result.counts()
    assert (count.code, count.column, count.count) == ("unknown_value", "Gender", 30)
    assert count.examples == ("=Femal (20)", "Mle (10)")
    result.write_csv(tmp_path / "out.csv")
    lines = (tmp_path / "out.csv").read_text("utf-8").splitlines()
    assert len(lines) == 31
    assert ",'=Femal," in lines[2]
    assert not (tmp_path / "out.csv").read_text("utf-8").count(",=Femal")


def test_several_files_are_several_submissions(tmp_path):
    """A duplicate across files of one submission is found in the second."""
    write(tmp_path / "a.csv", [service(**person(1))])
    write(tmp_path / "b.csv", [service(**person(2)), service(**person(1))])
    result = check(tmp_path)
    assert {(problem.file, problem.code, problem.row) for problem in result.each()} == {("b.csv", "duplicate_event", 3)}
    assert [(file.file, file.usable_rows) for file in result.files] == [("a.csv", 1), ("b.csv", 1)]

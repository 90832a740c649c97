"""The staff-time tool: counts by hand from small files, the time budget and queue rows of theory.md, directions."""

import csv
import math
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insource.desk import chosen
from insource.desk.care_records import open_care_records
from insource.desk.staff_time import events, freed, hours
from insource.desk.staff_time.tool import OF_SIMULATION, staff_time
from insource.desk.staff_time.year import year_of
from insource.errors import InputError
from insource.records.cld_format import cld_format

PERIOD = {"Reporting Period Start Date": "2024-04-01", "Reporting Period End Date": "2025-03-31"}
HOME = {"Event Type": "Service", "Service Type": "Long term support: Community",
        "Service Component": "Home support or domiciliary care", "Delivery Mechanism": "CASSR commissioned support",
        "Unit Cost": "24.10", "Cost Frequency (Unit Type)": "Hourly", "Planned units per week": "10"}  # fmt: skip
REVIEW = {"Event Type": "Review", "Event Outcome": "Continuation of support or services",
          "Review Reason": "Planned review of long term support", "Method of Review": "Service user only",
          "Review Outcomes Achieved": "Fully Met"}  # fmt: skip


def row(who, start, end="", **cells):
    """A row of the return: person number `who` (1, 2, ...), an event from start to end."""
    person = {"LA Code": "999", "LA Person Unique Identifier": f"P{who}", "Gender": "Female",
              "Ethnicity": "White: Irish", "Date of Birth": "1944-05-06", "Client Type": "Service user",
              "Primary Support Reason": "Physical support: Personal care support", "Postcode": "XA1 1BB",
              "Accommodation Status": "Owner occupier or shared ownership scheme", "Has Unpaid Carer": "No",
              "Client Funding Status": "Fully social care funded"}  # fmt: skip
    return {**PERIOD, **person, "Event Start Date": start, "Event End Date": end, **cells}


def service(who, start, end="", provider="1-9990000001", **cells):
    outcome = {"Event Outcome": "NFA: Support ended as planned"} if end else {}
    return row(who, start, end, **{**HOME, **outcome, "Provider CQC Location ID": provider, **cells})


def records(folder, *rows):
    path = folder / "records.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [column.heading for column in cld_format().columns], restval="")
        writer.writeheader()
        writer.writerows(rows)
    return open_care_records(str(path))


def values_with(**given):
    return chosen.values(chosen.chosen("staff_time", OF_SIMULATION, given, "2025-04-01"))


@pytest.fixture(scope="module")
def values():
    return values_with()


@pytest.mark.worked
def test_counts_by_hand(tmp_path):
    """One new package with two providers, one move, one change of hours, a direct payment and equipment not counted."""
    work = events.workload(
        records(
            tmp_path,
            service(1, "2024-06-01"),
            service(1, "2024-06-01", provider="1-9990000002"),
            service(2, "2020-01-01", "2024-07-31"),
            service(2, "2024-08-01", provider="1-9990000002"),
            service(3, "2020-01-01", "2024-07-31"),
            service(3, "2024-08-05", **{"Planned units per week": "14"}),
            service(4, "2024-09-01", **{"Delivery Mechanism": "Direct payment"}),
            service(5, "2024-09-01", **{"Service Component": "Equipment"}),
            service(6, "2020-01-01", "2024-06-01"),
            service(6, "2024-09-01"),
            row(2, "2024-10-01", "2024-10-02", **REVIEW),
            row(3, "2023-10-01", "2023-10-02", **REVIEW),
        ).events
    )
    assert work.counts == {"requests": 0, "assessments": 0, "financial_assessments": 0, "reviews": 1,
                           "new_packages": 3, "moves": 1, "changes": 1}  # fmt: skip
    assert work.orders.height == 5
    assert (work.long_term_people, work.home_care_people) == (6, 4)
    assert work.year_share == 1.0


@pytest.mark.worked
def test_overdue_by_hand(tmp_path):
    """Known for a year: persons 1 to 4. Of them 1 was reviewed and 2 assessed within it: half are overdue."""
    assessed = {"Event Type": "Assessment", "Assessment Type": "Long term assessment",
                "Event Outcome": "Progress to support planning or services",
                "Method of Assessment": "Service user only"}  # fmt: skip
    work = events.workload(
        records(
            tmp_path,
            *(service(who, "2020-01-01") for who in (1, 2, 3, 4)),
            service(5, "2024-12-01"),
            row(1, "2024-10-01", "2024-10-02", **REVIEW),
            row(2, "2024-10-01", "2024-10-02", **assessed),
        ).events
    )
    assert (work.stale_share, work.known_for_a_year) == (0.5, 4)


@pytest.mark.worked
def test_half_a_year_is_scaled_up(tmp_path):
    """Files of 182 days: counts are doubled, and what is overdue is not known."""
    half = {"Reporting Period Start Date": "2024-10-01", "Reporting Period End Date": "2025-03-31"}
    rows = [service(1, "2024-11-01"), row(1, "2024-12-01", "2024-12-02", **REVIEW)]
    work = events.workload(records(tmp_path, *({**one, **half} for one in rows)).events)
    assert work.year_share == 0.5
    assert (work.counts["reviews"], work.counts["new_packages"]) == (2.0, 2.0)
    assert work.stale_share is None


@pytest.mark.worked
def test_hours_by_hand(tmp_path, values):
    """Arranging takes 2.5 hours and 0.2 for each of 1 / 0.52 services asked; monitoring 70 for each of two."""
    work = events.workload(
        records(tmp_path, service(1, "2024-06-01"), service(1, "2024-06-01", provider="1-9990000002")).events
    )
    found = {one.name: one for one in hours.activities(work, values)}
    assert found["brokerage"].hours == pytest.approx(2 * (2.5 + 0.2 / 0.52))
    assert found["monitoring"].hours == 140
    assert found["tendering"].hours == pytest.approx(2 / 4 * 50)
    assert found["coordination"].hours == pytest.approx(1 * 0.1 * 52 * 0.25)
    assert found["disputes"].hours == pytest.approx(2 * 0.15 * 3), "nothing is known of overdue reviews"
    assert found["safeguarding about care"].hours == pytest.approx(0.07 * 14)
    fewer = freed.one_order_fewer(list(found.values()), 2, values)
    assert fewer.hours == pytest.approx(2.5 + 0.2 / 0.52 + 0.15 * 3)
    assert fewer.social_worker_hours == pytest.approx(0.15 * 3)
    assert freed.one_provider_fewer(list(found.values()), 2, values).hours == pytest.approx(70 + 12.5)


@pytest.mark.worked
def test_management_by_hand(values):
    """260 hours a week: 10 workers of 26 hours; 260 * 52 * .05 + 10 * (20 + 8) + 150 hours."""
    spent, pounds = freed.management(260, 1, values)
    assert spent == pytest.approx(260 * 52 * 0.05 + 10 * 28 + 150)
    assert pounds == pytest.approx(spent * 24)


@pytest.mark.closed_form
def test_time_budget_case_1(tmp_path):
    """CASE-1: 1,600 hours, 300 for other things, 60 cases of 13.6 hours: .3025 left; a fifth allows 72.06 cases."""
    numbers = values_with(
        social_worker_hours=1600, other_work_share=300 / 1600, direct_work_floor_share=0.2, review_hours=13.6,
        other_enquiry_rate=0, usual_concern_rate=0, dispute_rate=0, request_hours=0.25,
    )  # fmt: skip
    rows = [service(who, "2020-01-01") for who in range(60)]
    rows += [row(who, "2024-10-01", "2024-10-02", **REVIEW) for who in range(60)]
    work = events.workload(records(tmp_path, *rows).events)
    year = year_of(work, 1.0, None, numbers)
    assert year.load.direct_work == pytest.approx(0.3025)
    assert year.load.carried == pytest.approx(72.0588, abs=1e-4)
    assert year.load.done == pytest.approx(60 * 13.6)


@pytest.mark.closed_form
def test_brokers_queue_case_3(values):
    """CASE-3: 45 a unit of time, ten servers of 5 each: waiting .133746 of it."""
    each = values["social_worker_hours"] / (5 * 52)
    work = hours.Activity("brokerage", hours.BROKER, 45 * 52, each, each, each, hours.RECORDED)
    queue = freed.brokers_queue([work], 10, values)
    assert queue.arrivals == pytest.approx(45)
    assert queue.busy == pytest.approx(0.9)
    assert queue.wait_days / 7 == pytest.approx(0.133746, abs=1e-6)
    assert math.isinf(freed.brokers_queue([work], 9, values).wait_days)


@pytest.mark.property
def test_reviews_put_off_until_they_fit(tmp_path, values):
    """With fewer social workers a larger share goes unreviewed; with enough, none; the loop of disputes adds to it."""
    rows = [service(who, "2020-01-01") for who in range(200)]
    work = events.workload(records(tmp_path, *rows).events)
    overdue = [year_of(work, posts, None, values).load.overdue for posts in (1.5, 2.0, 3.0, 8.0)]
    assert overdue == sorted(overdue, reverse=True)
    assert overdue[-1] == 0.0 < overdue[0]
    calm = {**values, "dispute_rate": 0.0}
    assert year_of(work, 2.0, None, calm).load.overdue < year_of(work, 2.0, None, values).load.overdue


@pytest.mark.property
def test_no_hours_of_one_no_claim(tmp_path):
    """With every hour of one at its least nothing goes with buying but what is recorded; nothing is built in."""
    numbers = values_with(dispute_rate=0, monitoring_hours=0, bid_hours=0.01, coordination_hours=0,
                          placement_hours=0.01, call_hours=0.01, negotiation_hours=0.25)  # fmt: skip
    work = events.workload(records(tmp_path, service(1, "2024-06-01"), service(2, "2024-06-01")).events)
    year = year_of(work, None, None, numbers)
    assert year.bought_hours < 0.1
    assert year.management[0] > 100, "the management of care is there whoever employs"


@pytest.mark.property
@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 700), st.integers(-1, 700), st.integers(0, 3)), max_size=25)
)
def test_counts_add_up_whatever_the_services(tmp_path_factory, drawn):
    """New, moved and changed together are the starts in the year; orders are the services open at its end."""
    first, end, since = date(2023, 5, 1), date(2025, 3, 31), date(2024, 4, 2)
    rows, starts, still_open = {}, 0, 0
    for number, (who, after, length, provider) in enumerate(drawn):
        start = first + timedelta(days=after)
        stop = start + timedelta(days=length) if length >= 0 else None
        stop = stop if stop is not None and stop <= end else None
        if start > end or (stop is not None and stop < date(2024, 4, 1)):
            continue
        key = (who, start, provider)
        rows[key] = (service(who, start.isoformat(), stop.isoformat() if stop else "",
                             provider=f"1-999000000{provider}"), start, stop)  # fmt: skip
        assert number < 25
    starts = sum(since <= start <= end for _, start, _ in rows.values())
    still_open = sum(stop is None or stop >= end for _, _, stop in rows.values())
    folder = tmp_path_factory.mktemp("records")
    work = events.workload(records(folder, service(99, "2020-01-01"), *(one for one, _, _ in rows.values())).events)
    counts = work.counts
    assert counts["new_packages"] + counts["moves"] + counts["changes"] == starts
    assert work.orders.height == still_open + 1


@pytest.mark.worked
def test_anytown_all_the_way():
    """The made-up place: 23 reviews of 5 hours; 15 of 38 people overdue; findings and tables hold together."""
    result = staff_time(open_care_records("anytown"), social_workers=1.0, brokers=0.5)
    found = {one.subject: one for one in result.by_code()["staff_time_activity"]}
    assert found["review"].hours == 115
    assert found["review"].pounds == 115 * 57
    [overdue] = result.by_code()["staff_time_reviews_overdue"]
    assert (overdue.people, overdue.hours) == (15, 75)
    table = result.sheet("Activities").frame
    assert table["hours"][-1] == pytest.approx(table["hours"][:-1].sum())
    assert "staff_time_over_capacity" in result.by_code()
    assert {one.value for one in result.settings if one.name in ("social_workers", "brokers")} == {1.0, 0.5}
    assert "EX0000001" not in result.to_json()


@pytest.mark.worked
def test_refusals():
    """Unknown numbers and impossible ones, all of them at once."""
    with pytest.raises(InputError) as refused:
        staff_time(open_care_records("anytown"), given={"review_hour": 1.0, "usual_room_share": 1.5})
    assert {problem.code for problem in refused.value.problems} == {"unknown_setting", "impossible"}


@pytest.fixture(scope="module")
def of_anytown():
    return staff_time(open_care_records("anytown"))


@pytest.mark.worked
def test_the_share_that_goes_with_buying_says_on_what_it_rests(of_anytown):
    """Of 990 hours 654 go with buying, 490 of them monitoring at 70 hours a provider. At none (654 - 490) / (990 - 490)
    is 33%, at 200 (164 + 1,400) / (500 + 1,400) is 82%."""
    said = " ".join(of_anytown.summary)
    assert "66% of these hours go with buying care" in said
    assert "a judgement, contract officers' hours a year for each provider in use: 70 hours, 0 to 200" in said
    assert "It alone could make it 33% or 82%" in said


@pytest.mark.worked
def test_what_one_provider_fewer_frees_has_a_low_and_a_high(of_anytown):
    """One provider fewer frees 70 and 50 / 4 hours; from 0 to 200 and 0 to 150 / 4, added as squares; years of
    a contract move it a little more."""
    row = next(row for row in of_anytown.sheet("Doubt").frame.to_dicts() if row["figure"] == "one provider fewer frees")
    below, above = (70.0**2 + 12.5**2) ** 0.5, (130.0**2 + 25.0**2) ** 0.5
    assert row["middle"] == pytest.approx(82.5)
    assert row["high"] == pytest.approx(82.5 + above, abs=8.0)
    assert row["low"] == pytest.approx(82.5 - below, abs=2.0)

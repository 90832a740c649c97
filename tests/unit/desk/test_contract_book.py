"""The contract book by hand: one planted case for each thing it looks for, in pounds worked out beside it."""

from datetime import date

import pytest
from test_records_support import PERSONAL, person, review, service, write

from insource.cli.desk import write_result
from insource.desk.care_records import open_care_records
from insource.desk.contracts import contract_book, open_book, open_register, orders, providers
from insource.desk.contracts.tool import numbers
from insource.errors import InputError

pytestmark = pytest.mark.worked

WEEK = 24.0 * 14
"""Pounds a week of the clean row of home care."""


def book_of(tmp_path, *rows, **settings):
    """The result for these rows."""
    return contract_book(open_care_records(str(write(tmp_path / "cld.csv", rows))), settings)


def found(result, code):
    """The only finding of a code."""
    (one,) = [one for one in result.findings if one.code == code]
    return one


def codes(result):
    """Codes of what was found."""
    return {one.code for one in result.findings}


def alike(number, **changes):
    """Clean rows of several people, each with a review, from the second on."""
    rows = [service(**person(one), **changes) for one in range(2, 2 + number)]
    return rows + [review(**person(one)) for one in range(2, 2 + number)]


def test_a_clean_book_finds_nothing(tmp_path):
    """Otherwise the tests of single faults would prove nothing."""
    result = book_of(tmp_path, service(), review(), *alike(12))
    assert codes(result) == set()
    assert result.summary[0] == "Services open on 31/03/2025: 13 people, £227,000 a year."
    assert pytest.approx(227_136) == 13 * WEEK * 52


def test_open_after_death(tmp_path):
    """Died on 1 January 2025, a week of grace, open to the last day: 9 January to 31 March are 82 days."""
    dead = {"date_of_death": "2025-01-01"}
    result = book_of(tmp_path, service(**dead, event_end_date=""), review())
    one = found(result, "open_after_death")
    assert (one.subject, one.people, one.confidence, one.rows) == ("1-9990000001", 1, "high", ("cld.csv:2",))
    assert one.pounds == pytest.approx(WEEK * 82 / 7)
    assert one.hours == pytest.approx(14 * 82 / 7)
    later = book_of(tmp_path, service(**dead), review(), death_grace_days=42)
    assert found(later, "open_after_death").pounds == pytest.approx(WEEK * 47 / 7)


def test_ended_at_death_is_no_finding(tmp_path):
    """A service that ended within the days of grace is none; nor is one of a person who lives."""
    ended = service(date_of_death="2025-01-01", event_end_date="2025-01-08", event_outcome="NFA: Deceased")
    assert "open_after_death" not in codes(book_of(tmp_path, ended, review(), service(**person(2))))


def test_only_the_last_52_weeks_count(tmp_path):
    """Dead since 2023: the year to 31 March 2025 has 364 days, all of them paid for."""
    result = book_of(tmp_path, service(event_start_date="2022-01-01", date_of_death="2023-03-01"))
    assert found(result, "open_after_death").pounds == pytest.approx(WEEK * 52)


def test_beside_a_care_home(tmp_path):
    """Moved on 1 March 2025, a fortnight of notice: 16 to 31 March are 16 days."""
    home = service(
        event_start_date="2025-03-01",
        service_type="Long term support: Residential care",
        service_component="Long term residential care",
        provider_cqc_location_id="1-9990000777",
        unit_cost="900",
        cost_frequency_unit_type="Weekly",
        planned_units_per_week="",
    )
    result = book_of(tmp_path, service(), review(), home)
    one = found(result, "open_beside_care_home")
    assert (one.subject, one.pounds) == ("1-9990000001", pytest.approx(WEEK * 16 / 7))
    respite = home | {"Service Type": "Short term support: Other short term"}
    respite["Service Component"] = "Short term residential care"
    assert "open_beside_care_home" not in codes(book_of(tmp_path, service(), review(), respite))


def admitted(day):
    """A review that ended with an admission to hospital."""
    return review(
        event_start_date=day, event_end_date=day, event_outcome="Admitted to hospital",
        review_reason="Unplanned - Hospital (Planned and unplanned episodes)", review_outcomes_achieved="",
    )  # fmt: skip


def test_in_hospital(tmp_path):
    """Admitted on 1 December, seen again on 13 January: 42 days away, 14 of them kept, so 28 are not needed."""
    result = book_of(tmp_path, service(), admitted("2024-12-01"), review())
    one = found(result, "open_in_hospital")
    assert (one.pounds, one.confidence) == (pytest.approx(WEEK * 28 / 7), "low")
    short = book_of(tmp_path, service(), admitted("2024-12-20"), review())
    assert "open_in_hospital" not in codes(short)


def test_review_overdue(tmp_path):
    """Care since 2022 and last reviewed in 2023: overdue, at what the package costs; seen in January it is not."""
    old = service(event_start_date="2022-05-01")
    seen = review(event_start_date="2023-06-01", event_end_date="2023-06-08")
    one = found(book_of(tmp_path, old, seen), "review_overdue")
    assert (one.pounds, one.hours, one.people) == (pytest.approx(WEEK * 52), pytest.approx(14 * 52), 1)
    assert "review_overdue" not in codes(book_of(tmp_path, old, review()))
    assert "review_overdue" not in codes(book_of(tmp_path, service(event_start_date="2024-09-01")))


def test_nobody_is_overdue_whom_the_files_could_not_show(tmp_path):
    """A single quarter holds no review of last summer, so that none is there says nothing."""
    quarter = {"reporting_period_start_date": "2025-01-01"}
    assert "review_overdue" not in codes(book_of(tmp_path, service(event_start_date="2022-05-01", **quarter)))


def test_double_handed(tmp_path):
    """Twice the usual price and not reviewed since: the package's cost a year; reviewed in January it is none."""
    rows = alike(12)
    double = service(unit_cost="48", event_start_date="2022-05-01")
    one = found(book_of(tmp_path, double, *rows), "double_handed_unreviewed")
    assert (one.pounds, one.people, one.confidence) == (pytest.approx(2 * WEEK * 52), 1, "low")
    assert "double_handed_unreviewed" not in codes(book_of(tmp_path, double, review(), *rows))
    many = service(planned_units_per_week="49", event_start_date="2022-05-01")
    assert "double_handed_unreviewed" in codes(book_of(tmp_path, many, *rows))


def test_prices_of_like_care(tmp_path):
    """Twelve at £24; three people of one provider at £30: £6 x 14 hours x 52 weeks x 3 above the median."""
    dear = [service(**person(n), unit_cost="30", provider_cqc_location_id="1-9990000555") for n in range(50, 53)]
    cheap = [service(**person(n), unit_cost="20", provider_cqc_location_id="1-9990000444") for n in range(60, 63)]
    rows = [*dear, *cheap, *(review(**person(n)) for n in (*range(50, 53), *range(60, 63)))]
    result = book_of(tmp_path, *alike(12), *rows)
    one = found(result, "dear_for_like_care")
    assert (one.subject, one.people) == ("1-9990000555", 3)
    assert one.pounds == pytest.approx(6 * 14 * 52 * 3)
    other = found(result, "cheap_for_like_care")
    assert (other.subject, other.pounds) == ("1-9990000444", pytest.approx(4 * 14 * 52 * 3))
    spread = result.sheet("prices of like care").frame.row(0, named=True)
    assert spread["group"] == "Home support or domiciliary care, 65 and over, a hour, XA1"
    assert (spread["people"], spread["median"], spread["above"]) == (18, 24.0, pytest.approx(6 * 14 * 52 * 3))


def test_districts_are_not_compared_where_there_are_enough(tmp_path):
    """Twelve at £24 in one district and twelve at £30 in another: each is usual where it is."""
    rows = alike(12) + [service(**person(n), unit_cost="30", postcode="XA2 1BC") for n in range(50, 62)]
    rows += [review(**person(n)) for n in range(50, 62)]
    assert codes(book_of(tmp_path, *rows)) == set()


def test_price_outliers(tmp_path):
    """£60 among £24 stands alone; £2,400 an hour cannot be right: it is found and never added up."""
    result = book_of(tmp_path, *alike(12), service(unit_cost="60"), review())
    one = found(result, "price_outlier")
    assert (one.pounds, one.rows) == (pytest.approx(36 * 14 * 52), ("cld.csv:26",))
    odd = book_of(tmp_path, *alike(12), service(unit_cost="2400"), review())
    assert found(odd, "price_outlier").pounds is None
    assert "£210,000" in odd.summary[0]
    assert "13 people, £" in odd.summary[0]
    assert pytest.approx(209_664) == 12 * WEEK * 52


def test_prices_below_pay(tmp_path):
    """11.44 x 1.6 = £18.30 is the least an hour costs on 31 March 2025; £15 is £3.304 short, 14 hours a week."""
    one = found(book_of(tmp_path, service(unit_cost="15"), review()), "price_below_pay")
    assert one.pounds == pytest.approx((11.44 * 1.6 - 15) * 14 * 52, abs=0.01)
    own = book_of(tmp_path, service(unit_cost="15"), review(), wage_floor_pence=900)
    assert "price_below_pay" not in codes(own)


def test_many_providers(tmp_path):
    """Three providers at once are many, two are not; the usual one has half of the hours."""
    three = [
        service(provider_cqc_location_id=f"1-999000000{n}", planned_units_per_week=hours)
        for n, hours in enumerate(("7", "3.5", "3.5"))
    ]
    result = book_of(tmp_path, *three, review())
    assert sum(one.pounds for one in result.findings if one.code == "many_providers") == pytest.approx(WEEK * 52)
    table = result.sheet("providers of people").frame.row(0, named=True)
    assert (table["at_once"], table["people"], table["usual_share"], table["pairs"]) == (3, 1, 0.5, 3.0)
    assert "many_providers" not in codes(book_of(tmp_path, *three[:2], review()))


def moves(who, first, second, day, next_day):
    """A person who goes from one provider to another."""
    ended = service(
        **person(who), provider_cqc_location_id=first, event_end_date=day, event_outcome="NFA: Support ended as planned"
    )
    return [
        ended,
        service(**person(who), provider_cqc_location_id=second, event_start_date=next_day),
        review(**person(who)),
    ]


def test_changes_of_provider(tmp_path):
    """Two changes in a year are many; one is not; a return to the same provider is no change."""
    one_change = moves(1, "1-9990000001", "1-9990000002", "2024-09-30", "2024-10-02")
    back = service(**person(1), provider_cqc_location_id="1-9990000003", event_start_date="2025-02-01")
    one_change[1]["Event End Date"], one_change[1]["Event Outcome"] = "2025-01-31", "NFA: Support ended as planned"
    assert "many_changes" in codes(book_of(tmp_path, *one_change, back))
    same = service(**person(1), provider_cqc_location_id="1-9990000002", event_start_date="2025-02-01")
    assert "many_changes" not in codes(book_of(tmp_path, *one_change, same))


def test_packages_that_moved_together(tmp_path):
    """Five people leave one provider within four weeks: found, with their cost a year; four are not."""
    rows = [
        row
        for who in range(1, 6)
        for row in moves(who, "1-9990000001", "1-9990000002", f"2024-09-{10 + who}", "2024-09-20")
    ]
    one = found(book_of(tmp_path, *rows), "packages_moved")
    assert (one.subject, one.people, one.pounds) == ("1-9990000001", 5, pytest.approx(5 * WEEK * 52))
    assert one.reason == "packages that went to other providers between 11/09/2024 and 15/09/2024"
    assert "packages_moved" not in codes(book_of(tmp_path, *rows[:-3]))


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("Unplanned - Provider Failure", "provider_failure_review"),
        ("Unplanned - Change in Commissioning arrangements", "commissioning_review"),
    ],
)
def test_reviews_because_of_the_market(tmp_path, reason, code):
    """They are counted against the provider of the day, or against none where none is recorded."""
    held = review(review_reason=reason, review_outcomes_achieved="")
    one = found(book_of(tmp_path, service(), held), code)
    assert (one.subject, one.people, one.pounds) == ("1-9990000001", 1, pytest.approx(WEEK * 52))
    assert one.rows == ("cld.csv:3",)
    alone = found(book_of(tmp_path, service(provider_cqc_location_id=""), held), code)
    assert (alone.subject, alone.pounds) == ("provider not recorded", None)


def two_years(tmp_path, after, reviewed=True, people=40):
    """People with 14 hours in the first submission and `after` in the second, and somebody overdue with 10."""
    first = {"reporting_period_start_date": "2023-04-01", "reporting_period_end_date": "2024-03-31"}
    start = {"event_start_date": "2022-05-01"}
    rows = []
    for number in range(2, 2 + people):
        rows += [service(**person(number), **start, **first)]
        rows += [service(**person(number), **start, planned_units_per_week=after)]
        rows += [review(**person(number))] if reviewed else []
    overdue = {**start, "planned_units_per_week": "10"}
    rows += [service(**person(500), **overdue, **first), service(**person(500), **overdue)]
    return contract_book(open_care_records(str(write(tmp_path / "cld.csv", rows))))


def test_what_reviews_changed_says_what_the_overdue_may_hold(tmp_path):
    """All 40 reviewed went from 14 to 10.5 hours: a quarter less; a quarter of 10 hours at £24 is £3,120 a year."""
    one = found(two_years(tmp_path, "10.5"), "likely_over_ordered")
    assert (one.hours, one.pounds, one.people) == (pytest.approx(130), pytest.approx(3120), 1)
    other = found(two_years(tmp_path, "17.5"), "likely_under_ordered")
    assert (other.hours, other.pounds) == (pytest.approx(130), pytest.approx(3120))
    for result in (two_years(tmp_path, "14"), two_years(tmp_path, "10.5", people=20)):
        assert not {"likely_over_ordered", "likely_under_ordered"} & codes(result)


def test_without_reviews_nothing_is_said_of_them(tmp_path):
    """Hours that fell without a review are in the table and in no finding."""
    result = two_years(tmp_path, "10.5", reviewed=False)
    assert "likely_over_ordered" not in codes(result)
    rows = {tuple(row[:3]) for row in result.sheet("reviews changed").frame.iter_rows()}
    assert rows == {("not reviewed", "lowered", 40), ("not reviewed", "same", 1)}


def test_numbers_of_ones_own(tmp_path):
    """Unknown names and values that cannot be are refused together; a parameter of the simulation may be given."""
    with pytest.raises(InputError) as fault:
        book_of(tmp_path, service(), death_grace=3, notice_days=400)
    assert {problem.code for problem in fault.value.problems} == {"unknown_setting", "setting_range"}
    records = open_care_records(str(tmp_path / "cld.csv"))
    assert numbers(records, {"employment_cost_ratio": 1.9})["employment_cost_ratio"].value == 1.9
    assert numbers(records, {})["wage_floor_pence"].value == 1144


def test_files_without_care_records_are_refused(tmp_path):
    """A folder of something else, or a path that is not there."""
    with pytest.raises(InputError, match="no such file"):
        open_care_records(str(tmp_path / "gone"))
    blank = write(tmp_path / "cld.csv", [service(event_type="Service", service_component="Nonsense")])
    with pytest.raises(InputError, match="no usable row"):
        open_care_records(str(blank))


def test_nothing_personal_comes_out(tmp_path):
    """No name, number, birthday or postcode in anything that is written."""
    result = book_of(tmp_path, service(date_of_death="2025-01-01"), review())
    folder = tmp_path / "out"
    write_result(result, folder)
    text = result.to_json() + (folder / "contracts.html").read_text("utf-8") + (folder / "findings.csv").read_text()
    assert not [secret for secret in PERSONAL if secret in text]
    assert "2025-01-01" not in text


def test_the_book_itself(tmp_path):
    """Cost, price, line and review of the clean row; a later submission that lacks a service ends it."""
    first = {"reporting_period_start_date": "2023-04-01", "reporting_period_end_date": "2024-03-31"}
    lost = service(**person(2), **first, event_start_date="2023-06-01")
    records = open_care_records(str(write(tmp_path / "cld.csv", [service(), review(), lost])))
    book = open_book(records, numbers(records, {}))
    rows = {row["who"]: row for row in book.services.iter_rows(named=True)}
    assert (rows["person 1"]["weekly"], rows["person 1"]["price"], rows["person 1"]["hours"]) == (WEEK, 24.0, 14.0)
    assert rows["person 1"]["reviewed"] == date(2025, 1, 20)
    assert (rows["person 2"]["end"], rows["person 2"]["is_open"]) == (date(2024, 3, 31), False)
    assert (book.first_day, book.last_day, book.weeks_covered) == (date(2024, 4, 2), date(2025, 3, 31), 104)
    assert orders.review_changes(book).mean is None
    assert providers.providers_of_people(book)["at_once"].to_list() == [1]


REGISTER = """Reference Number,Title of Agreement,Supplier Name,Annual Value,Start Date,End Date,Notice Period (weeks),\
Minimum Term End Date
A,Home care north,North Care Ltd,52000,01/04/2024,31/03/2027,12,
B,Home care south,South Care Ltd,52000,01/04/2024,31/03/2027,12,29/09/2025
C,Home care west,West Care Ltd,52000,01/04/2024,30/04/2025,,
D,Home care long gone,Old Care Ltd,52000,01/04/2020,31/03/2024,12,
E,School transport,Coach Ltd,52000,01/04/2024,31/03/2027,12,
"""


def test_minimum_terms_and_notice_still_running(tmp_path):
    """On 31 March 2025, at £1,000 a week: A 12 weeks of notice; B 26 weeks to the end of its minimum term; C, whose
    notice is not recorded, until it ends in 30 days; D has ended; E is for schools."""
    path = tmp_path / "register.csv"
    path.write_text(REGISTER, encoding="utf-8")
    records = open_care_records(str(write(tmp_path / "cld.csv", [service(), review()])))
    result = contract_book(records, {}, open_register(path))
    found_of = {one.subject[0]: one for one in result.findings if one.code == "runs_on_if_ended"}
    assert {name: one.pounds for name, one in found_of.items()} == pytest.approx(
        {"A": 12_000, "B": 26_000, "C": 30 / 7 * 1000}, abs=0.01
    )
    assert {name: one.confidence for name, one in found_of.items()} == {"A": "medium", "B": "medium", "C": "low"}
    assert found_of["A"].rows == ("register.csv:2",)
    assert result.inputs[-1].file == "register.csv"
    assert any(line.endswith("): 3, £42,300.") for line in result.summary)

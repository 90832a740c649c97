"""What a place takes from records: whose home care, how many hours, and where every value comes from."""

import csv
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from test_records_support import REVIEW, person, review, service, write

from insource import parameters
from insource.place import Place, from_records, new_place, synthetic, write_example
from insource.place.model import REASONS
from insource.units import WEEKS_A_YEAR

pytestmark = pytest.mark.worked


def place_of(folder: Path, *rows: dict[str, str]) -> Place:
    """The place of these rows."""
    write(folder / "records.csv", rows)
    new_place(folder, overwrite=True)
    return from_records(folder)


def everybody(*rows: dict[str, str], people: int = 1, first: int = 1) -> list[dict[str, str]]:
    """The rows again for each of several people."""
    cells = [person(number) for number in range(first, first + people)]
    headings = ("NHS Number", "LA Person Unique Identifier")
    return [{**row, **dict(zip(headings, cell.values(), strict=True))} for cell in cells for row in rows]


def minutes(place: Place) -> list[float]:
    """Everybody's order, smallest first."""
    return sorted(place.donors["package_minutes"].tolist())


def test_one_person(tmp_path):
    """All columns of somebody with 14 hours, a carer and a review ten weeks before the end of the period."""
    place = place_of(tmp_path, service(), review())
    assert {name: values.tolist() for name, values in place.donors.items()} == {
        "person": [1],
        "line": [0],
        "age_band": [2],
        "reason": [REASONS.index("physical support: personal care")],
        "zone": [0],
        "is_with_carer": [1],
        "package_minutes": [840.0],
        "since_review_weeks": [10],
    }
    assert place.base_date == "2025-04-01"


SHARED = {"service_component": "Community supported living"}


def test_supported_living(tmp_path):
    """It has a line, a price and hours of its own: weekly costs are turned into hours at its own price."""
    rows = [
        service(**person(1), unit_cost="20", planned_units_per_week="10"),
        service(**person(2), **SHARED, unit_cost="25", planned_units_per_week="40"),
        service(**person(3), **SHARED, cost_frequency_unit_type="Weekly", unit_cost="1500"),
    ]
    place = place_of(tmp_path, *rows)
    found = dict(zip(place.donors["package_minutes"] / 60, place.donors["line"], strict=True))
    assert found == {10.0: 0, 40.0: 1, 60.0: 1}
    records = {override.name: override.value for override in place.records}
    assert (records["external_price_pounds"], records["supported_living_price_pounds"]) == (20.0, 25.0)
    assert (records["home_care_hours"], records["supported_living_hours"]) == (10.0, 50.0)
    assert any("fewer than 5 people with home support and fewer than 5 in supported" in note for note in place.notes)
    assert place.lines()["supported_living"].people == 2


def test_without_home_care_there_is_still_a_place(tmp_path):
    """A file of supported living only; what it does not tell of home care is not made up."""
    row = service(**SHARED, cost_frequency_unit_type="Weekly", unit_cost="1149.50", planned_units_per_week="")
    place = place_of(tmp_path, row)
    assert list(place.lines()) == ["supported_living"]
    price = parameters.central().supported_living_price_pounds
    assert minutes(place) == pytest.approx([1149.5 / price * 60])
    assert not {"external_price_pounds", "home_care_hours"} & {override.name for override in place.records}
    assert "supported_living_hours" in {override.name for override in place.records}
    assert any(note.startswith("0 people with home support and fewer than 5 in") for note in place.notes)


@pytest.mark.parametrize(
    ("home_support", "supported_living", "line"),
    [("6", "30", 1), ("30", "6", 0), ("7", "7", 1), ("7", "", 0), ("", "7", 1), ("", "", 1)],
)
def test_both_lines(tmp_path, home_support, supported_living, line):
    """Counted once, with all hours, on the line with more of them; on the later one where neither has more."""
    rows = [
        service(planned_units_per_week=home_support),
        service(**SHARED, planned_units_per_week=supported_living, provider_cqc_location_id="1-9990000002"),
    ]
    place = place_of(tmp_path, *rows)
    assert (place.people, place.donors["line"].tolist()) == (1, [line])
    if home_support or supported_living:
        assert minutes(place) == [60 * (float(home_support or 0) + float(supported_living or 0))]
    assert any("fewer than 5 people have both" in note for note in place.notes)


def test_supported_living_that_is_not_counted(tmp_path):
    """Bought with a direct payment, short term, or ended: as with home care."""
    changes = (
        {"delivery_mechanism": "Direct payment"},
        {"service_type": "Short term support: Other short term"},
        {"event_end_date": "2025-03-30", "event_outcome": "NFA: Other"},
    )
    rows = [service(**person(number), **SHARED, **one) for number, one in enumerate(changes, start=2)]
    place = place_of(tmp_path, service(), *rows)
    assert (place.people, list(place.lines())) == (1, ["home_care"])
    assert any("fewer than 5 people who buy" in note for note in place.notes)


def test_who_has_home_care(tmp_path):
    """Service users with home support of long-term community support, open on the last day."""
    others = {
        "another component": {"service_component": "Day support"},
        "short term": {"service_type": "Short term support: Other short term"},
        "a carer": {"client_type": "Unpaid carer"},
        "not begun": {"event_start_date": "2025-04-01"},
        "ended": {"event_end_date": "2025-03-30", "event_outcome": "NFA: Other"},
        "dead": {"date_of_death": "2025-03-30"},
        "direct payment": {"delivery_mechanism": "Direct payment"},
    }
    rows = [service(**person(number), **changes) for number, changes in enumerate(others.values(), start=2)]
    on_last_day = service(**person(20), event_end_date="2025-03-31", event_outcome="NFA: Other")
    place = place_of(tmp_path, service(), *rows, on_last_day)
    assert place.people == 2
    assert any("fewer than 5 people who buy" in note for note in place.notes)


def test_hours_are_recorded_derived_or_assumed(tmp_path):
    """Hourly rows add up; weekly costs are divided by the files' own median price; the rest is drawn."""
    rows = [
        *(service(**person(1), planned_units_per_week=hours) for hours in ("7.00", "3.50")),
        service(**person(2), cost_frequency_unit_type="4-weekly", unit_cost="960", planned_units_per_week="99"),
        service(**person(3), unit_cost="", planned_units_per_week=""),
    ]
    place = place_of(tmp_path, *rows)
    known = [10.5 * 60, 240 / 24 * 60]
    assert set(known) < set(minutes(place))
    origin = next(origin for origin in place.origins if origin.column == "package_minutes")
    assert (origin.recorded, origin.derived, origin.assumed) == pytest.approx((1 / 3, 1 / 3, 1 / 3))
    records = {override.name: override.value for override in place.records}
    assert records["home_care_hours"] == pytest.approx(10.25)


def test_without_any_hourly_price_the_national_one_is_used(tmp_path):
    """£241 a week at the national price of an hour."""
    national = parameters.central().external_price_pounds
    row = service(cost_frequency_unit_type="Weekly", unit_cost="241", planned_units_per_week="")
    place = place_of(tmp_path, row)
    assert minutes(place) == pytest.approx([241 / national * 60])
    assert "external_price_pounds" not in {override.name for override in place.records}


def test_the_price_is_weighted_by_hours(tmp_path):
    """Ten hours at £20 and thirty at £24 are £23 an hour; an unlikely price and a direct payment do not count."""
    rows = [
        service(**person(1), unit_cost="20", planned_units_per_week="10"),
        service(**person(2), unit_cost="-24", planned_units_per_week="30"),
        service(**person(3), unit_cost="900", planned_units_per_week="14"),
        service(**person(4), unit_cost="11", delivery_mechanism="Direct payment"),
    ]
    records = {override.name: override for override in place_of(tmp_path, *rows).records}
    assert records["external_price_pounds"].value == 23.0
    assert records["external_price_pounds"].by == "records"
    assert "2 home care rows" in records["external_price_pounds"].reason


def test_reviews(tmp_path):
    """Latest review or assessment; for people new to care its start; for others longer ago than the files reach."""
    rows = [
        service(**person(1), event_start_date="2022-01-13", planned_units_per_week="1"),
        review(**person(1), event_end_date="2024-06-30", event_start_date="2024-06-24"),
        review(**person(1), event_end_date="2025-02-24", event_start_date="2025-02-13"),
        service(**person(2), event_start_date="2025-01-20", planned_units_per_week="2"),
        service(**person(3), event_start_date="2022-01-13", planned_units_per_week="3"),
    ]
    place = place_of(tmp_path, *rows)
    weeks = dict(zip(place.donors["package_minutes"] / 60, place.donors["since_review_weeks"], strict=True))
    assert (weeks[1.0], weeks[2.0]) == (5, 10)
    assert 52 <= weeks[3.0] < 104
    origin = next(origin for origin in place.origins if origin.column == "since_review_weeks")
    assert (origin.recorded, origin.derived, origin.assumed) == pytest.approx((1 / 3, 1 / 3, 1 / 3))
    records = {override.name: override.value for override in place.records}
    assert records["reviewed_share"] == 0.5


def test_the_latest_event_tells(tmp_path):
    """Reason and carer as the latest event has them; "Unknown" never hides what an earlier event tells."""
    rows = [
        service(event_start_date="2023-06-13", primary_support_reason="Mental health support", has_unpaid_carer="Yes"),
        review(primary_support_reason="Support with memory and cognition", has_unpaid_carer="No"),
        review(event_start_date="2025-02-13", event_end_date="2025-02-20", primary_support_reason="Unknown",
               has_unpaid_carer="Unknown"),
    ]  # fmt: skip
    place = place_of(tmp_path, *rows)
    assert REASONS[place.donors["reason"][0]] == "memory and cognition"
    assert place.donors["is_with_carer"][0] == 0


def test_an_unknown_reason_is_recorded_as_unknown(tmp_path):
    """Nothing else is known of this person."""
    place = place_of(tmp_path, service(primary_support_reason="Unknown"))
    assert REASONS[place.donors["reason"][0]] == "unknown"


def test_zones_are_districts_and_small_ones_are_put_together(tmp_path):
    """60 people in one, 55 in another, 30 and 25 in two small ones; six without a postcode go where people are."""
    sizes = {"XA1 1AA": 60, "XA2 1AA": 55, "XA3 1AA": 30, "XA4 1AA": 25, "": 6}
    rows, first = [], 1
    for postcode, people in sizes.items():
        rows += everybody(service(postcode=postcode), people=people, first=first)
        first += people
    place = place_of(tmp_path, *rows)
    assert len(place.zones["people"]) == 3
    recorded_at_least = [55, 55, 60]
    assert all(np.sort(place.zones["people"]) >= recorded_at_least)
    assert place.zones["people"].sum() == 176
    origin = next(origin for origin in place.origins if origin.column == "zone")
    assert (origin.recorded, origin.assumed) == pytest.approx((170 / 176, 6 / 176))
    assert any("2 postcode districts" in note for note in place.notes)
    assert "XA" not in repr(place)


def test_what_is_small_even_together_joins_the_smallest_zone(tmp_path):
    """A zone of three people would stand out, and no service could live there."""
    rows = [
        *everybody(service(postcode="XA1 1AA"), people=60),
        *everybody(service(postcode="XA2 1AA"), people=51, first=61),
        *everybody(service(postcode="XA3 1AA"), people=3, first=112),
    ]
    place = place_of(tmp_path, *rows)
    assert sorted(place.zones["people"].tolist()) == [54, 60]


def test_services_in_a_zone(tmp_path):
    """Two providers where 60 people live, five where 50 do: (60 x 2 + 50 x 5) / 110, rounded."""
    rows = []
    for number in range(1, 111):
        zone, providers = ("XA1 1AA", 2) if number <= 60 else ("XA2 1AA", 5)
        location = f"1-{zone[2]}{number % providers:08d}"
        rows.append(service(**person(number), postcode=zone, provider_cqc_location_id=location))
    assert place_of(tmp_path, *rows).services_per_zone == {"home_care": round((60 * 2 + 50 * 5) / 110)}
    assert place_of(tmp_path, service(provider_cqc_location_id="")).services_per_zone == {}


def test_services_of_each_line(tmp_path):
    """Three providers of home care and two of supported living work here; nobody counts for both lines."""
    shared = {"service_component": "Community supported living"}
    rows = [service(**person(n), provider_cqc_location_id=f"1-1{n % 3:08d}") for n in range(1, 61)]
    rows += [service(**person(n), **shared, provider_cqc_location_id=f"1-2{n % 2:08d}") for n in range(61, 81)]
    assert place_of(tmp_path, *rows).services_per_zone == {"home_care": 3, "supported_living": 2}


def test_how_many_have_two_services(tmp_path):
    """Of twelve people three have home care from two providers: a quarter, said as far as small counts may be."""
    seen = [(number, 0) for number in range(1, 13)] + [(number, 1) for number in range(1, 4)]
    rows = [service(**person(number), provider_cqc_location_id=f"1-10000000{one}") for number, one in seen]
    told = {override.name: override for override in place_of(tmp_path, *rows).records}
    assert told["second_service_share"].value == 0.25
    assert told["second_service_share"].reason.startswith("fewer than 5 of 12 people")


def test_a_file_that_tells_nothing_gives_a_synthetic_place(tmp_path):
    """Person by person: the draws are those of `synthetic`, keyed by the person's number."""
    unknown = service(
        date_of_birth="", primary_support_reason="", has_unpaid_carer="", unit_cost="", planned_units_per_week="",
        postcode="", provider_cqc_location_id="", event_start_date="2020-01-13",
    )  # fmt: skip
    like = synthetic(500, seed=1)
    for number, component in enumerate(("Home support or domiciliary care", "Community supported living")):
        place = place_of(tmp_path, *everybody({**unknown, "Service Component": component}, people=500))
        alike = like.donors["line"] == number
        assert 50 < alike.sum() < 450
        for name in ("person", "age_band", "reason", "zone", "is_with_carer", "package_minutes", "since_review_weeks"):
            assert np.array_equal(place.donors[name][alike], like.donors[name][alike]), name
        assumed = {origin.column: origin.assumed for origin in place.origins}
        assert assumed.pop("line") == 0.0
        assert set(assumed.values()) == {1.0}


def test_ages_that_are_told_shape_what_is_not(tmp_path):
    """Somebody of 30 gets the hours and reason of a young person, whatever `synthetic` would have drawn."""
    young = service(date_of_birth="1995-01-01", primary_support_reason="", unit_cost="", planned_units_per_week="")
    place = place_of(tmp_path, *everybody(young, people=400))
    assert set(place.donors["age_band"]) == {0}
    national = synthetic(25_000, seed=1)
    old = national.donors["package_minutes"][national.donors["age_band"] > 0].mean()
    assert place.donors["package_minutes"].mean() > 1.3 * old
    assert 0.3 < (place.donors["reason"] == REASONS.index("learning disability")).mean() < 0.55


@pytest.mark.parametrize("release", ["R1", "R2"])
def test_the_order_of_rows_does_not_matter(tmp_path, release):
    """A shuffled file, with duplicates and faults in it, gives the same place under the same key."""
    folder = tmp_path / "council"
    write_example(folder, 300, 8, release)
    path = folder / "client_level_data_2025.csv"
    heading, *rows = list(csv.reader(path.open(encoding="utf-8", newline="")))
    units, gender, postcode = (heading.index(name) for name in ("Planned units per week", "Gender", "Postcode"))
    for number, row in enumerate(list(rows)[::9]):
        again = list(row)
        again[gender], again[postcode] = "?", f"XZ{number % 7 + 1} 1AA"
        rows.append(again)
    for row in rows[::11]:
        row[units] = "-1"
    fingerprints = set()
    for seed in range(3):
        random.Random(seed).shuffle(rows)
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([heading, *rows])
        place = from_records(folder)
        assert place.usable_share < 0.95
        fingerprints.add(place.fingerprint())
        if seed == 0:  # and in another process, which has met words in another order
            code = f"from insource.place import from_records; print(from_records({str(folder)!r}).fingerprint())"
            child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
            fingerprints.add(child.stdout.strip())
    assert len(fingerprints) == 1


def test_another_key_renumbers_people_and_changes_nothing_else(tmp_path):
    """The people are the same; only who is number 1 changes, and so the luck of each."""
    folder = tmp_path / "council"
    write_example(folder, 200, 8)
    before = from_records(folder)
    (folder / "pseudonym.key").unlink()
    after = from_records(folder)
    assert before.fingerprint() != after.fingerprint()
    assert minutes(before) == minutes(after)
    assert from_records(folder).fingerprint() == after.fingerprint()


def test_faulty_rows_are_left_out_and_counted(tmp_path):
    """The place is made from the others, and says so."""
    rows = [service(**person(number)) for number in range(1, 5)]
    rows[2]["Planned units per week"] = "-14"
    place = place_of(tmp_path, *rows)
    assert (place.people, place.usable_share) == (3, 0.75)
    assert any("75.00% of 4 rows" in note for note in place.notes)


def test_people_who_are_also_in_a_care_home_are_named(tmp_path):
    """Their home support may have ended unnoticed: counted in a note, not left out."""
    home = {"service_type": "Long term support: Nursing care", "service_component": "Long term nursing care"}
    place = place_of(tmp_path, service(), service(**home), service(**person(2)))
    assert place.people == 2
    assert any("fewer than 5 people also have a care home service" in note for note in place.notes)


def test_nothing_personal_reaches_the_place(tmp_path):
    """Not in its repr, its notes or its columns."""
    place = place_of(tmp_path, service(), review())
    text = repr(place)
    for value in ("9990000018", "EX0000001", "Xanthippe", "Quillfeather", "1941", "XA1"):
        assert value not in text
    assert REVIEW["Postcode"].startswith("XA1")
    assert max(place.donors["since_review_weeks"]) < 2 * WEEKS_A_YEAR

"""Invented people and events in the format of the Client Level Data return, so that readers and users see real files.

Nobody here exists: NHS numbers come from the test range that begins with 999, postcodes from areas that no post office
knows (X...), everybody is called Example. Two submissions of a year each are written, as a council would have them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from insource.draws import decisions, fill_uniform, luck
from insource.records.cld_format import cld_format
from insource.records.codelists import codelists
from insource.records.example_events import (
    COMMUNITY,
    HOME_SUPPORT,
    PROVIDERS_IN_ZONE,
    SUPPORTED_LIVING,
    Event,
    assessment,
    by_the_hour,
    direct_payment,
    request,
    review,
    weekly_service,
)
from insource.units import DAYS_A_WEEK, MINUTES_AN_HOUR

PERIODS = ((date(2023, 4, 1), date(2024, 3, 31)), (date(2024, 4, 1), date(2025, 3, 31)))
LAST_DAY = PERIODS[-1][1]
YEAR_IN_WEEKS = 52
LA_CODE = "999"
MOST_PEOPLE = 600_000
Period = tuple[date, date]
DRAWS = decisions(
    "example",
    *("age", "birthday", "gender", "ethnicity", "home", "funding"),
    *("new", "known", "provider", "second", "other", "kind"),
)
AGES = ((18, 64), (65, 74), (75, 84), (85, 99))
REASONS = (
    ("Physical support: Access and mobility only",),
    ("Physical support: Personal care support",),
    (
        "Sensory support: Support for visual impairment",
        "Sensory support: Support for hearing impairment",
        "Sensory support: Support for dual impairment",
    ),
    ("Support with memory and cognition",),
    ("Learning disability support",),
    ("Mental health support",),
    ("Social support: Support for social isolation or other reason",),
    ("Unknown",),
)
ETHNICITIES = ("White: English, Welsh, Scottish, Northern Irish or British", "Asian or Asian British: Indian")
HOMES = ("Owner occupier or shared ownership scheme", "Tenant: Local authority or other social housing provider")
COMPONENTS = (HOME_SUPPORT, SUPPORTED_LIVING)
"""What each line is called in the return."""
NEW_SHARE, SECOND_SHARE, OTHER_SHARE = 0.35, 0.2, 0.15
"""Shares of people who are new within the year, have a second provider, have another service too: for show."""
LEAST_MINUTES_FOR_TWO = 7 * MINUTES_AN_HOUR
STEP = 15


@dataclass(frozen=True)
class Cast:
    """Everybody in the files: first those `with_care` at home, then others and carers. `prices` of an hour by line."""

    with_care: dict[str, np.ndarray]
    luck: dict[str, np.ndarray]
    others: int
    carers: int
    zones: int
    prices: tuple[float, ...]
    nhs_numbers: list[str]


def invent(with_care: dict[str, np.ndarray], seed: int, prices: tuple[float, ...]) -> Cast:
    """Everybody in the files of a council whose care at home is `with_care` (columns of the table of donors)."""
    people = len(with_care["person"])
    others, carers = max(people * 3 // 10, 7), max(people // 20, 1)
    everybody = people + others + carers
    who = np.arange(1, everybody + 1, dtype=np.int64)
    drawn = {name: np.empty(everybody) for name in DRAWS._fields}
    for name, decision in zip(DRAWS._fields, DRAWS, strict=True):
        fill_uniform(luck(seed, 0), decision, who, 0, drawn[name])
    zones = int(with_care["zone"].max()) + 1
    return Cast(with_care, drawn, others, carers, zones, prices, nhs_numbers(everybody))


def nhs_numbers(count: int) -> list[str]:
    """The first `count` numbers of the test range 999... whose check digit (modulus 11) is a digit."""
    serials = np.arange(1, count * 12 // 10 + 20)
    digits = np.array([[9, 9, 9]] * len(serials)).T.tolist()
    digits += [(serials // 10**place % 10).tolist() for place in range(5, -1, -1)]
    total = np.array(digits).T @ np.arange(10, 1, -1)
    check = (11 - total % 11) % 11
    valid = serials[check < 10][:count]
    return [f"999{serial:06d}{digit}" for serial, digit in zip(valid, check[check < 10], strict=False)]


def rows(cast: Cast, period: Period, release: str) -> Iterator[list[str]]:
    """The rows of one submission: a list of texts in the order of the official columns, in the words of a release."""
    names = [column.name for column in cld_format().columns]
    words = _words_of(release)
    start, end = period
    for index in range(len(cast.nhs_numbers)):
        person, events = _person_and_events(cast, index)
        for event in events:
            if not _is_in(event, start, end):
                continue
            is_open = event.end is None or event.end > end
            cells = {
                **person,
                **event.columns,
                "reporting_period_start_date": start,
                "reporting_period_end_date": end,
                "event_start_date": event.start,
                "event_end_date": "" if is_open else event.end,
            }
            if is_open:
                cells["event_outcome"] = ""
            if "date_of_death" in cells and cells["date_of_death"] > end:
                cells["date_of_death"] = ""
            texts = [(name, str(cells.get(name, ""))) for name in names]
            yield [words.get((name, text), text) for name, text in texts]


def _is_in(event: Event, start: date, end: date) -> bool:
    """Services belong to every period in which they were open, other events to that in which they ended."""
    if event.columns["event_type"] == "Service":
        return event.start <= end and (event.end is None or event.end >= start)
    return event.end is not None and start <= event.end <= end


def _words_of(release: str) -> dict[tuple[str, str], str]:
    """Column and Release 2 value -> what the release calls it, where that differs."""
    if release == "R2":
        return {}
    words = {("review_reason", "Planned review of long term support"): "Planned"}
    for column in cld_format().columns:
        codelist = codelists().get(column.heading)
        for value in reversed(codelist.releases["R1"]) if codelist else ():
            meaning = codelist.match(value).value if codelist else None
            if meaning:
                words[column.name, meaning] = value
    return words


def _person_and_events(cast: Cast, index: int) -> tuple[dict[str, Any], list[Event]]:
    people = len(cast.with_care["person"])
    if index < people:
        return _with_care(cast, index)
    if index < people + cast.others:
        return _other(cast, index)
    return _carer(cast, index)


def _person(cast: Cast, index: int, age_band: int, reason: int, zone: int, has_carer: bool) -> dict[str, Any]:
    """Everything that is said of a person on each of their rows."""
    u = {name: values[index] for name, values in cast.luck.items()}
    youngest, oldest = AGES[age_band]
    age = youngest + int(u["age"] * (oldest - youngest + 1))
    born = LAST_DAY.replace(year=LAST_DAY.year - age) - timedelta(days=int(u["birthday"] * 365))
    reasons = REASONS[reason]
    number = index + 1
    return {
        "la_code": LA_CODE,
        "nhs_number": cast.nhs_numbers[index],
        "la_person_unique_identifier": person_number(index),
        "first_name": "Example",
        "last_name": f"Person {number}",
        "gp_practice_name": "Example Surgery",
        "gp_practice_code": "X99999",
        "gender": "Female" if u["gender"] < 0.62 else "Male",
        "ethnicity": ETHNICITIES[int(u["ethnicity"] > 0.85)],
        "date_of_birth": born,
        "client_type": "Service user",
        "primary_support_reason": reasons[int(u["kind"] * len(reasons))],
        "postcode": postcode(zone, number),
        "accommodation_status": HOMES[int(u["home"] > 0.6)],
        "employment_status": "Not in paid employment: Not actively seeking work or retired",
        "has_unpaid_carer": "Yes" if has_carer else "No",
        "client_funding_status": ("Fully social care funded", "Joint client and social care funded")[
            int(u["funding"] > 0.4)
        ],
    }


def person_number(index: int) -> str:
    """The council's own number of an invented person."""
    return f"EX{index + 1:07d}"


def postcode(zone: int, number: int) -> str:
    """A postcode that does not exist: XA1 to XA99, XB1 ... with some invented inward code."""
    letters = "ABDEFGHJLN"
    return f"X{chr(ord('A') + zone // 99)}{zone % 99 + 1} {number % 10}{letters[number % 9]}{letters[number % 7]}"


def _with_care(cast: Cast, index: int) -> tuple[dict[str, Any], list[Event]]:
    """Somebody with care at home: new within the year (request, assessment, service) or known (service, review)."""
    own = {name: int(values[index]) for name, values in cast.with_care.items()}
    u = {name: values[index] for name, values in cast.luck.items()}
    weeks = own["since_review_weeks"]
    day = LAST_DAY - timedelta(days=DAYS_A_WEEK * weeks)
    if weeks < YEAR_IN_WEEKS and u["new"] < NEW_SHARE:
        start = min(day + timedelta(days=5), LAST_DAY)
        events = [request(day - timedelta(days=28)), assessment(day)]
    else:
        start = day - timedelta(days=30 + int(u["known"] * 1500))
        events = [review(day)]
    events += _packages(cast, own, start, u)
    if u["other"] < OTHER_SHARE:
        events.append(weekly_service(COMMUNITY, "Day support", 55.0, start))
    person = _person(cast, index, own["age_band"], own["reason"], own["zone"], bool(own["is_with_carer"]))
    return person, events


def _packages(cast: Cast, own: dict[str, int], start: date, u: dict[str, float]) -> list[Event]:
    """The package of hours: one row, or two where two providers share it."""
    zone, minutes, price = own["zone"], own["package_minutes"], cast.prices[own["line"]]
    component = COMPONENTS[own["line"]]
    first = int(u["provider"] * PROVIDERS_IN_ZONE)
    if minutes < LEAST_MINUTES_FOR_TWO or u["second"] >= SECOND_SHARE:
        return [by_the_hour(component, zone, first, minutes, price, start)]
    half = minutes // 2 // STEP * STEP
    second = (first + 1) % PROVIDERS_IN_ZONE
    return [
        by_the_hour(component, zone, first, minutes - half, price, start),
        by_the_hour(component, zone, second, half, price, start),
    ]


def _other(cast: Cast, index: int) -> tuple[dict[str, Any], list[Event]]:
    """Somebody without care at home on the last day: the kinds take turns, so that even a small council has each."""
    turn = index - len(cast.with_care["person"])
    zone, price = turn % cast.zones, cast.prices[0]
    left = LAST_DAY - timedelta(days=30 + int(cast.luck["known"][index] * 300))
    start = left - timedelta(days=400)
    events: list[Event]
    died = False
    match turn % 7:
        case 0:
            events = [direct_payment(start), review(left)]
        case 1:
            events = [weekly_service("Long term support: Residential care", "Long term residential care", 920.0, start)]
        case 2:
            events = [by_the_hour(HOME_SUPPORT, zone, 0, 420, price, start, left)]
        case 3:
            events, died = [by_the_hour(HOME_SUPPORT, zone, 1, 840, price, start, left)], True
        case 4:
            events = [request(left, "NFA: Information and advice or signposting")]
        case 5:
            end = left + timedelta(days=28)
            reablement = weekly_service("Short term support: ST-Max", "Reablement", 300.0, left, end)
            events = [assessment(left, "Short term assessment"), reablement]
        case _:
            events = [weekly_service(COMMUNITY, "Day support", 180.0, start), review(left)]
    person = _person(cast, index, age_band=1 + turn % 3, reason=1 + turn % 3, zone=zone, has_carer=turn % 2 == 0)
    return person | ({"date_of_death": left} if died else {}), events


def _carer(cast: Cast, index: int) -> tuple[dict[str, Any], list[Event]]:
    """An unpaid carer of one of the people with care at home, assessed and supported."""
    cared_for = index - len(cast.with_care["person"]) - cast.others
    zone = int(cast.with_care["zone"][cared_for])
    day = LAST_DAY - timedelta(days=int(cast.luck["known"][index] * 350))
    person = _person(cast, index, age_band=0, reason=6, zone=zone, has_carer=False) | {
        "client_type": "Unpaid carer",
        "primary_support_reason": "Social support: Support to unpaid carer",
        "total_hrs_caring_per_week": "20",
        "no_of_adults_being_cared_for": "1",
        "adult_1_linked_person_id": person_number(cared_for),
    }
    support = weekly_service("Unpaid carer support: Direct to unpaid carer", "Unpaid carer respite", 40.0, day)
    return person, [assessment(day), support]

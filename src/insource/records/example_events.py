"""Invented events, with the columns that each kind fills in. Plausible, and about nobody."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from insource.units import MINUTES_AN_HOUR

HOME_SUPPORT = "Home support or domiciliary care"
SUPPORTED_LIVING = "Community supported living"
COMMUNITY = "Long term support: Community"
MANAGED, COMMISSIONED = "CASSR managed personal budget", "CASSR commissioned support"
PROVIDERS_IN_ZONE = 4
OTHERS_FROM = 5_000_000
"""Location numbers of supported living services begin after this one."""
CHEAPEST, DEARER_BY = 0.94, 0.04
"""The providers of a zone ask 94%, 98%, 102% and 106% of the middle price."""


@dataclass(frozen=True)
class Event:
    """One event of one person: its days (no end: open) and the columns that it fills in."""

    start: date
    end: date | None
    columns: dict[str, Any]


def request(day: date, outcome: str = "Progress to assessment, review or reassessment") -> Event:
    """A request that was dealt with within a week."""
    columns = {
        "event_type": "Request",
        "event_outcome": outcome,
        "request_route_of_access": "Community / Other route",
    }
    return Event(day, day + timedelta(days=7), columns)


def assessment(day: date, kind: str = "Long term assessment") -> Event:
    """An assessment that ended on a day."""
    columns = {
        "event_type": "Assessment",
        "event_outcome": "Progress to support planning or services",
        "assessment_type": kind,
        "method_of_assessment": "Service user only",
    }
    return Event(day - timedelta(days=10), day, columns)


def review(day: date) -> Event:
    """A planned review that ended on a day."""
    columns = {
        "event_type": "Review",
        "event_outcome": "Continuation of support or services",
        "review_reason": "Planned review of long term support",
        "review_outcomes_achieved": "Fully Met",
        "method_of_review": "Service user only",
    }
    return Event(day - timedelta(days=3), day, columns)


def by_the_hour(
    component: str, zone: int, provider: int, minutes: int, price: float, start: date, end: date | None = None
) -> Event:
    """Home care or supported living by the hour by one of the providers (0 to 3) of a zone; each gives one of them."""
    number = zone * PROVIDERS_IN_ZONE + provider + 1
    name, serial = ("Home Care", number) if component == HOME_SUPPORT else ("Supported Living", OTHERS_FROM + number)
    columns = {
        "event_type": "Service",
        "event_outcome": "NFA: Support ended as planned",
        "service_type": COMMUNITY,
        "service_component": component,
        "delivery_mechanism": MANAGED if number % 3 else COMMISSIONED,
        "provider_cqc_location_name": f"Example {name} {number}",
        "provider_cqc_location_id": f"1-999{serial:07d}",
        "unit_cost": f"{price * (CHEAPEST + DEARER_BY * provider):.2f}",
        "cost_frequency_unit_type": "Hourly",
        "planned_units_per_week": f"{minutes / MINUTES_AN_HOUR:.2f}",
    }
    return Event(start, end, columns)


def direct_payment(start: date) -> Event:
    """Home care bought with a direct payment."""
    return weekly_service(COMMUNITY, HOME_SUPPORT, 210.0, start, how="Direct payment")


def weekly_service(
    service_type: str, component: str, pounds: float, start: date, end: date | None = None, how: str = MANAGED
) -> Event:
    """A service that is paid for by the week."""
    columns = {
        "event_type": "Service",
        "event_outcome": "NFA: Support ended as planned",
        "service_type": service_type,
        "service_component": component,
        "delivery_mechanism": how,
        "unit_cost": f"{pounds:.2f}",
        "cost_frequency_unit_type": "Weekly",
    }
    return Event(start, end, columns)

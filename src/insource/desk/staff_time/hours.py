"""Hours a year by activity: how often, how long each time, who does it, and what it costs, with low and high.

The time budget of caseload models (theory, section 8): total = other duties + direct work + cases * hours each.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from insource.desk.settings import defaults
from insource.desk.staff_time.events import Workload
from insource.parameters import parameters
from insource.rules.fragmentation import links
from insource.rules.staff_time import casework_minutes, disputes_a_week, placement_minutes, team_minutes
from insource.units import MINUTES_AN_HOUR, WEEKS_A_YEAR

TOOL = "staff_time"
SOCIAL_WORKER, BROKER, OFFICER, FINANCE = "social worker", "broker", "contract officer", "finance officer"
PAID_AS = {
    SOCIAL_WORKER: "social_worker_hour_pounds",
    BROKER: "officer_hour_pounds",
    OFFICER: "officer_hour_pounds",
    FINANCE: "officer_hour_pounds",
}
RECORDED, RATED = "events recorded", "people or orders recorded, times a rate"
BOUGHT = ("brokerage", "negotiation", "monitoring", "tendering", "coordination", "disputes")
"""What there would be less of with fewer contracts or providers."""


@dataclass(frozen=True)
class Activity:
    """One kind of work: `times` a year, `hours_each`, and how far the hours of one could be out."""

    name: str
    who: str
    times: float
    hours_each: float
    low_each: float
    high_each: float
    counted: str
    """Where the number of times is from: records, or records and a rate."""

    @property
    def hours(self) -> float:
        """Hours a year."""
        return self.times * self.hours_each


@dataclass(frozen=True)
class Team:
    """Social workers' hours a year: how many there are (counted or estimated) and what is left for cases."""

    workers: float
    is_estimated: bool
    hours: float
    casework: float


def activities(work: Workload, values: Mapping[str, float]) -> list[Activity]:
    """Every activity, in the order of a case."""
    return list(_activities(work, values, ends_of(values)))


def ends_of(values: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """Low and high of each number; the number twice where the user gave it."""
    found = {name: (one.low, one.high) for name, one in defaults(TOOL).items() if one.value == values[name]}
    of_simulation = {name: one for name, one in parameters().items() if name in values}
    found |= {name: one.ends() for name, one in of_simulation.items() if one.central() == values[name]}
    return {name: found.get(name, (value, value)) for name, value in values.items()}


def _activities(work: Workload, v: Mapping[str, float], ends: Mapping[str, tuple[float, float]]) -> Iterator[Activity]:
    counts, orders = work.counts, work.orders

    def simple(name: str, who: str, times: float, number: str, counted: str = RECORDED) -> Activity:
        return Activity(name, who, times, v[number], *ends[number], counted)

    low, high = (
        placement_minutes(ends["placement_hours"][side], ends["call_hours"][side], calls(v)) / MINUTES_AN_HOUR
        for side in (0, 1)
    )
    each = placement_minutes(v["placement_hours"], v["call_hours"], calls(v)) / MINUTES_AN_HOUR
    stale = work.stale_share if work.stale_share is not None else 0.0
    disputes = disputes_a_week(orders.height, v["dispute_rate"], stale, v["dispute_stale_effect"]) * WEEKS_A_YEAR
    concerns = work.home_care_people * v["usual_concern_rate"]
    enquiries = work.long_term_people * v["other_enquiry_rate"]
    providers = orders["provider"].n_unique() - int(orders["provider"].null_count() > 0)
    pairs = float(sum(links(services) for services in services_a_person(orders)))
    council = v["council_coordination_share"] * WEEKS_A_YEAR
    yield simple("requests", SOCIAL_WORKER, counts["requests"], "request_hours")
    yield simple("assessment", SOCIAL_WORKER, counts["assessments"], "assessment_hours")
    yield simple("financial assessment", FINANCE, counts["financial_assessments"], "financial_assessment_hours")
    yield Activity("brokerage", BROKER, counts["new_packages"] + counts["moves"], each, low, high, RECORDED)
    yield simple("negotiation", BROKER, counts["changes"], "negotiation_hours")
    yield simple("review", SOCIAL_WORKER, counts["reviews"], "review_hours")
    yield simple("safeguarding about care", SOCIAL_WORKER, concerns, "enquiry_hours", RATED)
    yield simple("other safeguarding", SOCIAL_WORKER, enquiries, "enquiry_hours", RATED)
    yield simple("disputes", SOCIAL_WORKER, disputes, "dispute_hours", RATED)
    yield simple("monitoring", OFFICER, float(providers), "monitoring_hours", "providers recorded")
    tenders = providers / v["contract_years"]
    yield simple("tendering", OFFICER, tenders, "bid_hours", "providers recorded")
    low, high = (ends["coordination_hours"][side] * council for side in (0, 1))
    yield Activity("coordination", OFFICER, pairs, v["coordination_hours"] * council, low, high, "pairs recorded")


def calls(values: Mapping[str, float]) -> float:
    """Services asked until one has room, each having it with the same chance (geometric; theory, CHOICE-5)."""
    return 1.0 / max(values["usual_room_share"], 0.01)


def services_a_person(orders: pl.DataFrame) -> list[int]:
    """How many different providers each person has (those recorded)."""
    known = orders.filter(pl.col("provider").is_not_null())
    return known.group_by("pseudonym").agg(pl.col("provider").n_unique()).sort("pseudonym")["provider"].to_list()


def team(work: Workload, workers: float | None, values: Mapping[str, float]) -> Team:
    """The social workers: as many as the user says, else as many as councils have for so many people."""
    hours_each = values["social_worker_hours"]
    if workers is None:
        minutes = team_minutes(work.long_term_people, values["social_workers_per_1000"], hours_each)
        total = minutes * WEEKS_A_YEAR / MINUTES_AN_HOUR
    else:
        total = workers * hours_each
    casework = casework_minutes(total, values["other_work_share"], values["direct_work_floor_share"])
    return Team(total / hours_each, workers is None, total, casework)


def table(found: list[Activity], values: Mapping[str, float]) -> pl.DataFrame:
    """One row for each activity and a total; doubts about different activities are taken to be independent."""
    rows = [
        {
            "activity": one.name,
            "who": one.who,
            "times": one.times,
            "hours_each": one.hours_each,
            "hours": one.hours,
            "hours_low": one.times * one.low_each,
            "hours_high": one.times * one.high_each,
            "pounds": one.hours * values[PAID_AS[one.who]],
            "counted": one.counted,
        }
        for one in found
    ]
    total = sum(one.hours for one in found)
    below = math.sqrt(sum((one.times * (one.hours_each - one.low_each)) ** 2 for one in found))
    above = math.sqrt(sum((one.times * (one.high_each - one.hours_each)) ** 2 for one in found))
    last = {
        "activity": "all of these",
        "who": "",
        "times": None,
        "hours_each": None,
        "hours": total,
        "hours_low": max(total - below, 0.0),
        "hours_high": total + above,
        "pounds": sum(float(str(row["pounds"])) for row in rows),
        "counted": "",
    }
    return pl.DataFrame([*rows, last], infer_schema_length=None)

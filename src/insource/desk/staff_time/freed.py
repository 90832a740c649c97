"""What one contract fewer or one provider fewer frees, what a service of one's own takes, and how long work waits.

The same hours of management are needed whoever employs: an outside service has them in its price, a council's own
service on its pay list. They are shown beside what fewer contracts free, because insourcing does both.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from insource.desk.staff_time.events import Workload
from insource.desk.staff_time.hours import BOUGHT, BROKER, PAID_AS, SOCIAL_WORKER, Activity, Team
from insource.rules.queueing import mean_wait_at_many
from insource.rules.staff_time import (
    cases_carried,
    direct_work_share,
    dispute_loop_gain,
    review_utilisation,
    settled_stale_share,
)
from insource.units import DAYS_A_WEEK, WEEKS_A_YEAR

PER_ORDER = ("brokerage", "negotiation", "disputes")
PER_PROVIDER = ("monitoring", "tendering")
CASEWORK = ("requests", "assessment", "review", "safeguarding about care", "other safeguarding", "disputes")
"""Work of social workers on cases, before direct work."""


@dataclass(frozen=True)
class Freed:
    """Hours and pounds a year that one fewer of something frees, of which so many are social workers'."""

    what: str
    hours: float
    social_worker_hours: float
    pounds: float


def one_order_fewer(found: Sequence[Activity], orders: int, values: Mapping[str, float]) -> Freed:
    """One contract for one person's care fewer: its share of finding, changing and disputing."""
    return _share(found, PER_ORDER, orders, "one contract fewer", values)


def one_provider_fewer(found: Sequence[Activity], providers: int, values: Mapping[str, float]) -> Freed:
    """One provider fewer, its people's care given by the others: its share of monitoring and tendering."""
    return _share(found, PER_PROVIDER, providers, "one provider fewer", values)


def one_provider_a_person(found: Sequence[Activity], values: Mapping[str, float]) -> Freed:
    """Everybody with one provider: nothing to keep in step."""
    return _share(found, ("coordination",), 1, "one provider for each person", values)


def _share(found: Sequence[Activity], names: Sequence[str], of: int, what: str, values: Mapping[str, float]) -> Freed:
    mine = [one for one in found if one.name in names]
    share = 1.0 / of if of else 0.0
    return Freed(
        what,
        share * sum(one.hours for one in mine),
        share * sum(one.hours for one in mine if one.who == SOCIAL_WORKER),
        share * sum(one.hours * values[PAID_AS[one.who]] for one in mine),
    )


def management(hours_a_week: float, services: int, values: Mapping[str, float]) -> tuple[float, float]:
    """Hours and pounds a year of managing care of so many hours a week in so many services, whoever employs.

    Coordinators' time for the visits; supervision and personnel work for each worker (as few as contract hours allow);
    the regulator.
    """
    workers = hours_a_week / values["contract_hours"]
    hours = hours_a_week * WEEKS_A_YEAR * values["rostering_share"]
    hours += workers * (values["supervision_hours"] + values["personnel_hours"]) + services * values["inspection_hours"]
    return hours, hours * values["manager_hour_pounds"]


def bought_hours(found: Sequence[Activity]) -> float:
    """Hours a year that go with buying: finding, negotiating, monitoring, tendering, keeping in step, disputing."""
    return sum(one.hours for one in found if one.name in BOUGHT)


@dataclass(frozen=True)
class Load:
    """How full the social workers' time is. `wanted`: hours of casework a year if every review due is done; `overdue`:
    share of people not reviewed within a year in the long run at these hours; `carried`: people for whom one worker's
    time suffices."""

    wanted: float
    done: float
    share_of_time: float
    direct_work: float
    utilisation: float
    overdue: float
    carried: float
    loop_gain: float


def load(work: Workload, found: Sequence[Activity], team: Team, values: Mapping[str, float]) -> Load:
    """The social workers' year: what is left for direct work, and whether reviews can keep up."""
    by_name = {one.name: one for one in found}
    done = sum(by_name[name].hours for name in CASEWORK)
    people, due = work.long_term_people, work.long_term_people * values["reviews_a_year"]
    review = by_name["review"]
    wanted = done - review.hours + max(due, review.times) * values["review_hours"]
    before = sum(by_name[name].hours for name in CASEWORK if name not in ("review", "disputes"))
    for_reviews = max(team.casework - before, 0.0) / WEEKS_A_YEAR
    rules = (for_reviews, values["dispute_hours"], values["dispute_rate"], values["dispute_stale_effect"])
    each = values["review_hours"] * values["reviews_a_year"]
    hours, fixed = values["social_worker_hours"], values["social_worker_hours"] * values["other_work_share"]
    cases = people / team.workers if team.workers else 0.0
    hours_each = done / people if people else 0.0
    return Load(
        wanted,
        done,
        done / team.hours if team.hours else 0.0,
        float(direct_work_share(hours, fixed, cases, hours_each)),
        float(review_utilisation(float(people), each, *rules, 0.0)),
        float(settled_stale_share(float(people), each, *rules)) if people else 0.0,
        float(cases_carried(hours, fixed, values["direct_work_floor_share"], hours_each)) if hours_each else math.inf,
        float(dispute_loop_gain(values["review_hours"], *rules[1:])),
    )


@dataclass(frozen=True)
class Queue:
    """Packages waiting for a broker: arrivals a week, brokers, share of their time that is taken, days of waiting."""

    arrivals: float
    brokers: int
    busy: float
    wait_days: float


def brokers_queue(found: Sequence[Activity], brokers: float | None, values: Mapping[str, float]) -> Queue | None:
    """How long a package waits until a broker begins (M/M/c); None where nothing is brokered.

    Without a number of brokers, as many as the work takes with the usual time to spare, and at least one.
    """
    mine = [one for one in found if one.who == BROKER and one.times > 0.0]
    times, hours = sum(one.times for one in mine), sum(one.hours for one in mine)
    if not times:
        return None
    each = values["social_worker_hours"]
    staff = max(round(hours * values["brokers_to_work_ratio"] / each), 1) if brokers is None else max(round(brokers), 1)
    arrivals, served = times / WEEKS_A_YEAR, each / (hours / times) / WEEKS_A_YEAR
    wait = float(mean_wait_at_many(arrivals, served, float(staff)))
    return Queue(arrivals, staff, arrivals / served / staff, wait * DAYS_A_WEEK)

"""Posts that give the hours held, and what they cost, under one set of terms for staff or another.

Whoever employs, the same steps: contract hours less holiday and training; out of those visits, travel and, where whole
shifts are paid, gaps; some posts are vacant and some workers ill, by chance and in common. The number of posts is the
least with which the hours that can be given cover need in the share of weeks asked for, both fluctuating.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from insource.desk.workforce.pay import cost_of_pay
from insource.numeric import normal_point
from insource.rules.staffing import available_minutes, days_of_leave, leave_ratio, share_off_sick, visit_share
from insource.rules.travel import travel_minutes_a_visit, travel_ratio
from insource.terms import CHOICES
from insource.units import MINUTES_AN_HOUR, PENCE_A_POUND, WEEKS_A_YEAR

MOST_POSTS = 1 << 22


@dataclass(frozen=True)
class Terms:
    """Terms of staff: what differs between employers. `gaps` is the share of gaps between visits that is paid."""

    name: str
    pay: float
    holiday: int
    sick_pay: int
    gaps: float
    training_hours: float
    sick_paid_share: float
    is_council: bool


@dataclass(frozen=True)
class Line:
    """A line of service: minutes of a visit, and of gaps for each minute of visits where whole shifts are paid."""

    visit_minutes: float
    gaps_ratio: float


@dataclass(frozen=True)
class AtWork:
    """Who is not there: share of working time off sick, share of posts vacant, and how much illness is in common."""

    ill: float
    vacant: float
    correlation: float

    @property
    def share(self) -> float:
        """Share of posts with somebody at work."""
        return (1.0 - self.ill) * (1.0 - self.vacant)


@dataclass(frozen=True)
class Team:
    """Posts of one pool: visit hours a week of a worker who is there, share of posts with somebody at work, posts,
    travel for each minute of visits, and pounds a year."""

    posts: int
    visit_hours: float
    at_work: float
    travel: float
    pounds: float


def council_terms(values: Mapping[str, float]) -> Terms:
    """A council's own terms: its scale with unsocial hours, its holiday and sick pay, whole shifts paid."""
    pay = values["council_pay_pence"] / PENCE_A_POUND * (1.0 + values["unsocial_hours_share"])
    holiday, sick = int(CHOICES.holiday.council), int(CHOICES.sick_pay.occupational)
    return Terms("the council's terms", pay, holiday, sick, 1.0, values["council_training_hours"], 1.0, True)


def outside_terms(values: Mapping[str, float]) -> Terms:
    """Usual terms of outside services: market pay, statutory holiday and sick pay, visits and travel paid."""
    pay = max(values["market_pay_pence"], values["wage_floor_pence"]) / PENCE_A_POUND
    holiday, sick = int(CHOICES.holiday.statutory), int(CHOICES.sick_pay.statutory)
    paid = values["statutory_sick_pay_share"]
    return Terms("usual outside terms", pay, holiday, sick, 0.0, values["usual_training_hours"], paid, False)


def travel_of(people: float, area_km2: float, line: Line, values: Mapping[str, float]) -> float:
    """Minutes of travel for each minute of visits of a team with so many people spread over an area."""
    minutes = travel_minutes_a_visit(
        area_km2,
        people,
        values["door_minutes"],
        values["speed_kmh"],
        values["detour_ratio"],
        values["travel_constant"],
        values["travel_window_term"],
    )
    return float(travel_ratio(minutes, line.visit_minutes))


def team(
    mean: float, spread: float, travel: float, terms: Terms, line: Line, reliability: float, values: Mapping[str, float]
) -> Team:
    """The posts that cover need with this mean and spread (hours a week) in this share of weeks, and their cost."""
    days = days_of_leave(terms.holiday, values["statutory_leave_days"], values["council_leave_days"])
    leave = leave_ratio(days, values["days_worked_a_year"])
    contract = values["contract_hours"] * MINUTES_AN_HOUR
    minutes = available_minutes(contract, leave, terms.training_hours)
    visits = minutes * visit_share(travel, line.gaps_ratio, terms.gaps) / MINUTES_AN_HOUR
    ill = share_off_sick(
        terms.sick_pay, values["statutory_sickness_days"], values["occupational_sickness_days"], values["working_days"]
    )
    shares = AtWork(float(ill), values["vacancy_share"], values["sickness_correlation"])
    posts = fewest_posts(mean, spread, float(visits), shares, reliability)
    pounds = cost(posts, float(visits), float(ill), travel, terms, values)
    return Team(posts, float(visits), shares.share, travel, pounds)


def fewest_posts(mean: float, spread: float, each: float, shares: AtWork, reliability: float) -> int:
    """The fewest posts n with n q c - mean >= z * sqrt(spread^2 + c^2 * variance of workers there).

    q is the share of posts with somebody at work, c the visit hours a week of one who is. The variance is n q (1 - q)
    for posts by themselves, and n (n - 1) (1 - v)^2 s (1 - s) rho for the illness they have in common.
    """
    if mean <= 0.0:
        return 0
    z = max(float(normal_point(reliability)), 0.0)
    q = shares.share
    common = (1.0 - shares.vacant) ** 2 * shares.ill * (1.0 - shares.ill) * shares.correlation

    def is_enough(posts: int) -> bool:
        there = posts * q * (1.0 - q) + posts * (posts - 1) * common
        return posts * q * each - mean >= z * math.sqrt(spread * spread + each * each * there)

    high = max(math.ceil(mean / (q * each)), 1)
    while not is_enough(high) and high < MOST_POSTS:
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high


def cost(posts: int, visits: float, ill: float, travel: float, terms: Terms, values: Mapping[str, float]) -> float:
    """Pounds a year of so many posts: pay with on-costs, sick pay, replacing leavers, mileage, and overhead.

    Vacant posts cost nothing. A council's overhead is a share of its costs, an outside service's a share of its price.
    """
    staff = posts * (1.0 - values["vacancy_share"])
    paid = 1.0 - ill * (1.0 - terms.sick_paid_share)
    year = values["contract_hours"] * WEEKS_A_YEAR * terms.pay * paid
    out = staff * visits * (1.0 - ill) * WEEKS_A_YEAR * travel
    direct = staff * cost_of_pay(year, terms.is_council, values)
    direct += staff * values["turnover_rate"] * values["leaver_cost_pounds"] + out * values["mileage_pounds"]
    if terms.is_council:
        return direct * (1.0 + values["council_overhead_share"])
    return direct / (1.0 - values["provider_overhead_share"])

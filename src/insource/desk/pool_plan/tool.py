"""insource pool-plan: hours and posts a team must hold for a stated reliability, against packages committed one by "
"one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from insource.desk import chosen as numbers
from insource.desk.drawing import bars, lines
from insource.desk.pool_plan import fluctuation, hours, posts
from insource.desk.pool_plan.arrangements import Arrangement, People, arrangements
from insource.desk.pool_plan.findings import findings
from insource.desk.pool_plan.fluctuation import Fluctuation
from insource.desk.pool_plan.sheets import sheets
from insource.desk.result import Chart, Input, Result
from insource.errors import InputError, Problem, unknown
from insource.parameters import parameters
from insource.place import Place
from insource.terms import LINES
from insource.units import MINUTES_AN_HOUR, SMALLEST_SHOWN, people_shown

TOOL = "pool_plan"
OF_SIMULATION = (
    *("planned_reliability_share", "need_variation", "need_correlation", "need_persistence"),
    *("hospital_admission_rate", "hospital_stay_weeks", "contract_hours", "vacancy_share", "turnover_rate"),
    *("statutory_leave_days", "council_leave_days", "days_worked_a_year", "statutory_sickness_days"),
    *("occupational_sickness_days", "working_days", "statutory_sick_pay_share", "usual_training_hours"),
    *("visit_minutes", "supported_living_visit_minutes", "shift_idle_ratio", "supported_living_gaps_ratio"),
    *("door_minutes", "speed_kmh", "detour_ratio", "travel_constant", "travel_window_term"),
    *("council_pay_pence", "unsocial_hours_share", "market_pay_pence", "wage_floor_pence"),
    *("ni_threshold_pounds", "ni_share", "pension_threshold_pounds", "minimum_pension_share"),
    *("local_government_pension_share", "leaver_cost_pounds", "mileage_pounds"),
    *("council_overhead_share", "provider_overhead_share", "external_price_pounds"),
)
QUESTION = (
    "How many hours and posts must a team hold so that need is covered in a stated share of weeks, and how does that "
    "compare with packages committed one by one, with size and ownership held equal?"
)
METHOD = (
    "Each person's mean hours are those on the order. Their fluctuation from week to week, and how much of it "
    "people have "
    "in common, is measured from weekly hours if you give them, else it is a stated assumption.",
    "A pool's spread follows Eppen's formula for packages of any size; hours held are the mean and as many spreads "
    "as the "
    "reliability asks for. Idle and unmet hours follow from the normal distribution.",
    "Posts: contract hours less holiday, training, travel and paid gaps; sickness and vacancies by chance and in "
    "common. "
    "The fewest posts are taken with which capacity covers need in the share of weeks asked for.",
    "The same pools are staffed on the council's terms and on usual outside terms, by the same steps: differences "
    "between "
    "rows are pool size, differences between columns are ownership.",
    "Travel for each visit grows with the root of the area each team covers for each of its people, so that several "
    "providers over the same streets travel more and teams with streets of their own do not.",
)
EXCLUSIONS = (
    "Who visits whom: a large pool that sends whoever is free has less continuity (1 in m for a team of m).",
    "Rotas, double-handed visits, skills, nights; these come with rota planning.",
    "The cost of getting there: transfers, redundancy, set-up and double running.",
)
ASSUMPTIONS = (
    "Orders are taken to be mean need, so that packages as ordered have nothing to spare: what is not needed by one is "
    "lost, and what another lacks is unmet. That every package covers its own need in 95% of weeks is a yardstick, not "
    "what councils do.",
    "Weeks in hospital widen the spread; they are not taken off the mean, because orders may or may not have them in.",
    "Orders may lie elsewhere. If they are set at a crisis peak, the mean is lower and less is needed.",
    "Needs add up to something like a normal distribution: good for twenty people or more, rough for fewer.",
    "Staff can be sent to whoever needs them within a pool. Where contracts or continuity forbid it, the pool is "
    "smaller.",
    "The same fluctuation, turnover, vacancies and contract hours for every owner.",
)


@dataclass(frozen=True)
class Plan:
    """Everything worked out, for findings, tables and words."""

    place: str
    line: str
    people: People
    fluctuation: Fluctuation
    found: tuple[Arrangement, ...]
    terms: tuple[posts.Terms, ...]
    values: Mapping[str, float] = field(repr=False)
    correlation_ends: tuple[float, float] = (0.0, 0.0)
    variation_ends: tuple[float, float] = (0.0, 0.0)

    @property
    def reliability(self) -> float:
        """Share of weeks in which need is to be covered."""
        return self.values["planned_reliability_share"]


def pool_plan(
    place: Place,
    line: str = "home_care",
    weekly: pl.DataFrame | None = None,
    given: Mapping[str, float] | None = None,
    inputs: tuple[Input, ...] = (),
) -> Result:
    """Plan the hours and posts for one line of service of a place. `weekly`: person, week, hours, to measure
    fluctuation; `given`: numbers in place of defaults. Raises InputError for a line without people."""
    given = dict(given or {})
    chosen = numbers.chosen(TOOL, OF_SIMULATION, given, place.base_date)
    plan = _plan(place, line, weekly, given, numbers.values(chosen))
    tables = tuple(sheets(plan))
    return Result(
        TOOL,
        f"Hours and posts for {line.replace('_', ' ')}: {place.name}",
        QUESTION,
        tuple(_summary(plan)),
        tuple(findings(plan)),
        tables,
        _charts(plan),
        tuple(chosen.values()),
        METHOD,
        EXCLUSIONS,
        (*ASSUMPTIONS, *place.notes),
        inputs,
        published_summary=tuple(_summary(plan)),
    )


def _plan(
    place: Place, line: str, weekly: pl.DataFrame | None, given: Mapping[str, float], values: Mapping[str, float]
) -> Plan:
    people = _people(place, line, values)
    low, high = parameters()["need_correlation"].ends()
    if "need_correlation" in given:
        low = high = given["need_correlation"]
    found = fluctuation.assumed(values, (low, high)) if weekly is None else fluctuation.measured(weekly, values)
    terms = (posts.council_terms(values), posts.outside_terms(values))
    prefix = "supported_living_" if line == "supported_living" else ""
    gaps = values["supported_living_gaps_ratio" if prefix else "shift_idle_ratio"]
    of_line = posts.Line(values[f"{prefix}visit_minutes"], gaps)
    return Plan(
        place.name,
        line,
        people,
        found,
        tuple(arrangements(people, found, of_line, terms, values)),
        terms,
        values,
        (found.correlation_low, found.correlation_high),
        _variation_ends(found, given, values),
    )


def _variation_ends(found: Fluctuation, given: Mapping[str, float], values: Mapping[str, float]) -> tuple[float, float]:
    """Low and high of one person's variation: of the assumption; the figure twice if measured or yours."""
    if found.is_measured or "need_variation" in given:
        return found.variation, found.variation
    low, high = (
        fluctuation.assumed({**values, "need_variation": end}, (0.0, 0.0)).variation
        for end in parameters()["need_variation"].ends()
    )
    return low, high


def _spans(plan: Plan) -> tuple[tuple[float, float], ...]:
    """Low and high of the hours of one team, of packages by themselves, and of the difference, over the ends of
    variation and of what people have in common."""
    means, corners = plan.people.means, []
    for variation in plan.variation_ends:
        alone = hours.separate(means, variation, plan.reliability)
        for correlation in plan.correlation_ends:
            one = hours.held([hours.pool_of(means, variation, correlation)], plan.reliability)
            corners.append((one.hours, alone.hours, alone.hours - one.hours))
    return tuple((min(found), max(found)) for found in zip(*corners, strict=True))


def _people(place: Place, line: str, values: Mapping[str, float]) -> People:
    if line not in LINES:
        raise InputError(unknown("line of service", line, LINES, where="--line"))
    mine = place.donors["line"] == LINES.index(line)
    means = place.donors["package_minutes"][mine] / MINUTES_AN_HOUR
    if len(means) < SMALLEST_SHOWN:
        lines_there = ", ".join(place.lines())
        what = (
            f"{people_shown(len(means)) if len(means) else 'nobody'} here has {line.replace('_', ' ')}: no pool to plan"
        )
        todo = f"choose another line, or a place with {SMALLEST_SHOWN} people or more on it"
        raise InputError(Problem("no_people", what, todo, column="--line", allowed=lines_there))
    zone = np.unique(place.donors["zone"][mine], return_inverse=True)[1]
    everybody = np.bincount(place.donors["zone"], minlength=len(place.zones["people"]))
    here = np.bincount(place.donors["zone"][mine], minlength=len(everybody))
    area = np.asarray(place.zones["area_km2"], dtype=float)[here > 0]
    services = place.services_per_zone.get(line, round(values["services_in_zone"]))
    return People(means.astype(float), zone, area, max(services, 1))


def _summary(plan: Plan) -> Iterator[str]:
    first, last = plan.found[0], plan.found[-1]
    one, alone = first.held, last.held
    yield f"{people_shown(len(plan.people.means))} people need {one.mean:,.0f} hours a week."
    yield (
        f"One team that covers them in {plan.reliability:.0%} of weeks must hold {one.hours:,.0f} hours "
        f"({one.hours / one.mean - 1.0:+.1%}). Packages that each cover their own need in as many weeks commit "
        f"{alone.hours:,.0f} ({alone.hours / alone.mean - 1.0:+.1%})."
    )
    team, alone_span, saved = _spans(plan)
    yield (
        f"Over what is known of fluctuation ({plan.variation_ends[0]:.0%} to {plan.variation_ends[1]:.0%} of one "
        f"person's mean, {plan.correlation_ends[0]:.0%} to {plan.correlation_ends[1]:.0%} in common) one team must "
        f"hold {team[0]:,.0f} to {team[1]:,.0f} hours, separate packages {alone_span[0]:,.0f} to {alone_span[1]:,.0f}: "
        f"a difference of {saved[0]:,.0f} to {saved[1]:,.0f}."
    )
    own, other = (terms.name for terms in plan.terms)
    (own_posts, own_pounds), (other_posts, other_pounds) = first.teams[own], first.teams[other]
    yield (
        f"One team takes {own_posts:,} posts on {own} and £{own_pounds:,.0f} a year, or {other_posts:,} posts and "
        f"£{other_pounds:,.0f} on {other}."
    )
    ordered = plan.found[-2]
    covered, bare = (_than(own_pounds - way.teams[own][1]) for way in (last, ordered))
    yield (
        f"On the same terms of staff, the council's, it costs {covered} a year than packages that each cover their own "
        f"need, and {bare} than packages as ordered, which leave {ordered.held.unmet:,.0f} hours a week unmet where "
        "one "
        f"team leaves {one.unmet:,.1f}."
    )
    yield (
        f"At the same pool size the council's terms cost {_than(own_pounds - other_pounds)} a year than usual outside "
        "terms: pay, pension, holiday, sick pay and paid gaps."
    )
    said = "measured" if plan.fluctuation.is_measured else "assumed, not measured"
    yield (
        f"Fluctuation of one person's weekly hours: {plan.fluctuation.variation:.0%} of the mean; in common "
        f"{plan.fluctuation.correlation:.1%} ({said})."
    )


def _than(pounds: float) -> str:
    """ "£5,000 more" or "£5,000 less"."""
    return f"£{abs(pounds):,.0f} {'more' if pounds >= 0.0 else 'less'}"


def _charts(plan: Plan) -> tuple[Chart, ...]:
    everybody = hours.all_covered(float(len(plan.people.means)), plan.reliability)
    return (
        Chart(
            "The larger the pool, the fewer hours must be held for each hour of need",
            lines("people", "ratio", "hours held for each hour of need", "correlation"),
            "Packages of equal size. Across: people in the pool. What people have in common does not cancel in any "
            "pool.",
            "Lines that fall with the number of people in a pool, to a level set by what people have in common.",
            "Pool size",
        ),
        Chart(
            "Hours to hold a week, from one team to every package by itself",
            bars("name", "hours", "hours a week"),
            f"All packages by themselves are enough in the same week in {everybody:.1%} of weeks if needs are "
            "independent.",
            "A bar for each arrangement: hours to hold a week.",
            "Arrangements",
        ),
    )

"""The law that stands in for the planner in the weekly model: fitted to solved days of a team, tested on others.

The weekly model asks two things of a team: minutes of travel for each visit, and the share of time on duty that is
spent with people. Its rules (`rules.travel`, `rules.staffing`) answer with

    travel = door + reach * detour * 60 / speed * sqrt(km2 / people),    share = 1 / (1 + travel / visit + gaps)

Gaps depend on the number of people: n people ask for a mean of m n carers in a half hour, give or take sqrt(m n), and
whole shifts must reach the peaks. Time on duty is so a n + b sqrt(n), and for each minute of visits

    gaps = gaps_of_many + gaps_of_few / sqrt(people),

the square-root law of staffing. What rounding up to whole shifts adds falls with n itself, faster; over the sizes that
teams have it cannot be told from the root. The weekly model has one number for gaps, so it is handed over for the size
of the pools that are meant (`report.pool_law.values_for_the_model`).

Here days are solved for the whole team and for parts that people and carers fall into by chance: the same streets,
fewer doors. `door`, `reach` and gaps are fitted to some days. Other days, of parts of other sizes, that had no say in
it show how far the law can be trusted.
"""

import contextlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from scipy.optimize import nnls
from scipy.spatial import ConvexHull, QhullError

from insource.errors import InputError, Problem
from insource.planner.arrangements import part_of
from insource.planner.confirm import drawn_day
from insource.planner.day import places_of, visits_on
from insource.planner.formats import DAYS_A_WEEK
from insource.planner.planned import Planned, metrics
from insource.planner.roster import templates
from insource.planner.staffing import loads, staff_for
from insource.planner.team import Team
from insource.planner.travel import road_km
from insource.rules.staffing import visit_share
from insource.rules.travel import travel_minutes_a_visit, travel_ratio

METRES_A_KM, MINUTES_AN_HOUR = 1000.0, 60.0
EFFORT = 40
STAFFED = 0.8
"""Staff over what the mean need takes if no visit may wait for another half hour. Planned rounds use the windows: with
this many some 1% of visits are not made on solved days of made-up teams, with all of them 0.2%, with 0.7 some 5%."""
MOST_DRAWS = 20
FITTED_AT = (0.3, 0.55, 1.0)
TESTED_AT = (0.2, 0.4, 0.75, 1.0)
"""Parts of the team whose days are solved: to fit the law, and to test it."""
TRAVEL_TOLERANCE, SHARE_TOLERANCE = 0.05, 0.02
"""How far the law may be off on average: travel in proportion, the share of time with people in points."""


@dataclass(frozen=True)
class Solved:
    """What solved days of parts of one size took, all together; minutes, but for `size` (of the whole) and people."""

    size: float
    days: int
    people: float
    legs: int
    contact: float
    travel: float
    wait: float
    on_duty: float
    rounds: int = 0
    """Shifts with visits. A round of so many visits has one journey fewer between them."""
    unserved_share: float = 0.0

    @property
    def travel_a_visit(self) -> float:
        """Minutes from one visit to the next."""
        return self.travel / max(self.legs - self.rounds, 1)

    @property
    def visit_minutes(self) -> float:
        """Mean length of a carer's visit."""
        return self.contact / self.legs

    @property
    def share(self) -> float:
        """Share of the time on duty that is spent with people."""
        return self.contact / self.on_duty

    @property
    def gaps(self) -> float:
        """Minutes on duty that are neither visits nor a way to each of them, for each minute of visits."""
        return (self.on_duty - self.contact - self.travel_a_visit * self.legs) / self.contact


@dataclass(frozen=True)
class Law:
    """The fitted numbers; `km2` is the land that people live on, `speed_kmh` and `detour` those of the team's cars."""

    km2: float
    door_minutes: float
    reach: float
    gaps_of_many: float
    gaps_of_few: float
    speed_kmh: float
    detour: float

    def travel_a_visit(self, people: float) -> float:
        """Minutes of travel for each visit, by the rule the weekly model uses."""
        return float(
            travel_minutes_a_visit(self.km2, people, self.door_minutes, self.speed_kmh, self.detour, self.reach, 0.0)
        )

    def gaps(self, people: float) -> float:
        """Minutes on duty that are neither visits nor the way between them, for each minute of visits."""
        return self.gaps_of_many + self.gaps_of_few / math.sqrt(people)

    def share(self, people: float, visit_minutes: float) -> float:
        """Share of time on duty spent with people, by the rule the weekly model uses."""
        return float(visit_share(travel_ratio(self.travel_a_visit(people), visit_minutes), self.gaps(people), 1.0))


@dataclass(frozen=True)
class Checked:
    """Solved days that had no say in the law, beside what the law says of them."""

    solved: Solved
    travel: float
    share: float

    @property
    def travel_off(self) -> float:
        """The law's travel over that of the solved days, less 1."""
        return self.travel / self.solved.travel_a_visit - 1.0

    @property
    def share_off(self) -> float:
        """The law's share of time with people less that of the solved days."""
        return self.share - self.solved.share

    @property
    def holds(self) -> bool:
        """Whether both are within what is allowed."""
        return abs(self.travel_off) <= TRAVEL_TOLERANCE and abs(self.share_off) <= SHARE_TOLERANCE


def land_km2(team: Team) -> float:
    """Land within the line round the outermost homes of people, km2."""
    homes = np.unique(places_of(team)[0][: team.people.height], axis=0) / METRES_A_KM
    try:
        return float(ConvexHull(homes).volume)
    except QhullError:  # all on one line, or fewer than three homes
        return float(np.prod(np.maximum(np.ptp(homes, axis=0), 0.1)))


def days_of(size: float, days: int) -> int:
    """Days to draw for parts of a size: the smaller the part, the more, so that each size rests on as many visits."""
    return round(days / size)


def solve_parts(
    team: Team,
    monday: date,
    tried: Sequence[float],
    days: int,
    seed: int = 1,
    effort: int = EFFORT,
    staffed: float = STAFFED,
    tell: Callable[[], None] = lambda: None,
) -> list[Solved]:
    """Solve drawn days with parts of each size, another part each day; `tell()` after each.

    `days` are those of the whole team (`days_of` gives those of a part). The search makes `effort` moves for each
    visit of a carer, whatever the size. `staffed`: staff over what the mean need takes half hour by half hour.
    """
    week = [loads(team, monday + timedelta(days=day)) for day in range(DAYS_A_WEEK)]
    out = []
    for size in tried:
        solved = []
        for number in range(days_of(size, days)):
            day = monday + timedelta(days=number % DAYS_A_WEEK)
            load = week[day.weekday()] * staffed
            solved.append(_drawn(team, size, day, load, (seed, round(size * 1000), number), effort))
            tell()
        out.append(_together(size, solved))
    return out


def _drawn(team: Team, size: float, day: date, load: np.ndarray, key: tuple[int, int, int], effort: int) -> Planned:
    """A day of a part, solved; another part where the first asks for nobody, or all who were on duty fell ill."""
    kinds = {one.name: one for one in templates(team)}
    for again in range(MOST_DRAWS):
        luck = np.random.Generator(np.random.PCG64([*key, again] if again else list(key)))
        part, people = _part(team, size, luck)
        staff = staff_for(team, list(kinds.values()), load[people].sum(axis=0))
        moves = max(round(effort * float(visits_on(part, day)["carers"].sum())), 1)
        with contextlib.suppress(InputError):
            return drawn_day(part, staff, kinds, day, luck, key[0], moves)
    what, todo = (
        "small parts of this team have no day with visits and carers",
        "give a team of more people, or another week",
    )
    raise InputError(Problem("empty_parts", what, todo, found=f"{100 * size:.0f}% of the team on {day.isoformat()}"))


def _together(size: float, days: Sequence[Planned]) -> Solved:
    found = metrics(days)
    people = float(np.mean([one.visits["person"].n_unique() for one in days]))
    spent = (found["contact"], found["travel"], found["wait"], found["rostered"])
    return Solved(
        size, len(days), people, round(found["legs"]), *spent, round(found["shifts_used"]), found["unserved_share"]
    )


def _part(team: Team, size: float, luck: np.random.Generator) -> tuple[Team, np.ndarray]:
    """So large a part of the people and of the carers, by chance; and which people."""
    many = (team.people.height, team.carers.height)
    people, carers = (luck.permutation(number) < max(round(size * number), 1) for number in many)
    part = part_of(team, people, carers)
    return replace(part, plan=part.plan.clear()), people


def fitted(team: Team, solved: Sequence[Solved]) -> Law:
    """The law by least squares, travel by differences in proportion, no number below nought.

    Raises ValueError with fewer than two sizes of part.
    """
    if len({one.size for one in solved}) < 2:
        raise ValueError("one size of team cannot tell the door from the road")
    km2, rules = land_km2(team), team.rules
    many, speed = np.array([one.people for one in solved]), rules["car_kmh"]
    apart = float(np.sqrt(km2 / many.max()))
    detour = float(road_km(rules, np.array(apart))) / apart
    seen, road = (
        np.array([one.travel_a_visit for one in solved]),
        np.sqrt(km2 / many) * detour * MINUTES_AN_HOUR / speed,
    )
    (door, reach), _ = nnls(np.stack([1.0 / seen, road / seen], axis=1), np.ones(len(seen)))
    shape = np.stack([np.ones(len(many)), 1.0 / np.sqrt(many)], axis=1)
    (of_many, of_few), _ = nnls(shape, np.array([one.gaps for one in solved]))
    return Law(km2, float(door), float(reach), float(of_many), float(of_few), speed, detour)


def holds_from(tested: Sequence[Checked]) -> float | None:
    """The fewest people with whom, and with all more of whom, the law held; None if it did not with the most."""
    found = None
    for one in sorted(tested, key=lambda one: -one.solved.people):
        if not one.holds:
            break
        found = one.solved.people
    return found


def checked(law: Law, solved: Sequence[Solved]) -> list[Checked]:
    """The law beside days that had no say in it."""
    return [Checked(one, law.travel_a_visit(one.people), law.share(one.people, one.visit_minutes)) for one in solved]

"""The law that stands in for the planner in the weekly model: fitted to solved days of a team, tested on others.

The weekly model asks two things of a team: minutes of travel for each visit, and the share of time on duty that is
spent with people. Its rules (`rules.travel`, `rules.staffing`) answer with

    travel = door + reach * detour * 60 / speed * sqrt(km2 / people),    share = 1 / (1 + travel / visit + gaps)

Here days are solved for the whole team and for parts that people and carers fall into by chance: the same streets,
fewer doors. `door`, `reach` and `gaps` are fitted to some days. Other days, of parts of other sizes, that had no say in
it show how far the law can be trusted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from scipy.spatial import ConvexHull, QhullError

from insource.planner.arrangements import part_of
from insource.planner.confirm import drawn_day
from insource.planner.day import places_of
from insource.planner.formats import DAYS_A_WEEK
from insource.planner.planned import metrics
from insource.planner.roster import templates
from insource.planner.staffing import need, sizes
from insource.planner.team import Team
from insource.planner.travel import road_km
from insource.rules.staffing import visit_share
from insource.rules.travel import travel_minutes_a_visit, travel_ratio

METRES_A_KM, MINUTES_AN_HOUR = 1000.0, 60.0
FITTED_AT = (0.3, 0.55, 1.0)
TESTED_AT = (0.4, 0.75, 1.0)
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

    @property
    def travel_a_visit(self) -> float:
        """Minutes from one visit to the next, for each carer's visit."""
        return self.travel / self.legs

    @property
    def visit_minutes(self) -> float:
        """Mean length of a carer's visit."""
        return self.contact / self.legs

    @property
    def share(self) -> float:
        """Share of the time on duty that is spent with people."""
        return self.contact / self.on_duty


@dataclass(frozen=True)
class Law:
    """The fitted numbers; `km2` is the land that people live on, `speed_kmh` and `detour` those of the team's cars."""

    km2: float
    door_minutes: float
    reach: float
    gaps: float
    speed_kmh: float
    detour: float

    def travel_a_visit(self, people: float) -> float:
        """Minutes of travel for each visit, by the rule the weekly model uses."""
        return float(
            travel_minutes_a_visit(self.km2, people, self.door_minutes, self.speed_kmh, self.detour, self.reach, 0.0)
        )

    def share(self, people: float, visit_minutes: float) -> float:
        """Share of time on duty spent with people, by the rule the weekly model uses."""
        return float(visit_share(travel_ratio(self.travel_a_visit(people), visit_minutes), self.gaps, 1.0))


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


def solve_parts(
    team: Team,
    monday: date,
    tried: Sequence[float],
    days: int,
    seed: int = 1,
    moves: int = 6_000,
    tell: Callable[[], None] = lambda: None,
) -> list[Solved]:
    """Solve `days` drawn days with parts of each size, another part each day; `tell()` after each.

    The search makes `moves` for the whole team and in proportion for a part of it.
    """
    kinds = {one.name: one for one in templates(team)}
    out = []
    for size in tried:
        solved = []
        for number in range(days):
            luck = np.random.Generator(np.random.PCG64([seed, round(size * 1000), number]))
            part = _part(team, size, luck)
            day = monday + timedelta(days=number % DAYS_A_WEEK)
            [staff] = sizes(part, need(part, monday), [1.0])
            solved.append(drawn_day(part, staff, kinds, day, luck, seed, max(round(moves * size), 1)))
            tell()
        found = metrics(solved)
        people = float(np.mean([one.visits["person"].n_unique() for one in solved]))
        spent = (found["contact"], found["travel"], found["wait"], found["rostered"])
        out.append(Solved(size, days, people, round(found["legs"]), *spent))
    return out


def _part(team: Team, size: float, luck: np.random.Generator) -> Team:
    """So large a part of the people and of the carers, by chance."""
    many = (team.people.height, team.carers.height)
    people, carers = (luck.permutation(number) < max(round(size * number), 1) for number in many)
    part = part_of(team, people, carers)
    return replace(part, plan=part.plan.clear())


def fitted(team: Team, solved: Sequence[Solved]) -> Law:
    """The law by least squares on differences in proportion; raises ValueError with fewer than two sizes of part."""
    if len({one.size for one in solved}) < 2:
        raise ValueError("one size of team cannot tell the door from the road")
    km2, rules = land_km2(team), team.rules
    seen = np.array([one.travel_a_visit for one in solved])
    speed, apart = rules["car_kmh"], float(np.sqrt(km2 / max(one.people for one in solved)))
    detour = float(road_km(rules, np.array(apart))) / apart
    road = np.array([np.sqrt(km2 / one.people) for one in solved]) * detour * MINUTES_AN_HOUR / speed
    (door, reach), *_ = np.linalg.lstsq(np.stack([1.0 / seen, road / seen], axis=1), np.ones(len(seen)), rcond=None)
    idle = sum(one.on_duty - one.contact - one.travel for one in solved)
    gaps = idle / sum(one.contact for one in solved)
    return Law(km2, float(door), float(reach), gaps, speed, detour)


def checked(law: Law, solved: Sequence[Solved]) -> list[Checked]:
    """The law beside days that had no say in it."""
    return [Checked(one, law.travel_a_visit(one.people), law.share(one.people, one.visit_minutes)) for one in solved]

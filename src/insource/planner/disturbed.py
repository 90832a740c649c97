"""What changes for people when a carer falls ill or somebody needs more: the same events under each arrangement.

The first day is taken as published. One carer after another is ill, one visit after another takes longer; each time the
part that is hit is planned again with the prices of changes, and nothing else moves. Counted are visits that get
another carer than people were told, and visits that nobody can make any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from insource.planner.checking import check
from insource.planner.compared import PartDay, Tried
from insource.planner.day import NOT_THEN
from insource.planner.fitting import MAY
from insource.planner.problem import DayPlan, DayProblem, Published
from insource.planner.replan import replan
from insource.planner.team import Team

EVENTS = 10
"""Of each kind, at most."""
LONGER_MINUTES = 30.0


@dataclass(frozen=True)
class Disturbed:
    """Means over events of a kind: visits with another carer, and visits given up, for each event."""

    events: int
    other_carer: float
    given_up: float


def disturbed(
    team: Team, tried: Sequence[Tried], seed: int = 1, events: int = EVENTS
) -> tuple[list[Disturbed], list[Disturbed]]:
    """Of carers ill and of visits longer, by arrangement; the same carers and visits in all, as far as there are any.

    A carer is ill who has visits under every arrangement; a visit takes longer that is made under every one.
    """
    luck = np.random.Generator(np.random.PCG64([seed, events]))
    first = [one.days[0] for one in tried]
    carers = [{name for part in day for name in part.planned.visits["carer"]} for day in first]
    visits = [{name for part in day for name in part.planned.visits["visit"]} for day in first]
    ill = _some(sorted(set.intersection(*carers)), events, luck)
    longer = _some(sorted(set.intersection(*visits)), events, luck)
    return (
        [_mean([_carer_ill(team, day, name, seed) for name in ill]) for day in first],
        [_mean([_visit_longer(team, day, name, seed) for name in longer]) for day in first],
    )


def _some(names: Sequence[str], number: int, luck: np.random.Generator) -> list[str]:
    return [names[row] for row in luck.permutation(len(names))[:number]]


def _mean(found: Sequence[tuple[int, int]]) -> Disturbed:
    if not found:
        return Disturbed(0, 0.0, 0.0)
    other, lost = np.mean(found, axis=0)
    return Disturbed(len(found), float(other), float(lost))


def _carer_ill(team: Team, parts: Sequence[PartDay], carer: str, seed: int) -> tuple[int, int]:
    part, day = next((one, one.day) for one in parts if one.day and carer in set(one.planned.visits["carer"]))
    is_theirs = (day.shifts["carer"] == carer).to_numpy()
    barred = day.problem.barred.copy()
    barred[:, is_theirs] = np.where(barred[:, is_theirs] == MAY, NOT_THEN, barred[:, is_theirs])
    return _again(team, replace(day.problem, barred=barred), part.planned.plan, seed)


def _visit_longer(team: Team, parts: Sequence[PartDay], visit: str, seed: int) -> tuple[int, int]:
    part, day = next((one, one.day) for one in parts if one.day and visit in set(one.planned.visits["visit"]))
    minutes = day.problem.visits.minutes.copy()
    minutes[day.visits["visit"].to_list().index(visit)] += LONGER_MINUTES
    problem = replace(day.problem, visits=replace(day.problem.visits, minutes=minutes))
    return _again(team, problem, part.planned.plan, seed)


def _again(team: Team, problem: DayProblem, told: DayPlan, seed: int) -> tuple[int, int]:
    """Visits that get another carer, and visits that are given up, where `told` was published."""
    rules, each = team.rules, np.ones(len(told.leg_shift))
    published = Published(
        told.leg_shift.astype(np.int32),
        told.leg_start,
        carer_price=each * rules["change_price"],
        moved_free=each * rules["moved_free_minutes"],
        moved_price=each * rules["moved_price"],
        moved_minute_price=each * rules["moved_minute_price"],
        is_locked=np.zeros(len(each), bool),
    )
    now = replace(problem, published=published)
    found = replan(now, seed=seed, most_seconds=None)
    if faults := check(now, found.plan).faults:
        raise RuntimeError(f"the plan breaks {len(faults)} rules, {faults[0].code} first")
    visit = problem.legs.visit
    carer = problem.shifts.carer
    both = [one for one in found.changes if one.old_shift >= 0 and one.new_shift >= 0]
    other = {int(visit[one.leg]) for one in both if carer[one.old_shift] != carer[one.new_shift]}
    lost = {int(visit[one.leg]) for one in found.changes if one.old_shift >= 0 and one.new_shift < 0}
    return len(other - lost), len(lost)

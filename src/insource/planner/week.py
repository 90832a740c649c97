"""Several days planned together, so that people see the same faces: a day pays for carers whom the others do not send.

Days are planned one after the other, in `sweeps`. In each, a carer is known to a person if their own list says so
or if they come on one of the other days as planned so far (the six who come most). A price of a few minutes is enough.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl

from insource.planner.day import Day, day_problem, ways_of
from insource.planner.planned import Planned, planned
from insource.planner.solving import solve
from insource.planner.team import Team

KNOWN_FACES = 6


def plan_days(
    team: Team,
    roster: pl.DataFrame,
    days: Sequence[date],
    seed: int = 1,
    moves: int = 20_000,
    sweeps: int = 2,
    most_seconds: float | None = None,
    tell: Callable[[int, int], None] = lambda done, of: None,
    seeds: int = 1,
) -> list[Planned]:
    """A plan for each day, the best of `seeds` searches. One day takes one sweep.

    `most_seconds` caps each day's search; a plan so cut says so.
    """
    ways = ways_of(team)
    problems = [day_problem(team, day, roster, ways=ways) for day in days]
    found: list[Planned | None] = [None] * len(days)
    rounds = sweeps if len(days) > 1 else 1
    for sweep in range(rounds):
        for number, day in enumerate(problems):
            others = [one for place, one in enumerate(found) if one is not None and place != number]
            prices = _faces(team, day, others)
            priced = replace(day.problem, pair_price=prices)
            plan = solve(priced, seed + number, moves, most_seconds, seeds)
            found[number] = planned(team, day, plan)
            tell(sweep * len(days) + number + 1, rounds * len(days))
    return [one for one in found if one is not None]


def _faces(team: Team, day: Day, others: Sequence[Planned]) -> np.ndarray:
    """Prices of person and carer in which those who come on other days are no new faces."""
    prices = day.problem.pair_price
    if not others:
        return prices
    rows = {person: row for row, person in enumerate(team.people["person"])}
    columns = {carer: column for column, carer in enumerate(team.carers["carer"])}
    seen: dict[str, Counter[str]] = {}
    for one in others:
        for person, carer in one.visits.select("person", "carer").iter_rows():
            seen.setdefault(person, Counter())[carer] += 1
    price, prices = team.rules["new_face_price"], prices.copy()
    usual = [set(listed) for listed in team.people["usual"]]
    for person, counted in seen.items():
        row = rows[person]
        if not usual[row]:  # without a list of their own nobody was a new face so far
            prices[row] += price
        often = sorted(counted, key=lambda carer: (-counted[carer], carer))[:KNOWN_FACES]
        for carer in often:
            if carer not in usual[row]:
                prices[row, columns[carer]] -= price
    return np.asarray(np.maximum(prices, 0), np.float32)

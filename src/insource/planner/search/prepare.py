"""From the day's problem to the arrays of the search."""

import numpy as np

from insource.planner.problem import ANY_CARERS, DIFFERENT_CARERS, MISSING_BREAK_PRICE, UNITS, DayProblem
from insource.planner.search.blocks import LEVELS
from insource.planner.search.columns import FOREVER, NONE, Day, Plan
from insource.planner.search.near import near_legs, near_shifts

AVERAGE_OUT, LONGEST_STRING = 15.0, 15.0
"""Legs taken out in a move, and in a row. Published for rounds with windows: 10 and 10; longer was better on published
days with two carers at one door (benchmarks/planner), where a round and its ties have to be loosened together."""
WIDTH = 2
"""So many places of the first carer are tried with the best place of the second; more cost more than they found."""
JOURNAL_ROWS = 20_000
JOURNAL_PER_LEG = 12
SPARE = 128


def units(minutes: np.ndarray) -> np.ndarray:
    """Minutes as whole thousandths; infinities as a time that never comes."""
    clipped = np.clip(np.asarray(minutes, float) * UNITS, -FOREVER, FOREVER)
    return np.rint(clipped).astype(np.int64)


def prepare(problem: DayProblem) -> Day:
    """The arrays that the search reads."""
    legs_i, legs_t, legs_p = _legs(problem)
    block_of, block_legs = _blocks(problem)
    legs_i[:, 3] = block_of
    arcs_i, arcs_t = _arcs(problem, legs_i)
    shifts = problem.shifts
    shifts_i = np.column_stack([shifts.carer, shifts.start_place, shifts.end_place, shifts.mode]).astype(np.int64)
    shifts_t = np.column_stack(
        [
            units(column)
            for column in (
                shifts.start,
                shifts.end,
                shifts.normal_end,
                shifts.wait_most,
                shifts.break_minutes,
                shifts.break_over,
                shifts.break_from,
                shifts.break_to,
            )
        ]
    )
    shifts_p = np.column_stack([shifts.travel_price, shifts.wait_price, shifts.overtime_price]).astype(float) / UNITS
    settings = np.array(
        [
            problem.greatest_lateness_price / UNITS,
            float(bool((shifts_p[:, 1:] > 0).any() or (shifts_t[:, 4] > 0).any())),
            float((shifts_t[:, 4] > 0).any()),
            float((legs_t[:, 1] < legs_t[:, 2]).any()),
            MISSING_BREAK_PRICE,
            AVERAGE_OUT,
            LONGEST_STRING,
            WIDTH,
            _late_minute(legs_t, legs_p),
        ]
    )
    return Day(
        legs_i=legs_i,
        legs_t=legs_t,
        legs_p=legs_p,
        arcs_i=arcs_i,
        arcs_t=arcs_t,
        shifts_i=shifts_i,
        shifts_t=shifts_t,
        shifts_p=shifts_p,
        travel=np.ascontiguousarray(problem.travel),
        travel_to=_travel_to(problem.travel),
        barred=np.ascontiguousarray(problem.barred),
        pair=np.ascontiguousarray(problem.pair_price, dtype=np.float32),
        block_legs=block_legs,
        block_p=_block_features(problem, block_of, len(block_legs), legs_t),
        near=near_legs(problem),
        near_shifts=near_shifts(problem),
        settings=settings,
    )


def _legs(problem: DayProblem) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    visits, visit = problem.visits, problem.legs.visit
    legs = len(visit)
    leads = problem.legs.role == 0
    legs_i = np.full((legs, 8), NONE, np.int64)
    legs_i[:, 0], legs_i[:, 1], legs_i[:, 2], legs_i[:, 7] = visit, visits.person[visit], visits.place[visit], 0
    columns = (visits.minutes, visits.earliest, visits.free_from, visits.free_from, visits.free_to, visits.edge)
    legs_t = np.column_stack([units(column)[visit] for column in (*columns, visits.latest)] + [np.full(legs, -1)] * 3)
    legs_t[:, 2] = np.where(leads, np.clip(legs_t[:, 2], legs_t[:, 1], legs_t[:, 6]), legs_t[:, 1])
    legs_p = np.zeros((legs, 6))
    for column, price in enumerate((visits.early_price, visits.late_price, visits.beyond_price)):
        legs_p[:, column] = np.where(leads, price[visit], 0.0) / UNITS
    published = problem.published
    if published is not None:
        known = published.shift >= 0
        start = np.where(known, units(np.nan_to_num(published.start)), -1)
        legs_t[:, 7] = start
        legs_t[:, 8] = units(published.moved_free)
        legs_t[:, 2] = np.where(known, np.clip(start, legs_t[:, 1], legs_t[:, 6]), legs_t[:, 2])
        locked = known & published.is_locked
        for column in (1, 2, 6):
            legs_t[locked, column] = start[locked]
        legs_i[known, 6] = problem.shifts.carer[published.shift[known]]
        legs_i[:, 7] = locked
        legs_p[:, 3], legs_p[:, 4] = published.carer_price, published.moved_price
        legs_p[:, 5] = published.moved_minute_price / UNITS
    legs_t[:, 9] = np.where(legs_p[:, 1] > 0, legs_t[:, 4], np.where(legs_p[:, 2] > 0, legs_t[:, 5], legs_t[:, 6]))
    legs_t[:, 9] = np.minimum(legs_t[:, 9], legs_t[:, 6])
    return legs_i, legs_t, legs_p


def _late_minute(legs_t: np.ndarray, legs_p: np.ndarray) -> float:
    """What a thousandth of a minute costs at least, wherever a start that may be later costs more the later it is."""
    has_price = legs_t[:, 9] < legs_t[:, 6]
    before = has_price & (legs_t[:, 9] < legs_t[:, 5])
    after = has_price & (legs_t[:, 5] < legs_t[:, 6])
    prices = np.concatenate([legs_p[before, 1], legs_p[after, 2]])
    return float(prices.min()) if len(prices) else 0.0


def _blocks(problem: DayProblem) -> tuple[np.ndarray, np.ndarray]:
    """Legs that go in and out together: those of a visit, and of visits tied so. A locked leg stands alone."""
    legs = len(problem.legs.visit)
    locked = np.zeros(legs, bool)
    if problem.published is not None:
        locked = problem.published.is_locked & (problem.published.shift >= 0)
    head = list(range(legs))

    def top(leg: int) -> int:
        while head[leg] != leg:
            head[leg] = head[head[leg]]
            leg = head[leg]
        return leg

    lead: dict[int, int] = {}
    for leg, visit in enumerate(problem.legs.visit.tolist()):
        if not locked[leg]:
            head[leg] = top(lead.setdefault(visit, leg))
    links = problem.links
    for a, b, together in zip(links.first.tolist(), links.second.tolist(), links.together.tolist(), strict=True):
        if together and not locked[a] and not locked[b]:
            head[max(top(a), top(b))] = min(top(a), top(b))
    _, block_of = np.unique([top(leg) for leg in range(legs)], return_inverse=True)
    order = np.argsort(block_of, kind="stable")
    bounds = np.searchsorted(block_of[order], np.arange(block_of.max() + 2 if legs else 1))
    rows = max(legs, len(bounds) - 1)
    block_legs = np.zeros((rows, 3), np.int64)
    block_legs[: len(bounds) - 1, 0], block_legs[: len(bounds) - 1, 1] = bounds[:-1], bounds[1:]
    block_legs[:legs, 2] = order
    return block_of, block_legs


def _arcs(problem: DayProblem, legs_i: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """From each leg to those it is tied to, both ways; the legs' own columns say which rows are theirs."""
    rows: list[tuple[int, int, int, int, int]] = []
    links = problem.links
    least, most = units(links.least), units(links.most)
    for k, (a, b, carers) in enumerate(
        zip(links.first.tolist(), links.second.tolist(), links.carers.tolist(), strict=True)
    ):
        rows.append((a, b, carers, int(least[k]), int(-most[k])))
        rows.append((b, a, carers, int(-most[k]), int(least[k])))
    legs_of: dict[int, list[int]] = {}
    for leg, visit in enumerate(problem.legs.visit.tolist()):
        legs_of.setdefault(visit, []).append(leg)
    rows += [
        (a, b, DIFFERENT_CARERS, 0, 0) for together in legs_of.values() for a in together for b in together if a != b
    ]
    rows += _implied(rows)
    rows.sort()
    table = np.array(rows, np.int64).reshape(-1, 5)
    first = np.searchsorted(table[:, 0], np.arange(len(legs_i) + 1))
    legs_i[:, 4], legs_i[:, 5] = first[:-1], first[1:]
    return table[:, 1:3].astype(np.int64), np.ascontiguousarray(table[:, 3:5])


def _travel_to(travel: np.ndarray) -> np.ndarray:
    """By mode and where to: from everywhere. The same array where ways are as long back as there."""
    back = travel.transpose(0, 2, 1)
    return np.ascontiguousarray(travel if np.array_equal(travel, back) else back)


def _implied(rows: list[tuple[int, int, int, int, int]]) -> list[tuple[int, int, int, int, int]]:
    """Whoever starts with somebody who starts with a third starts with the third: `room` looks one step far."""
    same: dict[int, set[int]] = {}
    for a, b, _, to_b, to_a in rows:
        if to_b == 0 and to_a == 0:
            both = same.setdefault(a, {a}) | same.setdefault(b, {b})
            for leg in both:
                same[leg] = both
    known = {(a, b) for a, b, _, to_b, to_a in rows if to_b == 0 and to_a == 0}
    return sorted(
        (a, b, ANY_CARERS, 0, 0) for a, group in same.items() for b in group if a != b and (a, b) not in known
    )


def _block_features(problem: DayProblem, block_of: np.ndarray, blocks: int, legs_t: np.ndarray) -> np.ndarray:
    """By block: price of leaving it out, and what visits are sorted by: start, width of the window, distance."""
    visit = problem.legs.visit
    features = np.zeros((blocks, 4))
    leads = problem.legs.role == 0
    np.add.at(features[:, 0], block_of, np.where(leads, problem.visits.unserved_price[visit], 0.0))
    alone = features[:, 0] == 0
    np.maximum.at(features[:, 0], block_of[alone[block_of]], problem.visits.unserved_price[visit][alone[block_of]])
    features[:, 1] = features[:, 2] = float(FOREVER)
    np.minimum.at(features[:, 1], block_of, legs_t[:, 2].astype(float))
    np.minimum.at(features[:, 2], block_of, (legs_t[:, 5] - legs_t[:, 2]).astype(float))
    homes = np.unique(problem.shifts.start_place)
    if len(homes):
        centre = problem.travel[0][homes[0]]
        np.maximum.at(features[:, 3], block_of, centre[problem.visits.place[visit]].astype(float))
    return features


def empty_plan(day: Day, seed: int) -> Plan:
    """Nobody is sent anywhere yet."""
    legs, shifts, blocks = len(day.legs_i), len(day.shifts_i), len(day.block_legs)
    wide = 3 * legs + len(day.arcs_i) + SPARE
    rows = JOURNAL_ROWS + JOURNAL_PER_LEG * legs
    sizes = day.block_legs[:, 1] - day.block_legs[:, 0]
    counts = np.zeros(11, np.int64)
    counts[2] = (seed * 2_654_435_761 + 88_172_645_463_325_252) % (2**61) | 1
    out = np.flatnonzero(sizes > 0)
    counts[4] = len(out)
    absent = np.zeros(blocks + 1, np.int64)
    absent[: len(out)] = out
    is_absent = np.zeros(blocks, np.int8)
    is_absent[out] = 1
    legs_array = np.full((legs, 4), NONE, np.int64)
    legs_array[:, 3] = 0
    shifts_array = np.full((shifts, 4), NONE, np.int64)
    shifts_array[:, 2] = 0
    times = np.zeros((legs, 8), np.int64)
    times[:, 5], times[:, 6] = day.legs_t[:, 0], day.legs_i[:, 2]
    costs = np.zeros(5)
    costs[0] = day.block_p[out, 0].sum()
    top = max(WIDTH, int(sizes.max(initial=1)))
    return Plan(
        legs=legs_array,
        times=times,
        shifts=shifts_array,
        shift_price=np.zeros(shifts),
        costs=costs,
        counts=counts,
        trial=np.zeros(legs, np.int64),
        stamp=np.zeros(legs, np.int64),
        lists=np.zeros((9, wide), np.int64),
        marks=np.zeros(shifts, np.int64),
        journal=np.zeros((rows, 10), np.int64),
        journal_price=np.zeros(rows),
        tops_i=np.zeros((LEVELS, top, 3), np.int64),
        tops_p=np.zeros((LEVELS, top)),
        hoped=np.zeros(wide),
        absent=absent,
        is_absent=is_absent,
        queue=np.zeros(2 * blocks + SPARE, np.int64),
        keys=np.zeros(2 * blocks + SPARE),
        seeds=np.zeros(legs + 1, np.int64),
        best_legs=legs_array.copy(),
        best_times=times.copy(),
        best_shifts=shifts_array.copy(),
    )

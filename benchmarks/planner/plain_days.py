"""Days that other solvers can state, so that they can be measured on the same day as the planner.

A home-care day as `made_up_day` makes it, without what some peer has no word for: breaks, gaps between visits, prices
of faces, waiting and overtime, bands inside windows. Hard windows, shifts, skills, gender, two carers at one door and
starts from home stay. What is left to pay for is travel and visits that nobody makes. And a day with windows only.
"""

from dataclasses import replace

import numpy as np

from insource.planner.made_up import Town, made_up_day
from insource.planner.problem import DayProblem, Legs, Links, Shifts, Visits, travel_units

LEG_PRICE, URGENT_LEG_PRICE = 500.0, 1000.0
"""Minutes of travel that a leg nobody makes counts for (planning note, 2.2); urgent: the dearer visits of the day."""
DISLIKED = 3
FIRST_START, LAST_START = 450.0, 1200.0
HALF_WINDOWS = (15.0, 30.0, 60.0, 120.0)
LEGS_FOR_A_CARER = 5.0
LONG = ((60.0, 120.0, 240.0), (5.0, 10.0), 15.0)
"""Half windows, lengths and visits for a carer where rounds are long."""
SIDE_KM = {100: 6.0, 200: 8.0, 400: 11.0}


def home_care(people: int, seed: int) -> DayProblem:
    """A made-up day of home care that costs travel minutes and 500 (urgent: 1,000) for each leg left out."""
    day = made_up_day(people, seed, Town(medicine_gap=0.0, break_minutes=0.0))
    visits, legs = day.visits, np.bincount(day.legs.visit)
    is_urgent = visits.unserved_price > visits.unserved_price.min()
    price = legs * np.where(is_urgent, URGENT_LEG_PRICE, LEG_PRICE)
    return replace(
        day,
        visits=_plain_visits(visits, visits.earliest, visits.edge, price),
        shifts=_plain_shifts(day.shifts),
        barred=np.where(day.barred == DISLIKED, 0, day.barred).astype(np.uint8),
        pair_price=np.zeros_like(day.pair_price),
        links=Links.none(),
    )


def doubles_fixed(day: DayProblem) -> DayProblem:
    """The same day with every visit for two carers at the time asked for: how a solver without links can be used."""
    visits = day.visits
    is_double = np.bincount(day.legs.visit) > 1
    asked = (visits.earliest + visits.edge) / 2
    first, last = (np.where(is_double, asked, column) for column in (visits.earliest, visits.edge))
    return replace(day, visits=_plain_visits(visits, first, last, visits.unserved_price))


def windows_only(visits: int, seed: int, from_home: bool = False, is_long: bool = False) -> DayProblem:
    """One carer at every door, anybody may go anywhere; all start from one place, or from home. Travel is the price.

    `is_long`: short visits in wide windows, so that rounds are three times as long: less like home care, more like the
    delivery rounds that the peers are made for.
    """
    luck = np.random.default_rng(seed)
    half_windows, lengths, each = LONG if is_long else (HALF_WINDOWS, Town().lengths, LEGS_FOR_A_CARER)
    carers = round(visits / each)
    town = Town(side_km=SIDE_KM.get(visits, 0.55 * visits**0.5))
    asked = luck.uniform(FIRST_START, LAST_START, visits).round()
    half = luck.choice(half_windows, visits)
    points = luck.random((visits + carers, 2)) * town.side_km
    if not from_home:
        points[visits:] = town.side_km / 2
    away = np.hypot(*(points[:, None, :] - points[None, :, :]).transpose(2, 0, 1))
    travel = travel_units(away * town.detour / town.speed_km_hour * 60 + town.minutes_at_door)[None]
    one, home = np.arange(visits, dtype=np.int32), np.arange(visits, visits + carers, dtype=np.int32)
    nothing = np.zeros(visits)
    minutes = luck.choice(lengths, visits)
    table = Visits(one, one, minutes, *([nothing] * 8), unserved_price=nothing)
    start = np.where(np.arange(carers) % 2 == 0, 420.0, 840.0)
    none = np.zeros(carers)
    end = start + town.shift_minutes
    shifts = Shifts(
        np.arange(carers, dtype=np.int32), home, home, start, end, end, none.astype(np.int32), *([none] * 8)
    )
    return DayProblem(
        _plain_visits(table, asked - half, asked + half, np.full(visits, LEG_PRICE)),
        Legs(one, np.zeros(visits, np.int32)),
        _plain_shifts(shifts),
        travel,
        np.zeros((visits, carers), np.uint8),
        np.zeros((visits, carers), np.float32),
    )


def _plain_visits(visits: Visits, first: np.ndarray, last: np.ndarray, price: np.ndarray) -> Visits:
    """Hard windows, every start in them as good as any other."""
    nothing = np.zeros(len(first))
    return Visits(
        visits.person, visits.place, visits.minutes, first, first, last, last, last, nothing, nothing, nothing, price
    )


def _plain_shifts(shifts: Shifts) -> Shifts:
    """The contract's hours and no more; waiting is free, and so is the day without a break."""
    none, one = np.zeros(len(shifts.carer)), np.ones(len(shifts.carer))
    return replace(
        shifts,
        end=shifts.normal_end,
        travel_price=one,
        wait_price=none,
        wait_most=none,
        overtime_price=none,
        break_minutes=none,
        break_over=shifts.normal_end,
        break_from=shifts.start,
        break_to=shifts.normal_end,
    )

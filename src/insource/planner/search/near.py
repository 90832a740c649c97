"""Who is near whom: for each leg the legs close in place and time, and the shifts that start close by."""

import numpy as np

from insource.planner.problem import UNITS, DayProblem

FEW_LEGS = 2000
NEAR_PLACES_FEW, NEAR_PLACES_MANY = 300, 48
NEAR_LEGS_FEW, NEAR_LEGS_MANY = 100, 48
NEAR_SHIFTS, SHIFTS_LOOKED_AT = 10, 40
TIME_WEIGHT = 0.2
"""A minute between two windows keeps visits as far apart as this much of a minute on the road: a judgement."""
ROWS_AT_ONCE = 1000
MOST_KEY, FINENESS = 1e9, 100


def near_legs(problem: DayProblem) -> np.ndarray:
    """int32 [leg, rank]: other legs, nearest first; a leg stands for itself where there are too few."""
    place = problem.visits.place[problem.legs.visit]
    legs = len(place)
    few = legs <= FEW_LEGS
    places, at = np.unique(place, return_inverse=True)
    order = np.argsort(at, kind="stable")
    counts = np.bincount(at, minlength=len(places))
    legs_at = np.full((len(places), int(counts.max(initial=1))), -1, np.int64)
    legs_at[at[order], np.arange(legs) - (np.cumsum(counts) - counts)[at[order]]] = order
    middle = _middle(problem)
    width = min(len(places), NEAR_PLACES_FEW if few else NEAR_PLACES_MANY)
    keep = max(1, min(legs - 1, NEAR_LEGS_FEW if few else NEAR_LEGS_MANY))
    near = np.empty((legs, keep), np.int64)
    for first in range(0, legs, ROWS_AT_ONCE):
        rows = np.arange(first, min(first + ROWS_AT_ONCE, legs))
        wanted, row_of = np.unique(place[rows], return_inverse=True)
        away = problem.travel[0][np.ix_(wanted, places)]
        closest = _least(away, width)
        some = legs_at[closest].reshape(len(wanted), -1)
        far = np.repeat(np.take_along_axis(away, closest, 1) / UNITS, legs_at.shape[1], axis=1)
        key = far[row_of] + TIME_WEIGHT * np.abs(middle[some[row_of]] - middle[rows][:, None])
        key[(some[row_of] < 0) | (some[row_of] == rows[:, None])] = np.inf
        chosen = _least(key, keep)
        found = np.take_along_axis(some[row_of], chosen, 1)
        is_real = np.isfinite(np.take_along_axis(key, chosen, 1))
        missing = keep - found.shape[1]
        near[rows, : found.shape[1]] = np.where(is_real, found, rows[:, None])
        if missing > 0:
            near[rows, found.shape[1] :] = rows[:, None]
    return near


def near_shifts(problem: DayProblem) -> np.ndarray:
    """int32 [leg, rank]: shifts that may serve the leg and start nearest, -1 where there are too few."""
    visits, visit, shifts = problem.visits, problem.legs.visit, problem.shifts
    near = np.full((len(visit), NEAR_SHIFTS), -1, np.int64)
    if not len(shifts.carer):
        return near
    latest = np.minimum(visits.latest, visits.edge)
    for first in range(0, len(visit), ROWS_AT_ONCE):
        rows = np.arange(first, min(first + ROWS_AT_ONCE, len(visit)))
        places, row_of = np.unique(visits.place[visit[rows]], return_inverse=True)
        away = problem.travel[shifts.mode[:, None], shifts.start_place[:, None], places[None, :]].T
        looked = _least(away, min(SHIFTS_LOOKED_AT, len(shifts.carer)))[row_of]
        fits = problem.barred[rows[:, None], looked] == 0
        fits &= (shifts.start[looked] <= latest[visit[rows]][:, None]) & (
            shifts.end[looked] >= visits.earliest[visit[rows]][:, None]
        )
        order = np.argsort(~fits, axis=1, kind="stable")[:, :NEAR_SHIFTS]
        best = np.where(np.take_along_axis(fits, order, 1), np.take_along_axis(looked, order, 1), -1)
        near[rows[:, None], np.arange(best.shape[1])] = best
    return near


def _least(keys: np.ndarray, count: int) -> np.ndarray:
    """Columns of the least `count` of each row, least first; ties by column, so that every machine takes the same."""
    count = min(count, keys.shape[1])
    whole = np.rint(np.minimum(keys, MOST_KEY) * FINENESS).astype(np.int64) * keys.shape[1] + np.arange(keys.shape[1])
    if count < keys.shape[1]:
        whole = np.partition(whole, count - 1, axis=1)[:, :count]
    return np.sort(whole, axis=1) % keys.shape[1]


def _middle(problem: DayProblem) -> np.ndarray:
    """By leg: the middle of its free band."""
    visits = problem.visits
    middle = (visits.free_from + np.minimum(visits.free_to, visits.edge)) / 2
    return np.nan_to_num(middle, posinf=0.0, neginf=0.0)[problem.legs.visit]

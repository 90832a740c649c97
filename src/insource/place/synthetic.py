"""A made-up area of any size whose margins are the national figures (data/parameters/place.yaml)."""

from typing import Any

import numpy as np

from insource import parameters
from insource.draws import decisions, fill_normal, fill_uniform, luck
from insource.numeric import exp, log, normal_share_below
from insource.place.model import Origin, Place, zones_from
from insource.terms import LINE
from insource.units import MINUTES_AN_HOUR, WEEKS_A_YEAR

DRAWS = decisions("synthetic", "line", "age", "reason", "zone", "carer", "hours", "review", "age_of_review")
NATIONAL = "drawn from national figures"
MOST_MINUTES = 168 * MINUTES_AN_HOUR
LEAST_MINUTES = 15
REASON_SHARES_65_PLUS = {1: 0.72, 0: 0.12, 3: 0.10, 2: 0.02, 5: 0.03, 6: 0.01}
REASON_SHARES_18_64 = {4: 0.42, 1: 0.38, 5: 0.14, 0: 0.04, 2: 0.02}
"""Shares of primary support reasons by age: a judgement that meets the national margins of all long-term support
(personal care 51%, learning disability 16%, mental health 12%; HSCIC 2014-15) as far as home care is concerned."""
REASON_SHARES_SUPPORTED_LIVING = {4: 0.70, 5: 0.20, 1: 0.06, 0: 0.02, 6: 0.02}
"""The same in supported living: a judgement; it is chiefly for learning disability, then for mental health."""


def synthetic(people: int, seed: int = 1, name: str = "") -> Place:
    """A place with `people` people (1 to 1,048,575) on all lines, the same for the same seed on any machine."""
    numbers = parameters.central()
    who = np.arange(1, people + 1, dtype=np.int64)
    u = draws_of(who, seed)
    line = lines(numbers, u["line"])
    age_band = age_bands(numbers, line, u["age"])
    is_older = age_band > 0
    n_zones = max(round(people / numbers.people_in_zone), 1)
    zone = np.minimum((u["zone"] * n_zones).astype(np.int64), n_zones - 1)
    zone = np.unique(zone, return_inverse=True)[1]
    donors = {
        "person": who,
        "line": line,
        "age_band": age_band,
        "reason": reasons(line, is_older, u["reason"]),
        "zone": zone,
        "is_with_carer": carers(numbers, line, u["carer"]),
        "package_minutes": packages(numbers, line, is_older, u["hours"]),
        "since_review_weeks": weeks_since_review(numbers, u["review"], u["age_of_review"]),
    }
    origins = tuple(Origin(column, 0.0, 0.0, 1.0, NATIONAL) for column in donors if column != "person")
    return Place(name or f"synthetic-{people}-{seed}", donors, zones_from(zone, numbers.people_per_km2), origins)


def draws_of(person: np.ndarray, seed: int) -> dict[str, np.ndarray]:
    """Each person's draws by decision, keyed by their number: uniform, and standard normal for hours."""
    key, u = luck(seed, 0), {}
    for name, decision in zip(DRAWS._fields, DRAWS, strict=True):
        u[name] = np.empty(len(person))
        (fill_normal if name == "hours" else fill_uniform)(key, decision, person, 0, u[name])
    return u


def lines(numbers: Any, u: np.ndarray) -> np.ndarray:
    """Who lives in supported living; the others have home care."""
    return np.where(u < numbers.supported_living_share, LINE.supported_living, LINE.home_care).astype(np.int8)


def age_bands(numbers: Any, line: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Age bands with the national shares of home care; everybody in supported living is 18 to 64."""
    ends = np.cumsum([numbers.aged_18_64_share, numbers.aged_65_74_share, numbers.aged_75_84_share])
    return np.where(line == LINE.supported_living, 0, np.searchsorted(ends, u))


def reasons(line: np.ndarray, is_older: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Codes of primary support reasons by line and age."""
    at_home = np.where(is_older, _pick(REASON_SHARES_65_PLUS, u), _pick(REASON_SHARES_18_64, u))
    return np.where(line == LINE.supported_living, _pick(REASON_SHARES_SUPPORTED_LIVING, u), at_home)


def carers(numbers: Any, line: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Who has an unpaid carer."""
    shared, at_home = numbers.supported_living_with_carer_share, numbers.with_carer_share
    return (u < np.where(line == LINE.supported_living, shared, at_home)).astype(np.int8)


def _pick(shares: dict[int, float], u: np.ndarray) -> np.ndarray:
    codes, weights = np.array(list(shares)), np.array(list(shares.values()))
    return codes[np.searchsorted(np.cumsum(weights / weights.sum())[:-1], u)]


def packages(numbers: Any, line: np.ndarray, is_older: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Log-normal minutes by line and age, whose means on each line are the national ones; whole quarters of an hour."""
    is_shared = line == LINE.supported_living
    young_share = numbers.aged_18_64_share
    mean_older = (numbers.home_care_hours - young_share * numbers.home_care_hours_18_64) / (1.0 - young_share)
    minutes = np.empty(len(z))
    for group, mean, spread in (
        (is_older & ~is_shared, mean_older, numbers.home_care_spread_65_plus),
        (~is_older & ~is_shared, numbers.home_care_hours_18_64, numbers.home_care_spread_18_64),
        (is_shared, numbers.supported_living_hours, numbers.supported_living_spread),
    ):
        middle = _middle(mean * MINUTES_AN_HOUR, spread)
        minutes[group] = [exp(middle + spread * value) for value in z[group]]
    return np.clip(np.round(minutes / LEAST_MINUTES) * LEAST_MINUTES, LEAST_MINUTES, MOST_MINUTES)


def _middle(mean: float, spread: float) -> float:
    """Logarithm of the median of log-normal minutes whose mean, cut off at a week day and night, is `mean`."""

    def mean_of(middle: float) -> float:
        z = (log(MOST_MINUTES) - middle) / spread
        below = exp(middle + spread * spread / 2.0) * normal_share_below(z - spread)
        return float(below + MOST_MINUTES * (1.0 - normal_share_below(z)))

    low, high = log(mean) - spread * spread, log(mean) + spread
    for _ in range(50):
        half = (low + high) / 2.0
        low, high = (half, high) if mean_of(half) < mean else (low, half)
    return float(low)


def weeks_since_review(numbers: Any, u_is_recent: np.ndarray, u_age: np.ndarray) -> np.ndarray:
    """Weeks since the last review: within a year for the published share, a second year at most for the others."""
    is_recent = u_is_recent < numbers.reviewed_share
    return np.floor(u_age * WEEKS_A_YEAR).astype(np.int64) + np.where(is_recent, 0, WEEKS_A_YEAR)

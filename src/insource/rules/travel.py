"""Travel between visits: the square-root law of density (Beardwood, Halton & Hammersley 1959, with time windows)."""

import math

from insource.compiled import rule
from insource.units import MINUTES_AN_HOUR


@rule
def travel_minutes_a_visit(area_km2, people, door_minutes, speed_kmh, detour, wide_window, window_term):
    """Minutes from one visit to the next for a service with `people` spread over `area_km2`.

    Distance = (wide_window + window_term) * sqrt(area / people): the first number is the textbook constant for a day
    without time windows, the second what windows add. k services over the same streets have a k-th of the people each,
    so travel grows with the square root of k; exclusive zones do not change it.
    """
    distance = (wide_window + window_term) * math.sqrt(area_km2 / max(people, 1.0))
    return door_minutes + distance * detour * MINUTES_AN_HOUR / speed_kmh


@rule
def travel_ratio(minutes_a_visit, visit_minutes):
    """Minutes of travel for each minute of visits."""
    return minutes_a_visit / visit_minutes

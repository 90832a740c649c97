"""Care-related quality of life (SCRQoL, ASCOT) from hours of care that meet a need.

Forder, Malley, Towers & Netten (2014): the gain rises with the square root of weekly spending; in hours, about
0.080 * sqrt(hours) at the prices of that study (theory and evidence: people.md O01, O02).
"""

import math

from insource.compiled import rule
from insource.units import MINUTES_AN_HOUR


@rule
def quality_of_life(used_minutes, without_care, gain_a_root_hour):
    """SCRQoL (0 to 1) with this many useful minutes of care a week."""
    return min(without_care + gain_a_root_hour * math.sqrt(used_minutes * (1.0 / MINUTES_AN_HOUR)), 1.0)

"""Care-related quality of life (SCRQoL, ASCOT) from hours of care that meet a need.

Forder, Malley, Towers & Netten (2014): the gain rises with the square root of weekly spending; in hours, about
0.080 * sqrt(hours) at the prices of that study. It is larger for people with high needs since they get more hours:
their 0.31 is the gain of 15 hours, the 0.15 of others that of 3.5. So somebody who needs more starts lower, and
everybody whose need is met comes to the same level: without care it is lower by what care for all of it would gain.
"""

import math

from insource.compiled import rule
from insource.units import MINUTES_AN_HOUR


@rule
def gain_of_care(minutes, gain_a_root_hour):
    """What this many minutes of care a week that meet a need add to SCRQoL."""
    return gain_a_root_hour * math.sqrt(minutes * (1.0 / MINUTES_AN_HOUR))


@rule
def quality_of_life(used_minutes, needed_minutes, when_met, gain_a_root_hour):
    """SCRQoL with this many useful minutes of care a week: `when_met` if all of the need is met, less if not.

    Never below 0 without care (more than about 100 hours of need), nor above `when_met` with it. At a given need the
    gain of each further hour is the published one.
    """
    without = max(when_met - gain_of_care(needed_minutes, gain_a_root_hour), 0.0)
    return min(without + gain_of_care(used_minutes, gain_a_root_hour), when_met)

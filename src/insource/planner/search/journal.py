"""Everything a move changes is written down first, so that a move that does not pay is undone at the cost of what it
touched."""

from insource.planner.search.columns import (
    BEARS,
    CALM_TO,
    CHANGES,
    HARD_TO,
    J_A,
    J_B,
    J_BEARS,
    J_C,
    J_CALM,
    J_D,
    J_HARD,
    J_ID,
    J_PAUSE,
    J_START,
    JOURNAL,
    LUCK,
    PAUSE,
    STARTS,
)
from insource.planner.search.compiling import inner

WORD = 0xFFFFFFFF
MULTIPLIER = 698769069
BITS = 32


@inner
def draw(plan):
    """The next 32 random bits: multiply with carry (Marsaglia 1999), the same on every machine."""
    word = plan.counts[LUCK]
    word = MULTIPLIER * (word & WORD) + (word >> BITS)
    plan.counts[LUCK] = word
    return word & WORD


@inner
def below(plan, n):
    """A random whole number from 0 to n - 1."""
    return (draw(plan) * n) >> BITS


@inner
def chance(plan):
    """A random number above 0 and below 1."""
    return (draw(plan) + 0.5) / 4294967296.0


@inner
def note_leg(plan, leg):
    """Write down a leg as it is."""
    k = plan.counts[JOURNAL]
    row = plan.journal[k]
    row[J_ID] = leg
    row[J_A], row[J_B], row[J_C], row[J_D] = plan.legs[leg, 0], plan.legs[leg, 1], plan.legs[leg, 2], plan.legs[leg, 3]
    row[J_START] = plan.times[leg, STARTS]
    row[J_PAUSE] = plan.times[leg, PAUSE]
    times = plan.times[leg]
    row[J_CALM], row[J_BEARS], row[J_HARD] = times[CALM_TO], times[BEARS], times[HARD_TO]
    plan.counts[JOURNAL] = k + 1


@inner
def note_shift(plan, shift):
    """Write down a shift as it is."""
    k = plan.counts[JOURNAL]
    row = plan.journal[k]
    row[J_ID] = -1 - shift
    ends = plan.shifts[shift]
    row[J_A], row[J_B], row[J_C], row[J_D] = ends[0], ends[1], ends[2], ends[3]
    plan.journal_price[k] = plan.shift_price[shift]
    plan.counts[JOURNAL] = k + 1


@inner
def undo(plan, back_to):
    """Put everything back as it was when the journal was this long."""
    k = plan.counts[JOURNAL]
    while k > back_to:
        k -= 1
        row = plan.journal[k]
        who = row[J_ID]
        if who >= 0:
            legs = plan.legs[who]
            legs[0], legs[1], legs[2], legs[3] = row[J_A], row[J_B], row[J_C], row[J_D]
            plan.times[who, STARTS] = row[J_START]
            plan.times[who, PAUSE] = row[J_PAUSE]
            times = plan.times[who]
            times[CALM_TO], times[BEARS], times[HARD_TO] = row[J_CALM], row[J_BEARS], row[J_HARD]
        else:
            ends = plan.shifts[-1 - who]
            ends[0], ends[1], ends[2], ends[3] = row[J_A], row[J_B], row[J_C], row[J_D]
            plan.shift_price[-1 - who] = plan.journal_price[k]
    plan.counts[JOURNAL] = back_to


@inner
def has_room(plan):
    """Whether the journal holds another insertion, however far it spreads."""
    return plan.counts[JOURNAL] + 3 * len(plan.lists[CHANGES]) + 8 < len(plan.journal)

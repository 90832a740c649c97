"""What stands in which column of the arrays of the search.

Attributes of one leg lie side by side in memory, because the search asks for several of them at once. Times are whole
thousandths of a minute, prices are minutes for each thousandth. `Day` never changes; the search works on `Plan`.
"""

from typing import Any, ClassVar

import numpy as np

from insource.planner.search.packs import Pack

NONE = -1
FOREVER = 10**12
UNITS = 1000.0

# legs_i
VISIT, PERSON, PLACE, BLOCK, ARC, ARC_END, PUBLISHED_CARER, LOCKED = range(8)
# legs_t
MINUTES, EARLIEST, RELEASE, FREE_FROM, FREE_TO, EDGE, LATEST, PUBLISHED_START, MOVED_FREE, CALM = range(10)
# legs_p
EARLY_PRICE, LATE_PRICE, BEYOND_PRICE, CARER_PRICE, MOVED_PRICE, MOVED_MINUTE = range(6)
# arcs_i and arcs_t: from a leg to another it is tied to
TARGET, CARERS = range(2)
TO_TARGET, FROM_TARGET = range(2)
# shifts_i, shifts_t, shifts_p
CARER, START_PLACE, END_PLACE, MODE = range(4)
START, END, NORMAL_END, WAIT_MOST, BREAK, BREAK_OVER, BREAK_FROM, BREAK_TO = range(8)
TRAVEL_PRICE, WAIT_PRICE, OVERTIME_PRICE = range(3)
# settings
GREATEST_PRICE, HAS_SHIFT_PRICES, HAS_BREAKS, HAS_EARLY, MISSING_BREAK, AVERAGE_OUT, LONGEST_STRING, WIDTH = range(8)
LATE_MINUTE = 8


class Day(Pack):
    """What the search reads."""

    kinds: ClassVar[dict[str, tuple[Any, ...]]] = {
        "legs_i": (np.int64, 2, 8),
        "legs_t": (np.int64, 2, 10),
        "legs_p": (np.float64, 2, 6),
        "arcs_i": (np.int64, 2, 2),
        "arcs_t": (np.int64, 2, 2),
        "shifts_i": (np.int64, 2, 4),
        "shifts_t": (np.int64, 2, 8),
        "shifts_p": (np.float64, 2, 3),
        "travel": (np.int32, 3),
        "travel_to": (np.int32, 3),
        "barred": (np.uint8, 2),
        "pair": (np.float32, 2),
        "block_legs": (np.int64, 2, 3),
        "block_p": (np.float64, 2, 4),
        "near": (np.int64, 2),
        "near_shifts": (np.int64, 2),
        "settings": (np.float64, 1),
    }


# plan.legs and plan.shifts
SHIFT, PREVIOUS, NEXT, EARLY = range(4)
FIRST, LAST, COUNT, BREAK_AFTER = range(4)
# plan.times
STARTS, PAUSE, CALM_TO, BEARS, HARD_TO, TAKES, WHERE = range(7)
# the last two never change; they stand here to be at hand: minutes of the leg, and its place
# plan.counts
STAMP, JOURNAL, LUCK, GREATEST, ABSENT, CHANGED, MARK, QUEUE, TOUCHED_SHIFTS, SEEDS, HOPED = range(11)
# plan.costs
COST, BEST, TEMPERATURE, FIRST_TEMPERATURE, COOLING = range(5)
# plan.lists: working lists
STACK, CHANGES, CLOSURE, CANDIDATES, TOUCHED, NAMES, H_SHIFT, H_AFTER, H_START = range(9)
# rows of the journal
J_ID, J_A, J_B, J_C, J_D, J_START, J_PAUSE, J_CALM, J_BEARS, J_HARD = range(10)
# plan.tops_i
T_SHIFT, T_AFTER, T_EARLY = range(3)


class Plan(Pack):
    """What the search works on, and the best plan so far."""

    kinds: ClassVar[dict[str, tuple[Any, ...]]] = {
        "legs": (np.int64, 2, 4),
        "times": (np.int64, 2, 8),
        "shifts": (np.int64, 2, 4),
        "shift_price": (np.float64, 1),
        "costs": (np.float64, 1),
        "counts": (np.int64, 1),
        "trial": (np.int64, 1),
        "stamp": (np.int64, 1),
        "lists": (np.int64, 2),
        "marks": (np.int64, 1),
        "journal": (np.int64, 2, 10),
        "journal_price": (np.float64, 1),
        "tops_i": (np.int64, 3, 3),
        "tops_p": (np.float64, 2),
        "hoped": (np.float64, 1),
        "absent": (np.int64, 1),
        "is_absent": (np.int64, 1),
        "queue": (np.int64, 1),
        "keys": (np.float64, 1),
        "seeds": (np.int64, 1),
        "best_legs": (np.int64, 2, 4),
        "best_times": (np.int64, 2, 8),
        "best_shifts": (np.int64, 2, 4),
    }

"""What a start, a carer and a gap cost."""

from insource.planner.search.columns import (
    BEYOND_PRICE,
    BREAK,
    BREAK_AFTER,
    BREAK_FROM,
    BREAK_OVER,
    BREAK_TO,
    CARER,
    CARER_PRICE,
    EARLIEST,
    EARLY,
    EARLY_PRICE,
    EDGE,
    END_PLACE,
    FIRST,
    FREE_FROM,
    FREE_TO,
    LAST,
    LATE_PRICE,
    MINUTES,
    MISSING_BREAK,
    MODE,
    MOVED_FREE,
    MOVED_MINUTE,
    MOVED_PRICE,
    NEXT,
    NONE,
    NORMAL_END,
    OVERTIME_PRICE,
    PAUSE,
    PERSON,
    PLACE,
    PUBLISHED_CARER,
    PUBLISHED_START,
    RELEASE,
    STARTS,
    WAIT_MOST,
    WAIT_PRICE,
)
from insource.planner.search.compiling import inlined, inner


@inlined
def time_price(day, leg, start):
    """What it costs to start here: early, late, and away from what was published."""
    price = 0.0
    if start < day.legs_t[leg, FREE_FROM]:
        price = (day.legs_t[leg, FREE_FROM] - start) * day.legs_p[leg, EARLY_PRICE]
    elif start > day.legs_t[leg, FREE_TO]:
        edge = day.legs_t[leg, EDGE]
        price = (min(start, edge) - day.legs_t[leg, FREE_TO]) * day.legs_p[leg, LATE_PRICE]
        if start > edge:
            price += (start - edge) * day.legs_p[leg, BEYOND_PRICE]
    if day.legs_t[leg, PUBLISHED_START] >= 0:
        moved = abs(start - day.legs_t[leg, PUBLISHED_START])
        if moved > day.legs_t[leg, MOVED_FREE]:
            price += day.legs_p[leg, MOVED_PRICE] + moved * day.legs_p[leg, MOVED_MINUTE]
    return price


@inlined
def release(day, plan, leg):
    """The soonest start that this plan allows the leg: its free band, or its hard limit if it may be early."""
    return day.legs_t[leg, EARLIEST] if plan.legs[leg, EARLY] else day.legs_t[leg, RELEASE]


@inlined
def carer_price(day, leg, shift):
    """What this carer costs at this leg: face and wishes, and going back on what was published."""
    carer = day.shifts_i[shift, CARER]
    price = float(day.pair[day.legs_i[leg, PERSON], carer])
    published = day.legs_i[leg, PUBLISHED_CARER]
    if published != NONE and published != carer:
        price += day.legs_p[leg, CARER_PRICE]
    return price


@inlined
def road(day, shift, place, other):
    """Travel from one place to another in this shift's mode."""
    return day.travel[day.shifts_i[shift, MODE], place, other]


@inlined
def wait_price(day, shift, gap):
    """What a gap between two visits costs."""
    return min(gap, day.shifts_t[shift, WAIT_MOST]) * day.shifts_p[shift, WAIT_PRICE]


@inner
def shift_price(day, plan, shift):
    """Waiting, overtime and a missing break of a whole shift."""
    leg = plan.shifts[shift, FIRST]
    if leg == NONE:
        return 0.0
    price = 0.0
    begin = plan.times[leg, STARTS]
    worked = begin - begin
    while True:
        ready = plan.times[leg, STARTS] + day.legs_t[leg, MINUTES] + plan.times[leg, PAUSE]
        following = plan.legs[leg, NEXT]
        if following == NONE:
            worked = ready - begin
            break
        ready += road(day, shift, day.legs_i[leg, PLACE], day.legs_i[following, PLACE])
        price += wait_price(day, shift, plan.times[following, STARTS] - ready)
        leg = following
    over = (
        ready
        + road(day, shift, day.legs_i[leg, PLACE], day.shifts_i[shift, END_PLACE])
        - day.shifts_t[shift, NORMAL_END]
    )
    if over > 0:
        price += over * day.shifts_p[shift, OVERTIME_PRICE]
    if needs_break(day, plan, shift, worked) and not has_good_break(day, plan, shift):
        price += day.settings[MISSING_BREAK]
    return price


@inlined
def needs_break(day, plan, shift, span):
    """Whether so long a time between first start and last end asks for a break."""
    return day.shifts_t[shift, BREAK] > 0 and span > day.shifts_t[shift, BREAK_OVER]


@inlined
def break_start(day, plan, shift, leg):
    """When a break after this leg would begin."""
    return max(plan.times[leg, STARTS] + day.legs_t[leg, MINUTES], day.shifts_t[shift, BREAK_FROM])


@inner
def has_good_break(day, plan, shift):
    """Whether the shift's break fits between its leg and the next, and begins when it may."""
    leg = plan.shifts[shift, BREAK_AFTER]
    if leg == NONE or leg == plan.shifts[shift, LAST]:
        return False
    return fits_break(day, plan, shift, leg)


@inner
def fits_break(day, plan, shift, leg):
    """Whether the gap after this leg holds the break as the times stand."""
    following = plan.legs[leg, NEXT]
    begin = break_start(day, plan, shift, leg)
    free = plan.times[following, STARTS] - road(day, shift, day.legs_i[leg, PLACE], day.legs_i[following, PLACE])
    return begin <= day.shifts_t[shift, BREAK_TO] and begin + day.shifts_t[shift, BREAK] <= free

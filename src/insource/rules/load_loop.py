"""Load drives workers away, fewer and newer workers fail more often, failure adds to load: when does that run away?

With a fixed number of posts, workers in post are posts * f / (f + s) for a chance f to fill and s to leave. What was
done badly must be done again with chance p, which rises with leaving. Load is demand / (1 - p) over what the workers in
post can do, and the chance to leave is usual * load^exponent. A steady state is a chance to leave that load leads back
to. Turned round, every chance to leave has one number of posts that holds it. That number falls as the chance rises, to
the fold, and then rises: with fewer posts than at the fold there is no steady state. All chances are by the week.
"""

import math

from insource.compiled import rule
from insource.rules.turnover import filled_share, power
from insource.units import WEEKS_A_YEAR


@rule
def repeated(quit_chance, repeat_base, repeat_slope):
    """Share of work that must be done again: base + slope * leavers a year for each worker."""
    return repeat_base + repeat_slope * quit_chance * WEEKS_A_YEAR


@rule
def load_at(quit_chance, posts, demand, hours_a_worker, fill_chance_a_week, repeat_base, repeat_slope):
    """Hours to be worked, repeats among them, over the hours of the workers in post; without limit once p reaches 1."""
    repeat = repeated(quit_chance, repeat_base, repeat_slope)
    if repeat >= 1.0:
        return math.inf
    return demand / (1.0 - repeat) / (hours_a_worker * posts * filled_share(quit_chance, fill_chance_a_week))


@rule
def quit_chance_after(quit_chance, usual_chance, load, load_exponent):
    """The chance to leave that this load leads to (load not counted below a half); infinite where load is."""
    return usual_chance * power(max(load, 1.0 / 2.0), load_exponent) if load < math.inf else load + quit_chance


@rule
def loop_slope(quit_chance, load_exponent, fill_chance_a_week, repeat_base, repeat_slope):
    """By how much one more in the chance to leave raises the next: below 1 the steady state holds, above it does not.

    exponent * s * (p' / (1 - p) + 1 / (f + s)), at a steady state s.
    """
    again = repeat_slope * WEEKS_A_YEAR / (1.0 - repeated(quit_chance, repeat_base, repeat_slope))
    return load_exponent * quit_chance * (again + 1.0 / (fill_chance_a_week + quit_chance))


@rule
def posts_that_hold(
    quit_chance, usual_chance, load_exponent, demand, hours_a_worker, fill_chance_a_week, repeat_base, repeat_slope
):
    """The number of posts at which this chance to leave is a steady state (load at least a half)."""
    load = power(quit_chance / usual_chance, 1.0 / load_exponent)
    repeat = repeated(quit_chance, repeat_base, repeat_slope)
    return demand / (1.0 - repeat) / (hours_a_worker * load * filled_share(quit_chance, fill_chance_a_week))


@rule
def fold_quit_chance(load_exponent, fill_chance_a_week, repeat_base, repeat_slope):
    """The chance to leave at the fold, where the slope is 1; infinite if the loop cannot run away. By halving."""
    most = (1.0 - repeat_base) / (repeat_slope * WEEKS_A_YEAR) if repeat_slope > 0.0 else math.inf
    if most <= 0.0 or load_exponent <= 0.0:
        return 0.0 if most <= 0.0 else math.inf
    if most == math.inf:
        return fill_chance_a_week / (load_exponent - 1.0) if load_exponent > 1.0 else math.inf
    low, high = 0.0, most
    middle = (low + high) / 2.0
    while low < middle < high:
        if loop_slope(middle, load_exponent, fill_chance_a_week, repeat_base, repeat_slope) < 1.0:
            low = middle
        else:
            high = middle
        middle = (low + high) / 2.0
    return middle


@rule
def steady_quit_chance(
    posts, usual_chance, load_exponent, demand, hours_a_worker, fill_chance_a_week, repeat_base, repeat_slope
):
    """The chance to leave at the stable steady state for this many posts; infinite where there is none. By halving.

    Sought between the chance at a load of a half, which is the least there is, and the fold (or a chance of 1).
    """
    low = usual_chance * power(1.0 / 2.0, load_exponent)
    load = load_at(low, posts, demand, hours_a_worker, fill_chance_a_week, repeat_base, repeat_slope)
    if load <= 1.0 / 2.0 or load_exponent <= 0.0:
        return low
    fold = fold_quit_chance(load_exponent, fill_chance_a_week, repeat_base, repeat_slope)
    high = min(fold, max(low, 1.0))
    least = posts_that_hold(
        high, usual_chance, load_exponent, demand, hours_a_worker, fill_chance_a_week, repeat_base, repeat_slope
    )
    if posts < least or high <= low:
        return math.inf
    middle = (low + high) / 2.0
    while low < middle < high:
        held = posts_that_hold(
            middle, usual_chance, load_exponent, demand, hours_a_worker, fill_chance_a_week, repeat_base, repeat_slope
        )
        if held > posts:
            low = middle
        else:
            high = middle
        middle = (low + high) / 2.0
    return middle

"""What it is worth to whoever gives care that somebody comes to need less of it, and the effort that follows.

Average-reward renewal (derived in the book, chapter on independence). Effort e a week costs `effort_cost` * e^2 / 2
and makes needing care end with chance `base_chance` + `effect` * e a week; e below 0 is obstruction. A service that
sells hours earns a margin while the person stays, perhaps a bonus when they no longer need it, and waits a void of
`void_weeks` (v = 1/f) until the hours are sold to somebody else. Who bears the weekly cost gains what its end saves.
"""

import math

from insource.compiled import rule
from insource.numeric import exp, log


@rule
def worth_to_payer(weekly_cost, base_chance, effect, effort_cost):
    """What the end of somebody's need is worth to whoever bears its weekly cost and chooses the effort.

    C = (-eta0 + sqrt(eta0^2 + 4 a x)) / (2 a) with a = effect^2 / (2 effort_cost), in a form that also holds at
    effect 0, where it is the whole remaining cost x / eta0.
    """
    a = effect * effect / (2.0 * effort_cost)
    root = math.sqrt(max(base_chance * base_chance + 2.0 * 2.0 * a * weekly_cost, 0.0))
    return 2.0 * weekly_cost / (base_chance + root)


@rule
def worth_to_seller(weekly_margin, bonus, void_weeks, base_chance, effect, effort_cost):
    """The same to a service that earns `weekly_margin` while the person stays: z = R - g v. Below 0 it is a loss.

    z > 0 exactly where the bonus is more than the margin of a void, y v. With no void z is the bonus alone.
    """
    a = effect * effect / (2.0 * effort_cost)
    slow = 1.0 + base_chance * void_weeks
    gain = bonus - weekly_margin * void_weeks
    root = math.sqrt(max(slow * slow + 2.0 * 2.0 * a * void_weeks * gain, 0.0))
    return 2.0 * gain / (slow + root)


@rule
def gain_a_week(bonus, void_weeks, worth):
    """What a service earns a week in the long run from one place: g = (R - z) / v."""
    return (bonus - worth) / void_weeks


@rule
def effort_for(worth, base_chance, effect, effort_cost):
    """The effort at which one more unit costs what it brings, k e = effect * worth; no chance goes below zero.

    Multiply `worth` by the share of it that those who give the care feel.
    """
    wanted = effect * worth / effort_cost
    return wanted if effect <= 0.0 else max(wanted, -base_chance / effect)


@rule
def chance_of_step(base_chance, effect, effort):
    """Chance a week that the need ends (or falls a step) under this effort."""
    return max(base_chance + effect * effort, 0.0)


@rule
def smallest_bonus(weekly_margin, void_weeks):
    """The bonus below which a service that sells hours makes no effort: the margin of one void, y v."""
    return weekly_margin * void_weeks


@rule
def bonus_to_match(worth, weekly_cost, weekly_margin, void_weeks):
    """The bonus at which a service that sells hours makes the effort of whoever bears the cost: C + (x + y) v."""
    return worth + (weekly_cost + weekly_margin) * void_weeks


@rule
def weeks_until_sold(taken_minutes, spare_minutes, longest_weeks):
    """Weeks until an hour that is no longer wanted is sold again: spare hours over those newly taken up in a week.

    About zero where people wait for hours, long where there are many spare hours and few newcomers.
    """
    return min(spare_minutes / max(taken_minutes, 1.0), longest_weeks)


@rule
def share_independent(hours_ratio, ending_share):
    """Share of people whom reablement leaves with no need of care at all.

    `hours_ratio` is hours afterwards over hours of people who had none; `ending_share` of what is saved comes as people
    who need nothing more, the rest as fewer hours.
    """
    return max(1.0 - hours_ratio, 0.0) * ending_share


@rule
def share_of_stock(share, independent_share):
    """Share of people with lasting care who had reablement, where `share` of newcomers have it and some then leave."""
    return share * (1.0 - independent_share) / (1.0 - share * independent_share)


@rule
def lasting_gain(hours_ratio, independent_share):
    """Log reduction of need of the others, so that all together need `hours_ratio`: log((1 - q) / ratio)."""
    return log((1.0 - independent_share) / hours_ratio)


@rule
def gain_before_fading(gain, weeks_after, half_life_weeks):
    """What a gain measured so many weeks after must have been at first, when it halves in `half_life_weeks`."""
    return gain * exp(log(2.0) * weeks_after / half_life_weeks)


@rule
def gain_as_need(minutes, gain):
    """Minutes that somebody who needs `minutes` would need besides, had they not become more able by `gain`."""
    return minutes * (exp(gain) - 1.0)


@rule
def size_of_step(step):
    """The share of somebody's need that one step takes away; what a step counts for where the end of it counts 1."""
    return 1.0 - exp(-step)


@rule
def chance_within(rate_a_week, weeks):
    """Chance that something with this rate a week happens at least once in so many weeks: 1 - exp(-rate * weeks)."""
    return 1.0 - exp(-rate_a_week * weeks)


@rule
def kept_in_a_week(half_life_weeks):
    """Share of a gain that is still there a week later."""
    return exp(-log(2.0) / half_life_weeks)


@rule
def peak_left(peak, persistence, weeks):
    """What is left of an exceptional week, in standard deviations, with no service at all: persistence^weeks * peak.

    Before-and-after figures count the rest as an effect; a comparison with people who had no service does not.
    """
    return peak * exp(log(persistence) * weeks)

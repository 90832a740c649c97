"""Prevention: how many fewer people come to need care, when that feeds on itself, and how much of it is worth buying.

Cases N cost s pounds a year each; a share `leaving` ends in a year; A would come without prevention; a pound of
prevention avoids `avoided` entries. With the budget B fixed and care protected, prevention is what is left: B - s N.
"""

from insource.compiled import rule
from insource.numeric import exp, log


@rule
def next_cases(cases, leaving, entries):
    """Cases a year on: those who stay and those who come."""
    return (1.0 - leaving) * cases + entries


@rule
def entries_with_prevention(entries, avoided, prevention):
    """Entries when every pound avoids as many as the one before: never below nothing."""
    return max(entries - avoided * prevention, 0.0)


@rule
def entries_with_diminishing_returns(entries, avoided, prevention):
    """Entries when the first pound avoids `avoided` of them and each further pound less: A exp(-avoided P / A)."""
    return entries * exp(-avoided * prevention / entries)


@rule
def entry_ratio(strength, stock, constant_returns):
    """Entries over those at baseline, for a stock of prevention counted in baselines: 1 where the stock is 1.

    `strength` is the relative fall of entries for one more baseline at the margin. `constant_returns` 0: each pound
    does less than the one before (exponential); 1: as much (a straight line, not below nothing); between: between.
    """
    change = strength * (1.0 - stock)
    if constant_returns <= 0.0:
        return exp(change)
    straight = 1.0 + constant_returns * change
    if straight <= 0.0:
        return 0.0
    return exp(log(straight) / constant_returns)


@rule
def next_stock(stock, spending_ratio, kept_share):
    """A stock of prevention in baselines: part is kept, the rest is what spending over baseline spending puts in."""
    return stock * kept_share + spending_ratio * (1.0 - kept_share)


@rule
def steady_cases(entries, avoided, budget, leaving, cost):
    """Where cases come to rest with constant returns: (A - phi B) / (delta - phi s)."""
    return (entries - avoided * budget) / (leaving - avoided * cost)


@rule
def steady_prevention(entries, avoided, budget, leaving, cost):
    """Prevention where cases rest: (delta B - s A) / (delta - phi s)."""
    return (leaving * budget - cost * entries) / (leaving - avoided * cost)


@rule
def root(leaving, avoided, cost):
    """What a departure from rest becomes in a year: 1 - delta + phi s; it dies out if below 1."""
    return 1.0 - leaving + avoided * cost


@rule
def half_life_years(root_a_year):
    """Years in which a departure halves, for a root between 0 and 1."""
    return log(1.0 / 2.0) / log(root_a_year)


@rule
def spiral_gain(avoided, cost, leaving):
    """Loop L1: phi s / delta. A cut feeds on itself if it is above 1.

    It is the lifetime cost of a case (s / delta) over the cost of avoiding one (1 / phi): prevention pays for itself
    in the council's own money on exactly the same condition.
    """
    return avoided * cost / leaving


@rule
def distance_to_spiral(avoided, cost, leaving):
    """1 less the gain: what is left before cuts feed on themselves; below 0 they do."""
    return 1.0 - spiral_gain(avoided, cost, leaving)


@rule
def saving_a_pound(avoided, cost, leaving):
    """What a pound of prevention saves the council over the lives of the cases it avoids, less the pound itself."""
    return avoided * cost / leaving - 1.0


@rule
def budget_that_splits(entries, leaving, cost):
    """s A / delta: with a gain above 1 and less than this a year there are two ways to go: all care, or none needed."""
    return cost * entries / leaving


@rule
def drift_with_diminishing_returns(cases, entries, avoided, budget, leaving, cost):
    """By how much cases grow in a year with diminishing returns; nothing where they rest."""
    prevention = max(budget - cost * cases, 0.0)
    return entries_with_diminishing_returns(entries, avoided, prevention) - leaving * cases


@rule
def slope_with_diminishing_returns(cases, entries, avoided, budget, leaving, cost):
    """What a small departure becomes in a year there; below 1 cases come back to rest."""
    prevention = budget - cost * cases
    if prevention <= 0.0:
        return 1.0 - leaving
    marginal = avoided * exp(-avoided * prevention / entries)
    return 1.0 - leaving + marginal * cost


@rule
def rest_between(low, high, entries, avoided, budget, leaving, cost):
    """Where cases rest between two numbers at which they drift in different ways, by halving to the last bit."""
    falls_at_high = drift_with_diminishing_returns(high, entries, avoided, budget, leaving, cost) < 0.0
    middle = (low + high) / 2.0
    while low < middle < high:
        falls = drift_with_diminishing_returns(middle, entries, avoided, budget, leaving, cost) < 0.0
        if falls == falls_at_high:
            high = middle
        else:
            low = middle
        middle = (low + high) / 2.0
    return middle


@rule
def worth_buying(strength, value, scale_pounds):
    """Prevention worth buying if it is worth strength * ln(1 + P / scale) * value: strength * value - scale, or none.

    A council that counts only its own saving buys less than one that counts the NHS's too.
    """
    return max(strength * value - scale_pounds, 0.0)

"""A council's budget: who bears a cut, what is left over for prevention, and how a deficit is closed."""

from insource.compiled import rule
from insource.numeric import exp, log


@rule
def yearly_cut(cut_share, years):
    """The equal cut a year, each on the year before, that adds up to `cut_share` (below 1) over so many years."""
    return 1.0 - exp(log(1.0 - cut_share) / years)


@rule
def cut_of_unprotected(cut_share, protected_share):
    """The share by which unprotected lines fall if protected ones, a share of the whole, keep every pound: at most 1.

    Arithmetic, not behaviour: min(1, cut / (1 - protected)).
    """
    if cut_share >= 1.0 - protected_share:
        return 1.0
    return cut_share / (1.0 - protected_share)


@rule
def left_for_prevention(budget, protected, fenced, most):
    """What prevention gets when protected lines come first: the rest, not below what is fenced, at most `most`."""
    return min(max(budget - protected, fenced), max(most, fenced))


@rule
def from_reserves(deficit, reserves):
    """What reserves can pay of a deficit."""
    return min(max(deficit, 0.0), max(reserves, 0.0))


@rule
def lowered(ratio, gap_share, part_share, most_share):
    """A ratio (of fees, or of people let in) lowered to close part of a gap, by `most_share` of itself at most.

    `gap_share` is the deficit over the spending that this lever moves; `part_share` of it is to be closed so.
    """
    return ratio * (1.0 - min(max(gap_share * part_share, 0.0), most_share))


@rule
def restored(ratio, most_share):
    """The same ratio in a year without a deficit: it rises again by `most_share` of itself, back to 1 at most."""
    return min(ratio * (1.0 + most_share), 1.0)


@rule
def own_hour_pence(pay_pence, on_cost_share, paid_share, present_share, visit_share, running_pence, overhead_share):
    """Cost of an hour with a client given by the council's own staff, everything they are paid for besides included.

    pay (1 + on-costs) / (share of paid time not on holiday or training * share not off sick * share out with people),
    mileage and the like added, then overheads as a share of direct cost.
    """
    useful = paid_share * present_share * visit_share
    return (pay_pence * (1.0 + on_cost_share) / useful + running_pence) * (1.0 + overhead_share)

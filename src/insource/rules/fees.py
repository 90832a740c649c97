"""Fees and supply: a deficit lowers fees, lower fees drive services out, and what is then bought costs more.

Small departures from rest, as shares: fees x and supply y. The deficit is saved x - lost y: a fee one per cent lower
saves `saved` of spending; supply one per cent lower adds `lost` through dearer places. A year later fees have moved by
-closed * deficit, and supply has gone `speed` of the way to elasticity * x.
"""

import math

from insource.compiled import rule


@rule
def fee_deficit(fee, supply, saved, lost):
    """The deficit, as a share of spending, that departures of fees and supply make."""
    return saved * fee - lost * supply


@rule
def next_fee(fee, deficit, closed):
    """Fees a year on: `closed` is the change of fees for each per cent of deficit."""
    return fee - closed * deficit


@rule
def next_supply(supply, fee, speed, elasticity):
    """Supply a year on: part of the way to what this year's fee keeps in business."""
    return supply + speed * (elasticity * fee - supply)


@rule
def fee_spiral_gain(saved, lost, elasticity):
    """Loop L5: what exits cost over what a lower fee saves, lost * elasticity / saved; runs away above 1."""
    return lost * elasticity / saved


@rule
def fee_root(saved, lost, closed, speed, elasticity):
    """What a departure of fees and supply becomes in a year, by its larger root; the loop runs away if above 1.

    It passes 1 exactly where `fee_spiral_gain` does, whatever the speeds; below -1 the other root swings: fees are
    moved faster than the spending they answer to.
    """
    trace = (1.0 - closed * saved) + (1.0 - speed)
    determinant = (1.0 - closed * saved) * (1.0 - speed) - closed * lost * speed * elasticity
    return trace / 2.0 + math.sqrt(trace * trace / (2.0 * 2.0) - determinant)


@rule
def fee_swing_root(saved, lost, closed, speed, elasticity):
    """The smaller root: below -1 fees and supply swing ever wider (the hog cycle)."""
    trace = (1.0 - closed * saved) + (1.0 - speed)
    determinant = (1.0 - closed * saved) * (1.0 - speed) - closed * lost * speed * elasticity
    return trace / 2.0 - math.sqrt(trace * trace / (2.0 * 2.0) - determinant)


@rule
def distance_to_fee_spiral(saved, lost, elasticity):
    """1 less the gain of the loop."""
    return 1.0 - fee_spiral_gain(saved, lost, elasticity)

"""Paying for what is measured when part of the work is not (Holmstrom & Milgrom 1991).

Two tasks cost effort t1^2 / 2 + t2^2 / 2 + x t1 t2, of which only the first is measured (minutes in the door, say; the
second is helping somebody to manage alone). `caution` is aversion to risk times the variance of what is measured.
"""

from insource.compiled import rule


@rule
def best_bonus(measured_worth, unmeasured_worth, rivalry_share, caution):
    """Bonus a unit of the measured task that is best for whoever pays: (f1 - x f2) / (1 + rs (1 - x^2))."""
    apart = 1.0 - rivalry_share * rivalry_share
    return (measured_worth - rivalry_share * unmeasured_worth) / (1.0 + caution * apart)


@rule
def measured_effort(bonus, rivalry_share):
    """Effort on the measured task: bonus / (1 - x^2)."""
    return bonus / (1.0 - rivalry_share * rivalry_share)


@rule
def unmeasured_effort(bonus, rivalry_share):
    """Effort on the other: -x times as much. Paying for one task takes effort away from its rival."""
    return -rivalry_share * measured_effort(bonus, rivalry_share)

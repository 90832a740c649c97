"""What becomes of pay after an award: protected terms that thin out as their holders leave.

Under the Transfer of Undertakings (Protection of Employment) Regulations staff who pass to a new employer keep their
terms; those who replace them need not get them. Without anybody breaking the law the average then falls.
"""

from insource.compiled import rule
from insource.rules.turnover import power


@rule
def protected_share(quit_share, years):
    """Share of posts still held on protected terms: (1 - quit_share)^years."""
    return power(1.0 - quit_share, years)


@rule
def average_pay(new_pay, protected_pay, still_protected_share):
    """Average pay of those still on protected terms and those hired on new ones."""
    return new_pay + (protected_pay - new_pay) * still_protected_share


@rule
def is_out_of_funds(cash, assets):
    """Whether losses have eaten all that the owner stands to lose, so that walking away is cheaper than staying."""
    return cash < -assets

"""What the council is billed for under each basis of payment."""

from insource.compiled import rule
from insource.terms import CHOICES

BY_VISITS = CHOICES.payment_basis.hour_delivered
BY_OUTCOME = CHOICES.payment_basis.outcome


@rule
def billed_minutes(payment_basis, ordered, delivered, held):
    """Minutes billed: on the order or delivered, and those held while nobody is visited."""
    is_delivered = payment_basis in (BY_VISITS, BY_OUTCOME)
    return (delivered if is_delivered else ordered) + held


@rule
def block_minutes_committed(committed, served_share):
    """Minutes of a block that are paid this week: those its service could staff."""
    return int(committed * served_share)

"""What the council is billed for under each basis of payment."""

from insource.compiled import rule
from insource.terms import CHOICES

BY_VISITS = CHOICES.payment_basis.hour_delivered
BY_OUTCOME = CHOICES.payment_basis.outcome


@rule
def is_paid_by_visit(payment_basis):
    """Whether visits made are what is paid for, so that one not made is not paid."""
    return payment_basis in (BY_VISITS, BY_OUTCOME)


@rule
def billed_minutes(payment_basis, ordered, delivered, held):
    """Minutes billed: on the order or delivered, and those held while nobody is visited."""
    return (delivered if is_paid_by_visit(payment_basis) else ordered) + held


@rule
def block_minutes_committed(committed, served_share):
    """Minutes of a block that are paid this week: those its service could staff."""
    return int(committed * served_share)

"""What goes into the account of somebody who employs an assistant, and what is kept back when it was not spent."""

from insource.compiled import rule


@rule
def kept_back(held, weekly_budget, kept_weeks):
    """What is taken off this week's payment: what is held beyond so many weeks of budget, a week's payment at most."""
    return int(min(max(held - weekly_budget * kept_weeks, 0.0), weekly_budget))


@rule
def top_up(held):
    """What must be added where more was spent than there was."""
    return max(-held, 0)

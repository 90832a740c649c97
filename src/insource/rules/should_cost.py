"""What a week of a service should cost if nothing goes wrong: the arithmetic of pay and overheads alone."""

from insource.compiled import rule
from insource.rules.pay_and_prices import pence_for
from insource.units import MINUTES_AN_HOUR, PENCE_A_POUND, WEEKS_A_YEAR


@rule
def minutes_to_pay(visit_minutes, leave_for_each_minute, workers, training_hours):
    """Whole minutes paid for these visits: the visits, the holiday they earn, and the workers' training of a week."""
    training = int(workers * training_hours * MINUTES_AN_HOUR / WEEKS_A_YEAR)
    return visit_minutes + int(visit_minutes * leave_for_each_minute) + training


@rule
def own_service_pence(paid_minutes, pay_pence, on_cost_share, leavers, leaver_pounds, overhead_share):
    """What a council's own service costs it in a week, in pence.

    Pay, National Insurance and pension on it (`on_cost_share`), the replacing of leavers, and overhead on all of that.
    """
    pay = pence_for(paid_minutes, pay_pence)
    direct = pay + int(pay * on_cost_share + 1.0 / 2.0) + int(leavers * leaver_pounds * PENCE_A_POUND)
    return direct + int(direct * overhead_share)

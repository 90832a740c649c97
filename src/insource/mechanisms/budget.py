"""A council's budget: care that is owed comes first, prevention gets the rest, and a deficit must be closed somehow.

What the articles say
    Bodmer: revenue budgets fell by 28% over four years; the ring-fence round Supporting People went in 2009, so that
    councils could divert its money to services they owe by law; the soft, preventive services suffer, though spending
    more on them could relieve social services and the NHS.

What happens
    Once a year the budget is set. What care, social work and care homes cost in the year before is protected. The rest
    goes to prevention (housing support), not below what is ring-fenced. If even that is not enough there is a deficit.
    Reserves pay it while they last; beyond them fees are paid less and fewer people are let in, each by so much a year
    at most, and what is still missing is overspent, in the open. Without a deficit both are put right again.
    Prevention builds up a stock that fades; the stock, as a departure from what usual spending keeps up, moves the
    number of people who come to need care, each pound less than the one before. Without a limit (the usual scenario)
    prevention is what it was and nothing of this has any effect.

Equations
    budget     = settlement_ratio * (care + prevention of the year before the comparison)
    prevention = min(max(budget - care last year, ring_fenced_share * usual), prevention_ceiling_ratio * usual)
    gap        = care last year + prevention - budget - reserves
    fees       : fee_ratio * (1 - min(deficit_fee_share * gap / fees, fee_cut_most_share))
    let in     : eligible_share * (1 - min(deficit_entry_share * gap / care, entry_cut_most_share))
    stock'     = stock * k + (1 - k) * prevention / usual,  k = exp(-1 / prevention_weeks)
    entries    = usual * exp(prevention_payback_ratio * usual prevention / usual care * (1 - stock))

Limiting case
    A cut c with a share p protected cuts prevention by min(1, c / (1 - p)) (MONEY-1). With arrivals alone, constant
    returns and no lag: rest at 900 cases, root .92 (MONEY-2); two ways to go (MONEY-3); three places to rest (MONEY-4).
    The loop (L1) runs away if prevention_payback_ratio > 1. tests/verify/test_budget.py

Not modelled
    Council tax, charges, borrowing, the Care Act's limits on who may be turned away. Each model begins with the budget
    it needs, so that a dear model is not starved from the start. People turned away are counted and not followed.

Numbers
    data/parameters/budget.yaml
"""

from insource.compiled import compiled, inlined, inner
from insource.rules.budget import from_reserves, left_for_prevention, lowered, restored
from insource.rules.prevention import entry_ratio, next_stock
from insource.rules.rates import fading
from insource.units import PENCE_A_POUND, WEEKS_A_YEAR

READS = {
    "council": (
        "people_at_start",
        "first_week",
        "is_budget_limited",
        "settlement_ratio",
        "care_spend_pence",
        "fees_pence",
        "care_home_spend_pence",
        "support_ratio",
    ),
    "parts": ("ring_fenced_share",),
}
WRITES = {
    "council": (
        "counted_weeks",
        "counted_care_pence",
        "counted_fees_pence",
        "usual_care_pence",
        "usual_prevention_pence",
        "prevention_pence",
        "budget_pence",
        "reserves_pence",
        "prevention_stock",
        "entry_ratio",
        "eligible_share",
        "fee_ratio",
    ),
}
DRAWS = ()
POSTS = ("budget_pence", "reserves_used_pence", "overspend_pence")


def start(area):
    """Usual prevention: so much for each person the place begins with, the same under every delivery model."""
    council = area.council
    usual = area.numbers.prevention_pounds * PENCE_A_POUND * council.people_at_start[0] / WEEKS_A_YEAR
    council.usual_prevention_pence[0] = council.prevention_pence[0] = round(usual)


@compiled
def step(week, area):
    council, numbers = area.council, area.numbers
    settle_last_week(week, area)
    if council.counted_weeks[0] > 0 and is_new_year(week, council.first_week[0]):
        set_budget(week, area)
    kept = fading(numbers.prevention_weeks)
    by_hours = numbers.prevention_by_hours_share
    spending_ratio = council.prevention_pence[0] / max(council.usual_prevention_pence[0], 1)
    spending_ratio *= 1.0 - by_hours + by_hours * council.support_ratio[0]
    council.prevention_stock[0] = next_stock(council.prevention_stock[0], spending_ratio, kept)
    usual_ratio = council.usual_prevention_pence[0] * WEEKS_A_YEAR / max(council.usual_care_pence[0], 1)
    strength = numbers.prevention_payback_ratio * usual_ratio * (council.usual_care_pence[0] > 0)
    council.entry_ratio[0] = entry_ratio(strength, council.prevention_stock[0], numbers.prevention_constant_returns)


@inlined
def is_new_year(week, first_week):
    """Years are counted from the first week of the comparison."""
    return week >= first_week and (week - first_week) % WEEKS_A_YEAR == 0


@inner
def settle_last_week(week, area):
    """Count what last week cost; with a limit, what it cost beyond its share of the budget comes out of reserves."""
    council, books = area.council, area.books
    if 2 * week <= council.first_week[0] or week == 0:
        return
    care = council.care_spend_pence[0] + council.care_home_spend_pence[0]
    council.counted_weeks[0] += 1
    council.counted_care_pence[0] += care
    council.counted_fees_pence[0] += council.fees_pence[0]
    if council.budget_pence[0] > 0:
        over = care + council.prevention_pence[0] - int(council.budget_pence[0] / WEEKS_A_YEAR)
        used = int(from_reserves(over, council.reserves_pence[0]))
        council.reserves_pence[0] += max(-over, 0) - used
        books.reserves_used_pence[week, 0] += used
        books.overspend_pence[week, 0] += max(over, 0) - used


@inner
def set_budget(week, area):
    """The yearly round: what is left for prevention, and how a deficit beyond reserves is closed."""
    council, numbers = area.council, area.numbers
    a_year = WEEKS_A_YEAR / council.counted_weeks[0]
    care, fees = council.counted_care_pence[0] * a_year, council.counted_fees_pence[0] * a_year
    council.counted_weeks[0] = council.counted_care_pence[0] = council.counted_fees_pence[0] = 0
    usual_prevention = council.usual_prevention_pence[0] * WEEKS_A_YEAR
    if council.usual_care_pence[0] == 0:
        council.usual_care_pence[0] = int(care)
        council.reserves_pence[0] = int(numbers.reserves_share * (care + usual_prevention))
    if council.is_budget_limited[0] == 0:
        council.budget_pence[0] = 0
        council.prevention_pence[0] = council.usual_prevention_pence[0]
        council.eligible_share[0] = council.fee_ratio[0] = 1.0
        return
    budget = council.settlement_ratio[0] * (council.usual_care_pence[0] + usual_prevention)
    fenced = area.parts.ring_fenced_share[0] * usual_prevention
    prevention = left_for_prevention(budget, care, fenced, numbers.prevention_ceiling_ratio * usual_prevention)
    gap = care + prevention - budget - council.reserves_pence[0]
    close_gap(gap, care, fees, council, numbers)
    council.budget_pence[0] = int(budget)
    council.prevention_pence[0] = int(prevention / WEEKS_A_YEAR)
    area.books.budget_pence[week, 0] += council.budget_pence[0]


@inlined
def close_gap(gap, care, fees, council, numbers):
    """Beyond reserves fees are lowered and fewer let in; without a gap both come back by as much a year at most."""
    if gap <= 0.0:
        council.fee_ratio[0] = restored(council.fee_ratio[0], numbers.fee_cut_most_share)
        council.eligible_share[0] = restored(council.eligible_share[0], numbers.entry_cut_most_share)
        return
    of_fees = gap / fees if fees > 0.0 else 0.0
    of_care = gap / care if care > 0.0 else 0.0
    council.fee_ratio[0] = lowered(council.fee_ratio[0], of_fees, numbers.deficit_fee_share, numbers.fee_cut_most_share)
    council.eligible_share[0] = lowered(
        council.eligible_share[0], of_care, numbers.deficit_entry_share, numbers.entry_cut_most_share
    )

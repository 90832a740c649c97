"""After the award: what winners pay and staff, what they ask for, and when they give up.

What the articles say
    Bodmer: winners who bid below real cost restructure with a skeleton level of staffing, do not honour the terms of
    staff who pass to them or hire new staff on worse ones; skilled staff leave.

What happens
    When a lot passes to another firm some staff go over, and some of these keep their terms; as they leave, average
    pay falls to what the new firm offers. Services that planned to under-staff do so as long as it pays; those with
    little to lose do so once they lose money. If found out they pay a penalty and staff in full while they are watched.
    Each year services that lose money on a low bid ask for a higher price. A service whose losses exceed what its owner
    can lose may fail: its packages go back to the council, which buys the place at the spot price.

Equations
    pay_ratio      = agreed + (inherited - agreed) * protected,  protected' = protected * (1 - quits / posts)
    staffing_ratio = agreed, or 1 - staffing_cut_share, while the gain from cutting exceeds nothing and nobody watches
    found          : chance 1 - exp(-detection / 52); penalty = penalty_ratio * what is saved in a year
    variation      : price + recovered_share * (should-cost - price), chance variation_granted_share a year
    fails          : chance failure_share a week while cash since the award < -(assets_share * a year's income)

Limiting case
    Protected pay thins out as LOW-5; honest bidding survives from the detection of LOW-3 on; bidders who lose only what
    they own walk away as LOW-1 says. tests/verify/test_after_award.py

Not modelled
    Redundancy, parent-company guarantees, insolvency practitioners, contract disputes, a firm's other contracts.

Numbers
    data/parameters/after_award.yaml
"""

from insource.compiled import compiled, inlined
from insource.draws import decisions, uniform
from insource.rules.after_award import average_pay, is_out_of_funds
from insource.rules.bids import gain_from_cutting
from insource.rules.rates import chance_in_a_week
from insource.terms import BIDDING, CHOICES
from insource.units import MINUTES_AN_HOUR, WEEKS_A_YEAR

READS = {
    "providers": (
        "part",
        "bidding_type",
        "is_new_holder",
        "bid_price_pence",
        "agreed_pay_ratio",
        "agreed_staffing_ratio",
        "assets_share",
        "detection_share",
        "demand_minutes",
        "quits",
        "filled_posts",
        "cash_pence",
    ),
    "parts": (
        "employer",
        "procedure",
        "penalty_ratio",
        "tupe_honoured_share",
        "usual_pay_pence",
        "should_cost_pence",
    ),
}
WRITES = {
    "providers": (
        "price_pence",
        "pay_ratio",
        "staffing_ratio",
        "inherited_pay_ratio",
        "protected_share",
        "staying_share",
        "held_weeks",
        "watched_weeks",
        "recovered_pence",
        "last_bid_pence",
        "penalty_pence",
        "cash_before_pence",
        "is_failing",
    ),
}
DRAWS = decisions("after_award", "found", "variation", "fails")
POSTS = ("understaffing_found", "penalties_pence", "variations_granted", "service_failures")

LOW_BALLER, UNDER_STAFFER = BIDDING.low_baller, BIDDING.under_staffer
OUTSIDE, OPEN_FEE = CHOICES.employer.provider, CHOICES.procedure.open_fee


def start(area):
    """Services begin as they were let, with nobody on protected terms."""
    providers = area.providers
    providers.price_pence[:] = providers.bid_price_pence
    providers.pay_ratio[:] = providers.agreed_pay_ratio
    providers.staffing_ratio[:] = providers.agreed_staffing_ratio


@compiled
def step(week, area):
    providers, parts, numbers, luck, books = area.providers, area.parts, area.numbers, area.luck, area.books
    for j in range(providers.part.shape[0]):
        part = providers.part[j]
        providers.penalty_pence[j] = providers.is_failing[j] = 0
        providers.staying_share[j] = 1.0
        providers.held_weeks[j] += 1
        if providers.is_new_holder[j] == 1:
            take_over(j, part, providers, parts, numbers)
        if providers.bid_price_pence[j] != providers.last_bid_pence[j]:
            providers.recovered_pence[j] = 0.0
        providers.last_bid_pence[j] = providers.bid_price_pence[j]
        leavers = min(providers.quits[j] / max(providers.filled_posts[j] + providers.quits[j], 1), 1.0)
        providers.protected_share[j] *= 1.0 - leavers
        providers.pay_ratio[j] = average_pay(
            providers.agreed_pay_ratio[j], providers.inherited_pay_ratio[j], providers.protected_share[j]
        )
        losses = providers.cash_before_pence[j] - providers.cash_pence[j]
        hours = providers.demand_minutes[j] / MINUTES_AN_HOUR
        providers.staffing_ratio[j] = 1.0
        providers.watched_weeks[j] = max(providers.watched_weeks[j] - 1, 0)
        is_desperate = (providers.bidding_type[j] == LOW_BALLER) & (losses > 0.0)
        is_tempted = is_desperate | (providers.bidding_type[j] == UNDER_STAFFER)
        if is_tempted and providers.watched_weeks[j] == 0:
            cut_staffing(week, j, part, hours, providers, parts, numbers, luck, books)
        was_bid = parts.procedure[part] != OPEN_FEE
        if was_bid and losses > 0.0 and providers.held_weeks[j] % WEEKS_A_YEAR == 0:
            ask_for_more(week, j, part, providers, parts, numbers, luck, books)
        providers.price_pence[j] = providers.bid_price_pence[j] + providers.recovered_pence[j]
        assets = providers.assets_share[j] * providers.price_pence[j] * hours * WEEKS_A_YEAR
        can_fail = (parts.employer[part] == OUTSIDE) & is_out_of_funds(-losses, assets)
        if can_fail and uniform(luck, DRAWS.fails, j, week) < numbers.failure_share:
            providers.is_failing[j] = 1
            books.service_failures[week, part] += 1


@inlined
def take_over(j, part, providers, parts, numbers):
    """Another firm takes a place over: some staff go over, some of them on protected terms; its own books begin."""
    providers.inherited_pay_ratio[j] = max(providers.pay_ratio[j], providers.agreed_pay_ratio[j])
    providers.protected_share[j] = parts.tupe_honoured_share[part]
    providers.staying_share[j] = numbers.staff_transfer_share
    providers.cash_before_pence[j] = providers.cash_pence[j]
    providers.held_weeks[j] = providers.watched_weeks[j] = 0


@inlined
def cut_staffing(week, j, part, hours, providers, parts, numbers, luck, books):
    """Whoever is tempted under-staffs while it pays; whoever is found pays, and staffs in full while watched."""
    saving = numbers.staffing_cut_share * parts.usual_pay_pence[part] * numbers.employment_cost_ratio
    penalty_ratio, detection = parts.penalty_ratio[part], providers.detection_share[j]
    gain = gain_from_cutting(saving, numbers.variation_granted_share, numbers.recovered_share, detection, penalty_ratio)
    if gain <= 0.0:
        return
    planned = providers.agreed_staffing_ratio[j]
    providers.staffing_ratio[j] = min(planned, 1.0 - numbers.staffing_cut_share)
    if uniform(luck, DRAWS.found, j, week) < chance_in_a_week(detection):
        providers.penalty_pence[j] = int(penalty_ratio * saving * hours * WEEKS_A_YEAR)
        providers.watched_weeks[j] = int(numbers.watched_weeks)
        books.understaffing_found[week, part] += 1
        books.penalties_pence[week, part] += providers.penalty_pence[j]


@inlined
def ask_for_more(week, j, part, providers, parts, numbers, luck, books):
    """A service that loses money on a bid below should-cost asks for a higher price, and may get some of it."""
    gap = parts.should_cost_pence[part] - providers.bid_price_pence[j] - providers.recovered_pence[j]
    if gap > 0.0 and uniform(luck, DRAWS.variation, j, week) < numbers.variation_granted_share:
        providers.recovered_pence[j] += numbers.recovered_share * gap
        books.variations_granted[week, part] += 1

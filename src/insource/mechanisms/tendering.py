"""Lots are let: who bids, what, how bids are scored, and who provides at what price, pay and staffing.

What the articles say
    Bodmer: reverse auctions and awards by price alone; "rogue traders" win by dishonestly low bids and slick writing,
    while good organisations refuse to bid below what care costs.

What happens
    The services of one zone under one part of a delivery model are a lot. Under an open fee whoever is willing joins.
    Otherwise bidders are drawn: kind, type, own cost, what they write. They stay out if bidding does not pay or the
    ceiling is below what they would accept. Bids abnormally low or below the quality floor are refused. Winners hold
    their places until the lot is let again. Where nobody wins, or a service fails, the place is bought at spot price.

Equations
    cost      = pay * employment_cost_ratio + overhead, spread by own_cost_share between bidders
    promised  = value of a mark / mark_cost_pence (Che), at a cost of mark_cost_pence promised^2 / 2, below the ceiling
    lowest    = cost; at least should-cost (principled); less (sqrt h - sqrt L)^2 (little to lose); less the gain from
                planned under-staffing, if there is one
    sealed    = lowest + (rank_bid - rank) * width of costs; reverse auction: the first loser's lowest, for all winners
    enters    : (1 - rank) P(Bin(n - 1, rank) < places) > bid_cost_share / width of costs

Limiting case
    A fee that is set is the price of all. One place, honest bidders: price and variance of PROC-1 and PROC-2; a lottery
    PROC-6; entry ENTRY-1; dishonest winners LOW-4. tests/verify/test_tendering.py

Not modelled
    Lots in packages, collusion, challenges by losers, negotiation, learning who keeps promises.

Numbers
    data/parameters/tendering.yaml
"""

import numpy as np

from insource.compiled import compiled, inlined
from insource.draws import decisions, normal, uniform
from insource.rules.abnormal import drop_abnormal
from insource.rules.bidding import highest_entering_rank
from insource.rules.bids import bidding_type_of
from insource.rules.lots import Costs, Marks, Temptations, join_at_fee, make_bids, no_bids, refuse_low_marks
from insource.rules.procedures import award, seats
from insource.terms import BIDDING, CHOICES, KIND, KIND_OF_EMPLOYER
from insource.units import PENCE_A_POUND, PER_THOUSAND

READS = {
    "providers": ("part", "is_failing"),
    "parts": (
        "employer",
        "first_provider",
        "services_per_zone",
        "services_to_next_zone",
        "non_profit_share",
        "procedure",
        "price_weight",
        "award_formula",
        "point_pounds",
        "quality_floor",
        "abnormal_test",
        "abnormal_margin_share",
        "price_ceiling_ratio",
        "price_floor_ratio",
        "contract_weeks",
        "is_open_book",
        "fee_pence",
        "paid_ratio",
        "usual_pay_pence",
        "least_pay_ratio",
        "usual_overhead_pence",
        "should_cost_pence",
        "point_value_pence",
        "cutting_gain_pence",
    ),
    "zones": ("area_km2",),
}
WRITES = {
    "providers": (
        "kind",
        "bidding_type",
        "holder",
        "is_new_holder",
        "spot_weeks",
        "bid_price_pence",
        "bid_marks",
        "agreed_pay_ratio",
        "agreed_staffing_ratio",
        "overhead_pence",
        "assets_share",
    ),
    "parts": ("let_by",),
}
DRAWS = decisions(
    "tendering", "kind", "bidding_type", "own_cost", "is_careful", "common_cost", "estimate", "marks", "ticket"
)
POSTS = ("lots_let", "bids_made", "bids_held_back", "bids_refused", "dishonest_awards", "spot_awards")

OUTSIDE, COUNCIL = CHOICES.employer.provider, CHOICES.employer.council
PROCEDURE = CHOICES.procedure
LOW_BALLER, PRINCIPLED, HONEST, NOBODY = BIDDING.low_baller, BIDDING.principled, BIDDING.efficient, -1


def start(area):
    """Every lot is let before the first week."""
    area.parts.let_by[:] = NOBODY
    let_lots(0, area.providers, area.parts, area.zones, area.numbers, area.luck, area.books)


@compiled
def step(week, area):
    area.providers.is_new_holder[:] = 0
    let_lots(week, area.providers, area.parts, area.zones, area.numbers, area.luck, area.books)


@compiled
def let_lots(week, providers, parts, zones, numbers, luck, books):
    """Let what falls due, replace services that have failed, and keep fees up to date."""
    for part in range(parts.employer.shape[0]):
        procedure, has_run = parts.procedure[part], (week > 0) & (week % int(parts.contract_weeks[part]) == 0)
        is_due = (has_run and procedure != PROCEDURE.open_fee) or parts.let_by[part] != procedure
        if is_due and parts.employer[part] == OUTSIDE and parts.services_per_zone[part] > 0.0:
            for zone in range(zones.area_km2.shape[0] if parts.services_to_next_zone[part] > 0.0 else 1):
                let_one(week, zone, part, providers, parts, zones, numbers, luck, books)
        parts.let_by[part] = procedure
    for j in range(providers.part.shape[0]):
        part, fee = providers.part[j], parts.fee_pence[providers.part[j]]
        if parts.employer[part] != OUTSIDE:
            price, kind = 0.0 if parts.employer[part] == COUNCIL else fee, KIND_OF_EMPLOYER[int(parts.employer[part])]
            hold(week, j, NOBODY, kind, HONEST, price, 1.0, 1.0, providers, parts, numbers)
        elif providers.is_failing[j] == 1:
            buy_spot(week, j, providers, parts, numbers, books)
        elif parts.procedure[part] == PROCEDURE.open_fee and providers.spot_weeks[j] == 0:
            providers.bid_price_pence[j] = fee / parts.paid_ratio[part]
        providers.spot_weeks[j] = max(providers.spot_weeks[j] - 1, 0)


@inlined
def hold(week, j, bidder, kind, bidding_type, price, pay_ratio, staffing_ratio, providers, parts, numbers):
    """Give one place to a bidder (or to nobody in particular) on these terms."""
    providers.is_new_holder[j] = (week > 0) & ((bidder != providers.holder[j]) | (providers.is_failing[j] == 1))
    providers.holder[j] = bidder
    providers.kind[j] = kind
    providers.bidding_type[j] = bidding_type
    providers.bid_price_pence[j] = price / parts.paid_ratio[providers.part[j]]
    providers.bid_marks[j] = numbers.usual_marks
    providers.agreed_pay_ratio[j] = pay_ratio
    providers.agreed_staffing_ratio[j] = staffing_ratio
    providers.overhead_pence[j] = parts.usual_overhead_pence[providers.part[j]]
    has_little = bidding_type == LOW_BALLER
    providers.assets_share[j] = numbers.low_baller_assets_share if has_little else numbers.assets_share
    providers.spot_weeks[j] = 0


@inlined
def buy_spot(week, j, providers, parts, numbers, books):
    """Buy a place at short notice, dearer than the fee, from a usual service."""
    part = providers.part[j]
    full_fee, pay_ratio = parts.fee_pence[part] / parts.paid_ratio[part], max(parts.least_pay_ratio[part], 1.0)
    price = full_fee * (1.0 + numbers.spot_premium_share)
    hold(week, j, NOBODY, KIND.for_profit, HONEST, price, pay_ratio, 1.0, providers, parts, numbers)
    providers.spot_weeks[j] = int(numbers.spot_weeks)
    books.spot_awards[week, part] += 1


@compiled
def let_one(week, zone, part, providers, parts, zones, numbers, luck, books):
    """Let the places of one zone under one part."""
    places = int(parts.services_per_zone[part])
    first = int(parts.first_provider[part]) + zone * int(parts.services_to_next_zone[part])
    lot_number = part * zones.area_km2.shape[0] + zone
    bids = no_bids(max(int(places * numbers.bidders_a_place + 1.0 / 2.0), 1))
    draw_bidders(week, lot_number * PER_THOUSAND, parts.non_profit_share[part], bids, numbers, luck)
    holders = providers.holder[first : first + places]
    for k in range(bids.rank.shape[0]):
        bids.is_holding[k] = (holders == k).any()
    shift = 2.0 * uniform(luck, DRAWS.common_cost, lot_number, week) - 1.0
    costs, marks, temptations = lot_of(part, shift, bids.rank.shape[0], parts, numbers)
    winners = np.full(places, NOBODY)
    if parts.procedure[part] == PROCEDURE.open_fee:
        count = join_at_fee(bids, parts.fee_pence[part], costs, marks, temptations, winners)
    else:
        stayed_out = make_bids(bids, costs, marks, temptations)
        books.bids_held_back[week, part] += stayed_out
        books.bids_made[week, part] += bids.rank.shape[0] - stayed_out
        count = compete(week, part, bids, costs, parts, numbers, winners, books)
    seated = seats(winners, count, holders)
    books.lots_let[week, part] += 1
    for place in range(places):
        j, k = first + place, seated[place]
        if k == NOBODY:
            buy_spot(week, j, providers, parts, numbers, books)
            continue
        terms = bids.price[k], bids.pay_ratio[k], bids.staffing_ratio[k]
        hold(week, j, k, bids.kind[k], bids.bidding_type[k], *terms, providers, parts, numbers)
        providers.bid_marks[j] = bids.marks[k]
        providers.overhead_pence[j] = bids.overhead[k]
        books.dishonest_awards[week, part] += bids.bidding_type[k] > PRINCIPLED


@inlined
def draw_bidders(week, first_number, non_profit_share, bids, numbers, luck):
    """Who might bid: what they are for good, and what they believe and write this time."""
    for k in range(bids.rank.shape[0]):
        who = first_number + k
        is_non_profit = uniform(luck, DRAWS.kind, who, 0) < non_profit_share
        bids.kind[k] = KIND.non_profit if is_non_profit else KIND.for_profit
        ratio = numbers.non_profit_dishonesty_ratio if is_non_profit else 1.0
        bids.bidding_type[k] = bidding_type_of(
            uniform(luck, DRAWS.bidding_type, who, 0),
            numbers.low_baller_share * ratio,
            numbers.under_staffer_share * ratio,
            numbers.slick_writer_share * ratio,
            numbers.principled_share,
        )
        bids.rank[k] = uniform(luck, DRAWS.own_cost, who, 0)
        bids.is_careful[k] = uniform(luck, DRAWS.is_careful, who, 0) < numbers.careful_share
        bids.error[k] = 2.0 * uniform(luck, DRAWS.estimate, who, week) - 1.0
        bids.noise[k] = normal(luck, DRAWS.marks, who, week)
        bids.ticket[k] = uniform(luck, DRAWS.ticket, who, week)


@inlined
def lot_of(part, shift, bidders, parts, numbers):
    """What holds for all bidders of a lot: costs, marks, temptations (see `rules.lots`)."""
    places, cost, pay = parts.services_per_zone[part], parts.should_cost_pence[part], parts.usual_pay_pence[part]
    half, ratio, entering = numbers.own_cost_share * cost, numbers.employment_cost_ratio, 1.0
    if half > 0.0:
        entering = highest_entering_rank(numbers.bid_cost_share * cost / (2.0 * half), bidders, places)
    least, overhead = parts.least_pay_ratio[part], parts.usual_overhead_pence[part]
    ceiling, common = parts.fee_pence[part] * parts.price_ceiling_ratio[part], numbers.common_cost_share * cost
    differing = half, numbers.cost_from_pay_share, common, shift * common, entering
    point, slope, is_open = parts.point_value_pence[part], numbers.mark_cost_pence, parts.is_open_book[part]
    uncertainty, assets = numbers.cost_uncertainty_share * cost, numbers.low_baller_assets_share * cost
    gain, cut = parts.cutting_gain_pence[part], numbers.staffing_cut_share
    return (
        Costs(places, pay, least, ratio, overhead, cost, ceiling, *differing),
        Marks(point, slope, numbers.usual_marks, numbers.marks_spread, numbers.slick_marks, is_open),
        Temptations(uncertainty, assets, gain, cut, numbers.non_profit_markup_share),
    )


@inlined
def compete(week, part, bids, costs, parts, numbers, winners, books):
    """Refuse what is not acceptable and choose winners among the rest; how many there are."""
    procedure, point = parts.procedure[part], parts.point_pounds[part] * PENCE_A_POUND
    is_auction = procedure in (PROCEDURE.falling_price, PROCEDURE.lottery_above_floor)
    offers, test = bids.lowest if is_auction else bids.price, parts.abnormal_test[part]
    refused = refuse_low_marks(bids, parts.quality_floor[part])
    refused += drop_abnormal(offers, bids.is_in, test, parts.abnormal_margin_share[part], costs.should_cost)
    books.bids_refused[week, part] += refused
    scoring = parts.award_formula[part], parts.price_weight[part], point
    floor, margin = parts.fee_pence[part] * parts.price_floor_ratio[part], numbers.negotiated_margin_share
    return award(procedure, bids, *scoring, floor, costs.ceiling, margin, winners)

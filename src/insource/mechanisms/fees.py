"""What an hour should cost, what the council offers for it, and what its terms make worth a bidder's while.

What the articles say
    Bodmer: awards are made by cost alone, below the real cost of care. So the real cost has to be known.

What happens
    For each part of a delivery model the should-cost of an hour is worked out from pay and what goes with it, at the
    pay the terms ask for. The council's fee is its own decision and need not cover it. The formula by which bids are
    scored puts a price on a mark of quality, and oversight and penalties decide whether planned under-staffing pays.
    While a deficit lasts only a part of every price is paid (see budget), and bidders know it: the fee they reckon with
    is what they would be paid.

Equations
    should-cost   = usual pay * max(1, least pay / usual pay) * employment_cost_ratio + overhead
    overhead      = usual overhead share of the line * usual fee of the line
    fee           = usual fee of the line * fee_ratio * share of prices that is paid
    mark          = implied_point_value of the formula at should-cost, times marks_from_pay_share (sealed bids only)
    gain          = saving (1 + variation_granted_share recovered_share - detection penalty_ratio),
    saving        = staffing_cut_share * usual pay * employment_cost_ratio

Limiting case
    The price of a mark is that of SCORE-5; nobody gains from under-staffing once detection reaches LOW-3's threshold.
    tests/verify/test_fees.py

Not modelled
    Differences of cost between zones that bidders know; a fee that follows should-cost of its own accord.

Numbers
    data/parameters/fees.yaml
"""

from insource.compiled import compiled
from insource.rules.award import implied_point_value
from insource.rules.bids import cost_an_hour, gain_from_cutting, least_pay
from insource.rules.oversight import detection_share
from insource.terms import CHOICES
from insource.units import PENCE_A_POUND

READS = {
    "council": ("fee_ratio",),
    "parts": (
        "line_fee_pence",
        "overhead_share",
        "pay_scale",
        "wage_floor",
        "fee_ratio",
        "procedure",
        "award_formula",
        "price_weight",
        "point_pounds",
        "monitoring_hours",
        "penalty_ratio",
    ),
}
WRITES = {
    "parts": (
        "paid_ratio",
        "fee_pence",
        "usual_pay_pence",
        "least_pay_ratio",
        "usual_overhead_pence",
        "should_cost_pence",
        "point_value_pence",
        "cutting_gain_pence",
    ),
}
DRAWS = ()
POSTS = ()

COUNCIL_PAY = CHOICES.pay_scale.council
SEALED_BIDS = CHOICES.procedure.sealed_bids


def start(area):
    """The figures are known before the first lot is let."""
    set_figures(area.parts, area.council.fee_ratio[0], area.numbers)


@compiled
def step(week, area):
    set_figures(area.parts, area.council.fee_ratio[0], area.numbers)


@compiled
def set_figures(parts, paid_ratio, numbers):
    """Fee, should-cost, the price of a mark and the gain from under-staffing under each part's terms."""
    council_pay = numbers.council_pay_pence * (1.0 + numbers.unsocial_hours_share)
    for part in range(parts.pay_scale.shape[0]):
        fee = parts.line_fee_pence[part]
        pay = council_pay if parts.pay_scale[part] == COUNCIL_PAY else numbers.market_pay_pence
        least = least_pay(parts.wage_floor[part], numbers.wage_floor_pence, numbers.real_living_wage_pence, council_pay)
        overhead = fee * parts.overhead_share[part]
        cost = cost_an_hour(max(pay, least), numbers.employment_cost_ratio, overhead)
        parts.paid_ratio[part] = paid_ratio
        parts.fee_pence[part] = fee * parts.fee_ratio[part] * paid_ratio
        parts.usual_pay_pence[part] = pay
        parts.least_pay_ratio[part] = least / pay
        parts.usual_overhead_pence[part] = overhead
        parts.should_cost_pence[part] = cost
        parts.point_value_pence[part] = 0.0
        if parts.procedure[part] == SEALED_BIDS:
            half = numbers.own_cost_share * cost
            parts.point_value_pence[part] = numbers.marks_from_pay_share * implied_point_value(
                parts.award_formula[part],
                cost,
                numbers.usual_marks,
                parts.price_weight[part],
                cost - half,
                cost + half,
                cost,
                parts.point_pounds[part] * PENCE_A_POUND,
            )
        parts.cutting_gain_pence[part] = gain_from_cutting(
            numbers.staffing_cut_share * pay * numbers.employment_cost_ratio,
            numbers.variation_granted_share,
            numbers.recovered_share,
            detection_share(parts.monitoring_hours[part], numbers.hours_to_detect),
            parts.penalty_ratio[part],
        )

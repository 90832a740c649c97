"""Fees alone: should-cost, the price of a mark, and when under-staffing pays (theory.md SCORE-5, LOW-3)."""

import numpy as np
import pytest
from alone import World, caught, planted

from insource.mechanisms import fees
from insource.rules.low_bids import detection_that_deters
from insource.rules.oversight import hours_for_detection

pytestmark = pytest.mark.closed_form

NUMBERS = {
    "market_pay_pence": 1200.0,
    "wage_floor_pence": 1100.0,
    "real_living_wage_pence": 1260.0,
    "council_pay_pence": 1300.0,
    "unsocial_hours_share": 0.0,
    "employment_cost_ratio": 1.5,
    "provider_overhead_share": 0.1,
    "external_price_pounds": 20.0,
    "own_cost_share": 0.0,
    "marks_from_pay_share": 1.0,
    "staffing_cut_share": 0.2,
    "variation_granted_share": 0.2,
    "recovered_share": 1.2,
    "hours_to_detect": 200.0,
}


def _figures(mechanism, terms, **numbers):
    world = World(numbers={**NUMBERS, **numbers})
    world.set_terms(terms)
    bound = world.bind(mechanism)
    bound.start()
    bound.step(0)
    return world.parts


def _should_cost(mechanism):
    plain = _figures(mechanism, {"fee_ratio": 1.1})
    assert plain.should_cost_pence[0] == pytest.approx(1200.0 * 1.5 + 200.0)
    assert plain.fee_pence[0] == pytest.approx(2200.0)
    for floor, pay in (("none", 1200.0), ("statutory", 1200.0), ("real_living_wage", 1260.0), ("council", 1300.0)):
        parts = _figures(mechanism, {"wage_floor": floor})
        assert parts.should_cost_pence[0] == pytest.approx(pay * 1.5 + 200.0), floor
    own = _figures(mechanism, {"pay_scale": "council", "wage_floor": "real_living_wage"})
    assert own.should_cost_pence[0] == pytest.approx(1300.0 * 1.5 + 200.0)


def test_should_cost_is_pay_with_what_goes_with_it_and_overhead():
    """At the pay that the terms ask for; overhead does not follow the fee."""
    _should_cost(fees)


def test_fails_if_overhead_follows_the_fee():
    """The planted fault."""
    caught(_should_cost, planted(fees, "overhead = fee *", "overhead = parts.fee_ratio[part] * fee *"))


def test_score_5_the_price_of_a_mark():
    """SCORE-5 at a should-cost of 20 pounds: 20 pence at equal weights, 8.57 at 70% price; else as stated."""
    same = {"market_pay_pence": 1200.0}
    for terms, expected in (
        ({"price_weight": 0.5}, 20.0),
        ({"price_weight": 0.7}, 60.0 / 7.0),
        ({"award_formula": "priced_quality", "point_pounds": 0.3}, 30.0),
        ({"award_formula": "price_a_point"}, 2000.0 / 60.0),
    ):
        parts = _figures(fees, {"procedure": "sealed_bids", **terms}, usual_marks=60.0, **same)
        assert parts.point_value_pence[0] == pytest.approx(expected), terms
    for procedure in ("open_fee", "falling_price", "lottery_above_floor", "direct_award"):
        assert _figures(fees, {"procedure": procedure}).point_value_pence[0] == 0.0, "no marks compete there"


def _deterrence(mechanism):
    threshold = detection_that_deters(1.0, 0.2, 1.2, 4.0)
    assert threshold == pytest.approx(0.31, abs=1e-9)
    hours = hours_for_detection(threshold, 200.0)
    for change, is_tempting in ((-1.0, True), (1.0, False)):
        parts = _figures(mechanism, {"penalty_ratio": 4.0, "monitoring_hours": hours + change})
        assert (parts.cutting_gain_pence[0] > 0.0) == is_tempting
    saving = 0.2 * 1200.0 * 1.5
    free = _figures(mechanism, {"penalty_ratio": 0.0})
    assert free.cutting_gain_pence[0] == pytest.approx(saving * 1.24)


def test_low_3_the_hours_that_deter():
    """LOW-3: with a penalty of four times the saving and the same chance to renegotiate, detection of 0.31 deters."""
    _deterrence(fees)


def test_fails_if_nobody_watches():
    """The planted fault."""
    caught(
        _deterrence,
        planted(
            fees, "detection_share(parts.monitoring_hours[part]", "detection_share(0.0 * parts.monitoring_hours[part]"
        ),
    )


def test_parts_have_figures_of_their_own():
    """A part on council pay should cost more than one on market pay."""
    world = World(parts=2, numbers=NUMBERS)
    world.set_terms({"pay_scale": ["market", "council"]})
    world.bind(fees).start()
    assert np.diff(world.parts.should_cost_pence)[0] == pytest.approx(150.0)

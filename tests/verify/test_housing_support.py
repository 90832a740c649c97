"""Housing support alone: the hours that money buys, from outside and from the council's own staff (COST-1)."""

import pytest
from alone import World, caught, planted

from insource.mechanisms import housing_support
from insource.rules.budget import own_hour_pence
from insource.terms import LINES

pytestmark = pytest.mark.closed_form

LINE = LINES.index("housing_support")
OWN = {
    "employer": "council",
    "payment_basis": "salary",
    "pay_scale": "council",
    "pension": "local_government",
    "holiday": "council",
    "sick_pay": "occupational",
    "paid_gaps_share": 1,
    "training_hours": 35,
}


def _world(parts=1, providers=1, **numbers):
    world = World(parts=parts, providers=providers, numbers=numbers)
    world.parts.line[:] = LINE
    world.council.prevention_pence[0] = 100_000
    return world


def check_outside(mechanism):
    """1,000 pounds at 25 pounds an hour are 40 hours; at fees 20% lower 50; with services of its own at their price."""
    world = _world(external_price_pounds=25.0)
    world.providers.part[:] = -1
    area = world.bind(mechanism)
    area.step(0)
    assert world.book("housing_support_minutes")[0] == 40 * 60
    assert world.council.support_ratio[0] == pytest.approx(1.0)
    world.council.fee_ratio[0] = 0.8
    area.step(0)
    assert world.book("housing_support_minutes")[0] == (40 + 50) * 60, "lower fees buy more"
    world.providers.part[:] = 0
    world.providers.price_pence[:] = 4000.0
    world.council.fee_ratio[0] = 1.0
    area.step(0)
    assert world.book("housing_support_minutes")[0] == (40 + 50 + 25) * 60
    assert world.council.support_ratio[0] == pytest.approx(25.0 / 40.0)
    assert world.book("housing_support_pence")[0] == 300_000


def test_bought_hours():
    """Pence over price, to the minute."""
    check_outside(housing_support)
    caught(check_outside, planted(housing_support, " * council.fee_ratio[0]", ""), "lower fees")


def check_own(mechanism):
    """All that the council pays for besides visits is in the hour: worked out here from the year of one worker."""
    world = _world(council_overhead_share=0.2)
    world.set_terms(OWN)
    area, n = world.bind(mechanism), world.numbers
    area.step(0)
    paid = n.contract_hours * 52.0  # hours a year
    worked = n.contract_hours / (1.0 + 33.0 / (260.0 - 33.0)) * 52.0 - 35.0
    with_people = (
        worked
        * (1.0 - n.occupational_sickness_days / n.working_days)
        / (1.0 + n.support_travel_ratio + n.shift_idle_ratio)
    )
    pay = n.council_pay_pence * paid
    insurance = (pay / 100.0 - n.ni_threshold_pounds) * n.ni_share * 100.0
    year = pay * (1.0 + n.local_government_pension_share) + insurance
    hour = (year / with_people + n.support_travel_ratio * n.mileage_pounds * 100.0) * 1.2
    assert 3000.0 < hour < 6000.0
    assert world.book("housing_support_minutes")[0] == pytest.approx(100_000 / hour * 60.0, abs=1.0), "own hours"


def test_own_hours():
    """An own hour costs what a worker's year costs, over the hours they spend with people."""
    check_own(housing_support)
    fault = planted(
        housing_support, "paid_share * present_share * visit_share", "paid_share * visit_share", rule="budget"
    )
    caught(check_own, fault, "own hours")


def test_cost_1_without_a_margin():
    """The own hour is w (1 + o) / u + h: with nothing else it is pay; each share takes its part."""
    assert own_hour_pence(1200.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0) == 1200.0
    assert own_hour_pence(1200.0, 0.25, 0.8, 1.0, 0.75, 100.0, 0.0) == pytest.approx(1500.0 / 0.6 + 100.0)


def test_shares_of_parts():
    """Two parts share the money as they share the line's people, to the penny; parts of other lines get none."""
    world = _world(parts=3, external_price_pounds=25.0)
    world.parts.line[:] = (0, LINE, LINE)
    world.parts.share_to[:] = (1.0, 0.333, 1.0)
    world.providers.part[:] = -1
    world.bind(housing_support).step(0)
    assert world.ledger.accounts["housing_support_pence"][0].tolist() == [0, 33_300, 66_700]


def test_no_money_no_hours():
    """Nothing left for prevention buys nothing, and the ratio is not disturbed."""
    world = _world()
    world.council.prevention_pence[0] = 0
    world.bind(housing_support).step(0)
    assert world.book("housing_support_minutes")[0] == 0
    assert world.council.support_ratio[0] == 1.0

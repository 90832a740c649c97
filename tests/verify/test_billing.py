"""What services bill, alone, against theory.md section 4 (POOL-6, POOL-9) and by hand for every basis of payment."""

import numpy as np
import pytest
from alone import World, caught, near_mean, planted

from insource.mechanisms import billing
from insource.rules.billing import billed_minutes, block_minutes_committed
from insource.terms import CHOICES

pytestmark = pytest.mark.closed_form

HOUR_PENCE = 3000.0


def _service(terms, people=1, weeks=1, **numbers):
    world = World(weeks=weeks, numbers=numbers, people=people, providers=1)
    world.set_terms(terms)
    world.providers.price_pence[:] = HOUR_PENCE
    for name in ("is_here", "is_in_care", "is_in_force"):
        getattr(world.people, name)[:] = 1
    world.people.provider[:] = 0
    return world


def check_bills(mechanism):
    """Hours are billed on the order or as delivered, with what is held; what could not be staffed is not billed."""
    for basis, expected in (("hour_ordered", 900 + 300), ("hour_delivered", 700 + 300), ("outcome", 700 + 300)):
        world = _service({"payment_basis": basis}, people=4)
        people = world.people
        people.provider[:] = (0, 0, 0, -1)
        people.is_here[:] = (1, 1, 0, 1)
        people.is_in_care[:] = (1, 1, 1, 0)
        people.is_in_hospital[:] = (0, 1, 0, 0)
        people.ordered_minutes[:] = (1000, 500, 250, 400)
        people.retained_minutes[:] = (0, 50, 0, 0)
        people.run_on_minutes[:] = (0, 0, 250, 0)
        world.providers.served_ratio[:] = 0.9
        world.providers.contact_minutes[:], world.providers.agency_minutes[:] = 650, 50
        world.bind(mechanism).step(0)
        assert world.book("billed_minutes")[0] == expected, basis
        assert world.providers.bill_pence[0] == expected * 50


def test_bills():
    """Docstring: minutes on orders that were staffed, or minutes delivered, plus retained and run-on."""
    check_bills(billing)
    assert billed_minutes(CHOICES.payment_basis.hour_ordered, 9, 7, 3) == 12
    assert billed_minutes(CHOICES.payment_basis.hour_delivered, 9, 7, 3) == 10
    assert block_minutes_committed(600, 0.5) == 300


def test_bills_fail_if_the_basis_is_not_read():
    """Orders billed whatever the terms say are found out."""
    fault = planted(billing, "(delivered if is_paid_by_visit(payment_basis) else ordered)", "ordered", rule="billing")
    caught(check_bills, fault, "hour_delivered")


def check_block(mechanism):
    """A block is paid in full and set anew when its time comes; beyond it the spot price is paid; void is counted."""
    terms = {"payment_basis": "block", "committed_share": 0.5, "volume_reset_weeks": 4}
    world = _service(terms, weeks=6, spot_price_ratio=1.5)
    bound = world.bind(mechanism)
    found = []
    for week, ordered in enumerate((600, 600, 200, 100, 100, 100)):
        world.people.ordered_minutes[:] = ordered
        bound.step(week)
        found.append(int(world.providers.bill_pence[0]))
    committed, later = 300 * 50, 50 * 50
    assert found[:2] == [committed + 300 * 75] * 2, "beyond the block"
    assert found[2:4] == [committed, committed], "a block that is not used is paid"
    assert found[4:] == [later + 50 * 75] * 2, "a block is set anew"
    assert world.book("void_minutes").tolist() == [0, 0, 100, 200, 0, 0]


def test_block():
    """Equation of the docstring by hand."""
    check_block(billing)


def test_block_fails_if_only_what_is_used_is_paid():
    """A commitment that binds nobody is found out."""
    fault = planted(
        billing,
        "return committed, beyond, committed + beyond - staffed - held",
        "return staffed + held - beyond, beyond, 0",
    )
    caught(check_block, fault, "not used")


def check_pool_6(mechanism):
    """20,000 services with a block of 954.7241 hours and needs of 1,000 spread by 80: 20,761.388 pounds a week each."""
    services = 20_000
    costs = []
    for block in (900.0, 954.7241, 1010.0):
        world = World(weeks=2, numbers={"spot_price_ratio": 1.4}, people=services, providers=services)
        world.set_terms({"payment_basis": "block", "committed_share": 1.0, "volume_reset_weeks": 52})
        world.providers.price_pence[:] = 2000.0
        for name in ("is_here", "is_in_care", "is_in_force"):
            getattr(world.people, name)[:] = 1
        world.people.provider[:] = np.arange(services)
        bound = world.bind(mechanism)
        world.people.ordered_minutes[:] = round(block * 60.0)
        bound.step(0)
        need = 1000.0 + 80.0 * np.random.default_rng(4).standard_normal(services)
        world.people.ordered_minutes[:] = np.round(need * 60.0)
        bound.step(1)
        costs.append(world.providers.bill_pence / 100.0)
    near_mean(costs[1], 20761.388, "cost of a week")
    assert costs[1].mean() < min(costs[0].mean(), costs[2].mean()), "another block costs less"


def test_pool_6_in_the_week():
    """POOL-6 (S): 20,000 services, 4 standard errors; a smaller and a larger block cost more."""
    check_pool_6(billing)


def test_pool_6_in_the_week_fails_without_a_spot_price():
    """Hours beyond the block at the price of the block are found out."""
    fault = planted(billing, "price * numbers.spot_price_ratio", "price")
    caught(check_pool_6, fault, "cost of a week")


def check_pool_9(mechanism):
    """Paid as commissioned, an order enough in 95 of 100 weeks costs 514.485 at 25 pounds; paid as used, 347.911."""
    people, order = 200_000, 14.0 + 4.0 * 1.6448536
    need = 14.0 + 4.0 * np.random.default_rng(9).standard_normal(people)
    used = np.round(np.clip(need, 0.0, order) * 60.0).astype(int)
    costs = []
    for basis in ("hour_ordered", "hour_delivered"):
        world = _service({"payment_basis": basis}, people)
        world.providers.price_pence[:] = 2500.0
        world.people.ordered_minutes[:] = round(order * 60.0)
        world.providers.contact_minutes[:] = used.sum()
        world.bind(mechanism).step(0)
        costs.append(world.providers.bill_pence[0] / 100.0 / people)
    assert costs[0] == pytest.approx(514.485, abs=0.25), "commissioned"
    near_mean(used * 25.0 / 60.0, 347.911, "actual")
    assert costs[1] == pytest.approx(used.mean() * 25.0 / 60.0, rel=1e-9), "actual"


def test_pool_9_in_the_week():
    """POOL-9 (E to whole minutes, S): who pays for the idle hour. 200,000 people."""
    check_pool_9(billing)


def test_pool_9_fails_if_orders_are_always_billed():
    """A price per visit hour that bills the order is found out."""
    fault = planted(billing, "(delivered if is_paid_by_visit(payment_basis) else ordered)", "ordered", rule="billing")
    caught(check_pool_9, fault, "actual")


def check_outcome(mechanism):
    """A bonus for everybody whose support ends because they can do without, and for nobody who died or moved."""
    world = _service({"payment_basis": "outcome", "bonus_pounds": 500}, people=5)
    world.people.is_here[:] = (0, 0, 0, 0, 1)
    world.people.left_reason[:] = (1, 2, 3, 3, 0)
    world.people.is_ending[:] = (1, 1, 1, 0, 0)
    world.providers.contact_minutes[:] = 120
    world.bind(mechanism).step(0)
    assert world.book("bonus_pence")[0] == 50_000, "bonus"
    assert world.book("endings_counted")[0] == 1
    assert world.providers.bill_pence[0] == 2 * HOUR_PENCE + 50_000


def test_outcome():
    """Equation of the docstring by hand."""
    check_outcome(billing)


def test_outcome_fails_if_every_ending_counts():
    """A bonus for those who died is found out."""
    fault = planted(billing, "& (people.left_reason[i] == ENDED)", "& (people.left_reason[i] > 0)")
    caught(check_outcome, fault, "bonus")


def check_episode(mechanism):
    """One price a quarter by the order at its beginning, whatever is ordered, used or held within it."""
    world = _service({"payment_basis": "episode", "episode_weeks": 13}, weeks=27)
    world.providers.contact_minutes[:] = 999
    world.people.retained_minutes[:] = 50
    bound = world.bind(mechanism)
    found = []
    for week in range(27):
        world.people.order_weeks[:] = week + 1
        world.people.ordered_minutes[:] = 600 - 10 * week
        bound.step(week)
        found.append(int(world.providers.bill_pence[0]))
    expected = np.zeros(27)
    for week in (0, 13, 26):
        expected[week] = (600 - 10 * week) * 13 * 50
    assert found == expected.tolist(), "one price for a quarter"


def test_episode():
    """Equation of the docstring by hand, over two quarters."""
    check_episode(billing)


def test_episode_fails_if_every_week_is_billed():
    """A price for a quarter that is billed every week is found out."""
    caught(check_episode, planted(billing, "((people.order_weeks[i] - 1) % weeks == 0)", "1"), "one price")


def test_nothing_is_billed_where_costs_are_paid():
    """A service run by the council, or whose wages and running costs it pays, bills nothing."""
    for terms, weeks in (({"payment_basis": "salary", "employer": "council_company"}, 0), ({}, 5)):
        world = _service(terms)
        world.people.ordered_minutes[:] = 600
        world.providers.step_in_weeks[:] = weeks
        world.bind(billing).step(0)
        assert world.providers.bill_pence[0] == 0
        assert world.book("billed_minutes")[0] == 0

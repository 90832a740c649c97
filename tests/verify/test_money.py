"""Who pays whom, against theory.md section 3 (COST-1), and that no pound is lost between purses."""

import numpy as np
import pytest
from alone import World, caught, planted

from insource.identities import cash_gap
from insource.ledger import purses
from insource.mechanisms import billing, money
from insource.rules.pay_and_prices import employer_ni_share, minimum_pension_share, pence_for
from insource.tables import ACCOUNTS

pytestmark = pytest.mark.closed_form

VISITS = 600_000_000
"""Minutes of visits in the week: so many that whole pence do not matter."""
P_EXT = (12.5 * 1.16 / 0.80 + 5.0) / (1.0 - 0.06)
P_IN = 14.0 * 1.38 / 0.75 + 6.0
COUNCIL = {"employer": "council", "payment_basis": "salary"}


def _on_costs(share):
    """On-costs that are this share of pay, and nothing else."""
    return {
        "ni_share": share,
        "ni_threshold_pounds": 0.0,
        "minimum_pension_share": 0.0,
        "pension_threshold_pounds": 0.0,
    }


def _service(terms, pay, paid, **numbers):
    world = World(numbers={"mileage_pounds": 0.0, **numbers}, providers=1)
    world.set_terms(terms)
    world.providers.contact_minutes[:] = VISITS
    world.providers.paid_minutes[:] = paid
    world.providers.pay_pence[:] = pay * 100.0
    return world


def check_cost_1(mechanism):
    """A price of 24.601064 leaves a margin of 6% on an outside service; an hour in-house costs 31.76."""
    numbers = {"external_price_pounds": P_EXT, "provider_overhead_share": 5.0 / P_EXT, **_on_costs(0.16)}
    world = _service({"payment_basis": "hour_delivered"}, 12.5, VISITS / 0.8, **numbers)
    world.bind(billing).step(0)
    world.bind(mechanism).step(0)
    bill = world.book("care_payments_pence")[0]
    assert bill / VISITS * 60.0 / 100.0 == pytest.approx(24.601064, abs=5e-7)
    assert world.providers.cash_pence[0] / bill == pytest.approx(0.06, abs=1e-9), "margin"
    assert world.ledger.balance("providers") == world.providers.cash_pence[0]

    numbers = {"council_overhead_share": 6.0 / (14.0 * 1.38 / 0.75), **_on_costs(0.38)}
    world = _service(COUNCIL, 14.0, VISITS / 0.75, **numbers)
    world.bind(mechanism).step(0)
    own = ("council_pay_pence", "council_on_costs_pence", "council_running_pence", "council_overhead_pence")
    cost = sum(int(world.book(name)[0]) for name in own)
    assert cost / VISITS * 60.0 / 100.0 == pytest.approx(31.76, abs=1e-6), "cost of an hour in-house"
    assert world.book("care_payments_pence")[0] == 0
    assert world.providers.cash_pence[0] == 0


def test_cost_1():
    """COST-1 (24.601064; 31.76; failure share .264137 at which both cost the same), to a penny in ten million hours."""
    assert pytest.approx(24.601064, abs=5e-7) == P_EXT
    assert pytest.approx(31.76, rel=1e-12) == P_IN
    assert pytest.approx(0.264137, abs=5e-7) == 1.0 - P_EXT * (1.0 - 0.05) / P_IN
    check_cost_1(money)


def test_cost_1_fails_if_on_costs_are_forgotten():
    """Pay without on-costs leaves too large a margin and is found out."""
    caught(
        check_cost_1,
        planted(money, "int(pay * (insurance + pension) + 1.0 / 2.0)", "int(0.0 * pay * (insurance + pension))"),
        "margin",
    )


def check_running(mechanism):
    """Mileage by the hour of travel, leavers by the head, agency hours by their ratio to pay, for any employer."""
    numbers = {"mileage_pounds": 7.2, "leaver_cost_pounds": 4000.0, "agency_cost_ratio": 1.6, **_on_costs(0.0)}
    for terms, who in ((COUNCIL, "council"), ({}, "provider")):
        world = _service(terms, 12.0, 0, **numbers)
        world.numbers = world.numbers._replace(mileage_pounds=7.2)
        world.providers.travel_minutes[:], world.providers.quits[:] = 600, 3
        world.providers.agency_minutes[:] = 1200
        world.bind(mechanism).step(0)
        assert world.book(f"{who}_running_pence")[0] == 10 * 720 + 3 * 400_000, "running costs"
        assert world.book(f"{who}_agency_pence")[0] == 20 * 1200 * 1.6


def test_running_costs():
    """Equation of the docstring by hand."""
    check_running(money)


def test_running_costs_fail_if_leavers_are_free():
    """Turnover that costs nothing is found out."""
    caught(
        check_running,
        planted(money, "return pay, on_costs, agency, mileage + leavers", "return pay, on_costs, agency, mileage"),
        "running",
    )


def _random_area(mechanism, weeks=20):
    rng = np.random.default_rng(3)
    services, people = 60, 600
    world = World(weeks=weeks, people=people, providers=services, parts=4)
    world.set_terms(
        {
            "employer": ["provider", "provider", "council", "council_company"],
            "payment_basis": ["hour_ordered", "block", "salary", "salary"],
            "pension": ["minimum", "local_government", "local_government", "minimum"],
            "monitoring_hours": [70, 140, 140, 70],
            "committed_share": 0.8,
        }
    )
    world.council.people_at_start[:], world.council.broker_minutes[:] = people, 5000.0
    providers, columns = world.providers, world.people
    providers.part[:] = np.arange(services) % 4
    columns.provider[:] = rng.integers(-1, services, people)
    columns.is_here[:] = rng.random(people) < 0.9
    columns.is_in_care[:] = columns.provider >= 0
    world.providers.step_in_weeks[:6] = 10
    bills, bound = world.bind(billing), world.bind(mechanism)
    for week in range(weeks):
        for name in ("paid_minutes", "contact_minutes", "agency_minutes", "travel_minutes"):
            getattr(providers, name)[:] = rng.integers(0, 50_000, services)
        providers.quits[:] = rng.integers(0, 3, services)
        providers.coordination_minutes[:] = rng.random(services) * 200.0
        providers.monitoring_minutes[:] = rng.random(services) * 300.0
        providers.served_ratio[:] = rng.random(services)
        providers.pay_pence[:] = 1250.0 + rng.random(services) * 200.0
        for name in ("ordered_minutes", "retained_minutes", "run_on_minutes"):
            getattr(columns, name)[:] = rng.integers(0, 900, people)
        bills.step(week)
        bound.step(week)
    return world


def check_conservation(mechanism):
    """Services' own count of their cash is what the books say passed through their purse, to the penny."""
    world = _random_area(mechanism)
    assert cash_gap(world.ledger, world.tables) == 0, "cash and books disagree"
    assert (world.providers.cash_pence[world.providers.part >= 2] == 0).all(), "what is paid at cost leaves no surplus"
    assert (world.providers.cash_pence[(world.providers.part < 2) & (world.providers.step_in_weeks == 0)] != 0).all()
    assert world.ledger.total("cost_payments_pence") > 0
    assert sum(world.ledger.balance(purse) for purse in purses()) == 0
    paid = sum(world.ledger.total(name) for name, account in ACCOUNTS.items() if account.payer == "council")
    assert world.ledger.balance("council") == -paid, "the council is paid by nobody here"
    surplus = world.ledger.balance("providers")
    received = sum(world.ledger.balance(purse) for purse in purses() if purse not in ("council", "providers"))
    assert paid == received + surplus


def test_no_pound_is_lost():
    """Model.md section 3: what the council pays out is received by others. Random services, people and weeks."""
    check_conservation(money)


def test_no_pound_is_lost_fails_if_overheads_are_not_paid():
    """Overheads that are booked and not paid are found out."""
    fault = planted(money, "mileage_and_leavers + overhead + providers", "mileage_and_leavers + providers")
    caught(check_conservation, fault, "cash and books disagree")


def check_full_price(mechanism):
    """The price that covers full cost is direct cost over what is left when overheads and surplus are taken off."""
    numbers = {"full_overhead_share": 0.25, **_on_costs(0.2)}
    world = _service({}, 12.0, VISITS, **numbers)
    world.bind(mechanism).step(0)
    direct = VISITS / 60.0 * 1200.0 * 1.2
    assert world.book("full_price_pence")[0] == pytest.approx(direct / 0.75, rel=1e-9), "full price"


def test_full_price():
    """Equation of the docstring: direct / (1 - share)."""
    check_full_price(money)


def test_full_price_fails_as_a_mark_up():
    """A share of cost in place of a share of price is found out."""
    caught(
        check_full_price,
        planted(money, "direct / (1.0 - numbers.full_overhead_share)", "direct * (1.0 + numbers.full_overhead_share)"),
        "full price",
    )


def test_contributions():
    """National Insurance on pay above a threshold, pension on qualifying pay; never less than nothing."""
    assert employer_ni_share(20_000.0, 5_000.0, 0.15) == pytest.approx(0.1125, rel=1e-12)
    assert employer_ni_share(4_000.0, 5_000.0, 0.15) == 0.0
    assert minimum_pension_share(12_480.0, 6_240.0, 0.03) == pytest.approx(0.015, rel=1e-12)
    assert pence_for(90, 1250.0) == 1875

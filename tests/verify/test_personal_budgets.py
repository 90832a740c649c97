"""Personal budgets, alone: money through people's own hands adds up, what piles up is kept back (theory 17, rule 2)."""

import pytest
from alone import World, caught, planted

from insource.mechanisms import billing, money, personal_budgets
from insource.rules.personal_budgets import kept_back, top_up

pytestmark = pytest.mark.closed_form

PEOPLE, MINUTES = 20, 600


def _world(weeks, spent_minutes, employer="person", **numbers):
    """Twenty people with budgets of ten hours, whose assistants are paid for `spent_minutes` each."""
    world = World(weeks=weeks, numbers=numbers, people=PEOPLE, providers=1)
    world.set_terms({"employer": employer, "payment_basis": "hour_ordered"})
    people, providers = world.people, world.providers
    people.is_here[:] = people.is_in_care[:] = people.is_in_force[:] = 1
    people.provider[:] = 0
    people.budget_minutes[:] = people.ordered_minutes[:] = MINUTES
    providers.people_in_care[:] = PEOPLE
    providers.pay_pence[:] = 1245.0
    providers.price_pence[:] = 2410.0
    providers.paid_minutes[:] = providers.contact_minutes[:] = spent_minutes * PEOPLE
    return world


def _run(mechanism, world, weeks):
    chain = [world.bind(one) for one in (billing, money, mechanism)]
    for week in range(weeks):
        for one in chain:
            one.step(week)


def check_adds_up(mechanism):
    """What all have been paid less what they paid out is what they hold, whether care costs more or less than that."""
    for spent in (300, 600, 900):
        world = _world(6, spent)
        _run(mechanism, world, 6)
        assert world.ledger.balance("budget_holders") == world.providers.held_pence[0] >= 0, "what people hold"
        assert world.ledger.balance("providers") == world.providers.cash_pence[0] == 0
        assert world.book("care_payments_pence").sum() == world.book("cost_payments_pence").sum() == 0
        assert world.book("personal_spending_pence").sum() > world.book("provider_pay_pence").sum() > 0
        assert world.book("provider_overhead_pence").sum() == 0
        assert (world.book("personal_top_up_pence").sum() > 0) == (spent == 900)


def test_adds_up():
    """Council to person to assistant, to the penny; no agency's margin or overhead on the way."""
    check_adds_up(personal_budgets)


def test_adds_up_fails_if_fees_are_forgotten():
    """Fees that leave the books and not the account are found out."""
    caught(
        check_adds_up,
        planted(personal_budgets, " - providers.spent_pence[j] - fees", " - providers.spent_pence[j]"),
        "hold",
    )


def check_kept_back(mechanism):
    """Care that costs less than the rate: what is held settles at the weeks allowed, the rest is kept back."""
    world = _world(60, 300)
    _run(mechanism, world, 60)
    weekly = PEOPLE * MINUTES / 60 * world.numbers.personal_rate_pounds * 100
    saved = weekly - world.book("personal_spending_pence")[0] - world.book("personal_fees_pence")[0]
    assert saved > 0
    weeks = world.numbers.personal_kept_weeks
    assert world.providers.held_pence[0] == pytest.approx(weeks * weekly + saved, rel=1e-6), "what is held"
    assert world.book("personal_unspent_pence")[-1] == pytest.approx(saved, rel=1e-6)
    paid = world.book("personal_budget_pence")
    assert paid[0] == pytest.approx(weekly)
    assert paid[-1] == pytest.approx(weekly - saved, rel=1e-6)


def test_unspent_budgets_are_kept_back():
    """The closed form: held = weeks * budget + what one week leaves over."""
    check_kept_back(personal_budgets)


def test_kept_back_fails_if_nothing_is():
    """Budgets that pile up for ever are found out."""
    caught(
        check_kept_back, planted(personal_budgets, "budget - unspent - providers", "budget - providers"), "what is held"
    )


def test_nobody_else_has_an_account():
    """Where a service employs, nothing is paid into anybody's account and the council is billed as before."""
    world = _world(2, 600, employer="provider")
    _run(personal_budgets, world, 2)
    assert world.book("personal_budget_pence").sum() == world.book("personal_spending_pence").sum() == 0
    assert world.book("care_payments_pence").sum() > 0
    assert world.ledger.balance("budget_holders") == 0


def test_rules():
    """Kept back: beyond eight weeks of 100, but never more than the week's payment; added: what is short."""
    assert kept_back(850, 100, 8) == 50
    assert kept_back(2000, 100, 8) == 100
    assert kept_back(700, 100, 8) == 0
    assert top_up(-30) == 30
    assert top_up(30) == 0

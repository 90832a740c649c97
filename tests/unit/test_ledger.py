"""The books: totals by week and part, balances of purses, and identities that find what is lost."""

import numpy as np
import pytest

from insource import identities, ledger
from insource.tables import ACCOUNTS

pytestmark = pytest.mark.worked


def test_totals():
    """Over all weeks and parts, over some weeks, by week."""
    books = ledger.empty(4, 2)
    books.accounts["quits"][:] = [[1, 2], [3, 4], [5, 6], [7, 8]]
    assert books.total("quits") == 36
    assert books.total("quits", 1, 3) == 18
    assert books.total("quits", 2) == 26
    assert books.by_week("quits").tolist() == [3, 7, 11, 15]
    assert set(books.accounts) == set(ACCOUNTS)


def test_balances():
    """What a purse received less what it paid; over all purses nothing is made or lost."""
    books = ledger.empty(2, 1)
    books.accounts["care_payments_pence"][:] = [[1000], [500]]
    books.accounts["provider_pay_pence"][:] = [[700], [600]]
    books.accounts["social_work_pence"][:] = [[90], [0]]
    assert books.balance("providers") == 200
    assert books.balance("providers", 0, 1) == 300
    assert books.balance("council") == -1590
    assert books.balance("care_workers") == 1300
    assert sum(books.balance(purse) for purse in ledger.purses()) == 0


def test_minutes_and_people_are_not_money():
    """Only accounts of pence have a payer and a payee."""
    for name, account in ACCOUNTS.items():
        assert bool(account.payer) <= name.endswith("_pence"), name
    assert "council" in ledger.purses()


@pytest.mark.parametrize("identity", identities.IDENTITIES, ids=lambda one: one.name)
def test_identities_find_a_lost_minute(identity):
    """Each identity holds for books that balance, and names its first broken week when one minute is missing."""
    books = ledger.empty(5, 2)
    assert identities.broken(books, 5) == []
    books.accounts[identity.left[0]][3, 1] = 10
    books.accounts[identity.right[0]][3, 1] = 9
    found = [line for line in identities.broken(books, 5) if line.startswith(identity.name)]
    assert found == [f"{identity.name}: week 3 is out by 1"]
    assert identities.broken(books, 3) == []


def test_identities_find_lost_people_and_staff():
    """Somebody who was here and is gone without a reason, or here without having come."""
    books = ledger.empty(4, 1)
    books.accounts["people_here"][:, 0] = (10, 12, 11, 11)
    books.accounts["people_arrived"][:, 0] = (0, 2, 0, 1)
    books.accounts["deaths"][:, 0] = (0, 0, 1, 1)
    books.accounts["staff_weeks"][:, 0] = (5, 6, 4, 4)
    books.accounts["hires"][:, 0] = (0, 1, 0, 0)
    books.accounts["quits"][:, 0] = (0, 0, 2, 0)
    books.accounts["quits_from_sector"][:, 0] = (0, 0, 2, 0)
    books.accounts["hires_from_beyond"][:, 0] = (0, 1, 0, 0)
    assert identities.broken(books, 4) == []
    books.accounts["deaths"][2, 0] = 0
    books.accounts["hires"][1, 0] = 2
    named = {line.split(":")[0] for line in identities.broken(books, 4)}
    assert named == {"people in and out", "staff in and out", "starters"}


@pytest.mark.parametrize("kept", identities.IDENTITIES, ids=lambda one: one.name)
def test_identities_name_accounts_that_exist(kept):
    """Both sides are accounts of the chart."""
    assert {*kept.left, *kept.right} <= set(ACCOUNTS)
    assert np.shape(ledger.empty(3, 2).accounts[kept.left[0]]) == (3, 2)

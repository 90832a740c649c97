"""The books of one run: every account by week and part, in whole minutes, pence, people and millionths of a year.

Mechanisms post; appraisal and reports read the books and nothing else.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from insource.tables import ACCOUNTS

COUNCIL = "council"


@dataclass(frozen=True)
class Ledger:
    """Whole numbers, each in its account's own unit."""

    together: np.ndarray
    """All accounts, in the order of their chart: shape (accounts, weeks, parts)."""

    @cached_property
    def accounts(self) -> dict[str, np.ndarray]:
        """The accounts by name, each a part of `together` of shape (weeks, parts): writing to one writes to both."""
        return dict(zip(ACCOUNTS, self.together, strict=True))

    def total(self, account: str, first: int = 0, last: int | None = None) -> int:
        """Sum of an account over weeks first (from 0) to before last, and over all parts."""
        return int(self.accounts[account][first:last].sum())

    def by_week(self, account: str) -> np.ndarray:
        """An account over all parts, week by week."""
        return self.accounts[account].sum(axis=1)

    def balance(self, purse: str, first: int = 0, last: int | None = None) -> int:
        """Pence received less pence paid by a purse (council, providers, care_workers, ...)."""
        received = sum(self.total(name, first, last) for name, account in ACCOUNTS.items() if account.payee == purse)
        paid = sum(self.total(name, first, last) for name, account in ACCOUNTS.items() if account.payer == purse)
        return received - paid


def empty(weeks: int, parts: int) -> Ledger:
    """Books with nothing in them yet."""
    return Ledger(np.zeros((len(ACCOUNTS), weeks, parts), np.int64))


def purses() -> tuple[str, ...]:
    """Everybody who pays or is paid."""
    return tuple(sorted({purse for account in ACCOUNTS.values() for purse in (account.payer, account.payee) if purse}))

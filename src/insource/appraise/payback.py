"""When a model has paid back what it cost more before, and what it would take for it to come out even.

Everything is against the first model of a run, draw by draw, at present value and for one purse. A model's *balance* is
what it has saved so far. While that is below nought, more has been spent than under the first model.

*Payback* is when the balance comes to nought and stays at or above it to the last year. A model that is never below at
the end of a year has nothing to pay back; one that is below after the last year does not pay back within the run, which
says nothing about later years.

*Break-even* has two sides. At the end of some year the model is furthest behind: a level saving in every year after it
would make that up by the last (there is no such year where it is furthest behind after the last). And the same sum in
every year of the run, off or on the model's cost, would make the two come out even: S = F / A (theory.md, section 13).
"""

from dataclasses import dataclass

import numpy as np

from insource.appraise.discounting import break_even_saving, payback
from insource.appraise.value import PURSES, Purse, Value


@dataclass(frozen=True)
class Payback:
    """One model against the first for one purse; arrays by draw.

    `more`: shape (draws, years), discounted pounds that it costs more, year by year. `years`: shape (draws,), years to
    payback; 0 where it never spent more, infinite where it does not pay back. `own_cost`: shape (draws,), the model's
    own cost, present value. `weights`: shape (years,), discount factors.
    """

    more: np.ndarray
    years: np.ndarray
    own_cost: np.ndarray
    weights: np.ndarray

    @property
    def more_so_far(self) -> np.ndarray:
        """Discounted pounds spent more up to the end of each year, shape (draws, years)."""
        return self.more.cumsum(axis=1)

    @property
    def outlay(self) -> np.ndarray:
        """The most that it is ever behind: pounds, present value, shape (draws,); 0 where it never spent more."""
        return np.maximum(self.more_so_far.max(axis=1), 0.0)

    @property
    def saving_needed(self) -> np.ndarray:
        """Pounds a year that make the outlay up after it, shape (draws,); NaN if there is none, or no year after it."""
        return self._a_year_after(self.outlay)

    @property
    def saving_made(self) -> np.ndarray:
        """Pounds a year, as a level sum, that the model does save after the outlay, shape (draws,); NaN as above."""
        return self._a_year_after(self.outlay - self.more_so_far[:, -1])

    @property
    def is_still_spending(self) -> np.ndarray:
        """Whether it is furthest behind after the last year, shape (draws,)."""
        return (self.outlay > 0.0) & (self.more_so_far.argmax(axis=1) == len(self.weights) - 1)

    @property
    def even_a_year(self) -> np.ndarray:
        """Pounds off the model's cost in every year at which it comes out even, shape (draws,); below 0: on it."""
        return break_even_saving(self.more_so_far[:, -1], self.weights)

    @property
    def even_share(self) -> np.ndarray:
        """The same as a share of the model's own cost, shape (draws,)."""
        return self.more_so_far[:, -1] / self.own_cost

    def _a_year_after(self, sums: np.ndarray) -> np.ndarray:
        """Present values, shape (draws,), as level sums over the years after the outlay."""
        furthest = self.more_so_far.argmax(axis=1) + 1
        found = np.full(len(sums), np.nan)
        for draw in np.flatnonzero((self.outlay > 0.0) & (furthest < len(self.weights))):
            found[draw] = break_even_saving(sums[draw], self.weights[furthest[draw] :])
        return found


def payback_of(value: Value, number: int, purse: Purse) -> Payback:
    """The model of this number (the first is 0) against the first."""
    costs = np.sum([value.flows[measure] for measure in PURSES[purse]], axis=0)
    more, weights = costs[number] - costs[0], value.weights("council")
    years = payback(0.0, -more, "money", value.edition, value.timing)
    return Payback(more * weights, years, costs[number] @ weights, weights)


def years_at(years: np.ndarray, share: float) -> float:
    """The fewest years within which this share of the draws has paid back: 0 comes first and infinite last."""
    return float(np.quantile(years, share, method="inverted_cdf"))

"""What each model costs and does over the years of a run, at one date: present values by purse, draw by draw.

Money is at the prices of the run's base date, wellbeing in SC-QALYs (a year of full care-related quality of life). Both
are discounted, each at its own rate. What passes from one purse to another (pay, surpluses) is shown and not added up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from insource.appraise.discounting import DEFAULT, Timing, factors, present_value
from insource.appraise.outcomes import Outcome, outcomes
from insource.appraise.summary import account_totals
from insource.units import WEEKS_A_YEAR

MEASURES = {
    "council": "council_cost",
    "council at full price": "council_cost_at_full_price",
    "nhs": "nhs_cost",
    "outside services": "providers_surplus",
    "penalties": "penalties",
    "care workers": "care_workers_pay",
    "wellbeing": "quality_of_life_years",
    "hours met": "used_hours",
    "care homes": "care_home_spending",
}
"""What is followed by year, and the outcome that says how it is worked out from the books."""
OF_PEOPLE = ("wellbeing", "hours met")
"""Measures discounted as wellbeing is; the others are money."""
Purse = Literal["council_and_nhs", "council"]
PURSES: dict[Purse, tuple[str, ...]] = {"council_and_nhs": ("council", "nhs"), "council": ("council",)}
THRESHOLDS = (20_000, 30_000, 40_000, 60_000, 70_000)
"""Pounds for an SC-QALY: 30,000 by convention in social care, 20,000 to 60,000 tried; 70,000 for a QALY in health."""


@dataclass(frozen=True)
class Question:
    """How a run is to be valued: pounds for a SC-QALY, whose costs count, which rates, when in its year a sum falls."""

    threshold: float
    purse: Purse
    edition: str
    timing: Timing


@dataclass(frozen=True)
class Value:
    """`flows[measure]`: shape (models, draws, years), pounds or SC-QALYs a year; the first is compared with."""

    models: tuple[str, ...]
    flows: dict[str, np.ndarray]
    edition: str
    timing: Timing

    @property
    def draws(self) -> int:
        """How many paired draws there are."""
        return self.flows["council"].shape[1]

    @property
    def years(self) -> int:
        """How many years were run."""
        return self.flows["council"].shape[2]

    def weights(self, measure: str) -> np.ndarray:
        """Discount factors by year, shape (years,): wellbeing has a rate of its own."""
        kind: Literal["money", "wellbeing"] = "wellbeing" if measure in OF_PEOPLE else "money"
        return factors(self.years, kind, self.edition, self.timing)

    def present(self, measure: str) -> np.ndarray:
        """Present values of one measure, shape (models, draws)."""
        return present_value(self.flows[measure], self.weights(measure))

    def costs(self, purse: Purse = "council_and_nhs") -> np.ndarray:
        """Present values of what some purses pay together, shape (models, draws)."""
        return np.sum([self.present(measure) for measure in PURSES[purse]], axis=0)

    def benefit(self, threshold: float, purse: Purse = "council_and_nhs") -> np.ndarray:
        """Net monetary benefit less that of the first model, shape (draws, models): what `deciding` works on."""
        net = threshold * self.present("wellbeing") - self.costs(purse)
        relative: np.ndarray = (net - net[:1]).T
        return relative


def value_of(ledger: pl.LazyFrame, models: tuple[str, ...], edition: str = DEFAULT, timing: Timing = "end") -> Value:
    """Work out flows from the books: columns model, draw, year, account, amount."""
    wanted = {measure: outcomes()[name] for measure, name in MEASURES.items()}
    accounts = sorted({account for outcome in wanted.values() for account in outcome.accounts()})
    totals = account_totals(ledger.filter(pl.col("account").is_in(accounts)), "model", "draw", "year")
    flows = {measure: _flows(totals, models, outcome) for measure, outcome in wanted.items()}
    return Value(models, flows, edition, timing)


def paid_by_residents(value: Value, drawn: Mapping[str, np.ndarray]) -> np.ndarray:
    """What people in care homes pay themselves at present value, shape (models, draws).

    Of a week's price w the council pays w x funded x (1 - charge), as the books say; residents pay w x funded x charge
    where it pays for them and w where it does not. `drawn` holds each parameter's values, shape (draws,).
    """
    funded, charge = drawn["council_funded_share"], drawn["care_home_charge_share"]
    of_councils = funded * (1.0 - charge)
    ratio = np.divide(1.0 - of_councils, of_councils, out=np.full(len(funded), np.nan), where=of_councils > 0.0)
    paid: np.ndarray = value.present("care homes") * ratio
    return paid


def _flows(totals: pl.DataFrame, models: tuple[str, ...], outcome: Outcome) -> np.ndarray:
    years = totals["year"].n_unique()
    rows = [outcome.values(totals.filter(pl.col("model") == model), WEEKS_A_YEAR) for model in models]
    return np.array(rows).reshape(len(models), -1, years)


def quadrants(gains: np.ndarray, costs: np.ndarray) -> dict[str, float]:
    """Shares of draws by what a model does against the first: (SC-QALYs gained, pounds more), each shape (draws,)."""
    return {
        "better and cheaper": float(((gains > 0) & (costs < 0)).mean()),
        "better and dearer": float(((gains > 0) & (costs >= 0)).mean()),
        "worse and cheaper": float(((gains <= 0) & (costs < 0)).mean()),
        "worse and dearer": float(((gains <= 0) & (costs >= 0)).mean()),
    }


def pounds_for_a_qaly(gains: np.ndarray, costs: np.ndarray) -> float:
    """Mean cost over mean gain: what an SC-QALY more costs, or (both below 0) what one given up saves; else NaN.

    NaN where one model is better and cheaper: there is no price then.
    """
    gain, cost = float(gains.mean()), float(costs.mean())
    return cost / gain if gain * cost > 0.0 else float("nan")

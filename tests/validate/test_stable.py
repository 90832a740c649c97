"""With national figures and no shocks the area neither grows nor shrinks: people, staff, waiting and spending stay."""

import numpy as np
import pytest

from insource import delivery, parameters
from insource.draws import luck
from insource.place import synthetic
from insource.simulate import simulate
from insource.tables import ACCOUNTS
from insource.units import WEEKS_A_YEAR

pytestmark = pytest.mark.published
YEARS, LUCK_DRAWS = 5, 20
MOST = 0.02
"""Most that anything may drift in a year."""


def yearly_drift(draws=LUCK_DRAWS, **numbers):
    """The slope of each total over the years after the running-in, as a share of its mean: means of draws of luck."""
    still = parameters.central()._replace(**{"demand_growth_rate": 0.0, "floor_growth_rate": 0.0, **numbers})
    place, model = synthetic(4000, 1), delivery.read("status_quo")
    paid = [name for name, account in ACCOUNTS.items() if account.payer == "council"]
    watched = {
        "people": ["people_here"],
        "care workers": ["staff_weeks"],
        "people waiting for a service": ["waiting_care"],
        "council spending": paid,
    }
    years = {name: np.zeros(YEARS) for name in watched}
    for draw in range(draws):
        ledger = simulate(place, model, still, luck(5, draw), YEARS * WEEKS_A_YEAR).ledger
        for name, accounts in watched.items():
            weeks = sum(ledger.by_week(account) for account in accounts)[-YEARS * WEEKS_A_YEAR :]
            years[name] += weeks.reshape(YEARS, WEEKS_A_YEAR).sum(axis=1)
    return {name: np.polyfit(range(YEARS), total / total.mean(), 1)[0] for name, total in years.items()}


def test_nothing_drifts_without_shocks():
    """Less than two in a hundred a year."""
    drift = yearly_drift()
    assert {name: slope for name, slope in drift.items() if abs(slope) >= MOST} == {}


def test_drift_is_found_out():
    """Planted growth of demand by 8% a year shows in people and spending."""
    drift = yearly_drift(draws=1, demand_growth_rate=0.08)
    assert drift["people"] > MOST
    assert drift["council spending"] > MOST

"""Published figures against the model at central values.

A figure that set a parameter cannot validate it; the column `used` says which is which: "calibration" set a parameter;
"adds up" is a total of the same body of evidence that the parameters come from, so that it shows that the parts fit and
no more; "held out" was used for nothing. What fails stays in the list, with the reason, and is reported.
"""

import csv
from pathlib import Path

import pytest

from insource import delivery, parameters
from insource.appraise.outcomes import outcomes
from insource.draws import luck
from insource.place import synthetic
from insource.simulate import simulate
from insource.tables import ACCOUNTS

pytestmark = pytest.mark.published
TARGETS = list(csv.DictReader((Path(__file__).parent / "targets.csv").read_text(encoding="utf-8").splitlines()))
KNOWN_MISSES = {
    "turnover: council terms": "pay and contracts explain half of the gap; the rest may be who works where",
}
EXTRA = {
    "surplus_share": lambda t: (outcomes()["providers_surplus"].value(t, 52)) / (t["care_payments_pence"] / 100),
    "travel_ratio": lambda t: t["travel_minutes"] / t["contact_minutes"],
    "delivered_ratio": lambda t: t["delivered_minutes"] / t["ordered_minutes"],
    "full_price_an_hour": lambda t: t["full_price_pence"] / 100 / ((t["billed_minutes"] or 1) / 60),
    "handed_back_share": lambda t: 52 * t["people_handed_back"] / t["in_care"],
    "sickness_share": lambda t: t["absent_staff_weeks"] / t["staff_weeks"],
    "kept_share": lambda t: t["orders_kept"] / (t["orders_kept"] + t["orders_raised"] + t["orders_lowered"]),
}


@pytest.fixture(scope="module")
def totals():
    """Five years of 4,000 people under each model that has targets."""
    found = {}
    for name in {target["model"] for target in TARGETS}:
        run = simulate(synthetic(4000, 9), delivery.read(name), parameters.central(), luck(3, 0), 260)
        found[name] = {account: run.ledger.total(account, run.burn_in) for account in ACCOUNTS}
    return found


def simulated(target, totals):
    """The model's figure for a target."""
    total = totals[target["model"]]
    if target["outcome"] in EXTRA:
        return EXTRA[target["outcome"]](total)
    return outcomes()[target["outcome"]].value(total, 260)


@pytest.mark.parametrize("target", TARGETS, ids=[target["target"] for target in TARGETS])
def test_target(target, totals):
    """Within the published range, or a known miss that is still one (so that a mended miss is noticed too)."""
    value = simulated(target, totals)
    is_met = float(target["low"]) <= value <= float(target["high"])
    published = f"{target['published']} ({target['low']} to {target['high']})"
    said = f"{target['target']}: simulated {value:.3g}, published {published}"
    assert is_met != (target["target"] in KNOWN_MISSES), said

"""The runaway loops L1 to L7 in the joined week: closing each one does what it must, on the same people and luck.

Each loop alone is held against its condition for running away in tests/verify (see docs/book/loops.md). Here everything
else is on, and the question is whether the loop is connected: what a shock does with it closed, over what the same
shock does with it open. A claim counts if the mean over draws is over three standard errors from zero.
"""

from dataclasses import dataclass, field

import numpy as np
import pytest

from insource import delivery, parameters, scenario
from insource.draws import luck
from insource.place import synthetic
from insource.simulate import NO_SCENARIO, prepare, simulate
from insource.stability import load_loop

pytestmark = pytest.mark.property

DRAWS, YEARS, BURN_IN = 5, 4, 52
ERRORS = 3.0
"""Standard errors: with five draws a loop that is not connected would pass about twice in a hundred (Student's t)."""
CENTRAL = parameters.central()
PLACE = synthetic(1000, 7)
FRAMEWORK = delivery.read("framework")
TENDERED = FRAMEWORK.with_terms(procedure="sealed_bids", price_ceiling_ratio=1.05, contract_weeks=52)
CUT = scenario.read("cut_28_in_four_years")
ONLY_FEES = {"deficit_fee_share": 1.0, "deficit_entry_share": 0.0, "prevention_payback_ratio": 0.0}


@dataclass(frozen=True)
class Loop:
    """A loop: a shock, what closes and opens it, and accounts that the shock must then move more (+1) or less (-1)."""

    name: str
    more: dict[str, int]
    closed: dict[str, float]
    open: dict[str, float]
    shock: dict[str, float] = field(default_factory=dict)
    is_cut: bool = False
    always: dict[str, float] = field(default_factory=dict)
    model: delivery.Delivery = FRAMEWORK


LOOPS = (
    Loop(
        "L1 less prevention, more people, less left for prevention",
        {"people_arrived": 1, "overspend_pence": 1},
        closed={"prevention_payback_ratio": 1.0},
        open={"prevention_payback_ratio": 0.0},
        is_cut=True,
        always={"deficit_fee_share": 0.0, "deficit_entry_share": 0.0},
    ),
    Loop(
        "L3 a premium in one service, leavers and empty posts in the others of a closed area",
        {"quits": 1},
        closed={"open_market_share": 0.0},
        open={"open_market_share": 1.0},
        shock={"council_pay_pence": 1.25 * CENTRAL.council_pay_pence},
        model=delivery.read("mixed"),
    ),
    Loop(
        "L4 disputes, fewer reviews, stale orders, disputes",
        {"disputes": 1, "reviews": -1},
        closed={"dispute_stale_effect": 3.0},
        open={"dispute_stale_effect": 0.0},
        shock={"social_workers_per_1000": 0.85 * CENTRAL.social_workers_per_1000},
    ),
    Loop(
        "L5 lower fees, bidders stay out, places bought in haste, deficit: whether fees fall",
        {"bids_held_back": 1, "spot_awards": 1},
        closed={"fee_cut_most_share": 0.06},
        open={"fee_cut_most_share": 0.0},
        is_cut=True,
        always=ONLY_FEES,
        model=TENDERED,
    ),
    Loop(
        "L5 lower fees, bidders stay out, places bought in haste, deficit: whether haste is dear",
        {"overspend_pence": 1},
        closed={"spot_premium_share": 0.8},
        open={"spot_premium_share": 0.0},
        is_cut=True,
        always={**ONLY_FEES, "fee_cut_most_share": 0.06},
        model=TENDERED,
    ),
    Loop(
        "L7 need unmet, hospital",
        {"hospital_admissions": 1, "hospital_weeks": 1},
        closed={"nhs_effect": 2.0},
        open={"nhs_effect": 0.0},
        shock={"vacancy_share": 2.5 * CENTRAL.vacancy_share},
    ),
)


def _is_beyond_doubt(values, way):
    values = way * np.asarray(values, float)
    return values.mean() > ERRORS * values.std(ddof=1) / np.sqrt(len(values))


def _total(loop, numbers, given, draw):
    changed = CENTRAL._replace(**{**loop.always, **numbers})
    run = simulate(PLACE, loop.model, changed, luck(11, draw), 52 * YEARS, BURN_IN, given)
    return {account: run.ledger.total(account, BURN_IN) for account in loop.more}


def _moved_more(loop, draw):
    """By how much more the shock moves each account with the loop closed than with it open."""
    given = CUT if loop.is_cut else NO_SCENARIO
    ways = []
    for setting in (loop.closed, loop.open):
        calm, hit = _total(loop, setting, NO_SCENARIO, draw), _total(loop, {**loop.shock, **setting}, given, draw)
        ways.append({account: hit[account] - calm[account] for account in loop.more})
    return {account: ways[0][account] - ways[1][account] for account in loop.more}


@pytest.mark.parametrize("loop", LOOPS, ids=lambda loop: loop.name)
def test_loop(loop):
    """What a shock does is more with the loop closed than with it open."""
    found = [_moved_more(loop, draw) for draw in range(DRAWS)]
    for account, way in loop.more.items():
        assert _is_beyond_doubt([one[account] for one in found], way), account


def test_loop_2_is_held_by_posts_that_services_open():
    """Failure that makes work leaves more unmet; with posts free to grow there is still a steady state, and calm."""
    changes = []
    for draw in range(DRAWS):
        runs = []
        for share in (0.0, 0.5):
            numbers = CENTRAL._replace(repeat_share=share)
            run = simulate(PLACE, FRAMEWORK, numbers, luck(11, draw), 52 * YEARS, BURN_IN)
            runs.append(run.ledger.total("unmet_minutes", BURN_IN))
        changes.append(runs[1] - runs[0])
        loop = load_loop(run, numbers)
        assert loop.is_stable
        assert loop.fold_posts > 0.0, "with repeats the loop could run away, were posts held"
    assert _is_beyond_doubt(changes, 1)


def _watched(response, draw):
    """Over services and weeks: staff at work over staff promised, and the chance that skeleton staffing is found."""
    tempted = {
        "under_staffer_share": 0.6,
        "usual_concern_rate": 5.0 * CENTRAL.usual_concern_rate,
        "staffing_effect": 1.5,
    }
    numbers = CENTRAL._replace(**tempted, concern_response_hours=response)
    simulation = prepare(PLACE, TENDERED, numbers, luck(11, draw), 52 * YEARS, BURN_IN)
    simulation.advance(BURN_IN)
    seen = []
    for _ in range(13 * YEARS):
        simulation.advance(4)
        services = simulation.tables["providers"]
        seen.append((services["staffing_ratio"].mean(), services["detection_share"].mean()))
    return np.mean(seen, axis=0)


def test_loop_6_goes_by_the_sign_of_the_response():
    """Where concerns draw officers, more is found and staffing rises; where concerns take their time, less is found."""
    usual, more, less = (np.array([_watched(hours, draw) for draw in range(2 * DRAWS)]) for hours in (0.0, 20.0, -20.0))
    assert _is_beyond_doubt(more[:, 0] - usual[:, 0], 1), "staffing"
    assert _is_beyond_doubt(more[:, 1] - usual[:, 1], 1), "found"
    assert _is_beyond_doubt(less[:, 1] - usual[:, 1], -1), "found, where concerns take time"

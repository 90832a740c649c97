"""Days that other solvers can state, and the one scorer for all of them; no other solver is needed here."""

import numpy as np
import pytest
from benchmarks.planner import peers, plain_days
from benchmarks.planner.peers_score import plan_from, score

from insource.planner.checking import check
from insource.planner.routes import plan_day


@pytest.mark.property
@pytest.mark.parametrize("options", [{}, {"from_home": True}, {"is_long": True}])
def test_windows_only_days_are_scored_as_planned(options: dict[str, bool]):
    """The order of legs alone gives back the plan's price: nothing but travel and visits left out is paid for."""
    day = plain_days.windows_only(40, 1, **options)
    plan = plan_day(day, seed=1, moves=300)
    found = score(day, [route.tolist() for route in plan.routes])
    assert found.faults == ()
    assert check(day, plan).is_valid
    assert found.cost == pytest.approx(plan.total_price, abs=5e-4)
    assert found.cost == pytest.approx(found.travel + plain_days.LEG_PRICE * found.legs_out)
    assert len(day.links.first) == 0
    assert not day.barred.any()


@pytest.mark.property
def test_the_scorer_believes_nobody():
    """Rounds the wrong way about break windows, and the checker says so; so does a carer who may not go there."""
    day = plain_days.home_care(25, 2)
    rounds = [route.tolist() for route in plan_day(day, seed=1, moves=300).routes]
    assert score(day, rounds).faults == ()
    longest = max(range(len(rounds)), key=lambda shift: len(rounds[shift]))
    backwards = [route[::-1] if shift == longest else route for shift, route in enumerate(rounds)]
    found, _ = plan_from(day, backwards)
    assert found is None or not check(day, found).is_valid
    alone = np.flatnonzero(np.bincount(day.legs.visit)[day.legs.visit] == 1)
    leg, shift = next((leg, shift) for leg in alone for shift in np.flatnonzero(day.barred[leg]))
    wrong = [[leg] if number == shift else [] for number in range(len(rounds))]
    assert score(day, wrong).faults


@pytest.mark.property
def test_a_half_served_visit_is_not_served():
    """One carer at a visit for two is of no use: the visit is taken out and paid for as left out."""
    day = plain_days.home_care(25, 2)
    plan = plan_day(day, seed=1, moves=300)
    asked = np.bincount(day.legs.visit)
    leg = next(leg for leg in np.flatnonzero(plan.leg_shift >= 0) if asked[day.legs.visit[leg]] == 2)
    rounds = [[other for other in route.tolist() if other != leg] for route in plan.routes]
    found, whole = score(day, rounds), score(day, [route.tolist() for route in plan.routes])
    assert found.faults == ()
    assert (found.half_served, whole.half_served) == (1, 0)
    assert found.legs_out == whole.legs_out + 2
    assert found.cost - found.travel == pytest.approx(
        whole.cost - whole.travel + day.visits.unserved_price[day.legs.visit[leg]]
    )


@pytest.mark.property
def test_a_plan_with_double_ups_fixed_is_a_plan_of_the_day():
    """Fixing double-ups only narrows windows: the plan holds for the day as it is, at the same price."""
    day = plain_days.home_care(25, 2)
    fixed = plain_days.doubles_fixed(day)
    is_double = np.bincount(day.legs.visit) == 2
    assert (fixed.visits.earliest[is_double] == fixed.visits.edge[is_double]).all()
    rounds = [route.tolist() for route in plan_day(fixed, seed=1, moves=300).routes]
    assert score(day, rounds).faults == ()
    assert score(day, rounds) == score(fixed, rounds)


@pytest.mark.worked
def test_the_table_names_what_found_no_plan():
    """A solver without a plan has a row that says so; ratios are to ours on the same day."""
    rows: list[peers.Row] = [
        {"day": "windows:40:1", "solver": "ours", "asked": 1.0, "seed": 1, "seconds": 1.0, "cost": 100.0}
        | {"travel": 100.0, "legs_out": 0, "half_served": 0, "faults": []},
        {"day": "windows:40:1", "solver": "PyVRP, fixed", "asked": 1.0, "seed": 1, "seconds": 1.0, "cost": 103.0}
        | {"travel": 103.0, "legs_out": 0, "half_served": 0, "faults": []},
        {"day": "windows:40:1", "solver": "OR-Tools", "asked": 1.0, "seed": 1, "seconds": 1.0, "cost": None},
    ]
    printed = peers.table(rows)
    assert "| windows:40 | OR-Tools | no plan found |" in printed
    assert "| windows:40 | PyVRP, fixed | 1.0 | 103.0 | 103.0 | 0 | 0 | 1.030 | 1 |" in printed

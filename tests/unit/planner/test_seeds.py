"""Several searches of one day beside one another: the cheapest is kept, however many processors there are."""

import os
import threading
import time

import pytest

from insource.planner import solving
from insource.planner.made_up import made_up_day
from insource.planner.solving import solve

pytestmark = pytest.mark.property
MOVES = 60


@pytest.mark.parametrize("processors", [1, 3])
def test_the_cheapest_of_the_seeds_is_kept(processors: int, monkeypatch: pytest.MonkeyPatch):
    """Seeds 2 to 5 one after the other and all at once: the same plan, which is not that of the first seed."""
    problem = made_up_day(12, seed=5)
    alone = [solve(problem, seed, MOVES) for seed in range(2, 6)]
    cheapest = min(alone, key=lambda plan: plan.total_price)
    assert cheapest.total_price < alone[0].total_price
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    kept = solve(problem, 2, MOVES, seeds=4)
    assert kept.seed == cheapest.seed
    assert kept.leg_shift.tolist() == cheapest.leg_shift.tolist()
    assert kept.total_price == cheapest.total_price


def test_an_interrupt_stops_all_searches_and_keeps_the_cheapest(monkeypatch: pytest.MonkeyPatch):
    """Ctrl-C while they run: each hands over what it has, and the plan says that it was stopped."""
    before = threading.active_count()

    def interrupted(running):
        while not any(each.running() for each in running):
            time.sleep(0.01)
        raise KeyboardInterrupt

    monkeypatch.setattr(solving, "wait", interrupted)
    plan = solve(made_up_day(12, seed=5), 2, 10**9, seeds=2)
    assert plan.was_stopped
    assert threading.active_count() == before

"""A few short searches of which the best goes on: one count of moves, one plan, whoever watches or interrupts."""

import numpy as np
import pytest

from insource.planner.checking import check
from insource.planner.made_up import made_up_day
from insource.planner.routes import MOVES_FOR_EACH_LEG, Progress, plan_day

pytestmark = pytest.mark.property
STARTS = 3


def _day():
    """A small day, and moves enough for three short searches."""
    problem = made_up_day(8, seed=3)
    return problem, STARTS * MOVES_FOR_EACH_LEG * len(problem.legs.visit) + 7


def test_parts_add_up_to_the_moves_asked_for_and_give_one_plan():
    """Progress counts through all parts to the end; the same plan whether somebody watches or not."""
    problem, moves = _day()
    seen: list[Progress] = []
    watched = plan_day(problem, seed=2, moves=moves, report=seen.append)
    assert [p.moves for p in seen] == sorted(p.moves for p in seen)
    assert seen[-1].moves == watched.moves == seen[-1].total == moves
    again = plan_day(problem, seed=2, moves=moves)
    assert np.array_equal(watched.leg_start, again.leg_start, equal_nan=True)
    assert watched.leg_shift.tolist() == again.leg_shift.tolist()


def test_an_interrupt_in_a_later_part_keeps_the_best_of_the_parts_before():
    """Ctrl-C in the second search: no dearer than what the first had found."""
    problem, moves = _day()
    seen: list[Progress] = []

    def interrupt(progress: Progress) -> None:
        seen.append(progress)
        if progress.moves > moves / (2 * STARTS):
            raise KeyboardInterrupt

    stopped = plan_day(problem, seed=2, moves=moves, report=interrupt)
    assert stopped.was_stopped
    assert stopped.moves < moves
    assert check(problem, stopped).is_valid
    assert stopped.total_price <= min(p.price for p in seen) + 1e-6

"""How much later legs may start: what is kept up to date move by move is what working it all out anew gives."""

import numpy as np
import pytest

from insource.planner.made_up import Town, made_up_day
from insource.planner.routes import journey
from insource.planner.search.anneal import first_plan, make_moves
from insource.planner.search.columns import BEARS, CALM_TO, FOREVER, HARD_TO, NONE, STARTS, Day, Plan
from insource.planner.search.prepare import empty_plan, prepare

MOVES = 120


def worked_out(day: Day, plan: Plan) -> np.ndarray:
    """Calm, bears and hard of each leg in the plan, from their definition: until nothing falls any more."""
    legs, start = len(plan.legs), plan.times[:, STARTS]
    is_in = plan.legs[:, 0] != NONE
    found = np.full((legs, 3), FOREVER)
    for leg in np.flatnonzero(is_in):
        latest = day.legs_t[leg, 6]
        is_moody = plan.legs[leg, 3] or day.legs_t[leg, 7] >= 0
        late = max(day.legs_t[leg, 9], start[leg])
        found[leg] = (start[leg], latest, latest) if is_moody else (late, late, latest)
    falls = True
    while falls:
        falls = False
        for leg in np.flatnonzero(is_in):
            shift, following, place = plan.legs[leg, 0], plan.legs[leg, 2], day.legs_i[leg, 2]
            way = day.travel[day.shifts_i[shift, 3], place]
            taken = day.legs_t[leg, 0] + plan.times[leg, 1]
            if following == NONE:
                bounds = [np.repeat(day.shifts_t[shift, 1] - taken - way[day.shifts_i[shift, 2]], 3)]
            else:
                bounds = [found[following] - taken - way[day.legs_i[following, 2]]]
            for arc in range(day.legs_i[leg, 4], day.legs_i[leg, 5]):
                other, away = day.arcs_i[arc, 0], day.arcs_t[arc, 0]
                if is_in[other]:
                    back = np.array([start[other] - away, FOREVER, FOREVER])
                    bounds.append(back if away < 0 else found[other] - away)
            new = np.minimum(found[leg], np.min(bounds, axis=0))
            falls = falls or bool((new < found[leg]).any())
            found[leg] = new
    return found


@pytest.mark.property
@pytest.mark.parametrize("seed", [3, 4])
def test_kept_up_to_date_is_worked_out_anew(seed: int):
    """Two carers at many doors, gaps between visits, breaks and early starts: after every few moves, for every leg."""
    problem = made_up_day(25, seed=seed, town=Town(two_carers=0.4, medicine_gap=0.5, legs_for_a_carer=7.0))
    day = prepare(problem)
    plan = empty_plan(day, seed)
    first_plan(day, plan)
    plan.costs[3] = 4 * journey(day, plan)
    for move in range(0, MOVES, 10):
        make_moves(day, plan, move, move + 10, MOVES)
        is_in = plan.legs[:, 0] != NONE
        assert is_in.sum() > 50
        kept = plan.times[:, [CALM_TO, BEARS, HARD_TO]]
        assert np.array_equal(kept[is_in], worked_out(day, plan)[is_in])

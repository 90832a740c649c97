"""The planner itself, by moves measured for so many processor seconds."""

import time

from benchmarks.planner.__main__ import moves_in
from benchmarks.planner.peers_score import Found
from insource.planner.problem import DayProblem
from insource.planner.routes import plan_day


def solve(problem: DayProblem, seconds: float, seed: int) -> Found:
    """The order of legs on each shift. The pace is measured first; only the run itself is counted."""
    moves = moves_in(problem, seconds)
    began = time.process_time()
    plan = plan_day(problem, seed=seed, moves=moves)
    return Found([route.tolist() for route in plan.routes], time.process_time() - began)

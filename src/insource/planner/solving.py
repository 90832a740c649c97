"""Plan a day and check the plan with code of its own before anybody sees it."""

import os
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event

from insource.planner.checking import check
from insource.planner.filling import with_all_that_fit
from insource.planner.later import without_waiting
from insource.planner.problem import DayPlan, DayProblem
from insource.planner.routes import Progress, plan_day


def solve(problem: DayProblem, seed: int, moves: int, most_seconds: float | None = None, seeds: int = 1) -> DayPlan:
    """A plan of the day that has passed the check: of `seeds` searches, from this seed on, the cheapest.

    The searches run beside one another, as many as there are processors. The plan does not depend on how many.
    """
    if seeds == 1:
        found = plan_day(problem, seed=seed, moves=moves, most_seconds=most_seconds)
        return checked(problem, without_waiting(problem, with_all_that_fit(problem, found)))
    stop = Event()

    def heed(_: Progress) -> None:
        if stop.is_set():
            raise KeyboardInterrupt

    def one(own_seed: int) -> DayPlan:
        found = plan_day(problem, seed=own_seed, moves=moves, most_seconds=most_seconds, report=heed)
        return without_waiting(problem, with_all_that_fit(problem, found))

    with ThreadPoolExecutor(min(seeds, os.cpu_count() or 1)) as pool:
        running = [pool.submit(one, seed + number) for number in range(seeds)]
        try:
            wait(running)
        except KeyboardInterrupt:
            stop.set()
    plans = [each.result() for each in running]
    return checked(problem, min(plans, key=lambda plan: (plan.total_price, plan.seed)))


def checked(problem: DayProblem, plan: DayPlan) -> DayPlan:
    """The plan, if nothing is wrong with it; one that fails is a fault of the program and is never handed on."""
    faults = check(problem, plan).faults
    if faults:
        raise RuntimeError(f"the plan breaks {len(faults)} rules, {faults[0].code} first")
    return plan

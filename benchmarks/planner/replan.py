"""How long a published day takes to be mended in a warm process: python -m benchmarks.planner.replan

For each size: a made-up day is planned and published, then each of the five busiest carers is away in turn. Told are
seconds to the first answer and of processor time with explanation and price, how many visits the carer had, how many
changed, and how many more visits nobody makes.
"""

import dataclasses
import os
import resource
import statistics

import numpy as np

from insource.planner.made_up import made_up_day
from insource.planner.problem import Published
from insource.planner.replan import replan, said
from insource.planner.solving import solve

NOT_WORKING = 4
"""See problem.BARRED."""
SIZES = ((300, 3000), (1500, 1500))
BUSIEST = 5


def main() -> None:
    """Print a line for each size."""
    for people, moves in SIZES:
        day = made_up_day(people, seed=1)
        plan = solve(day, 1, moves)
        ones = np.ones(len(day.legs.visit))
        told = Published(plan.leg_shift, plan.leg_start, ones * 30, ones * 15, ones * 10, ones * 0.3, ones == 0)
        published = dataclasses.replace(day, published=told)
        replan(published, moves=0)
        rows = []
        for away in np.argsort([-len(route) for route in plan.routes], kind="stable")[:BUSIEST].tolist():
            barred = day.barred.copy()
            barred[:, away] = NOT_WORKING
            before = resource.getrusage(resource.RUSAGE_SELF)
            found = replan(dataclasses.replace(published, barred=barred), moves=0)
            words = [said(change, "carer", "person") for change in found.changes]
            after = resource.getrusage(resource.RUSAGE_SELF)
            spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            more = len(found.plan.unserved) - len(plan.unserved)
            rows.append((found.seconds_to_first, spent, len(plan.routes[away]), len(words), more))
        first, spent, lost, changed, more = (statistics.median(column) for column in zip(*rows, strict=True))
        print(
            f"{people} people, {len(ones)} visits of {len(plan.routes)} carers: first answer {first:.2f} s, processor "
            f"{spent:.2f} s with price and reasons; {lost:.0f} lost, {changed:.0f} changed, {more:.0f} more unserved "
            f"(medians of {BUSIEST}; load {os.getloadavg()[0]:.1f})"
        )


if __name__ == "__main__":
    main()

"""One solver on one day, in a process of its own: `python -m benchmarks.planner.peers_run DAY SOLVER SECONDS SEED`.

A day is `home_care:60:1` (people, seed), `windows:100:1`, `windows_home:100:1` or `windows_long:100:1` (visits,
seed), or a published day (`mankowska:C2`). Prints one line of JSON: the score by our checker and the seconds used.
"""

import importlib
import json
import sys
from collections.abc import Callable

from benchmarks.planner import mankowska, plain_days
from benchmarks.planner.peers_score import Found, score
from insource.planner.problem import DayProblem

Solve = Callable[[DayProblem, float, int], Found]

SOLVERS = {
    "ours": ("peers_ours", "solve", False),
    "ours, fixed": ("peers_ours", "solve", True),
    "PyVRP, fixed": ("peers_pyvrp", "solve_day", True),
    "VROOM, fixed": ("peers_vroom", "solve", True),
    "OR-Tools": ("peers_ortools", "solve", False),
    "OR-Tools, fixed": ("peers_ortools", "solve", True),
    "OR-Tools, fixed first": ("peers_ortools", "solve_from_fixed", False),
}
"""By name: the module, its function, and whether double-ups are fixed at their preferred time."""


def the_day(name: str) -> DayProblem:
    """The day that a name stands for."""
    kind, *rest = name.split(":")
    if kind == "mankowska":
        return mankowska.read(mankowska.best_known()[rest[0]]["instance"])[0]
    size, seed = (int(word) for word in rest)
    if kind == "home_care":
        return plain_days.home_care(size, seed)
    return plain_days.windows_only(size, seed, from_home=kind == "windows_home", is_long=kind == "windows_long")


def run(name: str, solver: str, seconds: float, seed: int) -> dict[str, object]:
    """One run, scored against the day as it is, whatever the solver was told of it."""
    module, function, is_fixed = SOLVERS[solver]
    solve = getattr(importlib.import_module(f"benchmarks.planner.{module}"), function)
    day = the_day(name)
    given = [plain_days.doubles_fixed(day)] if is_fixed else [day]
    if function == "solve_from_fixed":
        given = [day, plain_days.doubles_fixed(day)]
    found: Found = solve(*given, seconds, seed)
    row: dict[str, object] = {"day": name, "solver": solver, "asked": seconds, "seed": seed}
    row["seconds"] = round(found.seconds, 2)
    if found.routes is None:
        return row | {"cost": None}
    result = score(day, found.routes)
    row |= {"cost": round(result.cost, 3), "travel": round(result.travel, 3), "legs_out": result.legs_out}
    return row | {"half_served": result.half_served, "faults": list(result.faults[:3])}


def main() -> None:
    """Run what the words ask for."""
    name, solver, seconds, seed = sys.argv[1:]
    print(json.dumps(run(name, solver, float(seconds), int(seed))))


if __name__ == "__main__":
    main()

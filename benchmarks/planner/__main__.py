"""Solve the published days and compare with the best published: `python -m benchmarks.planner --seconds 10`.

A run's budget is moves, not time: the pace is measured first and the number of moves is what one core makes in so many
seconds of its own time. Every plan is checked by the checker before it counts.
"""

import argparse
import csv
import sys
import time
from pathlib import Path

from benchmarks.planner import mankowska
from insource.planner.checking import check
from insource.planner.problem import DayPlan, DayProblem
from insource.planner.routes import plan_day

PROBE_SHARE = 0.1
FIRST_PROBE = 200


def moves_in(problem: DayProblem, seconds: float) -> int:
    """How many moves one core makes in so many seconds of its own."""
    plan_day(problem, seed=0, moves=1)
    moves, took = FIRST_PROBE, 0.0
    while took < PROBE_SHARE * seconds:
        began = time.process_time()
        plan_day(problem, seed=0, moves=moves)
        took = time.process_time() - began
        moves *= 2
    return int(moves / 2 / took * seconds)


def solved(code: str, instance: str, seconds: float, seed: int) -> dict[str, object]:
    """One run: objective, moves, seconds and whether the checker finds a fault."""
    problem, _ = mankowska.read(instance)
    moves = moves_in(problem, seconds)
    began = time.process_time()
    plan: DayPlan = plan_day(problem, seed=seed, moves=moves)
    took = time.process_time() - began
    verdict = check(problem, plan)
    row = {"code": code, "seed": seed, "objective": round(sum(verdict.price.values()) / 3, 3), "moves": moves}
    return row | {"seconds": round(took, 2), "faults": len(verdict.faults)}


def main() -> None:
    """Run what is asked for, print a row each and the means by class, and keep the rows in a file."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=10.0)
    asked.add_argument("--codes", nargs="*", help="A1 ... G10, or whole classes: A B")
    asked.add_argument("--seeds", nargs="*", type=int, default=[1, 2, 3])
    asked.add_argument("--out", type=Path)
    options = asked.parse_args()
    if not mankowska.folder().exists():
        sys.exit(f"the published days are not in {mankowska.folder()}; INSOURCE_SHARED says where they are")
    known = mankowska.best_known()
    codes = [code for code in known if not options.codes or code in options.codes or code[0] in options.codes]
    rows = []
    for code in codes:
        for seed in options.seeds:
            row = solved(code, known[code]["instance"], options.seconds, seed)
            row["ratio"] = round(float(str(row["objective"])) / float(known[code]["bks_repo"]), 5)
            rows.append(row)
            print(*row.values(), flush=True)
            if options.out:
                with options.out.open("w", newline="") as file:
                    writer = csv.DictWriter(file, list(row))
                    writer.writeheader()
                    writer.writerows(rows)
    for letter in sorted({code[0] for code in codes}):
        ratios = [float(str(row["ratio"])) for row in rows if str(row["code"])[0] == letter]
        print(
            f"class {letter}: mean ratio {sum(ratios) / len(ratios):.4f}, worst {max(ratios):.4f}, runs {len(ratios)}"
        )


if __name__ == "__main__":
    main()

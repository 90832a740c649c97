"""Solve the published days and compare with the best published: `python -m benchmarks.planner --seconds 10`.

A run's budget is moves, not time: as many as one quiet core makes in so many seconds, by the pace of each class that
was measured once (`pace.csv`; `--measure` measures it again). So a busy machine takes longer and finds the same. Every
plan is checked by the checker before it counts. Results go into a file that a later run goes on with. A day of ten
people ends with the proven optimum.
"""

import argparse
import csv
import sys
import time
from pathlib import Path

from benchmarks.planner import mankowska
from insource.planner.checking import check
from insource.planner.problem import DayProblem
from insource.planner.routes import Progress, plan_day

PACE = Path(__file__).with_name("pace.csv")
PROVEN = "A"
CLOSE = 5e-4
PROBES, PROBE_MOVES = 5, 2000
PROBE_SHARE, FIRST_PROBE = 0.1, 200
COLUMNS = ("code", "seed", "budget_seconds", "objective", "ratio", "moves", "seconds", "faults")


def pace() -> dict[str, int]:
    """Moves a second of a quiet core, by class."""
    with PACE.open() as file:
        return {row["class"]: int(row["moves_per_second"]) for row in csv.DictReader(file)}


def measure() -> None:
    """Print the best pace of a few short runs of one day of each class: the best is the least disturbed."""
    known = mankowska.best_known()
    for letter in "ABCDEFG":
        problem, _ = mankowska.read(known[f"{letter}5"]["instance"])
        plan_day(problem, seed=0, moves=1)
        best = 0.0
        for seed in range(PROBES):
            began = time.process_time()
            plan_day(problem, seed=seed, moves=PROBE_MOVES)
            best = max(best, PROBE_MOVES / (time.process_time() - began))
        print(f"{letter},{best:.0f}", flush=True)


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


def solved(code: str, row: dict[str, str], budget: float, moves: int, seed: int) -> dict[str, object]:
    """One run: objective, its ratio to the best published, moves, seconds, and whether the checker finds a fault."""
    problem, _ = mankowska.read(row["instance"])
    best = float(row["bks_repo"])
    began = time.process_time()
    plan = plan_day(problem, seed=seed, moves=moves, report=_until(best) if code[0] == PROVEN else None)
    took = time.process_time() - began
    verdict = check(problem, plan)
    objective = round(sum(verdict.price.values()) / 3, 3)
    values = (
        code,
        seed,
        budget,
        objective,
        round(objective / best, 5),
        plan.moves,
        round(took, 2),
        len(verdict.faults),
    )
    return dict(zip(COLUMNS, values, strict=True))


def _until(best: float):
    def stop(progress: Progress) -> None:
        if progress.price / 3 <= best + CLOSE:
            raise KeyboardInterrupt

    return stop


def main() -> None:
    """Run what is asked for and is not in the results yet, print a row each, and the means by class."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=10.0)
    asked.add_argument("--codes", nargs="*", help="A1 ... G10, or whole classes, in the order to run them: E F A1")
    asked.add_argument("--seeds", type=int, default=3, help="so many seeds, from 1")
    asked.add_argument("--out", type=Path, help="results to go on with")
    asked.add_argument("--measure", action="store_true", help="measure the pace of each class instead")
    options = asked.parse_args()
    if not mankowska.folder().exists():
        sys.exit(f"the published days are not in {mankowska.folder()}; INSOURCE_SHARED says where they are")
    if options.measure:
        measure()
        return
    known, paces = mankowska.best_known(), pace()
    wanted = options.codes or sorted(paces)
    codes = [code for want in wanted for code in known if want in (code, code[0])]
    rows: list[dict[str, object]] = []
    if options.out and options.out.exists():
        with options.out.open(newline="") as file:
            rows += list(csv.DictReader(file))
    done = {(str(row["code"]), int(str(row["seed"])), float(str(row["budget_seconds"]))) for row in rows}
    for seed in range(1, options.seeds + 1):
        for code in codes:
            if (code, seed, options.seconds) in done:
                continue
            row = solved(code, known[code], options.seconds, int(options.seconds * paces[code[0]]), seed)
            rows.append(row)
            print(*row.values(), flush=True)
            if options.out:
                write(options.out, rows)
    summary(rows, options.seconds)


def write(path: Path, rows: list[dict[str, object]]) -> None:
    """All rows so far; the file is whole at any time."""
    part = path.with_suffix(".part")
    with part.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    part.replace(path)


def summary(rows: list[dict[str, object]], seconds: float) -> None:
    """Mean and worst ratio of each class at this budget."""
    ours = [row for row in rows if float(str(row["budget_seconds"])) == seconds]
    for letter in sorted({str(row["code"])[0] for row in ours}):
        ratios = [float(str(row["ratio"])) for row in ours if str(row["code"])[0] == letter]
        print(
            f"class {letter}: mean ratio {sum(ratios) / len(ratios):.4f}, worst {max(ratios):.4f}, runs {len(ratios)}"
        )


if __name__ == "__main__":
    main()
